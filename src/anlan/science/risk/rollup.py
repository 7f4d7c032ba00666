"""From children to their parent, never hiding the worst (decision 0007, our own design).

Index = 0.5·max + 0.3·mean of the top tenth + 0.2·weighted mean. A mean alone would let a hundred
quiet units hide one that burns: so the parent also names its worst child, and its colour is never
below that one's.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anlan.kernel.models import ModelCard, Quantity, Verification
from anlan.kernel.text import Text
from anlan.science.registry import model
from anlan.science.risk.shares import whole_hundredths
from anlan.science.risk.weights import OWN_WEIGHTS, Weights

ROLL_UP_CARD = ModelCard(
    id="risk.roll_up",
    version="1",
    title=Text("区域安全风险指数", "Risk index of an enterprise or division"),
    purpose=Text(
        "由下级指数汇总上级指数，并始终显示最差的下级",
        "Rolls the indices below up into the one above, always showing the worst",
    ),
    applicability=Text(
        "企业、园区、县、市、自治区；权重为本系统默认",
        "Enterprises, parks, counties, cities and the region; the weights are our defaults",
    ),
    inputs=(Quantity("children", "1", Text("下级数", "how many are below"), low=1),),
    references=("docs/decisions/0007: 0.5·max + 0.3·mean of the top tenth + 0.2·weighted mean",),
    verification=Verification.VERIFIED,
    suite="risk",
    outputs=(Quantity("index", "分", Text("风险指数", "risk index"), low=0, high=100),),
    caveats=(OWN_WEIGHTS,),
)


@dataclass(frozen=True)
class RollUp:
    """Parents' indices in hundredths, the row and the level code of the worst child of each
    (−1 and 0 without any), and what each child contributes: adding up to the parent's exactly."""

    index: NDArray[np.int64]
    worst: NDArray[np.int64]
    worst_level: NDArray[np.int64]
    of_child: NDArray[np.int64]


@model(ROLL_UP_CARD)
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
