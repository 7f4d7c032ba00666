"""The infinite slope: safety factor, pore pressure of seepage, and rain that wets it from above."""

import math
from dataclasses import dataclass

import numba
import numpy as np
from numpy.typing import ArrayLike, NDArray

from anlan.kernel.errors import Invalid
from anlan.kernel.models import ModelCard, Quantity, Verification
from anlan.kernel.text import Text
from anlan.science.guard import within
from anlan.science.registry import model

Floats = NDArray[np.float64]
WATER_N_M3 = 9810.0
_COHESION = Text("黏聚力", "cohesion")
_SLOPE = Text("坡角", "slope angle")
_NO_STORAGE_M = 1e-12
"""Below this the equation of ponding loses its digits (and its logarithm with them)."""


@model(
    ModelCard(
        id="slope.infinite",
        version="1",
        title=Text("无限边坡稳定系数", "Safety factor of an infinite slope"),
        purpose=Text(
            "按强度参数、厚度、坡角与孔隙水压力计算浅层平动滑动的稳定系数",
            "safety factor of a shallow translational slide from strength, depth, slope angle and pore pressure",
        ),
        applicability=Text(
            "滑动面平行坡面、厚度远小于坡长", "a slip surface parallel to the ground, thin beside its length"
        ),
        inputs=(
            Quantity("cohesion_pa", "Pa", Text("有效黏聚力", "effective cohesion"), 0.0, 2e5),
            Quantity("friction_deg", "°", Text("有效内摩擦角", "effective friction angle"), 5.0, 50.0),
            Quantity("unit_weight_n_m3", "N/m³", Text("重度", "unit weight"), 1.2e4, 2.6e4),
            Quantity("depth_m", "m", Text("滑面深度", "depth of the slip surface"), 0.3, 20.0),
            Quantity("slope_deg", "°", Text("坡角", "slope angle"), 5.0, 70.0),
        ),
        references=(
            "Skempton and DeLory 1957, 4th ICSMFE, infinite slope with seepage",
            "Green and Ampt 1911; Mein and Larson 1973, ponding under steady rain",
        ),
        verification=Verification.VERIFIED,
        suite="slope",
    )
)
def safety_factor(
    cohesion_pa: ArrayLike,
    friction_deg: ArrayLike,
    unit_weight_n_m3: ArrayLike,
    depth_m: ArrayLike,
    slope_deg: ArrayLike,
    pore_pressure_pa: ArrayLike = 0.0,
) -> Floats:
    """FS = [c' + (γ·z·cos²β − u)·tan φ'] / (γ·z·sin β·cos β), of the broadcast shape.

    A pore pressure above the weight leaves cohesion alone. *pore_pressure_pa* may be negative (suction). Flat ground
    gives infinity. Raises `Invalid` for negative cohesion, a depth or unit weight that is not positive, angles outside
    0–90° and NaN.

    >>> round(float(safety_factor(0.0, 30.0, 20e3, 2.0, 30.0)), 9)
    1.0
    """
    c, phi, weight, z, beta, u = (
        np.asarray(value, np.float64)
        for value in (cohesion_pa, friction_deg, unit_weight_n_m3, depth_m, slope_deg, pore_pressure_pa)
    )
    within(c, 0.0, 1e9, _COHESION, "Pa")
    within(phi, 0.0, 89.9, Text("内摩擦角", "friction angle"), "°")
    within(beta, 0.0, 89.9, _SLOPE, "°")
    within(u, -1e9, 1e9, Text("孔隙水压力", "pore pressure"), "Pa")
    within(weight, 1.0, 1e6, Text("重度", "unit weight"), "N/m³")
    within(z, 1e-9, 1e4, Text("滑面深度", "depth of the slip surface"), "m")
    angle = np.radians(beta)
    effective = np.maximum(weight * z * np.cos(angle) ** 2 - u, 0.0)
    driving = weight * z * np.sin(angle) * np.cos(angle)
    resisting = c + effective * np.tan(np.radians(phi))
    return np.asarray(np.where(driving > 0, resisting / np.where(driving > 0, driving, 1.0), np.inf))


def seepage_pressure_pa(water_m: ArrayLike, slope_deg: ArrayLike) -> Floats:
    """u = γ_w·h·cos²β at the slip surface, under seepage parallel to a slope with water *water_m* above it.

    Raises `Invalid` for less water than none, slopes outside 0–90° and NaN.
    """
    water, slope = np.asarray(water_m, np.float64), np.asarray(slope_deg, np.float64)
    within(water, 0.0, 1e4, Text("滑面以上水深", "water above the slip surface"), "m")
    within(slope, 0.0, 90.0, _SLOPE, "°")
    return np.asarray(WATER_N_M3 * water * np.cos(np.radians(slope)) ** 2)


