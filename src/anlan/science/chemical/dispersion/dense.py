"""Britter and McQuaid's correlations for dense clouds, joined to a Gaussian far field.

Workbook on the Dispersion of Dense Gases, HSE Contract Research Report 17/1988; curves as digitised in
EPA's TSCREEN (EPA-454/B-94-023, 1994) and CCPS 1999, tables 2.20-2.23. They end at a concentration of
0.002 (0.001 for puffs) of the source's: toxic limits lie far below, where the cloud has become
passive. There a Gaussian plume or puff starts with the same concentration, width and mass; where that
dilutes faster, the workbook's own continuation (falling with the square of the distance) bends, with the
cube, towards the Gaussian of a point source.
"""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq

from anlan.kernel.models import Caveat, ModelCard, Quantity, Verification
from anlan.kernel.text import Text
from anlan.science.chemical.dispersion.choice import GRAVITY_M_S2
from anlan.science.chemical.dispersion.plume import passage
from anlan.science.chemical.dispersion.sigmas import (
    Curves,
    averaging_factor,
    puff_sigma_y,
    puff_sigma_z,
    sigma_y,
    sigma_z,
)
from anlan.science.chemical.weather import Weather
from anlan.science.chemical.weather.weather import CALM_M_S
from anlan.science.guard import require
from anlan.science.registry import model

Array = NDArray[np.float64]
_FARTHEST_M = 1e7
JOINED = Caveat(
    "dense.joined",
    Text(
        "Britter–McQuaid 关联式止于源浓度的千分之二（瞬时为千分之一），更低浓度由高斯模型接续",
        "The Britter-McQuaid curves end at 0.002 (0.001 for a puff) of the source's concentration; "
        "a Gaussian model goes on from there",
    ),
)
# concentration over the source's: (α up to, slope, intercept) of β = lg(x/D), the last piece without end
_PLUME: dict[float, tuple[tuple[float, float, float], ...]] = {
    0.1: ((-0.55, 0.0, 1.75), (-0.14, 0.24, 1.88), (math.inf, -0.50, 1.78)),
    0.05: ((-0.68, 0.0, 1.92), (-0.29, 0.36, 2.16), (-0.18, 0.0, 2.06), (math.inf, -0.56, 1.96)),
    0.02: ((-0.69, 0.0, 2.08), (-0.31, 0.45, 2.39), (-0.16, 0.0, 2.25), (math.inf, -0.54, 2.16)),
    0.01: ((-0.70, 0.0, 2.25), (-0.29, 0.49, 2.59), (-0.20, 0.0, 2.45), (math.inf, -0.52, 2.35)),
    0.005: ((-0.67, 0.0, 2.40), (-0.28, 0.59, 2.80), (-0.15, 0.0, 2.63), (math.inf, -0.49, 2.56)),
    0.002: ((-0.69, 0.0, 2.60), (-0.25, 0.39, 2.87), (-0.13, 0.0, 2.77), (math.inf, -0.50, 2.71)),
}
_PUFF: dict[float, tuple[tuple[float, float, float], ...]] = {
    0.1: ((-0.44, 0.0, 0.70), (0.43, 0.26, 0.81), (math.inf, 0.0, 0.93)),
    0.05: ((-0.56, 0.0, 0.85), (0.31, 0.26, 1.00), (math.inf, -0.12, 1.12)),
    0.02: ((-0.66, 0.0, 0.95), (0.32, 0.36, 1.19), (math.inf, -0.26, 1.38)),
    0.01: ((-0.71, 0.0, 1.15), (0.37, 0.34, 1.39), (math.inf, -0.38, 1.66)),
    0.005: ((-0.52, 0.0, 1.48), (0.24, 0.26, 1.62), (math.inf, -0.30, 1.75)),
    0.002: ((0.27, 0.0, 1.83), (math.inf, -0.32, 1.92)),
    0.001: ((-0.10, 0.0, 2.075), (math.inf, -0.27, 2.05)),
}


def curve_distances(alpha: float, *, puff: bool = False) -> tuple[Array, Array]:
    """Relative concentrations, falling, and lg of the scaled distance at which each is met.

    >>> [round(float(b), 2) for b in curve_distances(0.0)[1]]
    [1.78, 1.96, 2.16, 2.35, 2.56, 2.71]
    """
    table = _PUFF if puff else _PLUME
    inside = min(max(alpha, -1.0), 1.0)
    betas = [
        next(slope * inside + base for top, slope, base in pieces if inside <= top)
        for pieces in table.values()
    ]
    return np.array(list(table)), np.array(betas)


