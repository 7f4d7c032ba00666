"""Terrain in a file of parameters: a raster that lies beside it, or a bed given by a formula at a place."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Annotated

import numpy as np
from msgspec import Meta
from pyproj import Transformer

from anlan.kernel.errors import Problem
from anlan.kernel.fields import Grid
from anlan.kernel.models import Caveat
from anlan.kernel.text import Text
from anlan.science.params import Strict, refused_at
from anlan.science.terrain.reading import Terrain, read_geotiff, read_hgt
from anlan.science.terrain.shapes import plane, valley

Given = Mapping[str, bytes]
"""The contents of files that parameters name, by the name that they use."""

LEAST_CELLS = 3
"""Fewer in a row have no slope."""
Cells = Annotated[int, Meta(ge=LEAST_CELLS, le=5000)]
Metres = Annotated[float, Meta(gt=0, le=10_000)]
Rise = Annotated[float, Meta(ge=-5, le=5, description="m per m")]


class TerrainFile(Strict, frozen=True, tag_field="kind", tag="file"):
    """A GeoTIFF or an SRTM tile (``.hgt``, or zipped); *fill* replaces void cells by their neighbours."""

    file: Annotated[str, Meta(min_length=1, max_length=400)]
    fill: bool = False


class PlaneBed(Strict, frozen=True, tag_field="kind", tag="plane"):
    """An even slope about a place, in metres of its UTM zone; *level_m* at the south-west corner."""

    lon: Annotated[float, Meta(ge=-180, le=180)]
    lat: Annotated[float, Meta(ge=-80, le=80)]
    rows: Cells
    columns: Cells
    cell_m: Metres
    level_m: Annotated[float, Meta(ge=-400, le=8000)] = 0.0
    rise_east: Rise = 0.0
    rise_north: Rise = 0.0


class ValleyBed(Strict, frozen=True, tag_field="kind", tag="valley"):
    """A straight valley that falls east by *fall*, with *sides* rising from a floor; *level_m* at its outlet."""

    lon: Annotated[float, Meta(ge=-180, le=180)]
    lat: Annotated[float, Meta(ge=-80, le=80)]
    rows: Cells
    columns: Cells
    cell_m: Metres
    fall: Rise
    sides: Rise
    floor_m: Annotated[float, Meta(ge=0, le=100_000)] = 0.0
    level_m: Annotated[float, Meta(ge=-400, le=8000)] = 0.0


Bed = TerrainFile | PlaneBed | ValleyBed

BY_FORMULA = Caveat(
    "terrain.by_formula",
    Text("地形由公式给出，不是实测地形", "The terrain is given by a formula; it is no survey"),
)


def files_in(bed: Bed) -> tuple[str, ...]:
    """The files that *bed* names."""
    return (bed.file,) if isinstance(bed, TerrainFile) else ()


def digest_of(bed: Bed, given: Given) -> str:
    """What goes into a hash of the question: the content of the raster, whatever its name."""
    return sha256(_content(bed, given)).hexdigest() if isinstance(bed, TerrainFile) else ""


def terrain_of(bed: Bed, given: Given) -> Terrain:
    """The heights. Raises `Invalid` about ``$.terrain`` for a raster that is none, or not fit to compute on."""
    if isinstance(bed, TerrainFile):
        content = _content(bed, given)
        try:
            is_tile = bed.file.lower().endswith((".hgt", ".hgt.zip", ".zip"))
            read = (
                read_hgt(content, bed.file, fill=bed.fill)
                if is_tile
                else read_geotiff(content, fill=bed.fill)
            )
        except Problem as problem:
            raise refused_at("$.terrain", problem.title, problem) from problem
        return _of_some_size(read)
    grid = _grid(bed)
    if isinstance(bed, PlaneBed):
        heights = plane(grid, bed.rise_east, bed.rise_north, bed.level_m)
    else:
        heights = valley(grid, bed.fall, bed.sides, bed.level_m, floor_m=bed.floor_m)
    return Terrain(grid, heights, (BY_FORMULA,))


def middle_of(grid: Grid) -> tuple[float, float]:
    """Longitude and latitude of the middle of a grid in an EPSG system."""
    x, y = grid.west + grid.columns * grid.cell_m / 2, grid.north - grid.rows * grid.cell_m / 2
    lon, lat = Transformer.from_crs(grid.crs, "EPSG:4326", always_xy=True).transform(x, y)
    return float(lon), float(lat)


def cell_at(grid: Grid, lon: float, lat: float) -> tuple[int, int] | None:
    """Row and column of a place; None outside."""
    x, y = Transformer.from_crs("EPSG:4326", grid.crs, always_xy=True).transform(lon, lat)
    return grid.cell_of(float(x), float(y))


def _of_some_size(terrain: Terrain) -> Terrain:
    rows, columns = terrain.grid.shape
    if min(rows, columns) < LEAST_CELLS:
        raise refused_at(
            "$.terrain",
            Text(
                f"地形只有 {rows} × {columns} 个像元，至少须 {LEAST_CELLS} × {LEAST_CELLS}",
                f"the terrain has {rows} × {columns} cells: {LEAST_CELLS} × {LEAST_CELLS} at least",
            ),
        )
    return terrain


def _grid(bed: PlaneBed | ValleyBed) -> Grid:
    zone = min(60, int((bed.lon + 180.0) // 6.0) + 1)
    crs = f"EPSG:{(32600 if bed.lat >= 0 else 32700) + zone}"
    x, y = Transformer.from_crs("EPSG:4326", crs, always_xy=True).transform(bed.lon, bed.lat)
    west = float(np.floor(x - bed.columns * bed.cell_m / 2))
    north = float(np.ceil(y + bed.rows * bed.cell_m / 2))
    return Grid(bed.rows, bed.columns, bed.cell_m, west, north, crs)


def _content(bed: TerrainFile, given: Given) -> bytes:
    content = given.get(bed.file)
    if content is None:
        raise refused_at("$.terrain.file", Text(f"没有文件 {bed.file}", f"the file {bed.file} is not there"))
    return content
