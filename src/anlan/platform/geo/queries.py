"""Spatial questions: the index narrows, shapely and the geodesic decide."""

from collections.abc import Sequence
from typing import Any, TypeVar

import numpy as np
import shapely
from django.db.models import FloatField, Func, Model, QuerySet, Value
from django.db.models.expressions import F
from numpy.typing import NDArray
from pyproj import Geod
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from anlan.platform.geo.models import Feature

M = TypeVar("M", bound=Model)

_GEOD = Geod(ellps="WGS84")
_LEAST_M_PER_DEGREE = 110_500.0
"""A degree of latitude is nowhere shorter than this."""


def overlapping(rows: "QuerySet[M]", bounds: Sequence[float], *, field: str = "bounds") -> "QuerySet[M]":
    """Rows whose box overlaps *bounds* (west, south, east, north): a superset of every exact answer."""
    return rows.filter(**{f"{field}__overlaps": tuple(bounds)})


def intersecting(rows: "QuerySet[M]", shape: BaseGeometry, *, geometry: str = "geometry") -> list[M]:
    """Rows whose geometry touches *shape*, in the order of *rows*."""
    return _where(rows, shape, geometry, shapely.intersects)


def inside(rows: "QuerySet[M]", shape: BaseGeometry, *, geometry: str = "geometry") -> list[M]:
    """Rows whose geometry lies wholly within *shape* (its edge included)."""
    return _where(rows, shape, geometry, shapely.covered_by)


def features_inside(layer: str, shape: BaseGeometry) -> list[Feature] | None:
    """The features of a reference layer that touch *shape*; None where nothing of the layer is loaded."""
    rows = Feature.objects.filter(layer=layer)
    found = intersecting(rows, shape)
    return found if found or rows.exists() else None


def within_distance(
    rows: "QuerySet[M]", lon: float, lat: float, distance_m: float, *, geometry: str = "geometry"
) -> list[tuple[M, float]]:
    """Rows within *distance_m* of a place with their distances in metres, the nearest first.

    Distances are geodesic on WGS-84; that of a line or area is to its nearest vertex or
    the foot on its edge found in a local plane, right to 0.5 % within 50 km.
    """
    found = list(overlapping(rows, around(lon, lat, distance_m)))
    shapes = [getattr(row, geometry) for row in found]
    distances = distances_m(shapes, lon, lat)
    near = [
        (row, float(distance))
        for row, distance in zip(found, distances, strict=True)
        if distance <= distance_m
    ]
    return sorted(near, key=lambda pair: pair[1])


def nearest(
    rows: "QuerySet[M]", lon: float, lat: float, count: int, *, geometry: str = "geometry"
) -> list[tuple[M, float]]:
    """The *count* rows nearest to a place, with distances in metres.

    The index orders by degrees, which are not metres: its first answers only give the
    radius within which the exact ones are looked for.
    """
    measure = Func(
        F("bounds"),
        Func(Value(lon), Value(lat), function="point", output_field=FloatField()),
        template="%(expressions)s",
        arg_joiner=" <-> ",
        output_field=FloatField(),
    )
    first = list(rows.order_by(measure)[:count])
    if not first:
        return []
    radius_m = float(np.max(distances_m([getattr(row, geometry) for row in first], lon, lat)))
    return within_distance(rows, lon, lat, radius_m * (1 + 1e-9) + 1e-3, geometry=geometry)[:count]


def around(lon: float, lat: float, distance_m: float) -> tuple[float, float, float, float]:
    """A box (west, south, east, north) that holds every place within *distance_m*."""
    up = distance_m / _LEAST_M_PER_DEGREE
    widest = min(89.9, abs(lat) + up)
    side = min(180.0, up / max(1e-6, float(np.cos(np.radians(widest)))))
    return lon - side, lat - up, lon + side, lat + up


def distances_m(shapes: Sequence[BaseGeometry], lon: float, lat: float) -> NDArray[np.float64]:
    """Geodesic metres from a place to the nearest part of each of *shapes*; 0 inside an area."""
    if not shapes:
        return np.empty(0, np.float64)
    squeeze = float(np.cos(np.radians(lat)))
    here = Point(lon * squeeze, lat)
    flat = shapely.transform(np.array(shapes, dtype=object), lambda xy: xy * [squeeze, 1.0])
    lines = shapely.shortest_line(flat, here)
    ends = shapely.get_coordinates(shapely.get_point(lines, 0))
    _, _, metres = _GEOD.inv(
        ends[:, 0] / squeeze, ends[:, 1], np.full(len(ends), lon), np.full(len(ends), lat)
    )
    return np.asarray(metres, np.float64)


def _where(rows: "QuerySet[M]", shape: BaseGeometry, geometry: str, predicate: Any) -> list[M]:
    found = list(overlapping(rows, shape.bounds))
    if not found:
        return []
    shapely.prepare(shape)
    shapes = np.array([getattr(row, geometry) for row in found], dtype=object)
    return [row for row, holds in zip(found, predicate(shapes, shape), strict=True) if holds]
