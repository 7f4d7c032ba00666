"""Where anything at all reaches: the union of the areas of the events that happen."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anlan.kernel.fields import Contour, Field
from anlan.kernel.text import Text
from anlan.kernel.validation import Certainty
from anlan.science.cascade.outcomes import Outcomes, distinct
from anlan.science.chemical.harm.thresholds import Threshold
from anlan.science.chemical.harm.zones import level_set

Floats = NDArray[np.float64]
_LABEL = Text("受任一事件影响的概率", "chance of being reached by any event")


@dataclass(frozen=True)
class Union:
    """*chance* per cell of being reached by any event, and quantiles of the area reached."""

    chance: Field
    mean_area_m2: float
    area_05_m2: float
    area_50_m2: float
    area_95_m2: float

    def outline(self, share: float) -> Contour:
        """The outline inside which the chance of being reached is at least *share*, in the metres of the grid."""
        level = Threshold(
            "union_chance", "union_chance", share, "", _LABEL, "this run", Certainty.OWN_DEFAULT
        )
        return level_set(self.chance, level)


def union(outcomes: Outcomes) -> Union | None:
    """The union over all outcomes; None when no event has an area.

    Cells that lie in the same areas, and outcomes of the same events, are counted once: the work does not grow
    with the number of cells times that of samples.
    """
    graph = outcomes.graph
    rows = [place for place, event in enumerate(graph.events) if event.area is not None]
    areas = [event.area for event in graph.events if event.area is not None]
    if not areas:
        return None
    grid = areas[0].grid
    masks = np.stack([area.mask.ravel() for area in areas])
    cells, cell_of = _patterns(masks)
    first, weights = distinct(np.packbits(outcomes.happens[rows], axis=0), outcomes.weights)
    happens = outcomes.happens[rows][:, first]
    reached = (happens.T.astype(np.float32) @ masks[:, cells].astype(np.float32)) > 0
    chance = (weights @ reached)[cell_of].reshape(grid.shape)
    sizes = np.bincount(cell_of, minlength=len(cells)) * grid.cell_area_m2
    areas_m2 = reached @ sizes
    ends = [_quantile(areas_m2, weights, share) for share in (0.05, 0.5, 0.95)]
    return Union(
        Field("union_chance", "", _LABEL, grid, np.minimum(chance, 1.0)), float(weights @ areas_m2), *ends
    )


def _patterns(masks: NDArray[np.bool_]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The first cell of each combination of areas, and for every cell the number of its combination."""
    packed = np.packbits(masks, axis=0)
    rows = np.ascontiguousarray(packed.T).view(np.dtype((np.void, packed.shape[0]))).ravel()
    _, first, place = np.unique(rows, return_index=True, return_inverse=True)
    return first, place.ravel()


def _quantile(values: Floats, weights: Floats, share: float) -> float:
    """The least value that is not exceeded with chance *share*."""
    order = np.argsort(values, kind="stable")
    total = np.cumsum(weights[order])
    return float(values[order[min(int(np.searchsorted(total, share * total[-1])), len(values) - 1)]])
