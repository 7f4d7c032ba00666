"""Readings become batches: each of them once, in tables that the door takes."""

import json

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.edge.core.readings import MAX_CELLS, Reading, body_of, columns_of, sheets_of
from anlan.kernel.quality import Quality
from anlan.stream.contract import PointList, decode, validate

readings = st.builds(
    Reading,
    tag=st.sampled_from(["T-101", "L-101", "压力 P-3", "F-7"]),
    unit=st.just("kPa"),
    event_ms=st.integers(1_700_000_000_000, 1_700_000_000_020),
    value=st.floats(-1e6, 1e6),
    quality=st.sampled_from(Quality),
)


def told(sheets):
    return [
        (tag, int(at), float(sheet.values[row, column]), Quality(int(sheet.quality[row, column])))
        for sheet in sheets
        for row, at in enumerate(sheet.times_ms)
        for column, tag in enumerate(sheet.tags)
        if sheet.origin[row, column] >= 0
    ]


@given(st.lists(readings, max_size=80))
@settings(max_examples=100, deadline=None)
def test_every_reading_is_in_one_batch_and_repetitions_are_in_none(given_readings) -> None:
    found = told(sheets_of(columns_of(given_readings)))
    assert len(found) == len(set(found))
    assert set(found) == {(one.tag, one.event_ms, one.value, one.quality) for one in given_readings}


def test_of_two_words_about_one_moment_the_later_is_sent_later() -> None:
    first, second = Reading("T", "K", 1, 20.0), Reading("T", "K", 1, 21.0)
    assert [value for _, _, value, _ in told(sheets_of(columns_of([first, second, first])))] == [20.0, 21.0]


def test_thousands_of_points_that_all_speak_at_their_own_moment_keep_to_the_bounds() -> None:
    spread = [
        Reading(f"T-{index % 700}", "K", 1_700_000_000_000 + index, float(index)) for index in range(4_000)
    ]
    sheets = list(sheets_of(columns_of(spread)))
    assert sum(len(sheet) for sheet in sheets) == len(spread)
    assert all(sheet.values.size <= MAX_CELLS for sheet in sheets)
    assert len(sheets) < 250


def test_a_batch_is_what_the_contract_says_and_holes_are_not_readings() -> None:
    ragged = [
        Reading("T", "K", 1_700_000_000_000, 20.5),
        Reading("L", "m", 1_700_000_000_500, 3.1, Quality.UNCERTAIN),
    ]
    (sheet,) = sheets_of(columns_of(ragged))
    message = decode(body_of(sheet.payload(), "tank-farm", "boot", 7))
    assert (message.source, message.epoch, message.sequence) == ("tank-farm", "boot", 7)
    directory = {"T": (1, "K"), "L": (2, "m")}
    checked = validate(message, PointList(message.points, message.units), directory, 1_700_000_001_000)
    assert not checked.rejections
    assert (checked.value.tolist(), checked.quality.tolist()) == ([20.5, 3.1], [0, 1])


def test_a_unit_that_nobody_claims_is_not_claimed() -> None:
    (sheet,) = sheets_of(columns_of([Reading("T", None, 1, 2.0)]))
    assert "units" not in json.loads(sheet.payload())
    assert np.array_equal(sheet.origin, [[0]])
