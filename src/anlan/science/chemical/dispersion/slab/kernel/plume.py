"""The steady plume: slopes along the wind, the cloud from its fluxes, a Runge–Kutta march [1–10]."""

import math

import numba
import numpy as np

from anlan.science.chemical.dispersion.slab.kernel.closures import close, mean_wind, profile, relaxed
from anlan.science.chemical.dispersion.slab.kernel.mixture import equilibrium
from anlan.science.chemical.dispersion.slab.kernel.state import CLOUD, DONE, FAILED, GRAVITY, OPTIONS, ROOT3


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
def gravity_share(cloud, air):  # type: ignore[no-untyped-def]
    """Pressure coefficient of the gravity flow: a grounded, heavier cloud only."""
    return 0.25 if cloud.top <= cloud.height and cloud.density > air.density else 0.0


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
