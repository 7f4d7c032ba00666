"""A one-dimensional gas dynamics of a hemisphere of burning gas, to hold the blast formulas against.

Lagrangian zones in spherical symmetry with an artificial viscosity (von Neumann and Richtmyer 1950); lengths in
(E/p₀)^⅓, pressures in p₀, densities in ρ₀. Burnt gas has γ = 1.25, air 1.4; a stoichiometric mixture holds
3.5 MJ/m³. Shares nothing with the formulas that it checks.
"""

import numba
import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

_ENERGY = 3.5e6 / 101_325
_CLOUD = (3 / (2 * np.pi * _ENERGY)) ** (1 / 3)
_BURNT, _AIR = 1.25, 1.4
_LINEAR, _QUADRATIC = 0.1, 1.5


def peak_ratio(mach: float, scaled_m: ArrayLike, zones: int = 1500, edge: float = 6.0) -> Floats:
    """Greatest overpressure over p₀ at the scaled distances, for a flame of *mach*; 0 burns the cloud at once."""
    radius, peak = _run(zones, edge, mach)
    order = np.argsort(radius)
    return np.asarray(np.interp(np.asarray(scaled_m, np.float64), radius[order], peak[order]), np.float64)


@numba.njit(cache=True, error_model="numpy")
def _run(zones, edge, mach):  # type: ignore[no-untyped-def]
    """Radius and peak overpressure of every zone, to the time a sound wave needs to the edge."""
    r = np.linspace(0.0, edge, zones + 1)
    u = np.zeros(zones + 1)
    mass = (r[1:] ** 3 - r[:-1] ** 3) / 3
    volume, pressure, viscous = np.ones(zones), np.ones(zones), np.zeros(zones)
    cloud = int(np.round(_CLOUD / edge * zones))
    gamma = np.where(np.arange(zones) < cloud, _BURNT, _AIR)
    energy = pressure * volume / (gamma - 1)
    burnt, peak, place = np.zeros(zones), np.zeros(zones), np.zeros(zones)
    if mach <= 0:
        energy[:cloud] += _ENERGY
        pressure[:cloud] = (gamma[:cloud] - 1) * energy[:cloud]
        burnt[:cloud] = 1.0
    now, busy = 0.0, cloud + 20
    while now < 0.98 * edge / np.sqrt(_AIR):
        busy = min(zones - 1, busy)
        step = 1e9
        for i in range(busy):
            sound = np.sqrt(gamma[i] * pressure[i] * volume[i])
            step = min(step, 0.4 * (r[i + 1] - r[i]) / (sound + 2 * abs(u[i + 1] - u[i])))
        for i in range(1, busy + 1):
            push = pressure[i] + viscous[i] - pressure[i - 1] - viscous[i - 1]
            u[i] -= r[i] ** 2 * push / (0.5 * (mass[i] + mass[i - 1])) * step
        for i in range(1, busy + 1):
            r[i] += u[i] * step
        for i in range(busy):
            after = (r[i + 1] ** 3 - r[i] ** 3) / 3 / mass[i]
            change, spread = after - volume[i], u[i + 1] - u[i]
            heat = 0.0
            if i < cloud and burnt[i] < 1.0:
                lit = (np.sqrt(_AIR) * mach * now - r[i]) / (4 * (r[i + 1] - r[i]))
                lit = min(1.0, max(burnt[i], lit))
                heat, burnt[i] = _ENERGY * (lit - burnt[i]), lit
            made = 0.0
            if spread < 0:
                sound = np.sqrt(gamma[i] * pressure[i] * volume[i])
                made = (_QUADRATIC * spread**2 - _LINEAR * sound * spread) / after
            work = (0.5 * pressure[i] + 0.5 * (viscous[i] + made)) * change
            energy[i] = (energy[i] + heat - work) / (1 + 0.5 * (gamma[i] - 1) * change / after)
            pressure[i], volume[i], viscous[i] = (gamma[i] - 1) * energy[i] / after, after, made
            if pressure[i] - 1 > peak[i]:
                peak[i], place[i] = pressure[i] - 1, 0.5 * (r[i] + r[i + 1])
        if abs(pressure[busy - 1] - 1) > 1e-7:
            busy += 4
        now += step
    return place[:busy], peak[:busy]
