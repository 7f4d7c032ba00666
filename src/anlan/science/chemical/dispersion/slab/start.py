"""How the cloud begins: at the upwind edge of a pool, at a jet's mouth, or all at once."""

import math

import numpy as np
from numpy.typing import NDArray

from anlan.science.chemical.dispersion.slab.kernel.closures import close_first, profile
from anlan.science.chemical.dispersion.slab.kernel.state import (
    AVERAGED,
    CLOUD,
    GAS,
    KARMAN,
    ROOT3,
    Air,
    Cloud,
    Source,
    Stuff,
)

_NONE = Cloud(*(0.0 for _ in Cloud._fields))


def record(cloud: Cloud) -> NDArray[np.void]:
    """A cloud as an array of one record, as the kernels take it."""
    return np.array([tuple(cloud)], CLOUD)


def pool_source(
    stuff: Stuff,
    rate: float,
    area_m2: float,
    seconds: float,
    kelvin: float,
    half_m: float | None,
    pascal: float,
) -> Source:
    """A square of ground that gives off vapour; *half_m* is the half-width as widened by upwind spreading."""
    geometric = 0.5 * math.sqrt(area_m2)
    half = half_m or geometric
    warm = max(kelvin, stuff.boiling_k)
    density = stuff.kg_mol * pascal / (GAS * warm)
    velocity = rate / (density * area_m2)
    flux = density * velocity * (geometric / half) ** 2 * half
    return Source(rate, seconds, warm, half, flux, velocity, rate * seconds, True, False)


def pool_cloud(air: Air, source: Source, dx: float) -> Cloud:
    """Ambient air of no height at the upwind edge [40]; *dx* is the first step."""
    first = _first_height(air, dx)
    wind = _simpson_wind(air, first)
    side = 0.08 * air.steadiness * AVERAGED * air.wind_m_s
    return _NONE._replace(
        x=-source.half_m,
        width_sum=source.half_m,
        core_sum=0.9 * source.half_m,
        wide=source.half_m,
        core=0.9 * source.half_m,
        long=1.0,
        long_core=1.0,
        u=wind,
        kelvin=air.kelvin,
        density=air.density,
        heat=air.heat,
        water=air.water,
        steam=air.water,
        wind=wind,
        up=wind * first / (ROOT3 * dx),
        side=side,
    )


def jet_source(
    stuff: Stuff, rate: float, seconds: float, kelvin: float, liquid: float, pascal: float
) -> Source:
    """A horizontal jet, its mouth at x = 1 m."""
    warm = stuff.boiling_k if liquid > 0 else max(kelvin, stuff.boiling_k)
    return Source(rate, seconds, warm, 1.0, 0.0, 0.0, rate * seconds, False, False)


def jet_cloud(
    air: Air, stuff: Stuff, source: Source, area_m2: float, height_m: float, liquid: float
) -> Cloud:
    """A square jet, flattened where its lower edge touches the ground."""
    density = _mixed_density(air, stuff, source.kelvin, liquid)
    speed = source.rate / (density * area_m2)
    half = 0.5 * math.sqrt(area_m2)
    height = 2 * half
    if height_m <= 0.5 * height:
        half = 0.5 * (math.sqrt(height_m**2 + 2 * area_m2) - height_m)
        height = half + height_m
    middle = min(height_m, air.mixing_m - 0.5 * height)
    top = middle + 0.5 * height if middle > 0.5 * height else height
    cloud = _undiluted(stuff, source.kelvin, density, liquid)._replace(
        x=1.0,
        flux=density * speed * half * height,
        middle=middle,
        height=height,
        top=top,
        wide=half,
        core=0.9 * half,
        width_sum=half,
        core_sum=0.9 * half,
        long=1.0,
        long_core=1.0,
        u=speed,
        wind=_simpson_wind(air, top),
    )
    made = record(cloud)
    close_first(made, air)
    return Cloud(*made[0])


def sudden_source(stuff: Stuff, mass: float, area_m2: float, kelvin: float, liquid: float) -> Source:
    """All of a mass at once on an area."""
    warm = stuff.boiling_k if liquid > 0 else max(kelvin, stuff.boiling_k)
    return Source(0.0, 0.0, warm, 0.5 * math.sqrt(area_m2), 0.0, 0.0, mass, False, True)


def sudden_cloud(air: Air, stuff: Stuff, source: Source, liquid: float) -> Cloud:
    """A slab of the undiluted release at rest."""
    density = _mixed_density(air, stuff, source.kelvin, liquid)
    half = source.half_m
    height = source.mass / (density * 4 * half**2)
    return _undiluted(stuff, source.kelvin, density, liquid)._replace(
        flux=density * half**2 * height,
        height=height,
        top=height,
        released=source.mass,
        wide=half,
        core=0.9 * half,
        width_sum=half,
        core_sum=0.9 * half,
        long=half,
        long_core=0.9999 * half,
        long_sum=half,
        long_core_sum=0.9999 * half,
        wind=_simpson_wind(air, min(height, air.mixing_m)),
    )


def _undiluted(stuff: Stuff, kelvin: float, density: float, liquid: float) -> Cloud:
    heat = (1 - liquid) * stuff.vapour_heat + liquid * stuff.liquid_heat
    return _NONE._replace(kelvin=kelvin, density=density, heat=heat, share=1.0, vapour=1 - liquid)


def _mixed_density(air: Air, stuff: Stuff, kelvin: float, liquid: float) -> float:
    gas = air.kg_mol / stuff.kg_mol * (1 - liquid)
    wet = air.density / stuff.liquid_kg_m3 * liquid
    return air.density * air.kelvin / (gas * kelvin + wet * air.kelvin)


def _first_height(air: Air, dx: float) -> float:
    """Height after the first step, by integrating the neutral entrainment law over it."""
    z0 = air.roughness_m
    target = ROOT3 * 1.5 * KARMAN**3 * air.profile_4m * dx / air.friction_m_s
    height = 3 * target / math.log(1 + (3 * target * z0**2) ** (1 / 3) / z0) ** 2
    for _ in range(100):
        log = math.log1p(height / z0)
        step = ((height + z0) * (log * log - 2 * log) + 2 * height - target) / log**2
        height = height - step if height > step else 0.5 * height
        if abs(step) < 1e-10 * max(height, 1.0):
            break
    return height


def _simpson_wind(air: Air, height: float) -> float:
    """Wind averaged over a depth in five panels."""
    if height <= 0:
        return 0.0
    edges = [max(i * height / 10, 1e-12) for i in range(11)]
    weights = [1, 4, 2, 4, 2, 4, 2, 4, 2, 4, 1]
    total = sum(w * float(profile(air, z)) for w, z in zip(weights, edges, strict=True))
    return air.friction_m_s / KARMAN * total / 30


def from_plume(cloud: Cloud, source: Source) -> Cloud:
    """The puff that a plume becomes when half of the release has passed [29, 30]."""
    flux = 0.25 * source.rate * source.seconds / cloud.share
    long = flux / (cloud.density * cloud.wide * cloud.height)
    return cloud._replace(
        flux=flux,
        width_sum=cloud.wide,
        core_sum=cloud.core,
        long_sum=long,
        long_core_sum=0.9999 * long,
        long=long,
        long_core=0.9999 * long,
        stretch=cloud.wide / long * cloud.spread,
        drag=long * cloud.drag,
        spread_drag=long * cloud.spread_drag,
        sink_drag=long * cloud.sink_drag,
        warmth=long * cloud.warmth,
    )
