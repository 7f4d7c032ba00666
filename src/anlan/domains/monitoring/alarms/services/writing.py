"""Writing many changed alarms with their time lines and events: a few statements, whatever their number."""

from django.db import connection

from anlan.domains.monitoring.alarms.crossings import Changes
from anlan.domains.monitoring.alarms.events import alarm_changed
from anlan.domains.monitoring.alarms.models import Alarm, AlarmEvent
from anlan.platform.commands import record_thread
from anlan.platform.outbox import emit_many
from anlan.platform.threads.services import NewThread, open_threads

_TOUCHED = {
    "state": "text",
    "cause": "text",
    "returned_at": "timestamptz",
    "last_raised_at": "timestamptz",
    "closed_at": "timestamptz",
    "confirmed_at": "timestamptz",
    "confirmed_by": "text",
    "value": "float8",
    "count": "int",
    "re_raised": "bool",
    "chattering": "bool",
    "fleeting": "bool",
    "suppression": "text",
    "suppressed_by": "uuid",
    "announced_at": "timestamptz",
    "parent_id": "uuid",
    "group_id": "uuid",
    "version": "int",
}
"""Columns that change by themselves after an alarm is opened, with their types in PostgreSQL."""

_TOUCH = (
    "UPDATE alarms_alarm AS a SET "  # noqa: S608 - names of our own columns
    + ", ".join(f"{name} = u.{name}" for name in _TOUCHED)
    + " FROM unnest(%s::uuid[], "
    + ", ".join(f"%s::{kind}[]" for kind in _TOUCHED.values())
    + ") AS u (id, "
    + ", ".join(_TOUCHED)
    + ") WHERE a.id = u.id"
)


def store(changes: Changes) -> None:
    """Write what has come of *changes*: alarms, threads, time lines, and one event for each alarm."""
    _open(changes.opened)
    _touch(list(changes.touched.values()))
    AlarmEvent.objects.bulk_create(changes.events)
    changed = changes.changed()
    record_thread(*(alarm.thread for alarm in changed))
    emit_many(alarm_changed(alarm) for alarm in changed)


def _open(alarms: list[Alarm]) -> None:
    if not alarms:
        return
    threads = open_threads(
        [
            NewThread(
                alarm.region,
                alarm.zone,
                f"{alarm.enterprise_name} {alarm.point_name} {alarm.condition}"[:256],
                alarm.timeline,
            )
            for alarm in alarms
        ]
    )
    for alarm, thread in zip(alarms, threads, strict=True):
        alarm.thread = thread
    Alarm.objects.bulk_create(alarms)


def _touch(alarms: list[Alarm]) -> None:
    if not alarms:
        return
    columns = [[getattr(alarm, name) for alarm in alarms] for name in _TOUCHED]
    with connection.cursor() as cursor:
        cursor.execute(_TOUCH, [[alarm.id for alarm in alarms], *columns])
