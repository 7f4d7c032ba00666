"""Heads of surface fires: what makes them faster, what stops them, and what is refused."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.kernel.errors import Invalid
from anlan.science.wildfire import (
    Moisture,
    WindLimit,
    attack_class,
    fuel_models,
    surface_fire,
    wind_adjustment,
)

BURNING = [number for number, one in fuel_models().items() if one.burns]
fuels = st.sampled_from(BURNING)
winds = st.floats(0.0, 20.0)
DRY = Moisture(0.05, 0.06, 0.07, 0.6, 0.9)


def test_the_table_holds_the_thirteen_the_forty_and_what_does_not_burn() -> None:
    sets = [one.set for one in fuel_models().values()]
    assert {name: sets.count(name) for name in set(sets)} == {
        "anderson_13": 13, "scott_burgan_40": 40, "nonburnable": 5,
    }  # fmt: skip
    assert all(one.source and one.label.zh and one.label.en for one in fuel_models().values())


@given(fuels, winds, st.floats(0.5, 10.0))
def test_more_wind_never_slows_a_head(fuel: int, wind: float, more: float) -> None:
    assert surface_fire(fuel, DRY, wind + more).rate_m_s > surface_fire(fuel, DRY, wind).rate_m_s


@given(fuels, st.floats(0.0, 1.0), st.floats(0.05, 0.7))
def test_a_steeper_slope_never_slows_a_head(fuel: int, slope: float, more: float) -> None:
    assert (
        surface_fire(fuel, DRY, 0.0, 0.0, slope + more).rate_m_s
        > surface_fire(fuel, DRY, 0.0, 0.0, slope).rate_m_s
    )


@given(fuels, st.floats(0.02, 0.3), st.floats(0.01, 0.2))
def test_wetter_dead_fuel_never_speeds_a_head_up(fuel: int, dead: float, more: float) -> None:
    dry, wet = (Moisture(water, water, water, 1.5, 1.5) for water in (dead, dead + more))
    assert surface_fire(fuel, wet, 3.0).rate_m_s <= surface_fire(fuel, dry, 3.0).rate_m_s


@given(fuels, winds, st.floats(0.0, 0.8), st.floats(0.0, 360.0), st.floats(0.0, 360.0), st.floats(0.0, 360.0))
def test_turning_everything_turns_the_head_and_nothing_else(
    fuel: int, wind: float, slope: float, wind_from: float, aspect: float, turn: float
) -> None:
    one = surface_fire(fuel, DRY, wind, wind_from, slope, aspect)
    other = surface_fire(fuel, DRY, wind, (wind_from + turn) % 360, slope, (aspect + turn) % 360)
    assert other.rate_m_s == pytest.approx(one.rate_m_s, rel=1e-9)
    if one.effective_wind_m_s > 1e-6 * max(wind, 1e-3):
        apart = math.radians(other.toward_deg - one.toward_deg - turn)
        assert math.sin(apart / 2) == pytest.approx(0.0, abs=1e-5)


def test_without_wind_and_slope_a_fire_is_a_circle() -> None:
    fire = surface_fire("GR4", DRY)
    assert fire.length_over_width == 1.0
    assert fire.back_m_s == fire.rate_m_s > 0


def test_wind_and_slope_that_agree_add_up_and_that_oppose_take_away() -> None:
    calm = surface_fire("GR2", DRY).rate_m_s
    wind = surface_fire("GR2", DRY, 3.0, 180.0).rate_m_s - calm
    slope = surface_fire("GR2", DRY, 0.0, 0.0, 0.4, 180.0).rate_m_s - calm
    both = surface_fire("GR2", DRY, 3.0, 180.0, 0.4, 180.0)
    against = surface_fire("GR2", DRY, 3.0, 0.0, 0.4, 180.0)
    assert both.rate_m_s - calm == pytest.approx(wind + slope)
    assert against.rate_m_s - calm == pytest.approx(abs(wind - slope))
    assert math.sin(math.radians(both.toward_deg) / 2) == pytest.approx(0.0, abs=1e-9)


def test_the_wind_limit_holds_a_gale_in_thin_grass_and_says_so() -> None:
    free = surface_fire("GR1", DRY, 25.0)
    held = surface_fire("GR1", DRY, 25.0, limit=WindLimit.ROTHERMEL)
    assert held.wind_limited and free.wind_limited
    assert held.rate_m_s < free.rate_m_s
    assert not surface_fire("GR1", DRY, 0.5, limit=WindLimit.ROTHERMEL).wind_limited


def test_grass_that_has_cured_runs_and_green_grass_does_not() -> None:
    green, cured = (surface_fire("GR2", Moisture(0.06, 0.07, 0.08, herb, 1.0), 5.0) for herb in (1.2, 0.3))
    assert cured.rate_m_s > 5 * green.rate_m_s


def test_nothing_spreads_on_water_or_rock() -> None:
    fire = surface_fire("NB8", DRY, 20.0)
    assert fire.rate_m_s == fire.flame_m == fire.intensity_kw_m == 0.0


def test_a_canopy_takes_wind_away_and_never_adds_any() -> None:
    cover = np.linspace(0.2, 1.0, 9)
    under = wind_adjustment(0.3, cover, 20.0)
    assert (np.diff(under) < 0).all()
    assert (under < wind_adjustment(0.3)).all()
    assert wind_adjustment(0.0) == 0.0


def test_attack_classes_rise_with_intensity() -> None:
    assert attack_class([0.0, 346.0, 346.1, 1731.0, 4000.0, 4001.0]).tolist() == [0, 0, 1, 2, 2, 3]


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Moisture(6.0, 7.0, 8.0),
        lambda: Moisture(math.nan, 0.1, 0.1),
        lambda: surface_fire("GR99", DRY),
        lambda: surface_fire(14, DRY),
        lambda: surface_fire("GR2", DRY, -1.0),
        lambda: surface_fire("GR2", DRY, math.inf),
        lambda: surface_fire("GR2", DRY, 3.0, 0.0, 3.0),
        lambda: surface_fire("GR2", DRY, 3.0, math.nan),
        lambda: wind_adjustment(0.3, 60.0, 20.0),
    ],
)
def test_what_cannot_be_is_refused_in_both_languages(wrong: object) -> None:
    with pytest.raises(Invalid) as refusal:
        wrong()  # type: ignore[operator]
    assert refusal.value.title.zh and refusal.value.title.en


def test_out_of_range_but_possible_is_answered_with_a_caveat() -> None:
    codes = {one.code for one in surface_fire("GR2", DRY, 40.0).manifest.caveats}
    assert "out_of_range.wind_10m_m_s" in codes
