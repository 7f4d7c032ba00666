"""What leaves a source before it mixes: its density, from temperature and the fraction of droplets."""

from dataclasses import dataclass

from anlan.kernel.errors import Invalid
from anlan.kernel.text import Text
from anlan.science.chemical.substances import Substance, air_density_kg_m3
from anlan.science.chemical.weather import Weather
from anlan.science.guard import require

_AIR_J_KG_K = 1005.0
_TRACE_OF_VAPOUR = 0.01
"""Air that holds less vapour than this part is hardly heavier than air. The criterion would find the more of it, and
the cloud the heavier, the less vapour it holds: so it counts as air, and its vapour spreads as a passive plume."""


@dataclass(frozen=True)
class SourceState:
    """Temperature, droplet mass fraction and density of the undiluted release at ambient pressure.

    *carried_kg_m3* is the mass of the substance per volume of it: less than the density where a liquid
    evaporates below its boiling point and its vapour comes off already mixed with air. *weighs_kg_m3* is the density
    that stands for the weight of the cloud: of a source with droplets, what it has once they have evaporated, and the
    air's own where there is but a trace of vapour in it.
    """

    temperature_k: float
    liquid_fraction: float
    density_kg_m3: float
    carried_kg_m3: float
    weighs_kg_m3: float

    @property
    def is_saturated_air(self) -> bool:
        """Whether it is the air over an evaporating liquid, not the substance alone."""
        return self.carried_kg_m3 < self.density_kg_m3


def source_state(
    one: Substance, weather: Weather, temperature_k: float | None = None, liquid_fraction: float = 0.0
) -> SourceState:
    """The state at ambient pressure. Without a temperature: the boiling point of a gas that is kept
    liquefied under pressure (boils below the air's temperature, critical point above), else the air's.
    Droplets pin it to the boiling point."""
    share = require(liquid_fraction, Text("液滴质量分数", "droplet fraction"), high=0.999, open_low=False)
    boiling = _boiling(one)
    if share > 0:
        if boiling is None:
            raise Invalid(
                Text("缺少沸点，无法计算含液滴的源", "Without a boiling point no source with droplets")
            )
        kelvin = boiling
    elif temperature_k is not None:
        kelvin = require(temperature_k, Text("源温度", "source temperature"), low=50, high=2000, unit="K")
    else:
        liquefied = boiling is not None and _critical(one) > weather.temperature_k
        kelvin = (
            min(boiling or weather.temperature_k, weather.temperature_k)
            if liquefied
            else weather.temperature_k
        )
    vapour = one.gas_density_kg_m3(kelvin, weather.pressure_pa)
    if boiling is not None and kelvin < boiling - 1.0:
        return _evaporating(one, weather, kelvin)
    volume = (1 - share) / vapour
    if share > 0:
        volume += share / one.liquid_density_kg_m3(kelvin)
    density = 1 / volume
    weighs = max(density, _evaporated(one, weather, kelvin, share, density)) if share > 0 else density
    return SourceState(kelvin, share, density, density, weighs)


def _evaporated(one: Substance, weather: Weather, kelvin: float, share: float, density: float) -> float:
    """The density whose flow has the weight of the cloud in much air: a kilogram takes the room of as much air as
    it has molecules, and the cold of its droplets and vapour draws the air about it together. So ammonia, lighter
    than air as a vapour, makes a heavy cloud as a mist (CCPS 1999, section 2.3.2; Britter and McQuaid 1988)."""
    air_k = weather.temperature_k
    cold = share * one.heat_of_vaporisation_j_kg(kelvin)
    cold += one.gas_heat_capacity_j_kg_k(air_k) * max(air_k - kelvin, 0.0)
    light = weather.air_density_kg_m3 / one.gas_density_kg_m3(air_k, weather.pressure_pa)
    return weather.air_density_kg_m3 + density * (1 - light + cold / (_AIR_J_KG_K * air_k))


def _evaporating(one: Substance, weather: Weather, kelvin: float) -> SourceState:
    """Vapour over a liquid below its boiling point: air saturated with it."""
    part = min(one.vapour_pressure_pa(kelvin) / weather.pressure_pa, 1.0)
    vapour = one.gas_density_kg_m3(kelvin, weather.pressure_pa)
    air = air_density_kg_m3(kelvin, weather.pressure_pa)
    density = part * vapour + (1 - part) * air
    weighs = density if part >= _TRACE_OF_VAPOUR else weather.air_density_kg_m3
    return SourceState(kelvin, 0.0, density, max(part, 1e-9) * vapour, weighs)


def _boiling(one: Substance) -> float | None:
    try:
        return one.boiling_k
    except Invalid:
        return None


def _critical(one: Substance) -> float:
    """Critical temperature; when unknown the substance counts as liquefiable."""
    try:
        return one.critical_k
    except Invalid:
        return float("inf")
