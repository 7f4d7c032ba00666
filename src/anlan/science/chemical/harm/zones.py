"""Outlines of zones: circles, the farthest reach by bearing, and the level set of a grid.

All are `Contour`s in the metres of a local frame; a zone that is nowhere reached has no polygons.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import MultiPolygon, Polygon

from anlan.kernel.crs import LocalFrame
from anlan.kernel.fields import Contour, Field
from anlan.kernel.text import Text
from anlan.science.chemical.harm.thresholds import Threshold

Floats = NDArray[np.float64]
Polygons = list[list[list[tuple[float, float]]]]
_BEARINGS = 120
WGS84 = "EPSG:4326"


def circle(level: Threshold, radius_m: float, centre: tuple[float, float], crs: str) -> Contour:
    """A circular zone of *radius_m* about *centre*; empty for radius zero."""
    rings: Polygons = []
    if radius_m > 0:
        angle = np.linspace(0, 2 * np.pi, _BEARINGS + 1)
        rings = [[_ring(centre[0] + radius_m * np.cos(angle), centre[1] + radius_m * np.sin(angle))]]
    return _contour(level, rings, crs, {"radius_m": float(radius_m), "area_m2": float(np.pi * radius_m**2)})


def reach(
    level: Threshold,
    flux: Callable[[Floats, Floats], Floats],
    middle_m: tuple[float, float],
    origin: tuple[float, float],
    wind_to_deg: float,
    crs: str,
    *,
    farthest_m: float,
) -> Contour:
    """The farthest place on each bearing at which *flux* reaches the level.

    *flux(x, y)* takes metres downwind and to the left of the wind from *origin*; *middle_m* is the place in those
    coordinates that the zone is star-shaped about, *wind_to_deg* where the wind blows to, clockwise from north.
    """
    angle = np.linspace(0, 2 * np.pi, _BEARINGS + 1)
    distance = np.geomspace(farthest_m / 2000, farthest_m, 160)
    x = middle_m[0] + distance[:, None] * np.cos(angle)
    y = middle_m[1] + distance[:, None] * np.sin(angle)
    values = flux(x, y)
    radius = _outermost(distance, values, level.value)
    if not radius.any():
        return _contour(level, [], crs, {"farthest_m": 0.0, "area_m2": 0.0})
    along = middle_m[0] + radius * np.cos(angle)
    across = middle_m[1] + radius * np.sin(angle)
    east, north = turn(along, across, wind_to_deg)
    facts = {"farthest_m": float(np.hypot(along, across).max()), "downwind_m": float(along.max())}
    polygon = Polygon(np.column_stack([east + origin[0], north + origin[1]])).buffer(0)
    return _contour(level, _polygons(polygon), crs, facts | {"area_m2": float(polygon.area)})


def level_set(field: Field, level: Threshold) -> Contour:
    """Where *field* (one time) reaches the level: straight between cell centres; NaN counts as not reached."""
    grid = field.grid
    values = np.nan_to_num(np.asarray(field.values, np.float64), nan=-np.inf)
    floor = min(0.0, level.value - abs(level.value) - 1.0)
    padded = np.pad(np.maximum(values, floor), 1, constant_values=floor)
    segments = _segments(padded, level.value)
    if not len(segments):
        return _contour(level, [], grid.crs, {"area_m2": 0.0})
    x = grid.west + (segments[..., 0] - 0.5) * grid.cell_m
    y = grid.north - (segments[..., 1] - 0.5) * grid.cell_m
    lines = shapely.linestrings(np.stack([x, y], axis=-1))
    area = shapely.build_area(shapely.multilinestrings(lines))
    return _contour(level, _polygons(area), grid.crs, {"area_m2": float(area.area)})


def turn(along_m: Floats, across_m: Floats, wind_to_deg: float) -> tuple[Floats, Floats]:
    """East and north of what lies *along_m* downwind and *across_m* to the left of a wind to *wind_to_deg*."""
    angle = np.radians(wind_to_deg)
    sine, cosine = np.sin(angle), np.cos(angle)
    return along_m * sine - across_m * cosine, along_m * cosine + across_m * sine


def turn_back(east_m: Floats, north_m: Floats, wind_to_deg: float) -> tuple[Floats, Floats]:
    """Downwind and to the left of a wind to *wind_to_deg*, of places east and north; undoes `turn`."""
    angle = np.radians(wind_to_deg)
    sine, cosine = np.sin(angle), np.cos(angle)
    return east_m * sine + north_m * cosine, north_m * sine - east_m * cosine


def on_map(zone: Contour, frame: LocalFrame) -> Contour:
    """The zone in longitude and latitude."""
    polygons = []
    for rings in zone.polygons:
        turned = []
        for ring in rings:
            points = np.asarray(ring, np.float64)
            lon, lat = frame.to_lonlat(points[:, 0], points[:, 1])
            turned.append([(float(x), float(y)) for x, y in zip(lon, lat, strict=True)])
        polygons.append(turned)
    return replace(zone, polygons=polygons, crs=WGS84)


def _outermost(distance: Floats, values: Floats, level: float) -> Floats:
    """Per column, the greatest distance at which *values* (distances, bearings) reach *level*; 0 where nowhere."""
    reached = values >= level
    last = len(distance) - 1 - np.argmax(reached[::-1], axis=0)
    found = np.where(reached.any(axis=0), distance[last], 0.0)
    columns = np.arange(values.shape[1])
    after = np.minimum(last + 1, len(distance) - 1)
    inner, outer = values[last, columns], values[after, columns]
    between = (found > 0) & (after > last) & (outer < level) & (inner > outer) & (outer > 0)
    share = np.zeros_like(found)
    share[between] = np.log(inner[between] / level) / np.log(inner[between] / outer[between])
    return np.asarray(
        np.where(between, found * (distance[after] / distance[last]) ** share, found), np.float64
    )


def _segments(values: Floats, level: float) -> Floats:
    """Marching squares: (segments, 2 ends, column and row) in cells; a saddle is split by its mean."""
    inside = values >= level
    nw, ne, sw, se = inside[:-1, :-1], inside[:-1, 1:], inside[1:, :-1], inside[1:, 1:]
    code = nw * 8 + ne * 4 + se * 2 + sw * 1
    mean = (values[:-1, :-1] + values[:-1, 1:] + values[1:, :-1] + values[1:, 1:]) / 4
    rows, columns = np.nonzero((code > 0) & (code < 15))
    cut = _cuts(values, rows, columns, level)
    found = []
    for index, (row, column) in enumerate(zip(rows, columns, strict=True)):
        kind = int(code[row, column])
        pairs: tuple[tuple[str, str], ...] = (_EDGES[kind],) if kind in _EDGES else _SADDLES[1]
        if kind not in _EDGES and (mean[row, column] >= level) == (kind == 5):
            pairs = _SADDLES[0]
        found += [(cut[one][index], cut[other][index]) for one, other in pairs]
    return np.asarray(found, np.float64).reshape(-1, 2, 2)


_SADDLES = ((("t", "l"), ("b", "r")), (("t", "r"), ("b", "l")))
_EDGES = {
    1: ("l", "b"),
    2: ("b", "r"),
    3: ("l", "r"),
    4: ("t", "r"),
    6: ("t", "b"),
    7: ("t", "l"),
    8: ("t", "l"),
    9: ("t", "b"),
    11: ("t", "r"),
    12: ("l", "r"),
    13: ("b", "r"),
    14: ("l", "b"),
}


def _cuts(
    values: Floats, rows: NDArray[np.intp], columns: NDArray[np.intp], level: float
) -> dict[str, Floats]:
    """Where the level crosses each edge of the cells, (cells, column and row); the same point from either side."""
    nw, ne = values[rows, columns], values[rows, columns + 1]
    sw, se = values[rows + 1, columns], values[rows + 1, columns + 1]

    def share(one: Floats, other: Floats) -> Floats:
        with np.errstate(divide="ignore", invalid="ignore"):
            where = np.nan_to_num((level - one) / (other - one), nan=0.5, posinf=0.5, neginf=0.5)
        # never on a corner itself, so that lines of neighbouring cells meet in pairs
        return np.asarray(np.clip(where, 1e-6, 1 - 1e-6), np.float64)

    return {
        "t": np.column_stack([columns + share(nw, ne), rows]),
        "b": np.column_stack([columns + share(sw, se), rows + 1]),
        "l": np.column_stack([columns, rows + share(nw, sw)]),
        "r": np.column_stack([columns + 1, rows + share(ne, se)]),
    }


def _polygons(shape: object) -> Polygons:
    parts = shape.geoms if isinstance(shape, MultiPolygon) else [shape]
    found: Polygons = []
    for part in parts:
        if isinstance(part, Polygon) and not part.is_empty:
            turned = shapely.orient_polygons(part)
            found.append([_ring(*np.asarray(ring.coords).T) for ring in (turned.exterior, *turned.interiors)])
    return found


def _ring(x: Floats, y: Floats) -> list[tuple[float, float]]:
    points = [(float(one), float(other)) for one, other in zip(x, y, strict=True)]
    return [*points[:-1], points[0]]


def _contour(level: Threshold, polygons: Polygons, crs: str, facts: dict[str, float]) -> Contour:
    label = Text(
        f"{level.value:g} {level.unit}：{level.label.zh}", f"{level.value:g} {level.unit}: {level.label.en}"
    )
    return Contour(level.key, level.unit, level.value, label, polygons, crs, facts)
