"""The shallow-layer model's kernels: the air's profile, the cloud's closures, the plume, the puff.

The equations are those of SLAB (Ermak, UCRL-MA-105607, 1990; numbers in brackets are his), in the
discretisation of slabx (Lee 2026, MIT licence), against which they are checked. All in one file on
purpose: numba's cache notices a change only in the file of the function that was called.
"""

import math
from typing import Any, NamedTuple

import numba
import numpy as np

GRAVITY, KARMAN, GAS = 9.80665, 0.41, 8.31431
AIR_KG_MOL, AIR_HEAT = 0.02896, 1005.87
WATER_KG_MOL, WATER_VAPOUR_HEAT, WATER_LIQUID_HEAT, WATER_KG_M3 = 0.01802, 1846.0, 4178.0, 1000.0
WATER_LATENT, WATER_LATENT_K = 2.441e6, 298.2
WATER_A, WATER_B = 15.08, 5514.0
ROOT3 = math.sqrt(3.0)
_WATER_DATUM = WATER_LATENT + WATER_LATENT_K * (WATER_LIQUID_HEAT - WATER_VAPOUR_HEAT)
_WATER_BOILING = WATER_B / WATER_A
AVERAGED = (10.0 / 900.0) ** 0.2
FAILED, DONE = 1, 0
OPTIONS: dict[str, Any] = {
    "cache": True,
    "nogil": True,
    "error_model": "numpy",
    "fastmath": {"contract", "reassoc", "arcp", "nsz"},
}


class Air(NamedTuple):
    """State and profile of the air, SI; see `air_of`."""

    kelvin: float
    density: float
    kg_mol: float
    heat: float
    water: float
    friction_m_s: float
    wind_m_s: float
    roughness_m: float
    mixing_m: float
    depth_m: float
    inverse_l: float
    inverse_l_ground: float
    far_phi: float
    growth: float
    joint_m: float
    slope: float
    curve: float
    wind_2m: float
    profile_4m: float
    steadiness: float


class Stuff(NamedTuple):
    """The released material: molar mass, heat capacities, latent heat at 0 K, boiling point, liquid
    density, and the constants of its saturation pressure, SI."""

    kg_mol: float
    vapour_heat: float
    liquid_heat: float
    latent_datum: float
    boiling_k: float
    liquid_kg_m3: float
    a: float
    b: float


class Source(NamedTuple):
    """Where it comes from: rate, duration, temperature, half-width (as run, and geometric), the mass and
    velocity of the vapour through the ground, total mass, and whether it is a pool, a jet or at once."""

    rate: float
    seconds: float
    kelvin: float
    half_m: float
    ground_flux: float
    ground_m_s: float
    mass: float
    is_pool: bool
    is_sudden: bool


class Cloud(NamedTuple):
    """The cloud at a station. Half-width *wide*, its shape part *core*, the same along the wind, height,
    height of its middle, velocity, state, mass fractions, spreading velocities, closures."""

    flux: float
    width_sum: float
    core_sum: float
    long_sum: float
    long_core_sum: float
    middle: float
    released: float
    x: float
    t: float
    height: float
    wide: float
    core: float
    long: float
    long_core: float
    u: float
    kelvin: float
    density: float
    heat: float
    share: float
    vapour: float
    water: float
    steam: float
    spread: float
    stretch: float
    sink: float
    wind: float
    top: float
    up: float
    side: float
    along: float
    drag: float
    long_drag: float
    spread_drag: float
    sink_drag: float
    warmth: float


CLOUD = np.dtype(
    [(name, np.float64) for name in Cloud._fields]
)  # the same as a record that kernels can write to


@numba.njit(**OPTIONS)
def _saturation(a, b, boiling, kelvin):  # type: ignore[no-untyped-def]
    """Saturation pressure over ambient and its slope; linear above the boiling point."""
    ratio = math.exp(a - b / kelvin)
    if ratio > 1.0:
        return 1.0 + a * (kelvin - boiling) / boiling, a / boiling
    return ratio, b * ratio / (kelvin * kelvin)


