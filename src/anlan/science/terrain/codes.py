"""Rasters of whole numbers (land cover, fuel) brought onto the grid of a terrain."""

import numpy as np
from numpy.typing import NDArray
from rasterio.errors import RasterioError
from rasterio.io import MemoryFile
from rasterio.transform import Affine
from rasterio.warp import Resampling, reproject

from anlan.kernel.errors import Invalid
from anlan.kernel.fields import Grid
from anlan.kernel.text import Text

_NONE = -1


def read_codes(data: bytes, grid: Grid) -> NDArray[np.int32]:
    """The nearest code of the first band of a GeoTIFF for each cell of *grid* (in an EPSG system).

    Raises `Invalid` for what is no raster, has no coordinate system or holds fractions, and where it does not
    cover the grid.
    """
    if not data:
        raise _invalid("文件为空", "the file is empty")
    try:
        with MemoryFile(data) as memory, memory.open() as opened:
            band = opened.read(1, masked=True).astype(np.float64).filled(_NONE)
            transform, crs = opened.transform, opened.crs
    except RasterioError as problem:
        raise _invalid("无法识别该栅格文件", "this file cannot be read as a raster") from problem
    if crs is None:
        raise _invalid("栅格没有坐标系", "the raster has no coordinate system")
    if not np.isfinite(band).all() or (band != np.rint(band)).any():
        raise _invalid("栅格须为整数代码", "the raster must hold whole numbers")
    found = np.full(grid.shape, _NONE, np.int32)
    reproject(
        band.astype(np.int32),
        found,
        src_transform=transform,
        src_crs=crs,
        src_nodata=_NONE,
        dst_transform=Affine(grid.cell_m, 0.0, grid.west, 0.0, -grid.cell_m, grid.north),
        dst_crs=grid.crs,
        dst_nodata=_NONE,
        resampling=Resampling.nearest,
    )
    missing = int((found == _NONE).sum())
    if missing:
        raise _invalid(
            f"栅格未覆盖 {missing} 个地形像元",
            f"the raster does not cover {missing} cells of the terrain",
        )
    return found


def _invalid(zh: str, en: str) -> Invalid:
    return Invalid(Text(zh, en))
