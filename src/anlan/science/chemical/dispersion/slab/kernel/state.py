"""What the shallow-layer model's kernels share: constants, the air, the material, the source, the cloud.

The equations are those of SLAB (Ermak, UCRL-MA-105607, 1990; numbers in brackets are his), in the
discretisation of slabx (Lee 2026, MIT licence), against which they are checked.
"""

import math
from typing import Any, NamedTuple

import numpy as np

GRAVITY, KARMAN, GAS = 9.80665, 0.41, 8.31431
AIR_KG_MOL, AIR_HEAT = 0.02896, 1005.87
WATER_KG_MOL, WATER_VAPOUR_HEAT, WATER_LIQUID_HEAT, WATER_KG_M3 = 0.01802, 1846.0, 4178.0, 1000.0
WATER_LATENT, WATER_LATENT_K = 2.441e6, 298.2
WATER_A, WATER_B = 15.08, 5514.0
ROOT3 = math.sqrt(3.0)
WATER_DATUM = WATER_LATENT + WATER_LATENT_K * (WATER_LIQUID_HEAT - WATER_VAPOUR_HEAT)
WATER_BOILING_K = WATER_B / WATER_A
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
