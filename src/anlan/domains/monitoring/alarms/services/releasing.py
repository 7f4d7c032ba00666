"""Alarms that are silent no longer: announced now if they still stand, or silent for another reason that holds."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from anlan.domains.monitoring.alarms.clocks import GRACE, UNHANDLED
from anlan.domains.monitoring.alarms.crossings import Changes
from anlan.domains.monitoring.alarms.models import Alarm
from anlan.domains.monitoring.alarms.services.escalating import start_clocks
from anlan.domains.monitoring.alarms.services.flooding import join_floods
from anlan.domains.monitoring.alarms.services.quieting import set_silence, silences_of
from anlan.domains.monitoring.alarms.services.writing import store
from anlan.domains.monitoring.alarms.states import WATCH, AlarmEventKind, AlarmState, Cause, Suppression
from anlan.domains.monitoring.alarms.tables import figures_in_force
from anlan.kernel.clock import now
from anlan.platform.commands import current_principal, service
from anlan.platform.deadlines.queries import with_open_deadline
from anlan.platform.deadlines.services import meet_deadline


def release(reason: Suppression, by: UUID, note: str, *, returned_too: bool = True) -> None:
    """End the silence that *by* (a shelving, a window, a gateway's alarm) laid on open alarms.

    Those that still stand are announced as if they had come now, flood or not; those that have returned
    to normal go back to the list, unless *returned_too* is false. Part of a service of the worker's,
    which may open a flood's thread.
    """
    at = now()
    alarms = [alarm for alarm in _silenced_by(reason, by) if returned_too or alarm.returned_at is None]
    if not alarms:
        return
    other = silences_of(alarms, at)
    under_gateway = _lost_parents(alarms)
    changes = Changes(actor=current_principal().name)
    announced = []
    for alarm in alarms:
        found = other.get(alarm.id)
        if found is None and alarm.parent_id in under_gateway and alarm.parent_id != by:
            found = (Suppression.PARENT, under_gateway[alarm.parent_id])
        set_silence(alarm, found)
        changes.touch(alarm)
        if found is None:
            changes.entry(alarm, AlarmEventKind.RELEASED, at, at, note=note)
            if alarm.returned_at is None:
                alarm.announced_at = at
                announced.append(alarm)
        else:
            changes.entry(alarm, AlarmEventKind.SUPPRESSED, at, at, note=found[0].label.zh)
    join_floods(changes, announced, figures_in_force(), at)
    store(changes)
    running = with_open_deadline(UNHANDLED, [alarm.id for alarm in announced])
    start_clocks([alarm for alarm in announced if alarm.id not in running])


def close_what_came_and_went(reason: Suppression, by: UUID, cause: Cause, note: str) -> None:
    """Close the alarms that *by* silenced from beginning to end and that nobody has looked at."""
    at = now()
    changes = Changes(actor=current_principal().name)
    for alarm in _silenced_by(reason, by):
        if alarm.returned_at is not None and alarm.state == AlarmState.RAISED and alarm.announced_at is None:
            _close(changes, alarm, cause, at, note)
    store(changes)


def _close(changes: Changes, alarm: Alarm, cause: Cause, at: datetime, note: str) -> None:
    alarm.state, alarm.cause, alarm.closed_at = AlarmState.CLOSED.value, cause.value, at
    changes.touch(alarm)
    changes.entry(alarm, AlarmEventKind.CLOSED, at, at, note=note)


def _silenced_by(reason: Suppression, by: UUID) -> Sequence[Alarm]:
    rows = Alarm.objects.select_for_update(of=("self",)).filter(suppression=reason.value, suppressed_by=by)
    return list(rows.exclude(state=AlarmState.CLOSED.value).order_by("id"))


def _lost_parents(alarms: Sequence[Alarm]) -> dict[UUID | None, UUID]:
    """The gateways' alarms that stand, of those that *alarms* belong to."""
    wanted = {alarm.parent_id for alarm in alarms if alarm.parent_id is not None}
    if not wanted:
        return {}
    rows = Alarm.objects.filter(id__in=wanted, returned_at__isnull=True).exclude(
        state=AlarmState.CLOSED.value
    )
    return {id: id for id in rows.values_list("id", flat=True)}


@service("alarms.release_children", permission=WATCH)
def release_children(parent_id: UUID) -> None:
    """The grace after a gateway's return is over: points that are still silent speak for themselves.

    Those that came back stay under the gateway's alarm and are closed with it.
    """
    parent = Alarm.objects.filter(id=parent_id).first()
    meet_deadline(GRACE, parent_id)
    if parent is None or (parent.returned_at is None and parent.state != AlarmState.CLOSED):
        return
    release(Suppression.PARENT, parent_id, f"{parent.point_name} 已恢复，测点仍无数据", returned_too=False)
