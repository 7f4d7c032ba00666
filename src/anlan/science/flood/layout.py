"""How a grid lies in memory: padded arrays, tiles, walls in rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from anlan.science.flood.tiles import PAD, SPARE

Real = NDArray[np.float64] | NDArray[np.float32]
TILE_ROWS, TILE_COLUMNS = 32, 256


@dataclass(frozen=True)
class Layout:
    """A grid of *rows* × *columns* in padded arrays, cut into tiles of at most *tile_rows* × *tile_columns*."""

    rows: int
    columns: int
    tile_rows: int = TILE_ROWS
    tile_columns: int = TILE_COLUMNS

    @property
    def shape(self) -> tuple[int, int]:
        """Of the padded arrays; a row's length is a multiple of 16 plus what wide loads may touch."""
        return self.rows + 2 * PAD, PAD + (self.columns + 15) // 16 * 16 + SPARE

    @property
    def inner(self) -> tuple[slice, slice]:
        """The grid's own cells within the padded arrays."""
        return slice(PAD, PAD + self.rows), slice(PAD, PAD + self.columns)

    @property
    def tiles(self) -> NDArray[np.int64]:
        """Padded bounds (row from, row to, column from, column to) of each tile."""
        end_row, end_column = PAD + self.rows, PAD + self.columns
        found = [
            (row, min(row + self.tile_rows, end_row), column, min(column + self.tile_columns, end_column))
            for row in range(PAD, end_row, self.tile_rows)
            for column in range(PAD, end_column, self.tile_columns)
        ]
        return np.asarray(found, np.int64)

    @property
    def tile_shape(self) -> tuple[int, int]:
        """Rows and columns of tiles."""
        return -(-self.rows // self.tile_rows), -(-self.columns // self.tile_columns)

    def zeros(self, dtype: np.dtype[Any]) -> Real:
        return np.zeros(self.shape, dtype)

    def near(self, wet: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """The *wet* tiles and the four neighbours of each."""
        tiles = wet.reshape(self.tile_shape)
        near = tiles.copy()
        near[1:] |= tiles[:-1]
        near[:-1] |= tiles[1:]
        near[:, 1:] |= tiles[:, :-1]
        near[:, :-1] |= tiles[:, 1:]
        return near.ravel()

    def tile_of(self, row: int, column: int) -> int:
        """Which tile holds a cell of the grid."""
        return row // self.tile_rows * self.tile_shape[1] + column // self.tile_columns


def steepest_rows(bed: Real, layout: Layout) -> Real:
    """The greatest step (m) between neighbours of a padded *bed*: per tile, in each row from the one north of it.

    Columns are all those that a tile may read; a row's steps are those along it and those to the row south.
    """
    along, down = np.abs(np.diff(bed, axis=1)), np.abs(np.diff(bed, axis=0))
    found = np.zeros((len(layout.tiles), layout.tile_rows + 1), bed.dtype)
    for index, (i0, i1, j0, j1) in enumerate(layout.tiles):
        rows, columns = slice(i0 - 1, i1), slice(j0 - 1, j1 + SPARE)
        most = np.maximum(along[rows, columns].max(axis=1), down[rows, columns].max(axis=1))
        found[index, : len(most)] = most
    return found


Walls = tuple[NDArray[np.int64], NDArray[np.int64], Real, NDArray[np.int64], NDArray[np.int64], Real]
"""For the faces west and then north of a cell: where each padded row starts, padded columns, crests."""


@dataclass(frozen=True)
class WallFace:
    """A wall on one face: *west* of cell (row, column), or else north of it, with a crest level (m)."""

    row: int
    column: int
    west: bool
    crest_m: float


def wall_rows(faces: Iterable[WallFace], layout: Layout, datum_m: float, dtype: np.dtype[Any]) -> Walls:
    """*faces* sorted into rows, crests as offsets from *datum_m*; the higher of two on one face stands."""
    highest: dict[tuple[bool, int, int], float] = {}
    for face in faces:
        key = (face.west, face.row + PAD, face.column + PAD)
        highest[key] = max(face.crest_m - datum_m, highest.get(key, -np.inf))
    parts: list[NDArray[np.int64] | Real] = []
    for west in (True, False):
        keys = sorted(key for key in highest if key[0] is west)
        rows = np.asarray([row for _, row, _ in keys], np.int64)
        start = np.searchsorted(rows, np.arange(layout.shape[0] + 1)).astype(np.int64)
        columns = np.asarray([column for _, _, column in keys], np.int64)
        parts += [start, columns, np.asarray([highest[key] for key in keys], dtype)]
    return tuple(parts)  # type: ignore[return-value]
