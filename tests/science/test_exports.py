"""A result for other programs, each format read back by a program that is not ours (GDAL, scipy)."""

import io
import json
import sqlite3
import zipfile

import numpy as np
import pyogrio
import pytest
import rasterio
from rasterio.io import MemoryFile
from scipy.io import netcdf_file

from anlan.kernel.errors import NotFound
from anlan.science.flood.simulation import case_content, read, simulate
from anlan.science.products import product_files
from anlan.science.products.exports import Format, exported


@pytest.fixture(scope="module")
def flood():
    """A small flood with frames, in UTM."""
    said = json.loads(case_content("helan_flash_flood"))
    said["terrain"] |= {"rows": 24, "columns": 40}
    said |= {"duration_s": 1800.0, "frames": 3, "storm": {"depth_mm": 300.0, "duration_s": 1800.0}}
    return simulate(read(json.dumps(said).encode()))


@pytest.fixture(scope="module")
def files(flood):
    return product_files(flood)


@pytest.fixture(scope="module")
def chemical():
    from anlan.science.chemical.simulation import case_content, read, simulate

    return simulate(read(case_content("carbide_acetylene")))


def test_a_geopackage_holds_every_outline_with_what_is_said_of_it(flood, files, tmp_path) -> None:
    path = tmp_path / "zones.gpkg"
    path.write_bytes(exported(Format.GEOPACKAGE, files, "2026-11-26T00:00:00.000Z"))
    assert dict(pyogrio.list_layers(path)) == {"site": "Point", "zones": "MultiPolygon"}
    about = pyogrio.read_info(path, layer="zones")
    assert about["crs"] == "EPSG:4326" and about["features"] == sum(
        not z.contour.is_empty for z in flood.zones
    )
    meta, _, shapes, columns = pyogrio.raw.read(path, layer="zones")
    rows = dict(zip(meta["fields"], columns, strict=True))
    told = {one["properties"]["name"]: one for one in json.loads(files["zones.geojson"])["features"]}
    import shapely

    for name, level, area, drawn in zip(rows["name"], rows["level"], rows["area_m2"], shapes, strict=True):
        properties = told[name]["properties"]
        assert (level, area) == (properties["level"], properties["area_m2"])
        assert shapely.from_wkb(drawn).equals(shapely.geometry.shape(told[name]["geometry"]))
    assert set(rows["kind"]) == {"depth", "hazard"} and "水深不小于 0.15 m" in set(rows["label_zh"])


def test_the_geopackage_is_what_the_standard_asks_for(files, tmp_path) -> None:
    content = exported(Format.GEOPACKAGE, files)
    assert content == exported(Format.GEOPACKAGE, files), "the same bytes"
    path = tmp_path / "zones.gpkg"
    path.write_bytes(content)
    with sqlite3.connect(path) as made:
        assert made.execute("PRAGMA application_id").fetchone() == (0x47504B47,)
        assert made.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert made.execute("PRAGMA foreign_key_check").fetchall() == []
        assert {one for (one,) in made.execute("SELECT srs_id FROM gpkg_spatial_ref_sys")} == {-1, 0, 4326}
        (blob,) = made.execute("SELECT geom FROM zones LIMIT 1").fetchone()
    assert blob[:2] == b"GP"


def test_a_netcdf_follows_cf_and_gdal_puts_it_where_the_rasters_are(files, tmp_path) -> None:
    path = tmp_path / "fields.nc"
    path.write_bytes(exported(Format.NETCDF, files))
    with netcdf_file(path, mmap=False) as made:
        assert made.Conventions == b"CF-1.8" and made.title_zh.decode().startswith("贺兰山")
        depth = made.variables["depth_max"]
        assert depth.units == b"m" and depth.grid_mapping == b"crs"
        assert made.variables["x"].standard_name == b"projection_x_coordinate"
        frames = made.variables["depth"]
        assert frames.dimensions == ("time_2", "y_2", "x_2")
        assert made.variables["time_2"][:].tolist() == [600.0, 1200.0, 1800.0]
    with MemoryFile(files["depth_max.tif"]) as memory, memory.open() as tif:
        expected, bounds, crs = tif.read(1), tif.bounds, tif.crs
    with rasterio.open(f"netcdf:{path}:depth_max") as opened:
        assert opened.crs == crs and np.allclose(opened.bounds, bounds)
        np.testing.assert_array_equal(opened.read(1), expected)
    with rasterio.open(f"netcdf:{path}:depth") as opened:
        assert opened.count == 3


def test_a_netcdf_in_degrees_has_latitude_and_longitude(chemical, tmp_path) -> None:
    path = tmp_path / "fields.nc"
    files = product_files(chemical)
    path.write_bytes(exported(Format.NETCDF, files))
    with netcdf_file(path, mmap=False) as made:
        assert made.variables["lat"].units == b"degrees_north" and made.variables["lon"].axis == b"X"
        assert np.all(np.diff(made.variables["lat"][:]) < 0), "row 0 is the northernmost"
    with rasterio.open(path) as opened:
        assert opened.crs == "EPSG:4326"


def test_the_zip_holds_the_rasters_and_what_they_are(files) -> None:
    content = exported(Format.GEOTIFF, files)
    assert content == exported(Format.GEOTIFF, files)
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert set(packed.namelist()) == {name for name in files if name.endswith(".tif")} | {"summary.json"}
        assert packed.read("arrival.tif") == files["arrival.tif"]
    assert exported(Format.GEOJSON, files) == files["zones.geojson"]


def test_a_result_without_rasters_has_outlines_only() -> None:
    from anlan.science.cascade.simulation import case_content, read, simulate

    said = json.loads(case_content("storm_tailings_road")) | {"samples": 500}
    said["chain"]["heading_deg"] = None
    files = product_files(simulate(read(json.dumps(said).encode())))
    for form in Format:
        if form.of_rasters:
            with pytest.raises(NotFound, match="no rasters"):
                exported(form, files)
        else:
            assert exported(form, files)
