"""A field as a GeoTIFF that any GIS opens.

A grid in a local frame becomes one in longitude and latitude: the frame is a plain scaling of
degrees about its origin, so that nothing is resampled.
"""

from collections.abc import Mapping

import numpy as np
from rasterio.io import MemoryFile
from rasterio.transform import Affine

from anlan.kernel.crs import LocalFrame
from anlan.kernel.fields import Field, Grid

NODATA = float("nan")
_TILE = 256


def geotiff(field: Field, tags: Mapping[str, str]) -> bytes:
    """*field* as 32-bit floats, one band (or one for each time), NaN where there is no value.

    Unit and labels are written as the bands' unit and description and as tags, beside *tags*.
    """
    values = np.asarray(field.values, np.float32)
    bands = values if field.times_s else values[None]
    crs, transform = placed(field.grid)
    rows, columns = field.grid.shape
    said = {
        "name": field.name,
        "unit": field.unit,
        "label_zh": field.label.zh,
        "label_en": field.label.en,
        "cell_m": f"{field.grid.cell_m:g}",
        **tags,
    }
    with MemoryFile() as memory:
        with memory.open(
            driver="GTiff",
            width=columns,
            height=rows,
            count=len(bands),
            dtype="float32",
            crs=crs,
            transform=transform,
            nodata=NODATA,
            compress="deflate",
            predictor=3,
            tiled=True,
            blockxsize=_TILE,
            blockysize=_TILE,
        ) as made:
            made.write(bands)
            made.update_tags(**said)
            for index in range(len(bands)):
                made.set_band_unit(index + 1, field.unit or "1")
                made.set_band_description(index + 1, _described(field, index))
        return bytes(memory.read())


def placed(grid: Grid) -> tuple[str, Affine]:
    """Reference system and transform (column, row → x, y) of a grid; degrees for one in a local frame."""
    if not grid.crs.startswith("local:"):
        return grid.crs, Affine(grid.cell_m, 0.0, grid.west, 0.0, -grid.cell_m, grid.north)
    frame = LocalFrame.named(grid.crs)
    (west, east), (north, south) = frame.to_lonlat(
        [grid.west, grid.west + grid.columns * grid.cell_m],
        [grid.north, grid.north - grid.rows * grid.cell_m],
    )
    wide, high = float(east - west) / grid.columns, float(north - south) / grid.rows
    return "EPSG:4326", Affine(wide, 0.0, float(west), 0.0, -high, float(north))


def _described(field: Field, index: int) -> str:
    if not field.times_s:
        return field.label.en
    return f"{field.label.en}, t = {field.times_s[index]:g} s"
