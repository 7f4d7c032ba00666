"""The alarm step as a numba kernel: one pass over the readings, no allocation.

`rules` and `state` are the named tuples of `Rules.arrays` and `State.arrays`.
"""

from typing import Any

import numba
import numpy as np

from anlan.kernel.quality import Quality
from anlan.science.signals import rules as kinds
from anlan.science.signals.state import NEVER

_BAD, _UNCERTAIN, _GOOD = int(Quality.BAD), int(Quality.UNCERTAIN), int(Quality.GOOD)
_NEVER = int(NEVER)
_LAST_UPPER = max(kinds.UPPER)
_NO_DATA, _COMBINED = kinds.NO_DATA, kinds.COMBINED
_RISING, _FALLING, _FROZEN = kinds.RISING, kinds.FALLING, kinds.FROZEN
_DEVIATION, _OUT_OF_RANGE = kinds.DEVIATION, kinds.OUT_OF_RANGE
_ROUND, _ANCHORS = kinds.RING - 1, kinds.ANCHORS_PER_WINDOW
_MINUTE_MS, _MINUTES_OF_WEEK, _WEEK_SHIFT = kinds.MINUTE_MS, kinds.MINUTES_OF_WEEK, kinds.WEEK_SHIFT
_TRUE = 0.5
_LEAVE, _AGAINST, _FOR = 0, 1, 2
"""What a reading says to a condition: nothing, that it stay as it is, that it change."""
if sorted(kinds.UPPER) != list(range(_LAST_UPPER + 1)) or max(kinds.UPPER) >= _NO_DATA:
    raise ImportError("the kernel expects the upper limits first among the kinds of condition")
if kinds.RING & _ROUND:
    raise ImportError("the kernel expects rings whose length is a power of two")


# Nothing is allocated here, so references need not be counted (_nrt): with counting, each look into the
# tuples of arrays would be two atomic additions. A part is put in where it is used (forceinline): handing
# over all the arrays would cost more than the part itself.
_OPTIONS: dict[str, Any] = {"cache": True, "nogil": True, "_nrt": False, "error_model": "numpy"}
_kernel = numba.njit(**_OPTIONS)
_part = numba.njit(**_OPTIONS, forceinline=True)


@_kernel
def advance(point, event_ms, arrived_ms, value, quality, rules, state, out_row, out_cause):  # type: ignore[no-untyped-def]
    """Advance the state by the readings in order; return how many transitions were written.

    ``out_row`` receives ``rule row * 2 + raised``, ``out_cause`` the index of
    the reading that decided; both must hold the bound of `step`.
    """
    written = 0
    known = len(rules.point)
    for i in range(len(point)):
        p, at, heard, v = np.uint32(point[i]), event_ms[i], arrived_ms[i], value[i]
        memory = state.point[p]
        if p >= known:
            _remember(memory, at, heard, v, quality[i])
            memory.arrived_ms = max(memory.arrived_ms, heard)
            continue
        of = rules.point[p]
        shown = heard if of.clock == 0 else _shown_ms(rules, of.clock, heard)
        ahead = at > shown + rules.ahead_ms
        if not ahead:
            _remember(memory, at, heard, v, quality[i])
            if at < shown - rules.late_after_ms:
                continue
        memory.arrived_ms = max(memory.arrived_ms, heard)
        evaluate = quality[i] != _BAD and np.isfinite(v) and at > memory.evaluated_ms and not ahead
        clears = quality[i] != _UNCERTAIN
        if evaluate:
            memory.evaluated_ms = at
            if v <= memory.calm_low or v >= memory.calm_high:
                written = _limits(rules, state, p, at, v, clears, i, out_row, out_cause, written)
        if of.other_first != of.other_last:
            written, spoke = _others(rules, state, p, at, v, evaluate, clears, i, out_row, out_cause, written)
            evaluate |= spoke
        if evaluate:
            for k in range(of.combined_first, of.combined_last):
                row = rules.combined_row[k]
                if _combined(rules, state, row, at):
                    written = _flip(rules, state, row, i, out_row, out_cause, written)
    return written


