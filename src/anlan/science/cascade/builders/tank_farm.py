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
from anlan.science.cascade.constants import constant
from anlan.science.cascade.delay import Delay, Fixed, Uniform
from anlan.science.cascade.footprint import Area, Footprint, Measure
from anlan.science.cascade.fragility import Between
from anlan.science.cascade.given import Given
from anlan.science.cascade.graph import NOW, Edge, Event, Graph, Kind
from anlan.science.cascade.published import fragility
from anlan.science.chemical.checks import require
from anlan.science.chemical.fire.pool import CARD as POOL_FIRE
from anlan.science.chemical.fire.pool import PoolFire
from anlan.science.chemical.risk.events import immediate_ignition
from anlan.science.chemical.zones import turn_back

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
    radiation_scatter_ln: float = 0.0,
    grid: Grid | None = None,
) -> Graph:
    """The graph of a tank farm under *quake*; severities are persons.

    Shaking opens a tank a little or altogether, either way its bund fills; the pool may be lit; its heat brings down
    further tanks by `chemical.domino` after their time to failure, and these burn in their own bunds. Edges between
    fires are left out where the heat cannot do it. With *grid* each fire carries its area of 4 kW/m². Raises `Invalid`.
    """
    if not tanks:
        raise Invalid(Text("至少需要一个储罐", "At least one tank is needed"))
    events = [quake.event({tank.id: tank.site for tank in tanks}, mean_distance_km(tanks))]
    edges: list[Edge] = []
    for tank in tanks:
        fire = _fire(tank, tanks, wind, radiation_scatter_ln, grid)
        events += [*_states(tank), fire]
        edges += [*_opened(tank, ignition or Ignition()), *_attacks(tank, tanks, fire)]
    title = Text("地震—储罐破裂—泄漏—火灾—多米诺", "Earthquake, tank ruptures, release, fire, domino")
    return Graph("tank_farm", title, tuple(events), tuple(edges), Text("人", "persons"))


def _states(tank: Tank) -> list[Event]:
    return [
        Event(
            f"{tank.id}.{kind.value}", kind, Text(f"{tank.id} {kind.label.zh}", f"{tank.id}: {kind.label.en}")
        )
        for kind in (Kind.LEAK, Kind.RUPTURE, Kind.RELEASE)
    ]


def _opened(tank: Tank, ignition: Ignition) -> list[Edge]:
    """Shaking to one of the two states, either to the release, the release to the fire."""
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
        Edge(f"{name}:emptied", f"{name}.rupture", f"{name}.release", certain),
        Edge(f"{name}:lit", f"{name}.release", f"{name}.fire", ignition.chance, delay=ignition.delay),
    ]


def _fire(tank: Tank, tanks: Sequence[Tank], wind: Wind, scatter_ln: float, grid: Grid | None) -> Event:
    pool = PoolFire.of(
        tank.fuel, tank.bund_m, wind_m_s=require(wind.speed_m_s, _WIND, unit="m/s", open_low=False)
    )
    heat = {other.id: _heat(pool, tank, other, wind) for other in tanks if other.id != tank.id}
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


def _attacks(tank: Tank, tanks: Sequence[Tank], fire: Event) -> list[Edge]:
    found = []
    for other in tanks:
        footprint, by = fire.footprint(Measure.RADIATION), InFire(other.volume_m3)
        if other.id == tank.id or footprint is None:
            continue
        heat = footprint.at[other.id]
        if float(by.blurred(heat, footprint.within_ln)) > 0:
            delay = Fixed(by.time_to_failure_s(heat))
            name, target = f"{tank.id}>{other.id}", f"{other.id}.fire"
            found.append(Edge(name, fire.id, target, by, (other.id,), delay=delay, mutual=True))
    return found


def _heat(pool: PoolFire, burning: Tank, other: Tank, wind: Wind) -> float:
    """Radiation on the nearest point of the other tank's shell, at the ground, turned to the flame."""
    east, north = other.x_m - burning.x_m, other.y_m - burning.y_m
    apart = hypot(east, north)
    if apart <= 0:
        raise Invalid(
            Text(
                f"储罐 {burning.id} 与 {other.id} 位置重合",
                f"Tanks {burning.id} and {other.id} stand in one place",
            )
        )
    nearer = max(apart - other.diameter_m / 2, 0.0) / apart
    x, y = turn_back(np.array(east * nearer), np.array(north * nearer), wind.to_deg)
    return float(pool.radiation_kw_m2(x, y))


def _tabled() -> Given:
    said = "TNO CPR 18E table 4.5, immediate ignition of flammable liquids"
    return Given(immediate_ignition("liquid", 0.0), said, Certainty.PROBABLE)


_WIND = Text("风速", "wind speed")
