"""Coordinates: WGS-84 and CGCS2000, the shifted GCJ-02 of Chinese web maps, and a local frame in metres.

CGCS2000 (EPSG:4490) and WGS-84 agree to a few centimetres; here they are the same
numbers. GCJ-02 is off by 100 to 700 m: data must say which it is, nobody guesses.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from anlan.kernel.text import LabelledEnum

Degrees = NDArray[np.float64]


class CoordinateSystem(LabelledEnum):
    """In what imported coordinates are given."""

    WGS84 = "wgs84", "WGS-84（GPS）", "WGS-84 (GPS)"
    CGCS2000 = "cgcs2000", "CGCS2000（国家大地坐标）", "CGCS2000 (national)"
    GCJ02 = "gcj02", "GCJ-02（高德、腾讯地图）", "GCJ-02 (Amap, Tencent)"


def to_wgs84(system: CoordinateSystem, lon: ArrayLike, lat: ArrayLike) -> tuple[Degrees, Degrees]:
    """Longitude and latitude in degrees, given in *system*, as WGS-84."""
    lon_deg, lat_deg = _degrees(lon, lat)
    if system is CoordinateSystem.GCJ02:
        return gcj02_to_wgs84(lon_deg, lat_deg)
    return lon_deg, lat_deg


def wgs84_to_gcj02(lon: ArrayLike, lat: ArrayLike) -> tuple[Degrees, Degrees]:
    """Degrees in WGS-84 as GCJ-02; outside China nothing is shifted.

    The transformation is published only by reverse engineering; the ellipsoid is
    Krasovsky 1940 (a 6,378,245 m, e² 0.00669342162296594).

    >>> [round(float(x), 4) for x in wgs84_to_gcj02(116.397, 39.908)]
    [116.4032, 39.9094]
    """
    lon_deg, lat_deg = _degrees(lon, lat)
    shift_lon, shift_lat = _shift(lon_deg, lat_deg)
    return lon_deg + shift_lon, lat_deg + shift_lat


def gcj02_to_wgs84(lon: ArrayLike, lat: ArrayLike) -> tuple[Degrees, Degrees]:
    """Degrees in GCJ-02 as WGS-84, by fixed-point iteration to better than 1 mm."""
    lon_deg, lat_deg = _degrees(lon, lat)
    guess_lon, guess_lat = lon_deg.copy(), lat_deg.copy()
    for _ in range(8):
        shift_lon, shift_lat = _shift(guess_lon, guess_lat)
        guess_lon, guess_lat = lon_deg - shift_lon, lat_deg - shift_lat
    return guess_lon, guess_lat


@dataclass(frozen=True)
class LocalFrame:
    """East and north in metres about a point, on the WGS-84 ellipsoid's radii of curvature there.

    Within 50 km of the origin, at the latitudes of China, a distance is right to 0.5 %
    and within 20 km to 0.2 %: fine for footprints, not for surveying.
    """

    lon: float
    lat: float

    def __post_init__(self) -> None:
        if not (-180 <= self.lon <= 180 and -85 <= self.lat <= 85):
            raise ValueError(f"{self.lon}, {self.lat} is no place to work about")

    @property
    def name(self) -> str:
        """How a `fields.Grid` names this frame."""
        return f"local:{self.lon:.7f},{self.lat:.7f}"

    @classmethod
    def named(cls, name: str) -> "LocalFrame":
        """The frame that `name` wrote. Raises `ValueError` for another kind of system."""
        kind, _, place = name.partition(":")
        if kind != "local":
            raise ValueError(f"{name} is no local frame")
        lon, lat = place.split(",")
        return cls(float(lon), float(lat))

    def to_xy(self, lon: ArrayLike, lat: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Metres east and north of the origin.

        >>> x, y = LocalFrame(106.0, 38.0).to_xy(106.0, 38.01)
        >>> round(float(x)), round(float(y))
        (0, 1110)
        """
        lon_deg, lat_deg = _degrees(lon, lat)
        east_m, north_m = self._metres_per_degree()
        return (lon_deg - self.lon) * east_m, (lat_deg - self.lat) * north_m

    def to_lonlat(self, x_m: ArrayLike, y_m: ArrayLike) -> tuple[Degrees, Degrees]:
        """Degrees of a place given in metres east and north of the origin."""
        east_m, north_m = self._metres_per_degree()
        x, y = np.asarray(x_m, np.float64), np.asarray(y_m, np.float64)
        return self.lon + x / east_m, self.lat + y / north_m

    def _metres_per_degree(self) -> tuple[float, float]:
        sine = np.sin(np.radians(self.lat))
        root = 1 - _WGS84_E2 * sine**2
        prime_m = _WGS84_A_M / np.sqrt(root)
        meridian_m = _WGS84_A_M * (1 - _WGS84_E2) / root**1.5
        degree = np.pi / 180
        return float(degree * prime_m * np.cos(np.radians(self.lat))), float(degree * meridian_m)


_WGS84_A_M = 6_378_137.0
_WGS84_E2 = 0.00669437999014
_KRASOVSKY_A_M = 6_378_245.0
_KRASOVSKY_E2 = 0.006693421622965943
_CHINA = (72.004, 137.8347, 0.8293, 55.8271)


def _degrees(lon: ArrayLike, lat: ArrayLike) -> tuple[Degrees, Degrees]:
    return np.asarray(lon, np.float64), np.asarray(lat, np.float64)


def _shift(lon: Degrees, lat: Degrees) -> tuple[Degrees, Degrees]:
    """What GCJ-02 adds to longitude and latitude, in degrees."""
    x, y = lon - 105.0, lat - 35.0
    root, pi = np.sqrt(np.abs(x)), np.pi
    short = (20 * np.sin(6 * pi * x) + 20 * np.sin(2 * pi * x)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + short
    north += (20 * np.sin(pi * y) + 40 * np.sin(pi * y / 3)) * 2 / 3
    north += (160 * np.sin(pi * y / 12) + 320 * np.sin(pi * y / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + short
    east += (20 * np.sin(pi * x) + 40 * np.sin(pi * x / 3)) * 2 / 3
    east += (150 * np.sin(pi * x / 12) + 300 * np.sin(pi * x / 30)) * 2 / 3
    radians = np.radians(lat)
    root_w = 1 - _KRASOVSKY_E2 * np.sin(radians) ** 2
    per_lat = _KRASOVSKY_A_M * (1 - _KRASOVSKY_E2) / (root_w * np.sqrt(root_w)) * pi / 180
    per_lon = _KRASOVSKY_A_M / np.sqrt(root_w) * np.cos(radians) * pi / 180
    west, east_edge, south, north_edge = _CHINA
    inside = (lon >= west) & (lon <= east_edge) & (lat >= south) & (lat <= north_edge)
    return np.where(inside, east / per_lon, 0.0), np.where(inside, north / per_lat, 0.0)
