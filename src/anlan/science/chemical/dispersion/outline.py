"""Outlines of a level: in closed form about a centreline, and from a grid."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.optimize import brentq

from anlan.kernel.crs import LocalFrame
from anlan.kernel.fields import Contour, Grid
from anlan.kernel.text import Text

Array = NDArray[np.float64]
Rings = list[list[list[tuple[float, float]]]]
NEAREST_M, FARTHEST_M = 1.0, 100_000.0
_SCAN = np.geomspace(NEAREST_M, FARTHEST_M, 1201)


@dataclass(frozen=True)
class Reach:
    """Where a centreline is at or above a level: from *near_m* to *far_m* downwind (both 0: nowhere).

    *beyond*: still above at the end of the search, 100 km.
    """

    near_m: float
    far_m: float
    beyond: bool = False

    @property
    def is_empty(self) -> bool:
        return self.far_m <= 0.0


def reach_of(concentration: Callable[[Array], Array], level: float) -> Reach:
    """First and last distance at which the centreline holds *level*, by scan and root finding.

    *concentration* takes distances in metres of shape (n,); any unit, that of *level*.
    """
    above = concentration(_SCAN) >= level
    if not above.any():
        return Reach(0.0, 0.0)
    first, last = int(np.argmax(above)), len(above) - 1 - int(np.argmax(above[::-1]))
    near = 0.0 if first == 0 else _crossing(concentration, level, _SCAN[first - 1], _SCAN[first])
    if last == len(above) - 1:
        return Reach(near, FARTHEST_M, beyond=True)
    return Reach(near, _crossing(concentration, level, _SCAN[last], _SCAN[last + 1]))


def band(reach: Reach, half_width: Callable[[Array], Array], points: int = 120) -> Array:
    """The outline about the centreline as (downwind, across) of shape (2 points, 2); empty for no reach."""
    if reach.is_empty:
        return np.zeros((0, 2))
    spacing = (1 - np.cos(np.linspace(0, np.pi, points))) / 2
    x = reach.near_m + (reach.far_m - reach.near_m) * spacing
    y = half_width(np.maximum(x, 1e-3))
    y[-1] = 0.0 if not reach.beyond else y[-1]
    y[0] = 0.0
    upper, lower = np.column_stack([x, y]), np.column_stack([x, -y])[::-1]
    return np.vstack([upper, lower[1:-1]])


def circle(radius_m: float, points: int = 72) -> Array:
    """A circle about the source as (downwind, across)."""
    turn = np.linspace(0, 2 * np.pi, points, endpoint=False)
    return radius_m * np.column_stack([np.cos(turn), np.sin(turn)])


def to_lonlat(outline: Array, lon: float, lat: float, toward_deg: float) -> Rings:
    """An outline in (downwind, across to the left) metres as GeoJSON polygons about a source."""
    if len(outline) < 3:
        return []
    along, left = outline[:, 0], outline[:, 1]
    angle = np.radians(toward_deg)
    east = along * np.sin(angle) - left * np.cos(angle)
    north = along * np.cos(angle) + left * np.sin(angle)
    made = shapely.make_valid(shapely.Polygon(np.column_stack([east, north])))
    return _rings(made, LocalFrame(lon, lat))


def contour_of_grid(
    values: Array, grid: Grid, level: float, *, name: str, unit: str, label: Text, lonlat: bool = True
) -> Contour:
    """The area in which gridded *values* (rows, columns) reach *level*, by marching squares.

    NaN counts as below. The outline is linear between cell centres and closes half a cell outside the grid.
    A `Grid` in a local frame gives longitude and latitude, unless *lonlat* is False.
    """
    area = _area_above(np.where(np.isfinite(values), values, -np.inf), grid, level)
    frame = LocalFrame.named(grid.crs) if lonlat and grid.crs.startswith("local:") else None
    crs = "EPSG:4326" if frame is not None else grid.crs
    return Contour(name, unit, level, label, _rings(area, frame), crs, {"area_m2": float(area.area)})


def _crossing(concentration: Callable[[Array], Array], level: float, low: float, high: float) -> float:
    def excess(x: float) -> float:
        return float(concentration(np.array([x]))[0]) - level

    if excess(low) * excess(high) > 0:
        return low
    return float(brentq(excess, low, high, xtol=1e-6 * high))


def _area_above(values: Array, grid: Grid, level: float) -> shapely.Geometry:
    """The cells' centres are framed by the grid's edge, with the outer values, and by nothing beyond it."""
    finite = values[np.isfinite(values)]
    low = min(level - 1.0, float(finite.min(initial=level - 1.0)))
    edged = np.pad(np.where(np.isfinite(values), values, low), 1, mode="edge")
    framed = np.pad(edged, 1, constant_values=low)
    half, width, height = grid.cell_m / 2, grid.columns * grid.cell_m, grid.rows * grid.cell_m
    west, north = grid.west, grid.north
    x: Array = np.concatenate([[west - half, west], grid.x_m, [west + width, west + width + half]])
    y: Array = np.concatenate([[north + half, north], grid.y_m, [north - height, north - height - half]])
    segments = _segments(framed, x, y, level)
    if not len(segments):
        return shapely.Polygon()
    faces = shapely.polygonize(shapely.linestrings(segments)).geoms
    inside = [face for face in faces if _value_at(framed, x, y, face.representative_point()) >= level]
    return shapely.union_all(inside).intersection(shapely.box(west, north - height, west + width, north))


def _segments(values: Array, x: Array, y: Array, level: float) -> NDArray[np.float64]:
    """Pieces of the isoline in the squares between centres, shape (n, 2, 2)."""
    up = values >= level
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        share_x = (level - values[:, :-1]) / (values[:, 1:] - values[:, :-1])
        share_y = (level - values[:-1, :]) / (values[1:, :] - values[:-1, :])
    share_x, share_y = (np.clip(np.nan_to_num(share, nan=0.5), 0.0, 1.0) for share in (share_x, share_y))
    across = np.dstack(np.broadcast_arrays(x[:-1] + share_x * (x[1:] - x[:-1]), y[:, None]))
    down = np.dstack(np.broadcast_arrays(x[None, :], y[:-1, None] + share_y * (y[1:] - y[:-1])[:, None]))
    sides = (across[:-1], down[:, 1:], across[1:], down[:, :-1])  # top, right, bottom, left
    corners = (up[:-1, :-1], up[:-1, 1:], up[1:, 1:], up[1:, :-1])
    kind = sum(corner.astype(int) << i for i, corner in enumerate(corners))
    middle = (values[:-1, :-1] + values[:-1, 1:] + values[1:, 1:] + values[1:, :-1]) / 4 >= level
    found = []
    for case, pairs in _PAIRS.items():
        for high in (False, True) if case in (5, 10) else (False,):
            mask = (kind == case) & (middle == high) if case in (5, 10) else kind == case
            for a, b in _SADDLES[case, high] if case in (5, 10) else pairs:
                found.append(np.stack([sides[a][mask], sides[b][mask]], axis=1))
    return np.concatenate(found)


def _value_at(values: Array, x: Array, y: Array, point: shapely.Point) -> float:
    column = min(max(int(np.searchsorted(x, point.x)) - 1, 0), len(x) - 2)
    row = min(max(int(np.searchsorted(-y, -point.y)) - 1, 0), len(y) - 2)
    u = (point.x - x[column]) / (x[column + 1] - x[column])
    v = (point.y - y[row]) / (y[row + 1] - y[row])
    top = values[row, column] * (1 - u) + values[row, column + 1] * u
    return float(top * (1 - v) + (values[row + 1, column] * (1 - u) + values[row + 1, column + 1] * u) * v)


def _rings(area: shapely.Geometry, frame: LocalFrame | None) -> Rings:
    parts = [one for one in shapely.get_parts(area) if one.geom_type == "Polygon" and not one.is_empty]
    return [
        [_ring(ring, frame) for ring in (one.exterior, *one.interiors)]
        for one in map(shapely.orient_polygons, parts)
    ]


def _ring(ring: shapely.LinearRing, frame: LocalFrame | None) -> list[tuple[float, float]]:
    points = np.asarray(ring.coords)
    first, second = (
        (points[:, 0], points[:, 1]) if frame is None else frame.to_lonlat(points[:, 0], points[:, 1])
    )
    return [(float(a), float(b)) for a, b in zip(first, second, strict=True)]


_PAIRS: dict[int, tuple[tuple[int, int], ...]] = {
    1: ((3, 0),),
    2: ((0, 1),),
    3: ((3, 1),),
    4: ((1, 2),),
    5: (),
    6: ((0, 2),),
    7: ((3, 2),),
    8: ((2, 3),),
    9: ((0, 2),),
    10: (),
    11: ((1, 2),),
    12: ((1, 3),),
    13: ((0, 1),),
    14: ((3, 0),),
}
_SADDLES: dict[tuple[int, bool], tuple[tuple[int, int], ...]] = {
    (5, False): ((3, 0), (1, 2)),
    (5, True): ((0, 1), (2, 3)),
    (10, False): ((0, 1), (2, 3)),
    (10, True): ((3, 0), (1, 2)),
}
