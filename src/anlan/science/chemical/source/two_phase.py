"""A liquefied gas through a hole: flashing flow, and what of it stays in the air."""

import math
from dataclasses import dataclass

from scipy.optimize import brentq

from anlan.kernel.models import Caveat, ModelCard, Quantity, Verification
from anlan.kernel.text import Text
from anlan.science.chemical.source.orifice import GRAVITY_M_S2, liquid_orifice
from anlan.science.chemical.source.outflow import (
    SHARP_LIQUID,
    Outflow,
    Phase,
    checked_coefficient,
    hole_area_m2,
)
from anlan.science.chemical.substances import Substance
from anlan.science.chemical.substances.concentration import ATMOSPHERE_PA
from anlan.science.chemical.substances.gas_state import real_gas_density_kg_m3
from anlan.science.guard import require
from anlan.science.registry import model

_EQUILIBRIUM_LENGTH_M = 0.1
RAINOUT = Caveat(
    "source.rainout_rule",
    Text(
        "雨出按闪蒸分率两倍的经验法估计",
        "The rain-out is a rule of thumb: twice the flash fraction stays in the air",
    ),
)


@dataclass(frozen=True)
class Saturated:
    """A liquid and its vapour at one temperature, SI."""

    temperature_k: float
    pressure_pa: float
    liquid_kg_m3: float
    vapour_kg_m3: float
    latent_j_kg: float
    liquid_heat_j_kg_k: float

    @property
    def omega(self) -> float:
        """Leung's compressibility of flashing saturated liquid, ρ_l c_p T p (v_fg/h_fg)²."""
        growth = 1 / self.vapour_kg_m3 - 1 / self.liquid_kg_m3
        heat = self.liquid_heat_j_kg_k * self.temperature_k * self.pressure_pa
        return self.liquid_kg_m3 * heat * (growth / self.latent_j_kg) ** 2


def saturated(one: Substance, temperature_k: float) -> Saturated:
    """The saturated state of a substance."""
    pressure = one.vapour_pressure_pa(temperature_k)
    return Saturated(
        temperature_k,
        pressure,
        one.liquid_density_kg_m3(temperature_k),
        real_gas_density_kg_m3(one, temperature_k, pressure),
        one.heat_of_vaporisation_j_kg(temperature_k),
        one.liquid_heat_capacity_j_kg_k(temperature_k),
    )


def flash_fraction(one: Substance, temperature_k: float, ambient_pa: float = ATMOSPHERE_PA) -> float:
    """Mass fraction that boils off when superheated liquid falls to ambient pressure, at constant enthalpy:
    1 − exp(−c_p (T − T_b)/h_fg), with c_p at the mean and h_fg at the boiling temperature
    (TNO Yellow Book, equation 2.121; CCPS 1999, equation 2.29). Zero for a subcooled liquid."""
    boiling = one.boiling_at_pa(ambient_pa)
    if temperature_k <= boiling:
        return 0.0
    heat = one.liquid_heat_capacity_j_kg_k((temperature_k + boiling) / 2)
    return 1 - math.exp(-heat * (temperature_k - boiling) / one.heat_of_vaporisation_j_kg(boiling))


def airborne_fraction(flash: float) -> float:
    """What stays in the air as vapour and droplets: twice the flash fraction, at most all
    (Kletz's rule; domain sheet §4.1). The rest rains out.

    >>> airborne_fraction(0.2), airborne_fraction(0.7)
    (0.4, 1.0)
    """
    return min(2 * require(flash, Text("闪蒸分率", "flash fraction"), high=1.0, open_low=False), 1.0)


