"""Gaussian puff of a sudden release of neutral gas."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import erf

from anlan.kernel.models import ModelCard, Quantity, Verification
from anlan.kernel.text import Text
from anlan.science.chemical.dispersion.sigmas import puff_sigma_y, puff_sigma_z
from anlan.science.chemical.weather import Weather
from anlan.science.chemical.weather.weather import CALM_M_S, REFERENCE_HEIGHT_M
from anlan.science.guard import require
from anlan.science.registry import model

Array = NDArray[np.float64]
CARD = ModelCard(
    id="chemical.gaussian_puff",
    version="1",
    title=Text("高斯烟团", "Gaussian puff"),
    purpose=Text("中性气体瞬时泄漏的浓度与剂量", "Concentration and dose of a sudden release of neutral gas"),
    applicability=Text(
        "平坦地形、定常风、0.1–10 km；重气不适用", "Flat ground, steady wind, 0.1–10 km; not for dense gas"
    ),
    inputs=(
        Quantity("mass_kg", "kg", Text("泄漏量", "released mass"), 1e-6, 1e7),
        Quantity("height_m", "m", Text("泄漏高度", "release height"), 0.0, 300.0),
        Quantity("wind_m_s", "m/s", Text("10 m 风速", "wind at 10 m"), 1.0, 20.0),
    ),
    references=(
        "Slade (ed.), Meteorology and Atomic Energy, TID-24190 (1968), chapter 3",
        "CCPS, Guidelines for Consequence Analysis of Chemical Releases (1999), equation 2.53 and table 2.14",
    ),
    verification=Verification.VERIFIED,
    suite="chemical",
)


@model(CARD)
@dataclass(frozen=True)
class Puff:
    """*mass_kg* let go at once at *height_m*; ``x`` downwind, ``y`` across, ``z`` up, in metres, kg/m³."""

    mass_kg: float
    weather: Weather
    height_m: float = 0.0
    initial_radius_m: float = 0.0

    def __post_init__(self) -> None:
        require(self.mass_kg, Text("泄漏量", "released mass"), high=1e9, unit="kg")
        require(self.height_m, Text("泄漏高度", "release height"), high=2000.0, unit="m", open_low=False)
        require(self.initial_radius_m, Text("初始半径", "initial radius"), high=1e4, unit="m", open_low=False)

    @property
    def wind_m_s(self) -> float:
        return max(float(self.weather.wind_at(max(self.height_m, REFERENCE_HEIGHT_M))), CALM_M_S)

    def sigmas(self, travel_m: ArrayLike) -> tuple[Array, Array]:
        """Horizontal and vertical spread after a travel; the initial radius counts as 2.15 σ."""
        across = puff_sigma_y(travel_m, self.weather.stability)
        across = np.sqrt(across**2 + (self.initial_radius_m / 2.15) ** 2)
        return np.maximum(across, 1e-3), np.maximum(puff_sigma_z(travel_m, self.weather.stability), 1e-3)

    def at(self, x_m: ArrayLike, y_m: ArrayLike, z_m: ArrayLike, time_s: ArrayLike) -> Array:
        """Concentration at a place and time after the release, in kg/m³."""
        x, y, z, t = (np.asarray(v, np.float64) for v in (x_m, y_m, z_m, time_s))
        centre = self.wind_m_s * np.maximum(t, 0.0)
        across, up = self.sigmas(centre)
        shape = np.exp(-0.5 * ((x - centre) ** 2 + y**2) / across**2)
        value = self.mass_kg / ((2 * np.pi) ** 1.5 * across**2) * shape * self._vertical(z, up)
        return np.where(t > 0, value, 0.0)

    def peak(
        self, x_m: ArrayLike, y_m: ArrayLike = 0.0, z_m: ArrayLike = 0.0, averaging_s: float = 0.0
    ) -> Array:
        """Highest average over *averaging_s* as the puff passes a distance, its spread frozen meanwhile."""
        x, y, z = (np.asarray(v, np.float64) for v in (x_m, y_m, z_m))
        across, up = self.sigmas(x)
        value = self.mass_kg / ((2 * np.pi) ** 1.5 * across**2) * np.exp(-0.5 * (y / across) ** 2)
        value = value * self._vertical(z, up)
        if averaging_s > 0:
            reach = self.wind_m_s * averaging_s / (2 * np.sqrt(2) * across)
            value = value * erf(reach) * np.sqrt(np.pi) / (2 * reach)
        return np.where(x >= 0, value, 0.0)

    def half_width(self, x_m: ArrayLike, level_kg_m3: float | Array, averaging_s: float = 0.0) -> Array:
        """|y| at which the passing peak falls to a level; 0 where the centreline is below it."""
        centre = self.peak(x_m, averaging_s=averaging_s)
        across, _ = self.sigmas(x_m)
        excess = np.log(np.maximum(centre, 1e-300) / level_kg_m3)
        return np.where(excess > 0, across * np.sqrt(2 * np.maximum(excess, 0.0)), 0.0)

    def dose_kg_s_m3(self, x_m: ArrayLike, y_m: ArrayLike = 0.0, z_m: ArrayLike = 0.0) -> Array:
        """∫ c dt of the passage, in kg·s/m³."""
        x, y, z = (np.asarray(v, np.float64) for v in (x_m, y_m, z_m))
        across, up = self.sigmas(x)
        value = self.mass_kg / (2 * np.pi * across * self.wind_m_s) * np.exp(-0.5 * (y / across) ** 2)
        return np.where(x >= 0, value * self._vertical(z, up), 0.0)

    def _vertical(self, z: Array, up: Array) -> Array:
        direct = np.exp(-0.5 * ((z - self.height_m) / up) ** 2)
        return np.asarray((direct + np.exp(-0.5 * ((z + self.height_m) / up) ** 2)) / up, np.float64)
