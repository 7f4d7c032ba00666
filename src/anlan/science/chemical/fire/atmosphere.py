"""How much of a flame's radiation the air lets through."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from anlan.science import guard

Floats = NDArray[np.float64]


def saturation_pressure_pa(temperature_k: float) -> float:
    """Saturated vapour pressure of water over water (Buck 1981, eq. e_w1), Pa.

    >>> round(saturation_pressure_pa(293.15))
    2337
    """
    celsius = temperature_k - 273.15
    return float(611.21 * np.exp(17.502 * celsius / (240.97 + celsius)))


def vapour_pressure_pa(humidity: float, temperature_k: float) -> float:
    """Partial pressure of water vapour for a relative humidity 0…1."""
    return humidity * saturation_pressure_pa(temperature_k)


def transmissivity(path_m: ArrayLike, humidity: float, temperature_k: float) -> Floats:
    """τ = 2.02 (p_w x)^−0.09, at most 1 (Bagster and Pitblado 1989; TNO CPR 14E eq. 6.29).

    Fitted for 10⁴ < p_w x < 10⁵ N/m.

    >>> round(float(transmissivity(100.0, 0.5, 293.15)), 3)
    0.707
    """
    path = guard.floats("传播距离", "path", path_m)
    water = max(vapour_pressure_pa(humidity, temperature_k), 1.0)
    return np.asarray(np.minimum(1.0, 2.02 * np.maximum(water * path, 1e-3) ** -0.09), np.float64)


def transmissivity_wayne(path_m: ArrayLike, humidity: float, temperature_k: float) -> Floats:
    """τ of a black body at 1,500 K with water vapour and carbon dioxide (Wayne 1991, eq. 17), 0…1.

    For paths of about 10 m to 1 km.

    >>> round(float(transmissivity_wayne(100.0, 0.5, 293.15)), 3)
    0.709
    """
    path = np.maximum(guard.floats("传播距离", "path", path_m), 1e-3)
    saturated_mmhg = saturation_pressure_pa(temperature_k) / 133.322
    water = np.log10(np.maximum(humidity * path * saturated_mmhg * 288.651 / temperature_k, 1e-6))
    carbon_dioxide = np.log10(path * 273 / temperature_k)
    tau = (
        1.006 - 0.01171 * water - 0.02368 * water**2 - 0.03188 * carbon_dioxide + 0.001164 * carbon_dioxide**2
    )
    return np.asarray(np.clip(tau, 0.0, 1.0), np.float64)