_DENSITY_AND_WIND = (
    Quantity("density_kg_m3", "kg/m³", Text("源密度", "source density"), 1.21, 20.0),
    Quantity("wind_m_s", "m/s", Text("10 m 风速", "wind at 10 m"), 1.0, 20.0),
)
_REFERENCES = (
    "Britter and McQuaid, HSE Contract Research Report 17/1988",
    "CCPS, Guidelines for Consequence Analysis of Chemical Releases (1999), section 2.3.2",
)


@model(
    ModelCard(
        id="chemical.dense_plume",
        version="1",
        title=Text("重气烟羽（Britter–McQuaid）", "Dense plume (Britter and McQuaid)"),
        purpose=Text(
            "重气连续泄漏的快速估算与复核", "Quick estimate and second opinion for dense continuous releases"
        ),
        applicability=Text(
            "地面低动量源、平坦开阔地、源浓度的千分之二以上；更远由高斯烟羽接续",
            "Ground source of low momentum, flat open ground; a Gaussian plume below 0.002 of the source",
        ),
        inputs=(
            Quantity("volume_m3_s", "m³/s", Text("体积流量", "volume flow"), 1e-4, 1e4),
            *_DENSITY_AND_WIND,
        ),
        references=_REFERENCES,
        verification=Verification.VERIFIED,
        suite="chemical",
        caveats=(JOINED,),
    )
)
@dataclass(frozen=True)
class DensePlume:
    """*rate_kg_s* leaving at *density_kg_m3* and *temperature_k*; ground concentrations in kg/m³.

    *gas_kg_m3* is the mass of the substance per volume at the source's concentration and the air's
    temperature (for a pure gas its density), *carried_kg_m3* that at the source's own state.
    """

    rate_kg_s: float
    density_kg_m3: float
    temperature_k: float
    weather: Weather
    gas_kg_m3: float
    carried_kg_m3: float
    duration_s: float = math.inf
    averaging_s: float = 600.0

    def __post_init__(self) -> None:
        require(self.rate_kg_s, Text("泄漏速率", "release rate"), high=1e6, unit="kg/s")
        require(self.density_kg_m3, Text("源密度", "source density"), high=2000.0, unit="kg/m³")
        require(self.gas_kg_m3, Text("气体密度", "gas density"), high=100.0, unit="kg/m³")

    @property
    def wind_m_s(self) -> float:
        return max(self.weather.wind_m_s, CALM_M_S)

    @cached_property
    def volume_m3_s(self) -> float:
        return self.rate_kg_s / self.carried_kg_m3

    @cached_property
    def scale_m(self) -> float:
        """D = (q₀/u)^½."""
        return math.sqrt(self.volume_m3_s / self.wind_m_s)

    @cached_property
    def reduced_gravity(self) -> float:
        air = self.weather.air_density_kg_m3
        return GRAVITY_M_S2 * max(self.density_kg_m3 - air, 0.0) / air

    @cached_property
    def alpha(self) -> float:
        """lg (g₀′² q₀/u⁵)^(1/5)."""
        return 0.2 * math.log10(max(self.reduced_gravity**2 * self.volume_m3_s / self.wind_m_s**5, 1e-5))

    @cached_property
    def buoyancy_m(self) -> float:
        """l_b = q₀ g₀′/u³."""
        return self.volume_m3_s * self.reduced_gravity / self.wind_m_s**3

    @cached_property
    def _join(self) -> tuple[float, float, float, float]:
        """Where the correlation ends: distance, concentration there, virtual distances for σy and σz."""
        concentrations, betas = curve_distances(self.alpha)
        x = self.scale_m * 10 ** float(betas[-1])
        level = float(self._isothermal(concentrations[-1]))
        across = 2 * float(self.top_hat_m(x)) / math.sqrt(2 * math.pi)
        up = self.rate_kg_s / (math.pi * self.wind_m_s * level * across)
        stability, curves = self.weather.stability, Curves.of(self.weather.terrain)
        y0 = _distance_of(lambda d: float(sigma_y(d, stability, curves)), across)
        z0 = _distance_of(lambda d: float(sigma_z(d, stability, curves)), up)
        return x, level, y0 - x, z0 - x

    def _isothermal(self, share: ArrayLike) -> Array:
        """Relative concentration as kg/m³, with the workbook's correction for a cold source."""
        c = np.asarray(share, np.float64)
        ratio = self.temperature_k / self.weather.temperature_k
        return np.asarray(self.gas_kg_m3 * c / (c + (1 - c) * ratio), np.float64)

    def top_hat_m(self, x_m: ArrayLike) -> Array:
        """Half-width of the cloud, L_h0/2 + … (workbook, chapter 3): (D + 8 l_b)/2 + 2.5 (l_b x²)^⅓ / 2."""
        x = np.maximum(np.asarray(x_m, np.float64), 0.0)
        whole = self.scale_m + 8 * self.buoyancy_m + 2.5 * np.cbrt(self.buoyancy_m * x**2)
        return np.asarray(whole, np.float64)

    def at(self, x_m: ArrayLike) -> Array:
        """Ground centreline concentration in kg/m³."""
        x = np.asarray(x_m, np.float64)
        end, last, _, _ = self._join
        scaled = np.maximum(x / self.scale_m, 1e-9)
        concentrations, betas = curve_distances(self.alpha)
        rising = np.maximum.accumulate(betas)
        start = min(30.0, 0.5 * 10 ** float(rising[0]))  # the near field overlaps the curves for large α
        near = 306 / (306 + scaled**2)
        knots = np.concatenate([[math.log10(start)], rising])
        logs = np.log(np.concatenate([[306 / (306 + start**2)], concentrations]))
        between = np.exp(np.interp(np.log10(scaled), knots, logs))
        share = np.where(scaled < start, near, between)
        across, up = self._far_sigmas(x)
        far = self.rate_kg_s / (math.pi * self.wind_m_s * across * up)
        tail = last * (end / np.maximum(x, 1e-9)) ** 2
        floor = np.maximum(self._point_source(x), tail * (end / np.maximum(x, 1e-9)))
        far = np.maximum(far, np.minimum(tail, floor))
        value = np.where(x <= end, self._isothermal(share), far)
        return np.where(x > 0, value * self._passage(x), 0.0)

    def _point_source(self, x: Array) -> Array:
        stability, curves = self.weather.stability, Curves.of(self.weather.terrain)
        at = np.maximum(x, 1.0)
        area = math.pi * sigma_y(at, stability, curves) * sigma_z(at, stability, curves)
        return np.asarray(self.rate_kg_s / (self.wind_m_s * area), np.float64)

    def half_width(self, x_m: ArrayLike, level_kg_m3: float | Array) -> Array:
        """|y| at which the concentration falls to a level: the top hat's edge, then the Gaussian's."""
        x, centre = np.asarray(x_m, np.float64), self.at(x_m)
        across, _ = self._far_sigmas(x)
        excess = np.log(np.maximum(centre, 1e-300) / level_kg_m3)
        gauss = across * np.sqrt(2 * np.maximum(excess, 0.0))
        inside = np.where(x <= self._join[0], self.top_hat_m(x), gauss)
        return np.where(excess > 0, inside, 0.0)

    def spread_at(self, x_m: ArrayLike, y_m: ArrayLike) -> Array:
        """Concentration at places downwind and across: a top hat as far as the curves go, then a Gaussian."""
        x, y = np.broadcast_arrays(np.asarray(x_m, np.float64), np.asarray(y_m, np.float64))
        across, _ = self._far_sigmas(x)
        hat = (np.abs(y) <= self.top_hat_m(x)).astype(np.float64)
        shape = np.where(x <= self._join[0], hat, np.exp(-0.5 * (y / across) ** 2))
        return np.asarray(self.at(x) * shape, np.float64)

    def _far_sigmas(self, x: Array) -> tuple[Array, Array]:
        _, _, shift_y, shift_z = self._join
        stability, curves = self.weather.stability, Curves.of(self.weather.terrain)
        across = sigma_y(np.maximum(x + shift_y, 1.0), stability, curves)
        return across, sigma_z(np.maximum(x + shift_z, 1.0), stability, curves)

    def _passage(self, x: Array) -> Array:
        curves = Curves.of(self.weather.terrain)
        along = sigma_y(np.maximum(x, 1.0), self.weather.stability, curves)
        # the workbook's curves are ten-minute values: longer averages meander more
        meander = 1 / averaging_factor(max(self.averaging_s, 600.0))
        return passage(self.duration_s, self.averaging_s, along, self.wind_m_s) * meander