@model(
    ModelCard(
        id="chemical.two_phase_orifice",
        version="1",
        title=Text("过热液体两相泄漏", "Flashing liquid through a hole"),
        purpose=Text("液化气体小孔或短管两相泄漏速率", "Rate of liquefied gas out of a hole or a short pipe"),
        applicability=Text(
            "饱和或过冷液体；均相平衡（孔长大于 0.1 m）与非平衡（更短）之间插值",
            "Saturated or subcooled liquid; equilibrium from 0.1 m of flow length, towards liquid flow for less",
        ),
        inputs=(
            Quantity("hole_m", "m", Text("孔径", "hole diameter"), 1e-3, 1.0),
            Quantity("temperature_k", "K", Text("液体温度", "liquid temperature"), 100.0, 600.0),
            Quantity("length_m", "m", Text("流道长度", "flow length"), 0.0, 1.0),
        ),
        references=(
            "Leung, AIChE J. 32 (1986) 1743; Leung and Grolmes, AIChE J. 34 (1988) 524 (omega method)",
            "Fauske, Plant/Operations Progress 4 (1985) 132; CCPS 1999 equations 2.33-2.36",
        ),
        verification=Verification.VERIFIED,
        suite="chemical",
        caveats=(RAINOUT,),
    )
)
def two_phase_orifice(
    one: Substance,
    hole_m: float,
    temperature_k: float,
    *,
    pressure_pa: float | None = None,
    head_m: float = 0.0,
    length_m: float = 0.1,
    ambient_pa: float = ATMOSPHERE_PA,
    coefficient: float | None = None,
) -> Outflow:
    """Rate of a saturated liquid, or one subcooled by padding (*pressure_pa*) or level (*head_m*).

    Flow lengths of 0.1 m and more: homogeneous equilibrium by the omega method. Shorter: Fauske's
    non-equilibrium factor, which becomes plain liquid flow for a sharp hole of no length. Boiling in the hole only
    slows the flow: no more leaves than of a liquid that does not boil, so that the rate is one curve through the
    boiling point.
    A liquid that does not boil at ambient pressure flows as a liquid.
    """
    state = saturated(one, temperature_k)
    inside = (
        state.pressure_pa
        if pressure_pa is None
        else require(pressure_pa, Text("压力", "pressure"), unit="Pa")
    )
    inside = max(inside, state.pressure_pa) + state.liquid_kg_m3 * GRAVITY_M_S2 * max(head_m, 0.0)
    length = require(length_m, Text("流道长度", "flow length"), high=1e4, unit="m", open_low=False)
    area = hole_area_m2(hole_m)
    sharp = liquid_orifice(
        state.liquid_kg_m3, hole_m, inside, ambient_pa=ambient_pa, coefficient=coefficient or SHARP_LIQUID
    )
    if state.pressure_pa <= ambient_pa:
        return sharp
    flash = flash_fraction(one, temperature_k, ambient_pa)
    equilibrium = omega_flux(state, inside, ambient_pa)
    liquid = sharp.rate_kg_s / area
    loss = checked_coefficient(coefficient) if coefficient and length >= _EQUILIBRIUM_LENGTH_M else 1.0
    flux = min(loss * equilibrium[0], liquid)
    if length < _EQUILIBRIUM_LENGTH_M:
        share = length / _EQUILIBRIUM_LENGTH_M
        flux = 1 / math.sqrt(share / flux**2 + (1 - share) / liquid**2)
    return Outflow(
        flux * area,
        Phase.TWO_PHASE,
        flux / state.liquid_kg_m3,
        equilibrium[1],
        equilibrium[2],
        flash,
        (RAINOUT,),
    )


def omega_flux(state: Saturated, pressure_pa: float, ambient_pa: float) -> tuple[float, float, bool]:
    """Mass flux in kg/(m² s), throat pressure, choked or not, by the omega method for saturated
    (p = p_s) and subcooled (p > p_s) liquid."""
    omega, ratio_s = state.omega, min(state.pressure_pa / pressure_pa, 1.0)
    scale = math.sqrt(pressure_pa * state.liquid_kg_m3)
    if ratio_s < 2 * omega / (1 + 2 * omega):
        throat = max(ratio_s, ambient_pa / pressure_pa)
        return scale * math.sqrt(2 * (1 - throat)), throat * pressure_pa, throat == ratio_s
    critical = _critical_ratio(omega, ratio_s)
    throat = max(critical, ambient_pa / pressure_pa)
    if throat >= ratio_s and ratio_s < 1:
        return scale * math.sqrt(2 * (1 - throat)), throat * pressure_pa, False
    return (
        scale * _reduced_flux(omega, ratio_s, min(throat, ratio_s)),
        throat * pressure_pa,
        throat == critical,
    )


def fauske_flux(state: Saturated) -> float:
    """Equilibrium rate model for saturated liquid: h_fg / v_fg · (T c_p)^(−½), in kg/(m² s)."""
    growth = 1 / state.vapour_kg_m3 - 1 / state.liquid_kg_m3
    return state.latent_j_kg / growth / math.sqrt(state.temperature_k * state.liquid_heat_j_kg_k)


def _reduced_flux(omega: float, ratio_s: float, ratio: float) -> float:
    """G/√(p₀ρ₀) at a throat pressure ratio (Leung and Grolmes 1988, equation 8)."""
    drive = 2 * (1 - ratio_s) + 2 * (
        omega * ratio_s * math.log(ratio_s / ratio) - (omega - 1) * (ratio_s - ratio)
    )
    return math.sqrt(max(drive, 0.0)) / (omega * (ratio_s / ratio - 1) + 1)


def _critical_ratio(omega: float, ratio_s: float) -> float:
    """Where the flux has its maximum below the saturation pressure: the zero of its slope."""

    def slope(ratio: float) -> float:
        below = omega * (ratio_s / ratio - 1) + 1
        drive = 2 * (1 - ratio_s) + 2 * (
            omega * ratio_s * math.log(ratio_s / ratio) - (omega - 1) * (ratio_s - ratio)
        )
        return (-omega * ratio_s / ratio + omega - 1) * below + drive * omega * ratio_s / ratio**2

    low, high = 1e-4 * ratio_s, ratio_s * (1 - 1e-12)
    if slope(high) >= 0:
        return ratio_s
    return float(brentq(slope, low, high, xtol=1e-12))
