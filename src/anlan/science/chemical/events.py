"""What may happen at a place: each event knows its model, its inputs and the zones that it draws.

An event draws in metres east and north of the place; `scenarios.run` puts the zones on the map.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from anlan.kernel.fields import Contour, Field, Grid
from anlan.kernel.models import Caveat, ModelCard
from anlan.kernel.text import Text
from anlan.science import guard
from anlan.science.chemical.dispersion.choice import RISES, rises
from anlan.science.chemical.dispersion.plume import Plume
from anlan.science.chemical.explosion import cloud, tnt, vessel
from anlan.science.chemical.fire import fireball, flash, jet, pool
from anlan.science.chemical.harm.tables import table
from anlan.science.chemical.harm.thresholds import Threshold, thresholds
from anlan.science.chemical.harm.zones import circle, reach, turn_back
from anlan.science.chemical.substances import substance
from anlan.science.chemical.substances.concentration import GAS_CONSTANT
from anlan.science.chemical.weather import Weather

Floats = NDArray[np.float64]
Raster = Callable[[Grid], Field]
CENTRE = (0.0, 0.0)


@dataclass(frozen=True)
class Drawn:
    """Zones in the local frame *crs*, the same harm over any grid of that frame, the figures worth telling,
    and what to hold against them."""

    card: ModelCard
    zones: tuple[Contour, ...]
    raster: Raster
    figures: dict[str, float]
    caveats: tuple[Caveat, ...] = ()
    tables: tuple[str, ...] = ("thresholds",)


class Event(Protocol):
    """Something that may happen."""

    kind: ClassVar[str]
    __dataclass_fields__: ClassVar[dict[str, Any]]

    def draw(self, air: Weather, crs: str) -> Drawn: ...


@dataclass(frozen=True)
class PoolBurns:
    """A pool on fire; *fuel* is a key or CAS number of ``data/pool_fuels.csv``, or the CAS number of another liquid."""

    kind: ClassVar[str] = "pool_fire"
    fuel: str
    diameter_m: float

    def draw(self, air: Weather, crs: str) -> Drawn:
        fire, said = _pool(self.fuel, self.diameter_m, air)
        figures = {
            "flame_length_m": fire.length_m,
            "tilt_deg": float(np.degrees(fire.tilt_rad)),
            "sep_kw_m2": fire.sep_kw_m2,
            "heat_release_kw": fire.heat_release_kw,
        }
        farthest = 30 * self.diameter_m + 100
        zones = _radiation(fire.radiation_kw_m2, fire.middle_m, air, crs, farthest)
        raster = _raster("radiation", fire.radiation_kw_m2, air)
        return Drawn(pool.CARD, zones, raster, figures, said, ("thresholds", "pool_fuels"))


@dataclass(frozen=True)
class JetBurns:
    """A jet of gas from a vessel at *pressure_pa* and *temperature_k* on fire."""

    kind: ClassVar[str] = "jet_fire"
    rate_kg_s: float
    pressure_pa: float
    temperature_k: float
    gamma: float
    molar_mass_kg_mol: float
    heat_of_combustion_j_kg: float
    elevation_deg: float = 90.0
    height_m: float = 1.0

    def draw(self, air: Weather, crs: str) -> Drawn:
        speed, cooled = jet.expanded_jet(
            self.pressure_pa, self.temperature_k, self.gamma, self.molar_mass_kg_mol, air.pressure_pa
        )
        fire = jet.JetFire(
            self.rate_kg_s,
            speed,
            cooled,
            self.molar_mass_kg_mol,
            self.heat_of_combustion_j_kg,
            air.wind_m_s,
            self.elevation_deg,
            self.height_m,
            air.temperature_k,
            air.humidity,
        )
        figures = {"flame_length_m": fire.length_m, "sep_kw_m2": fire.sep_kw_m2, "jet_speed_m_s": speed}
        farthest = 20 * fire.length_m + 50
        zones = _radiation(fire.radiation_kw_m2, fire.middle_m, air, crs, farthest)
        return Drawn(jet.CARD, zones, _raster("radiation", fire.radiation_kw_m2, air), figures, fire.caveats)


@dataclass(frozen=True)
class VesselBoils:
    """The BLEVE of a vessel of pressure-liquefied flammable gas."""

    kind: ClassVar[str] = "fireball"
    mass_kg: float
    heat_of_combustion_j_kg: float
    burst_pressure_pa: float
    correlation: str = "ccps"

    def draw(self, air: Weather, crs: str) -> Drawn:
        ball = fireball.Fireball(
            self.mass_kg,
            self.heat_of_combustion_j_kg,
            self.burst_pressure_pa,
            self.correlation,
            air.humidity,
            air.temperature_k,
        )
        figures = {"diameter_m": ball.diameter_m, "duration_s": ball.duration_s, "sep_kw_m2": ball.sep_kw_m2}
        raster = _round("radiation", ball.radiation_kw_m2)
        return Drawn(fireball.CARD, _circles("radiation", ball.distance_m, crs), raster, figures)


@dataclass(frozen=True)
class CloudFlashes:
    """A flash fire of a steady release of a flammable gas of neutral buoyancy."""

    kind: ClassVar[str] = "flash_fire"
    cas: str
    rate_kg_s: float
    height_m: float = 0.0

    def draw(self, air: Weather, crs: str) -> Drawn:
        one = substance(self.cas)
        limit = one.lower_flammable_limit
        plume = Plume(guard.positive("泄漏速率", "release rate", self.rate_kg_s), air, self.height_m)
        # kg/m³ of the pure gas in the air's state: a volume fraction of one
        pure = air.pressure_pa * one.molar_mass_kg_mol / (GAS_CONSTANT * air.temperature_k)
        along = np.geomspace(1.0, 20_000.0, 400)
        reached = np.flatnonzero(np.asarray(plume.at(along)) / pure >= limit / 2)
        far = float(along[reached[-1]]) * 1.2 if len(reached) else 10.0
        cell = far / 120
        grid = Grid(280, 280, cell, -140 * cell, 140 * cell, crs)

        def share(ahead: Floats, across: Floats) -> Floats:
            found = np.asarray(plume.at(np.maximum(ahead, 1e-3), across)) / pure
            return np.where(ahead > 0, np.minimum(found, 1.0), 0.0)

        raster = _raster("share", share, air)
        zones = flash.FlashFire(raster(grid), limit).zones()
        figures = {"lower_limit_vol": limit, "area_lfl_m2": zones[0].facts["area_m2"]}
        caveats = (*one.caveats, RISES) if rises(pure, air.air_density_kg_m3) else one.caveats
        return Drawn(flash.CARD, zones, raster, figures, caveats, ())


@dataclass(frozen=True)
class CloudExplodes:
    """A vapour cloud explosion by TNT equivalence."""

    kind: ClassVar[str] = "vapour_cloud_tnt"
    fuel_kg: float
    heat_of_combustion_j_kg: float
    yield_share: float = 0.04

    def draw(self, air: Weather, crs: str) -> Drawn:
        charge = tnt.vapour_cloud_charge_kg(self.fuel_kg, self.heat_of_combustion_j_kg, self.yield_share)
        blast = tnt.TntExplosion(charge)
        raster = _round("overpressure", blast.overpressure_kpa)
        zones = _circles("overpressure", blast.distance_m, crs)
        return Drawn(tnt.CARD, zones, raster, {"tnt_kg": charge}, (tnt.CLOUD_YIELD,))


@dataclass(frozen=True)
class CongestionExplodes:
    """A vapour cloud explosion by the strength (1…10) of its congested part."""

    kind: ClassVar[str] = "vapour_cloud_blast"
    energy_j: float
    strength: int

    def draw(self, air: Weather, crs: str) -> Drawn:
        made = cloud.CloudExplosion.of_strength(self.energy_j, self.strength)
        figures = {"flame_radius_m": made.flame_radius_m, "inside_kpa": cloud.AMBIENT_KPA * made.inside}
        raster = _round("overpressure", made.overpressure_kpa)
        return Drawn(cloud.CARD, _circles("overpressure", made.distance_m, crs), raster, figures)


@dataclass(frozen=True)
class StoreDetonates:
    """Condensed explosives, ammonium nitrate among them, by their TNT equivalence."""

    kind: ClassVar[str] = "condensed_explosive"
    mass_kg: float
    equivalence: float

    def draw(self, air: Weather, crs: str) -> Drawn:
        charge = tnt.condensed_charge_kg(self.mass_kg, self.equivalence)
        blast = tnt.TntExplosion(charge)
        raster = _round("overpressure", blast.overpressure_kpa)
        zones = _circles("overpressure", blast.distance_m, crs)
        return Drawn(tnt.CARD, zones, raster, {"tnt_kg": charge}, (tnt.EQUIVALENCE,))


@dataclass(frozen=True)
class VesselBursts:
    """A pressure vessel that bursts without fire."""

    kind: ClassVar[str] = "vessel_burst"
    pressure_pa: float
    volume_m3: float
    gamma: float
    shell_kg: float

    def draw(self, air: Weather, crs: str) -> Drawn:
        made = vessel.VesselBurst(
            self.pressure_pa, self.volume_m3, self.gamma, self.shell_kg, ambient_pa=air.pressure_pa
        )
        figures = {
            "energy_j": made.energy_j,
            "tnt_kg": made.charge_kg,
            "fragment_range_m": made.fragment_range_m,
        }
        raster = _round("overpressure", made.overpressure_kpa)
        return Drawn(vessel.CARD, _circles("overpressure", made.distance_m, crs), raster, figures)


DRAWN: tuple[type[Event], ...] = (
    PoolBurns,
    JetBurns,
    VesselBoils,
    CloudFlashes,
    CloudExplodes,
    CongestionExplodes,
    StoreDetonates,
    VesselBursts,
)


def _pool(fuel: str, diameter_m: float, air: Weather) -> tuple[pool.PoolFire, tuple[Caveat, ...]]:
    """By the table where the fuel is in it; else by the generic burning rate, sooty, with a caveat."""
    more = {"wind_m_s": air.wind_m_s, "air_temperature_k": air.temperature_k, "humidity": air.humidity}
    named = table("pool_fuels").where("cas", fuel)
    if named or not fuel[:1].isdigit():
        return pool.PoolFire.of(named[0].key if named else fuel, diameter_m, None, **more), ()
    one = substance(fuel)
    at_k = min(one.boiling_k, air.temperature_k)
    combustion = one.heat_of_combustion_j_kg
    rate = pool.burning_rate_generic(
        combustion,
        one.heat_of_vaporisation_j_kg(at_k),
        one.liquid_heat_capacity_j_kg_k(at_k),
        one.boiling_k,
        air.temperature_k,
    )
    words = Text(
        "燃烧速率按通用式估算，烟炱份额取 0.8",
        "The burning rate is the generic one; a soot share of 0.8 is assumed",
    )
    fire = pool.PoolFire(
        diameter_m,
        rate,
        combustion,
        molar_mass_kg_mol=one.molar_mass_kg_mol,
        boiling_point_k=one.boiling_k,
        **more,
    )
    return fire, (Caveat("pool_fire.generic_rate", words), *one.caveats)


def _radiation(
    flux: Callable[[Floats, Floats], Floats],
    middle: tuple[float, float],
    air: Weather,
    crs: str,
    farthest_m: float,
) -> tuple[Contour, ...]:
    return tuple(
        reach(level, flux, middle, CENTRE, air.toward_deg, crs, farthest_m=farthest_m)
        for level in thresholds("radiation")
    )


def _circles(quantity: str, distance: Callable[[float], float], crs: str) -> tuple[Contour, ...]:
    levels: tuple[Threshold, ...] = thresholds(quantity)
    return tuple(circle(level, distance(level.value), CENTRE, crs) for level in levels)


_NAMES = {
    "radiation": ("kW/m²", Text("热辐射强度", "radiation")),
    "overpressure": ("kPa", Text("峰值超压", "peak overpressure")),
    "share": ("", Text("体积分数", "volume fraction")),
}


def _raster(quantity: str, of: Callable[[Floats, Floats], Floats], air: Weather) -> Raster:
    """*of*, which takes metres downwind and to the left, over a grid."""
    unit, label = _NAMES[quantity]

    def over(grid: Grid) -> Field:
        places = turn_back(grid.x_m[None, :], grid.y_m[:, None], air.toward_deg)
        return Field(quantity, unit, label, grid, np.asarray(of(*places), np.float64))

    return over


def _round(quantity: str, of: Callable[[Floats], Floats]) -> Raster:
    """*of*, which takes a distance, over a grid; nowhere nearer than half a cell."""
    unit, label = _NAMES[quantity]

    def over(grid: Grid) -> Field:
        distance = np.hypot(grid.x_m[None, :], grid.y_m[:, None])
        values = np.asarray(of(np.maximum(distance, grid.cell_m / 2)), np.float64)
        return Field(quantity, unit, label, grid, values)

    return over
