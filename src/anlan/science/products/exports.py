"""A result for other programs, made from its product files alone: one file for each format."""

import io
import json
import zipfile
from collections.abc import Mapping

from anlan.kernel.errors import NotFound
from anlan.kernel.text import LabelledEnum, Text
from anlan.science.products.geopackage import geopackage
from anlan.science.products.netcdf import netcdf

_OLDEST = (1980, 1, 1, 0, 0, 0)


class Format(LabelledEnum):
    """What a result can be taken away as."""

    GEOTIFF = "geotiff", "GeoTIFF（压缩包）", "GeoTIFF (zip)"
    GEOJSON = "geojson", "GeoJSON", "GeoJSON"
    GEOPACKAGE = "geopackage", "GeoPackage", "GeoPackage"
    NETCDF = "netcdf", "NetCDF (CF-1.8)", "NetCDF (CF-1.8)"

    @property
    def ending(self) -> str:
        """The ending of the file's name."""
        return _KINDS[self][0]

    @property
    def media_type(self) -> str:
        """As registered, or in use where nothing is."""
        return _KINDS[self][1]

    @property
    def of_rasters(self) -> bool:
        """Whether it holds rasters; else outlines."""
        return self in (Format.GEOTIFF, Format.NETCDF)


_KINDS = {
    Format.GEOTIFF: ("tif.zip", "application/zip"),
    Format.GEOJSON: ("geojson", "application/geo+json"),
    Format.GEOPACKAGE: ("gpkg", "application/geopackage+sqlite3"),
    Format.NETCDF: ("nc", "application/x-netcdf"),
}


def exported(form: Format, files: Mapping[str, bytes], changed_at: str | None = None) -> bytes:
    """The product files of a result (``summary.json``, ``zones.geojson``, ``*.tif``) as *form*.

    *changed_at* is when the result was computed. Raises `NotFound` for rasters of a result without any.
    """
    if form is Format.GEOJSON:
        return files["zones.geojson"]
    summary = json.loads(files["summary.json"])
    if form is Format.GEOPACKAGE:
        name = summary["name"]
        title, zones = f"{name['zh']} · {name['en']}", json.loads(files["zones.geojson"])
        return geopackage(zones, title) if changed_at is None else geopackage(zones, title, changed_at)
    rasters = {name.removesuffix(".tif"): files[name] for name in sorted(files) if name.endswith(".tif")}
    if not rasters:
        raise NotFound(
            Text("该结果没有栅格", "This result has no rasters"),
            next_step=Text("可导出 GeoJSON 或 GeoPackage", "Take it as GeoJSON or GeoPackage"),
        )
    return netcdf(rasters, summary) if form is Format.NETCDF else _zipped(rasters, files["summary.json"])


def _zipped(rasters: Mapping[str, bytes], summary: bytes) -> bytes:
    """The rasters and what they are; they are compressed already."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as packed:
        for name, content in rasters.items():
            packed.writestr(zipfile.ZipInfo(f"{name}.tif", _OLDEST), content)
        packed.writestr(zipfile.ZipInfo("summary.json", _OLDEST), summary)
    return target.getvalue()
