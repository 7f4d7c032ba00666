"""What stands in the water: culverts and weirs between two cells, drains, dikes that break."""

import math
from dataclasses import dataclass

from anlan.science.flood.breach import Hydrograph
from anlan.science.flood.checks import number
from anlan.science.flood.layout import WallFace
from anlan.science.flood.physics import GRAVITY_M_S2

Cell = tuple[int, int]
"""Row and column."""


@dataclass(frozen=True)
class Inflow:
    """A discharge that enters at *cells*, shared evenly."""

    cells: tuple[Cell, ...]
    discharge: Hydrograph


@dataclass(frozen=True)
class Drain:
    """A sink: up to *capacity_m3_s* leaves the grid at *cell* while there is water. Raises `Invalid`."""

    cell: Cell
    capacity_m3_s: float

    def __post_init__(self) -> None:
        number(self.capacity_m3_s, "排水能力", "The capacity of the drain", low=0)


@dataclass(frozen=True)
class Weir:
    """A crest of *width_m* at *level_m* between two cells; both directions. Raises `Invalid`."""

    one: Cell
    other: Cell
    level_m: float
    width_m: float
    coefficient: float = 1.7

    def __post_init__(self) -> None:
        number(self.level_m, "堰顶高程", "The crest of the weir")
        number(self.width_m, "堰宽", "The width of the weir", low=0)
        number(self.coefficient, "堰流系数", "The coefficient of the weir", low=0, high=3)

    def flow_m3_s(self, level_one_m: float, level_other_m: float) -> float:
        """Q = C b H^1.5, drowned by Villemonte (1947); positive from *one* to *other*.

        >>> Weir((0, 0), (0, 1), 1.0, 2.0).flow_m3_s(2.0, 0.5)
        3.4
        """
        above, below = max(level_one_m, level_other_m), min(level_one_m, level_other_m)
        head, back = above - self.level_m, max(below - self.level_m, 0.0)
        if head <= 0:
            return 0.0
        free = self.coefficient * self.width_m * head**1.5
        drowned = max(1 - (back / head) ** 1.5, 0.0) ** 0.385
        return math.copysign(free * drowned, level_one_m - level_other_m)


@dataclass(frozen=True)
class Culvert:
    """A box of *width_m* × *height_m* with its floor at *invert_m*, under a bank between two cells.

    Raises `Invalid`.
    """

    one: Cell
    other: Cell
    invert_m: float
    width_m: float
    height_m: float
    discharge_coefficient: float = 0.61

    def __post_init__(self) -> None:
        number(self.invert_m, "涵底高程", "The floor of the culvert")
        number(self.width_m, "涵洞宽度", "The width of the culvert", low=0)
        number(self.height_m, "涵洞高度", "The height of the culvert", low=0)
        number(self.discharge_coefficient, "孔流系数", "The coefficient of the culvert", low=0, high=1)

    def flow_m3_s(self, level_one_m: float, level_other_m: float) -> float:
        """The lesser of a weir at the inlet and an orifice under the head; positive from *one* to *other*."""
        above, below = max(level_one_m, level_other_m), min(level_one_m, level_other_m)
        depth = above - self.invert_m
        if depth <= 0:
            return 0.0
        weir = abs(Weir(self.one, self.other, self.invert_m, self.width_m).flow_m3_s(above, below))
        area = self.width_m * min(self.height_m, depth)
        head = above - max(below, self.invert_m + 0.5 * min(self.height_m, depth))
        orifice = self.discharge_coefficient * area * math.sqrt(2 * GRAVITY_M_S2 * max(head, 0.0))
        flow = orifice if depth > 1.5 * self.height_m else min(weir, orifice)
        return math.copysign(flow, level_one_m - level_other_m)


@dataclass(frozen=True)
class DikeBreach:
    """Walls that sink evenly from their crest to *bottom_m* within *time_s* from *start_s* on. Raises `Invalid`."""

    faces: tuple[WallFace, ...]
    bottom_m: float
    start_s: float
    time_s: float

    def __post_init__(self) -> None:
        number(self.bottom_m, "溃口底高程", "The bottom of the breach")
        number(self.start_s, "溃决开始时间", "The beginning of the breach", low=0)
        number(self.time_s, "溃决历时", "The time of formation", above=0)

    def at(self, now_s: float) -> tuple[WallFace, ...]:
        """The walls as they stand at a time."""
        gone = min(max((now_s - self.start_s) / self.time_s, 0.0), 1.0)
        return tuple(
            WallFace(
                one.row, one.column, one.west, one.crest_m + gone * min(self.bottom_m - one.crest_m, 0.0)
            )
            for one in self.faces
        )


def wall_between(first: Cell, last: Cell, crest_m: float) -> tuple[WallFace, ...]:
    """The walls along the cells' north sides from *first* to *last* of one row, or west sides of one column.

    Raises `Invalid`.
    """
    number(crest_m, "堤顶高程", "The crest of the wall")
    (r0, c0), (r1, c1) = first, last
    if r0 == r1:
        return tuple(WallFace(r0, column, False, crest_m) for column in range(min(c0, c1), max(c0, c1) + 1))
    return tuple(WallFace(row, c0, True, crest_m) for row in range(min(r0, r1), max(r0, r1) + 1))
