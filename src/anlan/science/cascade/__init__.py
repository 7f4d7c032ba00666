"""Cascades: one hazard sets off another. A graph of events, footprints, fragilities and delays, drawn or enumerated.

`scenario.run` is the entry; `builders` make graphs of the chains that the region knows.
"""

from anlan.science.cascade.backed import InBlast, InFire, Sliding
from anlan.science.cascade.delay import Fixed, LognormalDelay, Triangular, Uniform
from anlan.science.cascade.enumeration import enumerated
from anlan.science.cascade.footprint import Area, Footprint, Measure
from anlan.science.cascade.fragility import Between, Lognormal
from anlan.science.cascade.given import Given, Level
from anlan.science.cascade.graph import Edge, Event, Gate, Graph, Kind, Trigger
from anlan.science.cascade.published import fragility
from anlan.science.cascade.sampling import replay, simulate
from anlan.science.cascade.scenario import CascadeResult, Settings, run

__all__ = [
    "Area", "Between", "CascadeResult", "Edge", "Event", "Fixed", "Footprint", "Gate", "Given", "Graph", "InBlast",
    "InFire", "Kind", "Level", "Lognormal", "LognormalDelay", "Measure", "Settings", "Sliding", "Triangular", "Trigger",
    "Uniform", "enumerated", "fragility", "replay", "run", "simulate",
]  # fmt: skip
