"""What a simulation of an earthquake is asked: the schema of ``params.json``.

Places are WGS-84; angles are degrees, clockwise from north.
"""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta

from anlan.science.params import Name, Strict
from anlan.science.seismic.bssa14 import Mechanism
from anlan.science.seismic.casualties import FatalityRelation
from anlan.science.seismic.site import REFERENCE_VS30_M_S


class Earthquake(Strict, frozen=True):
    """As reported. Without *strike_deg* the lines are circles; *zone_set* overrules the table of zones.

    *line_source* spreads the shaking from the rupture's length, which needs the strike.
    """

    magnitude: Annotated[float, Meta(gt=0, lt=10, description="Ms")]
    lon: Annotated[float, Meta(ge=-180, le=180)]
    lat: Annotated[float, Meta(ge=-85, le=85)]
    depth_km: Annotated[float, Meta(ge=0, le=750)]
    time: Annotated[datetime, Meta(tz=True)]
    strike_deg: Annotated[float, Meta(ge=0, le=360)] | None = None
    line_source: bool = False
    mechanism: Mechanism = Mechanism.UNSPECIFIED
    zone_set: str | None = None
    relation: FatalityRelation = FatalityRelation.MA_XIE
    vs30_m_s: Annotated[float, Meta(ge=50, le=3000, description="m/s")] = REFERENCE_VS30_M_S
    event_id: Annotated[str, Meta(min_length=1, max_length=64)] = "scenario"
    report: Annotated[int, Meta(ge=1, le=1000, description="which report of the event this is")] = 1


class Params(Strict, frozen=True):
    """One earthquake."""

    schema: Literal[1]
    name: Name
    earthquake: Earthquake
    note: Name | None = None
