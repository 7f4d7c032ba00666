"""Vessels that empty: gas blowing down, liquid falling to the hole, and a vessel that bursts."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.integrate import solve_ivp

from anlan.kernel.errors import Invalid
from anlan.kernel.models import Caveat, ModelCard, Quantity, Verification
from anlan.kernel.text import LabelledEnum, Text
from anlan.science.chemical.source.orifice import GRAVITY_M_S2, gas_orifice
from anlan.science.chemical.source.outflow import (
    SHARP_GAS,
    SHARP_LIQUID,
    Profile,
    checked_coefficient,
    hole_area_m2,
)
from anlan.science.chemical.source.two_phase import (
    RAINOUT,
    airborne_fraction,
    flash_fraction,
    two_phase_orifice,
)
from anlan.science.chemical.substances import Substance
from anlan.science.chemical.substances.concentration import ATMOSPHERE_PA, GAS_CONSTANT
from anlan.science.guard import require
from anlan.science.registry import model

Array = NDArray[np.float64]
EMPTIES = Caveat(
    "source.empties",
    Text("容器在计算时段内排空，之后速率为零", "The vessel empties within the period: no flow afterwards"),
)


class TankShape(LabelledEnum):
    """Forms of tank."""

    VERTICAL = "vertical", "立式圆筒", "Vertical cylinder"
    HORIZONTAL = "horizontal", "卧式圆筒", "Horizontal cylinder"
    SPHERE = "sphere", "球罐", "Sphere"


@dataclass(frozen=True)
class Tank:
    """A tank by its form: *diameter_m*, and *length_m* (height of a vertical, length of a lying cylinder)."""

    shape: TankShape
    diameter_m: float
    length_m: float = 0.0

    def __post_init__(self) -> None:
        require(self.diameter_m, Text("罐径", "tank diameter"), high=200.0, unit="m")
        if self.shape is not TankShape.SPHERE:
            require(self.length_m, Text("罐高（长）", "tank height or length"), high=500.0, unit="m")

    @property
    def height_m(self) -> float:
        return self.length_m if self.shape is TankShape.VERTICAL else self.diameter_m

    @property
    def volume_m3(self) -> float:
        if self.shape is TankShape.SPHERE:
            return math.pi * self.diameter_m**3 / 6
        return math.pi * self.diameter_m**2 / 4 * self.length_m

    def surface_m2(self, level_m: ArrayLike) -> Array:
        """Area of the liquid's surface at a level over the bottom."""
        level = np.clip(np.asarray(level_m, np.float64), 0.0, self.height_m)
        if self.shape is TankShape.VERTICAL:
            return np.full_like(level, math.pi * self.diameter_m**2 / 4)
        chord = np.sqrt(level * (self.diameter_m - level))
        if self.shape is TankShape.SPHERE:
            return math.pi * chord**2
        return 2 * chord * self.length_m

    def liquid_m3(self, level_m: ArrayLike) -> Array:
        """Volume of liquid below a level."""
        level = np.clip(np.asarray(level_m, np.float64), 0.0, self.height_m)
        radius = self.diameter_m / 2
        if self.shape is TankShape.VERTICAL:
            return math.pi * radius**2 * level
        if self.shape is TankShape.SPHERE:
            return math.pi * level**2 * (3 * radius - level) / 3
        depth = radius - level
        segment = radius**2 * np.arccos(np.clip(depth / radius, -1, 1))
        return np.asarray(
            (segment - depth * np.sqrt(np.maximum(level * (2 * radius - level), 0))) * self.length_m
        )


@model(
    ModelCard(
        id="chemical.tank_drain",
        version="1",
        title=Text("储罐液体泄放过程", "Draining of a liquid tank"),
        purpose=Text("液位下降时的泄漏速率与排空时间", "Rate as the level falls, and the time to empty"),
        applicability=Text("不闪蒸的液体，气相压力不变", "No flashing, constant pressure over the liquid"),
        inputs=(
            Quantity("level_m", "m", Text("液位", "level"), 0.0, 60.0),
            Quantity("hole_m", "m", Text("孔径", "hole diameter"), 1e-3, 1.0),
            Quantity(
                "pressure_pa", "Pa", Text("气相压力（绝压）", "absolute pressure over the liquid"), 5e4, 5e6
            ),
        ),
        references=("TNO Yellow Book CPR 14E (2005), section 2.5.4; Torricelli's law",),
        verification=Verification.VERIFIED,
        suite="chemical",
    )
)
def tank_drain(
    tank: Tank,
    density_kg_m3: float,
    level_m: float,
    hole_m: float,
    *,
    hole_height_m: float = 0.0,
    pressure_pa: float = ATMOSPHERE_PA,
    ambient_pa: float = ATMOSPHERE_PA,
    coefficient: float = SHARP_LIQUID,
    until_s: float = math.inf,
    rows: int = 400,
) -> Profile:
    """Rate and level until the level reaches the hole (or *until_s*).

    dt = −A(h) dh / (C_d A_h w(h)), w = √(2(p − p_a)/ρ + 2g(h − h_hole)), in the variable w, in which
    the integrand is smooth down to an empty tank.
    """
    density = require(density_kg_m3, Text("液体密度", "liquid density"), high=2e4, unit="kg/m³")
    level = require(level_m, Text("液位", "level"), high=tank.height_m, unit="m", open_low=False)
    opening = checked_coefficient(coefficient) * hole_area_m2(hole_m)
    hole = require(
        hole_height_m, Text("孔高", "height of the hole"), high=tank.height_m, unit="m", open_low=False
    )
    push = 2 * (require(pressure_pa, Text("压力", "pressure"), unit="Pa") - ambient_pa) / density
    head = max(level - hole, 0.0)
    fastest = math.sqrt(max(push + 2 * GRAVITY_M_S2 * head, 0.0))
    if fastest <= 0 or head <= 0:
        return Profile(np.array([0.0, 1.0]), np.zeros(2), np.full(2, level), "level_m")
    speed = np.linspace(fastest, math.sqrt(max(push, 0.0)), rows)
    levels = hole + np.maximum(speed**2 - push, 0.0) / (2 * GRAVITY_M_S2)
    per_speed = tank.surface_m2(levels) / (opening * GRAVITY_M_S2)  # dt = A dw / (C_d A_h g)
    steps = (per_speed[1:] + per_speed[:-1]) / 2 * -np.diff(speed)
    times = np.concatenate([[0.0], np.cumsum(steps)])
    rate = density * opening * speed
    return _until(Profile(times, rate, levels, "level_m"), until_s)


