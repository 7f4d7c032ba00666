"""A GNSS point on a pit wall: noise, gaps and outliers in, velocity, grade and time of failure out."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.kernel.errors import Invalid
from anlan.kernel.levels import WarningLevel
from anlan.science.slope import Outlook, Scenario, VelocityTable, assess, failure_time
from anlan.science.slope.gnss import filter_track
from anlan.science.slope.grading import references_exceeded, tangent_angle_deg, tangent_grade

DAY = 86_400.0
MM_D = 1e-3 / DAY
TABLE = VelocityTable(
    {
        WarningLevel.BLUE: 2 * MM_D,
        WarningLevel.YELLOW: 10 * MM_D,
        WarningLevel.ORANGE: 20 * MM_D,
        WarningLevel.RED: 50 * MM_D,
    },
    "mine filing 2026-1",
)


def creeping_to_failure(
    days: int, life_days: float, noise_m: float, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Positions of a point whose inverse velocity falls linearly to zero at *life_days* (Fukuzono)."""
    times = np.arange(float(days)) * DAY
    path = np.log(life_days / (life_days - times / DAY))
    random = np.random.default_rng(seed)
    return times, path[:, None] * np.array([0.8, 0.4, -0.45]) + random.normal(0, noise_m, (days, 3))


def creeping(rate_m_s: float, noise_m: float, days: int = 60, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    times = np.arange(float(days)) * DAY
    noise = np.random.default_rng(seed).normal(0, noise_m, (days, 3))
    return times, (rate_m_s * times)[:, None] * np.array([0.6, 0.0, -0.8]) + noise


@pytest.mark.parametrize("seed", range(4))
def test_the_failure_of_an_accelerating_slope_lies_in_the_band(seed: int) -> None:
    times, positions = creeping_to_failure(120, 140.0, 0.003, seed)
    result = assess(Scenario("GP1", times, positions, 0.003, TABLE))
    forecast = result.forecast
    assert forecast.outlook is Outlook.FAILURE
    assert forecast.time_s / DAY == pytest.approx(140.0, abs=4.0)
    assert forecast.early_s < 140.0 * DAY < forecast.late_s
    assert result.level is WarningLevel.ORANGE and result.level_by_table is WarningLevel.ORANGE


def test_a_point_at_rest_is_no_alarm_however_noisy() -> None:
    for seed in range(5):
        times, positions = creeping(0.0, 0.004, seed=seed)
        result = assess(Scenario("GP2", times, positions, 0.004, TABLE))
        assert result.level is None
        assert result.forecast.outlook is not Outlook.FAILURE
        assert abs(result.velocity_m_s) < 2 * MM_D


def test_uniform_creep_is_45_degrees_and_no_forecast() -> None:
    times, positions = creeping(4 * MM_D, 0.002)
    result = assess(Scenario("GP3", times, positions, 0.002, TABLE))
    assert result.velocity_m_s / MM_D == pytest.approx(4.0, abs=0.5)
    assert result.angle_deg == pytest.approx(45.0, abs=4.0)
    assert result.forecast.outlook is Outlook.NO_TREND
    assert result.level_by_table is WarningLevel.BLUE
    assert result.level_by_angle is None


def test_a_single_wild_position_and_a_gap_change_nothing_and_are_told() -> None:
    times, positions = creeping(4 * MM_D, 0.002)
    spoiled = positions.copy()
    spoiled[30] += [0.5, 0.0, 0.0]
    spoiled[40:45] = np.nan
    clean = assess(Scenario("GP4", times, positions, 0.002))
    result = assess(Scenario("GP4", times, spoiled, 0.002))
    assert result.velocity_m_s == pytest.approx(clean.velocity_m_s, abs=0.3 * MM_D)
    assert not result.track.used[30] and not result.track.used[40:45].any()
    assert "slope.positions_set_aside" in {caveat.code for caveat in result.manifest.caveats}


def hourly(velocity_m_d: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
    times = np.arange(float(len(velocity_m_d))) * 3600.0
    path = np.cumsum(velocity_m_d) / 24.0
    noise = np.random.default_rng(seed).normal(0, 0.003, (len(times), 3))
    return times, path[:, None] * np.array([0.6, 0.0, -0.8]) + noise


@pytest.mark.parametrize(("hours", "final_m_d"), [(24, 0.1), (12, 0.2), (6, 0.5), (3, 1.0)])
def test_a_slope_that_breaks_away_this_morning_is_red_after_two_months_of_quiet(
    hours: int, final_m_d: float
) -> None:
    velocity = np.full(1440, 0.005)
    velocity[-hours:] += (final_m_d - 0.005) * (np.arange(1, hours + 1) / hours) ** 2
    result = assess(Scenario("GP8", *hourly(velocity, 1), 0.003, TABLE))
    assert result.level is WarningLevel.RED
    assert result.velocity_m_s * DAY == pytest.approx(final_m_d, rel=0.3)
    assert result.forecast.outlook is Outlook.FAILURE


@pytest.mark.parametrize("ago", [1, 2, 3, 5, 20])
def test_a_slip_of_half_a_metre_today_is_red_though_the_slope_rests_again(ago: int) -> None:
    times, positions = hourly(np.full(1440, 0.005), 2)
    positions[-ago:] += [0.3, 0.0, -0.4]
    result = assess(Scenario("GP9", times, positions, 0.003, TABLE))
    assert result.level is WarningLevel.RED
    assert result.track.used[-ago:].all()


def test_two_months_of_hourly_quiet_raise_nothing() -> None:
    for seed in range(12):
        result = assess(Scenario("GP10", *hourly(np.full(1440, 0.0), seed), 0.003, TABLE))
        assert result.level is None and result.forecast.outlook is not Outlook.FAILURE


def test_a_missing_latest_position_is_told() -> None:
    times, positions = creeping(4 * MM_D, 0.002)
    positions[-1] = np.nan
    result = assess(Scenario("GP5", times, positions, 0.002))
    assert "slope.last_missing" in {caveat.code for caveat in result.manifest.caveats}
    assert np.isfinite(result.velocity_m_s)


@settings(max_examples=10)
@given(st.integers(0, 50), st.floats(0, 2 * np.pi))
def test_turning_the_axes_turns_nothing_that_matters(seed: int, turn: float) -> None:
    times, positions = creeping_to_failure(60, 90.0, 0.002, seed)
    c, s = np.cos(turn), np.sin(turn)
    turned = positions @ np.array([[c, s, 0], [-s, c, 0], [0, 0, 1]])
    one = filter_track(times, positions, 0.002, density_m2_d5=1e-9, window=61).along()
    other = filter_track(times, turned, 0.002, density_m2_d5=1e-9, window=61).along()
    np.testing.assert_allclose(one.velocity_m_s, other.velocity_m_s, rtol=1e-6, atol=1e-15)


def test_the_filter_knows_how_wrong_it_is() -> None:
    errors, sds = [], []
    for seed in range(40):
        times, positions = creeping(3 * MM_D, 0.003, days=40, seed=seed)
        track = filter_track(times, positions, 0.003, density_m2_d5=1e-10)
        errors.append(track.velocity_m_s[-1, 0] - 0.6 * 3 * MM_D)
        sds.append(track.velocity_sd_m_s[-1, 0])
    assert np.std(errors) == pytest.approx(np.mean(sds), rel=0.4)


def test_uneven_times_are_no_obstacle() -> None:
    random = np.random.default_rng(1)
    times = np.sort(random.uniform(0, 60, 80)) * DAY
    track = filter_track(times, 5 * MM_D * times + random.normal(0, 0.001, 80), 0.001)
    assert track.velocity_m_s[-1, 0] / MM_D == pytest.approx(5.0, abs=0.4)


@pytest.mark.parametrize("noise", [0.5, 8.0])
def test_the_band_holds_the_true_time_as_often_as_it_says(noise: float) -> None:
    random = np.random.default_rng(4)
    days = np.arange(60.0, 100.0)
    inside = 0
    for _ in range(400):
        inverse = 140.0 - days + random.normal(0, noise, len(days))
        found = failure_time(days, np.where(inverse > 0, 1 / inverse, np.nan), 0.9)
        inside += found.outlook is Outlook.FAILURE and found.early_s <= 140.0 <= found.late_s
    assert 0.86 <= inside / 400 <= 0.97


@given(st.floats(1.5, 5.0), st.floats(1e-9, 1e-3), st.integers(5, 60))
def test_exact_creep_fails_when_it_must(share: float, scale: float, count: int) -> None:
    times = np.arange(float(count))
    life = share * count
    found = failure_time(times, scale / (life - times))
    assert found.time_s == pytest.approx(life, rel=1e-6)
    assert found.early_s <= found.time_s <= found.late_s


def test_a_slowing_slope_has_no_failure_and_a_silent_one_too_few_velocities() -> None:
    days = np.arange(20.0)
    assert failure_time(days, 1.0 / (10 + days)).outlook is Outlook.NO_TREND
    assert failure_time(days, np.full(20, 0.3)).outlook is Outlook.NO_TREND
    assert failure_time(days, np.full(20, -0.3)).outlook is Outlook.TOO_FEW
    assert failure_time(1e9 * days, 1e-300 * np.exp(days)).outlook is Outlook.FAILURE
    assert failure_time([], []).outlook is Outlook.TOO_FEW
    with pytest.raises(Invalid):
        failure_time([1.0, 2.0], [1.0])
    with pytest.raises(Invalid):
        failure_time([1.0], [1.0], confidence=1.5)


@pytest.mark.parametrize(
    ("times", "positions", "sd"),
    [
        ([0.0, 1.0, 2.0], [0.0, 0.0, 0.0], 0.01),
        ([0.0, 2.0, 1.0, 3.0], [0.0] * 4, 0.01),
        ([0.0, 1.0, 2.0, 3.0], [0.0] * 5, 0.01),
        ([0.0, 1.0, 2.0, 3.0], [np.nan] * 4, 0.01),
        ([0.0, 1.0, 2.0, 3.0], [0.0] * 4, 0.0),
        ([0.0, 1.0, 2.0, np.nan], [0.0] * 4, 0.01),
    ],
)
def test_records_that_say_nothing_are_refused(times: list[float], positions: list[float], sd: float) -> None:
    with pytest.raises(Invalid):
        filter_track(times, positions, sd)


@given(st.floats(0, 1e-3), st.floats(0, 1e-3))
def test_a_faster_slope_never_has_a_milder_grade(one: float, other: float) -> None:
    ladder = [None, *TABLE.limits_m_s]
    slow, fast = sorted([one, other])
    assert ladder.index(TABLE.grade(slow)) <= ladder.index(TABLE.grade(fast))
    slow_deg, fast_deg = tangent_angle_deg([slow, fast], 1e-8)
    order = [None, WarningLevel.YELLOW, WarningLevel.ORANGE, WarningLevel.RED]
    assert order.index(tangent_grade(slow_deg)) <= order.index(tangent_grade(fast_deg))


def test_a_table_that_does_not_rise_is_refused() -> None:
    with pytest.raises(Invalid):
        VelocityTable({WarningLevel.YELLOW: 2.0, WarningLevel.RED: 1.0}, "wrong")
    with pytest.raises(Invalid):
        VelocityTable({}, "empty")
    with pytest.raises(Invalid):
        tangent_angle_deg(1.0, 0.0)


def test_reference_values_of_the_code_are_named_when_exceeded() -> None:
    assert references_exceeded({"rate": 10 * MM_D}) == ()
    assert references_exceeded({"rate": 11 * MM_D, "crack": 0.06}) == ("rate", "crack")
    assert references_exceeded({"instantaneous_rate": 5e-3 / 3600}) == ("instantaneous_rate",)
    times, positions = creeping(20 * MM_D, 0.001)
    result = assess(Scenario("GP6", times, positions, 0.001, height_m=150.0))
    assert set(result.references_exceeded) == {"rate", "settlement_ratio"}


def test_the_answer_is_plain_json_and_names_its_record() -> None:
    times, positions = creeping(4 * MM_D, 0.002)
    said = json.loads(
        json.dumps(assess(Scenario("GP7", times, positions, 0.002, TABLE)).as_json(), allow_nan=False)
    )
    assert said["manifest"]["inputs"]["table"] == "mine filing 2026-1"
    other = assess(Scenario("GP7", times, positions + 0.001 * np.eye(60, 3), 0.002, TABLE))
    assert other.manifest.digest != said["manifest"]["digest"]