@numba.njit(**OPTIONS)
def _vapour(saturation, slope, total, others, kg_mol, carried):  # type: ignore[no-untyped-def]
    """Mass fraction of vapour and its slope, for a total and the moles of the other gases."""
    if total <= 0.0:
        return 0.0, 0.0
    scale = kg_mol * others
    if scale <= 0.0:
        return carried, 0.0
    if saturation >= total / (total + scale):
        return total, 0.0
    vapour = scale * saturation / (1.0 - saturation)
    if vapour >= total:
        return total, 0.0
    return vapour, scale * slope / (1.0 - saturation) ** 2


@numba.njit(**OPTIONS)
def _balance(kelvin, share, water, dry, vapour0, steam0, enthalpy, stuff):  # type: ignore[no-untyped-def]
    """Residual of the energy balance [41], its slope, heat capacity, vapour, steam."""
    ratio, slope = _saturation(stuff.a, stuff.b, stuff.boiling_k, kelvin)
    others = dry / AIR_KG_MOL + steam0 / WATER_KG_MOL
    vapour, vapour_slope = _vapour(ratio, slope, share, others, stuff.kg_mol, vapour0)
    ratio, slope = _saturation(WATER_A, WATER_B, _WATER_BOILING, kelvin)
    others = dry / AIR_KG_MOL + vapour / stuff.kg_mol
    steam, steam_slope = _vapour(ratio, slope, water, others, WATER_KG_MOL, steam0)
    heat = (
        dry * AIR_HEAT
        + steam * WATER_VAPOUR_HEAT
        + (water - steam) * WATER_LIQUID_HEAT
        + vapour * stuff.vapour_heat
        + (share - vapour) * stuff.liquid_heat
    )
    found = (enthalpy + _WATER_DATUM * (steam0 - steam) + stuff.latent_datum * (vapour0 - vapour)) / heat
    latent = stuff.latent_datum + found * (stuff.vapour_heat - stuff.liquid_heat)
    latent_water = _WATER_DATUM + found * (WATER_VAPOUR_HEAT - WATER_LIQUID_HEAT)
    rise = 1.0 + (latent_water * steam_slope + latent * vapour_slope) / heat
    return kelvin - found, rise, heat, vapour, steam


@numba.njit(**OPTIONS)
def equilibrium(share, water, dry, vapour0, steam0, enthalpy, guess, stuff, air):  # type: ignore[no-untyped-def]
    """Temperature, density [10], heat capacity, vapour, steam; temperature NaN when there is no root.
    Newton's method kept within a bracket."""
    low, high = 1.0, 2000.0
    args = (share, water, dry, vapour0, steam0, enthalpy, stuff)
    kelvin = guess if low < guess < high else 300.0
    rest, rise, heat, vapour, steam = _balance(kelvin, *args)
    for _ in range(80):
        if rest < 0.0:
            low = kelvin
        else:
            high = kelvin
        step = rest / rise if rise > 1e-30 else 1e30
        after = kelvin - step
        if not low < after < high:
            after = 0.5 * (low + high)
        moved = abs(after - kelvin)
        kelvin = after
        rest, rise, heat, vapour, steam = _balance(kelvin, *args)
        if moved < 1e-3:
            break
    if not 1.5 < kelvin < 1999.0:
        kelvin = math.nan
    if (
        abs(rest) > 0.05
    ):  # as good as undiluted, the vapour jumps at the boiling point: it follows from the heat
        base = dry * AIR_HEAT + steam * WATER_VAPOUR_HEAT + (water - steam) * WATER_LIQUID_HEAT
        latent = stuff.latent_datum + kelvin * (stuff.vapour_heat - stuff.liquid_heat)
        spare = enthalpy + _WATER_DATUM * (steam0 - steam) + stuff.latent_datum * vapour0
        vapour = (spare - kelvin * (base + share * stuff.liquid_heat)) / latent
        vapour = min(max(vapour, 0.0), share)
        heat = base + share * stuff.liquid_heat + vapour * (stuff.vapour_heat - stuff.liquid_heat)
    gas = air.kg_mol * (dry / AIR_KG_MOL + steam / WATER_KG_MOL + vapour / stuff.kg_mol)
    wet = air.density / WATER_KG_M3 * (water - steam) + air.density / stuff.liquid_kg_m3 * (share - vapour)
    density = air.density * air.kelvin / (gas * kelvin + wet * air.kelvin)
    return kelvin, density, heat, vapour, steam


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
def gravity_share(cloud, air):  # type: ignore[no-untyped-def]
    """Pressure coefficient of the gravity flow: a grounded, heavier cloud only."""
    return 0.25 if cloud.top <= cloud.height and cloud.density > air.density else 0.0


