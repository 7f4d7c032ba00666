"""Flow through a hole: liquid under pressure and level, gas choked or not."""

import math

from scipy.optimize import brentq

from anlan.kernel.errors import Invalid
from anlan.kernel.models import ModelCard, Quantity, Verification
from anlan.kernel.text import Text
from anlan.science.chemical.source.outflow import (
    SHARP_GAS,
    SHARP_LIQUID,
    Outflow,
    Phase,
    checked_coefficient,
    hole_area_m2,
)
from anlan.science.chemical.substances.concentration import ATMOSPHERE_PA, GAS_CONSTANT
from anlan.science.guard import require
from anlan.science.registry import model

GRAVITY_M_S2 = 9.80665
_PRESSURE = Text("容器压力", "vessel pressure")
_AIR = Text("环境压力", "ambient pressure")
_DIAMETER = Quantity("hole_m", "m", Text("孔径", "hole diameter"), 1e-4, 1.0)


@model(
    ModelCard(
        id="chemical.orifice_liquid",
        version="1",
        title=Text("液体小孔泄漏", "Liquid through a hole"),
        purpose=Text("储罐、管道小孔的液体泄漏速率", "Rate of liquid out of a hole in a tank or pipe"),
        applicability=Text(
            "不闪蒸的液体、湍流、孔远小于容器", "No flashing, turbulent, hole small beside the vessel"
        ),
        inputs=(
            _DIAMETER,
            Quantity("pressure_pa", "Pa", Text("容器压力（绝压）", "absolute vessel pressure"), 1e4, 2e7),
            Quantity("head_m", "m", Text("孔上液位", "level over the hole"), 0.0, 60.0),
        ),
        references=(
            "TNO Yellow Book CPR 14E (2005), equation 2.194",
            "GB/T 37243-2019 appendix; HJ 169-2018 F.1",
        ),
        verification=Verification.VERIFIED,
        suite="chemical",
    )
)
def liquid_orifice(
    density_kg_m3: float,
    hole_m: float,
    pressure_pa: float,
    head_m: float = 0.0,
    *,
    ambient_pa: float = ATMOSPHERE_PA,
    coefficient: float = SHARP_LIQUID,
) -> Outflow:
    """Q = C_d A ρ √(2 (p − p_a)/ρ + 2 g h), absolute pressures; zero when nothing drives it.

    >>> round(liquid_orifice(1000.0, 0.05, 101325.0, 5.0).rate_kg_s, 2)
    11.86
    """
    density = require(density_kg_m3, Text("液体密度", "liquid density"), high=2e4, unit="kg/m³")
    inside = require(pressure_pa, _PRESSURE, high=1e9, unit="Pa", open_low=False)
    outside = require(ambient_pa, _AIR, high=1e7, unit="Pa", open_low=False)
    head = require(head_m, Text("孔上液位", "level over the hole"), high=500.0, unit="m", open_low=False)
    drive = 2 * (inside - outside) / density + 2 * GRAVITY_M_S2 * head
    speed = math.sqrt(max(drive, 0.0))
    rate = checked_coefficient(coefficient) * hole_area_m2(hole_m) * density * speed
    return Outflow(rate, Phase.LIQUID, speed, outside)


def critical_ratio(gamma: float) -> float:
    """p_throat/p₀ of choked flow, (2/(γ+1))^(γ/(γ−1)).

    >>> round(critical_ratio(1.4), 4)
    0.5283
    """
    index = require(gamma, Text("比热比", "heat capacity ratio"), low=1.0, high=1.67)
    return float((2 / (index + 1)) ** (index / (index - 1)))


