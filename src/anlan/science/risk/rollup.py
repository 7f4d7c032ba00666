"""From children to their parent, never hiding the worst (decision 0007, our own design).

Index = 0.5·max + 0.3·mean of the top tenth + 0.2·weighted mean. A mean alone would let a hundred
quiet units hide one that burns: so the parent also names its worst child, and its colour is never
below that one's.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anlan.science.risk.shares import whole_hundredths
from anlan.science.risk.weights import Weights


@dataclass(frozen=True)
class RollUp:
    """Parents' indices in hundredths, the row and the level code of the worst child of each
    (−1 and 0 without any), and what each child contributes: adding up to the parent's exactly."""

    index: NDArray[np.int64]
    worst: NDArray[np.int64]
    worst_level: NDArray[np.int64]
    of_child: NDArray[np.int64]


def roll_up(
    parents: int,
    parent: NDArray[np.int64],
    index: NDArray[np.int64],
    level: NDArray[np.int64],
    weight: NDArray[np.float64],
    weights: Weights,
) -> RollUp:
    """Roll children up to *parents*; *parent*, *index* (hundredths), *level* (code), *weight* by child.

    The worst child has the gravest level, of equals the highest index, of equals comes first.
    """
    points = index / 100.0
    order = np.lexsort((-index, parent))
    children = np.bincount(parent, minlength=parents)
    rank = np.empty(len(parent), np.int64)
    rank[order] = np.arange(len(parent)) - np.searchsorted(parent[order], parent[order])
    # a little less, so that a tenth of thirty is three and not four
    top = np.maximum(np.ceil(weights["rollup.top_share"] * children - 1e-9), 1.0)
    total_weight = np.bincount(parent, weight, parents)[parent]
    of_mean = np.divide(weight, total_weight, out=1.0 / children[parent], where=total_weight > 0)
    share = (
        weights["rollup.max"] * (rank == 0)
        + weights["rollup.top"] * (rank < top[parent]) / top[parent]
        + weights["rollup.mean"] * of_mean
    )
    total, parts = whole_hundredths(parent, share * points, parents, cap=100.0)
    worst = np.full(parents, -1, np.int64)
    gravest_last = np.lexsort((-np.arange(len(parent)), index, level))
    worst[parent[gravest_last]] = gravest_last
    worst_level = np.where(worst >= 0, level[worst] if len(level) else 0, 0)
    return RollUp(total, worst, worst_level.astype(np.int64), parts)
