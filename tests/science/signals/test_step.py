"""The alarm step, told as an operator would tell it."""

import numpy as np
import pytest

from anlan.kernel.levels import Condition
from anlan.kernel.quality import Quality
from anlan.science.signals import (
    KINDS,
    Readings,
    Rules,
    State,
    adapt,
    compile_rules,
    listen_from,
    new_state,
    silence,
    step,
    withdrawn,
)

SECOND = 1000


def limits(*rows: dict) -> Rules:
    """Rules from rows that name only what matters to the case."""
    return compile_rules(
        1,
        [row.get("number", index + 1) for index, row in enumerate(rows)],
        [row.get("point", 0) for row in rows],
        [KINDS.index(row.get("kind", Condition.HIGH)) for row in rows],
        [row.get("threshold", np.nan) for row in rows],
        [row.get("deadband", 0.0) for row in rows],
        [row.get("on_delay_s", 0) * SECOND for row in rows],
        [row.get("off_delay_s", 0) * SECOND for row in rows],
    )


def read(*rows: tuple) -> Readings:
    """Readings (second, value[, quality[, point]]) that arrive as they happen."""
    full = [(*row, *(Quality.GOOD, 0)[len(row) - 2 :]) for row in rows]
    seconds = np.array([row[0] for row in full], np.int64) * SECOND
    return Readings(
        np.array([row[3] for row in full], np.int32),
        seconds,
        seconds,
        np.array([row[1] for row in full], np.float64),
        np.array([row[2] for row in full], np.uint8),
    )


def told(rules: Rules, readings: Readings, state: State | None = None) -> list[tuple[int, str, float]]:
    """(condition, what happened, second) of each transition."""
    found = step(state or new_state(rules), rules, readings)
    return [
        (int(number), "raised" if raised else "returned", at / SECOND)
        for number, raised, at in zip(found.condition, found.raised, found.event_ms, strict=True)
    ]


def test_a_level_that_reaches_the_high_limit_raises_and_falling_below_returns():
    rules = limits({"threshold": 80.0})
    assert told(rules, read((0, 79.9), (1, 80.0), (2, 85.0), (3, 79.9))) == [
        (1, "raised", 1),
        (1, "returned", 3),
    ]


def test_low_limits_are_crossed_from_above():
    rules = limits({"kind": Condition.LOW, "threshold": 20.0}, {"kind": Condition.LOW_LOW, "threshold": 10.0})
    assert told(rules, read((0, 25), (1, 20), (2, 9), (3, 15), (4, 21))) == [
        (1, "raised", 1),
        (2, "raised", 2),
        (2, "returned", 3),
        (1, "returned", 4),
    ]


def test_the_dead_band_holds_the_alarm_until_the_value_is_well_back():
    rules = limits({"threshold": 80.0, "deadband": 2.0})
    assert told(rules, read((0, 81), (1, 79), (2, 78), (3, 77.9))) == [(1, "raised", 0), (1, "returned", 3)]


def test_a_lower_limit_has_its_dead_band_above():
    rules = limits({"kind": Condition.LOW, "threshold": 20.0, "deadband": 2.0})
    assert told(rules, read((0, 19), (1, 21), (2, 22), (3, 22.1))) == [(1, "raised", 0), (1, "returned", 3)]


def test_the_on_delay_counts_event_time_and_restarts_when_the_value_drops():
    rules = limits({"threshold": 80.0, "on_delay_s": 10})
    assert told(rules, read((0, 81), (9, 81), (10, 70), (11, 81), (20, 81), (21, 81))) == [(1, "raised", 21)]


def test_the_off_delay_restarts_when_the_value_comes_back_into_the_dead_band():
    rules = limits({"threshold": 80.0, "deadband": 5.0, "off_delay_s": 10})
    assert told(rules, read((0, 81), (1, 70), (5, 76), (6, 70), (15, 70), (16, 70))) == [
        (1, "raised", 0),
        (1, "returned", 16),
    ]


def test_a_bad_reading_neither_raises_nor_clears_nor_stops_the_delay():
    rules = limits({"threshold": 80.0, "on_delay_s": 10})
    bad = Quality.BAD
    assert told(rules, read((0, 99, bad), (1, 81), (5, 0, bad), (11, 81), (12, 0, bad))) == [
        (1, "raised", 11)
    ]


@pytest.mark.parametrize("quality", [Quality.UNCERTAIN, Quality.MANUAL, Quality.SIMULATED])
def test_other_qualities_are_evaluated(quality):
    assert told(limits({"threshold": 80.0}), read((0, 81, quality))) == [(1, "raised", 0)]


def test_a_value_that_falls_to_a_thousandth_and_is_doubted_ends_no_standing_alarm():
    """The unit may have changed: the alarm stands until a reading that is not in doubt says otherwise."""
    doubted = Quality.UNCERTAIN
    rules = limits({"threshold": 80.0}, {"kind": Condition.LOW, "threshold": 10.0})
    readings = read((0, 20), (60, 81), (61, 0.081, doubted), (300, 0.081, doubted), (360, 70))
    assert told(rules, readings) == [
        (1, "raised", 60),
        (2, "raised", 61),
        (1, "returned", 360),
        (2, "returned", 360),
    ]


def test_a_late_or_repeated_reading_is_not_evaluated():
    rules = limits({"threshold": 80.0})
    assert told(rules, read((10, 81), (9, 10), (10, 10), (11, 10))) == [
        (1, "raised", 10),
        (1, "returned", 11),
    ]


