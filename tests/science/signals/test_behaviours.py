"""Conditions beyond the four limits, told as an operator would tell them."""

import math
from dataclasses import replace

import numpy as np
import pytest
from tests.science.signals.columns import changes, columns, rules_of

from anlan.kernel.levels import Condition
from anlan.kernel.quality import Quality
from anlan.science.signals import Rules, State, adapt, new_state, silence, step, take_over, withdrawn
from anlan.science.signals.reference import Limit, Reading
from anlan.science.signals.state import NEVER

SECOND, HOUR = 1000, 3_600_000


def read(*rows: tuple, late_s: float = 0) -> list[Reading]:
    """Readings (second, value[, point[, quality]]) that arrive *late_s* after they happened."""
    readings = []
    for row in rows:
        second, value, point, quality = (*row, *(0, Quality.GOOD)[len(row) - 2 :])
        at = round(second * SECOND)
        readings.append(Reading(point, at, value, quality, at + round(late_s * SECOND)))
    return readings


def told(rules: Rules, readings: list[Reading], state: State | None = None) -> list[tuple[int, bool, float]]:
    """(condition, raised, second) of each transition."""
    found = changes(step(state or new_state(rules), rules, columns(readings)))
    return [(change.number, change.raised, change.event_ms / SECOND) for change in found]


HIGH = Limit(1, 0, Condition.HIGH, 80.0)
PUMP_RUNS = Limit(2, 0, Condition.FROZEN, 0.1, window_ms=60_000, needed=3, reference=1)


def test_a_backlog_of_yesterday_raises_nothing_and_ends_no_alarm_of_today():
    rules, state = rules_of([HIGH]), None
    state = new_state(rules)
    assert told(rules, read((90_000, 81.0)), state) == [(1, True, 90_000)]
    assert told(rules, read((90_001, 20.0), (90_002, 95.0), late_s=86_400), state) == []
    assert told(rules, read((90_003, 20.0)), state) == [(1, False, 90_003)]


def test_a_backlog_does_not_prove_that_the_point_speaks_now():
    rules = rules_of([Limit(1, 0, Condition.NO_DATA, math.nan, on_delay_ms=60_000)])
    state = new_state(rules)
    silence(state, rules, 0)
    assert [change.raised for change in changes(silence(state, rules, 61_000))] == [True]
    assert told(rules, read((0, 20.0), late_s=3_600), state) == []
    assert told(rules, read((70, 20.0)), state) == [(1, False, 70)]


def test_a_device_clock_eight_hours_ahead_neither_alarms_nor_hides_what_follows():
    rules = rules_of([HIGH])
    state = new_state(rules)
    assert told(rules, read((8 * 3_600, 99.0), late_s=-8 * 3_600), state) == []
    assert state.latest_ms[0] == NEVER
    assert told(rules, read((1, 81.0)), state) == [(1, True, 1)]


def test_a_replay_of_last_year_is_not_late_by_its_own_clock():
    """The timeline shows 1000 s while the live clock shows a million; it runs four times as fast."""
    rules = replace(
        rules_of([HIGH]),
        clock=np.ones(1, np.int16),
        clock_origin_ms=np.array([0, 1_000_000]),
        clock_anchor_ms=np.array([0, 1_000_000_000]),
        clock_rate=np.array([1.0, 4.0]),
    )
    state = new_state(rules)

    def replayed(event_s, arrived_s):
        return told(rules, [Reading(0, event_s * SECOND, 81.0, Quality.GOOD, arrived_s * SECOND)], state)

    assert replayed(1_000, 1_000_000) == [(1, True, 1_000)]
    assert replayed(1_400, 1_000_000 + 100) == []
    step(state, rules, columns([Reading(0, 1_401_000, 20.0, Quality.GOOD, 1_000_100_000)]))
    assert replayed(1_402, 1_000_000 + 400) == []  # 2600 s by the timeline's clock: twenty minutes late
    assert replayed(2_600, 1_000_000 + 400) == [(1, True, 2_600)]


def test_a_level_that_stands_still_while_the_pump_runs_is_frozen_and_a_standstill_is_not():
    rules = rules_of([PUMP_RUNS])
    still = [(second, 50.0) for second in range(0, 200, 20)]
    stopped = read((0, 0.0, 1), *still)
    assert told(rules, stopped) == []
    running = read((0, 1.0, 1), *still)
    assert told(rules, running) == [(2, True, 60)]
    stops = read((0, 1.0, 1), *still[:5], (90, 0.0, 1), *still[5:])
    assert told(rules, stops) == [(2, True, 60), (2, False, 100)]


def test_while_nobody_knows_whether_the_pump_runs_nothing_is_said():
    rules = rules_of([PUMP_RUNS])
    still = [(second, 50.0) for second in range(0, 200, 20)]
    assert told(rules, read(*still)) == []
    assert told(rules, read((0, 1.0, 1, Quality.BAD), *still)) == []


def test_a_value_out_of_its_range_is_no_reference_for_another_point():
    rules = rules_of(
        [
            Limit(1, 0, Condition.OUT_OF_RANGE, 0.0, second=100.0),
            Limit(2, 1, Condition.DEVIATION, 5.0, reference=0),
        ]
    )
    state = new_state(rules)
    assert told(rules, read((0, 50.0), (0, 70.0, 1)), state) == [(2, True, 0)]
    assert told(rules, read((1, 120.0), (1, 50.0, 1)), state) == [(1, True, 1)]
    assert state.latest_quality[0] == Quality.UNCERTAIN
    assert told(rules, read((2, 50.0), (2, 50.0, 1)), state) == [(1, False, 2), (2, False, 2)]


