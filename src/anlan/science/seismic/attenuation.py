"""Elliptical attenuation: a level that falls with the logarithm of distance, faster or slower along the fault.

Both the intensity relations I = A + B·M + C·lg(R + R₀) of the national zonation and the ground-motion
relations lg Y = A + B·M + C·lg(R + D·e^(E·M)) are of one form. A place belongs to the
ellipse about the epicentre that passes through it.
"""

import math
from dataclasses import dataclass
from functools import cache

import numba
import numpy as np
from numpy.typing import ArrayLike, NDArray

from anlan.kernel.errors import NotFound
from anlan.kernel.text import Text
from anlan.kernel.validation import Certainty
from anlan.science.packaged import packaged_table

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Decay:
    """A level along one axis at one magnitude: ``start + slope · lg(R + near)``, R in km; *slope* is negative."""

    start: float
    slope: float
    near_km: float

    def level(self, distance_km: float) -> float:
        return self.start + self.slope * math.log10(distance_km + self.near_km)

    def reach_km(self, level: float) -> float:
        """How far *level* is reached; negative when it is not reached at all."""
        return float(10.0 ** ((level - self.start) / self.slope)) - self.near_km


@dataclass(frozen=True)
class Ellipse:
    """A level that decays along the fault as *long* and across it as *short*."""

    long: Decay
    short: Decay

    @property
    def peak(self) -> float:
        """The level at the epicentre: the smaller of the two axes', which agree to the coefficients' rounding."""
        return min(self.long.level(0.0), self.short.level(0.0))

    def semi_axes_km(self, level: float) -> tuple[float, float]:
        """Along and across the fault; (0, 0) when *level* is not reached."""
        along, across = self.long.reach_km(level), self.short.reach_km(level)
        return (along, across) if along > 0 and across > 0 else (0.0, 0.0)

    def mean_radius_km(self, level: float) -> float:
        """The radius at 45° to the axes: what stands for the ellipse where the strike is not known."""
        along, across = self.semi_axes_km(level)
        return math.sqrt(2.0 / (along**-2 + across**-2)) if along > 0 else 0.0

    @property
    def crossing_km(self) -> float:
        """Beyond this distance the short axis would exceed the long one, and the relation means nothing.

        Infinite when the axes never cross; the search ends at 3,000 km.
        """
        near, far = 100.0, 3000.0
        if self._excess(far) > 0:
            return math.inf
        for _ in range(60):
            middle = 0.5 * (near + far)
            near, far = (middle, far) if self._excess(middle) > 0 else (near, middle)
        return near

    def levels(self, along_km: ArrayLike, across_km: ArrayLike) -> Floats:
        """The level at places in the frame of the fault, by Newton's method on the ellipse through each."""
        along, across = np.broadcast_arrays(
            np.asarray(along_km, np.float64), np.asarray(across_km, np.float64)
        )
        found = np.empty(along.size)
        _levels(np.ravel(along), np.ravel(across), found, *self._plain())
        return found.reshape(along.shape)

    def _plain(self) -> tuple[float, ...]:
        long, short = self.long, self.short
        return long.start, long.slope, long.near_km, short.start, short.slope, short.near_km

    def _excess(self, distance_km: float) -> float:
        return self.long.level(distance_km) - self.short.level(distance_km)


@dataclass(frozen=True)
class IntensitySet:
    """An intensity relation of a zone: I = A + B·M + C·lg(R + R₀) on both axes, *sigma* its standard deviation."""

    id: str
    title: Text
    b: float
    a: tuple[float, float]
    c: tuple[float, float]
    r0_km: tuple[float, float]
    sigma: float
    certainty: Certainty
    source: str

    def at(self, magnitude: float) -> Ellipse:
        """The relation for an earthquake of *magnitude* (Ms)."""
        long, short = (
            Decay(a + self.b * magnitude, c, r0) for a, c, r0 in zip(self.a, self.c, self.r0_km, strict=True)
        )
        return Ellipse(long, short)


