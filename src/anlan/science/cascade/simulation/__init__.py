"""A chain of hazards from a file of parameters to chances, times, chains, the union of footprints and a manifest."""

from anlan.science.cascade.simulation.graphs import graph_of
from anlan.science.cascade.simulation.params import Params
from anlan.science.cascade.simulation.run import check, hash_of, read, simulate
from anlan.science.cases import Cases

_CASES = Cases("cascade")
case_names = _CASES.names
case_content = _CASES.content

__all__ = ["Params", "case_content", "case_names", "check", "graph_of", "hash_of", "read", "simulate"]
