"""The alarm step against moments and counts that follow from its definitions and are worked by hand.

Delay and dead-band are the terms of alarm management (ANSI/ISA-18.2): a condition must hold
for the on-delay before it is annunciated, and the value must come back beyond the dead-band,
for the off-delay, before it clears. With samples at known times the moment of each transition
is arithmetic, and so is the number of alarms of a chattering signal: the targets are exact and gate.
"""

import math
from collections.abc import Iterator, Sequence

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


def _exact(case: str, ours: float, target: float, unit: str) -> Case:
    return Case(case, _SOURCE, Certainty.SURE, float(target), float(ours), unit, 0.0)


def _rules(
    kind: Condition,
    threshold: float,
    *,
    deadband: float = 0.0,
    on_delay_ms: int = 0,
    off_delay_ms: int = 0,
) -> Rules:
    """One condition of point 0."""
    return compile_rules(
        1, [1], [0], [KINDS.index(kind)], [threshold], [deadband], [on_delay_ms], [off_delay_ms]
    )


def _readings(
    values: NDArray[np.float64],
    every_ms: int,
    quality: Sequence[Quality] | None = None,
) -> Readings:
    """*values* of point 0, one each *every_ms*, arriving at once."""
    at_ms = np.arange(len(values), dtype=np.int64) * every_ms
    codes = np.array([int(one) for one in quality or [Quality.GOOD] * len(values)], np.uint8)
    return Readings(np.zeros(len(values), np.int32), at_ms, at_ms, values.astype(np.float64), codes)


def _run(
    rules: Rules,
    values: NDArray[np.float64],
    *,
    every_ms: int,
    quality: Sequence[Quality] | None = None,
) -> Transitions:
    return step(new_state(rules), rules, _readings(values, every_ms, quality))


def _raised(found: Transitions) -> list[int]:
    """Event times at which the condition was raised."""
    return [int(at) for at in found.event_ms[found.raised]]


def _cleared(found: Transitions) -> list[int]:
    return [int(at) for at in found.event_ms[~found.raised]]


def _first(times_ms: Sequence[int]) -> float:
    """The first of *times_ms*; NaN, which fails its case, when there is none."""
    return float(times_ms[0]) if times_ms else math.nan
