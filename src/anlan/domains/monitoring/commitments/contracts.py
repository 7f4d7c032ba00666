"""What other apps may know about commitments and special work."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from anlan.domains.monitoring.commitments.states import (
    DiscrepancyKind,
    DiscrepancyState,
    WorkGrade,
    WorkKind,
    WorkState,
)
from anlan.kernel.text import Text

__all__ = [
    "DiscrepancyKind",
    "DiscrepancyState",
    "DiscrepancyView",
    "ManagementFacts",
    "OpenWork",
    "WorkGrade",
    "WorkKind",
    "WorkState",
]


@dataclass(frozen=True)
class OpenWork:
    """Special work that is under way: begun, and neither accepted nor closed, even when its permit has run out."""

    id: UUID
    number: str
    kind: WorkKind
    grade: WorkGrade
    enterprise_id: UUID
    process_unit_id: UUID
    starts_at: datetime
    ends_at: datetime
    started_at: datetime
    place: str
    synthetic: bool


@dataclass(frozen=True)
class ManagementFacts:
    """How an enterprise stands on a day: whether it must commit, has, and could have waited no longer.

    *overdue*: it must, the hour of the table is past, and nothing was submitted by then.
    """

    required: bool
    submitted_at: datetime | None
    due_at: datetime
    overdue: bool
    open_discrepancies: int
    synthetic: bool


@dataclass(frozen=True)
class DiscrepancyView:
    """What two sources do not agree upon, as other apps see it."""

    id: UUID
    kind: DiscrepancyKind
    state: DiscrepancyState
    words: Text
    found_at: datetime
    enterprise_id: UUID
    enterprise_name: str
    region: str
    zone: str | None
    synthetic: bool
