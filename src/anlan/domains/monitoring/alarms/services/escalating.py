"""Alarms that nobody confirms are told to more and more people, step by step, until somebody does."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from anlan.domains.monitoring.alarms.clocks import UNHANDLED
from anlan.domains.monitoring.alarms.events import alarm_changed, group_changed
from anlan.domains.monitoring.alarms.models import Alarm, AlarmEvent, AlarmGroup
from anlan.domains.monitoring.alarms.states import WATCH, AlarmEventKind, AlarmState, GroupState, Suppression
from anlan.domains.monitoring.alarms.tables import EscalationStep, escalation_in_force
from anlan.kernel.clock import now
from anlan.kernel.ids import new_id
from anlan.kernel.levels import AlarmLevel
from anlan.kernel.text import Text
from anlan.platform.commands import current_principal, record_thread, service
from anlan.platform.deadlines.services import (
    DeadlineSpec,
    cancel_deadline,
    restart_deadline,
    start_deadline,
    start_deadlines,
)
from anlan.platform.notices import NoticeSpec, Urgency
from anlan.platform.notices.services import place_notice
from anlan.platform.outbox import emit_many

LOOK_AGAIN = timedelta(seconds=2)


def start_clocks(alarms: Sequence[Alarm]) -> None:
    """Let the time of these announced alarms run until they are confirmed; a flood has one clock for all."""
    waiting = [
        alarm
        for alarm in alarms
        if alarm.group_id is None
        and alarm.suppression == Suppression.NONE
        and alarm.state == AlarmState.RAISED
    ]
    if not waiting:
        return
    steps, version = escalation_in_force()
    by_timeline: dict[UUID | None, list[DeadlineSpec]] = defaultdict(list)
    for alarm in waiting:
        if steps[alarm.level]:
            by_timeline[alarm.timeline].append(_clock("alarm", alarm, steps[alarm.level], version))
    for specs in by_timeline.values():
        start_deadlines(specs)


def start_clock_of_group(group: AlarmGroup) -> None:
    """A flood escalates as its gravest alarm does, once for all of them."""
    steps, version = escalation_in_force()
    if steps[group.level]:
        start_deadline(_clock("alarm_group", group, steps[group.level], version))


def _clock(
    kind: str, subject: Alarm | AlarmGroup, steps: Sequence[EscalationStep], version: str
) -> DeadlineSpec:
    return DeadlineSpec(
        UNHANDLED,
        kind,
        subject.id,
        steps[0].after,
        subject.region,
        subject.zone,
        thread=subject.thread,
        timeline=subject.timeline,
        exercise=subject.exercise,
        basis=f"alarm_escalation {version}",
    )


@service("alarms.escalate", permission=WATCH)
def escalate_unhandled(subject_kind: str, subject_id: UUID) -> None:
    """Take the next step for an alarm or a flood that is still unconfirmed.

    Whoever confirms it in this very moment is not waited for: the clock looks again soon.
    """
    model: type[Any] = AlarmGroup if subject_kind == "alarm_group" else Alarm
    subject = model.objects.select_for_update(skip_locked=True).filter(id=subject_id).first()
    if subject is None:
        restart_deadline(UNHANDLED, subject_id, LOOK_AGAIN)
        return
    if not _waits(subject):
        cancel_deadline(UNHANDLED, subject_id)
        return
    steps, _ = escalation_in_force()
    ladder = steps[subject.level]
    if subject.escalation >= len(ladder):
        return
    step = ladder[subject.escalation]
    _tell(subject_kind, subject, step)
    subject.escalation += 1
    subject.version += 1
    subject.save(update_fields=["escalation", "version"])
    record_thread(subject.thread)
    if isinstance(subject, Alarm):
        _note(subject, step)
        emit_many([alarm_changed(subject)])
    else:
        emit_many([group_changed(subject)])
    if subject.escalation < len(ladder):
        restart_deadline(UNHANDLED, subject_id, ladder[subject.escalation].after - step.after)


def _waits(subject: Alarm | AlarmGroup) -> bool:
    """Whether anybody still has to confirm *subject* by itself."""
    if isinstance(subject, AlarmGroup):
        return subject.confirmed_at is None
    silent = subject.suppression != Suppression.NONE
    in_flood = subject.group is not None and subject.group.state == GroupState.OPEN
    return subject.state == AlarmState.RAISED and not silent and not in_flood


def _tell(kind: str, subject: Alarm | AlarmGroup, step: EscalationStep) -> None:
    minutes = f"{step.after.total_seconds() / 60:g}"
    level = AlarmLevel(subject.level).label
    if isinstance(subject, Alarm):
        what = Text(
            f"{subject.enterprise_name} {subject.point_name}",
            f"{subject.enterprise_name} {subject.point_tag}",
        )
        whose = subject.assigned_name
    else:
        what = Text(
            f"{subject.name} 报警潮（{subject.count} 个）", f"flood at {subject.name} ({subject.count})"
        )
        whose = ""
    place_notice(
        NoticeSpec(
            Text(
                f"{level.zh}超过 {minutes} 分钟未确认：{what.zh}",
                f"{level.en} unconfirmed for more than {minutes} min: {what.en}",
            ),
            subject.region,
            subject.zone,
            step.permission,
            Urgency.URGENT if subject.level == AlarmLevel.FIRST else Urgency.ATTENTION,
            body=Text(f"已指派：{whose}", f"Assigned to {whose}")
            if whose
            else Text("尚未指派", "Not assigned"),
            subject_kind=kind,
            subject_id=subject.id,
            thread=subject.thread,
            timeline=subject.timeline,
            exercise=subject.exercise,
        )
    )


def _note(alarm: Alarm, step: EscalationStep) -> None:
    from anlan.platform.identity.permissions import registered_permissions

    told = registered_permissions()[step.permission].title.zh
    AlarmEvent.objects.create(
        id=new_id(),
        alarm=alarm,
        kind=AlarmEventKind.ESCALATED.value,
        at=now(),
        recorded_at=now(),
        actor=current_principal().name,
        note=f"第 {alarm.escalation} 级：{told}",
        region=alarm.region,
        zone=alarm.zone,
    )
