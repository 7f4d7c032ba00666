"""Beds given by a formula, to try an engine on."""

import numpy as np
from numpy.typing import NDArray

from anlan.kernel.fields import Grid


def plane(
    grid: Grid, rise_east: float = 0.0, rise_north: float = 0.0, level_m: float = 0.0
) -> NDArray[np.float64]:
    """A plane that is *level_m* high at the grid's south-west corner.

    >>> plane(Grid(1, 2, 10.0, 0.0, 10.0, "local:106,38"), rise_east=0.1).tolist()
    [[0.5, 1.5]]
    """
    x, y = _from_corner(grid)
    return np.asarray(level_m + rise_east * x + rise_north * y, np.float64)


def valley(
    grid: Grid, fall: float, sides: float, level_m: float = 0.0, *, floor_m: float = 0.0
) -> NDArray[np.float64]:
    """A straight valley along the grid's middle row that falls east by *fall*; *sides* rise from a floor
    of width *floor_m*. *level_m* at the outlet."""
    x, y = _from_corner(grid)
    width, length = grid.rows * grid.cell_m, grid.columns * grid.cell_m
    off = np.maximum(np.abs(y - width / 2) - floor_m / 2, 0.0)
    return np.asarray(level_m + fall * (length - x) + sides * off, np.float64)


def paraboloid(grid: Grid, radius_m: float, depth_m: float) -> NDArray[np.float64]:
    """A bowl about the grid's middle: zero at *radius_m*, -*depth_m* at the bottom (Thacker 1981)."""
    x, y = _from_corner(grid)
    east, north = x - grid.columns * grid.cell_m / 2, y - grid.rows * grid.cell_m / 2
    return np.asarray(-depth_m * (1 - (east**2 + north**2) / radius_m**2), np.float64)


def _from_corner(grid: Grid) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    south = grid.north - grid.rows * grid.cell_m
    x, y = np.meshgrid(grid.x_m - grid.west, grid.y_m - south)
    return x, y
