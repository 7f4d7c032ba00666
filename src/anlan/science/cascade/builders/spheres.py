"""Pressure vessels beside a tank farm: a fire may burst them, and their blast brings down others."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot
from typing import Protocol

from anlan.kernel.errors import Invalid
from anlan.kernel.models import Caveat
from anlan.kernel.text import Text
from anlan.science.cascade.backed import InBlast
from anlan.science.cascade.builders.shaking import Site
from anlan.science.cascade.constants import constant
from anlan.science.cascade.delay import Uniform
from anlan.science.cascade.footprint import Footprint, Measure
from anlan.science.cascade.graph import Edge, Event, Kind
from anlan.science.cascade.published import fragility
from anlan.science.chemical.explosion.vessel import CARD as BURST
from anlan.science.chemical.explosion.vessel import VesselBurst
from anlan.science.chemical.risk.domino import Vessel

_LIQUID = Caveat(
    "spheres.vapour_only",
    Text(
        "爆裂冲击波只计气相膨胀，未计液相闪蒸；火球热辐射不引发多米诺",
        "The blast of a burst is of the vapour alone, not of the flashing liquid; "
        "the heat of the fireball brings nothing down",
    ),
)


class Unit(Protocol):
    """What stands in the plant: *diameter_m* across at metres east and north."""

    @property
    def id(self) -> str: ...

    @property
    def x_m(self) -> float: ...

    @property
    def y_m(self) -> float: ...

    @property
    def diameter_m(self) -> float: ...


@dataclass(frozen=True)
class Sphere:
    """A sphere or bullet of pressure-liquefied gas with *vapour_m3* over its liquid; bursts at *burst_pressure_pa*.

    *gamma* is that of the vapour; *severity* that of the burst.
    """

    id: str
    x_m: float
    y_m: float
    diameter_m: float
    volume_m3: float
    vapour_m3: float
    burst_pressure_pa: float
    gamma: float
    site: Site
    severity: float = 0.0


def sphere_events(sphere: Sphere, units: Sequence[Unit]) -> list[Event]:
    """The burst with its overpressure at the other *units* (`chemical.vessel_burst`), and a release under shaking."""
    vessel = VesselBurst(sphere.burst_pressure_pa, sphere.vapour_m3, sphere.gamma)
    at = {
        other.id: float(vessel.overpressure_kpa(max(shell_distance_m(sphere, other), 0.1)))
        for other in units
        if other.id != sphere.id
    }
    said = BURST.out_of_range(
        {
            "pressure_pa": sphere.burst_pressure_pa,
            "volume_m3": sphere.vapour_m3,
            "gamma": sphere.gamma,
        }
    )
    return [
        Event(
            f"{sphere.id}.burst",
            Kind.EXPLOSION,
            Text(f"{sphere.id} 爆裂", f"{sphere.id} bursts"),
            (Footprint(Measure.OVERPRESSURE, at),) if at else (),
            severity=sphere.severity,
            backed_by=(BURST,),
            caveats=(*said, _LIQUID),
        ),
        Event(f"{sphere.id}.release", Kind.RELEASE, Text(f"{sphere.id} 泄漏", f"{sphere.id}: release")),
    ]


def sphere_edges(sphere: Sphere, event: Event, tanks: Sequence[Unit], spheres: Sequence[Unit]) -> list[Edge]:
    """Shaking to the release; the burst to ruptures of tanks and bursts of other spheres, where it can do it."""
    shaken = Uniform(0.0, constant("shaking_s").value)
    opens = fragility("natech_pressurised_major")
    found = [
        Edge(f"{sphere.id}:opens", "earthquake", f"{sphere.id}.release", opens, (sphere.id,), delay=shaken)
    ]
    targets = [(tank, "rupture", Vessel.ATMOSPHERIC) for tank in tanks]
    targets += [(other, "burst", Vessel.PRESSURISED) for other in spheres if other.id != sphere.id]
    footprint = event.footprint(Measure.OVERPRESSURE)
    for other, state, kind in targets if footprint else ():
        by = InBlast(kind)
        if float(by.probability(footprint.at[other.id])) > 0:  # type: ignore[union-attr]
            target = f"{other.id}.{state}"
            found.append(Edge(f"{sphere.id}>{other.id}", event.id, target, by, (other.id,), mutual=True))
    return found


def shell_distance_m(one: Unit, other: Unit) -> float:
    """From the middle of *one* to the nearest point of the other's shell. Raises `Invalid` for one place."""
    apart = hypot(other.x_m - one.x_m, other.y_m - one.y_m)
    if apart <= 0:
        raise Invalid(
            Text(f"储罐 {one.id} 与 {other.id} 位置重合", f"Tanks {one.id} and {other.id} stand in one place")
        )
    return max(apart - other.diameter_m / 2, 0.0)
