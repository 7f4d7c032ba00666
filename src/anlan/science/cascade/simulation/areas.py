"""What a flood wave or a steppe fire would cover, as drawn by the very models that back the chain.

The wave of uniform flow fills a straight valley of even width; Wang Zhengfei's rate at an angle θ off the wind is
exp(k (cos θ − 1)) of the head's. Neither is an outline of a real place: that is what the flood and wildfire engines
are for, which a caveat says.
"""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from anlan.kernel.crs import LocalFrame
from anlan.kernel.fields import Grid
from anlan.kernel.models import Caveat
from anlan.kernel.text import Text
from anlan.science.cascade.footprint import Area
from anlan.science.cascade.graph import Graph
from anlan.science.cascade.simulation.params import Reach, Site
from anlan.science.chemical.harm.zones import turn_back
from anlan.science.wildfire.wang import MOST_WIND_M_S, WIND_POWER

_CELLS = 480
SCHEMATIC = Caveat(
    "cascade.schematic_area",
    Text(
        "影响范围按顺直等宽河谷或均匀草原示意，实际范围请用洪水、林草火模型计算",
        "The area is that of a straight even valley or an even steppe: the flood and wildfire engines give outlines",
    ),
)


def with_area(graph: Graph, event: str, area: Area) -> Graph:
    """*graph* with an area for *event*, which says that it is schematic."""
    events = tuple(
        replace(one, area=area, caveats=(*one.caveats, SCHEMATIC)) if one.id == event else one
        for one in graph.events
    )
    return replace(graph, events=events)


def wave(site: Site, valleys: Iterable[Reach], heading_deg: float) -> Area:
    """The valleys from the site on towards *heading_deg*."""
    reaches = list(valleys)
    grid = _about(site, max(one.length_m + one.width_m for one in reaches))
    along, across = _off(grid, heading_deg)
    covered = np.zeros(grid.shape, np.bool_)
    for one in reaches:
        covered |= (along >= 0) & (along <= one.length_m) & (np.abs(across) <= one.width_m / 2)
    return Area(grid, covered)


def fire(site: Site, head_m: float, wind_m_s: float, wind_from_deg: float) -> Area:
    """A fire from the site on when its head has come *head_m*."""
    grid = _about(site, 1.1 * head_m)
    along, across = _off(grid, wind_from_deg + 180.0)
    power = WIND_POWER * min(wind_m_s, MOST_WIND_M_S)
    bearing = np.arctan2(across, along)
    return Area(grid, np.hypot(along, across) <= head_m * np.exp(power * (np.cos(bearing) - 1.0)))


def _about(site: Site, reach_m: float) -> Grid:
    cell = max(2 * reach_m / _CELLS, 1.0)
    name = LocalFrame(site.lon, site.lat).name
    return Grid(_CELLS, _CELLS, cell, -cell * _CELLS / 2, cell * _CELLS / 2, name)


def _off(grid: Grid, heading_deg: float) -> "tuple[np.ndarray, np.ndarray]":
    return turn_back(*np.meshgrid(grid.x_m, grid.y_m), heading_deg)
