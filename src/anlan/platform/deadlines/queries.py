"""Reads of deadlines; call them inside a service or `read_scope`."""

from collections.abc import Collection
from uuid import UUID

from anlan.platform.deadlines.contracts import DeadlineState
from anlan.platform.deadlines.models import Deadline


def deadlines_of(subject_kind: str, subject_id: UUID) -> list[Deadline]:
    """All clocks of an object, the first due first."""
    return list(Deadline.objects.filter(subject_kind=subject_kind, subject_id=subject_id))


def with_open_deadline(kind: str, subject_ids: Collection[UUID]) -> frozenset[UUID]:
    """Those of *subject_ids* for which a clock of *kind* runs or is paused; one query."""
    found = Deadline.objects.filter(
        kind=kind,
        subject_id__in=subject_ids,
        state__in=(DeadlineState.RUNNING.value, DeadlineState.PAUSED.value),
    )
    return frozenset(found.values_list("subject_id", flat=True))


def timelines_with_deadlines() -> list[UUID | None]:
    """The timelines on which clocks run; None is the live one."""
    running = Deadline.objects.filter(state=DeadlineState.RUNNING.value, next_at__isnull=False)
    return list(running.order_by().values_list("timeline", flat=True).distinct())
