"""A wildfire from a parameter file: on terrain by formula, on rasters beside the file, and as an ensemble."""

import json

import numpy as np
import pytest
from rasterio.io import MemoryFile
from rasterio.transform import Affine
from tests.science.slope.test_simulation import hill

from anlan.kernel.errors import Invalid
from anlan.science.products import product_files
from anlan.science.wildfire.simulation import case_content, case_names, files_of, hash_of, read, simulate
from anlan.science.wildfire.wang import wang_spread


@pytest.fixture(scope="module")
def results():
    return {name: simulate(read(case_content(name))) for name in case_names()}


def changed(case: str, /, **sections):
    said = json.loads(case_content(case))
    for section, fields in sections.items():
        said[section] = said[section] | fields if isinstance(fields, dict) else fields
    return read(json.dumps(said).encode())


def field(made, name):
    return next(one for one in made.fields if one.name == name)


def cover(code: int = 102, **said) -> bytes:
    """An even raster of fuel over the hill of 20 × 20 cells."""
    form = {"crs": "EPSG:32648", "dtype": "uint8", "nodata": 255} | said
    with MemoryFile() as memory:
        with memory.open(
            driver="GTiff",
            width=20,
            height=20,
            count=1,
            transform=Affine(10.0, 0.0, 600_000.0, 0.0, -10.0, 4_260_000.0),
            **form,
        ) as made:
            made.write(np.full((20, 20), code, form["dtype"]), 1)
        return bytes(memory.read())


@pytest.mark.parametrize("name", case_names())
def test_a_case_draws_what_its_rasters_show(results, name: str) -> None:
    made = results[name]
    arrival, intensity = (np.asarray(field(made, one).values, np.float64) for one in ("arrival", "intensity"))
    for zone in made.zones:
        level = zone.contour.level
        if zone.group == "arrival":
            cells = int((arrival <= level).sum())
        elif zone.group == "intensity":
            cells = int((intensity > level).sum())
        else:
            cells = int((np.asarray(field(made, "ensemble_probability").values, np.float64) >= level).sum())
        assert zone.contour.facts["cells"] == cells
    assert made.figures["burnt_m2"] > 0 and "terrain.by_formula" in {
        one.code for one in made.manifest.caveats
    }
    assert {"arrival.tif", "zones.geojson", "preview.png", "summary.json"} <= set(product_files(made))


def test_a_fire_grows_with_time_and_the_line_that_is_built_holds(results) -> None:
    made = results["liupan_forest"]
    sizes = [zone.contour.facts["area_m2"] for zone in made.zones if zone.group == "arrival"]
    assert sizes == sorted(sizes) and sizes[0] > 0
    assert "wildfire.lines_hold" in {one.code for one in made.manifest.caveats}
    free = simulate(changed("liupan_forest", lines=[]))
    assert free.figures["burnt_m2"] > made.figures["burnt_m2"]
    assert "wildfire.lines_hold" not in {one.code for one in free.manifest.caveats}


def test_the_steppe_fire_runs_at_wang_zhengfei_s_rate(results) -> None:
    """The head comes as far in an hour as the formula says for one place."""
    expected = wang_spread("steppe", 24.0, 18.0, 9.0).rate_m_s * 3600
    arrival = field(results["steppe_gale"], "arrival")
    columns = np.flatnonzero(np.isfinite(np.asarray(arrival.values)).any(axis=0))
    width = (columns[-1] - columns[0] + 1) * arrival.grid.cell_m
    behind = expected * 0.1
    assert expected - 2 * arrival.grid.cell_m < width < expected + behind + 2 * arrival.grid.cell_m
    assert {card.id for card in results["steppe_gale"].models} == {
        "wildfire.spread",
        "wildfire.wang_zhengfei",
    }


def test_an_ensemble_has_chances_that_fall_away_from_the_fire(results) -> None:
    made = results["grass_ensemble"]
    sizes = [zone.contour.facts["cells"] for zone in made.zones if zone.group == "fire_chance"]
    assert sizes == sorted(sizes) and sizes[0] > 0
    assert (
        made.manifest.seed == 1
        and made.figures["ensemble_burnt_p10_m2"] < made.figures["ensemble_burnt_p90_m2"]
    )