@model(
    ModelCard(
        id="chemical.orifice_gas",
        version="1",
        title=Text("气体小孔泄漏", "Gas through a hole"),
        purpose=Text("临界与亚临界气体泄漏速率", "Rate of gas out of a hole, choked or not"),
        applicability=Text(
            "单相气体，等熵膨胀；Z 取容器内状态", "Single-phase gas, isentropic; Z at the vessel's state"
        ),
        inputs=(
            _DIAMETER,
            Quantity("pressure_pa", "Pa", Text("容器压力（绝压）", "absolute vessel pressure"), 1e5, 3e7),
            Quantity("temperature_k", "K", Text("容器温度", "vessel temperature"), 150.0, 800.0),
            Quantity("compressibility", "", Text("压缩因子", "compressibility"), 0.5, 1.3),
        ),
        references=(
            "TNO Yellow Book CPR 14E (2005), equations 2.22-2.26",
            "GB/T 37243-2019 appendix; HJ 169-2018 F.2",
        ),
        verification=Verification.VERIFIED,
        suite="chemical",
    )
)
def gas_orifice(
    molar_mass_kg_mol: float,
    gamma: float,
    hole_m: float,
    pressure_pa: float,
    temperature_k: float,
    *,
    compressibility: float = 1.0,
    ambient_pa: float = ATMOSPHERE_PA,
    coefficient: float = SHARP_GAS,
) -> Outflow:
    """Choked: C_d A p √(γM/(ZRT) (2/(γ+1))^((γ+1)/(γ−1))); else with the outflow factor
    √(2/(γ−1) · ((γ+1)/2)^((γ+1)/(γ−1)) · r^(2/γ) (1 − r^((γ−1)/γ))), r = p_a/p. Absolute pressures.

    >>> round(gas_orifice(0.028965, 1.4, 0.1, 1e6, 300.0, coefficient=1.0).rate_kg_s, 2)
    18.33
    """
    mass = require(molar_mass_kg_mol, Text("摩尔质量", "molar mass"), high=1.0, unit="kg/mol")
    inside = require(pressure_pa, _PRESSURE, high=1e9, unit="Pa")
    outside = require(ambient_pa, _AIR, high=1e7, unit="Pa", open_low=False)
    kelvin = require(temperature_k, Text("容器温度", "vessel temperature"), high=3000.0, unit="K")
    z = require(compressibility, Text("压缩因子", "compressibility"), high=3.0)
    throat, opening = critical_ratio(gamma), checked_coefficient(coefficient) * hole_area_m2(hole_m)
    power = (gamma + 1) / (gamma - 1)
    choked_flux = inside * math.sqrt(gamma * mass / (z * GAS_CONSTANT * kelvin) * (2 / (gamma + 1)) ** power)
    ratio = outside / inside
    if ratio >= 1:
        return Outflow(0.0, Phase.GAS, 0.0, outside, vapour_fraction=1.0)
    if ratio <= throat:
        speed = math.sqrt(gamma * z * GAS_CONSTANT * kelvin / mass * 2 / (gamma + 1))
        return Outflow(opening * choked_flux, Phase.GAS, speed, inside * throat, True, 1.0)
    span = 1 - ratio ** ((gamma - 1) / gamma)
    factor = math.sqrt(2 / (gamma - 1) * ((gamma + 1) / 2) ** power * ratio ** (2 / gamma) * span)
    speed = math.sqrt(2 * gamma / (gamma - 1) * z * GAS_CONSTANT * kelvin / mass * span)
    return Outflow(opening * choked_flux * factor, Phase.GAS, speed, outside, False, 1.0)


