"""The `TransitionSink` of the stream: transitions become alarms, exactly once."""

import numpy as np
from numpy.typing import NDArray

from anlan.domains.monitoring.alarms.crossings import Crossing
from anlan.domains.monitoring.alarms.models import Alarm, EvaluatorProgress
from anlan.domains.monitoring.alarms.services import advance_progress, apply_crossings, reset_progress
from anlan.domains.monitoring.alarms.states import AlarmState
from anlan.domains.monitoring.points.services import upsert_latest
from anlan.platform.commands import acting_as, read_scope, service_principal, transaction_as
from anlan.ports.rules import TransitionColumns

EVALUATOR = "evaluator"


class DatabaseTransitionSink:
    """Acts as the service principal ``evaluator``; each call is one transaction."""

    def committed(self, partition: int) -> int:
        """The log sequence up to which this partition's transitions are stored, 0 at first."""
        with acting_as(service_principal(EVALUATOR)), read_scope():
            progress = EvaluatorProgress.objects.filter(partition=partition).first()
            return progress.sequence if progress else 0

    def active_conditions(self, partition: int) -> NDArray[np.int32]:
        """Limit numbers whose alarm is open and not returned to normal, ascending."""
        with acting_as(service_principal(EVALUATOR)), read_scope():
            numbers = (
                Alarm.objects.filter(partition=partition, returned_at__isnull=True, of_gateway=False)
                .exclude(state=AlarmState.CLOSED.value)
                .order_by("limit_number")
                .values_list("limit_number", flat=True)
            )
            return np.array(list(numbers), np.int32)

    def apply(self, partition: int, sequence: int, transitions: TransitionColumns) -> None:
        """Store *transitions* and *sequence* in one transaction; an earlier sequence changes nothing."""
        if not len(transitions):
            with transaction_as(service_principal(EVALUATOR)):
                advance_progress(partition, sequence)
            return
        with acting_as(service_principal(EVALUATOR)):
            apply_crossings(partition, sequence, _crossings(transitions))

    def apply_beside(self, partition: int, transitions: TransitionColumns) -> None:
        """Store *transitions* that no entry of the log caused."""
        with acting_as(service_principal(EVALUATOR)):
            apply_crossings(partition, None, _crossings(transitions))

    def begin_anew(self, partition: int) -> None:
        """Forget the sequence: another log begins."""
        with transaction_as(service_principal(EVALUATOR)):
            reset_progress(partition)

    def store_latest(
        self,
        point: NDArray[np.int32],
        event_ms: NDArray[np.int64],
        arrived_ms: NDArray[np.int64],
        value: NDArray[np.float64],
        quality: NDArray[np.uint8],
    ) -> None:
        """Upsert the latest value of each point given."""
        with transaction_as(service_principal(EVALUATOR)):
            upsert_latest(point, event_ms, arrived_ms, value, quality)


def _crossings(transitions: TransitionColumns) -> list[Crossing]:
    finite = np.isfinite(transitions.value)
    columns = zip(
        transitions.condition.tolist(),
        transitions.raised.tolist(),
        transitions.event_ms.tolist(),
        transitions.arrived_ms.tolist(),
        transitions.value.tolist(),
        finite.tolist(),
        strict=True,
    )
    return [
        Crossing(condition, raised, event_ms, arrived_ms, value if is_number else None)
        for condition, raised, event_ms, arrived_ms, value, is_number in columns
    ]
