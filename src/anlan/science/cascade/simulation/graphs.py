"""From the sections of a parameter file to the builders' graphs."""

from typing import Any

import numpy as np
from msgspec.structs import asdict

from anlan.kernel.crs import LocalFrame
from anlan.kernel.fields import Grid
from anlan.science.cascade import builders
from anlan.science.cascade.given import Given
from anlan.science.cascade.graph import Graph
from anlan.science.cascade.simulation.areas import fire, wave, with_area
from anlan.science.cascade.simulation.params import (
    Answered,
    BarrierLake,
    Params,
    Site,
    SteppeFire,
    TailingsStorm,
    TankFarm,
)
from anlan.science.params import Strict

_BEYOND_M = 150.0
"""How far the raster of a tank farm goes beyond its outermost bund: past 4 kW/m² of its fires."""


def graph_of(asked: Params) -> Graph:
    """The graph of the chain that is asked for. Raises `Invalid`."""
    chain = asked.chain
    if isinstance(chain, TankFarm):
        return _tank_farm(chain, asked.site)
    if isinstance(chain, TailingsStorm):
        return _tailings(chain, asked.site)
    return (
        _steppe_fire(chain, asked.site) if isinstance(chain, SteppeFire) else _barrier_lake(chain, asked.site)
    )


def _tank_farm(chain: TankFarm, site: Site) -> Graph:
    tanks = [builders.Tank(**_fields(one)) for one in chain.tanks]
    spheres = [builders.Sphere(**_fields(one)) for one in chain.spheres]
    lit = None if chain.ignition is None else builders.Ignition(_given(chain.ignition))
    to_deg = (chain.weather.wind_from_deg + 180.0) % 360.0
    return builders.tank_farm(
        builders.Quake(chain.magnitude),
        tanks,
        builders.Wind(chain.weather.wind_m_s, to_deg),
        lit,
        spheres=spheres,
        radiation_scatter_ln=chain.radiation_scatter_ln,
        grid=_grid(chain, site),
    )


def _grid(chain: TankFarm, site: Site) -> Grid:
    """About all tanks, with room for the heat of their fires."""
    reach = [(one.x_m, one.y_m, 2 * one.bund_m + _BEYOND_M) for one in chain.tanks]
    west, south = (min(place[axis] - place[2] for place in reach) for axis in (0, 1))
    east, north = (max(place[axis] + place[2] for place in reach) for axis in (0, 1))
    rows, columns = (int(np.ceil(span / chain.cell_m)) for span in (north - south, east - west))
    return Grid(rows, columns, chain.cell_m, west, north, LocalFrame(site.lon, site.lat).name)


def _tailings(chain: TailingsStorm, site: Site) -> Graph:
    dam = builders.Tailings(
        builders.Pond(**asdict(chain.pond)),
        _given(chain.breaches),
        chain.released_m3,
        chain.water_m,
        chain.runoff_scatter_ln,
        chain.severity,
    )
    storm = builders.Storm(chain.rain_mm, chain.duration_h, chain.rain_scatter_ln)
    graph = builders.tailings(storm, dam, [builders.Crossing(**_fields(road)) for road in chain.roads])
    if chain.heading_deg is None:
        return graph
    return with_area(graph, "breach", wave(site, (road.valley for road in chain.roads), chain.heading_deg))


def _steppe_fire(chain: SteppeFire, site: Site) -> Graph:
    day = builders.FireWeather(
        chain.tmax_c, chain.rh_min_percent, chain.dry_days, chain.wind_m_s, chain.season
    )
    graph = builders.steppe_fire(
        day,
        _given(chain.drought),
        _given(chain.gale),
        _given(chain.ignition),
        [builders.Line(**_fields(line)) for line in chain.lines],
        from_grade=chain.from_grade,
        within_h=chain.within_h,
        gust_scatter_ln=chain.gust_scatter_ln,
    )
    if chain.wind_from_deg is None:
        return graph
    farthest = max(line.distance_m for line in chain.lines)
    return with_area(graph, "fire", fire(site, farthest, chain.wind_m_s, chain.wind_from_deg))


def _barrier_lake(chain: BarrierLake, site: Site) -> Graph:
    graph = builders.barrier_lake(
        builders.Quake(chain.magnitude),
        [builders.Slope(**_fields(slope)) for slope in chain.slopes],
        builders.Barrier(**_fields(chain.barrier)),
        [builders.Park(**_fields(park)) for park in chain.parks],
    )
    if chain.heading_deg is None:
        return graph
    return with_area(graph, "breach", wave(site, (park.valley for park in chain.parks), chain.heading_deg))


def _fields(one: Strict) -> dict[str, Any]:
    """The fields of a section as the builder of the same name takes them."""
    made = asdict(one)
    for name, value in made.items():
        if isinstance(value, Answered):
            made[name] = _given(value)
        elif name == "site":
            made[name] = builders.Site(**asdict(value))
        elif name == "valley":
            made[name] = builders.Valley(**asdict(value))
    return made


def _given(one: Answered) -> Given:
    return Given(one.chance, one.source, one.certainty, one.low, one.high)
