"""What other apps may know about major hazards and sites."""

from dataclasses import dataclass
from uuid import UUID

from anlan.domains.monitoring.enterprises.states import ProcessUnitKind
from anlan.domains.monitoring.hazards.states import HazardLevel, MovementKind, SiteKind


@dataclass(frozen=True)
class HoldingView:
    """A substance of a unit as other apps see it; masses in tonnes."""

    id: UUID
    equipment: str
    substance: str
    cas: str
    design_max_t: float
    stock_t: float
    level_point_id: UUID | None = None


@dataclass(frozen=True)
class MajorHazardView:
    """A unit as other apps see it, its place in degrees of WGS-84."""

    id: UUID
    enterprise_id: UUID
    enterprise_name: str
    process_unit_id: UUID | None
    name: str
    kind: ProcessUnitKind
    lon: float
    lat: float
    level: HazardLevel
    s: float | None
    r: float | None
    region: str
    zone: str | None
    synthetic: bool
    version: int
    holdings: tuple[HoldingView, ...] = ()


@dataclass(frozen=True)
class GradedUnit:
    """The statutory level of a unit that was looked at for GB 18218, *process_unit_id* None for one of no unit."""

    id: UUID
    name: str
    enterprise_id: UUID
    process_unit_id: UUID | None
    level: HazardLevel


@dataclass(frozen=True)
class StockMovementView:
    """A movement of stock as other apps see it: what moved and what was there afterwards, in tonnes."""

    id: UUID
    holding_id: UUID
    hazard_id: UUID
    kind: MovementKind
    quantity_t: float
    stock_t: float


@dataclass(frozen=True)
class SiteView:
    """A protected site or a helping one; *persons* is how many are usually there, where known."""

    id: UUID
    name: str
    kind: SiteKind
    lon: float
    lat: float
    persons: int | None
    region: str
    synthetic: bool


@dataclass(frozen=True)
class HoldingSpec:
    """What recording a substance needs; give *row* (named substances), *hazard_class*, or both."""

    equipment: str
    substance: str
    design_max_t: float
    stock_t: float
    cas: str = ""
    row: str = ""
    hazard_class: str = ""
    level_point_id: UUID | None = None


@dataclass(frozen=True)
class SiteSpec:
    """What recording a site needs; degrees of WGS-84."""

    code: str
    name: str
    kind: SiteKind
    lon: float
    lat: float
    region: str
    zone: str | None = None
    persons: int | None = None
    contact: str = ""
    source: str = ""
    synthetic: bool = False