@numba.njit(**OPTIONS)
def _slopes(cloud, air, source, x, f):  # type: ignore[no-untyped-def]
    """Derivatives [1–10] along the wind into *f*."""
    inside = source.is_pool and -source.half_m <= x <= source.half_m
    poured = source.ground_flux if inside else 0.0
    heavier = cloud.density - air.density
    inverse = 1.0 / cloud.u if cloud.u > 0.0 else 0.0
    b, h = cloud.wide, cloud.height
    f[0] = air.density * ROOT3 * (cloud.side * h + cloud.up * b) + poured
    f[1] = (ROOT3 * (air.density / cloud.density) * cloud.side + cloud.spread) * inverse
    f[2] = cloud.spread * cloud.core * inverse / b if b > 0.0 else 0.0
    f[3] = 0.75 * GRAVITY * heavier * h * h
    f[4] = cloud.warmth
    f[5] = cloud.drag
    f[6] = -GRAVITY * heavier * b * h
    f[7] = cloud.sink * inverse
    f[8] = 2.0 * cloud.density * b * h * cloud.share
    f[9] = cloud.spread_drag
    f[10] = cloud.sink_drag


@numba.njit(**OPTIONS)
def _velocity(driven, gravity, before):  # type: ignore[no-untyped-def]
    """Largest root of U³ − U_e U² + U_g³ = 0 [4b, 4e], and by what the width must grow when there is none."""
    if gravity <= 0.0:
        return driven, 1.0
    limit = 2.0 / 27.0 * driven**3
    if gravity - limit > limit:
        ratio = 27.0 / 4.0 * gravity / driven**3 if driven > 0.0 else 1.0
        return min(2.0 * driven / 3.0, before), ratio
    angle = math.acos(max(-1.0, min(1.0, -(gravity - limit) / limit)))
    return (driven + 2.0 * driven * math.cos(angle / 3.0)) / 3.0, 1.0


@numba.njit(**OPTIONS)
def relaxed(before, drive, flux):  # type: ignore[no-untyped-def]
    """How a velocity inherited from the step before fades under its drag."""
    kept = flux * before
    return kept / (kept + abs(drive)) if kept + abs(drive) > 0.0 else 1.0


