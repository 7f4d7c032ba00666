"""Files of places: GeoJSON and CSV, in a stated coordinate system, row by row with its errors."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from shapely.geometry import Point, shape
from shapely.geometry.base import BaseGeometry

from anlan.kernel.crs import CoordinateSystem, to_wgs84
from anlan.kernel.errors import Invalid
from anlan.kernel.text import Text

MAX_BYTES = 20 * 1024 * 1024
MAX_ROWS = 100_000
_LON = ("lon", "lng", "longitude", "x", "经度")
_LAT = ("lat", "latitude", "y", "纬度")


@dataclass(frozen=True)
class PlacedRow:
    """One row of a file: its number there (from 1), its place in WGS-84 if it has one, and its values."""

    number: int
    geometry: BaseGeometry | None
    values: Mapping[str, Any]


@dataclass(frozen=True)
class RowError:
    """What is wrong with one row; *field* is the column, empty for the row as a whole."""

    number: int
    field: str
    message: Text


@dataclass
class PlacedFile:
    """What a file holds: the rows that can be used and the errors of those that cannot."""

    rows: list[PlacedRow] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)

    @property
    def bounds(self) -> tuple[float, float, float, float] | None:
        """West, south, east, north of all places."""
        shapes = [row.geometry for row in self.rows if row.geometry is not None]
        if not shapes:
            return None
        west, south, east, north = shapely.total_bounds(np.array(shapes, dtype=object))
        return float(west), float(south), float(east), float(north)


class UnreadableFile(Invalid):
    """The file as a whole cannot be used."""

    code = "unreadable_file"


def read_places(content: bytes, system: CoordinateSystem) -> PlacedFile:
    """The rows of a GeoJSON FeatureCollection or of a CSV with columns for longitude and latitude.

    *system* is what the coordinates are given in; nobody guesses it. A row that cannot be
    used is an error of its own, its neighbours go through. Raises `UnreadableFile`.
    """
    if len(content) > MAX_BYTES:
        raise _unreadable("文件超过 20 MB", "The file is larger than 20 MB")
    text = _text(content)
    rows = _geojson(text) if text.lstrip()[:1] in ("{", "[") else _table(text)
    made = PlacedFile()
    for number, geometry, values in rows:
        if number > MAX_ROWS:
            raise _unreadable(f"超过 {MAX_ROWS} 行", f"More than {MAX_ROWS} rows")
        if isinstance(geometry, Text):
            made.errors.append(RowError(number, "geometry", geometry))
            continue
        _add(made, number, geometry, values, system)
    if not made.rows and not made.errors:
        raise _unreadable("文件中没有数据行", "The file holds no rows")
    return made


def _add(
    made: PlacedFile,
    number: int,
    geometry: BaseGeometry | None,
    values: Mapping[str, Any],
    system: CoordinateSystem,
) -> None:
    if geometry is None:
        made.rows.append(PlacedRow(number, None, values))
        return
    hindrance = _hindrance(geometry)
    if hindrance is not None:
        made.errors.append(RowError(number, "geometry", hindrance))
        return
    moved = shapely.transform(geometry, lambda xy: np.column_stack(to_wgs84(system, xy[:, 0], xy[:, 1])))
    made.rows.append(PlacedRow(number, moved, values))


def _hindrance(geometry: BaseGeometry) -> Text | None:
    """Why a geometry cannot be used, before it is moved."""
    if geometry.is_empty:
        return Text("几何为空", "The geometry is empty")
    west, south, east, north = geometry.bounds
    if south > 60 and north < 140 and west > -60 and east < 60:
        return Text(
            "经纬度似乎颠倒：应先经度后纬度",
            "Longitude and latitude seem to be swapped: longitude comes first",
        )
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        return Text(
            "坐标不在经纬度范围内，请先转换为经纬度",
            "The coordinates are no degrees: convert them to longitude and latitude first",
        )
    if not geometry.is_valid:
        reason = shapely.is_valid_reason(geometry)
        return Text(f"几何无效：{reason}", f"The geometry is not valid: {reason}")
    return None


def _geojson(text: str) -> Iterator[tuple[int, Any, Mapping[str, Any]]]:
    try:
        said = json.loads(text)
    except ValueError as error:
        raise _unreadable(f"不是有效的 JSON：{error}", f"This is not valid JSON: {error}") from error
    features = said.get("features") if isinstance(said, dict) else None
    if not isinstance(features, list):
        raise _unreadable("不是 GeoJSON 要素集合", "This is no GeoJSON FeatureCollection")
    for number, feature in enumerate(features, start=1):
        properties = feature.get("properties") if isinstance(feature, dict) else None
        values = properties if isinstance(properties, dict) else {}
        try:
            geometry = shape(feature["geometry"]) if feature.get("geometry") else None
        except (shapely.errors.ShapelyError, KeyError, TypeError, ValueError, AttributeError, IndexError):
            yield number, Text("几何无法读取", "The geometry cannot be read"), values
        else:
            yield number, geometry, values


def _table(text: str) -> Iterator[tuple[int, Any, Mapping[str, Any]]]:
    reader = csv.DictReader(io.StringIO(text))
    names = {(name or "").strip().lower(): name for name in reader.fieldnames or ()}
    lon = next((names[name] for name in _LON if name in names), None)
    lat = next((names[name] for name in _LAT if name in names), None)
    if lon is None or lat is None:
        raise _unreadable(
            "表格缺少经度、纬度两列（lon、lat）",
            "The table has no columns for longitude and latitude (lon, lat)",
        )
    for number, row in enumerate(reader, start=1):
        values = {
            key.strip(): (value or "").strip() for key, value in row.items() if key and key not in (lon, lat)
        }
        yield number, _point(row.get(lon), row.get(lat)), values


def _point(lon: str | None, lat: str | None) -> BaseGeometry | Text | None:
    if not (lon or "").strip() and not (lat or "").strip():
        return None
    try:
        place = Point(float(lon or ""), float(lat or ""))
    except ValueError:
        return Text(f"坐标不是数字：{lon}, {lat}", f"The coordinates are no numbers: {lon}, {lat}")
    if not np.isfinite([place.x, place.y]).all():
        return Text("坐标不是有限的数", "The coordinates are not finite")
    return place


def _text(content: bytes) -> str:
    """Chinese spreadsheets still save CSV in GB18030."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _unreadable("文字编码既不是 UTF-8 也不是 GB18030", "The text is neither UTF-8 nor GB18030")


def _unreadable(zh: str, en: str) -> UnreadableFile:
    return UnreadableFile(
        Text(zh, en),
        next_step=Text(
            "请提供 GeoJSON 要素集合，或含经度、纬度列的 CSV",
            "Give a GeoJSON FeatureCollection, or a CSV with columns for longitude and latitude",
        ),
    )
