"""How many people an area holds, by the best grid that is loaded."""

from functools import lru_cache
from uuid import UUID

import numpy as np
import shapely
from shapely.geometry import box
from shapely.geometry.base import BaseGeometry

from anlan.domains.data.population.contracts import PeopleCells, PeopleInside
from anlan.domains.data.population.models import Grid
from anlan.kernel.models import manifest_of
from anlan.science.exposure import PopulationGrid, count_people
from anlan.science.exposure.people import CARD, OUTSIDE

KM_PER_DEGREE = 111.195


def people_inside(shape: BaseGeometry) -> PeopleInside:
    """The people of an area (longitude and latitude) with their range and manifest.

    Of the grids that cover the middle of the area the one of the highest rank counts.
    """
    grid = _grid_at(shape)
    if grid is None:
        return PeopleInside(None, None, "", "", None)
    estimate = count_people(_values(grid.id), shape)
    inputs = {
        "grid": grid.name,
        "loaded_at": grid.loaded_at.isoformat(),
        "shape": shapely.to_wkt(shape, rounding_precision=6),
        "cell_deg": grid.cell_deg,
        "area_km2": round(_area_km2(shape), 4),
    }
    manifest = manifest_of(CARD, inputs, caveats=estimate.caveats)
    return PeopleInside(estimate, manifest, grid.source, grid.method, grid.data_time)


def people_cells(west: float, south: float, east: float, north: float) -> PeopleCells | None:
    """The inhabited cells whose middles lie in a box of degrees; None where no grid covers the middle of the box.

    A box that goes beyond the grid is cut off there, with a caveat.
    """
    grid = _grid_at(box(west, south, east, north))
    if grid is None:
        return None
    persons = _values(grid.id).persons[0]
    lon = grid.west + (np.arange(grid.columns) + 0.5) * grid.cell_deg
    lat = grid.north - (np.arange(grid.rows) + 0.5) * grid.cell_deg
    inside = persons > 0
    inside &= ((lat >= south) & (lat <= north))[:, None] & ((lon >= west) & (lon <= east))[None, :]
    row, column = np.nonzero(inside)
    half = grid.cell_deg / 2
    cut = west < lon[0] - half or east > lon[-1] + half or north > lat[0] + half or south < lat[-1] - half
    return PeopleCells(
        np.asarray(lon[column], np.float64),
        np.asarray(lat[row], np.float64),
        persons[row, column],
        (KM_PER_DEGREE * grid.cell_deg) ** 2 * np.cos(np.radians(lat[row])),
        grid.source,
        grid.data_time,
        (OUTSIDE,) if cut else (),
    )


def _grid_at(shape: BaseGeometry) -> Grid | None:
    middle = shape.centroid
    for grid in Grid.objects.defer("persons"):
        east, south = grid.west + grid.columns * grid.cell_deg, grid.north - grid.rows * grid.cell_deg
        if grid.west <= middle.x <= east and south <= middle.y <= grid.north:
            return grid
    return None


@lru_cache(maxsize=4)
def _values(id: UUID) -> PopulationGrid:
    grid = Grid.objects.get(id=id)
    shape = (grid.variants, grid.rows, grid.columns)
    persons = np.frombuffer(bytes(grid.persons), np.float32).reshape(shape).astype(np.float64)
    return PopulationGrid(persons, grid.west, grid.north, grid.cell_deg)


def _area_km2(shape: BaseGeometry) -> float:
    squeeze = float(np.cos(np.radians(shape.centroid.y)))
    return float(shape.area) * KM_PER_DEGREE**2 * squeeze