@numba.njit(**OPTIONS)
def rebuild(new, old, air, dy, momentum, share_g, inside, last):  # type: ignore[no-untyped-def]
    """Velocity, height, widths from the integrated fluxes [2b, 4b] into *new*, which holds flux, state and middle.

    Returns the widening where the velocity had no root, and whether it worked.
    """
    rho, rho0, flux, u0 = new.density, old.density, new.flux, old.u
    shade = profile(air, max(old.top, 1e-9))
    u, b = u0, old.wide + new.width_sum - old.width_sum
    h = flux / (rho * u * b) if rho * u * b > 0.0 else 0.0
    stretch = (rho0 / rho) ** (h / (h + 2.0 * b)) if h + 2.0 * b > 0.0 else 1.0
    ratio, core, top, wind = 1.0, old.core, old.top, old.wind
    drag = dy[5]
    slow = 0.0
    if drag != 0.0:
        lag = u0 - old.wind
        slow = -old.flux * lag * abs(drag) / (abs(drag) + old.flux * abs(lag))
    for _ in range(11):
        power = h / (h + 2.0 * b) if h + 2.0 * b > 0.0 else 0.0
        stretch0 = rho0 * u0 / (rho * u) if u0 > old.wind else rho0 / rho
        stretch = math.sqrt(stretch * stretch0**power)
        core = (old.core + new.core_sum - old.core_sum) * stretch
        b = (old.wide + new.width_sum - old.width_sum) * stretch
        h = flux / (rho * u * b)
        if h > 2.0 * b:
            b = math.sqrt(flux / (2.0 * rho * u))
            h = 2.0 * b
            stretch = math.sqrt(stretch0)
        top = new.middle + 0.5 * h if new.middle > 0.5 * h else h
        wind = mean_wind(air, old.top, top, old.wind, shade)
        driven = wind * (1.0 - new.share) + (momentum + slow) / flux
        gravity = share_g * GRAVITY * (rho - air.density) * flux / (2.0 * b * rho * rho)
        found, ratio = _velocity(driven, gravity, u0)
        if not (u > 0.0 and found > 0.0):
            return 0.0, False
        found = (u * found * found) ** (1.0 / 3.0)
        settled = abs(u - found) / math.sqrt(u * found) < 1e-3
        u = found
        h = flux / (rho * u * b)
        if settled:
            break
    if h < 2.0 * new.middle and share_g * rho > share_g * air.density:
        h = 2.0 * new.middle
        u = flux / (rho * b * h)
    h = min(h, air.mixing_m)
    middle = min(new.middle, air.mixing_m - 0.5 * h)
    top = middle + 0.5 * h if middle > 0.5 * h else h
    wind = mean_wind(air, old.top, top, old.wind, shade)
    widened = 0.0
    if ratio > 1.0 and last:
        widened = b * (ratio - 1.0)
        b, core = b * ratio, core * ratio
    spread, sink = _spreading(new, old, air, dy, inside, top > h, b, middle)
    new.height, new.wide, new.core, new.u, new.wind = h, b, core, u, wind
    new.top, new.middle, new.spread, new.sink = top, middle, spread, sink
    return widened, True


@numba.njit(**OPTIONS)
def _spreading(new, old, air, dy, inside, lofted, b, middle):  # type: ignore[no-untyped-def]
    """Gravity spreading and settling velocities [5, 6]."""
    if inside:
        if new.density <= air.density:
            return 0.0, 0.0
        fade = 1.0 if old.spread == 0.0 else relaxed(old.spread, dy[9], old.flux)
        return fade * (dy[3] + old.flux * old.spread) / new.flux, 0.0
    if lofted or new.density <= air.density:
        fade = 1.0 if old.sink == 0.0 else relaxed(abs(old.sink), dy[10], old.flux)
        return 0.0, fade * (dy[6] + old.flux * old.sink) / new.flux
    before, fade = old.spread, 1.0
    if before == 0.0:
        before = -2.0 * old.sink * old.wide / old.height if old.height > 0.0 else 0.0
    else:
        fade = relaxed(before, dy[9], old.flux)
    spread = fade * (dy[3] + old.flux * before) / new.flux
    return spread, (-spread * middle / b if b > 0.0 else 0.0)


@numba.njit(**OPTIONS)
def _stage(old, new, air, stuff, source, dy, x, momentum, share_g, last):  # type: ignore[no-untyped-def]
    """Into *new*, a copy of *old*: the cloud at *x* after increments *dy* [1a, 3, 41]."""
    flux = old.flux + dy[0]
    if not flux > 0.0:
        return 0.0, False
    half = source.half_m
    through = 0.5 * source.rate if x > half else 0.25 * source.rate * (half + x) / half
    share = min(max(through / flux, 0.0), 1.0)
    kept = old.flux / flux
    water = (1.0 - share) * air.water
    steam0 = water + kept * (old.steam - old.water)
    vapour0 = share - kept * max(old.share - old.vapour, 0.0)
    gap, warmth = old.kelvin - air.kelvin, 0.0
    if dy[4] != 0.0:
        warmth = -old.heat * gap * abs(dy[4]) / (abs(dy[4]) + old.flux * old.heat * abs(gap))
    charged = stuff.vapour_heat * source.kelvin
    enthalpy = (1.0 - share) * air.heat * air.kelvin + share * charged
    enthalpy += kept * (
        old.heat * old.kelvin - (1.0 - old.share) * air.heat * air.kelvin - old.share * charged + warmth
    )
    dry = (1.0 - share) * (1.0 - air.water)
    kelvin, density, heat, vapour, steam = equilibrium(
        share, water, dry, vapour0, steam0, enthalpy, old.kelvin, stuff, air
    )
    if not density > 0.0:
        return 0.0, False
    new.flux = flux
    new.width_sum = old.width_sum + dy[1]
    new.core_sum = old.core_sum + dy[2]
    new.middle = min(max(old.middle + dy[7], 0.0), air.mixing_m - 0.5 * old.height)
    new.released = old.released + dy[8]
    new.x, new.kelvin, new.density, new.heat = x, kelvin, density, heat
    new.share, new.vapour, new.water, new.steam = share, vapour, water, steam
    widened, fine = rebuild(new, old, air, dy, momentum, share_g, x <= half, last)
    inside = source.is_pool and -half <= x <= half
    close(new, air, source.ground_m_s if inside else 0.0, False)
    return widened, fine


