"""A pool fire: how fast it burns, how tall and how tilted it stands, how it shines."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from anlan.kernel.models import Caveat, ModelCard, Quantity, Verification
from anlan.kernel.text import Text
from anlan.science import guard
from anlan.science.chemical.fire.atmosphere import transmissivity
from anlan.science.chemical.fire.view import Surface, frustum, vector_view
from anlan.science.chemical.harm.tables import Table, table
from anlan.science.registry import model

Floats = NDArray[np.float64]

GRAVITY_M_S2 = 9.81
_GAS_CONSTANT = 8.314462618

CARD = ModelCard(
    id="chemical.pool_fire",
    version="1",
    title=Text("池火（固体火焰模型）", "Pool fire (solid flame)"),
    purpose=Text(
        "计算池火火焰尺寸、倾角和周围热辐射强度", "Flame size, tilt and radiation around a burning pool"
    ),
    applicability=Text(
        "圆形或近圆形、无遮挡、湍流燃烧的液池（直径大于 1 m），平坦地面",
        "Round, unsheltered, turbulent pools (wider than 1 m) on flat ground",
    ),
    inputs=(
        Quantity("diameter_m", "m", Text("液池直径", "pool diameter"), 1.0, 100.0),
        Quantity("wind_m_s", "m/s", Text("风速", "wind speed"), 0.0, 20.0),
        Quantity("burning_rate_kg_m2_s", "kg/(m²·s)", Text("燃烧速率", "burning rate"), 0.005, 0.3),
        Quantity("humidity", "", Text("相对湿度", "relative humidity"), 0.05, 1.0),
    ),
    references=(
        "Thomas, 9th Symp. (Int.) on Combustion, 1963; Fire Research Note 497",
        "Babrauskas, Fire Technology 19 (1983); US NRC NUREG-1805 table 3-2",
        "Burgess and Zabetakis, US BM RI 6099, 1962",
        "American Gas Association, IS 3-1, 1974 (tilt); Welker and Sliepcevich, Fire Technology 2 (1966)",
        "Mudan, Prog. Energy Combust. Sci. 10 (1984) and Fire Safety J. 12 (1987)",
        "TNO CPR 14E (Yellow Book, 2005), section 6.5.4",
    ),
    verification=Verification.VERIFIED,
    suite="chemical",
    outputs=(Quantity("radiation_kw_m2", "kW/m²", Text("热辐射强度", "radiation")),),
    caveats=(
        Caveat(
            "pool_fire.soot",
            Text(
                "火焰表面辐射强度取决于烟炱，大直径重烃池火的不确定度约 2 倍",
                "The emissive power hangs on the soot: for wide pools of heavy hydrocarbons known to a factor of two",
            ),
        ),
    ),
)


def burning_rate_generic(
    heat_of_combustion_j_kg: float,
    heat_of_vaporisation_j_kg: float,
    heat_capacity_j_kg_k: float,
    boiling_point_k: float,
    air_temperature_k: float,
) -> float:
    """m″ = 10⁻³ ΔHc / (ΔHv + c_p max(T_b − T_a, 0)), kg/(m²·s) (Burgess and Zabetakis; CPR 14E eqs 6.67, 6.68).

    >>> round(burning_rate_generic(40.1e6, 394e3, 1740.0, 353.2, 293.15), 4)
    0.0804
    """
    combustion = guard.positive("燃烧热", "heat of combustion", heat_of_combustion_j_kg)
    vaporisation = guard.positive("汽化热", "heat of vaporisation", heat_of_vaporisation_j_kg)
    warming = heat_capacity_j_kg_k * max(boiling_point_k - air_temperature_k, 0.0)
    return 1e-3 * combustion / (vaporisation + warming)


def burning_rate(limit_kg_m2_s: float, k_beta_per_m: float, diameter_m: ArrayLike) -> Floats:
    """m″ = m″∞ (1 − exp(−kβ D)), kg/(m²·s) (Babrauskas 1983)."""
    return np.asarray(limit_kg_m2_s * (1 - np.exp(-k_beta_per_m * np.asarray(diameter_m))), np.float64)


def scaled_wind(
    wind_m_s: float, burning_rate_kg_m2_s: float, diameter_m: float, vapour_density_kg_m3: float
) -> float:
    """u* = u / (g m″ D / ρ_v)^⅓ (Thomas 1963; CPR 14E eq. 6.70)."""
    return float(
        wind_m_s / (GRAVITY_M_S2 * burning_rate_kg_m2_s * diameter_m / vapour_density_kg_m3) ** (1 / 3)
    )


def length_thomas(
    burning_rate_kg_m2_s: ArrayLike, diameter_m: ArrayLike, air_density_kg_m3: float, wind_scaled: float = 0.0
) -> Floats:
    """Flame length, m: L/D = 42 m*^0.61 in calm air; 55 m*^0.67 u*^−0.21 for u* > 1 (Thomas 1963).

    m* = m″ / (ρ_a √(g D)). The windy form is never taken above the calm one.
    """
    diameter = np.asarray(diameter_m, np.float64)
    scaled = np.asarray(burning_rate_kg_m2_s) / (air_density_kg_m3 * np.sqrt(GRAVITY_M_S2 * diameter))
    calm = 42 * scaled**0.61
    if wind_scaled <= 1:
        return np.asarray(diameter * calm, np.float64)
    return np.asarray(diameter * np.minimum(calm, 55 * scaled**0.67 * wind_scaled**-0.21), np.float64)


def length_heskestad(heat_release_kw: ArrayLike, diameter_m: ArrayLike) -> Floats:
    """L = 0.235 Q̇^0.4 − 1.02 D, m, Q̇ in kW, no less than 0 (Heskestad 1983)."""
    return np.asarray(
        np.maximum(0.0, 0.235 * np.asarray(heat_release_kw) ** 0.4 - 1.02 * np.asarray(diameter_m)),
        np.float64,
    )


def tilt_aga(wind_scaled: float) -> float:
    """cos θ = u*^−½ for u* > 1, else upright; radians (American Gas Association 1974)."""
    return 0.0 if wind_scaled <= 1 else float(np.arccos(wind_scaled**-0.5))


def tilt_welker_sliepcevich(
    wind_m_s: float,
    diameter_m: float,
    vapour_density_kg_m3: float,
    air_density_kg_m3: float = 1.2,
    air_viscosity_m2_s: float = 1.5e-5,
) -> float:
    """tan θ / cos θ = 3.3 Fr^0.8 Re^0.07 (ρ_v/ρ_a)^−0.6, radians (Welker and Sliepcevich 1966)."""
    if wind_m_s <= 0:
        return 0.0
    froude = wind_m_s**2 / (GRAVITY_M_S2 * diameter_m)
    reynolds = wind_m_s * diameter_m / air_viscosity_m2_s
    side = 3.3 * froude**0.8 * reynolds**0.07 * (vapour_density_kg_m3 / air_density_kg_m3) ** -0.6
    return float(np.arcsin((np.sqrt(1 + 4 * side**2) - 1) / (2 * side)))


def emissive_power_mudan_kw_m2(diameter_m: ArrayLike) -> Floats:
    """Mean over a smoky flame: 140 e^(−0.12 D) + 20 (1 − e^(−0.12 D)) kW/m² (Mudan 1984)."""
    bare = np.exp(-0.12 * np.asarray(diameter_m, np.float64))
    return np.asarray(140 * bare + 20 * (1 - bare), np.float64)


def emissive_power_kw_m2(
    burning_rate_kg_m2_s: float,
    heat_of_combustion_j_kg: float,
    length_to_diameter: float,
    radiated: float,
    soot: float,
) -> float:
    """SEP = (1 − ζ) F_s m″ ΔHc / (1 + 4 L/D) + 20 ζ, kW/m² (CPR 14E eqs 6.82, 6.83); the bright part at most 400."""
    bright = radiated * burning_rate_kg_m2_s * heat_of_combustion_j_kg / 1000 / (1 + 4 * length_to_diameter)
    return float((1 - soot) * min(bright, 400.0) + 20 * soot)


@model(CARD)
@dataclass(frozen=True)
class PoolFire:
    """A round pool on fire; x downwind and y to the left of the wind from its centre, metres.

    *soot* is the covered share of the flame (0…1), *radiated* the share of heat radiated. Raises `Invalid`.
    """

    diameter_m: float
    burning_rate_kg_m2_s: float
    heat_of_combustion_j_kg: float
    wind_m_s: float = 0.0
    radiated: float = 0.35
    soot: float = 0.8
    molar_mass_kg_mol: float = 0.08
    boiling_point_k: float = 353.0
    air_temperature_k: float = 293.15
    humidity: float = 0.5

    def __post_init__(self) -> None:
        guard.positive("液池直径", "pool diameter", self.diameter_m, unit="m", at_most=500)
        guard.positive("燃烧速率", "burning rate", self.burning_rate_kg_m2_s, at_most=1)
        guard.positive("燃烧热", "heat of combustion", self.heat_of_combustion_j_kg, at_most=2e8)
        guard.positive("风速", "wind speed", self.wind_m_s, unit="m/s", zero=True, at_most=60)
        guard.positive("相对湿度", "relative humidity", self.humidity, zero=True, at_most=1)
        guard.positive("辐射份额", "radiated share", self.radiated, at_most=1)
        guard.positive("烟炱份额", "soot share", self.soot, zero=True, at_most=1)
        guard.positive("气温", "air temperature", self.air_temperature_k, unit="K", at_most=350)

    @classmethod
    def of(cls, fuel: str, diameter_m: float, fuels: Table | None = None, **more: float) -> "PoolFire":
        """A pool of a fuel of ``data/pool_fuels.csv``.

        >>> round(PoolFire.of("benzene", 10.0).length_m, 1)
        20.6
        """
        row = (fuels or table("pool_fuels"))[fuel]
        rate = burning_rate(
            row.number("burning_rate_kg_m2_s"),
            row.number("k_beta_per_m"),
            guard.positive("直径", "diameter", diameter_m),
        )
        settings: dict[str, Any] = {"soot": row.number("soot"), "radiated": row.number("radiated")} | more
        return cls(diameter_m, float(rate), row.number("heat_of_combustion_mj_kg") * 1e6, **settings)

    @property
    def air_density_kg_m3(self) -> float:
        return 101_325 * 0.028964 / (_GAS_CONSTANT * self.air_temperature_k)

    @property
    def wind_scaled(self) -> float:
        vapour = (
            101_325
            * self.molar_mass_kg_mol
            / (_GAS_CONSTANT * max(self.boiling_point_k, self.air_temperature_k))
        )
        return scaled_wind(self.wind_m_s, self.burning_rate_kg_m2_s, self.diameter_m, vapour)

    @property
    def length_m(self) -> float:
        return float(
            length_thomas(
                self.burning_rate_kg_m2_s, self.diameter_m, self.air_density_kg_m3, self.wind_scaled
            )
        )

    @property
    def tilt_rad(self) -> float:
        """From the upright, at most 75°: beyond that the tilt formulas have no data."""
        return min(tilt_aga(self.wind_scaled), float(np.radians(75.0)))

    @property
    def sep_kw_m2(self) -> float:
        return emissive_power_kw_m2(
            self.burning_rate_kg_m2_s,
            self.heat_of_combustion_j_kg,
            self.length_m / self.diameter_m,
            self.radiated,
            self.soot,
        )

    @property
    def heat_release_kw(self) -> float:
        area = np.pi * self.diameter_m**2 / 4
        return float(area * self.burning_rate_kg_m2_s * self.heat_of_combustion_j_kg / 1000)

    @cached_property
    def surface(self) -> Surface:
        """The tilted flame; its foot is the pool."""
        top = (self.length_m * np.sin(self.tilt_rad), 0.0, self.length_m * np.cos(self.tilt_rad))
        return frustum((0, 0, 0), top, self.diameter_m / 2, self.diameter_m / 2, level=True)

    @property
    def middle_m(self) -> tuple[float, float]:
        return float(self.length_m * np.sin(self.tilt_rad) / 2), 0.0

    def radiation_kw_m2(self, x_m: ArrayLike, y_m: ArrayLike, height_m: float = 0.0) -> Floats:
        """SEP · F · τ for the worst orientation of the target; over the pool itself the emissive power."""
        x, y = guard.places(x_m, y_m)
        view = np.minimum(1.0, np.sqrt((vector_view(self.surface, x, y, height_m) ** 2).sum(axis=0)))
        edge = np.hypot(x, y) - self.diameter_m / 2
        tau = transmissivity(np.maximum(edge, 0.0), self.humidity, self.air_temperature_k)
        return np.asarray(np.where(edge <= 0, self.sep_kw_m2, self.sep_kw_m2 * view * tau), np.float64)
