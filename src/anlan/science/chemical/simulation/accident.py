"""Fires and explosions as the engine's events, with what has to be derived from the substance."""

from typing import Any

from anlan.kernel.text import Text
from anlan.science.chemical import events
from anlan.science.chemical.simulation import params
from anlan.science.chemical.source.orifice import gas_orifice
from anlan.science.chemical.substances import Substance
from anlan.science.params import refused_at


def event_of(scenario: Any, one: Substance | None) -> tuple[events.Event, dict[str, float]]:
    """The engine's event, and figures that were derived for it."""
    match scenario:
        case params.PoolFire():
            return events.PoolBurns(scenario.substance, scenario.diameter_m), {}
        case params.CondensedExplosive():
            return events.StoreDetonates(scenario.mass_kg, scenario.equivalence), {}
    if one is None:
        raise TypeError("this event has a substance")
    match scenario:
        case params.VesselBurst():
            gamma = one.heat_capacity_ratio(scenario.temperature_k)
            burst = events.VesselBursts(scenario.pressure_pa, scenario.volume_m3, gamma, scenario.shell_kg)
            return burst, {"gamma": gamma}
        case params.JetFire():
            return _jet(scenario, one)
    heat = scenario.heat_of_combustion_j_kg or one.heat_of_combustion_j_kg
    said = {"heat_of_combustion_j_kg": heat}
    match scenario:
        case params.Fireball():
            ball = events.VesselBoils(
                scenario.mass_kg, heat, scenario.burst_pressure_pa, scenario.correlation
            )
            return ball, said
        case params.VapourCloudExplosion() if scenario.strength is not None:
            return events.CongestionExplodes(scenario.fuel_kg * heat, scenario.strength), said
        case params.VapourCloudExplosion():
            return events.CloudExplodes(scenario.fuel_kg, heat, scenario.yield_share), said
    raise TypeError(f"no event for {type(scenario).__name__}")


def _jet(scenario: params.JetFire, one: Substance) -> tuple[events.Event, dict[str, float]]:
    if (scenario.rate_kg_s is None) == (scenario.hole_m is None):
        raise refused_at(
            "$.scenario.rate_kg_s",
            Text("泄漏速率 rate_kg_s 与孔径 hole_m 应给出且只给出一个", "give either rate_kg_s or hole_m"),
        )
    gamma = one.heat_capacity_ratio(scenario.temperature_k)
    rate = scenario.rate_kg_s
    if rate is None:
        rate = gas_orifice(
            one.molar_mass_kg_mol, gamma, scenario.hole_m or 0.0, scenario.pressure_pa, scenario.temperature_k
        ).rate_kg_s
    heat = scenario.heat_of_combustion_j_kg or one.heat_of_combustion_j_kg
    event = events.JetBurns(
        rate,
        scenario.pressure_pa,
        scenario.temperature_k,
        gamma,
        one.molar_mass_kg_mol,
        heat,
        scenario.elevation_deg,
        scenario.height_m,
    )
    return event, {"rate_kg_s": rate, "gamma": gamma, "heat_of_combustion_j_kg": heat}
