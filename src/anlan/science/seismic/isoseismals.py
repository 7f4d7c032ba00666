"""Isoseismal lines as outlines on the map: ellipses along the fault, circles, or bands about a rupture."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anlan.kernel.fields import Contour
from anlan.kernel.text import LabelledEnum, Text
from anlan.science.seismic.attenuation import Ellipse
from anlan.science.seismic.geometry import distance_to_segment_m, place_at
from anlan.science.seismic.intensity import numeral

Floats = NDArray[np.float64]
_POINTS = 180


class Shape(LabelledEnum):
    """What the shaking spreads from."""

    ELLIPSE = "ellipse", "沿断层走向的椭圆", "an ellipse along the fault"
    CIRCLE = "circle", "圆（走向未知）", "a circle (strike not known)"
    LINE = "line", "破裂线（线源）", "the rupture as a line"


@dataclass(frozen=True)
class Shaking:
    """How the intensity of one event lies about its epicentre; *rupture_km* matters for a line only."""

    lon: float
    lat: float
    shape: Shape
    strike_deg: float
    rupture_km: float
    ellipse: Ellipse

    def at(self, along_m: Floats, across_m: Floats) -> Floats:
        """Intensity at places in the frame of the fault (metres)."""
        if self.shape is Shape.ELLIPSE:
            return self.ellipse.levels(along_m / 1000.0, across_m / 1000.0)
        if self.shape is Shape.CIRCLE:
            diagonal = np.hypot(along_m, across_m) / 1000.0 * np.sqrt(0.5)
            return self.ellipse.levels(diagonal, diagonal)
        away_km = distance_to_segment_m(along_m, across_m, 1000.0 * self.rupture_km) / 1000.0
        short = self.ellipse.short
        return np.asarray(short.start + short.slope * np.log10(away_km + short.near_km))

    @property
    def peak(self) -> float:
        """The intensity at the epicentre, within the scale's 1 to 12."""
        level = self.ellipse.short.level(0.0) if self.shape is Shape.LINE else self.ellipse.peak
        return min(12.0, max(1.0, level))

    def reach_km(self, level: float) -> tuple[float, float]:
        """Half the length and half the width of the area of *level*; (0, 0) when it is not reached."""
        if self.shape is Shape.ELLIPSE:
            return self.ellipse.semi_axes_km(level)
        if self.shape is Shape.CIRCLE:
            radius = self.ellipse.mean_radius_km(level)
            return radius, radius
        radius = self.ellipse.short.reach_km(level)
        return (radius + 0.5 * self.rupture_km, radius) if radius > 0 else (0.0, 0.0)

    def outline(self, degree: int) -> Contour | None:
        """The outer line of the zone of *degree*, in longitude and latitude; None when it is not reached."""
        along_km, across_km = self.reach_km(float(degree))
        if along_km <= 0:
            return None
        # counter-clockwise on the map: across is to the right of along
        turn = np.linspace(0.0, -2.0 * np.pi, _POINTS, endpoint=False)
        straight = 0.5 * self.rupture_km if self.shape is Shape.LINE else 0.0
        x = (along_km - straight) * np.cos(turn)
        y = across_km * np.sin(turn)
        x = x + np.where(np.cos(turn) >= 0, straight, -straight)
        lons, lats = place_at(self.lon, self.lat, 1000.0 * x, 1000.0 * y, self.strike_deg)
        ring = [(float(lon), float(lat)) for lon, lat in zip(lons, lats, strict=True)]
        return Contour(
            "intensity",
            "",
            float(degree),
            Text(f"{numeral(degree)}度区外缘", f"outer line of degree {numeral(degree)}"),
            [[[*ring, ring[0]]]],
            "EPSG:4326",
            {
                "semi_long_km": along_km,
                "semi_short_km": across_km,
                "area_km2": self._area_km2(along_km, across_km),
            },
        )

    def _area_km2(self, along_km: float, across_km: float) -> float:
        straight = self.rupture_km if self.shape is Shape.LINE else 0.0
        return float(np.pi * (along_km - 0.5 * straight) * across_km + 2.0 * straight * across_km)
