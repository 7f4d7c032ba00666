"""Means over a normal scatter that stay right where a curve is steep or jumps."""

from collections.abc import Callable
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

Floats = NDArray[np.float64]


def _lobatto(count: int) -> tuple[Floats, Floats]:
    """Nodes and weights of Gauss and Lobatto on −1…1: both ends are nodes, so that no jump hides between them."""
    legendre = np.polynomial.Legendre.basis(count - 1)
    nodes = np.concatenate([[-1.0], np.sort(legendre.deriv().roots().real), [1.0]])
    return nodes, 2.0 / (count * (count - 1) * legendre(nodes) ** 2)


_NODES, _WEIGHTS = _lobatto(9)
_ENDS = np.array([-8.0, -4.0, -2.0, 0.0, 2.0, 4.0, 8.0])
_FINEST = 2.0**-22
_TOLERANCE = 1e-11
_STRATA = 1024


def classes(curves: Callable[[Floats], Floats]) -> tuple[Floats, Floats]:
    """The scatter cut into classes in which *curves* are known: weights (classes,) and values (curves, classes).

    *curves* maps z (n,) to (curves, n). Panels are halved until the integrals of every curve and of its square against
    the normal density agree to 1e-11, down to a width of 2⁻²², so that a jump costs 1e-7 at the most. Nodes with equal
    values are one class: a step makes two.

    >>> weights, values = classes(lambda z: (z >= 1.0).astype(float)[None])
    >>> [round(float(w), 6) for w in weights], values.tolist()
    ([0.841345, 0.158655], [[0.0, 1.0]])
    """
    low, high = _ENDS[:-1], _ENDS[1:]
    weights: list[Floats] = []
    values: list[Floats] = []
    while len(low):
        whole, _, _ = _integrals(curves, low, high)
        middle = (low + high) / 2
        left, right = _integrals(curves, low, middle), _integrals(curves, middle, high)
        fine = (np.abs(whole - left[0] - right[0]) <= _TOLERANCE).all(axis=0) | (high - low < _FINEST)
        for _, share, value in (left, right):
            weights.append(share[fine].ravel())
            values.append(value[:, fine].reshape(len(value), -1))
        rough = ~fine
        low, high = (
            np.concatenate([low[rough], middle[rough]]),
            np.concatenate([middle[rough], high[rough]]),
        )
    return _merged(np.concatenate(weights), np.concatenate(values, axis=1))


def scattered(curve: Callable[[ArrayLike], Floats], intensity: ArrayLike, sigma_ln: float) -> Floats:
    """The mean of *curve* over an intensity whose logarithm scatters by *sigma_ln*: 1,024 strata of equal chance."""
    if sigma_ln == 0:
        return curve(intensity)
    values = np.asarray(intensity, np.float64)[..., None] * np.exp(sigma_ln * _strata())
    return np.asarray(curve(values).mean(axis=-1), np.float64)


def _integrals(
    curves: Callable[[Floats], Floats], low: Floats, high: Floats
) -> tuple[Floats, Floats, Floats]:
    """Of curves and squares over each panel (2 curves, panels); weights (panels, 9); values (curves, panels, 9)."""
    z = (low[:, None] + high[:, None] + (high - low)[:, None] * _NODES) / 2
    share = (high - low)[:, None] / 2 * _WEIGHTS * np.exp(-z * z / 2) / np.sqrt(2 * np.pi)
    value = curves(z.ravel()).reshape(-1, *z.shape)
    return np.concatenate([(value * share).sum(axis=2), (value**2 * share).sum(axis=2)]), share, value


def _merged(weights: Floats, values: Floats) -> tuple[Floats, Floats]:
    keys = np.round(values, 12)
    _, first, place = np.unique(keys, axis=1, return_index=True, return_inverse=True)
    total = np.bincount(place.ravel(), weights=weights, minlength=len(first))
    return np.asarray(total / total.sum(), np.float64), values[:, first]


@cache
def _strata() -> Floats:
    return np.asarray(ndtri((np.arange(_STRATA) + 0.5) / _STRATA), np.float64)
