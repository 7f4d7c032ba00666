import math
from datetime import UTC, datetime

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.kernel.errors import Invalid
from anlan.kernel.fields import Grid
from anlan.kernel.text import Text
from anlan.science.chemical.dispersion.outline import contour_of_grid, reach_of
from anlan.science.chemical.dispersion.plume import Plume, passage
from anlan.science.chemical.dispersion.puff import Puff
from anlan.science.chemical.dispersion.sigmas import Curves, sigma_y, sigma_z
from anlan.science.chemical.footprint import ToxicFootprint, region_exit_m, toxic_footprint
from anlan.science.chemical.weather import Sky, Stability, Terrain, Weather, WeatherSeries, stability_of
from anlan.science.chemical.weather.stability import sun_height_deg

CLASSES = st.sampled_from(list(Stability))
AMMONIA, CHLORINE, METHANE = "7664-41-7", "7782-50-5", "74-82-8"
LEAK = (AMMONIA, 2.0, 1800.0, 106.6, 38.1, 5.0)


@pytest.mark.parametrize(
    ("wind", "sun", "cloud", "wanted"),
    [
        (1.0, 70, 2, "A"),
        (2.5, 50, 2, "B"),  # 5 knots, moderate sun
        (4.0, 50, 2, "C"),
        (8.0, 50, 0, "D"),
        (2.5, -30, 2, "F"),
        (4.0, -30, 2, "E"),
        (8.0, -30, 0, "D"),
        (0.3, -30, 0, "F"),
    ],
)
def test_stability_follows_turners_table(wind: float, sun: float, cloud: float, wanted: str) -> None:
    assert stability_of(wind, Sky(sun, cloud)).value == wanted


def test_low_overcast_is_neutral_by_day_and_night_alike() -> None:
    for sun in (60.0, -30.0):
        assert stability_of(2.0, Sky(sun, 10.0, ceiling_m=500.0)) is Stability.D


def test_the_sun_stands_high_at_noon_in_june_and_is_down_at_midnight() -> None:
    assert sun_height_deg(106.23, 38.49, datetime(2026, 6, 21, 4, 58, tzinfo=UTC)) == pytest.approx(
        75, abs=0.6
    )
    assert sun_height_deg(106.23, 38.49, datetime(2026, 12, 21, 17, 0, tzinfo=UTC)) < -60
    with pytest.raises(Invalid):
        sun_height_deg(106.23, 38.49, datetime(2026, 6, 21))  # noqa: DTZ001


@pytest.mark.parametrize("bad", [-1.0, math.nan, math.inf, 500.0])
def test_an_impossible_wind_is_refused(bad: float) -> None:
    with pytest.raises(Invalid, match="wind speed"):
        Weather(bad, 0.0)


def test_a_weather_series_must_rise_from_zero() -> None:
    calm = Weather(2.0, 0.0)
    with pytest.raises(Invalid):
        WeatherSeries((0.0, 0.0), (calm, calm))
    with pytest.raises(Invalid):
        WeatherSeries((), ())
    assert WeatherSeries((0.0, 60.0), (calm, Weather(5.0, 0.0))).at(59.9).wind_m_s == 2.0


@given(CLASSES, st.sampled_from(list(Curves)))
def test_spread_grows_with_distance(stability: Stability, curves: Curves) -> None:
    x = np.geomspace(1, 1e5, 400)
    for sigma in (sigma_y, sigma_z):
        values = sigma(x, stability, curves)
        assert np.all(np.isfinite(values)) and np.all(values > 0)
        assert np.all(np.diff(values) >= -1e-9)


@given(st.floats(0.01, 100), st.floats(1, 15), CLASSES, st.floats(0, 80), st.floats(100, 5000))
@settings(max_examples=25, deadline=None)
def test_every_plane_passes_the_whole_release(q: float, u: float, c: Stability, h: float, x: float) -> None:
    made = Plume(q, Weather(u, 0.0, c, mixing_height_m=3000.0), h)
    across, up = (float(value) for value in made.sigmas(x))
    if h + 8 * up > 3000:
        return  # the lid cuts the integral
    y = np.linspace(-8 * across, 8 * across, 161)
    z = np.linspace(0.0, h + 8 * up, 2001)
    flux = made.at(x, y[None, :], z[:, None]) * made.wind_m_s
    assert np.trapezoid(np.trapezoid(flux, y, axis=1), z) == pytest.approx(q, rel=2e-3)


@given(st.floats(0.1, 1e4), CLASSES, st.floats(0, 50), st.floats(20, 2000))
@settings(max_examples=12, deadline=None)
def test_a_puff_keeps_its_mass(mass: float, c: Stability, height: float, time: float) -> None:
    made = Puff(mass, Weather(3.0, 0.0, c), height)
    centre = made.wind_m_s * time
    across, up = (float(value) for value in made.sigmas(centre))
    x = centre + np.linspace(-6 * across, 6 * across, 41)
    y, z = np.linspace(-6 * across, 6 * across, 41), np.linspace(0, height + 7 * up, 601)
    cloud = made.at(x[None, None, :], y[None, :, None], z[:, None, None], time)
    inside = np.trapezoid(np.trapezoid(np.trapezoid(cloud, x, axis=2), y, axis=1), z)
    assert inside == pytest.approx(mass, rel=5e-3)


