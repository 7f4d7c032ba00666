"""The cells of a raster at or above a level, as outlines in longitude and latitude: along the cells' own edges."""

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from rasterio.features import shapes
from shapely.geometry import shape

from anlan.kernel.fields import Contour, Grid
from anlan.kernel.text import Text
from anlan.science.products.geotiff import placed


def outline_of(
    inside: NDArray[np.bool_], grid: Grid, name: str, unit: str, level: float, label: Text
) -> Contour:
    """*inside* (rows, columns) of a grid in an EPSG system as a `Contour` in WGS-84; empty where none is."""
    crs, transform = placed(grid)
    to_degrees = Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    found = shapes(inside.astype(np.uint8), mask=inside, connectivity=4, transform=transform)
    polygons = []
    for geometry, _ in found:
        turned = shapely.orient_polygons(shape(geometry))
        polygons.append([_ring(ring, to_degrees) for ring in (turned.exterior, *turned.interiors)])
    facts = {"area_m2": float(inside.sum()) * grid.cell_area_m2, "cells": float(inside.sum())}
    return Contour(name, unit, level, label, polygons, "EPSG:4326", facts)


def _ring(ring: shapely.LinearRing, to_degrees: Transformer) -> list[tuple[float, float]]:
    x, y = np.asarray(ring.coords).T
    lon, lat = to_degrees.transform(x, y)
    points = [(float(one), float(other)) for one, other in zip(lon, lat, strict=True)]
    return [*points[:-1], points[0]]
