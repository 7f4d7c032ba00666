"""What a run hands to other programs, read back by them."""

import json

import numpy as np
import pytest
import shapely
from rasterio.errors import NotGeoreferencedWarning
from rasterio.io import MemoryFile
from shapely.geometry import shape

from anlan.kernel.crs import LocalFrame
from anlan.kernel.fields import Contour, Field, Grid
from anlan.kernel.text import Text
from anlan.science.chemical.simulation import case_content, read, simulate
from anlan.science.products import Zone, product_files
from anlan.science.products.extent import area_m2, farthest_m, grid_about
from anlan.science.products.geotiff import geotiff
from anlan.science.products.preview import SIDE, preview

SITE = (106.35, 38.52)


@pytest.fixture(scope="module")
def made():
    return simulate(read(case_content("lpg_sphere_bleve")))


def _square(half_m: float) -> Contour:
    frame = LocalFrame(*SITE)
    lon, lat = frame.to_lonlat(half_m * np.array([-1, 1, 1, -1, -1]), half_m * np.array([-1, -1, 1, 1, -1]))
    ring = list(zip(lon.tolist(), lat.tolist(), strict=True))
    return Contour("square", "m", half_m, Text("方", "square"), [[ring]], "EPSG:4326")


def test_a_raster_in_a_local_frame_lies_where_its_cells_are() -> None:
    frame = LocalFrame(*SITE)
    grid = Grid(30, 50, 20.0, -400.0, 250.0, frame.name)
    values = grid.x_m[None, :] + 1000 * grid.y_m[:, None]
    values[0, 0] = np.nan
    content = geotiff(Field("x", "m", Text("数", "number"), grid, values), {"input_hash": "abc"})
    with MemoryFile(content) as memory, memory.open() as read_back:
        assert read_back.crs.to_epsg() == 4326 and np.isnan(read_back.nodata)
        assert read_back.units == ("m",) and read_back.tags()["input_hash"] == "abc"
        assert read_back.tags()["label_zh"] == "数"
        band = read_back.read(1)
        assert np.isnan(band[0, 0])
        for row, column in ((0, 49), (29, 0), (14, 25)):
            lon, lat = read_back.xy(row, column)
            x, y = frame.to_xy(lon, lat)
            assert (float(x), float(y)) == pytest.approx((grid.x_m[column], grid.y_m[row]), abs=0.01)
            assert band[row, column] == pytest.approx(values[row, column], rel=1e-5)


def test_a_raster_in_a_projection_keeps_it_and_its_times() -> None:
    grid = Grid(4, 6, 30.0, 500_000.0, 4_200_000.0, "EPSG:32648")
    values = np.arange(48, dtype=np.float64).reshape(2, 4, 6)
    content = geotiff(Field("depth", "m", Text("水深", "depth"), grid, values, (0.0, 60.0)), {})
    with MemoryFile(content) as memory, memory.open() as read_back:
        assert read_back.crs.to_epsg() == 32648 and read_back.count == 2
        assert (read_back.transform.c, read_back.transform.f) == (500_000.0, 4_200_000.0)
        assert read_back.descriptions[1] == "depth, t = 60 s"
        assert np.array_equal(read_back.read(), values)


def test_the_outlines_are_geojson_that_turns_the_right_way(made) -> None:
    said = json.loads(product_files(made)["zones.geojson"])
    site, *zones = said["features"]
    assert site["geometry"]["coordinates"] == list(SITE)
    assert [zone["properties"]["rank"] for zone in zones] == sorted(
        zone["properties"]["rank"] for zone in zones
    )
    for zone in zones:
        outline = shape(zone["geometry"])
        assert outline.is_valid and outline.contains(shapely.Point(SITE))
        assert all(shapely.is_ccw(part.exterior) for part in outline.geoms)
        assert {"label_zh", "label_en", "source", "certainty", "farthest_m"} <= set(zone["properties"])
    assert zones[0]["properties"]["level"] == 37.5


def test_the_summary_names_every_file_with_its_sum_and_every_figure_with_its_source(made) -> None:
    files = product_files(made, {"computed_at": "2026-01-01T00:00:00Z"})
    said = json.loads(files["summary.json"])
    assert {one["name"] for one in said["files"]} == set(files) - {"summary.json"}
    assert all(one["bytes"] == len(files[one["name"]]) for one in said["files"])
    assert said["times"] == {"computed_at": "2026-01-01T00:00:00Z"}
    assert said["models"][0]["references"] and said["models"][0]["applicability"]["zh"]
    assert said["manifest"]["caveats"] and said["inputs"]["weather"]["humidity"] == 0.5
    assert said["substance"]["sources"]["Tb"]
    assert all(zone["source"] for zone in said["zones"])


def test_the_same_run_gives_the_same_bytes(made) -> None:
    again = simulate(read(case_content("lpg_sphere_bleve")))
    assert product_files(made) == product_files(again)


def test_distances_and_areas_are_those_on_the_ground() -> None:
    square = _square(500.0)
    assert farthest_m(square, SITE) == pytest.approx(500 * np.sqrt(2), rel=1e-4)
    assert area_m2(square) == pytest.approx(1e6, rel=1e-4)
    grid = grid_about([square], SITE, 100)
    assert grid.cell_of(499.0, -499.0) is not None and max(grid.shape) <= 101


def test_the_preview_is_a_png_with_the_zone_about_its_middle() -> None:
    zones = (Zone(_square(500.0), "radiation"), Zone(_square(1500.0), "radiation"))
    with (
        pytest.warns(NotGeoreferencedWarning),
        MemoryFile(preview(zones, SITE)) as memory,
        memory.open() as picture,
    ):
        assert (picture.driver, picture.width) == ("PNG", SIDE) and picture.height >= SIDE + 2 * 16
        red, _, blue = (band.astype(int) for band in picture.read())
    # the grave zone is darker than the mild one about it, and the ground is neither
    centre, between, corner = (SIDE // 2 + 30,) * 2, (SIDE // 2 + 150,) * 2, (20, 20)
    assert red[centre] < red[between]
    assert red[centre] - blue[centre] > 60 and red[between] - blue[between] > 60
    assert abs(red[corner] - blue[corner]) < 20
    # and each has a line below the map, with its colour in front
    legend = red[SIDE:, 20]
    assert len(np.unique(legend)) == 3 and (legend < 250).sum() > 20


def test_a_result_without_any_zone_still_has_a_picture() -> None:
    assert preview((), SITE).startswith(b"\x89PNG")
