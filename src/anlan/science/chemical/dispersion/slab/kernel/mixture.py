"""The cloud's temperature and density: gas, water and droplets in equilibrium [10, 41–43]."""

import math

import numba

from anlan.science.chemical.dispersion.slab.kernel.state import (
    AIR_HEAT,
    AIR_KG_MOL,
    OPTIONS,
    WATER_A,
    WATER_B,
    WATER_BOILING_K,
    WATER_DATUM,
    WATER_KG_M3,
    WATER_KG_MOL,
    WATER_LIQUID_HEAT,
    WATER_VAPOUR_HEAT,
)


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
    ratio, slope = _saturation(WATER_A, WATER_B, WATER_BOILING_K, kelvin)
    others = dry / AIR_KG_MOL + vapour / stuff.kg_mol
    steam, steam_slope = _vapour(ratio, slope, water, others, WATER_KG_MOL, steam0)
    heat = (
        dry * AIR_HEAT
        + steam * WATER_VAPOUR_HEAT
        + (water - steam) * WATER_LIQUID_HEAT
        + vapour * stuff.vapour_heat
        + (share - vapour) * stuff.liquid_heat
    )
    found = (enthalpy + WATER_DATUM * (steam0 - steam) + stuff.latent_datum * (vapour0 - vapour)) / heat
    latent = stuff.latent_datum + found * (stuff.vapour_heat - stuff.liquid_heat)
    latent_water = WATER_DATUM + found * (WATER_VAPOUR_HEAT - WATER_LIQUID_HEAT)
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
        spare = enthalpy + WATER_DATUM * (steam0 - steam) + stuff.latent_datum * vapour0
        vapour = (spare - kelvin * (base + share * stuff.liquid_heat)) / latent
        vapour = min(max(vapour, 0.0), share)
        heat = base + share * stuff.liquid_heat + vapour * (stuff.vapour_heat - stuff.liquid_heat)
    gas = air.kg_mol * (dry / AIR_KG_MOL + steam / WATER_KG_MOL + vapour / stuff.kg_mol)
    wet = air.density / WATER_KG_M3 * (water - steam) + air.density / stuff.liquid_kg_m3 * (share - vapour)
    density = air.density * air.kelvin / (gas * kelvin + wet * air.kelvin)
    return kelvin, density, heat, vapour, steam
