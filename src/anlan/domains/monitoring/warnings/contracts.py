"""What other apps may know about warnings."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from anlan.domains.monitoring.warnings.states import EvidenceKind, Reach, WarningSource, WarningState
from anlan.kernel.levels import WarningLevel
from anlan.kernel.text import Text

__all__ = [
    "Evidence",
    "EvidenceKind",
    "Reach",
    "WarningCounts",
    "WarningSource",
    "WarningState",
    "WarningView",
]


@dataclass(frozen=True)
class Evidence:
    """One thing that a warning rests on: what it is, its id where it has one, when it was so, in words."""

    kind: EvidenceKind
    id: UUID | None
    at: datetime
    text: Text


@dataclass(frozen=True)
class WarningView:
    """A warning as other apps see it; times are those of its timeline."""

    id: UUID
    thread: UUID
    subject_kind: str
    subject_id: UUID
    source: WarningSource
    enterprise_id: UUID | None
    enterprise_name: str
    level: WarningLevel
    state: WarningState
    reach: Reach
    title: str
    generated_at: datetime
    pushed_at: datetime | None
    sign_due_at: datetime | None
    feedback_due_at: datetime | None
    signed_at: datetime | None
    fed_back_at: datetime | None
    region: str
    zone: str | None
    timeline: UUID | None
    exercise: bool
    synthetic: bool
    version: int


@dataclass(frozen=True)
class WarningCounts:
    """What stands open for one enterprise: warnings not closed, not fed back, circulars not fed back."""

    not_closed: int = 0
    not_fed_back: int = 0
    circulars_not_fed_back: int = 0
