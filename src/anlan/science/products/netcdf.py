"""The rasters of a result as NetCDF-3 (64-bit offset) with the conventions CF-1.8: for models and climate tools.

Each grid has axes and a mapping of its own; times are seconds from the beginning of the event. NaN is "no value".
"""

import io
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS
from rasterio.io import MemoryFile
from scipy.io import netcdf_file

_CONVENTIONS = "CF-1.8"
_FILL = np.float32(np.nan)


def netcdf(rasters: Mapping[str, bytes], summary: Mapping[str, Any]) -> bytes:
    """*rasters* (name → GeoTIFF of a result, as `geotiff` writes them) in one file; *summary* says what they are."""
    target = io.BytesIO()
    made = netcdf_file(target, "w", version=2)
    try:
        _say(made, _about(summary))
        grids: dict[tuple[Any, ...], str] = {}
        for name, content in rasters.items():
            _add(made, name, content, grids)
        made.flush()
        return target.getvalue()
    finally:
        made.close()


def _about(summary: Mapping[str, Any]) -> dict[str, str]:
    manifest, software = summary["manifest"], summary["software"]
    return {
        "Conventions": _CONVENTIONS,
        "title": summary["name"]["en"],
        "title_zh": summary["name"]["zh"],
        "source": f"{software['name']} {software['version']}, {manifest['model']} {manifest['model_version']}",
        "history": f"input hash {summary['input_hash']}",
        "comment": "; ".join(caveat["en"] for caveat in manifest["caveats"]) or "no caveat",
    }


def _add(made: Any, name: str, content: bytes, grids: dict[tuple[Any, ...], str]) -> None:
    with MemoryFile(content) as memory, memory.open() as raster:
        bands, tags, crs = raster.read(), raster.tags(), CRS.from_user_input(raster.crs)
        transform, units = raster.transform, raster.units
        times = [_seconds(one) for one in raster.descriptions]
    timed = all(time is not None for time in times) and len(times) > 1
    key = (crs.to_string(), transform, bands.shape[1:], tuple(times) if timed else ())
    if key not in grids:
        grids[key] = "" if not grids else f"_{len(grids) + 1}"
        _axes(made, grids[key], crs, transform, bands.shape, times if timed else [])
    suffix = grids[key]
    y, x = ("lat", "lon") if crs.is_geographic else ("y", "x")
    dimensions = (f"{y}{suffix}", f"{x}{suffix}")
    variable = made.createVariable(
        name, np.dtype("f4"), ((f"time{suffix}", *dimensions) if timed else dimensions)
    )
    variable[:] = bands if timed else bands[0]
    _say(
        variable,
        {
            "_FillValue": _FILL,
            "units": units[0] or "1",
            "long_name": tags.get("label_en", name),
            "long_name_zh": tags.get("label_zh", name),
            "grid_mapping": f"crs{suffix}",
        },
    )


def _axes(
    made: Any, suffix: str, crs: CRS, transform: Any, shape: tuple[int, ...], times: list[float | None]
) -> None:
    _, rows, columns = shape
    x = transform.c + (np.arange(columns) + 0.5) * transform.a
    y = transform.f + (np.arange(rows) + 0.5) * transform.e
    if crs.is_geographic:
        axes = {
            "lat": (y, {"units": "degrees_north", "standard_name": "latitude", "axis": "Y"}),
            "lon": (x, {"units": "degrees_east", "standard_name": "longitude", "axis": "X"}),
        }
    else:
        axes = {
            "y": (y, {"units": "m", "standard_name": "projection_y_coordinate", "axis": "Y"}),
            "x": (x, {"units": "m", "standard_name": "projection_x_coordinate", "axis": "X"}),
        }
    if times:
        said = {
            "units": "seconds since 1970-01-01 00:00:00",
            "long_name": "seconds from the beginning",
            "axis": "T",
        }
        _axis(made, f"time{suffix}", np.asarray(times, np.float64), {**said, "calendar": "standard"})
    for name, (values, attributes) in axes.items():
        _axis(made, f"{name}{suffix}", values, attributes)
    mapping = made.createVariable(f"crs{suffix}", np.dtype("i4"), ())
    _say(mapping, crs.to_cf() | {"spatial_ref": crs.to_wkt("WKT1_GDAL")})


def _axis(made: Any, name: str, values: NDArray[np.float64], attributes: Mapping[str, Any]) -> None:
    made.createDimension(name, len(values))
    axis = made.createVariable(name, np.dtype("f8"), (name,))
    axis[:] = values
    _say(axis, attributes)


def _say(where: Any, attributes: Mapping[str, Any]) -> None:
    """Attributes of a file or variable; texts go in as UTF-8, which the format leaves open."""
    for name, value in attributes.items():
        setattr(where, name, value.encode() if isinstance(value, str) else value)


def _seconds(described: str | None) -> float | None:
    """The time of a band, as `geotiff` describes it (``…, t = 60 s``)."""
    _, found, rest = (described or "").rpartition(", t = ")
    return float(rest.removesuffix(" s")) if found else None
