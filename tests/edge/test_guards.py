"""A source's clock and scale are checked before they are believed; nothing is thrown away."""

import pytest
from tests.edge.conftest import NOON_MS

from anlan.edge.core.guards import ClockGuard, ScaleGuard
from anlan.edge.core.readings import Reading
from anlan.kernel.quality import Quality

HOUR_MS = 3_600_000
TEN_YEARS_MS = 3653 * 86_400_000


def at(offset_ms: int, value: float = 500.0) -> Reading:
    return Reading("PI-101", "kPa", NOON_MS + offset_ms, value)


@pytest.mark.parametrize(
    "offset_ms",
    [8 * HOUR_MS, -26 * TEN_YEARS_MS // 10, 10 * TEN_YEARS_MS],
    ids=["cst_for_utc", "year_2000", "far_ahead"],
)
def test_a_time_that_cannot_be_right_gives_way_to_the_arrival_and_both_are_told(offset_ms: int) -> None:
    guard = ClockGuard()
    passed = guard.pass_on(at(offset_ms), NOON_MS)
    assert (passed.event_ms, passed.quality) == (NOON_MS, Quality.UNCERTAIN)
    (fault,) = guard.last
    assert (fault.device_ms, fault.arrived_ms) == (NOON_MS + offset_ms, NOON_MS)


def test_what_is_three_days_late_keeps_its_own_time() -> None:
    guard = ClockGuard()
    late = at(-72 * HOUR_MS)
    assert guard.pass_on(late, NOON_MS) == late and guard.faults == 0


def test_a_little_ahead_is_no_fault_and_the_offset_is_told() -> None:
    guard = ClockGuard(ahead_s=60)
    assert guard.pass_on(at(45_000), NOON_MS).quality is Quality.GOOD
    assert guard.offset_s == 45.0


def test_a_bad_reading_with_a_wrong_time_stays_bad() -> None:
    bad = at(8 * HOUR_MS)._replace(quality=Quality.BAD)
    assert ClockGuard().pass_on(bad, NOON_MS).quality is Quality.BAD


@pytest.mark.parametrize("jumped", [0.5, 0.52])
def test_a_pressure_that_falls_to_a_thousandth_at_once_may_be_another_unit(jumped: float) -> None:
    guard = ScaleGuard(0, 1600)
    assert guard.pass_on(at(0, 500.0)).quality is Quality.GOOD
    assert guard.pass_on(at(1, jumped)).quality is Quality.UNCERTAIN
    assert guard.pass_on(at(2, jumped)).quality is Quality.UNCERTAIN, "and stays so"
    assert guard.pass_on(at(3, 505.0)).quality is Quality.GOOD, "until it is what it was"
    assert guard.suspicious == 2


def test_a_value_beyond_what_the_instrument_can_measure_is_uncertain_and_still_sent() -> None:
    passed = ScaleGuard(0, 1600).pass_on(at(0, 500_000.0))
    assert (passed.value, passed.quality) == (500_000.0, Quality.UNCERTAIN)


def test_a_gas_that_rises_from_nothing_is_believed() -> None:
    guard = ScaleGuard(0, 1000)
    assert guard.pass_on(at(0, 0.1)).quality is Quality.GOOD
    assert guard.pass_on(at(1, 9.0)).quality is Quality.GOOD
    assert guard.pass_on(at(2, 400.0)).quality is Quality.GOOD


def test_a_tank_that_runs_empty_step_by_step_is_believed() -> None:
    guard = ScaleGuard(0, 10)
    level = 8.0
    while level > 0.001:
        assert guard.pass_on(at(0, level)).quality is Quality.GOOD
        level *= 0.7
    assert guard.pass_on(at(0, 0.0)).quality is Quality.GOOD
