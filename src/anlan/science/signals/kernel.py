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
_RING, _ANCHORS = kinds.RING, kinds.ANCHORS_PER_WINDOW
_MINUTE_MS, _MINUTES_OF_WEEK, _WEEK_SHIFT = kinds.MINUTE_MS, kinds.MINUTES_OF_WEEK, kinds.WEEK_SHIFT
_TRUE = 0.5
_LEAVE, _AGAINST, _FOR = 0, 1, 2
"""What a reading says to a condition: nothing, that it stay as it is, that it change."""
if sorted(kinds.UPPER) != list(range(_LAST_UPPER + 1)) or max(kinds.UPPER) >= _NO_DATA:
    raise ImportError("the kernel expects the upper limits first among the kinds of condition")


# Nothing is allocated here, so references need not be counted (_nrt): with counting, each look into the
# tuples of arrays would be two atomic additions. A part is put in where it is used (forceinline): handing
# over all the arrays would cost more than the part itself.
_OPTIONS: dict[str, Any] = {"cache": True, "nogil": True, "_nrt": False}
_kernel = numba.njit(**_OPTIONS)
_part = numba.njit(**_OPTIONS, forceinline=True)


@_kernel
def advance(point, event_ms, arrived_ms, value, quality, rules, state, out_row, out_cause):  # type: ignore[no-untyped-def]
    """Advance the state by the readings in order; return how many transitions were written.

    ``out_row`` receives ``rule row * 2 + raised``, ``out_cause`` the index of
    the reading that decided; both must hold the bound of `step`.
    """
    written = 0
    known = len(rules.first) - 1
    for i in range(len(point)):
        p, at, heard, v = point[i], event_ms[i], arrived_ms[i], value[i]
        if p >= known:
            _remember(state, p, at, heard, v, quality[i])
            state.arrived_ms[p] = max(state.arrived_ms[p], heard)
            continue
        shown = _shown_ms(rules, p, heard)
        ahead = at > shown + rules.ahead_ms
        if not ahead:
            _remember(state, p, at, heard, v, quality[i])
            if at < shown - rules.late_after_ms:
                continue
        state.arrived_ms[p] = max(state.arrived_ms[p], heard)
        evaluate = quality[i] != _BAD and np.isfinite(v) and at > state.evaluated_ms[p] and not ahead
        clears = quality[i] != _UNCERTAIN
        if evaluate:
            state.evaluated_ms[p] = at
            if state.busy[p] or v <= rules.calm_low[p] or v >= rules.calm_high[p]:
                written = _limits(rules, state, p, at, v, clears, i, out_row, out_cause, written)
        if rules.other_first[p] != rules.other_first[p + 1]:
            written, spoke = _others(rules, state, p, at, v, evaluate, clears, i, out_row, out_cause, written)
            evaluate |= spoke
        if evaluate:
            for k in range(rules.combined_first[p], rules.combined_first[p + 1]):
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
        _count(rules, state, changed[k])
    for k in range(len(changed)):
        for j in range(rules.parent_first[changed[k]], rules.parent_first[changed[k] + 1]):
            row = rules.parent[j]
            if _combined(rules, state, row, at_ms[k]):
                state.active[row] = not state.active[row]
                out_row[written] = row * 2 + (1 if state.active[row] else 0)
                written += 1
    return written