def test_the_same_question_gives_the_same_bytes_and_a_name_decides_nothing(results) -> None:
    again = simulate(read(case_content("steppe_gale")))
    assert product_files(again) == product_files(results["steppe_gale"])
    assert again.input_hash == hash_of(changed("steppe_gale", name={"zh": "甲", "en": "a"}))
    assert again.input_hash != hash_of(changed("steppe_gale", duration_s=1800.0, isochrones_s=[]))


def asked_on_rasters():
    said = json.loads(case_content("grass_ensemble")) | {
        "terrain": {"kind": "file", "file": "hill.tif"},
        "fuel": {"kind": "file", "file": "cover.tif"},
        "ignitions": [{"lon": 106.14766, "lat": 38.48182}],
        "duration_s": 600.0,
        "uncertainty": None,
    }
    return read(json.dumps(said).encode())


def test_terrain_and_fuel_beside_the_file_are_used_and_decide_the_hash() -> None:
    asked = asked_on_rasters()
    assert files_of(asked) == ("hill.tif", "cover.tif")
    grass, rock = ({"hill.tif": hill(0.3), "cover.tif": cover(code)} for code in (102, 104))
    made = simulate(asked, given=grass)
    assert field(made, "arrival").grid.crs == "EPSG:32648" and made.figures["burnt_m2"] > 0
    assert hash_of(asked, grass) == made.input_hash != hash_of(asked, rock)


@pytest.mark.parametrize(
    ("given", "path", "words"),
    [
        ({"hill.tif": hill(0.3)}, "$.fuel.file", "not there"),
        ({"hill.tif": hill(0.3), "cover.tif": b"no raster"}, "$.fuel", "cannot be read"),
        ({"hill.tif": hill(0.3), "cover.tif": cover(77)}, "$.fuel", "not known"),
        ({"hill.tif": hill(0.3), "cover.tif": cover(255)}, "$.fuel", "does not cover"),
        ({"hill.tif": hill(0.3), "cover.tif": cover(102, crs="EPSG:32647")}, "$.fuel", "does not cover"),
        ({"hill.tif": hill(0.3, void=True), "cover.tif": cover()}, "$.terrain", "void"),
    ],
)
def test_a_raster_that_cannot_be_burnt_on_is_refused(given, path: str, words: str) -> None:
    with pytest.raises(Invalid) as caught:
        simulate(asked_on_rasters(), given=given)
    assert caught.value.facts["path"] == path and words in caught.value.title.en


def test_a_run_is_stopped_between_its_steps() -> None:
    class Stopped(Exception):
        pass

    def watch(share: float, words) -> None:
        if share > 0.5:
            raise Stopped

    with pytest.raises(Stopped):
        simulate(read(case_content("steppe_gale")), watch)


@pytest.mark.parametrize(
    ("sections", "path"),
    [
        ({"ignitions": []}, "$.ignitions"),
        ({"ignitions": [{"lon": 107.9, "lat": 37.8}]}, "$.ignitions[0].lon"),
        ({"fuel": {"number": 42}}, "$.fuel"),
        ({"fuel": {"kind": "belts", "belts": [{"from_m": 5, "number": 6}] * 2}}, "$.fuel.belts"),
        ({"weather": [{"wind_m_s": 3.0, "wind_from_deg": 0.0}]}, "$.weather[0]"),
        ({"model": "rothermel"}, "$.weather[0].moisture"),
        ({"isochrones_s": [7200]}, "$.isochrones_s[0]"),
        ({"terrain": {"cell_m": 0}}, "$.terrain.cell_m"),
        ({"load_kg_m2": {"grass": 1.0}}, "$.load_kg_m2.grass"),
        ({"load_kg_m2": {"99": 1.0}}, "$.load_kg_m2.99"),
    ],
)
def test_a_field_that_cannot_be_right_is_named(sections, path: str) -> None:
    said = json.loads(case_content("steppe_gale"))
    for section, fields in sections.items():
        whole = section == "fuel" and "kind" in fields
        said[section] = said[section] | fields if isinstance(fields, dict) and not whole else fields
    with pytest.raises(Invalid) as caught:
        simulate(read(json.dumps(said).encode()))
    assert caught.value.facts["path"] == path
