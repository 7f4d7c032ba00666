"""An earthquake from its parameter file to lines and rasters; the worked cases, each by name."""

import json
from itertools import pairwise

import numpy as np
import pytest
import shapely
from pyproj import Transformer

from anlan.kernel.errors import Invalid
from anlan.science.products import product_files
from anlan.science.products.extent import shape_of
from anlan.science.seismic.simulation import case_content, case_names, hash_of, read, simulate


@pytest.fixture(scope="module")
def results():
    return {name: simulate(read(case_content(name))) for name in case_names()}


def changed(case: str, /, **fields):
    said = json.loads(case_content(case))
    said["earthquake"] |= fields
    return read(json.dumps(said).encode())


def axes(made) -> dict[int, tuple[float, float]]:
    return {
        int(zone.contour.level): (zone.contour.facts["semi_long_km"], zone.contour.facts["semi_short_km"])
        for zone in made.zones
        if zone.group == "intensity"
    }


@pytest.mark.parametrize("name", case_names())
def test_a_case_draws_nested_lines_about_its_epicentre_and_says_where_its_figures_come_from(
    results, name: str
) -> None:
    made = results[name]
    shapes = [shape_of(zone.contour) for zone in made.zones if zone.group == "intensity"]
    assert all(outer.contains(inner) for inner, outer in pairwise(shapes))
    assert shapes[0].contains(shapely.Point(made.site))
    assert len({zone.contour.name for zone in made.zones}) == len(made.zones)
    assert made.inputs["note"]["zh"] and made.manifest.caveats
    assert made.manifest.inputs["earthquake"] == made.inputs["earthquake"]


def test_1739_has_the_printed_axes(results) -> None:
    """Golden numbers of the domain sheet: M 8.0 by the relation of the eastern zone."""
    found = axes(results["yinchuan_pingluo_1739"])
    printed = {6: (272.7, 248.6), 7: (149.0, 123.5), 8: (76.8, 58.2), 9: (34.5, 24.2), 10: (9.8, 6.4)}
    for degree, pair in printed.items():
        assert found[degree] == pytest.approx(pair, abs=0.1)


@pytest.mark.parametrize("name", case_names())
def test_the_raster_reaches_a_degree_where_its_line_is(results, name: str) -> None:
    made = results[name]
    field = made.fields[0]
    x, y = np.meshgrid(field.grid.x_m, field.grid.y_m)
    lon, lat = Transformer.from_crs(field.grid.crs, "EPSG:4326", always_xy=True).transform(x, y)
    for zone in (one for one in made.zones if one.group == "intensity"):
        inside = shapely.contains_xy(shape_of(zone.contour), lon, lat)
        assert (inside != (field.values >= zone.contour.level)).sum() <= 0.03 * inside.sum() + 4


def test_a_stronger_earthquake_reaches_farther() -> None:
    weak, strong = (simulate(changed("ningdong_m6", magnitude=magnitude)) for magnitude in (6.0, 6.5))
    assert axes(strong)[7][0] > axes(weak)[7][0]


def test_the_files_name_their_projection_and_are_the_same_each_time(results) -> None:
    made = results["ningdong_m6"]
    files = product_files(made)
    assert {"intensity.tif", "pga.tif", "zones.geojson", "preview.png", "summary.json"} <= set(files)
    assert files == product_files(simulate(read(case_content("ningdong_m6"))))
    said = json.loads(files["summary.json"])
    assert said["earthquake"]["peak_degree"] and said["zones"][0]["level"] > said["zones"][1]["level"]


def test_a_later_report_is_another_question() -> None:
    assert hash_of(changed("ningdong_m6")) != hash_of(changed("ningdong_m6", report=2))


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"magnitude": 10.0}, "$.earthquake.magnitude"),
        ({"magnitude": -1.0}, "$.earthquake.magnitude"),
        ({"lat": 106.6}, "$.earthquake.lat"),
        ({"depth_km": 900.0}, "$.earthquake.depth_km"),
        ({"time": "2026-03-01T03:00:00"}, "$.earthquake.time"),
        ({"zone_set": "atlantis"}, "$.earthquake.zone_set"),
        ({"line_source": True, "strike_deg": None}, "$.earthquake.strike_deg"),
        ({"mag": 6.0}, "$.earthquake"),
    ],
)
def test_a_field_that_cannot_be_right_is_named(fields, path: str) -> None:
    with pytest.raises(Invalid) as caught:
        simulate(changed("ningdong_m6", **fields))
    assert caught.value.facts["path"] == path


def test_outside_its_range_it_answers_with_a_caveat() -> None:
    made = simulate(changed("ningdong_m6", magnitude=8.9, depth_km=100.0))
    codes = {caveat.code for caveat in made.manifest.caveats}
    assert {"out_of_range.magnitude", "out_of_range.depth_km"} <= codes
