"""Outflow, blow-down and pools against closed forms and CoolProp's isentropes."""

import math
from collections.abc import Iterator

import numpy as np

from anlan.kernel.validation import Case, Certainty
from anlan.science.chemical.seeded import from_level, from_pressure
from anlan.science.chemical.source.orifice import fanno_pipe, gas_orifice, liquid_orifice
from anlan.science.chemical.source.pipeline import pipeline_rupture
from anlan.science.chemical.source.pool import Ground, Spill, pool_of
from anlan.science.chemical.source.two_phase import (
    fauske_flux,
    omega_flux,
    saturated,
    two_phase_orifice,
)
from anlan.science.chemical.source.vessel import Tank, TankShape, gas_blowdown, tank_drain
from anlan.science.chemical.substances import substance
from anlan.science.chemical.substances.gas_state import compressibility
from anlan.science.chemical.weather import Weather

_G, _R = 9.80665, 8.314462618
_AMMONIA, _METHANE, _PROPANE = "7664-41-7", "74-82-8", "74-98-6"
_LIQUID, _GAS, _FANNO = "chemical.orifice_liquid", "chemical.orifice_gas", "chemical.pipe_gas_steady"
_SEEDED, _POOL, _TWO_PHASE = "chemical.alarm_seeded", "chemical.pool", "chemical.two_phase_orifice"
_SURE = Certainty.SURE


def cases() -> Iterator[Case]:
    yield from _orifices()
    yield from _pipes()
    yield from _vessels()
    yield from _two_phase()
    yield from _pools()
    yield from _seeded()


def _orifices() -> Iterator[Case]:
    target = 0.61 * math.pi * 0.05**2 / 4 * 1000 * math.sqrt(2 * _G * 5)
    ours = liquid_orifice(1000.0, 0.05, 101_325.0, 5.0).rate_kg_s
    yield Case("water, 50 mm hole, 5 m level", "Torricelli", _SURE, target, ours, "kg/s", 1e-9, model=_LIQUID)
    for cas, fluid, pressure, kelvin in (
        (_METHANE, "Methane", 2e6, 300.0),
        (_AMMONIA, "Ammonia", 5e5, 300.0),
    ):
        one = substance(cas)
        z, gamma = compressibility(one, kelvin, pressure), one.heat_capacity_ratio(kelvin)
        flow = gas_orifice(
            one.molar_mass_kg_mol, gamma, 0.05, pressure, kelvin, compressibility=z, coefficient=1.0
        )
        target = _isentropic_kg_s(fluid, pressure, kelvin, 101_325.0, 0.05)
        name = f"{fluid}, 50 mm, {pressure / 1e5:.0f} bar, choked"
        yield Case(
            name,
            "CoolProp, real-gas isentrope",
            _SURE,
            target,
            flow.rate_kg_s,
            "kg/s",
            0.02 * target,
            model=_GAS,
        )
    one = substance(_METHANE)
    flow = gas_orifice(
        one.molar_mass_kg_mol, one.heat_capacity_ratio(300.0), 0.05, 1.3e5, 300.0, coefficient=1.0
    )
    target = _isentropic_kg_s("Methane", 1.3e5, 300.0, 101_325.0, 0.05)
    yield Case(
        "Methane, 50 mm, 1.3 bar, not choked",
        "CoolProp, real-gas isentrope",
        _SURE,
        target,
        flow.rate_kg_s,
        "kg/s",
        0.01 * target,
        model=_GAS,
    )


def _isentropic_kg_s(fluid: str, pressure: float, kelvin: float, ambient: float, hole_m: float) -> float:
    """Largest ρ √(2 (h₀ − h)) along the isentrope down to the ambient pressure."""
    from CoolProp.CoolProp import PropsSI

    entropy = PropsSI("S", "T", kelvin, "P", pressure, fluid)
    start = PropsSI("H", "T", kelvin, "P", pressure, fluid)
    best = 0.0
    for throat in np.linspace(max(ambient, 0.3 * pressure), 0.995 * pressure, 400):
        density = PropsSI("D", "P", throat, "S", entropy, fluid)
        fall = start - PropsSI("H", "P", throat, "S", entropy, fluid)
        best = max(best, density * math.sqrt(max(2 * fall, 0.0)))
    return float(best) * math.pi * hole_m**2 / 4