@_part
def _in_force(rules, row, at):  # type: ignore[no-untyped-def]
    """Whether the condition of *row* is in force at *at*: by its dates, and by its calendar."""
    other = row - (len(rules.condition) - len(rules.second))
    if not rules.timed[other]:
        return True
    if at < rules.from_ms[other] or at >= rules.until_ms[other]:
        return False
    calendar = rules.calendar[other]
    return calendar < 0 or rules.calendars[calendar, (at // _MINUTE_MS + _WEEK_SHIFT) % _MINUTES_OF_WEEK]


@_part
def _shown_ms(rules, p, heard):  # type: ignore[no-untyped-def]
    """What the clock of the point's gateway showed when the live one showed *heard*."""
    clock = rules.clock[p]
    if clock == 0:
        return heard
    since = (heard - rules.clock_anchor_ms[clock]) * rules.clock_rate[clock]
    return rules.clock_origin_ms[clock] + np.int64(since)


@_part
def _remember(state, p, at, heard, v, quality):  # type: ignore[no-untyped-def]
    """Keep the newest reading by event time."""
    if at >= state.latest_ms[p]:
        state.latest_ms[p] = at
        state.latest_arrived_ms[p] = heard
        state.latest_value[p] = v
        state.latest_quality[p] = quality


@_part
def _flip(rules, state, row, cause, out_row, out_cause, written):  # type: ignore[no-untyped-def]
    """Change the condition, count it for those it is a member of, and tell it unless it is silent."""
    state.active[row] = not state.active[row]
    _count(rules, state, row)
    if rules.silent[row]:
        return written
    out_row[written] = row * 2 + (1 if state.active[row] else 0)
    out_cause[written] = cause
    return written + 1


@_part
def _count(rules, state, row):  # type: ignore[no-untyped-def]
    limits = len(rules.condition) - len(rules.second)
    change = 1 if state.active[row] else -1
    for j in range(rules.parent_first[row], rules.parent_first[row + 1]):
        state.held[rules.parent[j] - limits] += change


@_part
def _moving(value, kind, threshold, deadband, active):  # type: ignore[no-untyped-def]
    """Whether *value* speaks for a change: back to normal when active, across the limit when not."""
    if kind <= _LAST_UPPER:
        return value < threshold - deadband if active else value >= threshold
    return value > threshold + deadband if active else value <= threshold


@_part
def _limits(rules, state, p, at, v, clears, cause, out_row, out_cause, written):  # type: ignore[no-untyped-def]
    """The plain limits of point *p*."""
    busy = 0
    for row in range(rules.first[p], rules.first[p + 1]):
        active = state.active[row]
        if active and not clears:
            busy += 1
            continue
        if _moving(v, rules.kind[row], rules.threshold[row], rules.deadband[row], active):
            if state.pending_ms[row] == _NEVER:
                state.pending_ms[row] = at
            delay = rules.off_delay_ms[row] if active else rules.on_delay_ms[row]
            if at - state.pending_ms[row] >= delay:
                state.pending_ms[row] = _NEVER
                written = _flip(rules, state, row, cause, out_row, out_cause, written)
        else:
            state.pending_ms[row] = _NEVER
        if state.active[row] or state.pending_ms[row] != _NEVER:
            busy += 1
    state.busy[p] = busy
    return written


@_part
def _others(rules, state, p, at, v, evaluate, clears, cause, out_row, out_cause, written):  # type: ignore[no-untyped-def]
    """The other conditions of point *p*; also whether the reading ended a no-data condition."""
    spoke = False
    for row in range(rules.other_first[p], rules.other_first[p + 1]):
        if rules.kind[row] == _NO_DATA:
            flips = state.active[row]
            spoke |= flips
        else:
            flips = evaluate and _other(rules, state, row, at, v, clears)
        if flips:
            written = _flip(rules, state, row, cause, out_row, out_cause, written)
    return written, spoke


@_part
def _other(rules, state, row, at, v, clears):  # type: ignore[no-untyped-def]
    """Whether an evaluated reading flips a condition that is no plain limit."""
    other = row - (len(rules.condition) - len(rules.second))
    if not _in_force(rules, row, at):
        return _rest(state, row, other)
    counts = rules.repeat_count[other] > 1
    holds = state.crossed[other] if counts else state.active[row]
    said = _says(rules, state, row, other, at, v, holds)
    if holds and not clears:
        return False
    if not _delayed(rules, state, row, at, said, holds):
        return False
    if not counts:
        return True
    state.crossed[other] = not holds
    if holds:
        return state.active[row]
    return _often_enough(rules, state, other, at)


@_part
def _rest(state, row, other):  # type: ignore[no-untyped-def]
    """Out of force: forget what was under way; true when the condition held."""
    state.pending_ms[row] = _NEVER
    state.crossed[other] = False
    state.place[other, 0] = 0
    state.place[other, 1] = 0
    return state.active[row]


@_part
def _delayed(rules, state, row, at, said, holds):  # type: ignore[no-untyped-def]
    """Whether what was *said* has now lasted for its delay."""
    if said != _FOR:
        if said == _AGAINST:
            state.pending_ms[row] = _NEVER
        return False
    if state.pending_ms[row] == _NEVER:
        state.pending_ms[row] = at
    if at - state.pending_ms[row] < (rules.off_delay_ms[row] if holds else rules.on_delay_ms[row]):
        return False
    state.pending_ms[row] = _NEVER
    return True


@_part
def _often_enough(rules, state, other, at):  # type: ignore[no-untyped-def]
    """Note a crossing; whether it is the one that a repeat count waits for."""
    wanted = rules.repeat_count[other]
    count = state.place[other, 0]
    state.ring_ms[other, count % _RING] = at
    state.place[other, 0] = count + 1
    if count + 1 < wanted:
        return False
    return at - state.ring_ms[other, (count + 1 - wanted) % _RING] <= rules.repeat_window_ms[other]


@_part
def _says(rules, state, row, other, at, v, holds):  # type: ignore[no-untyped-def]
    kind = rules.kind[row]
    threshold, deadband = rules.threshold[row], rules.deadband[row]
    if kind < _NO_DATA:
        change = _moving(v, kind, threshold, deadband, holds)
    elif kind in (_RISING, _FALLING):
        rate = _rate_per_min(rules, state, other, at, v)
        if np.isnan(rate):
            return _LEAVE
        rate = rate if kind == _RISING else -rate
        change = rate < threshold - deadband if holds else rate >= threshold
    elif kind == _DEVIATION:
        reference = rules.reference[other]
        if not _usable(rules, state, reference, other, at):
            return _LEAVE
        apart = abs(v - state.latest_value[reference])
        change = apart < threshold - deadband if holds else apart >= threshold
    elif kind == _FROZEN:
        return _frozen(rules, state, row, other, at, v, holds)
    else:
        beyond = max(threshold - v, v - rules.second[other])
        p = rules.point[row]
        if beyond > 0.0 and state.latest_ms[p] == at and state.latest_quality[p] == _GOOD:
            state.latest_quality[p] = _UNCERTAIN
        change = beyond <= -deadband if holds else beyond > 0.0
    return _FOR if change else _AGAINST


@_part
def _usable(rules, state, reference, other, at):  # type: ignore[no-untyped-def]
    """Whether the newest value of *reference* may be compared with a reading at *at*."""
    newest = state.latest_ms[reference]
    quality = state.latest_quality[reference]
    return (
        newest != _NEVER
        and abs(at - newest) <= rules.reference_stale_ms[other]
        and quality != _BAD
        and quality != _UNCERTAIN
        and np.isfinite(state.latest_value[reference])
    )


@_part
def _rate_per_min(rules, state, other, at, v):  # type: ignore[no-untyped-def]
    """The rise per minute since the newest anchor that is at least a window old; NaN when there is none."""
    window = rules.window_ms[other]
    oldest, following = state.place[other, 0], state.place[other, 1]
    if following > oldest and at - state.ring_ms[other, (following - 1) % _RING] > 2 * window:
        oldest = following
    while following - oldest > 1 and at - state.ring_ms[other, (oldest + 1) % _RING] >= window:
        oldest += 1
    rate = np.nan
    if following > oldest:
        elapsed = at - state.ring_ms[other, oldest % _RING]
        if elapsed >= window:
            rate = (v - state.ring_value[other, oldest % _RING]) * _MINUTE_MS / elapsed
    newest = state.ring_ms[other, (following - 1) % _RING]
    if following == oldest or (at - newest) * _ANCHORS >= window:
        state.ring_ms[other, following % _RING] = at
        state.ring_value[other, following % _RING] = v
        following += 1
    state.place[other, 0] = oldest
    state.place[other, 1] = following
    return rate


@_part
def _frozen(rules, state, row, other, at, v, holds):  # type: ignore[no-untyped-def]
    """Extend the band or begin a new one; whether that speaks for a change."""
    running = rules.reference[other]
    if running >= 0:
        if not _usable(rules, state, running, other, at):
            return _LEAVE
        if state.latest_value[running] < _TRUE:
            state.place[other, 0] = 0
            return _FOR if holds else _AGAINST
    window = rules.window_ms[other]
    count = state.place[other, 0]
    low, high = v, v
    if count and at - state.ring_ms[other, 1] <= window:
        low, high = min(v, state.ring_value[other, 0]), max(v, state.ring_value[other, 1])
    if count == 0 or at - state.ring_ms[other, 1] > window or high - low > rules.threshold[row]:
        count, low, high = 0, v, v
        state.ring_ms[other, 0] = at
    count += 1
    state.place[other, 0] = count
    state.ring_ms[other, 1] = at
    state.ring_value[other, 0], state.ring_value[other, 1] = low, high
    stands_still = count >= rules.needed[other] and at - state.ring_ms[other, 0] >= window
    return _FOR if stands_still != holds else _AGAINST


@_part
def _combined(rules, state, row, at):  # type: ignore[no-untyped-def]
    """Whether the members' number flips a combined condition at *at*."""
    other = row - (len(rules.condition) - len(rules.second))
    if not _in_force(rules, row, at):
        return _rest(state, row, other)
    holds = state.active[row]
    enough = state.held[other] >= rules.needed[other]
    return _delayed(rules, state, row, at, _FOR if enough != holds else _AGAINST, holds)
