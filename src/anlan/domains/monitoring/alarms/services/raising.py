"""What the evaluator found becomes alarms: in one transaction, exactly once, without a query per row."""

from collections.abc import Sequence

from django.db import connection

from anlan.domains.monitoring.alarms.crossings import Crossing, fold
from anlan.domains.monitoring.alarms.events import alarm_changed
from anlan.domains.monitoring.alarms.models import Alarm, AlarmEvent, EvaluatorProgress
from anlan.domains.monitoring.alarms.states import EVALUATE, AlarmState
from anlan.domains.monitoring.points.queries import alarm_origins
from anlan.domains.monitoring.points.versions import RULES, table_version
from anlan.kernel.clock import now
from anlan.platform.commands import record_thread, record_version, service
from anlan.platform.outbox import emit_many
from anlan.platform.threads.services import NewThread, open_threads

_TOUCH = """
    UPDATE alarms_alarm AS a
    SET returned_at = u.returned_at, last_raised_at = u.last_raised_at, value = u.value, count = u.count,
        re_raised = u.re_raised, version = u.version
    FROM unnest(%s::uuid[], %s::timestamptz[], %s::timestamptz[], %s::float8[], %s::int[], %s::bool[],
                %s::int[]) AS u (id, returned_at, last_raised_at, value, count, re_raised, version)
    WHERE a.id = u.id"""


@service("alarms.apply_crossings", permission=EVALUATE)
def apply_crossings(partition: int, sequence: int | None, crossings: Sequence[Crossing]) -> int:
    """Store what entry *sequence* of the partition's log has changed; returns the alarms opened.

    None stands for a change that no entry caused, such as silence. A sequence at
    or below the partition's progress changes nothing. The row of the progress is
    locked first: a second evaluator of the same partition waits here and then
    finds its work done.
    """
    if sequence is None:
        _lock_progress(partition)
    elif not advance_progress(partition, sequence):
        return 0
    conditions = {crossing.condition for crossing in crossings}
    open_alarms = {
        alarm.limit_number: alarm
        for alarm in Alarm.objects.select_for_update()
        .filter(limit_number__in=conditions)
        .exclude(state=AlarmState.CLOSED.value)
        .order_by("id")
    }
    raised = {crossing.condition for crossing in crossings if crossing.raised}
    origins = alarm_origins(raised - open_alarms.keys())
    changes = fold(crossings, open_alarms, origins, partition=partition, recorded_at=now())
    _open(changes.opened)
    _touch(list(changes.touched.values()))
    AlarmEvent.objects.bulk_create(changes.events)
    changed = [*changes.opened, *changes.touched.values()]
    emit_many(alarm_changed(alarm) for alarm in changed)
    record_version(RULES, table_version(RULES))
    record_thread(*(alarm.thread for alarm in changed))
    return len(changes.opened)


def advance_progress(partition: int, sequence: int) -> bool:
    """Raise the partition's progress to *sequence*; false when it is there already. Locks its row."""
    progress = _lock_progress(partition)
    if sequence <= progress.sequence:
        return False
    progress.sequence = sequence
    progress.save(update_fields=["sequence"])
    return True


def reset_progress(partition: int) -> None:
    """Count from zero again: the log is another one."""
    progress = _lock_progress(partition)
    progress.sequence = 0
    progress.save(update_fields=["sequence"])


def _lock_progress(partition: int) -> EvaluatorProgress:
    EvaluatorProgress.objects.bulk_create([EvaluatorProgress(partition=partition)], ignore_conflicts=True)
    return EvaluatorProgress.objects.select_for_update().get(partition=partition)


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
    with connection.cursor() as cursor:
        cursor.execute(
            _TOUCH,
            [
                [alarm.id for alarm in alarms],
                [alarm.returned_at for alarm in alarms],
                [alarm.last_raised_at for alarm in alarms],
                [alarm.value for alarm in alarms],
                [alarm.count for alarm in alarms],
                [alarm.re_raised for alarm in alarms],
                [alarm.version for alarm in alarms],
            ],
        )
