"""A flood from a parameter file: design storm, inflow and dam breach on terrain by formula."""

import json

import numpy as np
import pytest

from anlan.kernel.errors import Invalid
from anlan.science.flood.simulation import case_content, case_names, hash_of, read, simulate
from anlan.science.products import product_files


@pytest.fixture(scope="module")
def results():
    return {name: simulate(read(case_content(name))) for name in case_names()}


def changed(case: str, /, **sections):
    said = json.loads(case_content(case))
    for section, fields in sections.items():
        said[section] = said[section] | fields if isinstance(fields, dict) else fields
    return read(json.dumps(said).encode())


@pytest.mark.parametrize("name", case_names())
def test_a_case_keeps_its_water_and_draws_what_its_rasters_show(results, name: str) -> None:
    made = results[name]
    fields = {field.name: field for field in made.fields}
    assert abs(made.figures["mass_error"]) < 1e-4
    depth = np.nan_to_num(fields["depth_max"].values)
    for zone in made.zones:
        values = depth if zone.group == "depth" else np.nan_to_num(fields["hazard_class"].values, nan=-1.0)
        assert zone.contour.facts["cells"] == (values >= np.float32(zone.contour.level)).sum()
    assert made.figures["depth_max_m"] == pytest.approx(float(depth.max()))
    assert "terrain.by_formula" in {caveat.code for caveat in made.manifest.caveats}
    assert made.manifest.inputs["params"]["terrain"]["kind"] == "valley"


def test_the_storm_brings_its_depth_and_loses_by_the_curve_number(results) -> None:
    """SCS: S = 25400/CN − 254, Q = (P − 0.2 S)² / (P + 0.8 S)."""
    figures = results["helan_flash_flood"].figures
    area_m2 = 60 * 120 * 20.0**2
    storage = 25_400 / 85 - 254
    runoff_mm = (60 - 0.2 * storage) ** 2 / (60 + 0.8 * storage)
    assert figures["rain_m3"] == pytest.approx(0.060 * area_m2, rel=0.01)
    assert figures["rain_m3"] - figures["infiltrated_m3"] == pytest.approx(
        runoff_mm / 1000 * area_m2, rel=0.02
    )


def test_the_frames_are_there_for_playback(results) -> None:
    made = results["helan_flash_flood"]
    frames = next(field for field in made.fields if field.name == "depth")
    assert frames.times_s == pytest.approx([900.0, 1800.0, 2700.0, 3600.0, 4500.0, 5400.0])
    highest = next(field for field in made.fields if field.name == "depth_max")
    assert np.all(np.nan_to_num(frames.values.max(axis=0)) <= np.nan_to_num(highest.values) + 0.02)
    assert "depth.tif" in product_files(made)


def test_the_dam_lets_out_its_water_and_the_flood_goes_down_the_valley(results) -> None:
    made = results["small_dam_breach"]
    assert made.figures["inflow_m3"] == pytest.approx(500_000, rel=0.01)
    arrival = next(field for field in made.fields if field.name == "arrival")
    middle = arrival.values[arrival.grid.rows // 2]
    downstream = middle[40:]
    reached = downstream[np.isfinite(downstream)]
    assert len(reached) > 80 and np.all(np.diff(reached) >= -1.0)
    assert {card.id for card in made.models} == {"flood.shallow_water_2d", "flood.breach_geometry"}
    assert "breach.regression" in {caveat.code for caveat in made.manifest.caveats}


def test_the_same_question_gives_the_same_bytes(results) -> None:
    again = simulate(read(case_content("small_dam_breach")))
    assert product_files(again) == product_files(results["small_dam_breach"])
    assert again.input_hash == hash_of(changed("small_dam_breach", name={"zh": "甲", "en": "a"}))


def test_a_run_is_stopped_between_its_steps() -> None:
    class Stopped(Exception):
        pass

    def watch(share: float, words) -> None:
        if share > 0.3:
            raise Stopped

    with pytest.raises(Stopped):
        simulate(read(case_content("small_dam_breach")), watch)


@pytest.mark.parametrize(
    ("sections", "path"),
    [
        ({"dam": None}, "$"),
        ({"dam": {"lon": 107.0}}, "$.dam.lon"),
        ({"manning": 0.0}, "$.manning"),
        ({"terrain": {"cell_m": -1.0}}, "$.terrain.cell_m"),
        ({"open_edges": ["up"]}, "$.open_edges[0]"),
        (
            {"inflows": [{"lon": 106.24, "lat": 36.02, "times_s": [0.0, 0.0], "m3_s": [1.0, 1.0]}]},
            "$.inflows[0].times_s",
        ),
    ],
)
def test_a_field_that_cannot_be_right_is_named(sections, path: str) -> None:
    with pytest.raises(Invalid) as caught:
        simulate(changed("small_dam_breach", **sections))
    assert caught.value.facts["path"] == path
