"""The step itself: advance the state by readings, or by silence.

Rules of the step, per reading in the order given:

1. Any reading, of whatever quality or event time, proves that its point speaks:
   it ends a no-data condition.
2. A reading of bad quality, a value that is not finite, or an event time not
   after the last evaluated one is not evaluated: it neither raises nor clears.
3. An upper limit is crossed at ``value >= threshold`` and back to normal at
   ``value < threshold - deadband``; a lower limit mirrors this.
4. The crossing must last ``on_delay_ms`` of event time, from the first reading
   that crosses to the one that decides, without a reading in between that does
   not; the return must last ``off_delay_ms`` in the same way.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anlan.science.signals.rules import NO_DATA, Rules
from anlan.science.signals.state import NEVER, State


@dataclass(frozen=True)
class Readings:
    """N readings as columns of shape (N,), in the order of the log; times in UTC milliseconds."""

    point: NDArray[np.int32]
    event_ms: NDArray[np.int64]
    arrived_ms: NDArray[np.int64]
    value: NDArray[np.float64]
    quality: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.point)


@dataclass(frozen=True)
class Transitions:
    """Conditions that changed, in the order of their happening; columns of equal length.

    ``event_ms``, ``arrived_ms`` and ``value`` are those of the deciding
    reading; for a no-data condition that opens, both times are the moment of
    the verdict and the value is NaN.
    """

    condition: NDArray[np.int32]
    point: NDArray[np.int32]
    raised: NDArray[np.bool_]
    event_ms: NDArray[np.int64]
    arrived_ms: NDArray[np.int64]
    value: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.condition)


def step(state: State, rules: Rules, readings: Readings) -> Transitions:
    """Advance *state* in place by *readings* and return what changed.

    Deterministic: no clock, no I/O, the same calls give the same transitions
    however the readings are cut into batches. Point numbers must not be negative.
    """
    # numba is imported by the first process that steps, and by no other
    from anlan.science.signals.kernel import advance

    if not len(readings):
        return _none()
    state.make_room(int(readings.point.max()) + 1)
    most = _most_transitions(rules, readings.point)
    row = np.empty(most, np.int64)
    cause = np.empty(most, np.int64)
    count = advance(
        readings.point,
        readings.event_ms,
        readings.arrived_ms,
        readings.value,
        readings.quality,
        rules.first,
        rules.kind,
        rules.threshold,
        rules.deadband,
        rules.on_delay_ms,
        rules.off_delay_ms,
        state.evaluated_ms,
        state.arrived_ms,
        state.latest_ms,
        state.latest_arrived_ms,
        state.latest_value,
        state.latest_quality,
        state.active,
        state.pending_ms,
        row,
        cause,
    )
    return _transitions(rules, readings, row[:count], cause[:count])


def silence(state: State, rules: Rules, now_ms: int) -> Transitions:
    """Open no-data conditions whose points have been silent too long at *now_ms* (arrival time).

    Silence counts from the last arrival, or from when the point was first
    listened to (`listen_from`) if that is later; a condition seen here for the
    first time starts to be listened to now.
    """
    watched = rules.kind == NO_DATA
    fresh = watched & (state.pending_ms == NEVER)
    state.pending_ms[fresh] = now_ms
    rows = np.flatnonzero(watched & ~state.active)
    heard_ms = np.maximum(state.arrived_ms[rules.point[rows]], state.pending_ms[rows])
    rows = rows[now_ms - heard_ms > rules.on_delay_ms[rows]]
    state.active[rows] = True
    moment = np.full(len(rows), now_ms, np.int64)
    return Transitions(
        rules.condition[rows],
        rules.point[rows],
        np.ones(len(rows), np.bool_),
        moment,
        moment,
        np.full(len(rows), np.nan),
    )


def listen_from(state: State, rules: Rules, now_ms: int) -> None:
    """Count silence from *now_ms* at the earliest: the listener was away, or its clock was set."""
    np.minimum(state.arrived_ms, now_ms, out=state.arrived_ms)
    state.pending_ms[rules.kind == NO_DATA] = now_ms


def _most_transitions(rules: Rules, point: NDArray[np.int32]) -> int:
    """An upper bound: each reading may change each condition of its point once."""
    known = point[point < rules.points]
    return int((rules.first[known + 1] - rules.first[known]).sum())


def _transitions(
    rules: Rules, readings: Readings, row: NDArray[np.int64], cause: NDArray[np.int64]
) -> Transitions:
    """Columns from the kernel's output: ``row * 2 + raised`` and the deciding reading's index."""
    at = row >> 1
    return Transitions(
        rules.condition[at],
        rules.point[at],
        (row & 1).astype(np.bool_),
        readings.event_ms[cause],
        readings.arrived_ms[cause],
        readings.value[cause],
    )


def _none() -> Transitions:
    whole = np.empty(0, np.int32)
    long = np.empty(0, np.int64)
    return Transitions(whole, whole, np.empty(0, np.bool_), long, long, np.empty(0))
