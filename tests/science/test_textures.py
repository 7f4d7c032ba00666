"""Rasters for a browser: the number under the pointer is the number of the raster, at the place where it lies."""

import warnings

import numpy as np
import pytest
from rasterio.errors import NotGeoreferencedWarning
from rasterio.io import MemoryFile

from anlan.kernel.crs import LocalFrame
from anlan.kernel.fields import Field, Grid
from anlan.kernel.text import Text
from anlan.science.products.texture import FRAME_SIDE, SIDE, on_web_map, texture

FRAME = LocalFrame(106.35, 38.52)
LABEL = Text("数", "number")


def pixels(content: bytes) -> np.ndarray:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)  # a picture has no place of its own
        with MemoryFile(content) as memory, memory.open() as picture:
            return picture.read().astype(np.int64)


def decoded(content: bytes, said: dict) -> np.ndarray:
    """As a browser does it."""
    red, green, blue = pixels(content)
    code = said["encoding"]
    values = code["offset"] + code["step"] * (256 * red + green)
    values = 10.0**values if code["transform"] == "log10" else values
    return np.where(blue == 255, values, np.nan)


def at(said: dict, lon: float, lat: float) -> tuple[int, int]:
    """Row and column of a place: longitude is even, latitude by Mercator."""

    def north(degrees: float) -> float:
        return float(np.log(np.tan(np.pi / 4 + np.radians(degrees) / 2)))

    west, low, east, high = said["bbox"]
    rows, columns = said["shape"]
    row = (north(high) - north(lat)) / (north(high) - north(low)) * rows
    return int(row), int((lon - west) / (east - west) * columns)


def test_a_number_is_read_back_where_it_lies() -> None:
    grid = Grid(200, 300, 20.0, -3000.0, 2000.0, FRAME.name)
    values = grid.x_m[None, :] + 2 * grid.y_m[:, None]
    values[:20] = np.nan
    content, said = texture(Field("x", "m", LABEL, grid, values))
    back = decoded(content, said)
    assert back.shape == tuple(said["shape"]) and max(back.shape) <= 300
    for row, column in ((30, 40), (150, 250), (199, 0), (100, 299)):
        lon, lat = FRAME.to_lonlat(grid.x_m[column], grid.y_m[row])
        # the nearest cell: at most one off
        assert back[at(said, float(lon), float(lat))] == pytest.approx(values[row, column], abs=62)
    lon, lat = FRAME.to_lonlat(0.0, grid.y_m[5])
    assert np.isnan(back[at(said, float(lon), float(lat))])


def test_every_value_keeps_its_sixteen_bits() -> None:
    grid = Grid(100, 100, 10.0, -500.0, 500.0, FRAME.name)
    values = np.random.default_rng(1).uniform(5.0, 9.0, grid.shape)
    content, said = texture(Field("x", "m", LABEL, grid, values))
    shown, _ = on_web_map(Field("x", "m", LABEL, grid, values), SIDE)
    assert said["encoding"]["transform"] == "linear"
    assert np.nanmax(np.abs(decoded(content, said) - shown[0])) <= 4.0 / 65_535


def test_a_concentration_over_many_decades_is_kept_to_a_thousandth() -> None:
    grid = Grid(100, 100, 10.0, 0.0, 500.0, FRAME.name)
    field = Field("c", "mg/m³", LABEL, grid, 1e6 * np.exp(-grid.x_m[None, :] / 60) * np.ones((100, 1)))
    content, said = texture(field)
    shown, _ = on_web_map(field, SIDE)
    assert said["encoding"]["transform"] == "log10"
    assert np.nanmax(np.abs(decoded(content, said) / shown[0] - 1)) < 1e-3


def test_a_large_raster_in_a_projection_is_thinned_and_lies_within_its_bounds() -> None:
    grid = Grid(1500, 1200, 30.0, 600_000.0, 4_260_000.0, "EPSG:32648")
    content, said = texture(Field("h", "m", LABEL, grid, np.ones(grid.shape)))
    assert max(said["shape"]) == SIDE
    west, south, east, north = said["bbox"]
    assert 105 < west < east < 107.5 and 37.5 < south < north < 38.8
    back = decoded(content, said)
    assert np.nanmax(back) == 1.0 and 0.9 < np.isfinite(back).mean() <= 1.0


def test_frames_are_a_sheet_with_one_tile_for_each_time() -> None:
    grid = Grid(40, 60, 10.0, 0.0, 0.0, FRAME.name)
    frames = np.stack([np.full(grid.shape, depth) for depth in (0.0, 0.5, 1.0, 2.0, 4.0)])
    content, said = texture(Field("depth", "m", LABEL, grid, frames, (0.0, 1.0, 2.0, 3.0, 4.0)))
    (sheet,) = pixels(content)
    rows, columns = said["shape"]
    across = said["encoding"]["frames_across"]
    assert across == 3 and sheet.shape == (2 * rows, 3 * columns) and max(rows, columns) <= FRAME_SIDE
    for index, depth in enumerate((0.0, 0.5, 1.0, 2.0, 4.0)):
        number = sheet[index // across * rows + rows // 2, index % across * columns + columns // 2]
        value = said["encoding"]["offset"] + said["encoding"]["step"] * (number - 1)
        assert number == 0 if depth == 0 else value == pytest.approx(depth, abs=0.01)
    assert said["times_s"] == [0.0, 1.0, 2.0, 3.0, 4.0]


def test_an_empty_raster_is_a_picture_of_nothing() -> None:
    grid = Grid(10, 10, 10.0, 0.0, 0.0, FRAME.name)
    content, said = texture(Field("x", "m", LABEL, grid, np.full(grid.shape, np.nan)))
    assert np.isnan(decoded(content, said)).all()
