"""The puff: slopes in time, the cloud from its integrals, a Runge–Kutta march [15–26]."""

import math

import numba
import numpy as np

from anlan.science.chemical.dispersion.slab.kernel.closures import close, mean_wind, profile, relaxed
from anlan.science.chemical.dispersion.slab.kernel.mixture import equilibrium
from anlan.science.chemical.dispersion.slab.kernel.state import CLOUD, DONE, FAILED, GRAVITY, OPTIONS, ROOT3


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
