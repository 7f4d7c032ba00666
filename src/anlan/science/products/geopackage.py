"""The outlines of a result as an OGC GeoPackage (12-128r18): one file that any GIS opens, written with sqlite3 alone.

Two layers in WGS-84: ``zones`` with every outline and what is said of it, ``site`` with the place. The same outlines
give the same bytes: the time of the last change is that of the result, or the first of January 1970.
"""

import json
import sqlite3
import struct
from collections.abc import Iterable, Mapping
from typing import Any

import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

_APPLICATION_ID = 0x47504B47  # "GPKG"
_VERSION = 10300
_WGS84 = 4326
_NEVER = "1970-01-01T00:00:00.000Z"
_COLUMNS = {
    "name": "TEXT",
    "kind": "TEXT",
    "rank": "INTEGER",
    "level": "REAL",
    "unit": "TEXT",
    "label_zh": "TEXT",
    "label_en": "TEXT",
    "source": "TEXT",
    "certainty": "TEXT",
    "farthest_m": "REAL",
    "area_m2": "REAL",
}
"""Columns of ``zones``; ``kind`` is what the outlines call their group, which is a word of SQL."""
_TABLES = """
CREATE TABLE gpkg_spatial_ref_sys (
  srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY, organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (
  table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE, description TEXT DEFAULT '',
  last_change DATETIME NOT NULL, min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
  FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL,
  z TINYINT NOT NULL, m TINYINT NOT NULL, PRIMARY KEY (table_name, column_name), UNIQUE (table_name),
  FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
"""
_SYSTEMS = (
    ("Undefined cartesian", -1, "NONE", -1, "undefined", "undefined cartesian coordinate reference system"),
    ("Undefined geographic", 0, "NONE", 0, "undefined", "undefined geographic coordinate reference system"),
    (
        "WGS 84", _WGS84, "EPSG", _WGS84,
        'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],PRIMEM["Greenwich",0],'
        'UNIT["degree",0.0174532925199433],AUTHORITY["EPSG","4326"]]',
        "longitude and latitude in degrees",
    ),
)  # fmt: skip


def geopackage(zones: Mapping[str, Any], title: str, changed_at: str = _NEVER) -> bytes:
    """The outlines *zones* (the GeoJSON of a result) under *title*; *changed_at* is ISO 8601 in UTC."""
    features = zones["features"]
    drawn = [one for one in features if "rank" in one["properties"]]
    made = sqlite3.connect(":memory:")
    try:
        made.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
        made.execute(f"PRAGMA user_version = {_VERSION}")
        made.executescript(_TABLES)
        made.executemany("INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, ?)", _SYSTEMS)
        _layer(made, "site", "POINT", features[:1], {"name": "TEXT"}, title, changed_at)
        _layer(made, "zones", "MULTIPOLYGON", drawn, _COLUMNS, title, changed_at)
        made.commit()
        content: bytes = made.serialize()
    finally:
        made.close()
    return content


def _layer(
    made: sqlite3.Connection,
    name: str,
    kind: str,
    features: Iterable[Mapping[str, Any]],
    columns: Mapping[str, str],
    title: str,
    changed_at: str,
) -> None:
    declared = ", ".join(f"{column} {of}" for column, of in columns.items())
    made.execute(f"CREATE TABLE {name} (fid INTEGER PRIMARY KEY AUTOINCREMENT, geom {kind}, {declared})")
    shapes = [shape(one["geometry"]) for one in features]
    bounds = shapely.total_bounds(shapes).tolist() if shapes else [None] * 4
    made.execute(
        "INSERT INTO gpkg_contents VALUES (?, 'features', ?, ?, ?, ?, ?, ?, ?, ?)",
        (name, f"{title} ({name})", title, changed_at, *bounds, _WGS84),
    )
    made.execute("INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', ?, ?, 0, 0)", (name, kind, _WGS84))
    marks = ", ".join("?" * (len(columns) + 1))
    rows = [
        (_blob(drawn), *(_value(one["properties"], column) for column in columns))
        for one, drawn in zip(features, shapes, strict=True)
    ]
    made.executemany(f"INSERT INTO {name} (geom, {', '.join(columns)}) VALUES ({marks})", rows)  # noqa: S608


def _value(properties: Mapping[str, Any], column: str) -> Any:
    value = properties.get("group" if column == "kind" else column)
    return value if isinstance(value, str | int | float | None) else json.dumps(value, ensure_ascii=False)


def _blob(drawn: BaseGeometry) -> bytes:
    """GeoPackageBinary: "GP", version 0, little endian with an envelope of x and y, then well-known binary."""
    west, south, east, north = drawn.bounds
    head = struct.pack("<2sBBi4d", b"GP", 0, 0b0000_0011, _WGS84, west, east, south, north)
    return head + bytes(shapely.to_wkb(drawn, byte_order=1))
