"""A chemical accident from a file of parameters to zones, rasters and a manifest: the same for the command line,
a job and an alarm."""

from anlan.science.chemical.cases import case_content, case_names
from anlan.science.chemical.simulation.params import Params
from anlan.science.chemical.simulation.run import check, hash_of, read, simulate

__all__ = ["Params", "case_content", "case_names", "check", "hash_of", "read", "simulate"]
