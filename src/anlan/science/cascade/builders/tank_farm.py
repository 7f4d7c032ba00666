"""Earthquake → tank ruptures → release → fire → domino: a tank farm near a rupture."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import hypot

import numpy as np

from anlan.kernel.errors import Invalid
from anlan.kernel.fields import Grid
from anlan.kernel.text import Text
from anlan.kernel.validation import Certainty
from anlan.science.cascade.backed import InFire
from anlan.science.cascade.builders.shaking import Quake, Site, mean_distance_km
from anlan.science.cascade.builders.spheres import Sphere, Unit, shell_distance_m, sphere_edges, sphere_events
from anlan.science.cascade.constants import constant
from anlan.science.cascade.delay import Delay, Fixed, Uniform
from anlan.science.cascade.footprint import Area, Footprint, Measure
from anlan.science.cascade.fragility import Between
from anlan.science.cascade.given import Given
from anlan.science.cascade.graph import NOW, Edge, Event, Graph, Kind
from anlan.science.cascade.published import fragility
from anlan.science.chemical.fire.pool import CARD as POOL_FIRE
from anlan.science.chemical.fire.pool import PoolFire
from anlan.science.chemical.harm.zones import turn_back
from anlan.science.chemical.risk.domino import Vessel
from anlan.science.chemical.risk.events import immediate_ignition
from anlan.science.guard import require

#: radiation at which a fire's area is drawn: pain after 20 s
HARM_KW_M2 = 4.0


@dataclass(frozen=True)
class Tank:
    """An atmospheric tank at metres east and north; its bund would burn as a pool of *bund_m* across.

    *fuel* is a key of the chemical engine's ``pool_fuels``; *severity* is that of its fire.
    """

    id: str
    x_m: float
    y_m: float
    diameter_m: float
    volume_m3: float
    fuel: str
    bund_m: float
    anchored: bool
    site: Site
    severity: float = 0.0

    def curves(self) -> tuple[str, str]:
        """Keys of the fragilities for a leak and for a rupture.

        Hazus: some content is lost from moderate damage on; the greater part from extensive damage on.
        """
        base = "anchored" if self.anchored else "unanchored"
        return f"tank_{base}_moderate", f"tank_{base}_extensive"


@dataclass(frozen=True)
class Wind:
    """Speed, and the direction that it blows to, clockwise from north."""

    speed_m_s: float
    to_deg: float


@dataclass(frozen=True)
class Ignition:
    """Whether a release is lit, and after how long; by default at once, by the chemical engine's table."""

    chance: Given = field(default_factory=lambda: _tabled())
    delay: Delay = NOW


def tank_farm(
    quake: Quake,
    tanks: Sequence[Tank],
    wind: Wind,
    ignition: Ignition | None = None,
    *,
    spheres: Sequence[Sphere] = (),
    radiation_scatter_ln: float = 0.0,
    grid: Grid | None = None,
) -> Graph:
    """The graph of a tank farm under *quake*; severities are persons.

    Shaking opens a tank a little or altogether, either way its bund fills; the pool may be lit; its heat brings down
    further tanks by `chemical.domino` after their time to failure, and these burn in their own bunds. It may also burst
    *spheres*, whose blast ruptures tanks. Edges are left out where heat or blast cannot do it. With *grid* each fire
    carries its area of 4 kW/m². Raises `Invalid`.
    """
    if not tanks:
        raise Invalid(Text("至少需要一个储罐", "At least one tank is needed"))
    units: list[Tank | Sphere] = [*tanks, *spheres]
    events = [quake.event({unit.id: unit.site for unit in units}, mean_distance_km(units))]
    edges: list[Edge] = []
    for tank in tanks:
        fire = _fire(tank, units, wind, radiation_scatter_ln, grid)
        events += [*_states(tank), fire]
        edges += [*_opened(tank, ignition or Ignition(), loops=bool(spheres)), *_attacks(fire, units)]
    for sphere in spheres:
        burst, release = sphere_events(sphere, units)
        events += [burst, release]
        edges += sphere_edges(sphere, burst, tanks, spheres)
    events, edges = _possible(events, edges)
    title = Text("地震—储罐破裂—泄漏—火灾—多米诺", "Earthquake, tank ruptures, release, fire, domino")
    return Graph("tank_farm", title, tuple(events), tuple(edges), Text("人", "persons"))


def _possible(events: list[Event], edges: list[Edge]) -> tuple[list[Event], list[Edge]]:
    """Without the events that nothing leads to, and the edges from them: a sphere that no heat or blast can burst."""
    while True:
        caused = {edge.target for edge in edges}
        kept = [event for event in events if event.chance is not None or event.id in caused]
        if len(kept) == len(events):
            return events, edges
        names = {event.id for event in kept}
        events, edges = kept, [edge for edge in edges if edge.source in names]