def liquefied_drain(
    one: Substance,
    tank: Tank,
    level_m: float,
    hole_m: float,
    temperature_k: float,
    *,
    hole_height_m: float = 0.0,
    length_m: float = 0.1,
    ambient_pa: float = ATMOSPHERE_PA,
    until_s: float = math.inf,
    rows: int = 60,
) -> Profile:
    """Liquefied gas out of a hole below its level at its own vapour pressure (temperature held): the rate of
    `two_phase_orifice` at falling levels, dt = ρ A(h) dh / q(h). The vapour left behind is not counted."""
    level = require(level_m, Text("液位", "level"), high=tank.height_m, unit="m", open_low=False)
    hole = require(
        hole_height_m, Text("孔高", "height of the hole"), high=tank.height_m, unit="m", open_low=False
    )
    density = one.liquid_density_kg_m3(temperature_k)
    if level <= hole:
        return Profile(np.array([0.0, 1.0]), np.zeros(2), np.full(2, level), "level_m")
    levels = np.linspace(level, hole, rows)
    flows = [
        two_phase_orifice(
            one, hole_m, temperature_k, head_m=h - hole, length_m=length_m, ambient_pa=ambient_pa
        )
        for h in levels
    ]
    rate = np.array([flow.rate_kg_s for flow in flows])
    if rate[-1] <= 0:
        raise Invalid(
            Text("液体不过热，请按普通液体计算", "The liquid is not superheated: use the plain tank drain"),
            next_step=Text("改用储罐液体泄放模型", "Use the model for liquid tanks"),
        )
    mass = density * tank.liquid_m3(levels)
    times = np.concatenate([[0.0], np.cumsum(-np.diff(mass) * 2 / (rate[1:] + rate[:-1]))])
    made = _until(Profile(times, rate, levels, "level_m"), until_s)
    return Profile(made.times_s, made.rate_kg_s, made.state, made.state_name, (*made.caveats, RAINOUT))


@model(
    ModelCard(
        id="chemical.gas_blowdown",
        version="1",
        title=Text("气体容器泄放过程", "Blow-down of a gas vessel"),
        purpose=Text("压力下降时的气体泄漏速率", "Rate as the pressure falls"),
        applicability=Text(
            "单相气体；绝热或等温两个极限", "Single-phase gas; the adiabatic or the isothermal limit"
        ),
        inputs=(
            Quantity("pressure_pa", "Pa", Text("初始压力（绝压）", "absolute initial pressure"), 1e5, 3e7),
            Quantity("volume_m3", "m³", Text("容积", "volume"), 1e-3, 1e6),
            Quantity("hole_m", "m", Text("孔径", "hole diameter"), 1e-4, 1.0),
        ),
        references=(
            "TNO Yellow Book CPR 14E (2005), section 2.5.2; Crowl and Louvar, Chemical Process Safety, chapter 4",
        ),
        verification=Verification.VERIFIED,
        suite="chemical",
    )
)
def gas_blowdown(
    molar_mass_kg_mol: float,
    gamma: float,
    volume_m3: float,
    hole_m: float,
    pressure_pa: float,
    temperature_k: float,
    *,
    isothermal: bool = False,
    compressibility: float = 1.0,
    ambient_pa: float = ATMOSPHERE_PA,
    coefficient: float = SHARP_GAS,
    until_s: float = math.inf,
) -> Profile:
    """Mass balance of a vessel with the rate of `gas_orifice`; the gas left in it expands isentropically
    (p ∝ ρ^γ) or at constant temperature. Ends when the pressure is within 0.1 % of the air's."""
    volume = require(volume_m3, Text("容积", "volume"), high=1e7, unit="m³")
    inside = require(pressure_pa, Text("压力", "pressure"), high=1e9, unit="Pa")
    kelvin = require(temperature_k, Text("温度", "temperature"), high=3000.0, unit="K")
    density = inside * molar_mass_kg_mol / (compressibility * GAS_CONSTANT * kelvin)
    index = 1.0 if isothermal else gamma

    def rate(pressure: float) -> float:
        now_k = kelvin * (pressure / inside) ** ((index - 1) / index)
        return gas_orifice(
            molar_mass_kg_mol,
            gamma,
            hole_m,
            pressure,
            now_k,
            compressibility=compressibility,
            ambient_pa=ambient_pa,
            coefficient=coefficient,
        ).rate_kg_s

    start = rate(inside)
    if start <= 0:
        return Profile(np.array([0.0, 1.0]), np.zeros(2), np.full(2, inside), "pressure_pa")
    return _until(_blow(rate, inside, ambient_pa, index, density * volume, start), until_s)


