"""An earthquake from a file of parameters to isoseismal lines, rasters and a manifest."""

from anlan.science.cases import Cases
from anlan.science.seismic.simulation.params import Params
from anlan.science.seismic.simulation.run import check, hash_of, read, scenario_of, simulate

_CASES = Cases("seismic")
case_names = _CASES.names
case_content = _CASES.content

__all__ = ["Params", "case_content", "case_names", "check", "hash_of", "read", "scenario_of", "simulate"]