@_kernel
def follow(changed, at_ms, rules, state, out_row):  # type: ignore[no-untyped-def]
    """Combined conditions whose members, the rows *changed*, were changed at *at_ms* by no reading.

    The members' rows are given as they now are; returns how many combined ones
    changed, each written to ``out_row`` as in `advance`.
    """
    written = 0
    for k in range(len(changed)):
        _count(rules, state, np.uint64(changed[k]))
    for k in range(len(changed)):
        of = rules.row[np.uint64(changed[k])]
        for j in range(of.parent_first, of.last_parent):
            row = rules.parent[j]
            if _combined(rules, state, row, at_ms[k]):
                memory = state.row[row]
                memory.active = not memory.active
                out_row[written] = np.int64(row) * 2 + (1 if memory.active else 0)
                written += 1
    return written


@_part
def _in_force(rules, other, at):  # type: ignore[no-untyped-def]
    """Whether the condition is in force at *at*: by its dates, and by its calendar."""
    of = rules.other[other]
    if not of.timed:
        return True
    if at < of.from_ms or at >= of.until_ms:
        return False
    return (
        of.calendar < 0 or rules.calendars[of.calendar, (at // _MINUTE_MS + _WEEK_SHIFT) % _MINUTES_OF_WEEK]
    )


@_part
def _shown_ms(rules, clock, heard):  # type: ignore[no-untyped-def]
    """What the gateway's clock showed when the live one showed *heard*."""
    of = rules.clock[clock]
    return of.clock_origin_ms + np.int64((heard - of.clock_anchor_ms) * of.clock_rate)


@_part
def _remember(memory, at, heard, v, quality):  # type: ignore[no-untyped-def]
    """Keep the newest reading by event time; one that has been evaluated stays what the evaluation made of it."""
    if at > memory.latest_ms or (at == memory.latest_ms and at != memory.evaluated_ms):
        memory.latest_ms = at
        memory.latest_arrived_ms = heard
        memory.latest_value = v
        memory.latest_quality = quality


@_part
def _flip(rules, state, row, cause, out_row, out_cause, written):  # type: ignore[no-untyped-def]
    """Change the condition, count it for those it is a member of, and tell it unless it is silent."""
    memory = state.row[row]
    memory.active = not memory.active
    _count(rules, state, row)
    if rules.row[row].silent:
        return written
    out_row[written] = np.int64(row) * 2 + (1 if memory.active else 0)
    out_cause[written] = cause
    return written + 1


@_part
def _count(rules, state, row):  # type: ignore[no-untyped-def]
    of = rules.row[row]
    change = 1 if state.row[row].active else -1
    for j in range(of.parent_first, of.last_parent):
        state.other[rules.parent[j] - rules.limits].held += change


@_part
def _moving(value, kind, threshold, deadband, active):  # type: ignore[no-untyped-def]
    """Whether *value* speaks for a change: back to normal when active, across the limit when not."""
    if kind <= _LAST_UPPER:
        return value < threshold - deadband if active else value >= threshold
    return value > threshold + deadband if active else value <= threshold


@_part
def _limits(rules, state, p, at, v, clears, cause, out_row, out_cause, written):  # type: ignore[no-untyped-def]
    """The plain limits of point *p*, and between which values the next reading changes none of them."""
    low, high = -np.inf, np.inf
    for row in range(rules.point[p].first, rules.point[p].last):
        of, memory = rules.row[row], state.row[row]
        if clears or not memory.active:
            moving = _moving(v, of.kind, of.threshold, of.deadband, memory.active)
            if _delayed(rules, state, row, at, _FOR if moving else _AGAINST, memory.active):
                written = _flip(rules, state, row, cause, out_row, out_cause, written)
        if memory.pending_ms != _NEVER:
            low = np.inf
        elif of.kind <= _LAST_UPPER:
            low, high = _beyond(memory.active, of.threshold - of.deadband, of.threshold, low, high)
        else:
            low, high = _beyond(not memory.active, of.threshold, of.threshold + of.deadband, low, high)
    state.point[p].calm_low = low
    state.point[p].calm_high = high
    return written


@_part
def _beyond(is_above, below, above, low, high):  # type: ignore[no-untyped-def]
    """The calm between *low* and *high*, cut off *below* when the value is above that, else *above*."""
    return (max(low, below), high) if is_above else (low, min(high, above))


@_part
def _others(rules, state, p, at, v, evaluate, clears, cause, out_row, out_cause, written):  # type: ignore[no-untyped-def]
    """The other conditions of point *p*; also whether the reading ended a no-data condition."""
    spoke = False
    for row in range(rules.point[p].other_first, rules.point[p].other_last):
        if rules.row[row].kind == _NO_DATA:
            flips = state.row[row].active
            spoke |= flips
        else:
            flips = evaluate and _other(rules, state, row, at, v, clears)
        if flips:
            written = _flip(rules, state, row, cause, out_row, out_cause, written)
    return written, spoke


@_part
def _other(rules, state, row, at, v, clears):  # type: ignore[no-untyped-def]
    """Whether an evaluated reading flips a condition that is no plain limit."""
    other = row - rules.limits
    if not _in_force(rules, other, at):
        return _rest(state, row, other)
    memory = state.other[other]
    counts = rules.other[other].repeat_count > 1
    holds = memory.crossed if counts else state.row[row].active
    said = _says(rules, state, row, other, at, v, holds)
    if holds and not clears:
        return False
    if not _delayed(rules, state, row, at, said, holds):
        return False
    if not counts:
        return True
    memory.crossed = not holds
    if holds:
        return state.row[row].active
    return _often_enough(rules, state, other, at)


@_part
def _rest(state, row, other):  # type: ignore[no-untyped-def]
    """Out of force: forget what was under way; true when the condition held."""
    state.row[row].pending_ms = _NEVER
    state.other[other].crossed = False
    state.place[other, 0] = 0
    state.place[other, 1] = 0
    return state.row[row].active


@_part
def _delayed(rules, state, row, at, said, holds):  # type: ignore[no-untyped-def]
    """Whether what was *said* has now lasted for its delay."""
    memory = state.row[row]
    if said != _FOR:
        if said == _AGAINST and memory.pending_ms != _NEVER:
            memory.pending_ms = _NEVER
        return False
    if memory.pending_ms == _NEVER:
        memory.pending_ms = at
    if at - memory.pending_ms < (rules.row[row].off_delay_ms if holds else rules.row[row].on_delay_ms):
        return False
    memory.pending_ms = _NEVER
    return True


@_part
def _often_enough(rules, state, other, at):  # type: ignore[no-untyped-def]
    """Note a crossing; whether it is the one that a repeat count waits for."""
    of = rules.other[other]
    count = state.place[other, 0]
    state.ring_ms[other, count & _ROUND] = at
    state.place[other, 0] = count + 1
    if count + 1 < of.repeat_count:
        return False
    return at - state.ring_ms[other, (count + 1 - of.repeat_count) & _ROUND] <= of.repeat_window_ms


@_part
def _says(rules, state, row, other, at, v, holds):  # type: ignore[no-untyped-def]
    of = rules.row[row]
    kind, threshold, deadband = of.kind, of.threshold, of.deadband
    if kind < _NO_DATA:
        change = _moving(v, kind, threshold, deadband, holds)
    elif kind in (_RISING, _FALLING):
        rate = _rate_per_min(rules, state, other, at, v)
        if np.isnan(rate):
            return _LEAVE
        rate = rate if kind == _RISING else -rate
        change = rate < threshold - deadband if holds else rate >= threshold
    elif kind == _DEVIATION:
        reference = np.uint32(rules.other[other].reference)
        if not _usable(rules, state, reference, other, at):
            return _LEAVE
        apart = abs(v - state.point[reference].latest_value)
        change = apart < threshold - deadband if holds else apart >= threshold
    elif kind == _FROZEN:
        return _frozen(rules, state, row, other, at, v, holds)
    else:
        beyond = max(threshold - v, v - rules.other[other].second)
        memory = state.point[np.uint32(of.point)]
        if beyond > 0.0 and memory.latest_ms == at and memory.latest_quality == _GOOD:
            memory.latest_quality = _UNCERTAIN
        change = beyond <= -deadband if holds else beyond > 0.0
    return _FOR if change else _AGAINST


@_part
def _usable(rules, state, reference, other, at):  # type: ignore[no-untyped-def]
    """Whether the newest value of *reference* may be compared with a reading at *at*."""
    memory = state.point[reference]
    return (
        memory.latest_ms != _NEVER
        and abs(at - memory.latest_ms) <= rules.other[other].reference_stale_ms
        and memory.latest_quality != _BAD
        and memory.latest_quality != _UNCERTAIN
        and np.isfinite(memory.latest_value)
    )


@_part
def _rate_per_min(rules, state, other, at, v):  # type: ignore[no-untyped-def]
    """The rise per minute since the newest anchor that is at least a window old; NaN when there is none."""
    window = rules.other[other].window_ms
    oldest, following = state.place[other, 0], state.place[other, 1]
    if following > oldest and at - state.ring_ms[other, (following - 1) & _ROUND] > 2 * window:
        oldest = following
    while following - oldest > 1 and at - state.ring_ms[other, (oldest + 1) & _ROUND] >= window:
        oldest += 1
    rate = np.nan
    if following > oldest:
        elapsed = at - state.ring_ms[other, oldest & _ROUND]
        if elapsed >= window:
            rate = (v - state.ring_value[other, oldest & _ROUND]) * _MINUTE_MS / elapsed
    newest = state.ring_ms[other, (following - 1) & _ROUND]
    if following == oldest or (at - newest) * _ANCHORS >= window:
        state.ring_ms[other, following & _ROUND] = at
        state.ring_value[other, following & _ROUND] = v
        following += 1
    state.place[other, 0] = oldest
    state.place[other, 1] = following
    return rate


@_part
def _frozen(rules, state, row, other, at, v, holds):  # type: ignore[no-untyped-def]
    """Extend the band or begin a new one; whether that speaks for a change."""
    of = rules.other[other]
    if of.reference >= 0:
        running = np.uint32(of.reference)
        if not _usable(rules, state, running, other, at):
            return _LEAVE
        if state.point[running].latest_value < _TRUE:
            state.place[other, 0] = 0
            return _FOR if holds else _AGAINST
    window = of.window_ms
    count = state.place[other, 0]
    low, high = v, v
    if count and at - state.ring_ms[other, 1] <= window:
        low, high = min(v, state.ring_value[other, 0]), max(v, state.ring_value[other, 1])
    if count == 0 or at - state.ring_ms[other, 1] > window or high - low > rules.row[row].threshold:
        count, low, high = 0, v, v
        state.ring_ms[other, 0] = at
    count += 1
    state.place[other, 0] = count
    state.ring_ms[other, 1] = at
    state.ring_value[other, 0], state.ring_value[other, 1] = low, high
    stands_still = count >= of.needed and at - state.ring_ms[other, 0] >= window
    return _FOR if stands_still != holds else _AGAINST


@_part
def _combined(rules, state, row, at):  # type: ignore[no-untyped-def]
    """Whether the members' number flips a combined condition at *at*."""
    other = row - rules.limits
    if not _in_force(rules, other, at):
        return _rest(state, row, other)
    holds = state.row[row].active
    enough = state.other[other].held >= rules.other[other].needed
    return _delayed(rules, state, row, at, _FOR if enough != holds else _AGAINST, holds)
