"""A fire over a landscape, stage by stage of the weather: what the kernels of `march` need, laid out and driven."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from anlan.science.wildfire import march
from anlan.science.wildfire.rays import TIME, Air, Ground

Singles = NDArray[np.float32]
Progress = Callable[[float], None]
Cancelled = Callable[[], bool]
_TICKS = 2.0e9
#: cells between two looks at whether the run is to stop
_BUDGET = 200_000
_SPARE = 1 << 12


@dataclass(frozen=True)
class Landscape:
    """What does not change with the weather, padded by one cell on each side and flat.

    *fuel* ranks the fuel of a cell among the *kinds* that burn (255: nothing does), *ground* has the rise to the east
    and north and the wind adjustment, *closed_s* the time from which a line holds a cell (one entry: no lines).
    """

    rows: int
    columns: int
    cell_m: float
    fuel: NDArray[np.uint8]
    ground: Singles
    closed_s: Singles
    mode: int
    kinds: NDArray[np.int64]

    @property
    def padded(self) -> tuple[int, int]:
        return self.rows + 2, self.columns + 2

    def inner(self, flat: NDArray[Any]) -> NDArray[Any]:
        """The grid's own cells of a padded array."""
        return flat.reshape(self.padded)[1:-1, 1:-1]


@dataclass(frozen=True)
class Stage:
    """Weather from *start_s* to *end_s*: a row of *table* per kind of fuel, wind at 6.1 m east and north (m/s)."""

    start_s: float
    end_s: float
    table: NDArray[np.float64]
    wind: NDArray[np.float64]


@dataclass(frozen=True)
class Start:
    """A point that is lit: row and column with fractions, counted from the grid's north-west corner, and when."""

    row: float
    column: float
    at_s: float


class Workspace:
    """Arrays of one run, to be used again by the next over the same landscape.

    ``arrival_s`` is infinite where nothing burnt; ``rate_m_s`` and ``intensity_kw_m`` are those of the front as it came
    through, NaN where nothing burnt or where it burnt from the beginning.
    """

    def __init__(self, cells: int) -> None:
        self.node = np.zeros((cells, 8), np.float32)
        self.flag = np.zeros(cells, np.uint8)
        self.arrival_s, self.rate_m_s, self.intensity_kw_m = (np.empty(cells, np.float32) for _ in range(3))
        self.heap = np.empty(2 * _SPARE, np.int64)
        self.box = np.zeros(4, np.int64)
        self._clear(slice(None))

    def clear(self, columns: int) -> None:
        """Make ready for another run: only the rows about the last fire have anything to clear."""
        self._clear(slice(max(int(self.box[0]) - 2, 0) * columns, max(int(self.box[1]) + 3, 0) * columns))

    def _clear(self, cells: slice) -> None:
        self.node[cells, TIME] = np.inf
        self.flag[cells] = 0
        self.arrival_s[cells] = np.inf
        self.rate_m_s[cells] = np.nan
        self.intensity_kw_m[cells] = np.nan
        self.box[:] = (2**31, -1, 2**31, -1)
        self.taken = 0

    def make_room(self, size: int) -> None:
        """Room in the queue for *size* keys, for all cells about the touched ones, and for some more."""
        rows, columns = int(self.box[1] - self.box[0]), int(self.box[3] - self.box[2])
        needed = size + max(rows + 3, 0) * max(columns + 3, 0) + _SPARE
        if len(self.heap) < needed:
            self.heap = np.concatenate([self.heap, np.empty(2 * needed - len(self.heap), np.int64)])


def burn(
    land: Landscape,
    stages: Sequence[Stage],
    starts: Sequence[Start],
    work: Workspace,
    *,
    burning: NDArray[np.int64] | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> bool:
    """Burn through *stages* into *work*; False when *cancelled* said so.

    *burning* are the padded cells that burn from the beginning. *progress* hears the share of time that has passed.
    """
    work.clear(land.columns + 2)
    size, before = 0, stages[0].start_s
    ground = _ground(land, work)
    for number, stage in enumerate(stages):
        air = Air(stage.table, stage.wind, stage.start_s, stage.end_s, _order(land, stage))
        if number:
            work.make_room(0)
            size = march.change_wind(work.heap, ground, air, before)
        elif burning is not None:
            work.make_room(len(burning))
            size = march.kindle(work.heap, size, ground, air, burning)
        for one in starts:
            if stage.start_s <= one.at_s < stage.end_s:
                work.make_room(size)
                size = march.ignite(work.heap, size, ground, air, one.column + 1.0, one.row + 1.0, one.at_s)
        while size > 0:
            if cancelled is not None and cancelled():
                return False
            work.make_room(size)
            size, taken = march.advance(work.heap, size, ground, air, _BUDGET)
            work.taken += taken
            if progress is not None and size > 0:
                progress((number + float(work.heap[0] >> 32) / _TICKS) / len(stages))
        march.settle(ground, air, work.arrival_s, work.rate_m_s, work.intensity_kw_m)
        before = stage.start_s
    return True


def _ground(land: Landscape, work: Workspace) -> Ground:
    columns = land.columns + 2
    return Ground(
        work.node, work.flag, land.fuel, land.ground, land.closed_s, work.box,
        columns, 1 / columns, land.cell_m, land.mode,
    )  # fmt: skip


def _order(land: Landscape, stage: Stage) -> NDArray[np.float64]:
    """Gift of the wind per cell east and north, the least of the queue's times, ticks per second (`march.key_of`).

    The gift is that of the fastest fuel, laid flat: where others burn, a few cells are taken up twice.
    """
    none = np.zeros(1, np.float32)
    flat = Ground(
        np.zeros((1, 8), np.float32), np.zeros(1, np.uint8), np.zeros(1, np.uint8),
        np.array([[0.0, 0.0, 1.0]], np.float32), none, np.zeros(4, np.int64), 1, 1.0, land.cell_m, land.mode,
    )  # fmt: skip
    east, north = march.gift(flat, Air(stage.table, stage.wind, 0.0, 0.0, np.zeros(4)))
    far = east * np.array([0, land.columns + 1]), -north * np.array([0, land.rows + 1])
    least = stage.start_s + min(far[0]) + min(far[1])
    most = stage.end_s + max(far[0]) + max(far[1])
    return np.array([east, north, least, _TICKS / max(most - least, 1e-6)])
