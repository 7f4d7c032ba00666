"""What people do once for many alarms: a gateway's silent points, the members of a flood."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from anlan.domains.monitoring.alarms.clocks import GRACE, UNHANDLED
from anlan.domains.monitoring.alarms.crossings import Changes
from anlan.domains.monitoring.alarms.events import group_changed
from anlan.domains.monitoring.alarms.models import Alarm, AlarmGroup
from anlan.domains.monitoring.alarms.services.writing import store
from anlan.domains.monitoring.alarms.states import (
    GROUP_WORKFLOW,
    HANDLE,
    AlarmEventKind,
    AlarmState,
    Cause,
    Suppression,
)
from anlan.domains.monitoring.editing import locked
from anlan.kernel.clock import now
from anlan.platform.commands import current_principal, record_thread, service
from anlan.platform.deadlines.services import meet_deadline, restart_deadline
from anlan.platform.outbox import emit_many


def follow_parent(parent: Alarm, kind: AlarmEventKind, note: str) -> None:
    """What was found about a gateway's loss holds for its silent points.

    Confirming confirms them; closing closes those whose data have come back, and lets the others speak.
    """
    if not parent.of_gateway:
        return
    children = (
        Alarm.objects.select_for_update(of=("self",))
        .filter(suppression=Suppression.PARENT.value, suppressed_by=parent.id)
        .exclude(state=AlarmState.CLOSED.value)
        .order_by("id")
    )
    said = f"{parent.point_name} {note}".strip()
    if kind == AlarmEventKind.CONFIRMED:
        _confirm(children, Cause(parent.cause), said)
    elif kind == AlarmEventKind.CLOSED:
        _close(children.filter(returned_at__isnull=False), Cause(parent.cause), said)
        restart_deadline(GRACE, parent.id, timedelta(0))  # the worker lets those speak that are still silent


def _confirm(alarms: Iterable[Alarm], cause: Cause, note: str) -> int:
    at, changes = now(), Changes(actor=current_principal().name)
    for alarm in alarms:
        if alarm.state == AlarmState.RAISED:
            alarm.state, alarm.cause = AlarmState.CONFIRMED.value, cause.value
            alarm.confirmed_at, alarm.confirmed_by = at, changes.actor
            changes.touch(alarm)
            changes.entry(alarm, AlarmEventKind.CONFIRMED, at, at, note=note[:500]).cause = cause.value
    store(changes)
    return len(changes.touched)


def _close(alarms: Iterable[Alarm], cause: Cause, note: str) -> None:
    at, changes = now(), Changes(actor=current_principal().name)
    for alarm in alarms:
        alarm.state, alarm.closed_at = AlarmState.CLOSED.value, at
        alarm.cause = alarm.cause or cause.value
        changes.touch(alarm)
        changes.entry(alarm, AlarmEventKind.CLOSED, at, at, note=note[:500])
    store(changes)


@service("alarms.confirm_group", permission=HANDLE)
def confirm_group(group_id: UUID, *, cause: Cause, note: str = "") -> int:
    """Say for every unconfirmed alarm of a flood what it was found to be; how many there were.

    Alarms that join it later ask for themselves.
    """
    group = locked(AlarmGroup, group_id, HANDLE)
    GROUP_WORKFLOW.require("confirm", group, current_principal())
    members = Alarm.objects.select_for_update(of=("self",)).filter(group=group).order_by("id")
    confirmed = _confirm(members, Cause(cause), note.strip())
    group.confirmed_at, group.confirmed_by = now(), current_principal().name
    group.version += 1
    group.save(update_fields=["confirmed_at", "confirmed_by", "version"])
    meet_deadline(UNHANDLED, group.id)
    record_thread(group.thread)
    emit_many([group_changed(group)])
    return confirmed
