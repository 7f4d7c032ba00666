"""The kernel and the plain reference agree on any stream, however it is cut into batches."""

import math
from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.kernel.levels import Condition
from anlan.kernel.quality import Quality
from anlan.science.signals import KINDS, Readings, Transitions, compile_rules, new_state, silence, step
from anlan.science.signals.reference import Bench, Change, Limit, Reading

values = st.one_of(
    st.integers(0, 10).map(float), st.just(math.nan), st.just(math.inf), st.floats(0, 10, allow_nan=False)
)
limit = st.builds(
    Limit,
    number=st.just(0),
    point=st.integers(0, 3),
    kind=st.sampled_from(KINDS),
    threshold=st.integers(2, 8).map(float),
    deadband=st.integers(0, 2).map(float),
    on_delay_ms=st.integers(0, 5),
    off_delay_ms=st.integers(0, 5),
)
reading = st.builds(
    Reading,
    point=st.integers(0, 4),
    event_ms=st.integers(0, 30),
    value=values,
    quality=st.sampled_from(Quality),
    arrived_ms=st.integers(0, 30),
)
pause = st.integers(0, 60)


def number(limits: list[Limit], order: list[int]) -> list[Limit]:
    return [
        Limit(new, one.point, one.kind, one.threshold, one.deadband, one.on_delay_ms, one.off_delay_ms)
        for new, one in zip(order, limits, strict=True)
    ]


def columns(readings: list[Reading]) -> Readings:
    return Readings(
        np.array([one.point for one in readings], np.int32),
        np.array([one.event_ms for one in readings], np.int64),
        np.array([one.arrived_ms for one in readings], np.int64),
        np.array([one.value for one in readings], np.float64),
        np.array([one.quality for one in readings], np.uint8),
    )


def changes(found: Transitions) -> list[Change]:
    rows = zip(
        found.condition.tolist(),
        found.raised.tolist(),
        found.event_ms.tolist(),
        found.value.tolist(),
        strict=True,
    )
    return [Change(*row) for row in rows]


def same(one: list[Change], other: list[Change]) -> bool:
    return repr(one) == repr(other)  # NaN equals NaN in words


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_kernel_equals_reference(data):
    drawn = data.draw(st.lists(limit, max_size=8))
    limits = number(drawn, data.draw(st.permutations(range(len(drawn)))))
    rules = compile_rules(
        1,
        [one.number for one in limits],
        [one.point for one in limits],
        [KINDS.index(one.kind) for one in limits],
        [one.threshold if one.kind is not Condition.NO_DATA else math.nan for one in limits],
        [one.deadband for one in limits],
        [one.on_delay_ms for one in limits],
        [one.off_delay_ms for one in limits],
    )
    bench, state = Bench(limits), new_state(rules)
    for event in data.draw(st.lists(st.one_of(st.lists(reading, max_size=12), pause), max_size=6)):
        if isinstance(event, int):
            expected = sorted(bench.silence(event), key=lambda change: change.number)
            found = sorted(changes(silence(state, rules, event)), key=lambda change: change.number)
        else:
            expected = [change for one in event for change in bench.read(one)]
            found = changes(step(state, rules, columns(event)))
        assert same(found, expected)
    assert set(rules.condition[state.active].tolist()) == bench.active


@settings(max_examples=100, deadline=None)
@given(st.lists(reading, max_size=30), st.lists(st.integers(0, 30), max_size=4))
def test_the_cut_into_batches_does_not_matter(stream, cuts):
    rules = compile_rules(
        1,
        [1, 2],
        [0, 1],
        [KINDS.index(Condition.HIGH), KINDS.index(Condition.LOW)],
        [5, 3],
        [1, 0],
        [3, 0],
        [0, 4],
    )
    whole = changes(step(new_state(rules), rules, columns(stream)))
    state, pieces, edges = new_state(rules), [], [0, *sorted(cuts), len(stream)]
    for start, end in pairwise(edges):
        pieces += changes(step(state, rules, columns(stream[start:end])))
    assert same(pieces, whole)