def test_the_dose_of_a_passing_puff_is_its_time_integral() -> None:
    made = Puff(50.0, Weather(3.0, 0.0, Stability.D), 5.0)
    times = np.linspace(1, 1000, 20_001)
    integral = np.trapezoid(made.at(800.0, 20.0, 1.5, times), times)
    assert float(made.dose_kg_s_m3(800.0, 20.0, 1.5)) == pytest.approx(integral, rel=0.03)


def test_a_short_release_is_diluted_by_the_averaging_and_a_long_one_is_not() -> None:
    assert float(passage(60.0, 600.0, 1.0, 2.0)) == pytest.approx(0.1, rel=1e-3)
    assert float(passage(math.inf, 600.0, 1.0, 2.0)) == 1.0
    assert float(passage(60.0, 0.0, 1e-3, 2.0)) == pytest.approx(1.0)
    assert float(passage(60.0, 0.0, 1e4, 2.0)) < 0.01


def footprint(cas: str = AMMONIA, rate: float = 2.0, **given: object) -> ToxicFootprint:
    options: dict[str, object] = {"wind_m_s": 3.0, "wind_from_deg": 315.0, "stability": "D"} | given
    return toxic_footprint(cas, rate, 1800.0, 106.6, 38.1, 5.0, **options)  # type: ignore[arg-type]


def test_graver_levels_lie_within_milder_ones() -> None:
    zones = footprint().zones
    distances = [zone.max_distance_m for zone in zones]
    assert distances == sorted(distances, reverse=True)
    shapes = [shapely.Polygon(zone.contour.polygons[0][0]) for zone in zones]
    assert shapes[0].buffer(1e-6).contains(shapes[1]) and shapes[1].buffer(1e-6).contains(shapes[2])


@given(st.floats(0.05, 50.0), st.floats(1.05, 3.0))
@settings(max_examples=15, deadline=None)
def test_more_release_never_reaches_less_far(rate: float, factor: float) -> None:
    less, more = footprint(rate=rate), footprint(rate=rate * factor)
    for one, other in zip(less.zones, more.zones, strict=True):
        assert other.max_distance_m >= one.max_distance_m * (1 - 1e-6)


@given(st.floats(0, 360))
@settings(max_examples=15, deadline=None)
def test_the_outline_turns_with_the_wind(wind_from: float) -> None:
    zone = footprint(wind_from_deg=wind_from).zones[1]
    ring = np.asarray(zone.contour.polygons[0][0])
    tip = ring[np.argmax(np.hypot((ring[:, 0] - 106.6) * 0.787, ring[:, 1] - 38.1))]
    bearing = math.degrees(math.atan2((tip[0] - 106.6) * 87_500, (tip[1] - 38.1) * 111_000)) % 360
    assert abs((bearing - (wind_from + 180) + 180) % 360 - 180) < 2.0
    assert zone.max_distance_m == pytest.approx(footprint(wind_from_deg=0.0).zones[1].max_distance_m)


def test_a_calm_night_is_drawn_all_around_and_says_so() -> None:
    made = footprint(wind_m_s=0.0, stability="F")
    ring = np.asarray(made.zones[1].contour.polygons[0][0])
    assert ring[:, 1].min() < 38.1 < ring[:, 1].max() and ring[:, 0].min() < 106.6 < ring[:, 0].max()
    assert "weather.calm" in {one.code for one in made.caveats}


def test_a_gale_of_thirty_metres_a_second_is_answered_with_a_caveat() -> None:
    made = footprint(wind_m_s=30.0)
    assert "weather.storm" in {one.code for one in made.caveats}
    assert all(math.isfinite(zone.max_distance_m) for zone in made.zones)


def test_a_release_too_small_to_matter_has_empty_zones() -> None:
    made = footprint(rate=1e-7)
    assert made.zones[2].contour.is_empty and made.zones[2].max_distance_m == 0.0


def test_a_heavy_cloud_is_named_as_such() -> None:
    assert footprint(CHLORINE).density.is_dense
    assert not footprint("630-08-0", rate=0.1).density.is_dense  # carbon monoxide


def test_a_substance_without_any_level_is_refused_by_name() -> None:
    with pytest.raises(Invalid, match="AEGL"):
        footprint(METHANE)


def test_missing_levels_are_said() -> None:
    made = footprint("75-44-5")  # phosgene has no AEGL-1
    assert [zone.level for zone in made.zones] == [2, 3]
    assert "toxic.missing_level" in {one.code for one in made.caveats}


