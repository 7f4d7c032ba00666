"""Formulas of one cell, compiled into the marching kernels and into the plain functions alike.

Directions are (east, north). A metric is five numbers (a, b, c, s, t): the time along a way (x, y) is
√(a·x² + 2b·x·y + c·y²) − s·x − t·y, in seconds per metre.
"""

# mypy: disable-error-code="no-untyped-def,no-untyped-call"

from typing import Any

import numpy as np
from numba import njit

_compile: Any = njit
MPH_M_S = 0.44704
LONGEST = 8.0
NEVER = np.float64(1e30)


def pointwise(function: Any) -> Any:
    """Compile what is called once a cell; it is inlined where LLVM sees fit."""
    return _compile(error_model="numpy", nogil=True, cache=True)(function)


@pointwise
def steered(calm, factor, power, slope_factor, limit, wind_e, wind_n, rise_e, rise_n):
    """Head of a surface fire (Rothermel 1972): rate (m/s), effective wind (m/s), direction on the slope.

    Wind and slope factors add as vectors (Rothermel 1983, INT-143; Andrews 2018); *wind* is at midflame height,
    *rise* the gradient of the terrain. *limit* caps the effective wind; pass infinity for none.
    """
    wind2, rise2 = wind_e * wind_e + wind_n * wind_n, rise_e * rise_e + rise_n * rise_n
    x = y = 0.0
    if wind2 > 0.0:
        speed = np.sqrt(wind2)
        push = factor * speed**power / speed
        x, y = push * wind_e, push * wind_n
    if rise2 > 0.0:
        push = slope_factor * np.sqrt(rise2)
        x, y = x + push * rise_e, y + push * rise_n
    total = np.sqrt(x * x + y * y)
    if total <= 1e-9:
        return calm, 0.0, 0.0, 0.0
    effective = (total / factor) ** (1.0 / power)
    if effective > limit:
        effective, held = limit, factor * limit**power
        return calm * (1.0 + held), effective, x / total, y / total
    return calm * (1.0 + total), effective, x / total, y / total


@pointwise
def eccentric(effective, anderson):
    """Eccentricity of the ellipse at an effective wind: Anderson 1983 (as in Finney 1998) or Rothermel 1991."""
    if anderson:
        wind = min(effective, 20.0)
        ratio = 0.936 * np.exp(0.2566 * wind) + 0.461 * np.exp(-0.1548 * wind) - 0.397
    else:
        ratio = 1.0 + 0.25 * effective / MPH_M_S
    ratio = min(max(ratio, 1.0), LONGEST)
    return np.sqrt(1.0 - 1.0 / (ratio * ratio))


@pointwise
def focal_metric(rate, e, east, north, rise_e, rise_n):
    """The metric of an ellipse about its rear focus, laid on the slope and seen from above.

    A way v on the map is S·v on the slope, where S stretches by 1/cos along the rise: |S·v|² = |v|² + (rise·v)².
    """
    slow = 1.0 / (rate * (1.0 - e))
    square = slow * slow
    pull_e, pull_n = _stretched(e * slow * east, e * slow * north, rise_e, rise_n)
    return (
        square * (1.0 + rise_e * rise_e),
        square * rise_e * rise_n,
        square * (1.0 + rise_n * rise_n),
        pull_e,
        pull_n,
    )


@pointwise
def wide_metric(length, width, ahead, east, north, rise_e, rise_n):
    """The metric of any ellipse: in a second it spreads to semi-axes *length* and *width* about a point *ahead* (m).

    (v/F − c)ᵀ E (v/F − c) = 1 solved for F.
    """
    one, other = 1.0 / (length * length), 1.0 / (width * width)
    ee = one * east * east + other * north * north
    en = (one - other) * east * north
    nn = one * north * north + other * east * east
    pull_e, pull_n = one * ahead * east, one * ahead * north
    rest = 1.0 - one * ahead * ahead
    a = (pull_e * pull_e + rest * ee) / (rest * rest)
    b = (pull_e * pull_n + rest * en) / (rest * rest)
    c = (pull_n * pull_n + rest * nn) / (rest * rest)
    rise2 = rise_e * rise_e + rise_n * rise_n
    if rise2 > 0.0:
        extra = (np.sqrt(1.0 + rise2) - 1.0) / rise2
        p, q, r = 1.0 + extra * rise_e * rise_e, extra * rise_e * rise_n, 1.0 + extra * rise_n * rise_n
        ap, aq = a * p + b * q, a * q + b * r
        bp, bq = b * p + c * q, b * q + c * r
        a, b, c = p * ap + q * bp, p * aq + q * bq, q * aq + r * bq
    pull_e, pull_n = _stretched(pull_e / rest, pull_n / rest, rise_e, rise_n)
    return a, b, c, pull_e, pull_n


@pointwise
def _stretched(east, north, rise_e, rise_n):
    """Sᵀ of a vector on the slope."""
    rise2 = rise_e * rise_e + rise_n * rise_n
    if rise2 == 0.0:
        return east, north
    along = (np.sqrt(1.0 + rise2) - 1.0) / rise2 * (rise_e * east + rise_n * north)
    return east + along * rise_e, north + along * rise_n


@pointwise
def front_rate(slope_e, slope_n, rise_e, rise_n):
    """Rate of the front along its normal on the slope (m/s), from the gradient of the arrival time (s/m) on the map."""
    across = slope_e * rise_e + slope_n * rise_n
    square = (
        slope_e * slope_e + slope_n * slope_n - across * across / (1.0 + rise_e * rise_e + rise_n * rise_n)
    )
    return 1.0 / np.sqrt(square)
