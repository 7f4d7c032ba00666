"""A release of some minutes: a plume near the source, a long puff far from it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from anlan.science.chemical.dispersion.plume import Plume, passage
from anlan.science.chemical.dispersion.sigmas import puff_sigma_y, puff_sigma_z

Array = NDArray[np.float64]
CONTINUOUS, INSTANTANEOUS = 2.5, 0.6


@dataclass(frozen=True)
class FiniteRelease:
    """A `Plume` of finite duration whose σ pass from the plume's to the puff's with the distance.

    A cloud counts as continuous where u t/x ≥ 2.5 and as a puff where u t/x ≤ 0.6 (t the release's
    duration; Britter and McQuaid 1988, chapter 3; CCPS 1999, section 2.3); between, concentrations and
    widths are blended in their logarithms. Ground concentrations in kg/m³.
    """

    plume: Plume

    def share_of_puff(self, x_m: ArrayLike) -> Array:
        """0 where the cloud is a plume, 1 where it is a puff."""
        x = np.maximum(np.asarray(x_m, np.float64), 1e-6)
        ratio = self.plume.wind_m_s * self.plume.duration_s / x
        return np.asarray(np.clip(np.log(CONTINUOUS / ratio) / np.log(CONTINUOUS / INSTANTANEOUS), 0.0, 1.0))

    def at(self, x_m: ArrayLike, y_m: ArrayLike = 0.0) -> Array:
        """Highest average as the cloud passes."""
        x, y = np.broadcast_arrays(np.asarray(x_m, np.float64), np.asarray(y_m, np.float64))
        centre, across = self._centre(x)
        with np.errstate(under="ignore"):
            return np.asarray(np.where(x > 0, centre * np.exp(-0.5 * (y / across) ** 2), 0.0), np.float64)

    def half_width(self, x_m: ArrayLike, level_kg_m3: float) -> Array:
        """|y| at which the concentration falls to a level; 0 where the centreline is below it."""
        centre, across = self._centre(np.asarray(x_m, np.float64))
        excess = np.log(np.maximum(centre, 1e-300) / level_kg_m3)
        return np.where(excess > 0, across * np.sqrt(2 * np.maximum(excess, 0.0)), 0.0)

    def _centre(self, x: Array) -> tuple[Array, Array]:
        at, weight = np.maximum(x, 1e-3), self.share_of_puff(x)
        plume_y, _ = self.plume.sigmas(at)
        puff_y = puff_sigma_y(at, self.plume.weather.stability)
        logs = [np.log(np.maximum(c, 1e-300)) for c in (self.plume.at(at), self._as_puff(at, puff_y))]
        centre = np.exp((1 - weight) * logs[0] + weight * logs[1])
        return np.asarray(centre, np.float64), np.asarray(
            plume_y ** (1 - weight) * puff_y**weight, np.float64
        )

    def _as_puff(self, x: Array, across: Array) -> Array:
        """The puff's σ with the release's length along the wind."""
        one, up = self.plume, puff_sigma_z(x, self.plume.weather.stability)
        vertical = 2 * np.exp(-np.minimum(0.5 * (one.height_m / up) ** 2, 600.0)) / up
        value = one.rate_kg_s / (2 * np.pi * one.wind_m_s * across) * vertical
        return np.asarray(value * passage(one.duration_s, one.averaging_s, across, one.wind_m_s), np.float64)