@numba.njit(**OPTIONS)
def excess_momentum(cloud, share, air, share_g):  # type: ignore[no-untyped-def]
    """What the cloud's momentum exceeds that of the air in it, with the gravity term."""
    weight = 0.5 * share_g * GRAVITY * (cloud.density - air.density) * cloud.wide * cloud.height**2
    return cloud.flux * cloud.u - cloud.flux * (1.0 - share) * cloud.wind + weight


@numba.njit(**OPTIONS)
def advance(clouds, air, stuff, source, x, dx, momentum, share_g, work):  # type: ignore[no-untyped-def]
    """One Runge–Kutta step of order four of ``clouds[0]``; ``clouds[1]`` and *work* (3, 11) are scratch."""
    f, total, dy = work[0], work[1], work[2]
    total[:] = 0.0
    clouds[1] = clouds[0]
    widened = 0.0
    for k in range(4):
        part = 1.0 if k > 1 else 0.5
        at = x + dx * part
        _slopes(clouds[1], air, source, x if k == 3 else at, f)
        weight = dx / 6.0 if k in (0, 3) else dx / 3.0
        for j in range(11):
            total[j] += weight * f[j]
            dy[j] = total[j] if k == 3 else dx * part * f[j]
        clouds[1] = clouds[0]
        grown, fine = _stage(clouds[0], clouds[1], air, stuff, source, dy, at, momentum, share_g, k == 3)
        if not fine:
            return widened, False
        total[1] += grown
        widened += grown
    clouds[0] = clouds[1]
    return widened, True


@numba.njit(**OPTIONS)
def run_plume(first, air, stuff, source, stations, steps, rows):  # type: ignore[no-untyped-def]
    """Integrate from ``first[0]`` to each of *stations*; *rows* (stations + 1,) of `CLOUD` receives the clouds,
    the first included.

    Returns the number of rows, the sum of widenings within the source, and `DONE` or `FAILED`.
    """
    work, clouds = np.zeros((3, 11)), np.zeros(2, CLOUD)
    clouds[0] = first[0]
    x = first[0].x
    rows[0] = clouds[0]
    share_g = gravity_share(clouds[0], air)
    momentum = excess_momentum(clouds[0], clouds[0].share, air, share_g)
    widened = 0.0
    for i in range(len(stations)):
        dx = (stations[i] - x) / steps
        for _ in range(steps):
            grown, fine = advance(clouds, air, stuff, source, x, dx, momentum, share_g, work)
            if not fine or not math.isfinite(clouds[0].u):
                return i + 1, widened, FAILED
            if x < source.half_m:
                widened += grown
            share_g = gravity_share(clouds[0], air)
            momentum = excess_momentum(clouds[0], clouds[0].share, air, share_g)
            x += dx
        rows[i + 1] = clouds[0]
    return len(stations) + 1, widened, DONE


