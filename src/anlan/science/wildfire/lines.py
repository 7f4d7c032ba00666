"""Containment lines: where they run, and from when each cell of one holds."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from anlan.kernel.errors import Invalid
from anlan.kernel.fields import Grid
from anlan.kernel.text import Text
from anlan.science.guard import within

Floats = NDArray[np.float64]
_STEPS_PER_CELL = 16


@dataclass(frozen=True)
class ContainmentLine:
    """A line through *points_m* (x, y in the metres of the grid), begun at *from_s* at its first point.

    It grows by *rate_m_s*; without one it stands at once. A cell of the line stops a fire that comes after it.
    Raises `Invalid`.
    """

    points_m: tuple[tuple[float, float], ...]
    from_s: float = 0.0
    rate_m_s: float | None = None

    def __post_init__(self) -> None:
        if len(self.points_m) < 2:
            raise Invalid(Text("隔离带至少需要两个点", "A containment line needs two points or more"))
        within(self.points_m, -1e9, 1e9, Text("隔离带坐标", "coordinates of the line"), "m")
        within(self.from_s, 0.0, 366 * 86_400.0, Text("隔离带开始时间", "beginning of the line"), "s")
        if self.rate_m_s is not None:
            within(self.rate_m_s, 1e-4, 50.0, Text("隔离带推进速度", "rate of line building"), "m/s")

    def cells(self, grid: Grid) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats]:
        """Rows, columns and closing times (s). Cells touch along edges, not at corners alone: nothing slips through."""
        points = np.asarray(self.points_m, np.float64)
        lengths = np.hypot(*np.diff(points, axis=0).T)
        before = np.cumsum(lengths) - lengths
        parts = [_crossed(grid, *ends, at) for ends, at in zip(pairwise(points), before, strict=True)]
        row, column, along = (np.concatenate(part) for part in zip(*parts, strict=True))
        inside = (row >= 0) & (row < grid.rows) & (column >= 0) & (column < grid.columns)
        when = self.from_s + (along / self.rate_m_s if self.rate_m_s else np.zeros(len(along)))
        return row[inside], column[inside], when[inside]


def _crossed(
    grid: Grid, start: Floats, end: Floats, before_m: float
) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats]:
    """Rows and columns of the cells along a straight stretch, and the way to each (m), *before_m* to its start."""
    length = float(np.hypot(*(end - start)))
    low, high = _shares_near(grid, start, end)
    steps = max(2, int((high - low) * length / grid.cell_m * _STEPS_PER_CELL) + 1)
    share = np.linspace(low, high, steps)
    x, y = start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])
    row = np.floor((grid.north - y) / grid.cell_m).astype(np.int64)
    column = np.floor((x - grid.west) / grid.cell_m).astype(np.int64)
    corner = np.flatnonzero((np.diff(row) != 0) & (np.diff(column) != 0))
    row, column = (
        np.insert(row, corner + 1, row[corner]),
        np.insert(column, corner + 1, column[corner + 1]),
    )
    along = before_m + share * length
    return row, column, np.insert(along, corner + 1, along[corner])


def _shares_near(grid: Grid, start: Floats, end: Floats) -> tuple[float, float]:
    """Between which shares of a straight stretch it runs over the grid or a cell beside it (Liang and Barsky 1984).

    A line may come from the end of the world; only what lies here is followed in steps. (0, 0) where it passes by.
    """
    edge = grid.cell_m
    west, north = grid.west - edge, grid.north + edge
    east, south = grid.west + (grid.columns + 1) * edge, grid.north - (grid.rows + 1) * edge
    low, high = 0.0, 1.0
    for at, step, least, most in zip(start, end - start, (west, south), (east, north), strict=True):
        if step == 0.0:
            if not least <= at <= most:
                return 0.0, 0.0
            continue
        first, last = sorted(((least - at) / step, (most - at) / step))
        low, high = max(low, float(first)), min(high, float(last))
    return (low, high) if low < high else (0.0, 0.0)


def closing_times(lines: tuple[ContainmentLine, ...], grid: Grid) -> Floats:
    """The earliest time from which a line holds each cell; infinite where there is none."""
    found = np.full(grid.shape, np.inf)
    for line in lines:
        row, column, when = line.cells(grid)
        np.minimum.at(found, (row, column), when)
    return found
