"""How long a chart runs until it signals, on average: its price in false signals and its speed.

Both integral equations are solved by Gauss–Legendre quadrature: Crowder (1987) for EWMA with its
asymptotic limits, Goel and Wu (1971) for one side of CUSUM. Samples are independent and normal.
"""

import numpy as np
from numpy.typing import NDArray

_NODES = 96


def ewma_run_length(weight: float, width: float, shift: float = 0.0) -> float:
    """Average number of samples until the chart with λ = *weight* and L = *width* signals.

    *shift* of the mean is in standard deviations of a sample.

    >>> round(ewma_run_length(0.25, 3.0, 1.0), 6)
    11.154267
    """
    half = width * np.sqrt(weight / (2.0 - weight))
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    y, w = half * nodes, half * weights
    kernel = _density((y[None, :] - (1.0 - weight) * y[:, None]) / weight - shift) * w / weight
    lengths = np.linalg.solve(np.eye(_NODES) - kernel, np.ones(_NODES))
    from_zero = _density(y / weight - shift) * w / weight
    return float(1.0 + from_zero @ lengths)


def cusum_run_length(reference: float, decision: float, shift: float = 0.0, *, sides: int = 2) -> float:
    """Average number of samples until CUSUM with k = *reference* exceeds h = *decision*.

    With two *sides* 1/ARL is the sum of both sides' 1/ARL.

    >>> round(cusum_run_length(0.5, 5.0, 1.0, sides=1), 1)
    10.4
    """
    one = _one_sided(reference, decision, shift)
    return one if sides == 1 else 1.0 / (1.0 / one + 1.0 / _one_sided(reference, decision, -shift))


def _one_sided(k: float, h: float, shift: float) -> float:
    """L(u) = 1 + L(0)Φ(k−u−δ) + ∫₀ʰ L(y)φ(y+k−u−δ)dy with L(0) as the last unknown."""
    # scipy is loaded by who computes, and by no process that only knows of it
    from scipy.special import ndtr

    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    y, w = 0.5 * h * (nodes + 1.0), 0.5 * h * weights
    start = np.append(y, 0.0)
    kernel = np.empty((_NODES + 1, _NODES + 1))
    kernel[:, :_NODES] = _density(y[None, :] + k - start[:, None] - shift) * w
    kernel[:, _NODES] = ndtr(k - start - shift)
    lengths = np.linalg.solve(np.eye(_NODES + 1) - kernel, np.ones(_NODES + 1))
    return float(lengths[-1])


def _density(z: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of the standard normal distribution."""
    density: NDArray[np.float64] = np.exp(-0.5 * z * z) / np.sqrt(2.0 * np.pi)
    return density
