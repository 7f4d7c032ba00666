"""PCA monitor of the points of one unit: T² within the model, Q beside it.

Readings are standardised by the training window. The first components that explain the wanted
share of the variance make the model; T² = Σ tᵢ²/λᵢ over their scores, Q is the squared residual.
"""

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from anlan.kernel.errors import Invalid
from anlan.kernel.text import Text
from anlan.science.anomaly.cards import PCA
from anlan.science.registry import model

Floats = NDArray[np.float64]


class Scores(NamedTuple):
    """T² and Q of each reading as shares of their limits, (T,): above 1 is too much, NaN where a point is missing."""

    t2: Floats
    q: Floats

    @property
    def signals(self) -> NDArray[np.bool_]:
        """Readings that are out of control by either."""
        return (self.t2 > 1.0) | (self.q > 1.0)


@dataclass(frozen=True)
class Monitor:
    """A fitted monitor: *kept* are the points that vary in training, *samples* its complete readings."""

    kept: NDArray[np.bool_]
    mean: Floats
    deviation: Floats
    loadings: Floats
    eigenvalues: Floats
    t2_limit: float
    q_limit: float
    samples: int

    def score(self, readings: ArrayLike) -> Scores:
        """T² and Q of *readings* (T, P)."""
        z = self._standardised(readings)
        scores = z @ self.loadings
        residual = z - scores @ self.loadings.T
        t2, q = (scores**2 / self.eigenvalues).sum(axis=1), (residual**2).sum(axis=1)
        return Scores(t2 / self.t2_limit, q / self.q_limit)

    def contributions(self, readings: ArrayLike) -> Floats:
        """How much each point adds to Q of each reading, (T, P), as a share of the limit; 0 for those not kept."""
        z = self._standardised(readings)
        residual = z - (z @ self.loadings) @ self.loadings.T
        shares = np.zeros((len(z), len(self.kept)))
        shares[:, self.kept] = residual**2 / self.q_limit
        return shares

    def _standardised(self, readings: ArrayLike) -> Floats:
        x = np.asarray(readings, np.float64)
        z: Floats = (x[:, self.kept] - self.mean) / self.deviation
        return z


@model(PCA)
def fit_monitor(
    training: ArrayLike, *, variance: float = 0.9, alpha: float = 0.01, blocks: int = 0
) -> Monitor:
    """Fit to *training* (N, P): normal running, rows with a missing point are left out.

    *alpha* is the share of normal readings beyond each limit if they are independent and normal. Process
    data are neither, so that with *blocks* the limits are raised, never lowered, to what the model
    fitted without a block would have needed for that block: the 1−α quantile over all of them.
    Raises `Invalid` for fewer than two points that vary, or less than three readings for each.
    """
    rows = np.asarray(training, np.float64)
    rows = rows[np.isfinite(rows).all(axis=1)]
    fitted = _fit(rows, variance, alpha)
    if blocks < 2:
        return fitted
    parts = np.array_split(np.arange(len(rows)), blocks)
    held_out = [
        _fit(np.delete(rows, part, axis=0), variance, alpha).score(rows[part]) for part in parts if len(part)
    ]
    t2 = max(1.0, float(np.nanquantile(np.concatenate([one.t2 for one in held_out]), 1.0 - alpha)))
    q = max(1.0, float(np.nanquantile(np.concatenate([one.q for one in held_out]), 1.0 - alpha)))
    return replace(fitted, t2_limit=fitted.t2_limit * t2, q_limit=fitted.q_limit * q)


def t2_limit(components: int, samples: int, alpha: float) -> float:
    """a(n−1)(n+1)/(n(n−a))·F(1−α; a, n−a): of a new observation (Tracy, Young and Mason 1992)."""
    # scipy is loaded by who computes, and by no process that only knows of it
    from scipy.special import fdtri

    a, n = components, samples
    return float(a * (n - 1) * (n + 1) / (n * (n - a)) * fdtri(a, n - a, 1.0 - alpha))


def q_limit(left_out: ArrayLike, alpha: float) -> float:
    """Of Q when the components with these eigenvalues are left out (Jackson and Mudholkar 1979, eq. 3.4)."""
    from scipy.special import ndtri

    rest = np.asarray(left_out, np.float64)
    first, second, third = (float((rest**power).sum()) for power in (1, 2, 3))
    h = 1.0 - 2.0 * first * third / (3.0 * second**2)
    inside = (
        ndtri(1.0 - alpha) * np.sqrt(2.0 * second * h**2) / first + 1.0 + second * h * (h - 1.0) / first**2
    )
    return float(first * inside ** (1.0 / h))


def _fit(rows: Floats, variance: float, alpha: float) -> Monitor:
    deviation = rows.std(axis=0, ddof=1) if len(rows) > 1 else np.zeros(rows.shape[1])
    kept = deviation > 1e-12 * np.maximum(np.abs(rows.mean(axis=0)) if len(rows) else 1.0, 1.0)
    points = int(kept.sum())
    if points < 2 or len(rows) < 3 * points:
        raise Invalid(
            Text(
                "训练数据不足：至少两个有变化的测点，每个测点不少于 3 组读数",
                "Too little to train on: two points that vary at least, and three readings for each",
            ),
            next_step=Text("请延长训练时段", "Take a longer training window"),
            facts={"points": points, "readings": len(rows)},
        )
    mean, scale = rows[:, kept].mean(axis=0), deviation[kept]
    values, vectors = np.linalg.eigh(np.cov((rows[:, kept] - mean) / scale, rowvar=False))
    values, vectors = np.maximum(values[::-1], 1e-12), vectors[:, ::-1]
    explained = np.cumsum(values) / values.sum()
    components = min(int(np.searchsorted(explained, variance)) + 1, points - 1)
    return Monitor(
        kept,
        mean,
        scale,
        vectors[:, :components],
        values[:components],
        t2_limit(components, len(rows), alpha),
        q_limit(values[components:], alpha),
        len(rows),
    )
