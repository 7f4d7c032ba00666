"""The short look at a sound message says what the long look at each reading says."""

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from anlan.stream import contract
from anlan.stream.contract import EARLIEST_MS, FUTURE_ALLOWED_MS, Message, PointList, Reject, validate

NOW_MS = 1_700_000_000_000
DIRECTORY = {"T-101": (11, "°C"), "L-101": (12, "m"), "P-101": (13, "kPa")}
UNITS = {tag: unit for tag, (_, unit) in DIRECTORY.items()}

mostly = st.sampled_from  # what is sound stands several times in each list
tags = mostly(["T-101", "T-101", "L-101", "L-101", "P-101", "P-101", "X-999"])
moments = st.builds(
    lambda base, more: base + more,
    mostly([NOW_MS, NOW_MS, NOW_MS, EARLIEST_MS, EARLIEST_MS - 5, NOW_MS + FUTURE_ALLOWED_MS]),
    st.integers(0, 5),
)
readings = mostly([20.5, 20.6, 0.0, -1.0, 20.5, 3.1, 7.0, None, math.inf])
codes = mostly([0, 0, 0, 1, 3, 99, -1])


@st.composite
def batches(draw):
    points = draw(st.lists(tags, min_size=1, max_size=3))
    times = draw(st.lists(moments, min_size=1, max_size=3))
    rows = st.lists(readings, min_size=len(points), max_size=len(points))
    marks = st.lists(codes, min_size=len(points), max_size=len(points))
    units = draw(st.sampled_from([None, [UNITS.get(tag, "") for tag in points], ["°C"] * len(points)]))
    return Message(
        1,
        "tank-farm",
        "e",
        1,
        points=points,
        units=units,
        times_ms=times,
        values=[draw(rows) for _ in times],
        quality=draw(st.one_of(st.none(), st.just([draw(marks) for _ in times]))),
    )


singles = st.builds(
    Message,
    st.just(1),
    st.just("tank-farm"),
    st.just("e"),
    st.just(1),
    point=tags,
    unit=st.sampled_from([None, "°C", "m"]),
    time_ms=moments,
    value=readings,
    quality=st.one_of(st.none(), codes),
)


@given(st.one_of(batches(), singles))
def test_the_short_look_and_the_long_one_agree(message):
    points = PointList(message.points or [message.point], message.units or (message.unit and [message.unit]))
    short = validate(message, points, DIRECTORY, NOW_MS)
    times, values, quality = contract._columns(message, len(points.tags))
    columns = PointList(points.tags, points.units).columns_in(DIRECTORY)
    long = contract._reading_by_reading(points.tags, columns, times, values, quality, NOW_MS)
    for name in ("point", "event_ms", "value", "quality"):
        ours, theirs = getattr(short, name), getattr(long, name)
        assert ours.dtype == theirs.dtype
        np.testing.assert_array_equal(ours, theirs)
    assert repr(short.rejections) == repr(long.rejections)  # as text: NaN is not itself


def test_a_list_that_serves_on_follows_the_registry():
    points = PointList(["T-101"], ["°C"])
    message = Message(1, "tank-farm", "e", 1, points=["T-101"], times_ms=[NOW_MS], values=[[20.5]])
    assert len(validate(message, points, DIRECTORY, NOW_MS)) == 1
    moved = validate(message, points, {"T-101": (77, "°C")}, NOW_MS)
    assert moved.point.tolist() == [77]
    (told,) = validate(message, points, {"T-101": (77, "K")}, NOW_MS).rejections
    assert told.reason is Reject.UNIT_MISMATCH
