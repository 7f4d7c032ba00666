"""Where water runs over a terrain: directions, upstream areas, catchments (pyflwdir, Eilander et al. 2021)."""

from dataclasses import dataclass

import numpy as np
import pyflwdir
from numpy.typing import NDArray
from rasterio.transform import Affine

from anlan.kernel.errors import Invalid
from anlan.kernel.fields import Grid
from anlan.kernel.text import Text


@dataclass(frozen=True)
class Drainage:
    """Upstream area of each cell in km², itself included, and the directions behind it."""

    grid: Grid
    upstream_km2: NDArray[np.float64]
    directions: pyflwdir.FlwdirRaster

    def catchment(self, row: int, column: int) -> NDArray[np.bool_]:
        """The cells that drain through a cell. Raises `Invalid` outside the grid."""
        if not (0 <= row < self.grid.rows and 0 <= column < self.grid.columns):
            raise Invalid(Text("出口位于网格之外", "The outlet lies outside the grid"))
        outlet = np.array([row * self.grid.columns + column])
        return np.asarray(self.directions.basins(idxs=outlet) > 0)


def drainage_of(grid: Grid, height_m: NDArray[np.float64]) -> Drainage:
    """Drainage over *height_m* (rows, columns), depressions filled; NaN is outside the terrain."""
    if height_m.shape != grid.shape:
        raise Invalid(Text("地形与网格大小不一致", "The terrain has another shape than its grid"))
    transform = Affine(grid.cell_m, 0.0, grid.west, 0.0, -grid.cell_m, grid.north)
    marked = np.where(np.isnan(height_m), -9999.0, height_m).astype(np.float32)
    directions = pyflwdir.from_dem(marked, nodata=-9999.0, transform=transform, latlon=False)
    area = np.asarray(directions.upstream_area(unit="km2"), np.float64)
    return Drainage(grid, np.where(np.isnan(height_m), np.nan, area), directions)
