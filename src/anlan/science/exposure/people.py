"""People inside an outline: cells of a population grid by the share of their area.

A census counts by district; a dasymetric spread (J. K. Wright, Geographical Review 26
(1936) 103-110; J. Mennis, Professional Geographer 55 (2003) 31-42) gives each cell of
the district people in proportion to the weight of its land cover.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from anlan.kernel.errors import Invalid
from anlan.kernel.models import Caveat, ModelCard, Quantity, Verification
from anlan.kernel.text import Text
from anlan.science.registry import model

Persons = NDArray[np.float64]


@dataclass(frozen=True)
class PopulationGrid:
    """Persons per cell, north-up on longitude and latitude: shape (variants, rows, columns).

    The first variant is the best estimate; the others are what else the data allow, and
    make the range. *cell_deg* is the side of a cell in degrees; *west*, *north* the corner.
    """

    persons: Persons
    west: float
    north: float
    cell_deg: float

    def __post_init__(self) -> None:
        if self.persons.ndim != 3 or not self.cell_deg > 0:
            raise Invalid(Text("人口格网的形状不对", "The population grid has the wrong shape"))
        if not np.isfinite(self.persons).all() or (self.persons < 0).any():
            raise Invalid(
                Text("人口格网含有负值或空值", "The population grid holds negative or missing values")
            )


@dataclass(frozen=True)
class PeopleEstimate:
    """How many people, and the range that the data allow; *cells* is how many cells took part."""

    low: float
    best: float
    high: float
    cells: int
    caveats: tuple[Caveat, ...]


COARSE = Caveat(
    "exposure.coarser_than_footprint",
    Text(
        "人口数据的格网比影响范围更粗，人数仅供参考，须现场核实",
        "The population grid is coarser than the footprint: verify the count on the spot",
    ),
)
OUTSIDE = Caveat(
    "exposure.beyond_grid",
    Text("部分范围没有人口数据", "A part of the area has no population data"),
)

CARD = ModelCard(
    id="exposure.people_inside",
    version="1",
    title=Text("影响范围内人数", "People inside an area"),
    purpose=Text("估计一个范围内的常住人口", "Estimates the residents of an area"),
    applicability=Text(
        "常住人口，不含流动人口与昼夜变化；范围小于格网单元时只是面积比例",
        "Residents only, without commuters or the time of day; below the size of a cell it is a share of area",
    ),
    inputs=(
        Quantity("cell_deg", "°", Text("格网边长", "side of a cell"), low=1e-4, high=1.0),
        Quantity("area_km2", "km²", Text("范围面积", "area"), low=0.0),
    ),
    outputs=(Quantity("persons", "", Text("人数", "persons")),),
    references=("J. Mennis, Professional Geographer 55 (2003) 31-42",),
    verification=Verification.VERIFIED,
    suite="exposure",
)


@model(CARD)
def count_people(grid: PopulationGrid, shape: BaseGeometry) -> PeopleEstimate:
    """People inside *shape* (longitude and latitude), by the share of each cell that it covers.

    >>> from shapely.geometry import box
    >>> grid = PopulationGrid(np.full((1, 2, 2), 100.0), 106.0, 38.0, 0.1)
    >>> round(count_people(grid, box(106.0, 37.9, 106.05, 38.0)).best)
    50
    """
    if shape.is_empty:
        return PeopleEstimate(0.0, 0.0, 0.0, 0, ())
    rows, columns, boxes = _cells_under(grid, shape)
    shapely.prepare(shape)
    shares = shapely.area(shapely.intersection(boxes, shape)) / grid.cell_deg**2
    counts = (grid.persons[:, rows, columns] * shares).sum(axis=1)
    caveats = []
    if shapely.area(shape) < _FINE_CELLS * grid.cell_deg**2:
        caveats.append(COARSE)
    if float(shares.sum()) * grid.cell_deg**2 < shapely.area(shape) * (1 - 1e-6):
        caveats.append(OUTSIDE)
    return PeopleEstimate(
        float(counts.min()), float(counts[0]), float(counts.max()), int((shares > 0).sum()), tuple(caveats)
    )


def spread_census(
    districts: Sequence[tuple[BaseGeometry, float]],
    land_cover: NDArray[np.integer],
    weights: Mapping[int, float],
    west: float,
    north: float,
    cell_deg: float,
) -> Persons:
    """Persons per cell, shape of *land_cover*: each district's people over its cells by weight.

    *districts* are outlines with their people; *weights* per class of land cover, 0 for
    one that is not named. A cell on a border belongs to each district by the share of its
    area. A district whose cells all weigh nothing is spread evenly. The sum over a
    district is its census figure exactly.
    """
    rows, columns = land_cover.shape
    lon = west + np.arange(columns) * cell_deg
    lat = north - np.arange(rows) * cell_deg
    boxes = shapely.box(lon[None, :], lat[:, None] - cell_deg, lon[None, :] + cell_deg, lat[:, None])
    weight = np.zeros(land_cover.shape)
    for kind, value in weights.items():
        weight[land_cover == kind] = value
    persons = np.zeros(land_cover.shape)
    for outline, people in districts:
        share = shapely.area(shapely.intersection(boxes, outline)) / cell_deg**2
        parts = share * weight
        if not parts.sum() > 0:
            parts = share
        if not parts.sum() > 0:
            raise Invalid(Text("行政区不在格网内", "A district lies outside the grid"))
        persons += people * parts / parts.sum()
    return persons


_FINE_CELLS = 25
"""An area of fewer cells than this is called finer than the grid."""


def _cells_under(
    grid: PopulationGrid, shape: BaseGeometry
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.object_]]:
    """Rows, columns and boxes of the cells under the bounding box of *shape*."""
    west, south, east, north = shape.bounds
    _, height, width = grid.persons.shape
    first = max(0, int(np.floor((west - grid.west) / grid.cell_deg)))
    last = min(width, int(np.ceil((east - grid.west) / grid.cell_deg)))
    top = max(0, int(np.floor((grid.north - north) / grid.cell_deg)))
    bottom = min(height, int(np.ceil((grid.north - south) / grid.cell_deg)))
    down, across = np.meshgrid(np.arange(top, bottom), np.arange(first, last), indexing="ij")
    rows, columns = down.ravel(), across.ravel()
    left, upper = grid.west + columns * grid.cell_deg, grid.north - rows * grid.cell_deg
    boxes = shapely.box(left, upper - grid.cell_deg, left + grid.cell_deg, upper)
    return rows, columns, np.asarray(boxes, dtype=object)
