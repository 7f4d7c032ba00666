"""The only writers of deadlines.

Starting, pausing and meeting a clock is part of a service of the object that it is
about; these functions join that service's transaction and leave deciding to it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from anlan.kernel.errors import Conflict
from anlan.kernel.ids import new_id
from anlan.kernel.text import Text
from anlan.platform.commands import service
from anlan.platform.deadlines.contracts import DeadlineEvent, DeadlineKind, DeadlineState, Step, kind_of
from anlan.platform.deadlines.models import Deadline
from anlan.platform.deadlines.permissions import READ, TICK
from anlan.platform.notices.contracts import NoticeSpec
from anlan.platform.notices.services import place_notice
from anlan.platform.outbox import Event, emit_many
from anlan.platform.threads.queries import clock_of_timeline

TOPIC = "deadline"
BATCH = 200

_OPEN = (DeadlineState.RUNNING.value, DeadlineState.PAUSED.value)


@dataclass(frozen=True)
class DeadlineSpec:
    """A clock to be started: *due_after* from now, by the clock of *timeline*.

    *basis* says where the length comes from: the standard and clause, or the table's version.
    """

    kind: str
    subject_kind: str
    subject_id: UUID
    due_after: timedelta
    region: str
    zone: str | None
    thread: UUID | None = None
    timeline: UUID | None = None
    exercise: bool = False
    basis: str = ""


def start_deadline(spec: DeadlineSpec) -> UUID:
    """Start a clock. Raises `Conflict` when one of its kind already runs for the object."""
    if _open_of(spec.kind, spec.subject_id) is not None:
        raise Conflict(
            Text("该事项的时限已在计时", "A deadline of this kind already runs"), facts={"kind": spec.kind}
        )
    return start_deadlines([spec])[0]


def start_deadlines(specs: Sequence[DeadlineSpec]) -> list[UUID]:
    """Start clocks of objects that have none of their kind yet, with one statement; ids in the order given.

    All of them belong to one timeline.
    """
    if not specs:
        return []
    began = clock_of_timeline(specs[0].timeline).now()
    made = Deadline.objects.bulk_create([_started(spec, began) for spec in specs])
    emit_many([_event(deadline) for deadline in made])
    return [deadline.id for deadline in made]


def _started(spec: DeadlineSpec, began: datetime) -> Deadline:
    due = began + spec.due_after
    return Deadline(
        id=new_id(),
        kind=spec.kind,
        subject_kind=spec.subject_kind,
        subject_id=spec.subject_id,
        thread=spec.thread,
        timeline=spec.timeline,
        exercise=spec.exercise,
        started_at=began,
        due_at=due,
        next_at=_next_at(kind_of(spec.kind), 0, due),
        basis=spec.basis,
        region=spec.region,
        zone=spec.zone,
    )


def pause_deadline(kind: str, subject_id: UUID) -> None:
    """Stop a running clock; without one nothing happens."""
    found = _open_of(kind, subject_id)
    if found is not None and found.state == DeadlineState.RUNNING.value:
        found.state = DeadlineState.PAUSED.value
        found.paused_at, found.next_at = _now(found), None
        _save(found)


def resume_deadline(kind: str, subject_id: UUID) -> None:
    """Let a paused clock go on: everything that is still to come moves by the length of the pause."""
    found = _open_of(kind, subject_id)
    if found is not None and found.state == DeadlineState.PAUSED.value and found.paused_at is not None:
        found.due_at += _now(found) - found.paused_at
        found.state, found.paused_at = DeadlineState.RUNNING.value, None
        found.next_at = _next_at(kind_of(found.kind), found.step, found.due_at)
        _save(found)


def restart_deadline(kind: str, subject_id: UUID, due_after: timedelta) -> None:
    """Let a clock begin anew, with all its steps before it; without an open one nothing happens."""
    found = _open_of(kind, subject_id)
    if found is not None:
        found.started_at = _now(found)
        found.due_at = found.started_at + due_after
        found.state, found.paused_at, found.step = DeadlineState.RUNNING.value, None, 0
        found.next_at = _next_at(kind_of(found.kind), 0, found.due_at)
        _save(found)


def meet_deadline(kind: str, subject_id: UUID) -> None:
    """What was due is done, in time or late; without an open clock nothing happens."""
    found = _open_of(kind, subject_id)
    if found is not None:
        at = found.paused_at or _now(found)
        late = at > found.due_at
        _end(found, DeadlineState.MET_LATE if late else DeadlineState.MET)


def cancel_deadline(kind: str, subject_id: UUID) -> None:
    """What was due is no longer asked for; without an open clock nothing happens."""
    cancel_deadlines(kind, [subject_id])


def cancel_deadlines(kind: str, subject_ids: Collection[UUID]) -> None:
    """The same for many objects: those without an open clock are left out."""
    for found in (
        Deadline.objects.select_for_update()
        .filter(kind=kind, subject_id__in=subject_ids, state__in=_OPEN)
        .order_by("id")
    ):
        _end(found, DeadlineState.CANCELLED)


@service("deadlines.escalate", permission=TICK)
def escalate_due(timeline: UUID | None) -> int:
    """Take every step that has fallen due on *timeline*; how many.

    A step is taken in the transaction that counts it, so that no crash loses or repeats
    one. After a long standstill the steps missed are all taken, in their order.
    """
    at = clock_of_timeline(timeline).now()
    due = list(
        Deadline.objects.select_for_update(skip_locked=True)
        .filter(timeline=timeline, state=DeadlineState.RUNNING.value, next_at__lte=at)
        .order_by("next_at", "id")[:BATCH]
    )
    return sum(_take_steps(deadline, at) for deadline in due)


def _take_steps(deadline: Deadline, at: datetime) -> int:
    kind = kind_of(deadline.kind)
    taken = 0
    while deadline.next_at is not None and deadline.next_at <= at:
        step, number = kind.steps[deadline.step], deadline.step
        deadline.step += 1
        deadline.next_at = _next_at(kind, deadline.step, deadline.due_at)
        if step.permission is not None:
            place_notice(_notice(deadline, step, step.permission))
        taken += 1
        if kind.handler is not None:
            _save(deadline)
            kind.handler(
                DeadlineEvent(deadline.id, kind.code, deadline.subject_kind, deadline.subject_id, number)
            )
            deadline.refresh_from_db()  # the handler may have ended or restarted this clock
    if kind.handler is None:
        _save(deadline)
    return taken


def _notice(deadline: Deadline, step: Step, permission: str) -> NoticeSpec:
    return NoticeSpec(
        title=step.title,
        region=deadline.region,
        zone=deadline.zone,
        permission=permission,
        urgency=step.urgency,
        body=_due_words(deadline),
        subject_kind=deadline.subject_kind,
        subject_id=deadline.subject_id,
        thread=deadline.thread,
        timeline=deadline.timeline,
        exercise=deadline.exercise,
    )


def _due_words(deadline: Deadline) -> Text:
    from zoneinfo import ZoneInfo

    local = deadline.due_at.astimezone(ZoneInfo("Asia/Shanghai")).strftime("%Y-%m-%d %H:%M:%S")
    return Text(f"时限 {local}", f"Due {local} (China)")


def _next_at(kind: DeadlineKind, step: int, due: datetime) -> datetime | None:
    return due + kind.steps[step].after if step < len(kind.steps) else None


def _open_of(kind: str, subject_id: UUID) -> Deadline | None:
    return (
        Deadline.objects.select_for_update().filter(kind=kind, subject_id=subject_id, state__in=_OPEN).first()
    )


def _end(deadline: Deadline, state: DeadlineState) -> None:
    deadline.state, deadline.ended_at, deadline.next_at = state.value, _now(deadline), None
    _save(deadline)


def _now(deadline: Deadline) -> datetime:
    return clock_of_timeline(deadline.timeline).now()


def _save(deadline: Deadline) -> None:
    deadline.version += 1
    deadline.save()
    _tell(deadline)


def _tell(deadline: Deadline) -> None:
    emit_many([_event(deadline)])


def _event(deadline: Deadline) -> Event:
    return Event(
        TOPIC,
        {"id": deadline.id, "subject_id": deadline.subject_id, "state": deadline.state},
        thread=deadline.thread,
        region=deadline.region,
        zone=deadline.zone,
        permission=READ,
        timeline=deadline.timeline,
        exercise=deadline.exercise,
    )
