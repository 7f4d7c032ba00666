"""What an ensemble keeps of each member, cell by cell, as whole numbers: their sums do not depend on the order."""

# mypy: disable-error-code="no-untyped-def,no-untyped-call"

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from anlan.science.wildfire.intensity import direct_attack_limit_kw_m
from anlan.science.wildfire.rays import kernel
from anlan.science.wildfire.travel import Workspace


class Columns(NamedTuple):
    """Padded arrays: how many members burnt the cell, with a known heat, beyond direct attack; sums; extremes."""

    burnt: NDArray[np.uint16]
    heated: NDArray[np.uint16]
    beyond: NDArray[np.uint16]
    arrival_ms: NDArray[np.int64]
    heat_w_m: NDArray[np.int64]
    flame_mm: NDArray[np.int64]
    first_s: NDArray[np.float32]
    most_kw_m: NDArray[np.float32]


@dataclass
class Tally:
    """Counts, sums and extremes over the members so far, by padded cell."""

    cells: int
    columns: Columns = field(init=False)

    def __post_init__(self) -> None:
        def zeros(kind: type) -> NDArray[Any]:
            return np.zeros(self.cells, kind)

        self.columns = Columns(
            zeros(np.uint16), zeros(np.uint16), zeros(np.uint16), zeros(np.int64), zeros(np.int64), zeros(np.int64),
            np.full(self.cells, np.inf, np.float32), zeros(np.float32),
        )  # fmt: skip

    def take(self, work: Workspace, columns: int) -> int:
        """Add the fire in *work*; returns how many cells it burnt."""
        limit = direct_attack_limit_kw_m()
        return int(_take(self.columns, work.arrival_s, work.intensity_kw_m, work.box, columns, limit))

    def add(self, other: "Tally") -> None:
        """Add the members of *other*."""
        for name in ("burnt", "heated", "beyond", "arrival_ms", "heat_w_m", "flame_mm"):
            part = getattr(self.columns, name)
            part += getattr(other.columns, name)
        np.minimum(self.columns.first_s, other.columns.first_s, out=self.columns.first_s)
        np.maximum(self.columns.most_kw_m, other.columns.most_kw_m, out=self.columns.most_kw_m)


@kernel
def _take(tally, arrival, intensity, box, columns, limit):
    cells = 0
    for row in range(box[0], box[1] + 1):
        for at in range(row * columns + box[2], row * columns + box[3] + 1):
            time = arrival[at]
            if not time < np.inf:
                continue
            cells += 1
            tally.burnt[at] += 1
            tally.arrival_ms[at] += np.int64(time * 1e3)
            tally.first_s[at] = min(tally.first_s[at], time)
            heat = intensity[at]
            if heat >= 0.0:
                tally.heated[at] += 1
                tally.heat_w_m[at] += np.int64(heat * 1e3)
                tally.flame_mm[at] += np.int64(77.5 * heat**0.46)
                tally.most_kw_m[at] = max(tally.most_kw_m[at], heat)
                if heat > limit:
                    tally.beyond[at] += 1
    return cells