def test_a_late_reading_does_not_replace_the_latest_value():
    rules = limits({"threshold": 80.0})
    state = new_state(rules)
    step(state, rules, read((10, 50), (9, 10), (11, 51, Quality.BAD)))
    assert (state.latest_value[0], state.latest_ms[0], state.latest_quality[0]) == (51, 11_000, Quality.BAD)
    assert state.evaluated_ms[0] == 10_000


def test_conditions_of_one_reading_come_in_the_order_of_their_numbers():
    rules = limits(
        {"number": 7, "threshold": 80.0}, {"number": 3, "kind": Condition.HIGH_HIGH, "threshold": 90.0}
    )
    assert told(rules, read((0, 95))) == [(3, "raised", 0), (7, "raised", 0)]


def test_points_without_conditions_and_unheard_of_points_are_remembered_only():
    rules = limits({"threshold": 80.0})
    state = new_state(rules)
    assert told(rules, read((0, 81, Quality.GOOD, 5000)), state) == []
    assert state.latest_value[5000] == 81


def test_silence_longer_than_allowed_opens_no_data_and_any_arrival_closes_it():
    rules = limits({"kind": Condition.NO_DATA, "on_delay_s": 60})
    state = new_state(rules)
    step(state, rules, read((100, 1.0)))
    assert len(silence(state, rules, 100_000)) == 0
    assert len(silence(state, rules, 160_000)) == 0
    opened = silence(state, rules, 160_001)
    assert (opened.condition.tolist(), opened.raised.tolist(), opened.event_ms.tolist()) == (
        [1],
        [True],
        [160_001],
    )
    assert np.isnan(opened.value).all()
    assert len(silence(state, rules, 200_000)) == 0
    assert told(rules, read((50, 1.0, Quality.BAD)), state) == [(1, "returned", 50)]


def test_a_point_that_never_spoke_is_silent_from_when_it_was_first_listened_to():
    rules = limits({"kind": Condition.NO_DATA, "on_delay_s": 60})
    state = new_state(rules)
    assert len(silence(state, rules, 1_000_000)) == 0
    assert len(silence(state, rules, 1_060_001)) == 1


def test_the_listeners_own_absence_is_not_the_points_silence():
    rules = limits({"kind": Condition.NO_DATA, "on_delay_s": 60})
    state = new_state(rules)
    step(state, rules, read((0, 1.0)))
    listen_from(state, rules, 3_600_000)
    assert len(silence(state, rules, 3_660_000)) == 0
    assert len(silence(state, rules, 3_660_001)) == 1


def test_a_clock_set_back_does_not_hide_silence():
    rules = limits({"kind": Condition.NO_DATA, "on_delay_s": 60})
    state = new_state(rules)
    step(state, rules, read((7200, 1.0)))
    listen_from(state, rules, 3_600_000)
    assert len(silence(state, rules, 3_660_001)) == 1


def test_a_raised_threshold_keeps_the_alarm_until_the_next_reading_decides():
    old = limits({"number": 5, "threshold": 80.0})
    state = new_state(old)
    step(state, old, read((0, 85)))
    new = limits({"number": 2, "threshold": 50.0}, {"number": 5, "threshold": 90.0})
    state = adapt(state, old, new)
    assert state.active.tolist() == [False, True]
    assert told(new, read((1, 85)), state) == [(2, "raised", 1), (5, "returned", 1)]


def test_a_changed_threshold_restarts_the_delay_and_an_unchanged_one_does_not():
    old = limits({"threshold": 80.0, "on_delay_s": 10}, {"threshold": 70.0, "on_delay_s": 10})
    state = new_state(old)
    step(state, old, read((0, 85)))
    new = limits({"threshold": 81.0, "on_delay_s": 10}, {"threshold": 70.0, "on_delay_s": 10})
    assert told(new, read((10, 85), (20, 85)), adapt(state, old, new)) == [
        (2, "raised", 10),
        (1, "raised", 20),
    ]


def test_a_withdrawn_limit_is_named_so_that_its_alarm_can_return():
    old = limits({"number": 5, "threshold": 80.0}, {"number": 6, "threshold": 70.0})
    state = new_state(old)
    step(state, old, read((0, 85)))
    new = limits({"number": 6, "threshold": 70.0})
    conditions, points = withdrawn(state, old, new)
    assert (conditions.tolist(), points.tolist()) == ([5], [0])


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ({"threshold": np.nan}, "threshold"),
        ({"threshold": np.inf}, "threshold"),
        ({"threshold": 1.0, "deadband": -1.0}, "dead-band"),
        ({"threshold": 1.0, "on_delay_s": -1}, "delay"),
        ({"threshold": 1.0, "point": -1}, "point"),
    ],
)
def test_rules_without_sense_are_refused(row, complaint):
    with pytest.raises(ValueError, match=complaint):
        limits(row)


def test_a_condition_number_used_twice_is_refused():
    with pytest.raises(ValueError, match="twice"):
        limits({"number": 1, "threshold": 1.0}, {"number": 1, "threshold": 2.0})


def test_nothing_to_read_changes_nothing():
    rules = limits()
    assert len(step(new_state(rules), rules, read())) == 0
    assert len(silence(new_state(rules), rules, 0)) == 0
