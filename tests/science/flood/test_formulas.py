"""Breaches, storms, soils and ice: closed forms and their limits."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.kernel.errors import Invalid
from anlan.kernel.fields import Grid
from anlan.science.flood import (
    Breach,
    Culvert,
    DikeBreach,
    Drain,
    FloodScenario,
    GreenAmptSoil,
    Hydrograph,
    Level,
    Rain,
    Reservoir,
    Weir,
    alternating_block,
    breach_hydrograph,
    chicago,
    composite_manning,
    hazard_class,
    hazard_rating,
    ice_stage_rise_m,
    manning_of,
    peak_outflow_m3_s,
    ponded_infiltration_m,
    rational_peak_m3_s,
    roughness,
    scs_runoff_mm,
    triangular,
)
from anlan.science.flood.analytic import bump_flow, macdonald, ritter, stoker, stoker_star
from anlan.science.flood.validation import cases

depths = st.floats(1.0, 300.0)


def test_every_gating_case_of_the_suite_holds() -> None:
    failed = [f"{one.case}: {one.ours} / {one.target}" for one in cases() if one.gates and not one.passed]
    assert not failed


@settings(deadline=None)
@given(st.floats(1.0, 200.0), st.floats(3600.0, 86_400.0), st.floats(0.1, 0.9))
def test_a_design_storm_brings_its_depth_and_peaks_where_asked(
    depth: float, duration: float, peak: float
) -> None:
    for storm in (triangular(depth, duration, peak=peak), chicago(depth, duration, peak=peak)):
        assert storm.depth_mm == pytest.approx(depth, rel=1e-9)
        assert storm.fallen_mm(duration) == pytest.approx(depth, rel=1e-9)
        assert abs((np.argmax(storm.mm_h) + 0.5) / 60 - peak) < 0.04


def test_alternating_blocks_put_the_worst_hour_in_the_middle() -> None:
    storm = alternating_block([40.0, 60.0, 72.0, 80.0, 85.0], 3600.0)
    assert max(storm.mm_h) == 40.0 == storm.mm_h[2] and storm.depth_mm == pytest.approx(85.0)


def test_rain_that_no_sky_sends_is_refused() -> None:
    for times, rates in (
        ((0.0,), (5.0,)),
        ((0.0, 60.0), (-1.0,)),
        ((0.0, 60.0), (float("nan"),)),
        ((0.0, 60.0), (5e4,)),
    ):
        with pytest.raises(Invalid):
            Rain(times, rates)


@settings(deadline=None)
@given(depths, st.floats(30.0, 100.0))
def test_runoff_never_exceeds_rain_and_grows_with_the_curve_number(rain: float, number: float) -> None:
    runoff = float(scs_runoff_mm(rain, number))
    assert 0 <= runoff <= rain + 1e-9
    assert float(scs_runoff_mm(rain, min(number + 1, 100.0))) >= runoff - 1e-9
    assert float(scs_runoff_mm(rain, 100.0)) == pytest.approx(rain)


@settings(deadline=None)
@given(st.floats(1e-8, 1e-4), st.floats(0.01, 1.0), st.floats(0.01, 0.5))
def test_soil_drinks_ever_more_slowly_and_never_less_than_it_conducts(
    k: float, suction: float, deficit: float
) -> None:
    times = np.array([0.0, 600.0, 1200.0, 1800.0])
    taken = ponded_infiltration_m(GreenAmptSoil(k, suction, deficit), times)
    steps = np.diff(taken)
    assert taken[0] == 0 and (np.diff(steps) <= 1e-12).all() and (steps >= k * 600 * (1 - 1e-9)).all()


def test_a_bigger_or_deeper_reservoir_floods_worse() -> None:
    assert peak_outflow_m3_s(2e6, 10) > peak_outflow_m3_s(1e6, 10) > peak_outflow_m3_s(1e6, 8)
    slow = breach_hydrograph(Reservoir(1e6, 10.0), Breach(10.0, 20.0, 3600.0))
    fast = breach_hydrograph(Reservoir(1e6, 10.0), Breach(10.0, 20.0, 300.0))
    assert fast.peak_m3_s > slow.peak_m3_s
    assert fast.volume_m3 == pytest.approx(slow.volume_m3, rel=0.02)


@pytest.mark.parametrize("wrong", [0.0, -1.0, float("nan"), float("inf")])
def test_a_breach_without_water_is_refused(wrong: float) -> None:
    with pytest.raises(Invalid):
        peak_outflow_m3_s(wrong, 10.0)
    with pytest.raises(Invalid):
        rational_peak_m3_s(0.5, 30.0, wrong)


def test_thicker_or_rougher_ice_raises_the_river() -> None:
    assert composite_manning(0.03, 0.015) < 0.03 < composite_manning(0.03, 0.06)
    rises = [ice_stage_rise_m(3.0, 2e-4, 0.03, n, t) for n, t in ((0.02, 0.3), (0.04, 0.3), (0.04, 0.8))]
    assert rises == sorted(rises) and rises[0] > 0


def test_roughness_comes_with_source_and_range() -> None:
    for scheme in ("worldcover", "igbp"):
        for row in roughness(scheme).values():
            assert row.low <= row.manning <= row.high and row.source and row.label.zh
    assert manning_of(np.array([[30, 80]]), "worldcover").tolist() == [[0.035, 0.03]]
    with pytest.raises(Invalid, match="lacks"):
        manning_of(np.array([[31]]), "worldcover")


def test_danger_classes_meet_at_the_published_bounds() -> None:
    assert hazard_class([0.74, 0.75, 1.24, 1.25, 2.0, 2.01]).tolist() == [0, 1, 1, 2, 2, 3]
    for call in (
        lambda: hazard_class(np.nan),
        lambda: hazard_rating(np.nan, 1.0),
        lambda: hazard_rating(1.0, -2.0),
    ):
        with pytest.raises(Invalid):
            call()


def test_the_exact_solutions_agree_with_each_other() -> None:
    x = np.linspace(-3, 3, 601)
    assert np.abs(stoker(x, 1.0, 1.0, 1e-9)[0] - ritter(x, 1.0, 1.0)[0]).max() < 0.02
    middle, velocity, shock = stoker_star(0.005, 0.001)
    assert (middle - 0.001) * shock == pytest.approx(middle * velocity), "mass across the shock"
    depth, bed = macdonald(np.linspace(0, 1000, 5))
    assert bed[0] == pytest.approx(6.952, abs=0.01) and depth[2] == pytest.approx((4 / 9.81) ** (1 / 3) * 1.5)
    assert bump_flow(np.array([1.0]), 4.42, 2.0)[0] == pytest.approx(2.0)


@pytest.mark.parametrize("wrong", [float("nan"), float("inf"), -2.0])
def test_works_and_series_of_impossible_figures_are_refused(wrong: float) -> None:
    """They would let NaN into the water, or take it out through a width below nothing."""
    for make in (
        lambda: Reservoir(wrong, 10.0),
        lambda: Reservoir(1e6, wrong),
        lambda: Breach(10.0, 20.0, wrong),
        lambda: Breach(10.0, wrong, 600.0),
        lambda: Hydrograph((0.0, wrong), (1.0, 0.0)),
        lambda: Hydrograph((0.0, 10.0), (wrong, 0.0)),
        lambda: Level((0.0, wrong), (1.0, 2.0)),
        lambda: Drain((0, 0), wrong),
        lambda: Weir((0, 0), (0, 1), 1.0, wrong),
        lambda: Culvert((0, 0), (0, 1), 1.0, 1.0, wrong),
        lambda: DikeBreach((), 1.0, 0.0, wrong),
        lambda: breach_hydrograph(Reservoir(1e6, 10.0), Breach(10.0, 20.0, 600.0), inflow_m3_s=wrong),
        lambda: ponded_infiltration_m(GreenAmptSoil(1e-6, 0.1, 0.3), wrong),
    ):
        with pytest.raises(Invalid) as caught:
            make()
        assert caught.value.title.zh and caught.value.title.en
    with pytest.raises(Invalid):
        Hydrograph((0.0, 10.0), (1.0,))
    with pytest.raises(Invalid):
        Level((), ())


@pytest.mark.parametrize("level", [1e9, -1e9, np.full((2, 2), 1000.0)])
def test_a_level_that_no_water_has_or_of_another_shape_is_refused(level: object) -> None:
    grid = Grid(5, 6, 10.0, 0.0, 50.0, "EPSG:32648")
    with pytest.raises(Invalid, match="initial level"):
        FloodScenario(grid, np.full(grid.shape, 1000.0), 60.0, initial_level_m=level)  # type: ignore[arg-type]