@numba.njit(**OPTIONS)
def _puff_slopes(cloud, air, source, f):  # type: ignore[no-untyped-def]
    """Derivatives in time [15–26] into *f*."""
    b, a, h = cloud.wide, cloud.long, cloud.height
    poured, lag = 0.0, 0.0
    if cloud.t < source.seconds and source.rate > 0.0:
        poured = 0.25 * source.rate
        lag = poured / cloud.flux if cloud.flux > 0.0 else 0.0
    heavier = cloud.density - air.density
    f[0] = air.density * ROOT3 * ((cloud.along * b + cloud.side * a) * h + cloud.up * b * a) + poured
    f[1] = cloud.u - lag * cloud.x
    f[2] = ROOT3 * (air.density / cloud.density) * cloud.side + cloud.spread
    f[3] = cloud.spread * cloud.core / b if b > 0.0 else 0.0
    f[4] = ROOT3 * (air.density / cloud.density) * cloud.along + cloud.stretch
    f[5] = cloud.stretch * cloud.long_core / a if a > 0.0 else 0.0
    push = 0.75 * GRAVITY * heavier * h * h
    f[6], f[7] = push * a, push * b
    f[8], f[9] = cloud.warmth, cloud.drag
    f[10] = -GRAVITY * heavier * b * a * h
    f[11] = cloud.sink
    f[12], f[13], f[14] = cloud.spread_drag, cloud.long_drag, cloud.sink_drag


@numba.njit(**OPTIONS)
def _puff_spreading(new, old, air, dy, lofted, b, a, middle):  # type: ignore[no-untyped-def]
    """Spreading across and along, and settling."""
    if lofted or new.density <= air.density:
        fade = 1.0 if old.sink == 0.0 else relaxed(abs(old.sink), dy[14], old.flux)
        return 0.0, 0.0, fade * (dy[10] + old.flux * old.sink) / new.flux
    square = old.wide**2 + old.long**2
    shape = old.wide * old.long / square if square > 0.0 else 0.0
    falling = -2.0 * shape * old.sink / old.height if old.height > 0.0 else 0.0
    across, fade = old.spread, 1.0
    if across == 0.0:
        across = falling * old.long
    else:
        fade = relaxed(across, dy[12], old.flux)
    spread = fade * (dy[6] + old.flux * across) / new.flux
    along, fade = old.stretch, 1.0
    if along == 0.0:
        along = falling * old.wide
    else:
        fade = relaxed(along, dy[13], old.flux)
    stretch = fade * (dy[7] + old.flux * along) / new.flux
    return spread, stretch, -(spread / b + stretch / a) * middle if a > 0.0 and b > 0.0 else 0.0


@numba.njit(**OPTIONS)
def _rebuild_puff(new, old, air, dy, momentum):  # type: ignore[no-untyped-def]
    """Widths, height, velocity from the integrated quantities, into *new*."""
    rho, rho0 = new.density, old.density
    around = old.height * (old.long + old.wide) + 2.0 * old.wide * old.long
    power = old.long * old.height / around if around > 0.0 else 0.0
    long_power = old.wide / old.long * power if old.long > 0.0 else 0.0
    grow, long_grow = (rho0 / rho) ** power, (rho0 / rho) ** long_power
    b = (old.wide + new.width_sum - old.width_sum) * grow
    core = (old.core + new.core_sum - old.core_sum) * grow
    a = (old.long + new.long_sum - old.long_sum) * long_grow
    long_core = (old.long_core + new.long_core_sum - old.long_core_sum) * long_grow
    h = min(new.flux / (rho * a * b), air.mixing_m)
    middle = min(max(new.middle, 0.0), air.mixing_m - 0.5 * h)
    top = middle + 0.5 * h if middle > 0.5 * h else h
    wind = mean_wind(air, old.top, top, old.wind, profile(air, max(old.top, 1e-9)))
    slow, lag = 0.0, old.u - old.wind
    if dy[9] != 0.0:
        slow = -old.flux * lag * abs(dy[9]) / (abs(dy[9]) + old.flux * abs(lag))
    u = (1.0 - new.share) * wind + (momentum + slow) / new.flux
    spread, stretch, sink = _puff_spreading(new, old, air, dy, top > h, b, a, middle)
    new.wide, new.core, new.long, new.long_core, new.height = b, core, a, long_core, h
    new.middle, new.top, new.wind, new.u = middle, top, wind, u
    new.spread, new.stretch, new.sink = spread, stretch, sink


