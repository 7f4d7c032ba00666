"""A long gas pipeline that breaks: the rate falls in two stages."""

import math

import numpy as np

from anlan.kernel.models import ModelCard, Quantity, Verification
from anlan.kernel.text import Text
from anlan.science.chemical.source.orifice import darcy_friction, gas_orifice
from anlan.science.chemical.source.outflow import Profile
from anlan.science.chemical.substances.concentration import ATMOSPHERE_PA, GAS_CONSTANT
from anlan.science.guard import require
from anlan.science.registry import model


@model(
    ModelCard(
        id="chemical.pipeline_rupture",
        version="1",
        title=Text("长输气管道全断裂", "Full rupture of a long gas pipeline"),
        purpose=Text(
            "长管道断裂后随时间衰减的泄漏速率", "Rate over time out of one end of a broken gas line"
        ),
        applicability=Text(
            "理想气体、等径、一端断开、无补给", "Ideal gas, one diameter, one open end, no supply"
        ),
        inputs=(
            Quantity("pressure_pa", "Pa", Text("管道压力（绝压）", "absolute line pressure"), 3e5, 1.5e7),
            Quantity("length_m", "m", Text("管长", "length"), 100.0, 2e5),
            Quantity("bore_m", "m", Text("内径", "bore"), 0.02, 1.5),
        ),
        references=("Wilson, Trans. IChemE; Bell 1978; TNO Yellow Book CPR 14E (2005), equations 2.28-2.36",),
        verification=Verification.VERIFIED,
        suite="chemical",
    )
)
def pipeline_rupture(
    molar_mass_kg_mol: float,
    gamma: float,
    bore_m: float,
    length_m: float,
    pressure_pa: float,
    temperature_k: float,
    *,
    compressibility: float = 1.0,
    roughness_m: float = 4.5e-5,
    rows: int = 400,
) -> Profile:
    """q(t) = q₀/(1+C) · (C e^(−t/t_B) + e^(−t/(t_B C²))), with q₀ the choked flow of the full bore,
    t_B = ⅔ (L/c) √(γ f L/d) and C = (mass in the line)/(q₀ t_B), so that the integral is that mass."""
    length = require(length_m, Text("管长", "length"), high=1e6, unit="m")
    start = gas_orifice(
        molar_mass_kg_mol,
        gamma,
        bore_m,
        pressure_pa,
        temperature_k,
        compressibility=compressibility,
        coefficient=1.0,
    )
    density = pressure_pa * molar_mass_kg_mol / (compressibility * GAS_CONSTANT * temperature_k)
    mass = density * math.pi * bore_m**2 / 4 * length
    sound = math.sqrt(gamma * compressibility * GAS_CONSTANT * temperature_k / molar_mass_kg_mol)
    friction = darcy_friction(roughness_m, bore_m)
    slow_s = 2 / 3 * length / sound * math.sqrt(gamma * friction * length / bore_m)
    if start.rate_kg_s <= 0 or pressure_pa <= ATMOSPHERE_PA:
        return Profile(np.array([0.0, 1.0]), np.zeros(2), np.full(2, mass), "mass_kg")
    share = mass / (start.rate_kg_s * slow_s)
    fast_s = slow_s * share**2
    times = np.concatenate(
        [[0.0], np.geomspace(min(fast_s, slow_s) * 1e-4, max(slow_s, fast_s) * 12, rows - 1)]
    )
    late, early = np.exp(-times / slow_s), np.exp(-np.minimum(times / fast_s, 700.0))
    rate = start.rate_kg_s / (1 + share) * (share * late + early)
    left = start.rate_kg_s / (1 + share) * (share * slow_s * late + fast_s * early)
    return Profile(times, rate, left, "mass_kg")
