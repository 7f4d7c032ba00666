"""The step itself: advance the state by readings, or by silence.

Rules of the step, per reading in the order given:

1. A reading older than its arrival, by the clock of its gateway, by more than
   ``late_after_ms`` is late: it may become the latest value, and decides nothing.
2. Any other reading, of whatever quality or event time, proves that its point
   speaks: it ends a no-data condition.
3. A reading of bad quality, a value that is not finite, an event time not after
   the last evaluated one, or one more than ``ahead_ms`` after its arrival is not
   evaluated: it neither raises nor clears. The last of these does not become
   the latest value either, so that a wrong clock hides no later reading; nor does
   one of the time of the last evaluated, so that a repetition takes no doubt away.
   One of uncertain quality may raise and never clears: a doubtful value (a unit
   that may have changed, a stuck sensor) ends no standing alarm.
4. An upper limit is crossed at ``value >= threshold`` and back to normal at
   ``value < threshold - deadband``; a lower limit mirrors this, and so do those
   that follow, each with what it compares:

   - a *rate*, the rise (or fall) per minute since an anchor: the newest kept
     reading that is at least ``window_ms`` older. Readings are kept at least a
     sixth of the window apart, so the time between is from one window to
     somewhat over a window and a sixth plus a sampling interval. Nothing is said
     until there is an anchor; a gap of more than two windows starts anew;
   - a *deviation*, the distance from the newest value of the reference point,
     as it is known when the reading comes; nothing is said while that value is
     bad, uncertain, or more than ``reference_stale_ms`` away in event time;
   - *out of range*: crossed beyond either end, back ``deadband`` inside both.
     The latest value is then of uncertain quality, and no reference for others;
     limits are evaluated all the same, for a gas beyond the range is no less there.

5. A *frozen* value stays within a band ``threshold`` wide for ``window_ms`` and
   ``needed`` readings. The band begins at the first reading after one that did
   not fit, or after a gap of more than a window. With a point that says whether
   the plant runs (true from 0.5), a standstill is no freezing, and nothing is
   said while that point cannot be used.
6. The crossing must last ``on_delay_ms`` of event time, from the first reading
   that crosses to the one that decides, without a reading in between that does
   not; the return must last ``off_delay_ms`` in the same way.
7. With a *repeat count* of n the n-th crossing within ``repeat_window_ms``
   raises, each counted when its delay is over; the return is the crossing's own.
8. A *combined* condition holds while at least ``needed`` of its members do, with
   delays of its own, looked at with every reading of a member's point.
9. A condition out of force (dates, weekly calendar, by event time) is not
   evaluated, and one that holds returns.

The changes of one reading come in the order: limits, others, combined ones,
each by number.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anlan.science.signals.rules import COMBINED, NO_DATA, Rules
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
    reading; when no reading decided (silence, the end of a calendar), both times
    are the moment of the verdict and the value is NaN. A combined condition has
    no value: what decided was another point's.
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
    most = rules.widest * len(readings)
    row = np.empty(most, np.int64)
    cause = np.empty(most, np.int64)
    count = advance(
        readings.point,
        readings.event_ms,
        readings.arrived_ms,
        readings.value,
        readings.quality,
        rules.arrays,
        state.arrays,
        row,
        cause,
    )
    return _transitions(rules, readings, row[:count], cause[:count])


def silence(state: State, rules: Rules, now_ms: int) -> Transitions:
    """What changes at *now_ms* (arrival time) though no reading comes.

    No-data conditions open when their points have been silent too long:
    silence counts from the last arrival, or from when the point was first
    listened to (`listen_from`) if that is later; a condition seen here for the
    first time starts to be listened to now. Conditions that hold and are out of
    force by now return. Combined conditions follow their members.
    """
    from anlan.science.signals.kernel import follow

    changed = np.union1d(_out_of_force(state, rules, now_ms), _fallen_silent(state, rules, now_ms))
    state.active[changed] ^= True
    _forget_delays(state, rules, changed[~state.active[changed]])
    combined = np.empty(len(rules.parent), np.int64)
    count = follow(changed, _clock_ms(rules, changed, now_ms), rules.arrays, state.arrays, combined)
    rows = np.concatenate([changed, combined[:count] >> 1])
    raised = np.concatenate([state.active[changed], (combined[:count] & 1).astype(np.bool_)])
    told = ~rules.silent[rows]
    rows, raised = rows[told], raised[told]
    moment = np.full(len(rows), now_ms, np.int64)
    return Transitions(
        rules.condition[rows], rules.point[rows], raised, moment, moment, np.full(len(rows), np.nan)
    )


def listen_from(state: State, rules: Rules, now_ms: int) -> None:
    """Count silence from *now_ms* at the earliest: the listener was away, or its clock was set."""
    np.minimum(state.arrived_ms, now_ms, out=state.arrived_ms)
    state.pending_ms[rules.kind == NO_DATA] = now_ms


def _fallen_silent(state: State, rules: Rules, now_ms: int) -> NDArray[np.int64]:
    """Rows of no-data conditions that open at *now_ms*."""
    watched = rules.kind == NO_DATA
    fresh = watched & (state.pending_ms == NEVER)
    state.pending_ms[fresh] = now_ms
    rows = np.flatnonzero(watched & ~state.active)
    heard_ms = np.maximum(state.arrived_ms[rules.point[rows]], state.pending_ms[rows])
    rows = rows[now_ms - heard_ms > rules.on_delay_ms[rows]]
    return np.setdiff1d(rows, _out_of_force_now(rules, now_ms), assume_unique=True)


def _out_of_force(state: State, rules: Rules, now_ms: int) -> NDArray[np.int64]:
    """Rows that hold, although they are out of force by now."""
    rows = _out_of_force_now(rules, now_ms)
    holding: NDArray[np.int64] = rows[state.active[rows]]
    return holding


def _out_of_force_now(rules: Rules, now_ms: int) -> NDArray[np.int64]:
    rows = rules.timed_rows
    return rows[~rules.in_force(rows, _clock_ms(rules, rows, now_ms))]


def _clock_ms(rules: Rules, rows: NDArray[np.int64], now_ms: int) -> NDArray[np.int64]:
    """What the clocks of these rows' points show at *now_ms*."""
    clock = rules.clock[rules.point[rows]]
    since_ms = now_ms - rules.clock_anchor_ms[clock]
    shown: NDArray[np.int64] = rules.clock_origin_ms[clock] + (since_ms * rules.clock_rate[clock]).astype(
        np.int64
    )
    return shown


def _forget_delays(state: State, rules: Rules, rows: NDArray[np.int64]) -> None:
    """Conditions that have gone out of force begin from nothing when they come into it again."""
    state.pending_ms[rows[rules.kind[rows] != NO_DATA]] = NEVER
    others = rows - rules.limits
    state.crossed[others] = False
    state.place[others] = 0


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
        np.where(rules.kind[at] == COMBINED, np.nan, readings.value[cause]),
    )


def _none() -> Transitions:
    whole = np.empty(0, np.int32)
    long = np.empty(0, np.int64)
    return Transitions(whole, whole, np.empty(0, np.bool_), long, long, np.empty(0))
