"""The fuel bed of Rothermel 1972 with the corrections of Albini 1976: a fuel and its water, before wind and slope.

Equations are numbered as in Andrews 2018, RMRS-GTR-371, table 5; they hold in feet, pounds, minutes and Btu, and so
they are written. What goes out is SI.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anlan.science.wildfire.fuels import CLASSES, FuelModel, Moisture, cured_share

Floats = NDArray[np.float64]
FT_M = 0.3048
FT_MIN_M_S = FT_M / 60.0
BTU_FT2_MIN_KW_M2 = 1.055_056 / 0.092_903_04 / 60.0
_DENSITY_LB_FT3 = 32.0
_MINERAL, _SILICA_FREE = 0.0555, 0.010
_DEAD, _LIVE = slice(0, 4), slice(4, 6)
#: lower bounds of the size classes whose loads are put together, 1/ft (Albini 1976, p. 20)
_SUBCLASSES = np.array([16.0, 48.0, 96.0, 192.0, 1200.0])


@dataclass(frozen=True)
class Beds:
    """Arrays over fuel models; zero where nothing burns.

    ``calm_m_s`` is the rate without wind and slope; the wind factor is ``wind_factor``·U^``wind_power`` with the
    midflame wind U in m/s, the slope factor ``slope_factor``·tan²φ; ``reaction_kw_m2`` is the reaction intensity,
    ``heat_kj_m2`` what a square metre gives off while the flame passes, ``wind_limit_m_s`` the effective wind
    0.9·I_R (ft/min) above which Rothermel 1972 would not trust the rate.
    """

    calm_m_s: Floats
    wind_factor: Floats
    wind_power: Floats
    slope_factor: Floats
    reaction_kw_m2: Floats
    heat_kj_m2: Floats
    wind_limit_m_s: Floats


def fuel_beds(fuels: list[FuelModel], moisture: Moisture) -> Beds:
    """The beds of *fuels* at *moisture*."""
    with np.errstate(divide="ignore", invalid="ignore"):
        parts = _beds(fuels, moisture)
    burns = np.array([one.burns for one in fuels]) & (parts[0] > 0)
    return Beds(*(np.where(burns, part, 0.0) for part in parts))


def _beds(fuels: list[FuelModel], moisture: Moisture) -> tuple[Floats, ...]:
    depth = np.array([one.depth_ft for one in fuels])
    heat = np.array([one.heat_btu_lb for one in fuels])
    extinction = np.array([one.extinction for one in fuels])
    sav = np.array([one.sav_1_ft for one in fuels])
    load, water = _loads(fuels, moisture)
    area = load * sav / _DENSITY_LB_FT3
    by_life = np.stack([area[:, _DEAD].sum(1), area[:, _LIVE].sum(1)], 1)
    share = _over(area, np.repeat(by_life, (4, 2), axis=1))
    life = _over(by_life, by_life.sum(1, keepdims=True))

    sigma = (life * _by_life(share * sav)).sum(1)
    beta = load.sum(1) / depth / _DENSITY_LB_FT3
    relative = beta / (3.348 * sigma**-0.8189)
    wet = _by_life(share * water)
    limits = np.stack([extinction, _live_extinction(load, sav, water, extinction)], 1)
    damped = (_net_load(load, share, sav) * _moisture_damping(wet, limits)).sum(1)
    mineral = min(0.174 * _SILICA_FREE**-0.19, 1.0)
    power = 133.0 * sigma**-0.7913
    fastest = sigma**1.5 / (495.0 + 0.0594 * sigma**1.5)
    velocity = fastest * relative**power * np.exp(power * (1 - relative))
    reaction = velocity * damped * heat * mineral
    flux = np.exp((0.792 + 0.681 * np.sqrt(sigma)) * (beta + 0.1)) / (192.0 + 0.2595 * sigma)
    heating = np.exp(-138.0 / np.where(sav > 0, sav, np.nan)) * (250.0 + 1116.0 * water)
    sink = load.sum(1) / depth * (life * _by_life(share * np.nan_to_num(heating))).sum(1)
    calm = reaction * flux / sink

    exponent = 0.02526 * sigma**0.54
    packing = relative ** -(0.715 * np.exp(-3.59e-4 * sigma))
    wind = 7.47 * np.exp(-0.133 * sigma**0.55) * packing * FT_MIN_M_S**-exponent
    return (
        calm * FT_MIN_M_S,
        wind,
        exponent,
        5.275 * beta**-0.3,
        reaction * BTU_FT2_MIN_KW_M2,
        reaction * BTU_FT2_MIN_KW_M2 * 384.0 / sigma * 60.0,
        0.9 * reaction * FT_MIN_M_S,
    )


def _loads(fuels: list[FuelModel], moisture: Moisture) -> tuple[Floats, Floats]:
    """Load (lb/ft²) and water by class, the cured herb of dynamic models moved to the dead."""
    load = np.array([one.load_lb_ft2 for one in fuels])
    live, dead = CLASSES.index("live_herb"), CLASSES.index("dead_herb")
    moved = load[:, live] * np.array([one.dynamic for one in fuels]) * cured_share(moisture.live_herb)
    load[:, dead] += moved
    load[:, live] -= moved
    water = np.array([
        moisture.dead_1h, moisture.dead_10h, moisture.dead_100h, moisture.dead_1h,
        moisture.live_herb, moisture.live_woody,
    ])  # fmt: skip
    return load, np.broadcast_to(water, load.shape)


def _net_load(load: Floats, share: Floats, sav: Floats) -> Floats:
    """Net load of the dead and the live, weighted by size subclass (Albini 1976, p. 20)."""
    kind = np.searchsorted(_SUBCLASSES, sav, side="right")
    net = load * (1.0 - _MINERAL)
    found = []
    for life in (_DEAD, _LIVE):
        same = kind[:, life, None] == kind[:, None, life]
        weight = (same * share[:, None, life]).sum(2)
        found.append((weight * net[:, life]).sum(1))
    return np.stack(found, 1)


def _live_extinction(load: Floats, sav: Floats, water: Floats, extinction: Floats) -> Floats:
    """Moisture of extinction of the live fuel, never below that of the dead (Albini 1976)."""
    fine = load[:, _DEAD] * np.exp(-138.0 / np.where(sav[:, _DEAD] > 0, sav[:, _DEAD], np.inf))
    fine = np.where(load[:, _DEAD] > 0, fine, 0.0)
    live = np.where(load[:, _LIVE] > 0, load[:, _LIVE] * np.exp(-500.0 / np.maximum(sav[:, _LIVE], 1.0)), 0.0)
    dead_water = (fine * water[:, _DEAD]).sum(1) / fine.sum(1)
    ratio = _over(fine.sum(1), live.sum(1))
    found: Floats = np.maximum(2.9 * ratio * (1.0 - dead_water / extinction) - 0.226, extinction)
    return found


def _moisture_damping(water: Floats, extinction: Floats) -> Floats:
    ratio = np.minimum(water / extinction, 1.0)
    # the polynomial's zero at 1 is lost in rounding, and the fire must stand still there
    return np.where(ratio < 1.0, 1.0 - 2.59 * ratio + 5.11 * ratio**2 - 3.52 * ratio**3, 0.0)


def _by_life(values: Floats) -> Floats:
    return np.stack([values[:, _DEAD].sum(1), values[:, _LIVE].sum(1)], 1)


def _over(part: Floats, whole: Floats) -> Floats:
    """The quotient, 0 where there is nothing to divide by."""
    found = np.zeros(np.broadcast_shapes(part.shape, whole.shape))
    np.divide(part, whole, out=found, where=whole > 0)
    return found
