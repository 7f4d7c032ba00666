"""Vector tiles (Mapbox Vector Tile 2.1) of a layer, made when they are asked for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import box
from shapely.geometry.base import BaseGeometry

from anlan.kernel.errors import NotFound
from anlan.platform.geo.layers import Layer
from anlan.platform.geo.queries import overlapping

EXTENT = 4096
MAX_ZOOM = 18
MAX_FEATURES = 5000
_BUFFER = 0.05
_HALF_M = 20_037_508.342789244
_RADIUS_M = 6_378_137.0
_MAX_LAT = 85.051128779806592


@dataclass(frozen=True)
class Tile:
    """One square of the web map's pyramid. Raises `NotFound` for one that does not exist."""

    zoom: int
    x: int
    y: int

    def __post_init__(self) -> None:
        count = 1 << max(0, self.zoom)
        if not (0 <= self.zoom <= MAX_ZOOM and 0 <= self.x < count and 0 <= self.y < count):
            raise NotFound(facts={"zoom": self.zoom, "x": self.x, "y": self.y})

    @property
    def bounds_m(self) -> tuple[float, float, float, float]:
        """West, south, east, north in metres of EPSG:3857."""
        side = 2 * _HALF_M / (1 << self.zoom)
        west, north = self.x * side - _HALF_M, _HALF_M - self.y * side
        return west, north - side, west + side, north

    def bounds_deg(self, margin: float = 0.0) -> tuple[float, float, float, float]:
        """West, south, east, north in degrees, with *margin* (share of the side) around."""
        west, south, east, north = self.bounds_m
        grow = (east - west) * margin
        corners = np.array([[west - grow, south - grow], [east + grow, north + grow]])
        (west_deg, south_deg), (east_deg, north_deg) = mercator_to_degrees(corners)
        return float(west_deg), float(south_deg), float(east_deg), float(north_deg)


@dataclass(frozen=True)
class EncodedTile:
    """A tile's bytes; *left_out* counts features that did not fit."""

    body: bytes
    features: int
    left_out: int


def encode_tile(layer: Layer, tile: Tile) -> EncodedTile:
    """The features of *layer* in *tile*, clipped and simplified to a quarter of a screen pixel.

    Runs in the caller's scope: what the person may not see is not there. Of more than
    `MAX_FEATURES` the first in the rows' own order stay, and the rest is counted.
    """
    import mapbox_vector_tile  # protobuf, which only the web process needs

    if tile.zoom < layer.min_zoom:
        return EncodedTile(b"", 0, 0)
    rows = list(overlapping(layer.rows(), tile.bounds_deg(_BUFFER), field=layer.bounds))
    left_out = max(0, len(rows) - MAX_FEATURES)
    rows = rows[:MAX_FEATURES]
    shapes = _drawn([getattr(row, layer.geometry) for row in rows], tile)
    features = [
        {"geometry": shape, "properties": _plain(row, layer.properties(row))}
        for row, shape in zip(rows, shapes, strict=True)
        if not shape.is_empty
    ]
    body = mapbox_vector_tile.encode(
        [{"name": layer.name, "features": features}],
        default_options={"extents": EXTENT, "y_coord_down": False},
    )
    return EncodedTile(bytes(body), len(features), left_out)


def degrees_to_mercator(lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
    """Degrees, shape (n, 2), as metres of EPSG:3857."""
    lat = np.clip(lonlat[:, 1], -_MAX_LAT, _MAX_LAT)
    x = np.radians(lonlat[:, 0]) * _RADIUS_M
    y = np.arctanh(np.sin(np.radians(lat))) * _RADIUS_M
    return np.column_stack((x, y))


def mercator_to_degrees(xy_m: NDArray[np.float64]) -> NDArray[np.float64]:
    """Metres of EPSG:3857, shape (n, 2), as degrees."""
    lon = np.degrees(xy_m[:, 0] / _RADIUS_M)
    lat = np.degrees(np.arctan(np.sinh(xy_m[:, 1] / _RADIUS_M)))
    return np.column_stack((lon, lat))


def _drawn(shapes: list[BaseGeometry], tile: Tile) -> list[BaseGeometry]:
    west, south, east, north = tile.bounds_m
    side = east - west
    window = box(west - side * _BUFFER, south - side * _BUFFER, east + side * _BUFFER, north + side * _BUFFER)
    flat = shapely.transform(np.array(shapes, dtype=object), degrees_to_mercator)
    if not len(flat):
        return []
    fine = np.where(shapely.get_dimensions(flat) > 0, shapely.simplify(flat, side / EXTENT), flat)
    seen = shapely.intersection(shapely.make_valid(fine), window)
    steps = EXTENT / side
    return list(shapely.transform(seen, lambda xy: np.rint((xy - [west, south]) * steps)))


def _plain(row: Any, properties: Mapping[str, Any]) -> dict[str, Any]:
    """A tile carries strings, numbers and truths; what is None is left out."""
    said = {"id": str(row.pk), **properties}
    return {name: value for name, value in said.items() if value is not None}
