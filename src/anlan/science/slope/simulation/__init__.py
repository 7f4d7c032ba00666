"""Shallow slides on a terrain, from a file of parameters to rasters, outlines and a manifest."""

from anlan.science.cases import Cases
from anlan.science.slope.simulation.params import Params
from anlan.science.slope.simulation.run import check, files_of, hash_of, read, simulate

_CASES = Cases("slope")
case_names = _CASES.names
case_content = _CASES.content

__all__ = ["Params", "case_content", "case_names", "check", "files_of", "hash_of", "read", "simulate"]
