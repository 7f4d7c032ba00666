"""How far and how large: outlines in metres about a site."""

from collections.abc import Iterable

import numpy as np
import shapely
from pyproj import Geod
from shapely.geometry import MultiPolygon, Polygon

from anlan.kernel.crs import LocalFrame
from anlan.kernel.fields import Contour, Grid

_EARTH = Geod(ellps="WGS84")
_MARGIN = 0.08
_LEAST_M = 100.0


def shape_of(contour: Contour) -> MultiPolygon:
    """The outline as a shapely geometry, in its own coordinates."""
    return MultiPolygon([Polygon(rings[0], rings[1:]) for rings in contour.polygons])


def in_metres(contour: Contour, site: tuple[float, float]) -> MultiPolygon:
    """The outline in metres east and north of *site* (longitude, latitude)."""
    frame = LocalFrame(*site)

    def moved(points: np.ndarray) -> np.ndarray:
        return np.column_stack(frame.to_xy(points[:, 0], points[:, 1]))

    return shapely.transform(shape_of(contour), moved)


def farthest_m(contour: Contour, site: tuple[float, float]) -> float:
    """Distance from *site* to the outline's farthest point along the ellipsoid; 0 for none."""
    points = shapely.get_coordinates(shape_of(contour))
    if not len(points):
        return 0.0
    lon, lat = np.full(len(points), site[0]), np.full(len(points), site[1])
    return float(np.max(_EARTH.inv(lon, lat, points[:, 0], points[:, 1])[2]))


def area_m2(contour: Contour) -> float:
    """Area of the outline on the ellipsoid, its holes left out."""
    return abs(float(_EARTH.geometry_area_perimeter(shapely.orient_polygons(shape_of(contour)))[0]))


def grid_about(contours: Iterable[Contour], site: tuple[float, float], cells: int = 400) -> Grid:
    """A grid that holds the outlines and the site, *cells* along its longer side; 100 m to each side at least."""
    west, south, east, north = bounds_m(contours, site)
    cell = _round_up(max(east - west, north - south) / cells)
    columns, rows = int(np.ceil((east - west) / cell)), int(np.ceil((north - south) / cell))
    return Grid(rows, columns, cell, west, south + rows * cell, LocalFrame(*site).name)


def bounds_m(contours: Iterable[Contour], site: tuple[float, float]) -> tuple[float, float, float, float]:
    """West, south, east, north of the outlines and the site in metres, with a margin."""
    found = [shapely.get_coordinates(in_metres(one, site)) for one in contours]
    points = np.vstack([np.array([[-_LEAST_M, -_LEAST_M], [_LEAST_M, _LEAST_M]]), *found])
    low, high = points.min(axis=0), points.max(axis=0)
    edge = _MARGIN * float((high - low).max())
    return float(low[0] - edge), float(low[1] - edge), float(high[0] + edge), float(high[1] + edge)


def _round_up(cell_m: float) -> float:
    """The next cell of two digits, so that a raster's resolution is a number that one can say."""
    step = 10.0 ** (np.floor(np.log10(cell_m)) - 1)
    return float(np.ceil(cell_m / step - 1e-9) * step)