def _pipes() -> Iterator[Case]:
    bare = fanno_pipe(0.016, 1.3, 0.1, 2e6, 300.0, 0.0).rate_kg_s
    nozzle = gas_orifice(0.016, 1.3, 0.1, 2e6, 300.0, coefficient=1.0).rate_kg_s
    yield Case(
        "pipe without friction is a nozzle", "limit", _SURE, nozzle, bare, "kg/s", 1e-3 * nozzle, model=_FANNO
    )
    # Mach 0.5 at the inlet to Mach 1: fL/d = 1.0691 for γ 1.4 (Darcy; 4f of the gas tables)
    flow = fanno_pipe(0.028965, 1.4, 0.1, 1e6, 300.0, 1.06906)
    target = (
        1e6 * (1 + 0.2 * 0.25) ** -3.5 * 0.5 * math.sqrt(1.4 * 0.028965 / (_R * 300 / 1.05)) * math.pi / 400
    )
    yield Case(
        "Fanno, inlet Mach 0.5",
        "gas tables: 4fL*/D 1.06906",
        _SURE,
        target,
        flow.rate_kg_s,
        "kg/s",
        2e-4 * target,
        model=_FANNO,
    )
    line = pipeline_rupture(0.016, 1.3, 0.5, 20_000.0, 6e6, 288.15, rows=4000)
    mass = 6e6 * 0.016 / (_R * 288.15) * math.pi * 0.25 / 4 * 20_000
    yield Case(
        "gas out of a broken 20 km line",
        "mass in the line",
        _SURE,
        mass,
        line.total_kg,
        "kg",
        2e-3 * mass,
        model="chemical.pipeline_rupture",
    )


def _vessels() -> Iterator[Case]:
    tank = Tank(TankShape.VERTICAL, 10.0, 12.0)
    drained = tank_drain(tank, 850.0, 9.0, 0.1)
    target = (math.pi * 25) / (0.61 * math.pi * 0.0025) * math.sqrt(2 * 9.0 / _G)
    yield Case(
        "time to drain a vertical tank",
        "Torricelli",
        _SURE,
        target,
        drained.ends_s,
        "s",
        1e-4 * target,
        model="chemical.tank_drain",
    )
    mass = 850.0 * math.pi * 25 * 9.0
    yield Case(
        "mass out of a drained tank",
        "mass balance",
        _SURE,
        mass,
        drained.total_kg,
        "kg",
        1e-3 * mass,
        model="chemical.tank_drain",
    )
    yield from _blowdowns()


def _blowdowns() -> Iterator[Case]:
    """Choked blow-down in closed form: p/p₀ = (1 + (γ−1) t/2τ)^(−2γ/(γ−1)), or e^(−t/τ) at constant T."""
    gamma, molar, volume, p0, t0 = 1.4, 0.028965, 10.0, 2e6, 300.0
    start = 0.85 * math.pi * 0.0004 / 4 * p0 * math.sqrt(gamma * molar / (_R * t0) * (2 / 2.4) ** 6)
    tau = volume * p0 * molar / (_R * t0) / start
    for isothermal, target in (
        (False, p0 * (1 + 0.2 * 0.5) ** -7.0),
        (True, p0 * math.exp(-0.5)),
    ):
        run = gas_blowdown(molar, gamma, volume, 0.02, p0, t0, isothermal=isothermal)
        ours = float(np.interp(tau / 2, run.times_s, run.state))
        name = "isothermal" if isothermal else "adiabatic"
        yield Case(
            f"pressure after half a time constant, {name}",
            "closed form",
            _SURE,
            target,
            ours,
            "Pa",
            1e-3 * p0,
            model="chemical.gas_blowdown",
        )


