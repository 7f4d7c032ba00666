"""Reads of deadlines; call them inside a service or `read_scope`."""

from uuid import UUID

from anlan.platform.deadlines.contracts import DeadlineState
from anlan.platform.deadlines.models import Deadline


def deadlines_of(subject_kind: str, subject_id: UUID) -> list[Deadline]:
    """All clocks of an object, the first due first."""
    return list(Deadline.objects.filter(subject_kind=subject_kind, subject_id=subject_id))


def timelines_with_deadlines() -> list[UUID | None]:
    """The timelines on which clocks run; None is the live one."""
    running = Deadline.objects.filter(state=DeadlineState.RUNNING.value, next_at__isnull=False)
    return list(running.order_by().values_list("timeline", flat=True).distinct())