def _states(tank: Tank) -> list[Event]:
    return [
        Event(
            f"{tank.id}.{kind.value}", kind, Text(f"{tank.id} {kind.label.zh}", f"{tank.id}: {kind.label.en}")
        )
        for kind in (Kind.LEAK, Kind.RUPTURE, Kind.RELEASE)
    ]


def _opened(tank: Tank, ignition: Ignition, *, loops: bool) -> list[Edge]:
    """Shaking to one of the two states, either to the release, the release to the fire.

    *loops*: a fire may come back to the rupture through the blast of a sphere.
    """
    leaks, ruptures = (fragility(key) for key in tank.curves())
    shaken = Uniform(0.0, constant("shaking_s").value)
    certain = Given(1.0, "by definition", Certainty.SURE)
    name = tank.id
    return [
        Edge(
            f"{name}:leak",
            "earthquake",
            f"{name}.leak",
            Between(leaks, ruptures),
            (name,),
            None,
            shaken,
            name,
        ),
        Edge(f"{name}:rupture", "earthquake", f"{name}.rupture", ruptures, (name,), None, shaken, name),
        Edge(f"{name}:leaked", f"{name}.leak", f"{name}.release", certain),
        Edge(f"{name}:emptied", f"{name}.rupture", f"{name}.release", certain, mutual=loops),
        Edge(
            f"{name}:lit",
            f"{name}.release",
            f"{name}.fire",
            ignition.chance,
            delay=ignition.delay,
            mutual=loops,
        ),
    ]


def _fire(tank: Tank, units: Sequence[Unit], wind: Wind, scatter_ln: float, grid: Grid | None) -> Event:
    pool = PoolFire.of(
        tank.fuel, tank.bund_m, wind_m_s=require(wind.speed_m_s, _WIND, unit="m/s", open_low=False)
    )
    heat = {other.id: _heat(pool, tank, other, wind) for other in units if other.id != tank.id}
    area = None
    if grid is not None:
        x, y = turn_back(*np.meshgrid(grid.x_m - tank.x_m, grid.y_m - tank.y_m), wind.to_deg)
        area = Area(grid, pool.radiation_kw_m2(x, y) >= HARM_KW_M2)
    return Event(
        f"{tank.id}.fire",
        Kind.FIRE,
        Text(f"{tank.id} 池火", f"{tank.id}: pool fire"),
        (Footprint(Measure.RADIATION, heat, within_ln=scatter_ln),) if heat else (),
        severity=tank.severity,
        area=area,
        backed_by=(POOL_FIRE,),
        caveats=POOL_FIRE.out_of_range({"diameter_m": tank.bund_m, "wind_m_s": wind.speed_m_s}),
    )


def _attacks(fire: Event, units: Sequence[Tank | Sphere]) -> list[Edge]:
    """The fire to the fires of other tanks and the bursts of spheres, where its heat can do it."""
    footprint, found = fire.footprint(Measure.RADIATION), list[Edge]()
    if footprint is None:
        return found
    burning = fire.id.removesuffix(".fire")
    for other in units:
        if other.id == burning:
            continue
        pressurised = isinstance(other, Sphere)
        by = InFire(other.volume_m3, Vessel.PRESSURISED if pressurised else Vessel.ATMOSPHERIC)
        heat, target = footprint.at[other.id], f"{other.id}.burst" if pressurised else f"{other.id}.fire"
        if float(by.blurred(heat, footprint.within_ln)) > 0:
            delay = Fixed(by.time_to_failure_s(heat))
            found.append(
                Edge(f"{burning}>{other.id}", fire.id, target, by, (other.id,), delay=delay, mutual=True)
            )
    return found


def _heat(pool: PoolFire, burning: Unit, other: Unit, wind: Wind) -> float:
    """Radiation on the nearest point of the other unit's shell, at the ground, turned to the flame."""
    east, north = other.x_m - burning.x_m, other.y_m - burning.y_m
    nearer = shell_distance_m(burning, other) / hypot(east, north)
    x, y = turn_back(np.array(east * nearer), np.array(north * nearer), wind.to_deg)
    return float(pool.radiation_kw_m2(x, y))


def _tabled() -> Given:
    said = "TNO CPR 18E table 4.5, immediate ignition of flammable liquids"
    return Given(immediate_ignition("liquid", 0.0), said, Certainty.PROBABLE)


_WIND = Text("风速", "wind speed")
