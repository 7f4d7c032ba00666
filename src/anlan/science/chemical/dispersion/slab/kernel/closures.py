"""Closures of the shallow-layer model: the wind over the cloud, entrainment, drag, warming [4, 35–39]."""

import math

import numba

from anlan.science.chemical.dispersion.slab.kernel.state import AVERAGED, GRAVITY, KARMAN, OPTIONS, ROOT3


@numba.njit(**OPTIONS)
def mean_wind(air, top0, top, wind0, profile0):  # type: ignore[no-untyped-def]
    """Wind averaged from the ground to the cloud's top [4c], carried on from the step before."""
    if top <= 0.0:
        return 0.0
    middle = profile(air, max(0.5 * (top0 + top), 1e-9))
    end = profile(air, max(top, 1e-9))
    scale = air.friction_m_s / KARMAN
    wind = (top0 * wind0 + scale * (profile0 + 4.0 * middle + end) * (top - top0) / 6.0) / top
    return min(wind, scale * end)


@numba.njit(**OPTIONS)
def phi_momentum(air, z):  # type: ignore[no-untyped-def]
    """Gradient function of the wind."""
    if air.inverse_l < 0.0:
        return air.far_phi + (1.0 - air.far_phi) / math.sqrt(1.0 + air.growth * z)
    return 1.0 + 5.0 * air.inverse_l * z / (1.0 + z / air.depth_m)


@numba.njit(**OPTIONS)
def profile(air, z):  # type: ignore[no-untyped-def]
    """Wind over u*/κ at a height; a parabola below e roughness lengths."""
    if z < air.joint_m:
        return air.slope * z + air.curve * z * z
    return log_law(air, z)


@numba.njit(**OPTIONS)
def log_law(air, z):  # type: ignore[no-untyped-def]
    z0, lid = air.roughness_m, air.mixing_m
    if air.inverse_l < 0.0:
        upper, lower = math.sqrt(1.0 + air.growth * z), math.sqrt(1.0 + air.growth * z0)
        tail = (upper - lower) / (air.growth * lid)
        turned = math.log((1.0 + upper) / (1.0 + lower)) + tail
        return math.log(z / z0) - air.far_phi * (z - z0) / lid - 2.0 * (1.0 - air.far_phi) * turned
    depth = air.depth_m
    bent = (1.0 + depth / lid) * math.log((z + depth) / (z0 + depth)) - (z - z0) / lid
    return math.log(z / z0) - (z - z0) / lid + 5.0 * air.inverse_l * depth * bent


@numba.njit(**OPTIONS)
def _phi_heat(z, inverse):  # type: ignore[no-untyped-def]
    if inverse < 0.0:
        return 1.0 / math.sqrt(1.0 - 16.0 * z * inverse)
    return 1.0 + 5.0 * z * inverse


@numba.njit(**OPTIONS)
def _drag(x):  # type: ignore[no-untyped-def]
    return 0.02 * abs(x) * x


