"""What the evaluator found becomes alarms: in one transaction, exactly once, without a query per row."""

from collections.abc import Sequence

from anlan.domains.monitoring.alarms.crossings import Changes, Crossing, fold
from anlan.domains.monitoring.alarms.models import Alarm, EvaluatorProgress
from anlan.domains.monitoring.alarms.services.escalating import start_clocks
from anlan.domains.monitoring.alarms.services.flooding import join_floods
from anlan.domains.monitoring.alarms.services.gateways import follow_gateways
from anlan.domains.monitoring.alarms.services.quieting import announce, silence
from anlan.domains.monitoring.alarms.services.writing import store
from anlan.domains.monitoring.alarms.states import EVALUATE, AlarmState
from anlan.domains.monitoring.alarms.tables import figures_in_force
from anlan.domains.monitoring.points.queries import alarm_origins
from anlan.domains.monitoring.points.versions import RULES, table_version
from anlan.kernel.clock import now
from anlan.platform.commands import record_version, service


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
    at = now()
    figures = figures_in_force()
    changes = fold(
        crossings,
        open_alarms,
        origins,
        partition=partition,
        recorded_at=at,
        behaviour=figures.behaviour,
    )
    silence(_activated(changes), at)
    silence(follow_gateways(changes, figures, at), at)
    announce(changes, figures.behaviour, at)
    fresh = [alarm for alarm in changes.opened if alarm.announced_at is not None]
    join_floods(changes, fresh, figures, at)
    store(changes)
    start_clocks(fresh)
    record_version(RULES, table_version(RULES))
    return len(changes.opened)


def _activated(changes: Changes) -> list[Alarm]:
    return list({event.alarm_id: event.alarm for event in changes.activations()}.values())


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
