"""Shallow slides from a parameter file: on terrain by formula and on a raster beside the file."""

import json

import numpy as np
import pytest
from rasterio.io import MemoryFile
from rasterio.transform import Affine

from anlan.kernel.errors import Invalid
from anlan.science.products import product_files
from anlan.science.slope.simulation import case_content, case_names, files_of, hash_of, read, simulate


def changed(case: str, /, **sections):
    said = json.loads(case_content(case))
    for section, fields in sections.items():
        said[section] = said[section] | fields if isinstance(fields, dict) else fields
    return read(json.dumps(said).encode())


def hill(rise: float, void: bool = False) -> bytes:
    """A plane of 20 × 20 cells of 10 m that rises east, in UTM 48N."""
    heights = np.tile(1500 + rise * 10 * np.arange(20.0), (20, 1)).astype(np.float32)
    if void:
        heights[3, 3] = -9999
    with MemoryFile() as memory:
        with memory.open(
            driver="GTiff",
            width=20,
            height=20,
            count=1,
            dtype="float32",
            crs="EPSG:32648",
            transform=Affine(10.0, 0.0, 600_000.0, 0.0, -10.0, 4_260_000.0),
            nodata=-9999,
        ) as made:
            made.write(heights, 1)
        return bytes(memory.read())


@pytest.mark.parametrize("name", case_names())
def test_a_case_becomes_rasters_and_outlines_that_agree(name: str) -> None:
    made = simulate(read(case_content(name)))
    factor, slope = made.fields
    assert np.isfinite(factor.values).all() and (slope.values >= 0).all()
    for zone in made.zones:
        cells = int((factor.values < zone.contour.level).sum())
        assert zone.contour.facts["cells"] == cells
        assert zone.contour.is_empty == (cells == 0)
    assert "terrain.by_formula" in {caveat.code for caveat in made.manifest.caveats}
    assert product_files(made) == product_files(simulate(read(case_content(name))))


def test_the_dry_hillside_has_the_safety_factor_of_the_textbook() -> None:
    """Without cohesion and water FS = tan φ / tan β."""
    made = simulate(read(case_content("dry_hillside")))
    assert made.figures["least_safety_factor"] == pytest.approx(np.tan(np.radians(30)) / 0.5, rel=1e-9)
    assert made.figures["unstable_m2"] == 0


def test_water_to_the_ground_takes_half_of_the_strength_away() -> None:
    """FS = (1 − γw/γ) tan φ / tan β under seepage parallel to the slope."""
    made = simulate(changed("dry_hillside", water_m=2.0))
    expected = (1 - 9810 / 20_000) * np.tan(np.radians(30)) / 0.5
    assert made.figures["least_safety_factor"] == pytest.approx(expected, rel=1e-9)
    assert made.figures["unstable_m2"] == made.figures["area_m2"]


def test_a_raster_beside_the_file_is_used_where_it_lies_and_decides_the_hash() -> None:
    said = json.loads(case_content("dry_hillside"))
    said["terrain"] = {"kind": "file", "file": "hill.tif"}
    asked = read(json.dumps(said).encode())
    assert files_of(asked) == ("hill.tif",)
    gentle, steep = ({"hill.tif": hill(rise)} for rise in (0.3, 0.9))
    made = simulate(asked, given=steep)
    assert made.fields[0].grid.crs == "EPSG:32648" and made.figures["unstable_m2"] == made.figures["area_m2"]
    assert made.figures["steepest_deg"] == pytest.approx(np.degrees(np.arctan(0.9)), rel=1e-4)
    assert hash_of(asked, steep) == made.input_hash != hash_of(asked, gentle)


@pytest.mark.parametrize(
    ("given", "path", "words"),
    [
        ({}, "$.terrain.file", "not there"),
        ({"hill.tif": b"no raster"}, "$.terrain", "cannot be read"),
        ({"hill.tif": hill(0.3, void=True)}, "$.terrain", "void"),
    ],
)
def test_a_terrain_that_cannot_be_computed_on_is_refused(given, path: str, words: str) -> None:
    said = json.loads(case_content("dry_hillside"))
    said["terrain"] = {"kind": "file", "file": "hill.tif"}
    with pytest.raises(Invalid) as caught:
        simulate(read(json.dumps(said).encode()), given=given)
    assert caught.value.facts["path"] == path and words in caught.value.title.en


@pytest.mark.parametrize(
    ("sections", "path"),
    [
        ({"water_m": 3.0}, "$.water_m"),
        ({"levels": []}, "$.levels"),
        ({"soil": {"friction_deg": 95.0}}, "$.soil.friction_deg"),
        ({"soil": {"wetness": 1.0}}, "$.soil"),
        ({"terrain": {"rows": 2}}, "$.terrain.rows"),
    ],
)
def test_a_field_that_cannot_be_right_is_named(sections, path: str) -> None:
    with pytest.raises(Invalid) as caught:
        simulate(changed("dry_hillside", **sections))
    assert caught.value.facts["path"] == path
