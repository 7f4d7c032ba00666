"""What is usual at this time: median and spread of the same season of earlier days."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from anlan.science.anomaly.cards import SEASON
from anlan.science.registry import model

Floats = NDArray[np.float64]

_LEAST = 5
"""Fewer readings than this in a season: the whole period stands for it."""

_TO_SIGMA = 1.4826
"""MAD to standard deviation, for a normal distribution."""


@dataclass(frozen=True)
class Baseline:
    """Median and robust deviation by season (0 … seasons−1)."""

    centre: Floats
    spread: Floats

    def z(self, values: ArrayLike, season: ArrayLike) -> Floats:
        """How many robust deviations *values* are off; NaN where the season never varied."""
        at = np.asarray(season, np.int64)
        spread = np.where(self.spread > 0, self.spread, np.nan)
        deviation: Floats = (np.asarray(values, np.float64) - self.centre[at]) / spread[at]
        return deviation


@model(SEASON)
def robust_baseline(values: ArrayLike, season: ArrayLike, seasons: int) -> Baseline:
    """Median and 1.4826·MAD of *values* by their *season*; NaN are left out, thin seasons get the whole's."""
    x, of = np.asarray(values, np.float64), np.asarray(season, np.int64)
    good = np.isfinite(x)
    centre, spread = np.full(seasons, np.nan), np.full(seasons, np.nan)
    whole = _robust(x[good])
    for one in range(seasons):
        inside = x[good & (of == one)]
        centre[one], spread[one] = _robust(inside) if len(inside) >= _LEAST else whole
    return Baseline(centre, spread)


def _robust(x: Floats) -> tuple[float, float]:
    if not len(x):
        return float("nan"), float("nan")
    centre = float(np.median(x))
    return centre, _TO_SIGMA * float(np.median(np.abs(x - centre)))
