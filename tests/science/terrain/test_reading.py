"""Terrain files as people bring them, good and bad."""

import io
import zipfile

import numpy as np
import pytest
from numpy.typing import NDArray
from rasterio.io import MemoryFile
from rasterio.transform import Affine

from anlan.kernel.errors import Invalid
from anlan.kernel.fields import Grid
from anlan.science.terrain import drainage_of, plane, read_geotiff, read_hgt, valley
from anlan.science.terrain.asked import TerrainFile, terrain_of

# rasterio's own warping still multiplies affine transforms with *, which affine will deprecate
pytestmark = pytest.mark.filterwarnings("ignore:Use `@` matmul:PendingDeprecationWarning")


def from_origin(west: float, north: float, east_step: float, south_step: float) -> Affine:
    return Affine(east_step, 0.0, west, 0.0, -south_step, north)


UTM = from_origin(500_000.0, 4_200_000.0, 30.0, 30.0)


def tiff(
    values: NDArray[np.float32],
    transform: Affine = UTM,
    crs: str | None = "EPSG:32648",
    nodata: float | None = None,
) -> bytes:
    with MemoryFile() as memory:
        with memory.open(
            driver="GTiff", height=values.shape[0], width=values.shape[1], count=1, dtype="float32", crs=crs,
            transform=transform, nodata=nodata,
        ) as out:  # fmt: skip
            out.write(values, 1)
        return memory.read()


def hills(rows: int = 20, columns: int = 30) -> NDArray[np.float32]:
    y, x = np.mgrid[0:rows, 0:columns]
    return (1100 + 3 * np.sin(x / 5) + y).astype(np.float32)


def test_a_projected_tiff_comes_through_unchanged() -> None:
    terrain = read_geotiff(tiff(hills()))
    assert terrain.grid == Grid(20, 30, 30.0, 500_000.0, 4_200_000.0, "EPSG:32648")
    assert np.array_equal(terrain.height_m, hills()) and not terrain.caveats


def test_degrees_are_warped_into_metres_of_the_zone_and_say_so() -> None:
    second = 1 / 1200
    _, x = np.mgrid[0:240, 0:240]
    terrain = read_geotiff(
        tiff((1100 + 0.5 * x).astype(np.float32), from_origin(106.0, 38.6, second, second), "EPSG:4326")
    )
    assert terrain.grid.crs == "EPSG:32648" and 70 < terrain.grid.cell_m < 95
    assert [one.code for one in terrain.caveats] == ["terrain.warped"]
    assert terrain.void_cells == 0
    fall = np.diff(terrain.height_m, axis=1).mean() / terrain.grid.cell_m
    metres = second * 111_320 * np.cos(np.radians(38.5))
    assert fall == pytest.approx(0.5 / metres, rel=0.01)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (np.full((4, 4), 1e9, np.float32), "within"),
        (np.full((4, 4), np.nan, np.float32), "void everywhere"),
        (np.full((4, 4), -9999.0, np.float32), "within"),
    ],
)
def test_heights_that_no_land_has_are_refused(values: NDArray[np.float32], words: str) -> None:
    with pytest.raises(Invalid, match=words):
        read_geotiff(tiff(values))


def test_void_cells_are_refused_or_filled_on_request() -> None:
    values = hills()
    values[3, 4] = -32768
    with pytest.raises(Invalid, match="1 void cells") as refusal:
        read_geotiff(tiff(values, nodata=-32768))
    assert refusal.value.facts == {"void_cells": 1}
    terrain = read_geotiff(tiff(values, nodata=-32768), fill=True)
    assert terrain.height_m[3, 4] in hills()[2:5, 3:6]
    assert [one.code for one in terrain.caveats] == ["terrain.filled"]


def test_a_tiff_without_coordinates_is_refused() -> None:
    with pytest.raises(Invalid, match="no coordinate system"):
        read_geotiff(tiff(hills(), crs=None))


def test_swapped_longitude_and_latitude_are_noticed() -> None:
    with pytest.raises(Invalid, match="swapped"):
        read_geotiff(tiff(hills(), from_origin(38.5, 106.2, 0.001, 0.001), "EPSG:4326"))


def test_a_raster_that_hangs_upside_down_is_refused() -> None:
    with pytest.raises(Invalid, match="north-up"):
        read_geotiff(tiff(hills(), Affine(30, 0, 500_000, 0, 30, 4_200_000)))


def test_bytes_that_are_no_raster_are_refused() -> None:
    with pytest.raises(Invalid, match="cannot be read"):
        read_geotiff(b"no raster at all")


