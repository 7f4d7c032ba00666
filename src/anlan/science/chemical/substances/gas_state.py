"""How far a gas is from ideal."""

import math

import numpy as np

from anlan.kernel.text import Text
from anlan.science.chemical.substances.concentration import GAS_CONSTANT
from anlan.science.chemical.substances.substance import Substance
from anlan.science.guard import require


def compressibility(one: Substance, temperature_k: float, pressure_pa: float) -> float:
    """Z of the gas by Peng and Robinson (Ind. Eng. Chem. Fundam. 15 (1976) 59): the largest real root.

    >>> from anlan.science.chemical.substances import substance
    >>> round(compressibility(substance("74-82-8"), 300.0, 5e6), 2)
    0.9
    """
    kelvin = require(temperature_k, Text("温度", "temperature"), unit="K", high=3000.0)
    pascal = require(pressure_pa, Text("压力", "pressure"), unit="Pa", high=1e9)
    omega = one.acentric_factor
    kappa = 0.37464 + 1.54226 * omega - 0.26992 * omega**2
    alpha = (1 + kappa * (1 - math.sqrt(kelvin / one.critical_k))) ** 2
    attraction = 0.45724 * (GAS_CONSTANT * one.critical_k) ** 2 / one.critical_pa * alpha
    covolume = 0.07780 * GAS_CONSTANT * one.critical_k / one.critical_pa
    a = attraction * pascal / (GAS_CONSTANT * kelvin) ** 2
    b = covolume * pascal / (GAS_CONSTANT * kelvin)
    roots = np.roots([1.0, b - 1, a - 3 * b**2 - 2 * b, b**3 + b**2 - a * b])
    real = roots.real[np.abs(roots.imag) < 1e-9]
    return float(real.max())


def real_gas_density_kg_m3(one: Substance, temperature_k: float, pressure_pa: float) -> float:
    """Density of the gas with Peng and Robinson's Z."""
    ideal = one.gas_density_kg_m3(temperature_k, pressure_pa)
    return ideal / compressibility(one, temperature_k, pressure_pa)