@numba.njit(**OPTIONS)
def close(cloud, air, ground_m_s, is_puff):  # type: ignore[no-untyped-def]
    """Set the cloud's entrainment velocities [35, 36] and fluxes [37–39] for the next slope."""
    wind = max(cloud.wind, 1e-6)
    lofted = cloud.top > cloud.height
    lighter = air.density / cloud.density
    slip = (wind - cloud.u) * lighter
    rough = air.friction_m_s / wind
    top_sq = 0.02 * (slip * slip + (0.5 * cloud.spread * lighter) ** 2)
    if lofted:
        base_sq = air.friction_m_s**2 + top_sq
    else:
        base_sq = (rough * cloud.u) ** 2 + (rough * 0.5 * cloud.spread) ** 2 + 0.05 * ground_m_s * wind
    exchange = rough * math.sqrt(base_sq)
    warm_sq = 0.0
    if not lofted and air.kelvin > cloud.kelvin:
        mean = 0.5 * (air.kelvin + cloud.kelvin)
        lift = 0.14 * GRAVITY * (air.kelvin - cloud.kelvin) * exchange * cloud.height / mean
        warm_sq = max(lift, 0.0) ** (2.0 / 3.0)
    all_sq = base_sq + top_sq + warm_sq
    heavy = max(0.025 * GRAVITY * (cloud.density - air.density) / cloud.density, 0.0)
    inverse = air.inverse_l / (1.0 + cloud.top / air.depth_m)
    inverse = (inverse * air.friction_m_s**2 + heavy) / all_sq if all_sq > 0.0 else 0.0
    up = _upward(cloud, air, math.sqrt(all_sq), inverse)
    side, along = _sideways(cloud, air, wind, slip)
    scale = cloud.density * cloud.long if is_puff else cloud.density
    b, h = cloud.wide, cloud.height
    if lofted:
        drag, long_drag, spread_drag = scale * (2.0 * b + h) * _drag(slip), 0.0, 0.0
        sink_drag, warmth = -scale * h * _drag(cloud.sink), 0.0
    else:
        drag = -scale * (b * ((rough * cloud.u) ** 2 - air.friction_m_s**2) - (b + h) * _drag(slip))
        long_half, half = 0.5 * cloud.stretch, 0.5 * cloud.spread
        long_drag = -scale * b * ((rough * long_half) ** 2 + _drag(long_half * lighter))
        spread_drag = -scale * b * ((rough * half) ** 2 + _drag(half * lighter))
        sink_drag, warmth = 0.0, scale * b * exchange * cloud.heat * (air.kelvin - cloud.kelvin)
    cloud.up, cloud.side, cloud.along = up, side, along
    cloud.drag, cloud.long_drag, cloud.spread_drag = drag, long_drag, spread_drag
    cloud.sink_drag, cloud.warmth = sink_drag, warmth


@numba.njit(**OPTIONS)
def close_first(clouds, air):  # type: ignore[no-untyped-def]
    """`close` for the first record of an array, for callers outside the kernels."""
    close(clouds[0], air, 0.0, False)


@numba.njit(**OPTIONS)
def _upward(cloud, air, friction, inverse):  # type: ignore[no-untyped-def]
    """Vertical entrainment [35a]."""
    fade = (1.0 - cloud.top / air.mixing_m) / _phi_heat(cloud.top, inverse)
    if cloud.top > 1.01 * cloud.height:
        below = cloud.top - cloud.height
        fade += (1.0 - below / air.mixing_m) / _phi_heat(below, inverse)
    return air.profile_4m / profile(air, cloud.top) * 1.5 * KARMAN * friction * fade


@numba.njit(**OPTIONS)
def _sideways(cloud, air, wind, slip):  # type: ignore[no-untyped-def]
    """Horizontal entrainment across and along the wind [36]."""
    rate = 0.08 * air.steadiness * AVERAGED
    relation = 0.5 * 4e-4 / rate
    side = math.hypot(
        rate * wind / (1.0 + relation * cloud.wide / ROOT3), math.sqrt(0.02) * 1.5 * KARMAN * slip
    )
    half = 0.5 * cloud.height
    sigma = (half if cloud.middle > half else cloud.height - cloud.middle) / ROOT3
    z = cloud.middle + 0.5 * sigma
    shear = 0.6 * air.friction_m_s / KARMAN * (z / (z + air.roughness_m)) * phi_momentum(air, z)
    shear *= 1.0 - z / air.mixing_m
    return side, math.hypot(rate * wind / (1.0 + relation * cloud.long / ROOT3), shear)


@numba.njit(**OPTIONS)
def relaxed(before, drive, flux):  # type: ignore[no-untyped-def]
    """How a velocity inherited from the step before fades under its drag."""
    kept = flux * before
    return kept / (kept + abs(drive)) if kept + abs(drive) > 0.0 else 1.0
