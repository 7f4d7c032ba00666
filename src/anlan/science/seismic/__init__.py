"""Earthquakes: from a report of magnitude, place and time to isoseismal lines, people, buildings and loss.

`scenario.run` is the entry; the ideas lie one to a file beside it.
"""

from anlan.science.seismic.bssa14 import Mechanism, Region
from anlan.science.seismic.casualties import FatalityRelation
from anlan.science.seismic.damage import DamageMatrix, packaged_matrix
from anlan.science.seismic.exposure import Exposure, Households
from anlan.science.seismic.scenario import Scenario, SeismicResult, run

__all__ = [
    "DamageMatrix",
    "Exposure",
    "FatalityRelation",
    "Households",
    "Mechanism",
    "Region",
    "Scenario",
    "SeismicResult",
    "packaged_matrix",
    "run",
]
