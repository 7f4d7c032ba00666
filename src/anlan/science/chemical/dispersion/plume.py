"""Gaussian plume of a continuous or finite release of neutral gas."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import erf

from anlan.kernel.models import ModelCard, Quantity, Verification
from anlan.kernel.text import Text
from anlan.science.chemical.dispersion.sigmas import (
    REFERENCE_AVERAGING_S,
    Curves,
    averaging_factor,
    sigma_y,
    sigma_z,
)
from anlan.science.chemical.weather import Weather
from anlan.science.chemical.weather.weather import CALM_M_S, REFERENCE_HEIGHT_M
from anlan.science.guard import require
from anlan.science.registry import model

Array = NDArray[np.float64]
CARD = ModelCard(
    id="chemical.gaussian_plume",
    version="1",
    title=Text("高斯烟羽", "Gaussian plume"),
    purpose=Text(
        "中性气体连续或有限时长泄漏的下风向浓度与毒性影响范围",
        "Downwind concentration and toxic footprint of a continuous or finite release of neutral gas",
    ),
    applicability=Text(
        "平坦地形、定常风、0.1–10 km；重气、近场射流和建筑群内不适用",
        "Flat ground, steady wind, 0.1–10 km; not for dense gas, the near field of jets, or among buildings",
    ),
    inputs=(
        Quantity("rate_kg_s", "kg/s", Text("泄漏速率", "release rate"), 1e-9, 1e4),
        Quantity("duration_s", "s", Text("持续时间", "duration"), 1.0, 864_000.0),
        Quantity("height_m", "m", Text("泄漏高度", "release height"), 0.0, 300.0),
        Quantity("wind_m_s", "m/s", Text("10 m 风速", "wind at 10 m"), 1.0, 20.0),
        Quantity("averaging_s", "s", Text("平均时间", "averaging time"), 18.75, 7200.0),
    ),
    references=(
        "Turner, Workbook of Atmospheric Dispersion Estimates, EPA AP-26 (1970), equations 3.1-3.4, 5.13",
        "Briggs, Diffusion Estimation for Small Emissions, ATDL-106 (1973)",
        "Palazzi et al., Atmos. Environ. 16 (1982) 2785 (finite duration)",
        "TNO Yellow Book CPR 14E (2005), section 4.5.3 (averaging time, instantaneous cloud)",
        "GB/T 37243-2019 appendix (Gaussian model for neutral gas)",
    ),
    verification=Verification.VERIFIED,
    suite="chemical",
)


@model(CARD)
@dataclass(frozen=True)
class Plume:
    """A point source of *rate_kg_s* for *duration_s* at *height_m* in a steady wind.

    ``x`` runs downwind from the source, ``y`` across, ``z`` up, all in metres; concentrations are
    in kg/m³, averaged over *averaging_s*. The carrying wind is that at the release height, not
    below 10 m (to which the curves refer) and not below 1 m/s.
    """

    rate_kg_s: float
    weather: Weather
    height_m: float = 0.0
    duration_s: float = np.inf
    averaging_s: float = REFERENCE_AVERAGING_S
    curves: Curves | None = None

    def __post_init__(self) -> None:
        require(self.rate_kg_s, Text("泄漏速率", "release rate"), high=1e6, unit="kg/s")
        require(self.height_m, Text("泄漏高度", "release height"), high=2000.0, unit="m", open_low=False)
        if not np.isinf(self.duration_s):
            require(self.duration_s, Text("持续时间", "duration"), unit="s")
        averaging_factor(self.averaging_s)

    @property
    def wind_m_s(self) -> float:
        """The carrying wind."""
        return max(float(self.weather.wind_at(max(self.height_m, REFERENCE_HEIGHT_M))), CALM_M_S)

    @property
    def sampling_s(self) -> float:
        """The time over which the plume's wandering is seen: the averaging time, or that of a shorter
        release, down to 18.75 s (half the ten-minute σy: the Yellow Book's instantaneous cloud)."""
        return min(self.averaging_s, self.duration_s)

    def sigmas(self, x_m: ArrayLike) -> tuple[Array, Array]:
        """σy for the sampling time, and σz, in metres."""
        curves = self.curves or Curves.of(self.weather.terrain)
        across = sigma_y(x_m, self.weather.stability, curves) * averaging_factor(self.sampling_s)
        return across, sigma_z(x_m, self.weather.stability, curves)

    def at(self, x_m: ArrayLike, y_m: ArrayLike = 0.0, z_m: ArrayLike = 0.0) -> Array:
        """Highest average of the passing cloud in kg/m³; zero upwind of the source."""
        x, y, z = (np.asarray(v, np.float64) for v in (x_m, y_m, z_m))
        across, up = self.sigmas(x)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            crosswind = np.exp(-0.5 * (y / across) ** 2) / across
            value = self.rate_kg_s / (2 * np.pi * self.wind_m_s) * crosswind * self._vertical(z, up)
            value = value * passage(
                self.duration_s, self.averaging_s, sigma_y_t(across, self.sampling_s), self.wind_m_s
            )
        return np.where((x > 0) & np.isfinite(value), value, 0.0)

    def dose_kg_s_m3(self, x_m: ArrayLike, y_m: ArrayLike = 0.0, z_m: ArrayLike = 0.0) -> Array:
        """∫ c dt of the whole passage, in kg·s/m³; needs a finite duration."""
        seconds = require(self.duration_s, Text("持续时间", "duration"), unit="s")
        steady = Plume(self.rate_kg_s, self.weather, self.height_m, np.inf, self.sampling_s, self.curves)
        return steady.at(x_m, y_m, z_m) * seconds

    def half_width(self, x_m: ArrayLike, level_kg_m3: float | Array, z_m: float = 0.0) -> Array:
        """|y| at which the concentration falls to a level; 0 where the centreline is below it."""
        centre = self.at(x_m, 0.0, z_m)
        across, _ = self.sigmas(x_m)
        with np.errstate(divide="ignore"):
            excess = np.log(np.maximum(centre, 1e-300) / level_kg_m3)
        return np.where(excess > 0, across * np.sqrt(2 * np.maximum(excess, 0.0)), 0.0)

    def _vertical(self, z: Array, up: Array) -> Array:
        """Reflections by the ground and the lid of the mixing layer, per σz; well mixed once σz
        exceeds 1.6 lids (Turner 1970, chapter 5). In stable air, or above the lid, there is none."""
        lid, height = self.weather.mixing_m, self.height_m
        direct = np.exp(-0.5 * ((z - height) / up) ** 2) + np.exp(-0.5 * ((z + height) / up) ** 2)
        if height >= lid:
            return direct / up
        for i in (-4, -3, -2, -1, 1, 2, 3, 4):
            shift = 2 * i * lid
            direct = direct + np.exp(-0.5 * ((z - height + shift) / up) ** 2)
            direct = direct + np.exp(-0.5 * ((z + height + shift) / up) ** 2)
        mixed = np.where(z <= lid, np.sqrt(2 * np.pi) / lid, 0.0)
        return np.where(up > 1.6 * lid, mixed, direct / up)


def sigma_y_t(across: Array, averaging_s: float) -> Array:
    """The along-wind spread: the ten-minute σy, free of the meander that averaging adds."""
    return across / averaging_factor(averaging_s)


def passage(duration_s: float, averaging_s: float, sigma_x_m: ArrayLike, wind_m_s: float) -> Array:
    """Highest average over *averaging_s* of a cloud that passes for *duration_s*, over the plume's value.

    A square wave of the release's length, smoothed along the wind by σx (Palazzi et al. 1982), averaged
    over a window centred on it; 1 for a long release, duration over averaging for a short one.

    >>> round(float(passage(300.0, 600.0, 1.0, 2.0)), 3)
    0.5
    """
    if np.isinf(duration_s):
        return np.ones_like(np.asarray(sigma_x_m, np.float64))
    spread_s = np.maximum(np.asarray(sigma_x_m, np.float64) / wind_m_s, 1e-9)
    window_s = max(min(averaging_s, 1e7), 1e-3)
    if averaging_s < 1.0:
        return np.asarray(erf(duration_s / (2 * np.sqrt(2) * spread_s)), np.float64)
    outer = _ramp((window_s + duration_s) / (2 * np.sqrt(2) * spread_s))
    inner = _ramp((window_s - duration_s) / (2 * np.sqrt(2) * spread_s))
    return np.asarray(np.clip(np.sqrt(2) * spread_s / window_s * (outer - inner), 0.0, 1.0), np.float64)


def _ramp(u: Array) -> Array:
    """∫ erf: u erf(u) + exp(−u²)/√π, even in u."""
    return np.asarray(u * erf(u) + np.exp(-np.minimum(u * u, 700.0)) / np.sqrt(np.pi), np.float64)