def _two_phase() -> Iterator[Case]:
    """The homogeneous equilibrium flux by direct search along CoolProp's isentrope."""
    for cas, fluid in ((_AMMONIA, "Ammonia"), (_PROPANE, "n-Propane")):
        state = saturated(substance(cas), 293.15)
        target = _equilibrium_flux(fluid, 293.15)
        ours = omega_flux(state, state.pressure_pa, 101_325.0)[0]
        yield Case(
            f"{fluid} at 20 °C, saturated, equilibrium",
            "CoolProp isentrope",
            _SURE,
            target,
            ours,
            "kg/(m² s)",
            0.05 * target,
            model=_TWO_PHASE,
        )
    state = saturated(substance(_PROPANE), 293.15)
    ours = fauske_flux(state)
    target = omega_flux(state, state.pressure_pa, 101_325.0)[0]
    yield Case(
        "Fauske against omega, propane",
        "two methods",
        Certainty.PROBABLE,
        target,
        ours,
        "kg/(m² s)",
        0.25 * target,
        gates=False,
    )
    one = substance(_PROPANE)
    cold = two_phase_orifice(one, 0.02, 225.0, pressure_pa=5e5).rate_kg_s
    target = 0.61 * math.pi * 1e-4 * math.sqrt(2 * one.liquid_density_kg_m3(225.0) * (5e5 - 101_325.0))
    yield Case(
        "subcooled propane flows as a liquid",
        "Bernoulli",
        _SURE,
        target,
        cold,
        "kg/s",
        1e-6 * target,
        model=_TWO_PHASE,
    )


def _equilibrium_flux(fluid: str, kelvin: float) -> float:
    from CoolProp.CoolProp import PropsSI

    pressure = PropsSI("P", "T", kelvin, "Q", 0, fluid)
    entropy = PropsSI("S", "T", kelvin, "Q", 0, fluid)
    start = PropsSI("H", "T", kelvin, "Q", 0, fluid)
    best = 0.0
    for throat in np.linspace(0.5 * pressure, 0.999 * pressure, 500):
        density = PropsSI("D", "P", throat, "S", entropy, fluid)
        fall = start - PropsSI("H", "P", throat, "S", entropy, fluid)
        best = max(best, density * math.sqrt(max(2 * fall, 0.0)))
    return float(best)


def _pools() -> Iterator[Case]:
    """Liquid methane in a bund: while the ground gives more heat than wind could carry off as vapour,
    the pool boils, and vapour times latent heat is the heat of ground and air."""
    one, air = substance(_METHANE), Weather(0.5, 0.0)
    boiling = one.boiling_at_pa(101_325.0)
    spill = Spill(
        mass_kg=30_000.0, bund_area_m2=100.0, ground=Ground.CONCRETE, ground_k=293.15, liquid_k=boiling
    )
    made = pool_of(one, spill, air, until_s=60.0)
    ground = 2 * 1.3 * (293.15 - boiling) * math.sqrt(60.0 / (math.pi * 1e-6))
    exchange = 0.004786 * 0.5 ** (7 / 9) * math.sqrt(400 / math.pi) ** (-1 / 9) * 0.71 ** (-2 / 3)
    through_air = 1.1839 * 1006 * exchange * (298.15 - boiling) * 60.0
    target = 100.0 * (ground + through_air) / one.heat_of_vaporisation_j_kg(boiling)
    yield Case(
        "methane boiled off a bund in 1 min",
        "conduction 2kΔT√(t/πα), and the air's heat",
        _SURE,
        target,
        made.evaporated_kg,
        "kg",
        0.01 * target,
        model=_POOL,
    )
    left = float(made.mass_kg[-1]) + made.evaporated_kg
    yield Case(
        "mass of a pool and its vapour", "mass balance", _SURE, 30_000.0, left, "kg", 1e-3, model=_POOL
    )


def _seeded() -> Iterator[Case]:
    times = np.arange(0.0, 600.0, 10.0)
    tank = Tank(TankShape.VERTICAL, 8.0, 10.0)
    level = 6.0 - 2.4 / (700.0 * math.pi * 16.0) * times
    found = from_level(times, level, tank, 700.0)
    yield Case(
        "leak from a falling level, no noise",
        "mass balance",
        _SURE,
        2.4,
        found.rate_kg_s,
        "kg/s",
        1e-6,
        model=_SEEDED,
    )
    mass = 500.0 - 0.3 * times
    pressure = mass * _R * 293.15 / (50.0 * 0.0709)
    found = from_pressure(times, pressure, 50.0, 293.15, 0.0709)
    yield Case(
        "leak from a falling pressure, no noise",
        "mass balance",
        _SURE,
        0.3,
        found.rate_kg_s,
        "kg/s",
        1e-6,
        model=_SEEDED,
    )