@dataclass(frozen=True)
class SoilColumn:
    """A slope of one soil over rock at ``depth_m``.

    ``suction_pa`` is the apparent cohesion that unsaturated soil has and a wetting front takes away;
    ``front_suction_m`` and ``moisture_deficit`` are those of Green and Ampt.
    """

    slope_deg: float
    depth_m: float
    cohesion_pa: float
    friction_deg: float
    unit_weight_n_m3: float
    conductivity_m_s: float
    front_suction_m: float
    moisture_deficit: float
    suction_pa: float = 0.0

    def check(self) -> None:
        """Raises `Invalid`."""
        within(self.moisture_deficit, 1e-3, 0.7, Text("含水量亏缺", "moisture deficit"))
        within(self.front_suction_m, 0.0, 5.0, Text("湿润锋吸力水头", "suction at the front"), "m")
        within(self.conductivity_m_s, 1e-12, 1.0, Text("饱和导水率", "conductivity"), "m/s")
        within(self.suction_pa, 0.0, 1e6, Text("表观黏聚力", "apparent cohesion of suction"), "Pa")
        within(self.cohesion_pa, 0.0, 1e9, _COHESION, "Pa")
        within(self.depth_m, 1e-3, 1e3, Text("土层厚度", "depth of the soil"), "m")


@dataclass(frozen=True)
class Wetting:
    """Under rain, at the end of each step: infiltrated water and depth of the front (m), water on the rock (m), FS."""

    infiltrated_m: Floats
    front_m: Floats
    water_m: Floats
    safety_factor: Floats


def rain_on_slope(column: SoilColumn, rain_m_s: ArrayLike, step_s: float) -> Wetting:
    """Let rain, one rate per step, wet *column* (Green-Ampt with ponding) and follow its safety factor.

    Above the front the apparent cohesion of suction is gone. When the front has reached the rock, further water rises
    from it and seeps parallel to the slope. FS is the smaller of those at the front and at the rock. Raises `Invalid`.
    """
    column.check()
    rain = np.asarray(rain_m_s, np.float64)
    if rain.ndim != 1 or not np.isfinite(rain).all() or (rain < 0).any() or not 0 < step_s < math.inf:
        raise Invalid(
            Text("雨强须为非负有限值，步长须为正", "Rain must be finite and not negative, the step positive")
        )
    storage = column.front_suction_m * column.moisture_deficit
    taken = infiltration_m(rain, step_s, column.conductivity_m_s, storage)
    front = np.minimum(taken / column.moisture_deficit, column.depth_m)
    water = np.clip(taken / column.moisture_deficit - column.depth_m, 0.0, column.depth_m)
    shallow = np.maximum(front, 1e-6)
    at_front = _strength(column, shallow, 0.0, 0.0)
    dry = np.where(front >= column.depth_m, 0.0, column.suction_pa)
    at_rock = _strength(column, column.depth_m, seepage_pressure_pa(water, column.slope_deg), dry)
    return Wetting(taken, front, water, np.asarray(np.minimum(at_front, at_rock)))


def _strength(column: SoilColumn, depth_m: ArrayLike, pressure_pa: ArrayLike, extra_pa: ArrayLike) -> Floats:
    cohesion = column.cohesion_pa + np.asarray(extra_pa, np.float64)
    return safety_factor(
        cohesion, column.friction_deg, column.unit_weight_n_m3, depth_m, column.slope_deg, pressure_pa
    )


def infiltration_m(rain_m_s: Floats, step_s: float, conductivity_m_s: float, storage_m: float) -> Floats:
    """Cumulative infiltration at the end of each step (Green and Ampt 1911 with ponding, Mein and Larson 1973).

    *storage_m* is suction at the front times moisture deficit. While the soil can take more than it rains, all
    rain goes in; else F solves F − F₀ − s·ln((s + F)/(s + F₀)) = K·Δt. A storage of less than 10⁻¹² m is none:
    the soil takes what it conducts.
    """
    found = np.empty(len(rain_m_s))
    storage = storage_m if storage_m > _NO_STORAGE_M else 0.0
    _infiltrate(rain_m_s, step_s, conductivity_m_s, storage, found)
    return found


@numba.njit(cache=True, nogil=True, error_model="numpy")
def _infiltrate(rain, step, k, storage, found):  # type: ignore[no-untyped-def]
    total = 0.0
    for i in range(rain.size):
        rate, left = rain[i], step
        if rate > k and storage > 0.0:
            # all goes in until the capacity K(1 + s/F) has fallen to the rain
            at_ponding = storage * k / (rate - k)
            free = min(left, max(0.0, (at_ponding - total) / rate))
            total += rate * free
            left -= free
            if left > 0.0:
                total = _ponded(total, left, k, storage)
        else:
            total += min(rate, k if storage <= 0.0 else rate) * left
        found[i] = total


@numba.njit(cache=True, nogil=True, error_model="numpy")
def _ponded(start, time, k, storage):  # type: ignore[no-untyped-def]
    """Newton's method on Green and Ampt's implicit equation; convex, so that it comes down from above."""
    target = k * time
    total = start + target + np.sqrt(2.0 * target * (storage + start))
    for _ in range(60):
        miss = total - start - storage * np.log((storage + total) / (storage + start)) - target
        step = miss * (storage + total) / max(total, 1e-300)
        total -= step
        if abs(step) < 1e-15:
            break
    return total
