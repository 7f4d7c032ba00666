"""Pasquill stability from wind, sun and cloud.

The scheme is Turner's (D. B. Turner, J. Appl. Meteorol. 3 (1964) 83; EPA AP-26, 1970, chapter 3):
a net radiation index from the sun's height and the cloud, then the class from index and wind.
Chinese practice (GB/T 3840-1991 appendix B, after GB/T 13201-1991) has the same structure; the two
may differ by one class at the margins.
"""

import math
from dataclasses import dataclass
from datetime import datetime

from anlan.kernel.errors import Invalid
from anlan.kernel.text import LabelledEnum, Text
from anlan.science.guard import require


class Stability(LabelledEnum):
    """Pasquill's classes."""

    A = "A", "A 极不稳定", "A very unstable"
    B = "B", "B 不稳定", "B unstable"
    C = "C", "C 弱不稳定", "C slightly unstable"
    D = "D", "D 中性", "D neutral"
    E = "E", "E 弱稳定", "E slightly stable"
    F = "F", "F 稳定", "F stable"

    @property
    def rank(self) -> int:
        """0 for A … 5 for F."""
        return tuple(Stability).index(self)


@dataclass(frozen=True)
class Sky:
    """What the sky does: height of the sun over the horizon (negative at night), cloud in tenths,
    height of the ceiling in metres."""

    sun_deg: float
    cloud_tenths: float
    ceiling_m: float = 3000.0


def stability_of(wind_m_s: float, sky: Sky) -> Stability:
    """The class of Turner's scheme for the wind at 10 m. His class G (7) is given as F.

    >>> stability_of(2.0, Sky(sun_deg=65, cloud_tenths=2)).value
    'A'
    >>> stability_of(1.5, Sky(sun_deg=-20, cloud_tenths=1)).value
    'F'
    """
    wind = require(wind_m_s, Text("风速", "wind speed"), high=120.0, unit="m/s", open_low=False)
    table_row = _row_of(wind)
    return tuple(Stability)[min(_TURNER[table_row][_COLUMNS.index(radiation_index(sky))], 6) - 1]


def radiation_index(sky: Sky) -> int:
    """Turner's net radiation index, 4 (strong sun) … −2 (clear night); AP-26 p. 6, Turner 1964 table 2."""
    sun = require(sky.sun_deg, Text("太阳高度角", "sun's height"), low=-90, high=90, unit="°", open_low=False)
    cloud = require(sky.cloud_tenths, Text("云量", "cloud cover"), low=0, high=10, open_low=False)
    ceiling = require(sky.ceiling_m, Text("云底高", "ceiling"), low=0, high=30_000, unit="m", open_low=False)
    if cloud > 9.5 and ceiling < 2134:  # overcast below 7,000 ft
        return 0
    if sun <= 0:
        return -2 if cloud <= 4 else -1
    index = 4 if sun > 60 else 3 if sun > 35 else 2 if sun > 15 else 1
    if cloud > 5:
        index -= 2 if ceiling < 2134 else 1 if ceiling < 4877 else 0
    if cloud > 9.5 and ceiling >= 2134:
        index -= 1
    return max(index, 1)


def sun_height_deg(lon: float, lat: float, at: datetime) -> float:
    """Height of the sun's centre over the horizon at a UTC time, to about 0.3°
    (Cooper's declination, Spencer's equation of time; Duffie and Beckman, Solar Engineering, chapter 1).

    >>> from datetime import UTC
    >>> round(sun_height_deg(106.23, 38.49, datetime(2026, 6, 21, 5, 0, tzinfo=UTC)))
    75
    """
    if at.tzinfo is None:
        raise Invalid(Text("时刻缺少时区", "The time has no time zone"))
    day = at.timetuple().tm_yday
    angle = 2 * math.pi * (day - 1) / 365
    minutes = 229.18 * (
        7.5e-5
        + 0.001868 * math.cos(angle)
        - 0.032077 * math.sin(angle)
        - 0.014615 * math.cos(2 * angle)
        - 0.04089 * math.sin(2 * angle)
    )
    utc_hours = at.utctimetuple().tm_hour + at.utctimetuple().tm_min / 60 + at.utctimetuple().tm_sec / 3600
    hour_angle = math.radians(15 * (utc_hours + lon / 15 + minutes / 60 - 12))
    declination = math.radians(23.45 * math.sin(2 * math.pi * (284 + day) / 365))
    phi = math.radians(lat)
    sine = math.sin(phi) * math.sin(declination) + math.cos(phi) * math.cos(declination) * math.cos(
        hour_angle
    )
    return math.degrees(math.asin(sine))


_COLUMNS = (4, 3, 2, 1, 0, -1, -2)
_KNOTS = 0.514444
_ROW_TOPS_KN = (1, 3, 5, 6, 7, 9, 10, 11)
_TURNER = (
    (1, 1, 2, 3, 4, 6, 7),
    (1, 2, 2, 3, 4, 6, 7),
    (1, 2, 3, 4, 4, 5, 6),
    (2, 2, 3, 4, 4, 5, 6),
    (2, 2, 3, 4, 4, 4, 5),
    (2, 3, 3, 4, 4, 4, 5),
    (3, 3, 4, 4, 4, 4, 5),
    (3, 3, 4, 4, 4, 4, 4),
    (3, 4, 4, 4, 4, 4, 4),
)


def _row_of(wind_m_s: float) -> int:
    """Row of the table: winds in whole knots, 0–1, 2–3, 4–5, 6, 7, 8–9, 10, 11, 12 and more."""
    knots = math.floor(wind_m_s / _KNOTS + 0.5)
    for row, top in enumerate(_ROW_TOPS_KN):
        if knots <= top:
            return row
    return len(_ROW_TOPS_KN)
