"""What other apps may know about connections."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from anlan.domains.monitoring.access.states import AccessState, Family


@dataclass(frozen=True)
class ConnectionView:
    """A connection as other apps see it; shares in per cent of the expected readings."""

    id: UUID
    enterprise_id: UUID
    family: Family
    name: str
    state: AccessState
    missing: tuple[str, ...]
    completeness_percent: float | None
    region: str
    zone: str | None
    version: int


@dataclass(frozen=True)
class AssessmentView:
    """One month of one connection."""

    id: UUID
    connection_id: UUID
    month: date
    online_percent: float
    required_percent: float
    met: bool


@dataclass(frozen=True)
class SignalView:
    """A signal of a connection with the point that carries it."""

    id: UUID
    connection_id: UUID
    key: str
    point_id: UUID | None
    version: int
