"""What other rooms say of notices."""

from dataclasses import dataclass
from uuid import UUID

from anlan.kernel.text import NO_WORDS, LabelledEnum, Text


class Urgency(LabelledEnum):
    """How a notice asks for attention."""

    INFO = "info", "告知", "For information"
    ATTENTION = "attention", "提醒", "Needs attention"
    URGENT = "urgent", "紧急", "Urgent"


@dataclass(frozen=True)
class NoticeSpec:
    """A notice to everybody who holds *permission* in *region* or *zone*.

    *subject_kind* and *subject_id* name the object (a resource's name and id) that it opens.
    """

    title: Text
    region: str
    zone: str | None
    permission: str
    urgency: Urgency = Urgency.INFO
    body: Text = NO_WORDS
    subject_kind: str | None = None
    subject_id: UUID | None = None
    thread: UUID | None = None
    timeline: UUID | None = None
    exercise: bool = False
