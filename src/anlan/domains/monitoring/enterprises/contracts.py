"""What other apps may know about enterprises."""

from dataclasses import dataclass
from uuid import UUID

from anlan.domains.monitoring.enterprises.states import EnterpriseKind, ProcessUnitKind


@dataclass(frozen=True)
class EnterpriseView:
    """An enterprise as other apps see it."""

    id: UUID
    code: str
    name: str
    short_name: str
    region: str
    zone: str | None
    kind: EnterpriseKind
    synthetic: bool
    version: int


@dataclass(frozen=True)
class PlacedEnterprise:
    """An enterprise and where it stands, in degrees of WGS-84, where that is known."""

    id: UUID
    short_name: str
    lon: float | None
    lat: float | None
    region: str
    zone: str | None
    synthetic: bool


@dataclass(frozen=True)
class ProcessUnitView:
    """A process unit as other apps see it."""

    id: UUID
    enterprise_id: UUID
    code: str
    name: str
    kind: ProcessUnitKind
    region: str
    zone: str | None
    synthetic: bool
    version: int
