"""Rain on slopes: safety factor, thresholds, and the cascade of a tailings pond."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from anlan.kernel.errors import Invalid, NotFound
from anlan.kernel.levels import WarningLevel
from anlan.science.slope import SoilColumn, aggregate, rain_on_slope, safety_factor
from anlan.science.slope.infinite import infiltration_m, seepage_pressure_pa
from anlan.science.slope.rain import curve, effective_rain_mm, threshold_ratio

BLUE, YELLOW, ORANGE, RED = WarningLevel.BLUE, WarningLevel.YELLOW, WarningLevel.ORANGE, WarningLevel.RED
LOESS = SoilColumn(35.0, 2.0, 3000.0, 28.0, 17e3, 1e-6, 0.15, 0.25, suction_pa=6000.0)


@given(st.floats(0, 5e4), st.floats(10, 45), st.floats(0.5, 10), st.floats(5, 60), st.floats(0, 1))
def test_water_and_steepness_weaken_and_strength_helps(
    cohesion: float, friction: float, depth: float, slope: float, wet: float
) -> None:
    def factor(c: float, phi: float, beta: float, share: float) -> float:
        return float(safety_factor(c, phi, 19e3, depth, beta, seepage_pressure_pa(share * depth, beta)))

    here = factor(cohesion, friction, slope, wet)
    assert factor(cohesion + 1000, friction, slope, wet) > here
    assert factor(cohesion, friction + 2, slope, wet) > here
    assert factor(cohesion, friction, slope, 0.0) >= here
    if slope <= 40:  # beyond 45° the share of cohesion grows again
        assert factor(cohesion, friction, slope + 5, 0.0) < factor(cohesion, friction, slope, 0.0)


def test_flat_ground_never_slides_and_uplift_leaves_cohesion() -> None:
    assert float(safety_factor(0.0, 30.0, 19e3, 2.0, 0.0)) == np.inf
    assert float(safety_factor(0.0, 30.0, 19e3, 2.0, 30.0, 1e6)) == 0.0


@pytest.mark.parametrize(
    "arguments",
    [
        (-1.0, 30.0, 19e3, 2.0, 30.0),
        (0.0, 30.0, 19e3, 0.0, 30.0),
        (0.0, 95.0, 19e3, 2.0, 30.0),
        (0.0, 30.0, np.nan, 2.0, 30.0),
    ],
)
def test_impossible_soils_are_refused(arguments: tuple[float, ...]) -> None:
    with pytest.raises(Invalid) as caught:
        safety_factor(*arguments)
    assert any(word in caught.value.title.en for word in ("cohesion", "depth", "friction", "weight"))


@pytest.mark.parametrize(("water", "slope"), [(-1.0, 30.0), (np.nan, 30.0), (1.0, np.nan), (1.0, 120.0)])
def test_water_that_cannot_be_gives_no_pressure(water: float, slope: float) -> None:
    with pytest.raises(Invalid):
        seepage_pressure_pa(water, slope)


@pytest.mark.parametrize(
    "changes",
    [{"depth_m": 0.0}, {"conductivity_m_s": np.nan}, {"cohesion_pa": -1.0}, {"moisture_deficit": 0.0}],
)
def test_a_column_that_cannot_be_is_refused(changes: dict[str, float]) -> None:
    with pytest.raises(Invalid):
        rain_on_slope(replace(LOESS, **changes), np.zeros(3), 3600.0)
    with pytest.raises(Invalid):
        rain_on_slope(LOESS, np.zeros(3), np.inf)


def test_long_rain_brings_a_loess_slope_down_and_dry_days_do_not() -> None:
    dry = rain_on_slope(LOESS, np.zeros(72), 3600.0)
    wet = rain_on_slope(LOESS, np.full(150, 8e-3 / 3600), 3600.0)
    assert (dry.safety_factor > 1).all() and np.ptp(dry.safety_factor) == 0
    assert wet.safety_factor[0] > 1 > wet.safety_factor[-1]
    assert (np.diff(wet.safety_factor) <= 1e-12).all()
    assert wet.front_m[-1] == LOESS.depth_m and 0 < wet.water_m[-1] <= LOESS.depth_m


@given(st.lists(st.floats(0, 50), min_size=1, max_size=40), st.floats(1e-7, 1e-4), st.floats(0.0, 0.2))
@example([1.0], 1e-7, 5e-324)
@example([30.0, 1.0], 1e-6, 2e-12)
def test_no_more_goes_in_than_rains_and_no_less_than_the_soil_must_take(
    rain_mm_h: list[float], k: float, storage: float
) -> None:
    rain = np.array(rain_mm_h) * 1e-3 / 3600
    taken = infiltration_m(rain, 3600.0, k, storage)
    assert (np.diff(taken, prepend=0.0) >= -1e-15).all()
    assert (taken <= np.cumsum(rain) * 3600 + 1e-12).all()
    assert (np.diff(taken, prepend=0.0) >= np.minimum(rain, k) * 3600 - 1e-12).all()


def test_infiltration_hardly_depends_on_the_step() -> None:
    fine = infiltration_m(np.full(360, 1e-5), 60.0, 2e-6, 0.04)[-1]
    assert infiltration_m(np.full(6, 1e-5), 3600.0, 2e-6, 0.04)[-1] == pytest.approx(fine, rel=1e-12)


@pytest.mark.parametrize("hours", [0.0, -1.0, float("nan"), 0.05, 5000.0])
def test_a_threshold_wants_a_duration_that_it_was_drawn_for(hours: float) -> None:
    with pytest.raises(Invalid, match=r"0\.167–240 h"):
        curve("caine_1980").intensity_mm_h([24.0, hours])


def test_negative_rain_is_refused() -> None:
    with pytest.raises(Invalid):
        rain_on_slope(LOESS, [-1e-6], 3600.0)
    with pytest.raises(Invalid):
        threshold_ratio([1.0, np.nan], "caine_1980")
    with pytest.raises(Invalid):
        effective_rain_mm([-1.0])
    with pytest.raises(Invalid):
        effective_rain_mm([1.0], 1.0)
    with pytest.raises(NotFound):
        curve("nowhere_2020")


@given(st.lists(st.floats(0, 60), min_size=1, max_size=72))
def test_more_rain_never_lowers_the_exceedance(hourly: list[float]) -> None:
    rain = np.array(hourly)
    ratio, duration = threshold_ratio(rain, "guzzetti_2008")
    more, _ = threshold_ratio(rain + 1.0, "guzzetti_2008")
    assert (more >= ratio - 1e-12).all()
    assert ((duration >= 1) | (ratio == 0)).all() and (duration <= np.arange(1, len(rain) + 1)).all()


def test_a_storm_is_judged_by_its_worst_duration() -> None:
    rain = np.zeros(30)
    rain[10] = 40.0
    ratio, duration = threshold_ratio(rain, "caine_1980")
    assert ratio[10] == pytest.approx(40.0 / 14.82) and duration[10] == 1
    assert ratio[12] < ratio[10]
    assert threshold_ratio([], "caine_1980")[0].shape == (0,)


def test_yesterdays_rain_counts_84_per_cent() -> None:
    rain = np.array([20.0, 5.0, 0.0])
    assert effective_rain_mm(rain)[-1] == pytest.approx(0.84**2 * 20 + 0.84 * 5)


def test_the_cascade_of_a_tailings_pond() -> None:
    assert aggregate({}).level is None
    assert aggregate({"displacement": [], "seepage": [BLUE]}).level is BLUE
    assert aggregate({"displacement": [BLUE] * 4}).items == {"displacement": YELLOW}
    assert aggregate({"displacement": [BLUE] * 4 + [YELLOW] * 2}).level is ORANGE
    across = aggregate({name: [BLUE] for name in ("displacement", "seepage", "beach", "level")})
    assert across.level is YELLOW and set(across.items.values()) == {BLUE}
    assert aggregate({"displacement": [YELLOW] * 3, "seepage": [ORANGE]}).level is RED
    assert aggregate({"displacement": [YELLOW] * 2, "seepage": [BLUE]}).level is YELLOW


levels = st.lists(st.sampled_from([BLUE, YELLOW, ORANGE, RED]), max_size=6)


@given(
    st.dictionaries(st.sampled_from("abcd"), levels, max_size=4), st.sampled_from([BLUE, YELLOW, ORANGE, RED])
)
def test_one_more_warning_never_lowers_the_level(
    points: dict[str, list[WarningLevel]], one: WarningLevel
) -> None:
    order = [None, BLUE, YELLOW, ORANGE, RED]
    more = points | {"a": [*points.get("a", []), one]}
    assert order.index(aggregate(more).level) >= order.index(aggregate(points).level)
    assert order.index(aggregate(more).level) >= order.index(one)