@model(
    ModelCard(
        id="chemical.pipe_gas_steady",
        version="1",
        title=Text("带摩阻气体管道泄漏", "Gas through a pipe with friction"),
        purpose=Text(
            "短管、支管断裂的稳定泄漏速率", "Steady rate out of a broken branch fed by a large vessel"
        ),
        applicability=Text("理想气体、绝热、等径管", "Ideal gas, adiabatic, one diameter"),
        inputs=(
            _DIAMETER,
            Quantity("pressure_pa", "Pa", Text("容器压力（绝压）", "absolute vessel pressure"), 1e5, 3e7),
            Quantity("friction", "", Text("总摩阻 fL/d+ΣK", "total friction fL/d+ΣK"), 0.0, 1e4),
        ),
        references=(
            "Shapiro, Compressible Fluid Flow I (1953), chapter 6",
            "Perry's Handbook 8th ed., section 6 (Fanno flow)",
        ),
        verification=Verification.VERIFIED,
        suite="chemical",
    )
)
def fanno_pipe(
    molar_mass_kg_mol: float,
    gamma: float,
    hole_m: float,
    pressure_pa: float,
    temperature_k: float,
    friction: float,
    *,
    ambient_pa: float = ATMOSPHERE_PA,
) -> Outflow:
    """Adiabatic flow with friction (Fanno): the inlet Mach number for which *friction*, the sum of
    Darcy's f L/d and the fittings' K, brings the flow to Mach 1 or to the ambient pressure at the exit."""
    mass = require(molar_mass_kg_mol, Text("摩尔质量", "molar mass"), high=1.0, unit="kg/mol")
    inside = require(pressure_pa, _PRESSURE, high=1e9, unit="Pa")
    kelvin = require(temperature_k, Text("容器温度", "vessel temperature"), high=3000.0, unit="K")
    loss = require(friction, Text("总摩阻", "total friction"), high=1e7, open_low=False)
    critical_ratio(gamma)
    if ambient_pa >= inside:
        return Outflow(0.0, Phase.GAS, 0.0, ambient_pa, vapour_fraction=1.0)
    inlet = _inlet_mach(gamma, loss) if loss > 1e-9 else 1.0
    exit_pa = inside * _static(gamma, inlet) * inlet * math.sqrt(_heat(gamma, inlet) / _heat(gamma, 1.0))
    outlet, choked = 1.0, True
    if exit_pa < ambient_pa:
        choked, exit_pa = False, ambient_pa
        inlet = float(
            brentq(lambda m: _exit_pressure(gamma, m, loss, inside) - ambient_pa, 1e-6, inlet * (1 - 1e-9))
        )
        outlet = _outlet_mach(gamma, inlet, loss)
    static_k = kelvin / _heat(gamma, inlet)
    flux = inside * _static(gamma, inlet) * inlet * math.sqrt(gamma * mass / (GAS_CONSTANT * static_k))
    exit_k = kelvin / _heat(gamma, outlet)
    speed = outlet * math.sqrt(gamma * GAS_CONSTANT * exit_k / mass)
    return Outflow(flux * hole_area_m2(hole_m), Phase.GAS, speed, exit_pa, choked, 1.0)


def darcy_friction(roughness_m: float, diameter_m: float) -> float:
    """Darcy's factor of a fully rough pipe: (−2 lg(ε / 3.715 d))⁻² (TNO Yellow Book, equation 2.36)."""
    rough = require(roughness_m, Text("粗糙度", "roughness"), high=0.05, unit="m")
    bore = require(diameter_m, Text("管径", "pipe diameter"), high=5.0, unit="m")
    if rough >= bore:
        raise Invalid(Text("粗糙度不能大于管径", "The roughness cannot exceed the diameter"))
    return (-2 * math.log10(rough / (3.715 * bore))) ** -2


def _heat(gamma: float, mach: float) -> float:
    """T₀/T."""
    return 1 + (gamma - 1) / 2 * mach**2


def _static(gamma: float, mach: float) -> float:
    """p/p₀."""
    return float(_heat(gamma, mach) ** (-gamma / (gamma - 1)))


def _friction_to_sonic(gamma: float, mach: float) -> float:
    ratio = (gamma + 1) * mach**2 / (2 + (gamma - 1) * mach**2)
    return (1 - mach**2) / (gamma * mach**2) + (gamma + 1) / (2 * gamma) * math.log(ratio)


def _inlet_mach(gamma: float, loss: float) -> float:
    return float(brentq(lambda m: _friction_to_sonic(gamma, m) - loss, 1e-7, 1.0, xtol=1e-14))


def _outlet_mach(gamma: float, inlet: float, loss: float) -> float:
    left = max(_friction_to_sonic(gamma, inlet) - loss, 0.0)
    return 1.0 if left <= 0 else _inlet_mach(gamma, left)


def _exit_pressure(gamma: float, inlet: float, loss: float, inside: float) -> float:
    outlet = _outlet_mach(gamma, inlet, loss)
    fall = inlet / outlet * math.sqrt(_heat(gamma, inlet) / _heat(gamma, outlet))
    return inside * _static(gamma, inlet) * fall
