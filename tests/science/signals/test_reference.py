"""The kernel and the plain reference agree on any stream, however it is cut into batches."""

import math
from dataclasses import replace
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.science.signals.columns import changes, columns, rules_of

from anlan.kernel.levels import Condition
from anlan.kernel.quality import Quality
from anlan.science.signals import KINDS, new_state, silence, step
from anlan.science.signals.reference import PLAIN, RATES, Bench, Change, Limit, Reading

MINUTE = 60_000
SHIFTS = (None, None, ((0, 7 * 1440),), ((0, 3),), ((1, 2), (4, 5)))
"""Minutes of the week from Monday morning; the streams below begin then."""
MONDAY_MS = 4 * 24 * 3_600_000 - 8 * 3_600_000
LATE_MS, AHEAD_MS = 120_000, 60_000

values = st.one_of(
    st.integers(0, 10).map(float), st.just(math.nan), st.just(math.inf), st.floats(0, 10, allow_nan=False)
)
seconds = st.integers(0, 300).map(lambda second: second * 1000)


def only(condition, strategy, otherwise):
    return strategy if condition else st.just(otherwise)


@st.composite
def limits_of_points(draw):
    """Up to nine conditions of four points, some of them members of up to two combined ones."""
    drawn = []
    for number in draw(st.permutations(range(draw(st.integers(0, 9))))):
        kind = draw(st.sampled_from([kind for kind in KINDS if kind is not Condition.COMBINED]))
        point = draw(st.integers(0, 3))
        windowed = kind in (*RATES, Condition.FROZEN)
        counts = kind in (*PLAIN, Condition.DEVIATION, Condition.OUT_OF_RANGE)
        compares = kind is Condition.DEVIATION or (kind is Condition.FROZEN and draw(st.booleans()))
        drawn.append(
            Limit(
                number=number,
                point=point,
                kind=kind,
                threshold=draw(only(kind is not Condition.NO_DATA, st.integers(0, 8).map(float), math.nan)),
                deadband=draw(st.integers(0, 2).map(float)),
                on_delay_ms=draw(seconds.map(lambda ms: ms // 10)),
                off_delay_ms=draw(seconds.map(lambda ms: ms // 10)),
                second=draw(only(kind is Condition.OUT_OF_RANGE, st.sampled_from([9.0, math.nan]), math.nan)),
                window_ms=draw(only(windowed, st.integers(1, 90).map(lambda s: s * 1000), 0)),
                reference=(point + draw(st.integers(1, 3))) % 5 if compares else None,
                reference_stale_ms=draw(seconds),
                needed=draw(only(kind is Condition.FROZEN, st.integers(1, 4), 1)),
                repeat_count=draw(only(counts, st.sampled_from([1, 1, 2, 3, 8]), 1)),
                repeat_window_ms=draw(st.integers(1, 200).map(lambda s: s * 1000)),
                weekly=draw(st.sampled_from(SHIFTS)),
                from_ms=draw(st.sampled_from([0, 0, MONDAY_MS + 60_000])),
                until_ms=draw(st.sampled_from([2**63 - 1, 2**63 - 1, MONDAY_MS + 200_000])),
                silent=draw(st.booleans()),
            )
        )
    pool = [one.number for one in drawn]
    for number in range(20, 20 + (draw(st.integers(0, 2)) if pool else 0)):
        members = draw(st.sets(st.sampled_from(pool), min_size=1, max_size=4))
        drawn.append(
            Limit(
                number=number,
                point=draw(st.integers(0, 3)),
                kind=Condition.COMBINED,
                threshold=math.nan,
                on_delay_ms=draw(seconds.map(lambda ms: ms // 10)),
                off_delay_ms=draw(seconds.map(lambda ms: ms // 10)),
                needed=draw(st.integers(1, 3)),
                weekly=draw(st.sampled_from(SHIFTS)),
                members=tuple(members),
            )
        )
    return drawn


reading = st.builds(
    lambda point, second, value, quality, behind_s: Reading(
        point, MONDAY_MS + 1000 * second, value, quality, MONDAY_MS + 1000 * (second + behind_s)
    ),
    point=st.integers(0, 4),
    second=st.integers(0, 300),
    value=values,
    quality=st.sampled_from([Quality.GOOD, Quality.GOOD, Quality.GOOD, *Quality]),
    behind_s=st.sampled_from([0, 0, 0, 0, 5, 120, 121, 4000, -59, -60, -61, -28_800]),
)
pause = st.integers(0, 400).map(lambda second: MONDAY_MS + 1000 * second)


@st.composite
def streams(draw):
    """Stretches of readings, most of them in order, with pauses between."""
    stretches = draw(st.lists(st.one_of(st.lists(reading, max_size=25), pause), max_size=6))
    if draw(st.booleans()):
        return [
            sorted(one, key=lambda reading: reading.event_ms) if isinstance(one, list) else one
            for one in stretches
        ]
    return stretches


def same(one: list[Change], other: list[Change]) -> bool:
    return repr(one) == repr(other)  # NaN equals NaN in words


def untold(change: Change) -> Change:
    """A combined condition has no value of its own: the deciding reading's is another point's."""
    return replace(change, value=math.nan) if change.number >= 20 else change


@settings(max_examples=250, deadline=None)
@given(limits_of_points(), streams())
def test_kernel_equals_reference(limits, stream):
    rules = rules_of(limits, late_after_ms=LATE_MS, ahead_ms=AHEAD_MS)
    bench, state = Bench(limits, LATE_MS, AHEAD_MS), new_state(rules)
    for event in stream:
        if isinstance(event, int):
            expected = sorted(bench.silence(event), key=lambda change: change.number)
            found = sorted(changes(silence(state, rules, event)), key=lambda change: change.number)
        else:
            expected = [untold(change) for one in event for change in bench.read(one)]
            found = changes(step(state, rules, columns(event)))
        assert same(found, expected)
    assert set(rules.condition[state.active].tolist()) == bench.active


@settings(max_examples=100, deadline=None)
@given(limits_of_points(), st.lists(reading, max_size=30), st.lists(st.integers(0, 30), max_size=4))
def test_the_cut_into_batches_does_not_matter(limits, stream, cuts):
    rules = rules_of(limits, late_after_ms=LATE_MS, ahead_ms=AHEAD_MS)
    whole = changes(step(new_state(rules), rules, columns(stream)))
    state, pieces, edges = new_state(rules), [], [0, *sorted(cuts), len(stream)]
    for start, end in pairwise(edges):
        pieces += changes(step(state, rules, columns(stream[start:end])))
    assert same(pieces, whole)
