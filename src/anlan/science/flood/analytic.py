"""Exact solutions of the shallow-water equations, to measure a scheme against.

Formulas as collected by Delestre et al. (SWASHES, 2013), written anew; each
function names the original paper. SI units, g = 9.81 m/s².
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq

from anlan.science.flood.physics import GRAVITY_M_S2

Floats = NDArray[np.float64]
_G = GRAVITY_M_S2


def ritter(x_m: ArrayLike, t_s: float, depth_m: float, dam_m: float = 0.0) -> tuple[Floats, Floats]:
    """Depth and velocity of a dam break onto a dry, frictionless bed (Ritter 1892).

    >>> depth, velocity = ritter(0.0, 6.0, 0.005)
    >>> round(float(depth), 8), round(float(depth * velocity), 9)
    (0.00222222, 0.000328107)
    """
    x, wave = np.asarray(x_m, np.float64), np.sqrt(_G * depth_m)
    speed = (x - dam_m) / t_s
    inside = (speed > -wave) & (speed < 2 * wave)
    depth = np.where(inside, (2 * wave - speed) ** 2 / (9 * _G), np.where(speed <= -wave, depth_m, 0.0))
    return depth, np.where(inside, 2 / 3 * (speed + wave), 0.0)


def stoker_star(left_m: float, right_m: float) -> tuple[float, float, float]:
    """Depth and velocity between the waves, and the speed of the shock (Stoker 1957)."""
    wave = np.sqrt(_G * left_m)

    def wrong(middle: float) -> float:
        shock = np.sqrt(_G * middle * (middle + right_m) / (2 * right_m))
        return float(2 * (wave - np.sqrt(_G * middle)) - shock * (1 - right_m / middle))

    middle = float(brentq(wrong, right_m, left_m, xtol=1e-16, rtol=1e-14))
    velocity = float(2 * (wave - np.sqrt(_G * middle)))
    return middle, velocity, velocity * middle / (middle - right_m)


def stoker(
    x_m: ArrayLike, t_s: float, left_m: float, right_m: float, dam_m: float = 0.0
) -> tuple[Floats, Floats]:
    """Depth and velocity of a dam break onto a wet, frictionless bed (Stoker 1957)."""
    middle, velocity, shock = stoker_star(left_m, right_m)
    speed, wave = (np.asarray(x_m, np.float64) - dam_m) / t_s, np.sqrt(_G * left_m)
    tail = velocity - np.sqrt(_G * middle)
    fan = (speed > -wave) & (speed < tail)
    depth = np.where(speed <= -wave, left_m, np.where(speed < shock, middle, right_m))
    depth = np.where(fan, (2 * wave - speed) ** 2 / (9 * _G), depth)
    flow = np.where((speed >= tail) & (speed < shock), velocity, 0.0)
    return depth, np.where(fan, 2 / 3 * (speed + wave), flow)


def bowl(x_m: ArrayLike, y_m: ArrayLike, radius_m: float, depth_m: float) -> Floats:
    """The bed of a paraboloid about the origin, zero at *radius_m* and -*depth_m* in the middle."""
    r2 = np.asarray(x_m, np.float64) ** 2 + np.asarray(y_m, np.float64) ** 2
    return np.asarray(-depth_m * (1 - r2 / radius_m**2), np.float64)


def thacker_planar(
    x_m: ArrayLike, y_m: ArrayLike, t_s: float, radius_m: float, depth_m: float, swing: float
) -> tuple[Floats, Floats, Floats]:
    """Depth and velocities of a plane surface going round in a `bowl` (Thacker 1981)."""
    x, y = np.asarray(x_m, np.float64), np.asarray(y_m, np.float64)
    turn = np.sqrt(2 * _G * depth_m) / radius_m
    c, s = np.cos(turn * t_s), np.sin(turn * t_s)
    surface = swing * depth_m / radius_m**2 * (2 * x * c + 2 * y * s - swing)
    depth = np.maximum(surface - bowl(x, y, radius_m, depth_m), 0.0)
    wet = depth > 0
    return depth, np.where(wet, -swing * turn * s, 0.0), np.where(wet, swing * turn * c, 0.0)


def thacker_radial(
    x_m: ArrayLike, y_m: ArrayLike, t_s: float, radius_m: float, depth_m: float, shore_m: float
) -> tuple[Floats, Floats, Floats]:
    """Depth and velocities of a curved surface that breathes in a `bowl` (Thacker 1981); *shore_m* at t = 0."""
    x, y = np.asarray(x_m, np.float64), np.asarray(y_m, np.float64)
    turn = np.sqrt(8 * _G * depth_m) / radius_m
    a = (radius_m**2 - shore_m**2) / (radius_m**2 + shore_m**2)
    c = 1 - a * np.cos(turn * t_s)
    r2 = x**2 + y**2
    root = np.sqrt(1 - a * a)
    surface = depth_m * (root / c - 1 - r2 / radius_m**2 * ((1 - a * a) / c**2 - 1))
    depth = np.maximum(surface - bowl(x, y, radius_m, depth_m), 0.0)
    rate = turn / (2 * c) * a * np.sin(turn * t_s)
    wet = depth > 0
    return depth, np.where(wet, rate * x, 0.0), np.where(wet, rate * y, 0.0)


def thacker_period_s(radius_m: float, depth_m: float, *, planar: bool) -> float:
    """The period of the plane (or the breathing) surface.

    >>> round(thacker_period_s(1.0, 0.1, planar=True), 5)
    4.4857
    """
    return float(2 * np.pi * radius_m / np.sqrt((2 if planar else 8) * _G * depth_m))


def bump(x_m: ArrayLike) -> Floats:
    """The bed of the bump in a channel of 25 m (Goutal & Maurel 1997)."""
    x = np.asarray(x_m, np.float64)
    return np.asarray(np.maximum(0.2 - 0.05 * (x - 10) ** 2, 0.0), np.float64)


def critical_depth_m(q_m2_s: float) -> float:
    """Depth of the least energy.

    >>> round(critical_depth_m(1.53), 4)
    0.6203
    """
    return float((q_m2_s**2 / _G) ** (1 / 3))


def energy_depth(head_m: float, q_m2_s: float, *, subcritical: bool) -> float:
    """The depth at which h + q²/(2gh²) equals *head_m*, on the chosen side of the critical depth."""
    critical = critical_depth_m(q_m2_s)

    def wrong(depth: float) -> float:
        return depth + q_m2_s**2 / (2 * _G * depth**2) - head_m

    if wrong(critical) >= 0:
        return critical
    low, high = (critical, max(head_m, critical)) if subcritical else (1e-6 * critical, critical)
    return float(brentq(wrong, low, high, xtol=1e-14))


def bump_flow(x_m: ArrayLike, q_m2_s: float, downstream_m: float | None) -> Floats:
    """Depth of a steady flow over the bump, by Bernoulli.

    *downstream_m* is the depth where the flow leaves, None where it leaves supercritical.
    When that depth is too low for the flow to stay subcritical and too high for it
    to leave supercritical, a jump stands where the momenta q²/h + gh²/2 balance.
    """
    x = np.asarray(x_m, np.float64)
    z, top = bump(x), 0.2
    critical = critical_depth_m(q_m2_s)
    choked = top + 1.5 * critical
    leaving = 0.0 if downstream_m is None else downstream_m + q_m2_s**2 / (2 * _G * downstream_m**2)
    if leaving >= choked:
        return np.array([energy_depth(leaving - bed, q_m2_s, subcritical=True) for bed in z])
    head = [energy_depth(choked - bed, q_m2_s, subcritical=at < 10) for bed, at in zip(z, x, strict=True)]
    depth = np.array(head)
    if downstream_m is None:
        return depth

    def unbalanced(at: float) -> float:
        bed = float(bump(at))
        fast = energy_depth(choked - bed, q_m2_s, subcritical=False)
        slow = energy_depth(leaving - bed, q_m2_s, subcritical=True)
        return q_m2_s**2 / fast + 0.5 * _G * fast**2 - q_m2_s**2 / slow - 0.5 * _G * slow**2

    highest = 10 + np.sqrt(max(0.0, (0.2 - (leaving - 1.5 * critical)) / 0.05))
    jump = float(brentq(unbalanced, highest + 1e-9, 12.0))
    after = x > jump
    depth[after] = [energy_depth(leaving - bed, q_m2_s, subcritical=True) for bed in z[after]]
    return depth


def macdonald(x_m: ArrayLike, q_m2_s: float = 2.0, manning: float = 0.033) -> tuple[Floats, Floats]:
    """Depth and bed of a subcritical channel of 1 km with friction (MacDonald et al. 1997).

    The depth is given; the bed that makes it steady follows by integrating the energy equation.
    """
    x = np.asarray(x_m, np.float64)
    fine = np.linspace(0, 1000, 20_001)
    depth, rise = _macdonald_depth(fine)
    slope = (1 - q_m2_s**2 / (_G * depth**3)) * rise + manning**2 * q_m2_s**2 / depth ** (10 / 3)
    drop = np.concatenate([[0.0], np.cumsum(0.5 * (slope[1:] + slope[:-1]) * np.diff(fine))])
    return _macdonald_depth(x)[0], np.interp(x, fine, drop[-1] - drop)


def _macdonald_depth(x: Floats) -> tuple[Floats, Floats]:
    bell = 0.5 * np.exp(-16 * (x / 1000 - 0.5) ** 2)
    scale = (4 / _G) ** (1 / 3)
    return scale * (1 + bell), scale * bell * -32 * (x / 1000 - 0.5) / 1000