@dataclass(frozen=True)
class Zone:
    """Where which relation holds, and which one is shown beside it as the other bound."""

    id: str
    title: Text
    set_id: str
    envelope_id: str
    certainty: Certainty
    source: str


@cache
def intensity_sets() -> dict[str, IntensitySet]:
    """All relations by id, in the order of the table."""
    return {
        row["set"]: IntensitySet(
            row["set"],
            Text(row["zh"], row["en"]),
            float(row["b"]),
            (float(row["a_long"]), float(row["a_short"])),
            (float(row["c_long"]), float(row["c_short"])),
            (float(row["r0_long_km"]), float(row["r0_short_km"])),
            float(row["sigma"]),
            Certainty(row["certainty"]),
            row["source"],
        )
        for row in packaged_table("anlan.science.seismic", "attenuation").rows
    }


def intensity_set(name: str) -> IntensitySet:
    """The relation called *name*. Raises `NotFound`."""
    found = intensity_sets().get(name)
    if found is None:
        known = "、".join(intensity_sets())
        raise NotFound(
            Text(f"没有名为 {name} 的烈度衰减关系", f"There is no intensity relation called {name}"),
            next_step=Text(f"现有：{known}", f"There are: {known.replace('、', ', ')}"),
        )
    return found


def zone_of(lon: float, lat: float) -> Zone | None:
    """The first zone of the table that holds the place; None outside them all.

    >>> zone_of(105.3, 36.6).set_id, zone_of(106.2, 38.5).set_id
    ('qingzang_2015', 'dongbu_2015')
    """
    for row in packaged_table("anlan.science.seismic", "zones").rows:
        west, east, south, north = (
            float(row[key]) for key in ("lon_west", "lon_east", "lat_south", "lat_north")
        )
        if west <= lon <= east and south <= lat <= north:
            title = Text(row["zh"], row["en"])
            return Zone(
                row["zone"], title, row["set"], row["envelope"], Certainty(row["certainty"]), row["source"]
            )
    return None


@numba.njit(cache=True, nogil=True, error_model="numpy")
def _levels(along, across, found, a_long, c_long, r_long, a_short, c_short, r_short):  # type: ignore[no-untyped-def]
    """The level of the ellipse through each place: the root of (x/Rₗ)² + (y/Rₛ)² = 1, which falls with the level.

    At the level that the long axis gives to the place's own distance one side of the root is met, at that of
    the short axis the other: Newton's steps are kept between the two.
    """
    ln10 = np.log(10.0)
    for i in range(along.size):
        x2, y2 = along[i] * along[i], across[i] * across[i]
        r2 = x2 + y2
        r = np.sqrt(r2)
        on_long = a_long + c_long * np.log10(r + r_long)
        on_short = a_short + c_short * np.log10(r + r_short)
        low, high = min(on_long, on_short), max(on_long, on_short)
        if r2 < 1e-12 or high - low < 1e-12:
            found[i] = low
            continue
        level = (x2 * on_long + y2 * on_short) / r2
        for _ in range(40):
            long = np.exp((level - a_long) / c_long * ln10)
            short = np.exp((level - a_short) / c_short * ln10)
            semi_long = max(long - r_long, 1e-9)
            semi_short = max(short - r_short, 1e-9)
            u, v = x2 / (semi_long * semi_long), y2 / (semi_short * semi_short)
            # of the logarithm: far straighter than the sum itself, near the epicentre too
            value = np.log(u + v)
            slope = -2.0 * ln10 * (u * long / (semi_long * c_long) + v * short / (semi_short * c_short))
            slope /= u + v
            if value > 0.0:
                high = level
            else:
                low = level
            step = value / slope
            new = level - step
            if not (low <= new <= high):
                new = 0.5 * (low + high)
            level = new
            if abs(step) < 1e-11 or high - low < 1e-11:
                break
        found[i] = level
