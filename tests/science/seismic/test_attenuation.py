"""Intensity about an epicentre: the zonation's relations, their geometry on the map."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pyproj import Geod
from shapely.geometry import Point, Polygon

from anlan.kernel.errors import Invalid, NotFound
from anlan.science.seismic.attenuation import intensity_set, intensity_sets, zone_of
from anlan.science.seismic.geometry import check_place, offsets, place_at
from anlan.science.seismic.isoseismals import Shaking, Shape
from anlan.science.seismic.rupture import nearest_strike_deg, rupture_length_km

sets = st.sampled_from(sorted(intensity_sets()))
magnitudes = st.floats(4.5, 8.5)


@given(sets, magnitudes)
def test_both_axes_give_the_epicentre_one_intensity(name: str, magnitude: float) -> None:
    ellipse = intensity_set(name).at(magnitude)
    assert ellipse.long.level(0.0) == pytest.approx(ellipse.short.level(0.0), abs=0.001)


@given(sets, magnitudes, st.floats(5.0, 10.0))
def test_isoseismals_are_longer_along_the_fault(name: str, magnitude: float, level: float) -> None:
    ellipse = intensity_set(name).at(magnitude)
    long, short = ellipse.semi_axes_km(level)
    assume(0.2 < long < ellipse.crossing_km)
    assert long > short > 0
    assert short < ellipse.mean_radius_km(level) < long


@given(sets, magnitudes, st.floats(0.5, 150.0), st.floats(0.0, 2 * math.pi))
def test_intensity_falls_outwards_and_rises_with_magnitude(
    name: str, magnitude: float, away_km: float, turn: float
) -> None:
    ellipse = intensity_set(name).at(magnitude)
    x, y = away_km * math.cos(turn), away_km * math.sin(turn)
    here = float(ellipse.levels(x, y))
    assert float(ellipse.levels(1.1 * x, 1.1 * y)) < here
    assert float(intensity_set(name).at(magnitude + 0.2).levels(x, y)) > here
    assert float(ellipse.levels(-x, y)) == pytest.approx(here)
    assert float(ellipse.levels(x, -y)) == pytest.approx(here)


@given(sets, magnitudes, st.floats(0.5, 150.0), st.floats(0.0, math.pi / 2))
def test_a_place_lies_on_the_ellipse_of_its_own_intensity(
    name: str, magnitude: float, away_km: float, turn: float
) -> None:
    ellipse = intensity_set(name).at(magnitude)
    x, y = away_km * math.cos(turn), away_km * math.sin(turn)
    long, short = ellipse.semi_axes_km(float(ellipse.levels(x, y)))
    assert (x / long) ** 2 + (y / short) ** 2 == pytest.approx(1.0, abs=1e-6)


def test_a_weak_shock_has_no_isoseismal_of_degree_six() -> None:
    shaking = Shaking(106.0, 38.0, Shape.ELLIPSE, 0.0, 0.0, intensity_set("dongbu_2015").at(3.5))
    assert shaking.outline(6) is None
    assert shaking.reach_km(6.0) == (0.0, 0.0)


@pytest.mark.parametrize("shape", list(Shape))
@pytest.mark.parametrize("strike", [0.0, 30.0, 90.0, 155.0])
def test_an_outline_is_where_the_field_has_its_degree(shape: Shape, strike: float) -> None:
    shaking = Shaking(106.2, 38.6, shape, strike, 60.0, intensity_set("dongbu_2015").at(7.5))
    line = shaking.outline(7)
    assert line is not None
    lon, lat = np.array(line.polygons[0][0]).T
    np.testing.assert_allclose(shaking.at(*offsets(106.2, 38.6, lon, lat, strike)), 7.0, atol=2e-4)
    ring = Polygon(line.polygons[0][0])
    assert ring.exterior.is_ccw and ring.is_valid and ring.contains(Point(106.2, 38.6))
    area_m2, _ = Geod(ellps="WGS84").geometry_area_perimeter(ring)
    assert area_m2 / 1e6 == pytest.approx(line.facts["area_km2"], rel=0.002)


def test_the_long_axis_points_along_the_strike() -> None:
    shaking = Shaking(106.0, 38.0, Shape.ELLIPSE, 60.0, 0.0, intensity_set("qingzang_2015").at(7.5))
    line = shaking.outline(6)
    assert line is not None
    lon, lat = np.array(line.polygons[0][0]).T
    azimuth, _, away = Geod(ellps="WGS84").inv(np.full(len(lon), 106.0), np.full(len(lon), 38.0), lon, lat)
    assert azimuth[np.argmax(away)] % 180.0 == pytest.approx(60.0, abs=0.01)
    assert away.max() / 1000 == pytest.approx(line.facts["semi_long_km"], rel=1e-6)


def test_a_line_of_no_length_is_the_circle_of_the_short_axis() -> None:
    ellipse = intensity_set("qingzang_2015").at(7.0)
    shaking = Shaking(106.0, 38.0, Shape.LINE, 10.0, 0.0, ellipse)
    assert shaking.reach_km(7.0) == pytest.approx((ellipse.short.reach_km(7.0),) * 2)


def test_zones_of_ningxia_and_beyond() -> None:
    assert zone_of(106.23, 38.49).id == "ningxia_north"
    assert zone_of(105.65, 36.57).id == "ningxia_south"
    assert zone_of(105.19, 37.51).id == "ningxia_south"
    assert zone_of(95.0, 35.0).id == "west"
    assert zone_of(2.3, 48.9) is None


def test_an_unknown_relation_names_the_known_ones() -> None:
    with pytest.raises(NotFound) as refused:
        intensity_set("nowhere")
    assert "qingzang_2015" in refused.value.next_step.zh


@given(
    st.floats(74.0, 134.0),
    st.floats(18.0, 53.0),
    st.floats(0.0, 360.0),
    st.floats(10.0, 500_000.0),
    st.floats(0.0, 360.0),
)
def test_offsets_are_the_geodesic(
    lon: float, lat: float, azimuth: float, away_m: float, strike: float
) -> None:
    to_lon, to_lat, _ = Geod(ellps="WGS84").fwd(lon, lat, azimuth, away_m)
    along, across = offsets(lon, lat, to_lon, to_lat, strike)
    turn = math.radians(azimuth - strike)
    assert float(along) == pytest.approx(away_m * math.cos(turn), abs=1.0)
    assert float(across) == pytest.approx(away_m * math.sin(turn), abs=1.0)
    back_lon, back_lat = place_at(lon, lat, along, across, strike)
    assert float(back_lon) == pytest.approx(to_lon, abs=2e-5)
    assert float(back_lat) == pytest.approx(to_lat, abs=2e-5)


def test_swapped_coordinates_are_named_as_such() -> None:
    for lon, lat in ((38.5, 106.2), (24.0, 80.0)):
        with pytest.raises(Invalid) as refused:
            check_place(lon, lat)
        assert "写反" in refused.value.next_step.zh
    with pytest.raises(Invalid):
        check_place(math.nan, 38.0)
    check_place(2.3, 48.9)


def test_rupture_grows_with_magnitude_and_the_nearest_trace_gives_the_strike() -> None:
    assert rupture_length_km(8.0) > 3 * rupture_length_km(7.0)
    north_south = np.array([[106.2, 38.0], [106.2, 39.0]])
    east_west = np.array([[105.0, 36.5], [106.0, 36.5]])
    strike, away_km = nearest_strike_deg(106.0, 38.5, [east_west, north_south], 50.0)
    assert (strike + 90) % 180 == pytest.approx(90.0, abs=0.2) and away_km == pytest.approx(17.4, abs=0.2)
    assert nearest_strike_deg(105.5, 36.55, [east_west, north_south], 50.0)[0] == pytest.approx(90.0, abs=0.5)
    assert nearest_strike_deg(106.0, 38.5, [east_west], 50.0) is None
    assert nearest_strike_deg(106.0, 38.5, [north_south[:1]], 50.0) is None
    drawn_twice = north_south[[0, 0, 1]]
    strike, away_km = nearest_strike_deg(106.2, 37.9, [drawn_twice], 50.0)
    assert strike == pytest.approx(0.0, abs=0.2) and away_km == pytest.approx(11.1, abs=0.1)