@numba.njit(**OPTIONS)
def _puff_stage(old, new, air, stuff, source, dy, t, momentum):  # type: ignore[no-untyped-def]
    """Into *new*, a copy of *old*: the puff at *t* after increments *dy*; False when it has no state."""
    flux = old.flux + dy[0]
    if not flux > 0.0:
        return False
    released = source.mass if source.is_sudden else source.rate * min(max(t, 0.0), source.seconds)
    share = min(max(0.25 * released / flux, 0.0), 1.0)
    kept, water = old.flux / flux, (1.0 - share) * air.water
    steam0 = water + kept * (old.steam - old.water)
    vapour0 = share + kept * (old.vapour - old.share)
    gap, warmth = old.kelvin - air.kelvin, 0.0
    if dy[8] != 0.0:
        warmth = -old.heat * gap * abs(dy[8]) / (abs(dy[8]) + old.flux * old.heat * abs(gap))
    charged = stuff.vapour_heat * source.kelvin
    enthalpy = (1.0 - share) * air.heat * air.kelvin + share * charged
    enthalpy += kept * (
        old.heat * old.kelvin - (1.0 - old.share) * air.heat * air.kelvin - old.share * charged + warmth
    )
    dry = (1.0 - share) * (1.0 - air.water)
    kelvin, density, heat, vapour, steam = equilibrium(
        share, water, dry, vapour0, steam0, enthalpy, old.kelvin, stuff, air
    )
    if not density > 0.0:
        return False
    new.flux, new.x, new.t = flux, old.x + dy[1], t
    new.width_sum, new.core_sum = old.width_sum + dy[2], old.core_sum + dy[3]
    new.long_sum, new.long_core_sum = old.long_sum + dy[4], old.long_core_sum + dy[5]
    new.middle, new.released = old.middle + dy[11], 0.5 * released
    new.kelvin, new.density, new.heat = kelvin, density, heat
    new.share, new.vapour, new.water, new.steam = share, vapour, water, steam
    _rebuild_puff(new, old, air, dy, momentum)
    close(new, air, 0.0, True)
    return True


@numba.njit(**OPTIONS)
def _advance_puff(clouds, air, stuff, source, dt, momentum, work):  # type: ignore[no-untyped-def]
    """One Runge–Kutta step of order four of ``clouds[0]``; ``clouds[1]`` and *work* (3, 15) are scratch."""
    f, total, dy = work[0], work[1], work[2]
    total[:] = 0.0
    clouds[1] = clouds[0]
    for k in range(4):
        part = 1.0 if k > 1 else 0.5
        _puff_slopes(clouds[1], air, source, f)
        weight = dt / 6.0 if k in (0, 3) else dt / 3.0
        for j in range(15):
            total[j] += weight * f[j]
            dy[j] = total[j] if k == 3 else dt * part * f[j]
        clouds[1] = clouds[0]
        if not _puff_stage(clouds[0], clouds[1], air, stuff, source, dy, clouds[0].t + dt * part, momentum):
            return False
    clouds[0] = clouds[1]
    return math.isfinite(clouds[0].u)


@numba.njit(**OPTIONS)
def run_puff(first, air, stuff, source, seconds, steps, substeps, growth, rows):  # type: ignore[no-untyped-def]
    """Follow ``first[0]`` for *seconds* in *steps* that grow by *growth*; *rows* (steps,) of `CLOUD` receives
    the clouds.

    Returns the number of rows and `DONE` or `FAILED`.
    """
    work, clouds = np.zeros((3, 15)), np.zeros(2, CLOUD)
    clouds[0] = first[0]
    momentum = clouds[0].flux * (clouds[0].u - (1.0 - clouds[0].share) * clouds[0].wind)
    dt = seconds * (growth - 1.0) / (growth**steps - 1.0) / substeps
    for i in range(steps):
        for _ in range(substeps):
            if not _advance_puff(clouds, air, stuff, source, dt, momentum, work):
                return i, FAILED
            momentum = clouds[0].flux * (clouds[0].u - (1.0 - clouds[0].share) * clouds[0].wind)
        rows[i] = clouds[0]
        dt *= growth
    return steps, DONE