@pytest.mark.parametrize(
    ("transform", "crs", "words"),
    [
        (from_origin(4_200_000.0, 500_000.0, 30.0, 30.0), "EPSG:32648", "Easting and northing seem swapped"),
        (from_origin(4_200_000.0, 500_000.0, 30.0, 30.0), "EPSG:4545", "Easting and northing seem swapped"),
        (from_origin(106.0, 38.6, 1 / 1200, 1 / 1200), "EPSG:32648", "are the coordinates degrees"),
        (UTM, "EPSG:4326", "look like metres"),
        (UTM, "EPSG:4523", "is not where EPSG:4523 holds"),
        (UTM, "EPSG:2263", "not in metres"),
        (from_origin(500_000.0, 4_200_000.0, 3e5, 3e5), "EPSG:32648", "Cells of 300000 m"),
        (Affine(float("nan"), 0, 5e5, 0, -30, 4.2e6), "EPSG:32648", "finite"),
        (Affine(30, 2, 5e5, 2, -30, 4.2e6), "EPSG:32648", "north-up"),
        (from_origin(106.0, 91.0, 0.001, 0.001), "EPSG:4326", "no place on Earth"),
    ],
)
def test_coordinates_that_are_not_of_their_system_are_refused(
    transform: Affine, crs: str, words: str
) -> None:
    with pytest.raises(Invalid, match=words) as caught:
        read_geotiff(tiff(hills(), transform, crs))
    assert caught.value.title.zh and caught.value.next_step.zh


def test_metres_of_web_mercator_are_brought_to_those_of_the_ground() -> None:
    """At 38° north its metre is 0.79 of one: slopes and areas would be wrong by as much."""
    terrain = read_geotiff(tiff(hills(), from_origin(11_800_000.0, 4_600_000.0, 30.0, 30.0), "EPSG:3857"))
    assert terrain.grid.crs == "EPSG:32648" and terrain.void_cells == 0
    assert terrain.grid.cell_m == pytest.approx(30.0 * np.cos(np.radians(38.14)), rel=0.01)
    assert "EPSG:3857" in terrain.caveats[0].words.zh


def test_a_zone_on_another_continent_is_told() -> None:
    terrain = read_geotiff(tiff(hills(), UTM, "EPSG:32610"))
    assert [one.code for one in terrain.caveats] == ["terrain.outside_china"]


def test_an_empty_file_is_no_raster() -> None:
    with pytest.raises(Invalid, match="empty"):
        read_geotiff(b"")


@pytest.mark.parametrize("shape", [(1, 1), (1, 30), (30, 2)])
def test_a_terrain_without_any_slope_is_refused_by_a_simulation(shape: tuple[int, int]) -> None:
    with pytest.raises(Invalid, match="3 × 3"):
        terrain_of(TerrainFile("dem.tif"), {"dem.tif": tiff(hills(*shape))})


def test_what_a_simulation_says_of_a_terrain_keeps_what_is_to_be_done() -> None:
    holed = hills()
    holed[3, 3] = -9999
    with pytest.raises(Invalid) as caught:
        terrain_of(TerrainFile("dem.tif"), {"dem.tif": tiff(holed, nodata=-9999)})
    assert "filling" in caught.value.next_step.en and caught.value.facts["void_cells"] == 1


def test_an_srtm_tile_is_read_plain_and_zipped() -> None:
    _, x = np.mgrid[0:1201, 0:1201]
    data = (1000 + x // 10).astype(">i2").tobytes()
    terrain = read_hgt(data, "N38E106.hgt")
    assert terrain.grid.crs == "EPSG:32648" and terrain.height_m.shape[0] > 1000
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as out:
        out.writestr("N38E106.hgt", data)
    assert np.array_equal(read_hgt(packed.getvalue(), "upload.zip").height_m, terrain.height_m)
    with pytest.raises(Invalid, match="corner"):
        read_hgt(data, "tile.hgt")
    with pytest.raises(Invalid, match="arc seconds"):
        read_hgt(data[:-2], "N38E106.hgt")


def test_all_of_a_valley_drains_through_its_outlet() -> None:
    grid = Grid(21, 40, 100.0, 0.0, 2100.0, "EPSG:32648")
    drainage = drainage_of(grid, valley(grid, 0.01, 0.05))
    assert drainage.upstream_km2[10, 39] == pytest.approx(21 * 40 * 0.01, rel=0.03)
    catchment = drainage.catchment(10, 20)
    assert catchment[10, :21].all() and not catchment[:, 30:].any()


def test_a_plane_rises_as_it_is_told() -> None:
    grid = Grid(3, 4, 10.0, 500.0, 30.0, "EPSG:32648")
    bed = plane(grid, rise_east=0.1, rise_north=0.2)
    assert np.allclose(np.diff(bed, axis=1), 1.0) and np.allclose(np.diff(bed, axis=0), -2.0)