def test_a_gas_beyond_the_detector_s_range_still_raises_its_high_limit():
    rules = rules_of([HIGH, Limit(2, 0, Condition.OUT_OF_RANGE, 0.0, second=100.0)])
    assert told(rules, read((0, 130.0))) == [(1, True, 0), (2, True, 0)]


def test_two_of_three_detectors_raise_one_alarm_and_the_single_ones_are_silent():
    limits = [
        *(Limit(number, number, Condition.HIGH, 20.0, silent=True) for number in (1, 2, 3)),
        Limit(9, 1, Condition.COMBINED, math.nan, needed=2, members=(1, 2, 3)),
    ]
    rules = rules_of(limits)
    state = new_state(rules)
    assert told(rules, read((0, 25.0, 1), (1, 10.0, 2), (2, 25.0, 3), (3, 25.0, 2), (4, 10.0, 1)), state) == [
        (9, True, 2)
    ]
    assert told(rules, read((5, 10.0, 3)), state) == [(9, False, 5)]


def test_a_shift_that_ends_takes_its_alarm_with_it_though_nothing_is_read():
    monday = 4 * 24 * HOUR - 8 * HOUR
    rules = rules_of([Limit(1, 0, Condition.HIGH, 80.0, weekly=((480, 1200),))])
    state = new_state(rules)
    at = monday + 10 * HOUR
    assert len(step(state, rules, columns([Reading(0, at, 99.0, Quality.GOOD, at)]))) == 1
    assert changes(silence(state, rules, monday + 20 * HOUR - 1)) == []
    (change,) = changes(silence(state, rules, monday + 20 * HOUR))
    assert (change.number, change.raised) == (1, False)
    assert changes(silence(state, rules, monday + 21 * HOUR)) == []


def busy_state() -> tuple[list[Limit], Rules, State]:
    limits = [
        HIGH,
        replace(HIGH, number=2, kind=Condition.HIGH_HIGH, threshold=85.0, on_delay_ms=60_000, silent=True),
        Limit(3, 0, Condition.RISING, 1.0, window_ms=5_000),
        Limit(4, 0, Condition.FROZEN, 0.5, window_ms=5_000),
        Limit(5, 0, Condition.HIGH, 70.0, repeat_count=3, repeat_window_ms=60_000),
        Limit(6, 0, Condition.COMBINED, math.nan, needed=2, members=(1, 2, 3)),
    ]
    rules = rules_of(limits)
    state = new_state(rules)
    step(state, rules, columns(read(*((second, 60.0 + 3 * second) for second in range(12)))))
    assert 1 in rules.condition[state.active] and 3 in rules.condition[state.active]
    return limits, rules, state


def test_the_same_rules_again_change_nothing():
    limits, rules, state = busy_state()
    again = adapt(state, rules, rules_of(limits, version=2))
    for name, column in state.columns().items():
        np.testing.assert_array_equal(again.columns()[name], column, name)


def test_rules_in_another_order_with_others_between_keep_what_each_remembers():
    limits, rules, state = busy_state()
    more = [Limit(90, 0, Condition.LOW, 1.0), Limit(91, 3, Condition.RISING, 1.0, window_ms=5_000), *limits]
    other = adapt(state, rules, rules_of(more, version=2))
    back = adapt(other, rules_of(more, version=2), rules)
    for name in ("active", "pending_ms", "crossed", "held", "place", "ring_ms", "ring_value"):
        np.testing.assert_array_equal(getattr(back, name), getattr(state, name), name)


def test_what_is_silent_is_neither_taken_over_nor_withdrawn():
    _, rules, state = busy_state()
    step(state, rules, columns(read((80, 99.0))))
    assert 2 in rules.condition[state.active]
    take_over(state, rules, np.array([6], np.int32))
    assert set(rules.condition[state.active].tolist()) == {2, 6}
    assert withdrawn(state, rules, rules_of([HIGH]))[0].tolist() == [6]


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        (Limit(1, 0, Condition.RISING, 1.0), "window"),
        (Limit(1, 0, Condition.DEVIATION, 1.0), "reference"),
        (Limit(1, 0, Condition.DEVIATION, 1.0, reference=0), "own reference"),
        (Limit(1, 0, Condition.OUT_OF_RANGE, math.nan), "end"),
        (Limit(1, 0, Condition.OUT_OF_RANGE, 5.0, second=5.0), "beginning"),
        (replace(HIGH, repeat_count=9, repeat_window_ms=1), "repeats"),
        (replace(HIGH, repeat_count=2), "window"),
        (replace(HIGH, from_ms=5, until_ms=5), "ends before"),
        (Limit(1, 0, Condition.COMBINED, math.nan, members=(7,)), "member"),
        (Limit(1, 0, Condition.COMBINED, math.nan, members=(1,)), "not combined"),
        (Limit(1, 0, Condition.RISING, 1.0, window_ms=1, repeat_count=2, repeat_window_ms=1), "repeat count"),
    ],
)
def test_rules_without_sense_are_refused(wrong, complaint):
    with pytest.raises(ValueError, match=complaint):
        rules_of([wrong])
