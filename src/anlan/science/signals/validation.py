"""The alarm step against moments and counts that follow from its definitions and are worked by hand.

Delay and dead-band are the terms of alarm management (ANSI/ISA-18.2): a condition must hold
for the on-delay before it is annunciated, and the value must come back beyond the dead-band,
for the off-delay, before it clears. With samples at known times the moment of each transition
is arithmetic, and so is the number of alarms of a chattering signal: the targets are exact and gate.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from anlan.kernel.levels import Condition
from anlan.kernel.quality import Quality
from anlan.kernel.validation import Case, Certainty
from anlan.science.signals.rules import KINDS, Rules, compile_rules
from anlan.science.signals.state import new_state
from anlan.science.signals.step import Readings, Transitions, listen_from, silence, step

NAME = "signals"
_SOURCE = "worked by hand from the definitions of delay and dead-band"


def cases() -> Iterator[Case]:
    """All cases; times in milliseconds of event time, the first sample at 0."""
    yield from _on_delay()
    yield from _off_delay()
    yield from _deadband()
    yield from _chattering()
    yield from _quality()
    yield from _silence()
    yield from _rate()
    yield from _deviation()
    yield from _frozen()
    yield from _range()
    yield from _repeats()
    yield from _combined()
    yield from _calendar()
    yield from _late()


def _on_delay() -> Iterator[Case]:
    """A ramp of 1 unit per second meets 80 at 80 s; with 5 s of delay the alarm is due at 85 s."""
    ramp = np.arange(0.0, 100.0)
    raised = _raised(_run(_rules(Condition.HIGH, 80.0, on_delay_ms=5_000), ramp, every_ms=1_000))
    yield _exact("on-delay of 5 s on a ramp of 1/s through 80: raised at", _first(raised), 85_000, "ms")
    at_once = _raised(_run(_rules(Condition.HIGH, 80.0), ramp, every_ms=1_000))
    yield _exact("no delay on the same ramp: raised at", _first(at_once), 80_000, "ms")
    falling = _raised(_run(_rules(Condition.LOW, 20.0, on_delay_ms=5_000), ramp[::-1], every_ms=1_000))
    yield _exact("low limit 20 on the falling ramp, 5 s: raised at", _first(falling), 84_000, "ms")
    # sampled every 4 s the crossing is first seen at 80 s, and 5 s have passed only at 88 s
    coarse = _raised(_run(_rules(Condition.HIGH, 80.0, on_delay_ms=5_000), ramp[::4], every_ms=4_000))
    yield _exact("the same ramp sampled every 4 s: raised at", _first(coarse), 88_000, "ms")
    # 4 s above, one sample below, again and again: never 5 s on end
    bursts = np.tile([81.0, 81.0, 81.0, 81.0, 81.0, 79.0], 20)
    never = _raised(_run(_rules(Condition.HIGH, 80.0, on_delay_ms=5_000), bursts, every_ms=1_000))
    yield _exact("bursts of 4 s against a delay of 5 s: alarms", len(never), 0, "1")


def _off_delay() -> Iterator[Case]:
    """Above 80 until 9 s, below from 10 s on: with 3 s of delay it clears at 13 s."""
    signal = np.where(np.arange(30) < 10, 81.0, 70.0)
    found = _run(_rules(Condition.HIGH, 80.0, off_delay_ms=3_000), signal, every_ms=1_000)
    yield _exact("off-delay of 3 s, normal from 10 s: cleared at", _first(_cleared(found)), 13_000, "ms")


def _deadband() -> Iterator[Case]:
    """A triangle 0 … 100 … 0 of 1 unit per second with limit 80 and dead-band 5 clears below 75: at 126 s."""
    triangle = np.concatenate([np.arange(0.0, 100.0), np.arange(100.0, -1.0, -1.0)])
    found = _run(_rules(Condition.HIGH, 80.0, deadband=5.0), triangle, every_ms=1_000)
    yield _exact("dead-band 5 below 80 on a falling ramp: cleared at", _first(_cleared(found)), 126_000, "ms")
    mirrored = _run(_rules(Condition.LOW, 20.0, deadband=5.0), 100.0 - triangle, every_ms=1_000)
    yield _exact("dead-band 5 above a low limit of 20: cleared at", _first(_cleared(mirrored)), 126_000, "ms")


def _chattering() -> Iterator[Case]:
    """A square wave 80 ± 1 of period 2 s for 100 s: 50 alarms; a dead-band of 2 or more leaves one."""
    wave = np.tile([81.0, 79.0], 50)
    for deadband, alarms in ((0.0, 50), (0.5, 50), (1.0, 1), (2.0, 1)):
        found = _raised(_run(_rules(Condition.HIGH, 80.0, deadband=deadband), wave, every_ms=1_000))
        yield _exact(f"square wave 80 ± 1, dead-band {deadband:g}: alarms", len(found), alarms, "1")
    # a sine of amplitude 2 around 80 crosses upward once a period; a dead-band of 3 exceeds its fall to 78
    sine = 80.0 + 2.0 * np.sin(2.0 * np.pi * np.arange(0, 600) / 60.0 + 0.05)
    for deadband, alarms in ((1.0, 10), (3.0, 1)):
        found = _raised(_run(_rules(Condition.HIGH, 80.0, deadband=deadband), sine, every_ms=1_000))
        yield _exact(f"ten periods of 80 ± 2 sine, dead-band {deadband:g}: alarms", len(found), alarms, "1")


def _quality() -> Iterator[Case]:
    """Ten samples above the limit, the first four bad: the alarm is due at the fifth."""
    quality = [Quality.BAD] * 4 + [Quality.GOOD] * 6
    found = _run(_rules(Condition.HIGH, 80.0), np.full(10, 81.0), every_ms=1_000, quality=quality)
    yield _exact(
        "four bad samples above the limit, then good ones: raised at", _first(_raised(found)), 4_000, "ms"
    )


def _silence() -> Iterator[Case]:
    """Last heard at 9 s, 30 s allowed: looked at each second, silence is told at 40 s, after more than 30."""
    rules = _rules(Condition.NO_DATA, np.nan, on_delay_ms=30_000)
    state = new_state(rules)
    listen_from(state, rules, 0)
    step(state, rules, _readings(np.zeros(10), 1_000))
    told = [now for now in range(0, 60_000, 1_000) if len(silence(state, rules, now))]
    yield _exact(
        "silence of more than 30 s after 9 s, looked at each second: told at", _first(told), 40_000, "ms"
    )


def _rate() -> Iterator[Case]:
    """Flat until 100 s, then 2 units a minute: over a window of 60 s a limit of 1 per minute is met at 130 s."""
    seconds = np.arange(0.0, 300.0)
    signal = np.maximum(0.0, seconds - 100.0) * 2.0 / 60.0
    # sampled each second, anchors stand 10 s apart, so the one in use is 60 … 69 s old: at 130 s the anchor
    # of 70 s is just 60 s old and the rise since 100 s is 30 s x 2/min = 1.0 over 1 min
    found = _raised(_run(_rules(Condition.RISING, 1.0, window_ms=60_000), signal, every_ms=1_000))
    yield _exact("rise of 2/min from 100 s, limit 1/min over 60 s: raised at", _first(found), 130_000, "ms")
    fall = _raised(_run(_rules(Condition.FALLING, 1.0, window_ms=60_000), -signal, every_ms=1_000))
    yield _exact("the same falling: raised at", _first(fall), 130_000, "ms")
    none = _raised(_run(_rules(Condition.RISING, 2.5, window_ms=60_000), signal, every_ms=1_000))
    yield _exact("the same rise against a limit of 2.5/min: alarms", len(none), 0, "1")


def _deviation() -> Iterator[Case]:
    """Two levels part by 0.1 a second from 50 s on; 3 apart at 80 s, and not compared once one has stopped."""
    seconds = np.arange(0, 120)
    one = 50.0 + np.maximum(0.0, (seconds - 50) / 10.0)
    rules = _rules(Condition.DEVIATION, 3.0, reference=1, reference_stale_ms=20_000)
    both = _interleaved(one, np.full(120, 50.0))
    yield _exact(
        "two levels parting by 0.1/s from 50 s, limit 3: raised at",
        _first(_raised(step(new_state(rules), rules, both))),
        80_000,
        "ms",
    )
    alone = _interleaved(one, np.full(40, 50.0))  # silent from 40 s on, so no more compared from 60 s on
    yield _exact(
        "the reference silent for more than 20 s: alarms",
        len(_raised(step(new_state(rules), rules, alone))),
        0,
        "1",
    )


def _frozen() -> Iterator[Case]:
    """A signal that swings by 1 stands still from 60 s on: told after 30 min, at 1860 s; moves again at 2000 s."""
    seconds = np.arange(0, 2_400, 10)
    signal = np.where((seconds < 60) | (seconds >= 2_000), 20.0 + (seconds // 10) % 2, 20.0)
    rules = _rules(Condition.FROZEN, 0.0, window_ms=1_800_000, needed=100)
    found = _run(rules, signal, every_ms=10_000)
    yield _exact(
        "a value standing still from 60 s, 30 min: raised at", _first(_raised(found)), 1_860_000, "ms"
    )
    yield _exact(
        "moving again at 2000 s, seen at 2010 s: cleared at", _first(_cleared(found)), 2_010_000, "ms"
    )


def _range() -> Iterator[Case]:
    """Range 0 to 100 on a ramp of 1 a second: 100 is within, 101 is not."""
    found = _run(_rules(Condition.OUT_OF_RANGE, 0.0, second=100.0), np.arange(0.0, 110.0), every_ms=1_000)
    yield _exact("ramp of 1/s through the range's end 100: raised at", _first(_raised(found)), 101_000, "ms")


def _repeats() -> Iterator[Case]:
    """Crossings at 0, 10, 20 … s: the third within 30 s is at 20 s; four within 25 s there are never."""
    wave = np.tile([81.0, *[70.0] * 9], 10)
    third = _rules(Condition.HIGH, 80.0, repeat_count=3, repeat_window_ms=30_000)
    yield _exact(
        "a crossing each 10 s, three within 30 s: raised at",
        _first(_raised(_run(third, wave, every_ms=1_000))),
        20_000,
        "ms",
    )
    fourth = _rules(Condition.HIGH, 80.0, repeat_count=4, repeat_window_ms=25_000)
    yield _exact(
        "the same, four within 25 s: alarms", len(_raised(_run(fourth, wave, every_ms=1_000))), 0, "1"
    )


def _combined() -> Iterator[Case]:
    """Two of three ramps that meet 80 at 30, 50 and 70 s, with 5 s of delay: at 55 s; all three: at 70 s."""
    at_s = np.arange(100.0)
    ramps = _interleaved(50.0 + at_s, 30.0 + at_s, 10.0 + at_s)
    for needed, delay_ms, due_ms in ((2, 5_000, 55_000), (3, 0, 70_000), (1, 0, 30_000)):
        rules = compile_rules(
            1,
            [1, 2, 3, 4],
            [0, 1, 2, 0],
            [*[KINDS.index(Condition.HIGH)] * 3, KINDS.index(Condition.COMBINED)],
            [80.0, 80.0, 80.0, np.nan],
            [0.0] * 4,
            [0, 0, 0, delay_ms],
            [0] * 4,
            needed=[1, 1, 1, needed],
            silent=[True, True, True, False],
            members=[(1, 4), (2, 4), (3, 4)],
        )
        found = _raised(step(new_state(rules), rules, ramps))
        yield _exact(
            f"{needed} of 3 limits met at 30, 50, 70 s, delay {delay_ms / 1000:g} s: raised at",
            _first(found),
            due_ms,
            "ms",
        )


def _calendar() -> Iterator[Case]:
    """In force on Mondays from 08:00 in China: a value too high since 07:00 is told at 08:00, not before."""
    monday_seven = 4 * 86_400_000 - 3_600_000  # 1970-01-05, a Monday, 07:00 in China, is 1970-01-04T23:00Z
    week = np.zeros(7 * 24 * 60, np.bool_)
    week[8 * 60 : 20 * 60] = True
    rules = _rules(Condition.HIGH, 80.0, calendar=0, calendars=week[np.newaxis])
    found = _run(rules, np.full(15 * 60, 81.0), every_ms=60_000, begin_ms=monday_seven)
    raised, cleared = _first(_raised(found)), _first(_cleared(found))
    yield _exact(
        "in force from 08:00, too high from 07:00: raised after", raised - monday_seven, 3_600_000, "ms"
    )
    yield _exact("in force until 20:00: cleared after", cleared - monday_seven, 46_800_000, "ms")


def _late() -> Iterator[Case]:
    """Three days late above the limit: no alarm. Eight hours ahead: no alarm, and the next minute counts."""
    rules = _rules(Condition.HIGH, 80.0)
    high = np.full(10, 81.0)
    late = _readings(high, 1_000, begin_ms=10**12)
    late = replace(late, arrived_ms=late.event_ms + 3 * 86_400_000)
    yield _exact("readings three days late: alarms", len(step(new_state(rules), rules, late)), 0, "1")
    state, ahead = new_state(rules), _readings(high, 1_000, begin_ms=10**12 + 8 * 3_600_000)
    ahead = replace(ahead, arrived_ms=ahead.event_ms - 8 * 3_600_000)
    told = len(step(state, rules, ahead))
    yield _exact("a clock eight hours ahead: alarms", told, 0, "1")
    right = _readings(high, 1_000, begin_ms=10**12 + 60_000)
    at = _first(_raised(step(state, rules, right)))
    yield _exact("the clock put right a minute later: raised after", at - 10**12, 60_000, "ms")


def _exact(case: str, ours: float, target: float, unit: str) -> Case:
    return Case(case, _SOURCE, Certainty.SURE, float(target), float(ours), unit, 0.0)


def _rules(
    kind: Condition,
    threshold: float,
    *,
    deadband: float = 0.0,
    on_delay_ms: int = 0,
    off_delay_ms: int = 0,
    calendars: NDArray[np.bool_] | None = None,
    **more: float,
) -> Rules:
    """One condition of point 0; *more* are further columns of `compile_rules`."""
    return compile_rules(
        1,
        [1],
        [0],
        [KINDS.index(kind)],
        [threshold],
        [deadband],
        [on_delay_ms],
        [off_delay_ms],
        calendars=calendars,
        **{name: [figure] for name, figure in more.items()},  # type: ignore[arg-type]
    )


def _readings(
    values: NDArray[np.float64],
    every_ms: int,
    quality: Sequence[Quality] | None = None,
    begin_ms: int = 0,
) -> Readings:
    """*values* of point 0, one each *every_ms*, arriving at once."""
    at_ms = begin_ms + np.arange(len(values), dtype=np.int64) * every_ms
    codes = np.array([int(one) for one in quality or [Quality.GOOD] * len(values)], np.uint8)
    return Readings(np.zeros(len(values), np.int32), at_ms, at_ms, values.astype(np.float64), codes)


def _interleaved(*signals: NDArray[np.float64]) -> Readings:
    """One reading a second of each of points 0, 1, …, the last point of a second first."""
    rows = [
        (second, -point, value) for point, signal in enumerate(signals) for second, value in enumerate(signal)
    ]
    rows.sort()
    at_ms = np.array([1_000 * second for second, _, _ in rows], np.int64)
    point = np.array([-point for _, point, _ in rows], np.int32)
    value = np.array([value for _, _, value in rows], np.float64)
    return Readings(point, at_ms, at_ms, value, np.zeros(len(rows), np.uint8))


def _run(
    rules: Rules,
    values: NDArray[np.float64],
    *,
    every_ms: int,
    quality: Sequence[Quality] | None = None,
    begin_ms: int = 0,
) -> Transitions:
    return step(new_state(rules), rules, _readings(values, every_ms, quality, begin_ms))


def _raised(found: Transitions) -> list[int]:
    """Event times at which the condition was raised."""
    return [int(at) for at in found.event_ms[found.raised]]


def _cleared(found: Transitions) -> list[int]:
    return [int(at) for at in found.event_ms[~found.raised]]


def _first(times_ms: Sequence[int]) -> float:
    """The first of *times_ms*; NaN, which fails its case, when there is none."""
    return float(times_ms[0]) if times_ms else math.nan
