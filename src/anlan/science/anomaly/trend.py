"""Whether there is a trend, how steep it is, and when it meets a limit."""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from anlan.science.anomaly.cards import TIME_TO_LIMIT, TREND
from anlan.science.registry import model

if TYPE_CHECKING:
    from anlan.science.slope.failure import Forecast


class Trend(NamedTuple):
    """Mann–Kendall's S, its variance, the standard normal z and two-sided p, and Sen's slope per step."""

    s: int
    variance: float
    z: float
    p: float
    slope: float


@model(TREND)
def mann_kendall(values: ArrayLike) -> Trend:
    """The test over *values* in their order, with the correction for ties; NaN are left out.

    Fewer than 4 values, or values that are all the same, show no trend: z is 0 and p is 1.

    >>> mann_kendall([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]).s
    45
    """
    # scipy is loaded by who computes, and by no process that only knows of it
    from scipy.special import ndtr

    given = np.asarray(values, np.float64)
    steps = np.flatnonzero(np.isfinite(given))
    x = given[steps]
    n = len(x)
    first, second = np.triu_indices(n, 1)
    difference = x[second] - x[first]
    s = int(np.sign(difference).sum())
    _, ties = np.unique(x, return_counts=True)
    variance = float(n * (n - 1) * (2 * n + 5) - (ties * (ties - 1) * (2 * ties + 5)).sum()) / 18.0
    slope = float(np.median(difference / (steps[second] - steps[first]))) if n > 1 else 0.0
    if n < 4 or variance <= 0:
        return Trend(s, variance, 0.0, 1.0, slope)
    z = float((s - np.sign(s)) / np.sqrt(variance))
    return Trend(s, variance, z, float(2.0 * ndtr(-abs(z))), slope)


@model(TIME_TO_LIMIT)
def time_to_limit(
    times_s: ArrayLike, values: ArrayLike, limit: float, *, rising: bool, confidence: float = 0.9
) -> "Forecast":
    """When the straight line through *values* meets *limit*, with Fieller's interval of *confidence*.

    It is the zero of the distance that is left: readings beyond the limit are left out, and a line
    that does not significantly go towards the limit gives no time.

    >>> t = np.arange(10.0)
    >>> round(time_to_limit(t, 2.0 * t, 40.0, rising=True).time_s, 6)
    20.0
    """
    x = np.asarray(values, np.float64)
    distance = limit - x if rising else x - limit
    inverse = np.divide(1.0, distance, out=np.full(x.shape, np.nan), where=distance > 0)
    # the engine of slopes loads numba, which who only knows of hints does without
    from anlan.science.slope.failure import failure_time

    return failure_time(times_s, inverse, confidence)
