"""Concentrations in air: volume fractions and masses per volume, by temperature and pressure."""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from anlan.kernel.text import Text
from anlan.science.guard import require

GAS_CONSTANT = 8.314462618  # J/(mol K), CODATA 2018
ATMOSPHERE_PA = 101_325.0
AMBIENT_K = 298.15
AIR_KG_MOL = 0.028965


def ppm_to_mg_m3(
    ppm: ArrayLike,
    molar_mass_kg_mol: float,
    temperature_k: float = AMBIENT_K,
    pressure_pa: float = ATMOSPHERE_PA,
) -> NDArray[np.float64]:
    """A volume fraction in parts per million as mg/m³ of an ideal gas.

    >>> round(float(ppm_to_mg_m3(160.0, 0.01703)), 1)  # ammonia at 25 °C
    111.4
    """
    molar_kg, kelvin, pascal = _state(molar_mass_kg_mol, temperature_k, pressure_pa)
    return np.asarray(ppm, np.float64) * (pascal * molar_kg / (GAS_CONSTANT * kelvin))


def mg_m3_to_ppm(
    mg_m3: ArrayLike,
    molar_mass_kg_mol: float,
    temperature_k: float = AMBIENT_K,
    pressure_pa: float = ATMOSPHERE_PA,
) -> NDArray[np.float64]:
    """The inverse of `ppm_to_mg_m3`."""
    molar_kg, kelvin, pascal = _state(molar_mass_kg_mol, temperature_k, pressure_pa)
    return np.asarray(mg_m3, np.float64) * (GAS_CONSTANT * kelvin / (pascal * molar_kg))


def air_density_kg_m3(temperature_k: float = AMBIENT_K, pressure_pa: float = ATMOSPHERE_PA) -> float:
    """Density of dry air as an ideal gas.

    >>> round(air_density_kg_m3(293.15), 3)
    1.204
    """
    _, kelvin, pascal = _state(AIR_KG_MOL, temperature_k, pressure_pa)
    return pascal * AIR_KG_MOL / (GAS_CONSTANT * kelvin)


def standard_pressure_pa(elevation_m: float) -> float:
    """Pressure of the ICAO standard atmosphere up to 11 km (ISO 2533:1975).

    >>> round(standard_pressure_pa(1110.0) / 100)  # Yinchuan, hPa
    887
    """
    height_m = require(elevation_m, Text("海拔", "elevation"), low=-500.0, high=11_000.0, unit="m")
    return ATMOSPHERE_PA * math.pow(1 - 2.25577e-5 * height_m, 5.25588)


def _state(molar_mass: float, temperature: float, pressure: float) -> tuple[float, float, float]:
    return (
        require(molar_mass, Text("摩尔质量", "molar mass"), unit="kg/mol"),
        require(temperature, Text("气温", "temperature"), unit="K", high=2000.0),
        require(pressure, Text("气压", "pressure"), unit="Pa", high=1e9),
    )