@dataclass(frozen=True)
class Rupture:
    """A vessel that bursts: what flashes, what stays in the air as droplets, what falls, in kg; and the
    state of the cloud before it takes in air, at *cloud_k*."""

    vapour_kg: float
    droplets_kg: float
    pool_kg: float
    cloud_k: float
    cloud_density_kg_m3: float
    caveats: tuple[Caveat, ...] = ()

    @property
    def airborne_kg(self) -> float:
        return self.vapour_kg + self.droplets_kg

    @property
    def cloud_m3(self) -> float:
        return self.airborne_kg / self.cloud_density_kg_m3 if self.airborne_kg > 0 else 0.0


def catastrophic_rupture(
    one: Substance, mass_kg: float, temperature_k: float, ambient_pa: float = ATMOSPHERE_PA
) -> Rupture:
    """The whole inventory at once. A superheated liquid flashes, twice the flash stays airborne, the rest
    is a pool; a subcooled liquid is all pool; a gas above its critical temperature is all cloud."""
    mass = require(mass_kg, Text("存量", "inventory"), high=1e9, unit="kg")
    kelvin = require(temperature_k, Text("温度", "temperature"), high=3000.0, unit="K")
    if kelvin >= one.critical_k:
        return Rupture(mass, 0.0, 0.0, kelvin, one.gas_density_kg_m3(kelvin, ambient_pa))
    boiling = one.boiling_at_pa(ambient_pa)
    flash = flash_fraction(one, kelvin, ambient_pa)
    if flash <= 0:
        return Rupture(0.0, 0.0, mass, kelvin, one.gas_density_kg_m3(kelvin, ambient_pa))
    airborne = airborne_fraction(flash)
    volume = flash / one.gas_density_kg_m3(boiling, ambient_pa)
    volume += (airborne - flash) / one.liquid_density_kg_m3(boiling)
    return Rupture(
        mass * flash, mass * (airborne - flash), mass * (1 - airborne), boiling, airborne / volume, (RAINOUT,)
    )


def _blow(
    rate: Callable[[float], float], inside: float, ambient: float, index: float, mass: float, start: float
) -> Profile:
    """Integrate dm/dt = −rate(p), p = p₀ (m/m₀)^index, from full to (nearly) the air's pressure."""
    scale_s = mass / start
    least = ambient * 1.001

    def slope(_time: float, share: Array) -> list[float]:
        pressure = inside * max(float(share[0]), 1e-12) ** index
        return [-rate(pressure) * scale_s / mass if pressure > ambient else 0.0]

    def emptied(_time: float, share: Array) -> float:
        return float(inside * float(share[0]) ** index - least)

    emptied.terminal = True  # type: ignore[attr-defined]
    found = solve_ivp(
        slope, (0.0, 1e4), [1.0], events=emptied, rtol=1e-8, atol=1e-10, max_step=2.0, dense_output=True
    )
    if not found.success:
        raise Invalid(Text("泄放过程计算未收敛", "The blow-down did not converge"))
    grid = np.linspace(0.0, found.t[-1], 400)
    shares = np.clip(found.sol(grid)[0], 1e-12, 1.0)
    pressures = inside * shares**index
    rates = np.array([rate(float(p)) if p > ambient else 0.0 for p in pressures])
    return Profile(grid * scale_s, rates, pressures, "pressure_pa")


def _until(profile: Profile, until_s: float) -> Profile:
    """The profile cut at a time; a caveat where it ended by itself before that."""
    if not until_s > 0:
        raise Invalid(Text("计算时段应大于零", "The period must be above zero"))
    if profile.ends_s <= until_s:
        said = (EMPTIES,) if math.isfinite(until_s) else ()
        return Profile(profile.times_s, profile.rate_kg_s, profile.state, profile.state_name, said)
    inside = profile.times_s < until_s
    times = np.append(profile.times_s[inside], until_s)
    state = np.interp(times, profile.times_s, profile.state)
    return Profile(times, profile.rate_at(times), state, profile.state_name)
