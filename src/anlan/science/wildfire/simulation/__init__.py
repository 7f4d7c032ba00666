"""A wildfire from a file of parameters to rasters, isochrones and a manifest."""

from anlan.science.cases import Cases
from anlan.science.wildfire.simulation.params import Params
from anlan.science.wildfire.simulation.run import check, files_of, hash_of, read, simulate

_CASES = Cases("wildfire")
case_names = _CASES.names
case_content = _CASES.content

__all__ = ["Params", "case_content", "case_names", "check", "files_of", "hash_of", "read", "simulate"]
