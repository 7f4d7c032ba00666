"""Where places lie about an epicentre: geodesic distance and direction, and the frame along a fault."""

import numba
import numpy as np
from numpy.typing import ArrayLike, NDArray
from pyproj import Geod

from anlan.kernel.errors import Invalid
from anlan.kernel.text import Text

Floats = NDArray[np.float64]
WGS84 = Geod(ellps="WGS84")
_A_M = 6_378_137.0
_E2 = 0.00669437999014
_SECOND_E2 = _E2 / (1 - _E2)


def check_place(lon: float, lat: float) -> None:
    """Refuse what is no place on the Earth, and say so when the two numbers look swapped.

    Raises `Invalid`.
    """
    swapped = _in_china(lat, lon) and not _in_china(lon, lat)
    if -180 <= lon <= 180 and -85 <= lat <= 85 and not swapped:
        return
    hint = (
        Text("经度与纬度似乎写反了，请对调后重试", "Longitude and latitude look swapped: exchange them")
        if swapped
        else Text(
            "请填写经度（−180–180）与纬度（−85–85）", "Give longitude (-180 to 180) and latitude (-85 to 85)"
        )
    )
    raise Invalid(
        Text(f"经度 {lon}、纬度 {lat} 不是有效位置", f"Longitude {lon}, latitude {lat} is no valid place"),
        next_step=hint,
        facts={"lon": lon, "lat": lat, "swapped": swapped},
    )


def in_china_box(lon: float, lat: float) -> bool:
    """Whether a place lies in the box of China's land, 73–136° E, 17–54° N."""
    return _in_china(lon, lat)


def offsets(
    lon: float, lat: float, lons: ArrayLike, lats: ArrayLike, strike_deg: float = 0.0
) -> tuple[Floats, Floats]:
    """Metres along the direction *strike_deg* (clockwise from north) and to its right, of places in degrees.

    Both together are the geodesic distance on WGS-84, and the direction is that of the geodesic at
    (*lon*, *lat*), to 1 m within 500 km: Bowring 1981, "The direct and inverse problems for short geodesic lines on
    the ellipsoid", Surveying and Mapping 41(2).

    >>> along, across = offsets(106.0, 38.0, 106.0, 39.0)
    >>> round(float(along)), round(float(across))
    (111006, 0)
    """
    lon_deg, lat_deg = np.broadcast_arrays(np.asarray(lons, np.float64), np.asarray(lats, np.float64))
    along, across = np.empty(lon_deg.size), np.empty(lon_deg.size)
    _offsets(lon, lat, np.ravel(lon_deg), np.ravel(lat_deg), strike_deg, along, across)
    return along.reshape(lon_deg.shape), across.reshape(lon_deg.shape)


def place_at(
    lon: float, lat: float, along_m: ArrayLike, across_m: ArrayLike, strike_deg: float = 0.0
) -> tuple[Floats, Floats]:
    """Longitude and latitude of places in the frame of `offsets`, by the geodesic."""
    along, across = np.broadcast_arrays(np.asarray(along_m, np.float64), np.asarray(across_m, np.float64))
    azimuth = np.degrees(np.arctan2(across, along)) + strike_deg
    start = np.ones(along.shape)
    lons, lats, _ = WGS84.fwd(lon * start, lat * start, azimuth, np.hypot(along, across))
    return np.asarray(lons), np.asarray(lats)


def distance_to_segment_m(along_m: ArrayLike, across_m: ArrayLike, length_m: float) -> Floats:
    """Distance to a segment of *length_m* centred at the origin along the first axis."""
    beyond = np.maximum(np.abs(np.asarray(along_m, np.float64)) - 0.5 * length_m, 0.0)
    return np.hypot(beyond, np.asarray(across_m, np.float64))


@numba.njit(cache=True, nogil=True, error_model="numpy")
def _offsets(lon, lat, lons, lats, strike_deg, along, across):  # type: ignore[no-untyped-def]
    degree = np.pi / 180.0
    phi = lat * degree
    sine, cosine = np.sin(phi), np.cos(phi)
    a = np.sqrt(1.0 + _SECOND_E2 * cosine**4)
    b2 = 1.0 + _SECOND_E2 * cosine**2
    b = np.sqrt(b2)
    c = np.sqrt(1.0 + _SECOND_E2)
    scale = _A_M * c / b2
    strike = strike_deg * degree
    for i in range(lons.size):
        d_phi = (lats[i] - lat) * degree
        # the shorter way round
        d_lon = lons[i] - lon
        d_lon = (d_lon - 360.0 * np.rint(d_lon / 360.0)) * degree
        half = 0.5 * a * d_lon
        bend = 1.0 + 0.75 * _SECOND_E2 / b2 * d_phi * np.sin(2.0 * phi + 2.0 / 3.0 * d_phi)
        d = 0.5 * d_phi / b * bend
        sin_d, cos_d, sin_w, cos_w = np.sin(d), np.cos(d), np.sin(half), np.cos(half)
        e = sin_d * cos_w
        f = sin_w / a * (b * cosine * cos_d - sine * sin_d)
        distance = scale * 2.0 * np.arcsin(min(1.0, np.sqrt(e * e + f * f)))
        turned = np.arctan2(f, e)
        convergence = np.arctan2((sine * cos_d + b * cosine * sin_d) * sin_w, a * cos_d * cos_w)
        direction = turned - convergence - strike
        along[i] = distance * np.cos(direction)
        across[i] = distance * np.sin(direction)


def _in_china(lon: float, lat: float) -> bool:
    return 73.0 <= lon <= 136.0 and 17.0 <= lat <= 54.0
