"""Wang Zhengfei's rate: monotone where it holds, capped where it does not, refused where it cannot be."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.kernel.errors import Invalid
from anlan.science.wildfire import wang_fuels, wang_spread
from anlan.science.wildfire.wang import beaufort, calm_rate_m_min, wind_factor


@given(st.floats(0.0, 11.0), st.floats(0.1, 1.0), st.floats(0.0, 55.0), st.floats(0.5, 4.0))
def test_wind_and_slope_speed_a_fire_up(wind: float, more: float, slope: float, steeper: float) -> None:
    here = wang_spread("weeds", 25.0, 30.0, wind, slope)
    assert wang_spread("weeds", 25.0, 30.0, wind + more, slope).rate_m_s > here.rate_m_s
    assert wang_spread("weeds", 25.0, 30.0, wind, slope + steeper).rate_m_s > here.rate_m_s


@given(st.floats(0.0, 40.0), st.floats(0.0, 95.0))
def test_warmer_and_drier_air_never_slows_a_fire(temperature: float, humidity: float) -> None:
    here = calm_rate_m_min(temperature, 3, humidity)
    assert calm_rate_m_min(temperature + 2, 3, humidity) >= here
    assert calm_rate_m_min(temperature, 3, humidity + 5) <= here


def test_a_wind_beyond_the_formula_counts_as_twelve_and_says_so() -> None:
    gale = wang_spread("steppe", 30.0, 20.0, 18.0, force=6)
    assert gale.rate_m_s == wang_spread("steppe", 30.0, 20.0, 12.0, force=6).rate_m_s
    assert "out_of_range.wind_m_s" in {one.code for one in gale.manifest.caveats}


def test_in_frost_and_fog_the_formula_gives_no_spread_rather_than_a_negative_one() -> None:
    assert wang_spread("pine_stand", -10.0, 100.0, 0.0).rate_m_s == 0.0


@pytest.mark.parametrize("wind", [-1.0, math.nan, math.inf])
def test_a_wind_that_cannot_blow_has_no_factor(wind: float) -> None:
    with pytest.raises(Invalid):
        wind_factor([3.0, wind])


def test_beaufort_follows_the_scale() -> None:
    limits = [0.3, 1.6, 3.4, 5.5, 8.0, 10.8, 13.9, 17.2, 20.8, 24.5, 28.5, 32.7]
    assert [beaufort(low + 0.1) for low in limits] == list(range(1, 13))
    assert beaufort(60.0) == 12
    for never in (-1.0, math.nan):
        with pytest.raises(Invalid, match="wind speed"):
            beaufort(never)


def test_every_kind_of_fuel_says_where_its_factor_comes_from() -> None:
    assert len(wang_fuels()) == 8
    assert all(
        one.source and one.label.zh and one.label.en and one.factor > 0 for one in wang_fuels().values()
    )


@pytest.mark.parametrize(
    ("kind", "temperature", "humidity", "wind", "slope"),
    [
        ("lava", 20.0, 40.0, 3.0, 0.0),
        ("steppe", math.nan, 40.0, 3.0, 0.0),
        ("steppe", 20.0, 140.0, 3.0, 0.0),
        ("steppe", 20.0, 40.0, -3.0, 0.0),
        ("steppe", 20.0, 40.0, 3.0, 75.0),
    ],
)
def test_what_cannot_be_is_refused(
    kind: str, temperature: float, humidity: float, wind: float, slope: float
) -> None:
    with pytest.raises(Invalid):
        wang_spread(kind, temperature, humidity, wind, slope)
