"""What other apps may know about incidents."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from anlan.domains.command.incidents.states import IncidentKind, IncidentState
from anlan.kernel.levels import IncidentGrade


@dataclass(frozen=True)
class IncidentView:
    """An incident as other apps see it; its place in degrees of WGS-84."""

    id: UUID
    number: str
    thread: UUID
    timeline: UUID | None
    exercise: bool
    synthetic: bool
    title: str
    kind: IncidentKind
    state: IncidentState
    grade: IncidentGrade | None
    lon: float
    lat: float
    occurred_at: datetime
    opened_at: datetime
    alarm_id: UUID | None
    enterprise_id: UUID | None
    hazard_id: UUID | None
    cas: str
    region: str
    zone: str | None
    run: UUID | None
    people_run: UUID | None
    version: int


@dataclass(frozen=True)
class ReleaseSpec:
    """What is known of a release, as a person states it; SI, winds at 10 m.

    Without *wind_m_s* the county's weather of the hour is taken. *wind_from_deg* is where
    it blows from, *stability* a Pasquill class (from weather and sun when None).
    """

    rate_kg_s: float
    duration_s: float
    cas: str | None = None
    height_m: float = 0.0
    terrain: str = "open"
    wind_m_s: float | None = None
    wind_from_deg: float | None = None
    stability: str | None = None
    averaging_s: float = 600.0


@dataclass(frozen=True)
class SeenLeak:
    """A leak rate that instruments show, with its 90 % interval in kg/s; *basis* is what they measure."""

    basis: str
    rate_kg_s: float
    low_kg_s: float
    high_kg_s: float
    readings: int


@dataclass(frozen=True)
class ThreatSpec:
    """What is known of the vessel behind an alarm when nobody has been there yet.

    Masses in tonnes, pressure absolute; both states are those that instruments show, None where none does. *seen* are
    leaks, the vessel's own first; *history* tells whether the history of the readings answered.
    """

    hazard_id: UUID
    equipment: str
    substance: str
    cas: str
    stock_t: float
    design_max_t: float
    pressure_pa: float | None = None
    temperature_k: float | None = None
    seen: tuple[SeenLeak, ...] = ()
    history: bool = True
