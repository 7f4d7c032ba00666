"""A population raster that the deployer brings: GeoTIFF with persons per cell, on longitude and latitude."""

from pathlib import Path

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.errors import RasterioIOError

from anlan.kernel.errors import Invalid
from anlan.kernel.text import Text
from anlan.science.exposure import PopulationGrid

MOST_CELLS = 4_000_000
_SQUARE = 1e-6  # by how much of a cell's side its height and width may differ


def read_raster(path: Path, relative_error: float) -> PopulationGrid:
    """The grid of the first band of *path*; cells without data hold nobody.

    *relative_error* is what the raster's maker says of its figures (0.3: 30 %): it makes the range of every count,
    for a count without one would claim more than anybody knows. Raises `Invalid` for a raster that is not in
    degrees on WGS-84 or CGCS2000, not north-up, without square cells, with negative persons, or too large.
    """
    if not 0 < relative_error < 1:
        raise Invalid(
            Text("相对误差应在 0 与 1 之间", "The relative error lies between 0 and 1"),
            next_step=Text("请按数据制作方的说明填写", "See what the raster's maker says of it"),
        )
    try:
        with rasterio.open(path) as raster:
            persons, west, north, cell_deg = _checked(raster)
    except RasterioIOError as error:
        raise Invalid(
            Text(f"{path.name} 不是可读的栅格", f"{path.name} is no raster that can be read"),
            facts={"detail": str(error)},
        ) from error
    variants = np.stack([persons, persons * (1 - relative_error), persons * (1 + relative_error)])
    return PopulationGrid(variants, west, north, cell_deg)


def _checked(raster: rasterio.io.DatasetReader) -> tuple[NDArray[np.float64], float, float, float]:
    """Persons, west, north, and the side of a cell in degrees."""
    place = raster.transform
    if raster.crs is None or raster.crs.to_epsg() not in (4326, 4490):
        named = raster.crs.to_string() if raster.crs else "—"
        raise Invalid(
            Text(
                f"坐标系为 {named}，应为经纬度",
                f"The coordinate system is {named}, not longitude and latitude",
            ),
            next_step=Text("请先转换到 EPSG:4326", "Convert it to EPSG:4326 first"),
        )
    if place.b or place.d or place.e >= 0 or abs(place.a + place.e) > _SQUARE * place.a:
        raise Invalid(Text("栅格应为正北朝上的方形单元", "The raster has to be north-up, with square cells"))
    if raster.width * raster.height > MOST_CELLS:
        raise Invalid(
            Text(
                f"栅格有 {raster.width * raster.height} 个单元，最多 {MOST_CELLS}",
                f"The raster has {raster.width * raster.height} cells, at most {MOST_CELLS} are taken",
            ),
            next_step=Text(
                "请裁剪到本地区，或将单元按求和合并",
                "Clip it to the region, or sum its cells into larger ones",
            ),
        )
    persons = raster.read(1, masked=True).astype(np.float64).filled(0.0)
    return np.nan_to_num(persons, nan=0.0), place.c, place.f, place.a
