"""Worked cases with names, for trial and drill: inventions with round numbers, not records of any enterprise or place.

What no source gives is marked as assumed for the drill.
"""

from collections.abc import Callable
from dataclasses import dataclass

from anlan.kernel.errors import NotFound
from anlan.kernel.text import Text
from anlan.kernel.validation import Certainty
from anlan.science.cascade.builders import (
    Barrier,
    Crossing,
    FireWeather,
    Line,
    Park,
    Pond,
    Quake,
    Site,
    Slope,
    Sphere,
    Storm,
    Tailings,
    Tank,
    Valley,
    Wind,
    barrier_lake,
    steppe_fire,
    tailings,
    tank_farm,
)
from anlan.science.cascade.given import Given
from anlan.science.cascade.graph import Graph


@dataclass(frozen=True)
class CascadeCase:
    """A named graph, made when it is asked for."""

    id: str
    title: Text
    make: Callable[[], Graph]


def case(name: str) -> CascadeCase:
    """The case called *name*. Raises `NotFound`.

    >>> case("storm_tailings_road").make().id
    'tailings'
    """
    for one in CASES:
        if one.id == name:
            return one
    known = ", ".join(one.id for one in CASES)
    raise NotFound(
        Text(f"没有名为 {name} 的灾害链算例", f"There is no case called {name}"),
        next_step=Text(f"现有：{known}", f"There are: {known}"),
    )


def _assumed(chance: float) -> Given:
    return Given(chance, "assumed for the drill", Certainty.OWN_DEFAULT)


def _tank_farm() -> Graph:
    """Four petrol tanks, two of them not anchored, 8 km from a rupture of M 7."""
    site = Site(8.0, 300.0)
    places = ((0.0, 0.0), (38.0, 0.0), (0.0, 38.0), (38.0, 38.0))
    tanks = [
        Tank(f"T{number}", x, y, 20.0, 3000.0, "gasoline", 32.0, number % 2 == 1, site, 5.0)
        for number, (x, y) in enumerate(places, start=1)
    ]
    return tank_farm(Quake(7.0), tanks, Wind(6.0, 90.0))


def _sphere() -> Graph:
    """A butane tank and a petrol tank with a sphere of LPG between them, 8 km from a rupture of M 7."""
    site = Site(8.0, 300.0)
    tanks = [
        Tank("T1", 0.0, 0.0, 20.0, 3000.0, "butane", 32.0, True, site, 5.0),
        Tank("T2", 36.0, -48.0, 20.0, 3000.0, "gasoline", 32.0, True, site, 5.0),
    ]
    sphere = Sphere("S1", 36.0, 0.0, 12.0, 900.0, 400.0, 1.9e6, 1.13, site, 50.0)
    return tank_farm(Quake(7.0), tanks, Wind(6.0, 90.0), spheres=[sphere])


def _tailings() -> Graph:
    """A pond of the Helan piedmont in a six-hour storm, and the road below it."""
    pond = Pond(1.2, 0.85, 60_000.0, 2.0)
    dam = Tailings(pond, _assumed(0.3), 2e5, 12.0, runoff_scatter_ln=0.15)
    road = Crossing("G109", Valley(4_000.0, 40.0, 0.01, 0.04), 2.0, 30.0, 0.6, severity=12.0)
    return tailings(Storm(80.0, 6.0, 0.4), dam, [road])


def _steppe() -> Graph:
    """A dry spring day in the steppe with gusts, and a line of 110 kV."""
    day = FireWeather(31.0, 18.0, 14.0, 11.0)
    line = Line("L110", 3_000.0, _assumed(0.5), _assumed(0.4), 24.0, severity=3_000.0)
    return steppe_fire(day, _assumed(0.9), _assumed(0.6), _assumed(0.2), [line], gust_scatter_ln=0.15)


def _barrier() -> Graph:
    """Two loess slopes over a river of the Liupan range, a lake behind their slide, two parks downstream."""
    slopes = [
        Slope("S1", 0.0, 0.0, Site(5.0, 500.0), 0.10),
        Slope("S2", 900.0, 0.0, Site(9.0, 450.0), 0.06),
    ]
    barrier = Barrier(120.0, 35.0, 200.0, 150.0, 3e6, 25.0, _assumed(0.4))
    parks = [
        Park("P1", Valley(12_000.0, 120.0, 0.006, 0.04), 3.0, 0.5, 800.0),
        Park("P2", Valley(25_000.0, 300.0, 0.004, 0.04), 2.0, 0.5, 300.0),
    ]
    return barrier_lake(Quake(7.0), slopes, barrier, parks)


CASES: tuple[CascadeCase, ...] = (
    CascadeCase(
        "quake_tank_farm",
        Text("7 级地震—汽油罐区多米诺", "M 7 earthquake and a petrol tank farm"),
        _tank_farm,
    ),
    CascadeCase(
        "quake_sphere",
        Text("7 级地震—罐区火灾—液化石油气球罐爆裂", "M 7 earthquake, tank fire, LPG sphere bursts"),
        _sphere,
    ),
    CascadeCase(
        "storm_tailings_road",
        Text("暴雨—尾矿库漫顶—道路中断", "Storm, overtopped tailings, road cut"),
        _tailings,
    ),
    CascadeCase(
        "steppe_fire_line",
        Text("干旱大风—草原火灾—110 kV 线路", "Drought and wind, steppe fire, 110 kV line"),
        _steppe,
    ),
    CascadeCase(
        "quake_barrier_lake",
        Text("7 级地震—滑坡—堰塞湖—园区淹没", "M 7 earthquake, landslide, barrier lake, park"),
        _barrier,
    ),
)
