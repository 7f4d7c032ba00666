"""What people do with an alarm: confirm, handle, close, comment."""

from uuid import UUID

from anlan.domains.monitoring.alarms.contracts import AlarmView
from anlan.domains.monitoring.alarms.events import alarm_changed
from anlan.domains.monitoring.alarms.models import Alarm, AlarmEvent
from anlan.domains.monitoring.alarms.queries import alarm_view
from anlan.domains.monitoring.alarms.states import ALARM_WORKFLOW, HANDLE, AlarmEventKind, Cause
from anlan.domains.monitoring.editing import locked, require_text
from anlan.kernel.clock import now
from anlan.kernel.ids import new_id
from anlan.platform.commands import current_principal, record_thread, service
from anlan.platform.outbox import emit_many


@service("alarms.confirm", permission=HANDLE)
def confirm_alarm(alarm_id: UUID, *, cause: Cause, note: str = "") -> AlarmView:
    """确认: say what the alarm was found to be."""
    alarm = _moved(alarm_id, "confirm")
    alarm.cause = Cause(cause).value
    alarm.confirmed_at = now()
    alarm.confirmed_by = current_principal().name
    return _saved(alarm, AlarmEventKind.CONFIRMED, note, "state", "cause", "confirmed_at", "confirmed_by")


@service("alarms.handle", permission=HANDLE)
def handle_alarm(alarm_id: UUID, *, note: str) -> AlarmView:
    """处置: record a measure; may be repeated. Raises `Invalid` for a note that says nothing."""
    require_text("note", note)
    return _saved(_moved(alarm_id, "handle"), AlarmEventKind.HANDLED, note, "state")


@service("alarms.close", permission=HANDLE)
def close_alarm(alarm_id: UUID, *, note: str = "") -> AlarmView:
    """销警: refused while the condition holds, and for a real alarm that nobody has handled."""
    alarm = _moved(alarm_id, "close")
    alarm.closed_at = now()
    return _saved(alarm, AlarmEventKind.CLOSED, note, "state", "closed_at")


@service("alarms.comment", permission=HANDLE)
def comment_alarm(alarm_id: UUID, *, note: str) -> AlarmView:
    """Put a remark on the time line, in any state. Raises `Invalid` for one that says nothing."""
    require_text("note", note)
    return _saved(locked(Alarm, alarm_id, HANDLE), AlarmEventKind.COMMENTED, note)


def _moved(alarm_id: UUID, event: str) -> Alarm:
    alarm = locked(Alarm, alarm_id, HANDLE)
    alarm.state = str(ALARM_WORKFLOW.require(event, alarm, current_principal()).target)
    return alarm


def _saved(alarm: Alarm, kind: AlarmEventKind, note: str, *fields: str) -> AlarmView:
    alarm.version += 1
    alarm.save(update_fields=[*fields, "version"])
    AlarmEvent.objects.create(
        id=new_id(),
        alarm=alarm,
        kind=kind.value,
        at=now(),
        recorded_at=now(),
        actor=current_principal().name,
        cause=alarm.cause if kind == AlarmEventKind.CONFIRMED else "",
        note=note.strip(),
        region=alarm.region,
        zone=alarm.zone,
    )
    record_thread(alarm.thread)
    emit_many([alarm_changed(alarm)])
    return alarm_view(alarm)
