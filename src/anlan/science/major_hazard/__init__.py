"""Identification and grading of major hazards (重大危险源) after GB 18218-2018."""

from anlan.science.major_hazard.grading import Grading, Holding, HoldingShare, Level, grade

__all__ = ["Grading", "Holding", "HoldingShare", "Level", "grade"]