@model(
    ModelCard(
        id="chemical.dense_puff",
        version="1",
        title=Text("重气烟团（Britter–McQuaid）", "Dense puff (Britter and McQuaid)"),
        purpose=Text(
            "重气瞬时释放的快速估算与复核", "Quick estimate and second opinion for sudden dense releases"
        ),
        applicability=Text(
            "地面瞬时源、平坦开阔地、源浓度的千分之一以上；更远由高斯烟团接续",
            "Sudden ground source, flat open ground; a Gaussian puff below 0.001 of the source",
        ),
        inputs=(
            Quantity("volume_m3", "m³", Text("云团体积", "cloud volume"), 1e-2, 1e6),
            *_DENSITY_AND_WIND,
        ),
        references=_REFERENCES,
        verification=Verification.VERIFIED,
        suite="chemical",
        caveats=(JOINED,),
    )
)
@dataclass(frozen=True)
class DensePuff:
    """*mass_kg* at once as a cloud of *density_kg_m3* and *temperature_k*; ground peaks in kg/m³."""

    mass_kg: float
    density_kg_m3: float
    temperature_k: float
    weather: Weather
    gas_kg_m3: float
    carried_kg_m3: float
    averaging_s: float = 0.0

    def __post_init__(self) -> None:
        require(self.mass_kg, Text("泄漏量", "released mass"), high=1e9, unit="kg")
        require(self.density_kg_m3, Text("源密度", "source density"), high=2000.0, unit="kg/m³")

    @property
    def wind_m_s(self) -> float:
        return max(self.weather.wind_m_s, CALM_M_S)

    @cached_property
    def volume_m3(self) -> float:
        return self.mass_kg / self.carried_kg_m3

    @cached_property
    def reduced_gravity(self) -> float:
        air = self.weather.air_density_kg_m3
        return GRAVITY_M_S2 * max(self.density_kg_m3 - air, 0.0) / air

    @cached_property
    def alpha(self) -> float:
        """lg (g₀′ V₀^⅓/u²)^½."""
        return 0.5 * math.log10(max(self.reduced_gravity * np.cbrt(self.volume_m3) / self.wind_m_s**2, 1e-2))

    def radius_m(self, x_m: ArrayLike) -> Array:
        """Radius when the front is at *x_m*: R² = R₀² + 1.2 t √(g₀′ V₀), x = 0.4 u t + R."""
        x = np.maximum(np.asarray(x_m, np.float64), 0.0)
        start = (3 * self.volume_m3 / (4 * math.pi)) ** (1 / 3)
        spread = 1.2 * math.sqrt(self.reduced_gravity * self.volume_m3)
        drift = 0.4 * self.wind_m_s
        # (x − 0.4 u t)² = R₀² + spread·t: the smaller root
        b = 2 * drift * x + spread
        t = (b - np.sqrt(np.maximum(b**2 - 4 * drift**2 * (x**2 - start**2), 0.0))) / (2 * drift**2)
        return np.asarray(np.sqrt(start**2 + spread * np.maximum(t, 0.0)), np.float64)

    @cached_property
    def _join(self) -> tuple[float, float, float]:
        """Where the correlation ends: distance, and the virtual distances for σ horizontal and vertical."""
        concentrations, betas = curve_distances(self.alpha, puff=True)
        x = float(np.cbrt(self.volume_m3)) * 10 ** float(betas[-1])
        level = float(self._isothermal(concentrations[-1]))
        across = float(self.radius_m(x)) / math.sqrt(2)
        up = 2 * self.mass_kg / ((2 * math.pi) ** 1.5 * across**2 * level)
        stability = self.weather.stability
        y0 = _distance_of(lambda d: float(puff_sigma_y(d, stability)), across)
        z0 = _distance_of(lambda d: float(puff_sigma_z(d, stability)), up)
        return x, y0 - x, z0 - x

    def _isothermal(self, share: ArrayLike) -> Array:
        c = np.asarray(share, np.float64)
        ratio = self.temperature_k / self.weather.temperature_k
        return np.asarray(self.gas_kg_m3 * c / (c + (1 - c) * ratio), np.float64)

    def at(self, x_m: ArrayLike) -> Array:
        """Peak ground concentration as the cloud passes *x_m*, averaged over ``averaging_s``, in kg/m³."""
        x = np.asarray(x_m, np.float64)
        concentrations, betas = curve_distances(self.alpha, puff=True)
        rising = np.maximum.accumulate(betas)
        scaled = np.maximum(x / np.cbrt(self.volume_m3), 1e-9)
        start = min(3.0, 0.5 * 10 ** float(rising[0]))
        near = 3.24 / (3.24 + scaled**2)
        knots = np.concatenate([[math.log10(start)], rising])
        logs = np.log(np.concatenate([[max(3.24 / (3.24 + start**2), 0.1)], concentrations]))
        between = np.exp(np.interp(np.log10(scaled), knots, logs))
        share = np.where(scaled < start, near, between)
        across, up = self._far_sigmas(x)
        far = 2 * self.mass_kg / ((2 * math.pi) ** 1.5 * across**2 * up)
        end, last = self._join[0], float(self._isothermal(concentrations[-1]))
        tail = last * (end / np.maximum(x, 1e-9)) ** 2
        floor = np.maximum(self._point_source(x), tail * (end / np.maximum(x, 1e-9)))
        far = np.maximum(far, np.minimum(tail, floor))
        value = np.where(x <= end, self._isothermal(share), far)
        return np.where(x > 0, value * self._average(x, across), 0.0)

    def _point_source(self, x: Array) -> Array:
        at, stability = np.maximum(x, 1.0), self.weather.stability
        volume = (2 * math.pi) ** 1.5 * puff_sigma_y(at, stability) ** 2 * puff_sigma_z(at, stability)
        return np.asarray(2 * self.mass_kg / volume, np.float64)

    def half_width(self, x_m: ArrayLike, level_kg_m3: float | Array) -> Array:
        """|y| at which the passing peak falls to a level."""
        x, centre = np.asarray(x_m, np.float64), self.at(x_m)
        across, _ = self._far_sigmas(x)
        excess = np.log(np.maximum(centre, 1e-300) / level_kg_m3)
        gauss = across * np.sqrt(2 * np.maximum(excess, 0.0))
        return np.where(excess > 0, np.where(x <= self._join[0], self.radius_m(x), gauss), 0.0)

    def spread_at(self, x_m: ArrayLike, y_m: ArrayLike) -> Array:
        """Concentration at places downwind and across: a top hat as far as the curves go, then a Gaussian."""
        x, y = np.broadcast_arrays(np.asarray(x_m, np.float64), np.asarray(y_m, np.float64))
        across, _ = self._far_sigmas(x)
        hat = (np.abs(y) <= self.radius_m(x)).astype(np.float64)
        shape = np.where(x <= self._join[0], hat, np.exp(-0.5 * (y / across) ** 2))
        return np.asarray(self.at(x) * shape, np.float64)

    def _far_sigmas(self, x: Array) -> tuple[Array, Array]:
        _, shift_y, shift_z = self._join
        stability = self.weather.stability
        across = puff_sigma_y(np.maximum(x + shift_y, 1.0), stability)
        return across, puff_sigma_z(np.maximum(x + shift_z, 1.0), stability)

    def _average(self, x: Array, across: Array) -> Array:
        """Share of the averaging time that the cloud takes to pass, by its diameter and drift; at most 1."""
        if self.averaging_s <= 0:
            return np.ones_like(x)
        width = np.where(x <= self._join[0], 2 * self.radius_m(x), math.sqrt(2 * math.pi) * across)
        speed = np.where(x <= self._join[0], 0.4 * self.wind_m_s, self.wind_m_s)
        return np.asarray(np.minimum(width / speed / self.averaging_s, 1.0), np.float64)


def _distance_of(sigma, wanted: float) -> float:  # type: ignore[no-untyped-def]
    """The distance at which a rising σ reaches a value; the ends of the search outside them."""
    if sigma(1e-3) >= wanted:
        return 1e-3
    if sigma(_FARTHEST_M) <= wanted:
        return _FARTHEST_M
    return float(brentq(lambda d: sigma(d) - wanted, 1e-3, _FARTHEST_M, xtol=1e-6, rtol=1e-10))
