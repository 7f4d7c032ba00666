"""Dispersion parameters σy and σz in metres by downwind distance in metres.

Three sets for plumes: Briggs open country and urban (Briggs 1973, ATDL-106; as printed in EPA
AP-42-style guides and CCPS 1999), and the Pasquill–Gifford curves of Turner's workbook (EPA AP-26)
in the fits of ISC3 (EPA-454/B-95-003b, tables 1-1 and 1-2). One set for puffs (Slade 1968, in the
fits of CCPS 1999, table 2.14). The curves stand for averages over about ten minutes over distances
of 100 m to 10 km; beyond, they are extrapolations.
"""

from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from anlan.kernel.errors import Invalid
from anlan.kernel.text import Text
from anlan.science.chemical.weather import Stability, Terrain

Array = NDArray[np.float64]


class Curves(StrEnum):
    """Which set of plume parameters."""

    BRIGGS_OPEN = "briggs_open"
    BRIGGS_URBAN = "briggs_urban"
    PASQUILL_GIFFORD = "pasquill_gifford"

    @classmethod
    def of(cls, terrain: Terrain) -> "Curves":
        return cls.BRIGGS_URBAN if terrain is Terrain.URBAN else cls.BRIGGS_OPEN


REFERENCE_AVERAGING_S = 600.0
_LEAST_AVERAGING_S = 18.75
_MOST_AVERAGING_S = 7200.0


def sigma_y(x_m: ArrayLike, stability: Stability, curves: Curves) -> Array:
    """Crosswind standard deviation of a plume over ten minutes.

    >>> round(float(sigma_y(1000.0, Stability.D, Curves.BRIGGS_OPEN)), 2)
    76.28
    """
    x = _distance(x_m)
    if curves is Curves.BRIGGS_OPEN:
        return (0.22, 0.16, 0.11, 0.08, 0.06, 0.04)[stability.rank] * x / np.sqrt(1 + 1e-4 * x)
    if curves is Curves.BRIGGS_URBAN:
        return (0.32, 0.32, 0.22, 0.16, 0.11, 0.11)[stability.rank] * x / np.sqrt(1 + 4e-4 * x)
    c, d = _GIFFORD_Y[stability.rank]
    km = np.maximum(x, 1e-3) / 1000
    return 465.11628 * km * np.tan(0.017453293 * (c - d * np.log(km)))


def sigma_z(x_m: ArrayLike, stability: Stability, curves: Curves) -> Array:
    """Vertical standard deviation of a plume.

    >>> round(float(sigma_z(1000.0, Stability.D, Curves.BRIGGS_OPEN)), 2)
    37.95
    """
    x = _distance(x_m)
    if curves is Curves.BRIGGS_OPEN:
        return _briggs_open_z(x, stability)
    if curves is Curves.BRIGGS_URBAN:
        return _briggs_urban_z(x, stability)
    tops, factors, powers = _GIFFORD_Z[stability.rank]
    km = np.maximum(x, 1e-3) / 1000
    row = np.searchsorted(np.asarray(tops), km, side="left")
    sigma = np.asarray(factors)[row] * km ** np.asarray(powers)[row]
    return np.minimum(np.maximum.accumulate(np.atleast_1d(sigma)), 5000.0).reshape(km.shape)


def puff_sigma_y(x_m: ArrayLike, stability: Stability) -> Array:
    """Horizontal standard deviation of a puff after a travel of *x_m*; σx is taken equal."""
    factor = (0.18, 0.14, 0.10, 0.06, 0.04, 0.02)[stability.rank]
    return factor * _distance(x_m) ** (0.89 if stability is Stability.F else 0.92)


def puff_sigma_z(x_m: ArrayLike, stability: Stability) -> Array:
    """Vertical standard deviation of a puff after a travel of *x_m*."""
    factor = (0.60, 0.53, 0.34, 0.15, 0.10, 0.05)[stability.rank]
    return factor * _distance(x_m) ** (0.75, 0.73, 0.71, 0.70, 0.65, 0.61)[stability.rank]


def averaging_factor(averaging_s: float) -> float:
    """By what σy grows with the averaging time: (t / 600 s)^0.2, from 18.75 s to 2 h
    (Gifford 1975; TNO Yellow Book 1997, equation 4.60).

    >>> round(averaging_factor(3600.0), 3)
    1.431
    """
    if not (np.isfinite(averaging_s) and averaging_s >= 0):
        raise Invalid(Text("平均时间不合理", "The averaging time makes no sense"))
    seconds = min(max(averaging_s, _LEAST_AVERAGING_S), _MOST_AVERAGING_S)
    return float((seconds / REFERENCE_AVERAGING_S) ** 0.2)


def _distance(x_m: ArrayLike) -> Array:
    return np.maximum(np.asarray(x_m, np.float64), 0.0)


def _briggs_open_z(x: Array, stability: Stability) -> Array:
    if stability.rank <= 1:
        return (0.20, 0.12)[stability.rank] * x
    if stability is Stability.C:
        return 0.08 * x / np.sqrt(1 + 2e-4 * x)
    if stability is Stability.D:
        return 0.06 * x / np.sqrt(1 + 1.5e-3 * x)
    return (0.03 if stability is Stability.E else 0.016) * x / (1 + 3e-4 * x)


def _briggs_urban_z(x: Array, stability: Stability) -> Array:
    if stability.rank <= 1:
        return 0.24 * x * np.sqrt(1 + 1e-3 * x)
    if stability is Stability.C:
        return 0.20 * x
    if stability is Stability.D:
        return 0.14 * x / np.sqrt(1 + 3e-4 * x)
    return 0.08 * x / np.sqrt(1 + 1.5e-3 * x)


_GIFFORD_Y = (
    (24.1670, 2.5334),
    (18.3330, 1.8096),
    (12.5000, 1.0857),
    (8.3330, 0.72382),
    (6.2500, 0.54287),
    (4.1667, 0.36191),
)
# upper ends of the pieces in km, factors and powers: one more piece than ends
_GIFFORD_Z: tuple[tuple[tuple[float, ...], tuple[float, ...], tuple[float, ...]], ...] = (
    (
        (0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5),
        (122.8, 158.08, 170.22, 179.52, 217.41, 258.89, 346.75, 453.85),
        (0.9447, 1.0542, 1.0932, 1.1262, 1.2644, 1.4094, 1.7283, 2.1166),
    ),
    ((0.2, 0.4), (90.673, 98.483, 109.3), (0.93198, 0.98332, 1.0971)),
    ((), (61.141,), (0.91465,)),
    (
        (0.3, 1.0, 3.0, 10.0, 30.0),
        (34.459, 32.093, 32.093, 33.504, 36.65, 44.053),
        (0.86974, 0.81066, 0.64403, 0.60486, 0.56589, 0.51179),
    ),
    (
        (0.1, 0.3, 1.0, 2.0, 4.0, 10.0, 20.0, 40.0),
        (24.26, 23.331, 21.628, 21.628, 22.534, 24.703, 26.97, 35.42, 47.618),
        (0.8366, 0.81956, 0.7566, 0.63077, 0.57154, 0.50527, 0.46713, 0.37615, 0.29592),
    ),
    (
        (0.2, 0.7, 1.0, 2.0, 3.0, 7.0, 15.0, 30.0, 60.0),
        (15.209, 14.457, 13.953, 13.953, 14.823, 16.187, 17.836, 22.651, 27.074, 34.219),
        (0.81558, 0.78407, 0.68465, 0.63227, 0.54503, 0.4649, 0.41507, 0.32681, 0.27436, 0.21716),
    ),
)
