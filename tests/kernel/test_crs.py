"""Coordinates that must not be mixed up."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.kernel.crs import CoordinateSystem, LocalFrame, gcj02_to_wgs84, to_wgs84, wgs84_to_gcj02

YINCHUAN = (106.231, 38.487)


def test_gcj02_lies_east_of_the_truth_at_yinchuan_by_what_was_measured() -> None:
    """384 m east and 51 m north: the shift found between two published sets of county boundaries."""
    east, north = LocalFrame(*YINCHUAN).to_xy(*wgs84_to_gcj02(*YINCHUAN))
    assert float(east) == pytest.approx(384, abs=2)
    assert float(north) == pytest.approx(51, abs=2)


@given(st.floats(104.2, 107.7), st.floats(35.2, 39.4))
def test_there_and_back_is_the_same_place(lon: float, lat: float) -> None:
    back = gcj02_to_wgs84(*wgs84_to_gcj02(lon, lat))
    east, north = LocalFrame(lon, lat).to_xy(*back)
    assert float(np.hypot(east, north)) < 1e-3


def test_an_import_lands_where_it_belongs_whatever_its_system() -> None:
    shifted = wgs84_to_gcj02(*YINCHUAN)
    for system, given_as in (
        (CoordinateSystem.WGS84, YINCHUAN),
        (CoordinateSystem.CGCS2000, YINCHUAN),
        (CoordinateSystem.GCJ02, shifted),
    ):
        lon, lat = to_wgs84(system, *given_as)
        assert (float(lon), float(lat)) == pytest.approx(YINCHUAN, abs=1e-8)


def test_outside_china_nothing_is_shifted() -> None:
    assert [float(one) for one in wgs84_to_gcj02(2.35, 48.86)] == [2.35, 48.86]


@pytest.mark.parametrize(
    ("bearing_deg", "distance_m"), [(0, 20_000), (45, 20_000), (90, 20_000), (200, 5_000)]
)
def test_the_local_frame_measures_what_a_geodesic_measures(bearing_deg: float, distance_m: float) -> None:
    pyproj = pytest.importorskip("pyproj", reason="pyproj is the independent measure here")
    lon, lat, _ = pyproj.Geod(ellps="WGS84").fwd(*YINCHUAN, bearing_deg, distance_m)
    x, y = LocalFrame(*YINCHUAN).to_xy(lon, lat)
    assert float(np.hypot(x, y)) == pytest.approx(distance_m, rel=2e-3)
    assert float(np.degrees(np.arctan2(x, y)) % 360) == pytest.approx(bearing_deg, abs=0.15)


def test_a_frame_is_known_again_by_its_name() -> None:
    frame = LocalFrame(106.5, 38.1)
    assert LocalFrame.named(frame.name) == frame
    with pytest.raises(ValueError, match="no local frame"):
        LocalFrame.named("EPSG:4326")
