"""The air of the shallow-layer model: Ermak's wind profile from wind, stability and roughness."""

import math

from anlan.science.chemical.dispersion.slab.kernel.closures import log_law, phi_momentum, profile
from anlan.science.chemical.dispersion.slab.kernel.state import (
    AIR_HEAT,
    AIR_KG_MOL,
    GAS,
    KARMAN,
    WATER_A,
    WATER_B,
    WATER_KG_MOL,
    WATER_VAPOUR_HEAT,
    Air,
)

_UNSTABLE, _MIXING_M = 16.0, 130.0


def air_of(
    wind_m_s: float,
    height_m: float,
    kelvin: float,
    humidity: float,
    roughness_m: float,
    stability: float,
    pressure_pa: float,
) -> Air:
    """Air from the wind at a height, relative humidity 0–1, and stability 1 (A) … 6 (F)
    (Ermak, UCRL-MA-105607 (1990), section 2.2 and appendix)."""
    saturation = math.exp(WATER_A - WATER_B / kelvin) * humidity
    water = WATER_KG_MOL * saturation / (AIR_KG_MOL + (WATER_KG_MOL - AIR_KG_MOL) * saturation)
    kg_mol = AIR_KG_MOL * WATER_KG_MOL / (WATER_KG_MOL + (AIR_KG_MOL - WATER_KG_MOL) * water)
    ground = _inverse_length(stability, roughness_m)
    depth = 1 + 0.8 * (stability - 4) if stability >= 4 else math.exp(3.2 - 0.8 * stability)
    inverse = ground * (1 + max(height_m, 3.0) / depth)
    far_phi = 1 / math.sqrt(math.sqrt(1 - _UNSTABLE * depth * inverse)) if inverse < 0 else 1.0
    growth = -8 * inverse / (1 - far_phi) if inverse < 0 else 0.0
    joint = math.e * roughness_m
    bare = Air(
        kelvin,
        kg_mol * pressure_pa / (GAS * kelvin),
        kg_mol,
        (1 - water) * AIR_HEAT + water * WATER_VAPOUR_HEAT,
        water,
        1.0,
        wind_m_s,
        roughness_m,
        _MIXING_M * 2.0 ** (3 - (stability - 4)),
        depth,
        inverse,
        ground,
        far_phi,
        growth,
        joint,
        1 / joint,
        0.0,
        0.0,
        0.0,
        1.0,
    )
    value = log_law(bare, joint)
    steep = phi_momentum(bare, joint) * (1 - joint / bare.mixing_m) / joint
    bare = bare._replace(slope=(2 * value - joint * steep) / joint, curve=(joint * steep - value) / joint**2)
    friction = KARMAN * wind_m_s / profile(bare, height_m)
    bare = bare._replace(friction_m_s=friction)
    bare = bare._replace(wind_2m=friction / KARMAN * profile(bare, 2.0), profile_4m=profile(bare, 4.0))
    return bare._replace(steadiness=_steadiness(bare))


def _steadiness(air: Air) -> float:
    """Ermak's stability function of horizontal entrainment."""
    relation = math.sqrt(air.friction_m_s / air.wind_2m / 0.086)
    if air.inverse_l_ground < 0.0:
        return 1.0 - relation * 10.0 * air.inverse_l_ground
    return 1.0 / (1.0 + relation * 10.0 * air.inverse_l_ground)


def _inverse_length(stability: float, roughness_m: float) -> float:
    """Inverse Monin–Obukhov length at the ground by class and roughness (Ermak's fit to Golder 1972)."""
    first = 0.0081 / roughness_m**0.3044
    if roughness_m > 0.0111:
        second, third = 0.0385 / roughness_m**0.1715, 0.0875 / roughness_m**0.1028
    else:
        second = first + 0.0137 / roughness_m**0.1715 + 0.0218
        third = second + 0.0557
    power = math.log(second / first) / math.log(2)
    later = 2 * math.log(third / first) / math.log(3) - power
    away = abs(stability - 4)
    if away < 2:
        size = first * away**power if away > 0 else 0.0
    elif away < 3.5:
        size = first * away ** (later + (power - later) / (1 + (away - 2) ** 2))
    else:
        size = first * 3.5 ** (later + (power - later) / 3.25)
    return size if stability >= 4 else -size
