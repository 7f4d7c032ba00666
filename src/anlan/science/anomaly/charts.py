"""Charts of small lasting shifts, for many signals at once."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from anlan.science.anomaly.cards import CUSUM, EWMA
from anlan.science.registry import model

Floats = NDArray[np.float64]


class Ewma(NamedTuple):
    """The chart's value and its control limit (both directions), shapes (T, P) and (T, P)."""

    value: Floats
    limit: Floats


class Cusum(NamedTuple):
    """The upper and the lower sum, both not negative, shape (T, P)."""

    upper: Floats
    lower: Floats


@model(EWMA)
def ewma(z: ArrayLike, weight: float = 0.2, width: float = 2.962) -> Ewma:
    """EWMA of standardised readings *z* (T, P) or (T,): vᵢ = λzᵢ + (1−λ)vᵢ₋₁ from v₀ = 0.

    *weight* is λ, *width* the limit in standard deviations of v: ±L·√(λ/(2−λ)·(1−(1−λ)²ⁱ)). Missing readings
    (NaN) leave the chart where it is.
    """
    # numba is loaded by who draws a chart, and by no process that only knows of them
    from anlan.science.anomaly.kernels import run_ewma

    return Ewma(*run_ewma(_columns(z), weight, width))


@model(CUSUM)
def cusum(z: ArrayLike, reference: float = 0.5) -> Cusum:
    """Upper and lower cumulative sums of standardised readings *z*: C⁺ᵢ = max(0, C⁺ᵢ₋₁ + zᵢ − k), C⁻ alike.

    *reference* is k, half the shift to be found. Missing readings (NaN) leave the sums as they are.
    """
    from anlan.science.anomaly.kernels import run_cusum

    return Cusum(*run_cusum(_columns(z), reference))


def _columns(z: ArrayLike) -> Floats:
    columns = np.asarray(z, np.float64)
    return np.ascontiguousarray(columns[:, None] if columns.ndim == 1 else columns)
