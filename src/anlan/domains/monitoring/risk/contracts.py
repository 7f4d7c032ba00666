"""What other apps may know about risk."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from anlan.domains.monitoring.risk.states import SubjectKind
from anlan.kernel.levels import RiskLevel

__all__ = ["RiskLevel", "RiskView", "SubjectKind"]


@dataclass(frozen=True)
class RiskView:
    """How the risk of a subject stands; *index* in points, *level* None below the lowest colour."""

    id: UUID
    kind: SubjectKind
    key: str
    subject_id: UUID | None
    name: str
    index: float
    level: RiskLevel | None
    since: datetime
    computed_at: datetime
    region: str
    zone: str | None
    synthetic: bool
