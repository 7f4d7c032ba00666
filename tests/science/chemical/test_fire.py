"""Pool, jet, fireball and flash fire, and the zones drawn from them."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.kernel.crs import LocalFrame
from anlan.kernel.errors import Invalid
from anlan.kernel.fields import Field, Grid
from anlan.kernel.text import Text
from anlan.science.chemical.fire import atmosphere, fireball, flash, jet, pool
from anlan.science.chemical.harm.thresholds import Threshold, thresholds
from anlan.science.chemical.harm.zones import circle, level_set, reach, turn
from anlan.science.chemical.validation.fire import cases

FRAME = LocalFrame(106.2, 38.5).name
BAND = thresholds("radiation")[2]


def _band(value: float) -> Threshold:
    return Threshold("t", "q", value, "", BAND.label, BAND.source, BAND.certainty)


@pytest.mark.parametrize("case", [case for case in cases() if case.was_run], ids=lambda case: case.case)
def test_published_fires(case) -> None:
    assert case.passed, f"{case.ours} instead of {case.target}"


@given(st.floats(1.0, 80.0), st.floats(0.0, 30.0), st.floats(1.05, 20.0))
@settings(max_examples=30, deadline=None)
def test_downwind_of_a_pool_is_never_cooler_than_upwind(diameter: float, wind: float, times: float) -> None:
    fire = pool.PoolFire.of("gasoline", diameter, wind_m_s=wind)
    away = max(times * diameter / 2, 0.0)
    ahead, behind, left, right = fire.radiation_kw_m2([away, -away, 0, 0], [0, 0, away, -away])
    assert ahead >= 0.999 * behind
    assert left == pytest.approx(right, rel=1e-6)
    assert behind > 0
    assert ahead <= fire.sep_kw_m2 * 1.0001


@given(st.floats(2.0, 60.0))
@settings(max_examples=20, deadline=None)
def test_radiation_of_a_calm_pool_falls_with_distance(diameter: float) -> None:
    fire = pool.PoolFire.of("benzene", diameter)
    flux = fire.radiation_kw_m2(diameter * np.linspace(0.55, 20, 40), 0.0)
    assert (np.diff(flux) <= 1e-9).all()


def test_a_calm_night_and_a_gale_are_answered() -> None:
    for wind in (0.0, 0.001, 30.0, 60.0):
        fire = pool.PoolFire.of("methanol", 12.0, wind_m_s=wind)
        assert np.isfinite(fire.radiation_kw_m2([-40.0, 0.0, 7.0, 200.0], 0.0)).all()
        flame = jet.JetFire(5.0, 600.0, 180.0, 0.044, 46e6, wind_m_s=wind)
        assert np.isfinite(flame.radiation_kw_m2([-40.0, 0.0, 7.0, 200.0], 0.0)).all()


@pytest.mark.parametrize("wrong", [np.nan, -1.0, 0.0, np.inf, 1e9])
def test_a_pool_or_fireball_of_no_size_is_refused(wrong: float) -> None:
    with pytest.raises(Invalid):
        pool.PoolFire.of("benzene", wrong)
    with pytest.raises(Invalid):
        fireball.Fireball(wrong)
    with pytest.raises(Invalid):
        jet.JetFire(wrong, 500.0, 200.0, 0.016, 50e6)


def test_a_place_that_is_no_number_has_no_radiation() -> None:
    for fire in (pool.PoolFire.of("benzene", 10.0), jet.JetFire(5.0, 600.0, 180.0, 0.044, 46e6)):
        with pytest.raises(Invalid):
            fire.radiation_kw_m2([10.0, np.nan], 0.0)
        assert fire.radiation_kw_m2([], []).shape == (0,)


def test_a_vessel_at_ambient_pressure_has_no_jet() -> None:
    with pytest.raises(Invalid):
        jet.expanded_jet(101_325.0, 288.0, 1.3, 0.016)


@given(st.floats(100.0, 2e5), st.floats(1.1, 3.0))
def test_a_greater_fireball_reaches_farther(mass: float, factor: float) -> None:
    small, large = fireball.Fireball(mass), fireball.Fireball(factor * mass)
    assert large.distance_m(4.0) > small.distance_m(4.0)
    assert large.lethality(300.0) >= small.lethality(300.0)


def test_the_moving_fireball_radiates_the_heat_of_the_still_one() -> None:
    ball = fireball.Fireball(3000.0, heat_of_combustion_j_kg=20e6, burst_pressure_pa=5e5)
    times = (np.arange(4000) + 0.5) * ball.duration_s / 4000
    diameter, height, sep = ball.state(times)
    assert (diameter**2 * sep).mean() == pytest.approx(ball.diameter_m**2 * ball.sep_kw_m2, rel=1e-3)
    assert height[-1] == pytest.approx(1.5 * ball.diameter_m, rel=1e-3)
    assert ball.state(ball.duration_s * 1.01)[2] == 0


def test_distance_of_a_band_is_where_the_radiation_is_that_of_the_band() -> None:
    ball = fireball.Fireball(20_000.0)
    for level in thresholds("radiation"):
        assert float(ball.radiation_kw_m2(ball.distance_m(level.value))) == pytest.approx(
            level.value, rel=1e-6
        )
    assert ball.distance_m(390.0) == 0.0


def test_wind_shortens_the_jet_flame_and_bends_it_downwind() -> None:
    calm = jet.JetFire(10.0, 700.0, 120.0, 0.016, 50e6)
    windy = jet.JetFire(10.0, 700.0, 120.0, 0.016, 50e6, wind_m_s=10.0)
    assert windy.length_m < calm.length_m
    assert windy.middle_m[0] > 1.0 > abs(calm.middle_m[0])
    near, far = windy.radiation_kw_m2([30.0, -30.0], 0.0)
    assert near > far
    assert not windy.caveats
    assert jet.JetFire(10.0, 700.0, 120.0, 0.016, 50e6, elevation_deg=0.0).caveats


def test_far_from_a_jet_fire_the_solid_flame_agrees_with_a_point_source() -> None:
    flame = jet.JetFire(10.0, 700.0, 120.0, 0.016, 50e6, humidity=0.0)
    area, sep = flame.surface.area_m2, flame.sep_kw_m2
    whole = sep * area
    middle = flame.surface.centre.mean(axis=0)[2]
    flux = float(flame.radiation_kw_m2(0.0, 2000.0))
    point = whole / (4 * np.pi * (2000.0**2 + middle**2))
    tau = float(atmosphere.transmissivity(2000.0, 0.0, 293.15))
    # a body seen from its side shows more than a quarter of its surface, from its end less
    assert 1.0 < flux / (tau * point) < 1.4


def test_a_zone_turns_with_the_wind() -> None:
    fire = pool.PoolFire.of("benzene", 20.0, wind_m_s=6.0)
    zones = [
        reach(BAND, fire.radiation_kw_m2, fire.middle_m, (0.0, 0.0), wind, FRAME, farthest_m=500.0)
        for wind in (90.0, 180.0)
    ]
    east, south = (shapely.Polygon(zone.polygons[0][0]) for zone in zones)
    assert east.centroid.x > 1 > abs(east.centroid.y)
    assert south.centroid.y < -1 < -abs(south.centroid.x)
    assert east.area == pytest.approx(south.area, rel=1e-6)
    assert shapely.Polygon(zones[0].polygons[0][0]).exterior.is_ccw


def test_left_of_a_wind_to_the_north_is_west() -> None:
    east, north = turn(np.array([0.0]), np.array([1.0]), 0.0)
    assert (east[0], north[0]) == pytest.approx((-1.0, 0.0))


def test_a_level_never_reached_has_no_zone() -> None:
    grid = Grid(10, 10, 5.0, 0.0, 50.0, FRAME)
    flat = Field("c", "", Text("值", "value"), grid, np.full((10, 10), 0.5))
    assert level_set(flat, _band(1.0)).is_empty
    assert circle(BAND, 0.0, (0.0, 0.0), FRAME).is_empty
    whole = level_set(flat, _band(0.2))
    assert whole.facts["area_m2"] == pytest.approx(2500.0, rel=0.25)


def test_a_lake_inside_a_zone_stays_a_hole() -> None:
    grid = Grid(100, 100, 1.0, -50.0, 50.0, FRAME)
    far = np.hypot(grid.x_m[None, :], grid.y_m[:, None])
    ring = Field("c", "", Text("值", "value"), grid, np.exp(-(((far - 30) / 8) ** 2)))
    zone = level_set(ring, _band(0.5))
    assert len(zone.polygons) == 1
    assert len(zone.polygons[0]) == 2
    half = 8 * np.sqrt(np.log(2))
    assert zone.facts["area_m2"] == pytest.approx(np.pi * ((30 + half) ** 2 - (30 - half) ** 2), rel=0.01)


def test_cells_without_a_value_count_as_not_reached() -> None:
    grid = Grid(20, 20, 1.0, 0.0, 20.0, FRAME)
    values = np.where(np.arange(20)[None, :] < 10, 1.0, np.nan) * np.ones((20, 1))
    zone = level_set(Field("c", "", Text("值", "value"), grid, values), _band(0.5))
    assert zone.facts["area_m2"] == pytest.approx(200.0, rel=0.12)


def test_a_flash_fire_needs_volume_fractions() -> None:
    grid = Grid(4, 4, 1.0, 0.0, 4.0, FRAME)
    with pytest.raises(Invalid):
        flash.FlashFire(Field("c", "mg/m³", Text("浓度", "concentration"), grid, np.zeros((4, 4))), 0.05)


@pytest.mark.parametrize("level", [1.6, 4.0, 12.5, 37.5])
def test_a_greater_fireball_shines_farther_also_where_the_formula_of_its_life_changes(level) -> None:
    """At the book's 30 t it lasted longer all of a sudden, shone less, and the zone shrank."""
    reaches = [fireball.Fireball(1000 * t, 19e6).distance_m(level) for t in (5, 25, 29.9, 30.1, 37, 38, 60)]
    assert reaches == sorted(reaches) and reaches[0] >= 0 < reaches[-1]