@pytest.mark.parametrize("bad", [0.0, -1.0, math.nan, math.inf])
def test_an_impossible_rate_is_refused(bad: float) -> None:
    with pytest.raises(Invalid, match="release rate"):
        footprint(rate=bad)


@pytest.mark.parametrize(
    "given", [{"stability": "G"}, {"terrain": "sea"}, {"model": "magic"}, {"averaging_s": -1.0}]
)
def test_words_that_no_model_knows_are_refused(given: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        footprint(**given)


def test_a_footprint_is_json_and_its_manifest_is_the_same_twice() -> None:
    import json

    first, second = footprint(), footprint()
    assert json.dumps(first.as_json(), allow_nan=False) == json.dumps(second.as_json(), allow_nan=False)
    assert first.manifest.digest == second.manifest.digest != footprint(rate=3.0).manifest.digest


def test_towns_spread_the_cloud_wider_and_reach_less_far() -> None:
    assert (
        footprint("630-08-0", terrain=Terrain.URBAN).zones[0].max_distance_m
        < footprint("630-08-0").zones[0].max_distance_m
    )


def test_a_source_near_the_edge_of_the_region_knows_how_far_it_is() -> None:
    bounds = (104.2, 35.2, 107.7, 39.4)
    assert region_exit_m(107.7, 38.0, 90.0, bounds) == pytest.approx(0.0, abs=1e-6)
    assert region_exit_m(106.0, 38.0, 0.0, bounds) == pytest.approx(1.4 * 111_000, rel=0.01)
    assert region_exit_m(110.0, 38.0, 0.0, bounds) == 0.0


def test_reach_finds_both_ends_of_an_elevated_plume() -> None:
    made = Plume(5.0, Weather(3.0, 0.0, Stability.D), 60.0)
    reach = reach_of(made.at, 1e-6)
    assert 100 < reach.near_m < reach.far_m
    for end in (reach.near_m, reach.far_m):
        assert float(made.at(end)) == pytest.approx(1e-6, rel=1e-3)


def test_grid_outline_of_a_disc_has_its_area_and_a_ring_keeps_its_hole() -> None:
    grid = Grid(200, 200, 10.0, -1000.0, 1000.0, "local:106.0000000,38.0000000")
    radius = np.hypot(grid.x_m[None, :], grid.y_m[:, None])
    words = Text("圆", "disc")
    disc = contour_of_grid(-radius, grid, -500.0, name="d", unit="m", label=words)
    assert disc.facts["area_m2"] == pytest.approx(math.pi * 500**2, rel=2e-3)
    assert disc.crs == "EPSG:4326" and len(disc.polygons) == 1
    ring = contour_of_grid(-abs(radius - 500), grid, -100.0, name="r", unit="m", label=words, lonlat=False)
    assert [len(rings) for rings in ring.polygons] == [2]
    assert ring.facts["area_m2"] == pytest.approx(math.pi * (600**2 - 400**2), rel=5e-3)
    outer = shapely.LinearRing(ring.polygons[0][0])
    assert outer.is_ccw and not shapely.LinearRing(ring.polygons[0][1]).is_ccw


def test_an_outline_cut_by_the_grid_still_closes_and_nothing_above_is_empty() -> None:
    grid = Grid(20, 30, 1.0, 0.0, 20.0, "EPSG:32648")
    words = Text("全部", "all")
    everything = contour_of_grid(np.ones(grid.shape), grid, 0.5, name="a", unit="", label=words)
    assert everything.facts["area_m2"] == pytest.approx(20 * 30, rel=0.02)
    assert contour_of_grid(np.full(grid.shape, np.nan), grid, 0.5, name="a", unit="", label=words).is_empty


@given(st.sampled_from("ABCDEF"), st.floats(1.0, 7200.0), st.floats(1.01, 5.0))
@settings(max_examples=20, deadline=None)
def test_a_longer_release_never_reaches_less_far(c: str, seconds: float, factor: float) -> None:
    shorter, longer = (
        toxic_footprint("7664-41-7", 5.0, duration, 106.6, 38.1, 0.0, 3.0, 0.0, c, model="gaussian")
        for duration in (seconds, seconds * factor)
    )
    for one, other in zip(shorter.zones, longer.zones, strict=True):
        assert other.max_distance_m >= one.max_distance_m * (1 - 1e-6)


def test_a_burst_wanders_half_as_much_as_ten_minutes() -> None:
    weather = Weather(3.0, 0.0, Stability.D)
    burst, steady = Plume(1.0, weather, duration_s=1.0), Plume(1.0, weather)
    assert float(burst.sigmas(1000.0)[0]) == pytest.approx(0.5 * float(steady.sigmas(1000.0)[0]), rel=0.01)
    assert float(burst.dose_kg_s_m3(1000.0)) == pytest.approx(2.0 * float(steady.at(1000.0)), rel=0.01)
