"""A jet fire: the expanding jet behind a hole, the flame that hangs on it, and what it radiates."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq

from anlan.kernel.models import Caveat, ModelCard, Quantity, Verification
from anlan.kernel.text import Text
from anlan.science import guard
from anlan.science.chemical.fire.atmosphere import transmissivity
from anlan.science.chemical.fire.view import Surface, frustum, vector_view
from anlan.science.registry import model

Floats = NDArray[np.float64]

GRAVITY_M_S2 = 9.81
_GAS_CONSTANT = 8.314462618
_AIR_KG_MOL = 0.028964

CARD = ModelCard(
    id="chemical.jet_fire",
    version="1",
    title=Text("喷射火（Chamberlain 锥台火焰）", "Jet fire (Chamberlain's frustum)"),
    purpose=Text(
        "计算带压可燃气体喷射火的火焰长度与热辐射",
        "Flame length and radiation of a jet of pressurised flammable gas",
    ),
    applicability=Text(
        "气相射流，向上或倾斜；水平射流按射流轴线处理，结果偏保守并带提示",
        "Gas jets, upwards or inclined; a horizontal jet is taken along its axis, with a caveat",
    ),
    inputs=(
        Quantity("rate_kg_s", "kg/s", Text("泄漏速率", "release rate"), 0.01, 1000.0),
        Quantity("wind_m_s", "m/s", Text("风速", "wind speed"), 0.0, 20.0),
        Quantity("elevation_deg", "°", Text("射流仰角", "elevation of the jet"), 45.0, 135.0),
    ),
    references=(
        "Chamberlain, Chem. Eng. Res. Des. 65 (1987) 299-309",
        "TNO CPR 14E (Yellow Book, 2005), section 6.5.3",
        "Considine and Grint, Gastech 84 (length of LPG jet flames)",
        "API Standard 521, radiation from a point source",
    ),
    verification=Verification.VERIFIED,
    suite="chemical",
    outputs=(Quantity("radiation_kw_m2", "kW/m²", Text("热辐射强度", "radiation")),),
    caveats=(
        Caveat(
            "jet_fire.impingement",
            Text("未考虑火焰直接冲击与障碍物", "Flame impingement and obstacles are not considered"),
        ),
    ),
)

_HYDROGEN_MIXTURE_KG_MOL = 0.010
_HORIZONTAL = Caveat(
    "jet_fire.horizontal",
    Text(
        "近水平射流超出 Chamberlain 模型的试验范围，火焰按射流轴线给出",
        "A near-horizontal jet lies outside Chamberlain's trials; the flame is taken along the jet",
    ),
)
_HYDROGEN = Caveat(
    "jet_fire.hydrogen",
    Text(
        "模型由烃类火炬试验得出：氢气火焰可能明显更长，白天几乎不可见，警戒时请加倍",
        "The model comes from trials with hydrocarbons: a flame of hydrogen may be much longer, and is hardly seen by "
        "day; allow twice the distance",
    ),
)


def expanded_jet(
    pressure_pa: float,
    temperature_k: float,
    gamma: float,
    molar_mass_kg_mol: float,
    ambient_pa: float = 101_325.0,
) -> tuple[float, float]:
    """Speed (m/s) and temperature (K) of an ideal gas after expansion to the ambient pressure (CPR 14E eqs 6.27-6.36).

    *pressure_pa* and *temperature_k* are of the gas at rest in the vessel; below the critical ratio the jet is
    subsonic, at the same formulas.
    """
    ratio = guard.positive("压力", "pressure", pressure_pa, unit="Pa") / ambient_pa
    guard.positive("温度", "temperature", temperature_k, unit="K")
    if ratio <= 1:
        raise guard.refuse(
            "容器压力不高于大气压，没有射流", "the vessel is not above the ambient pressure: no jet"
        )
    if not 1 < gamma < 2:
        raise guard.refuse("绝热指数应在 1 与 2 之间", "gamma must lie between 1 and 2")
    mach = np.sqrt(2 / (gamma - 1) * (ratio ** ((gamma - 1) / gamma) - 1))
    cooled = temperature_k / (1 + (gamma - 1) / 2 * mach**2)
    return float(mach * np.sqrt(gamma * _GAS_CONSTANT * cooled / molar_mass_kg_mol)), float(cooled)


def stoichiometric_mass_fraction(molar_mass_kg_mol: float) -> float:
    """W = M / (15.816 M + 0.0395) of an alkane in air (CPR 14E eq. 6.26)."""
    return molar_mass_kg_mol / (15.816 * molar_mass_kg_mol + 0.0395)


def length_considine_grint_m(rate_kg_s: ArrayLike) -> Floats:
    """L = 9.1 ṁ^½ for two-phase LPG (Considine and Grint 1984); the flame's half-width at its end is 0.125 L."""
    return np.asarray(9.1 * np.sqrt(np.asarray(rate_kg_s, np.float64)), np.float64)


def point_source_kw_m2(
    rate_kg_s: float,
    heat_of_combustion_j_kg: float,
    radiated: float,
    distance_m: ArrayLike,
    tau: ArrayLike = 1.0,
) -> Floats:
    """q = τ F_s ṁ ΔHc / (4π d²), kW/m² (API 521)."""
    power_kw = radiated * rate_kg_s * heat_of_combustion_j_kg / 1000
    distance = np.maximum(np.asarray(distance_m, np.float64), 1e-6)
    return np.asarray(np.asarray(tau, np.float64) * power_kw / (4 * np.pi * distance**2), np.float64)


@model(CARD)
@dataclass(frozen=True)
class JetFire:
    """A jet fire; x downwind and y to the left of the wind from the hole, metres. Raises `Invalid`.

    *elevation_deg* is the angle of the hole's axis above the downwind horizontal (90 upwards); *jet_speed_m_s* and
    *jet_temperature_k* are those after expansion (`expanded_jet`).
    """

    rate_kg_s: float
    jet_speed_m_s: float
    jet_temperature_k: float
    molar_mass_kg_mol: float
    heat_of_combustion_j_kg: float
    wind_m_s: float = 0.0
    elevation_deg: float = 90.0
    height_m: float = 1.0
    air_temperature_k: float = 293.15
    humidity: float = 0.5

    def __post_init__(self) -> None:
        guard.positive("泄漏速率", "release rate", self.rate_kg_s, unit="kg/s", at_most=1e5)
        guard.positive("射流速度", "jet speed", self.jet_speed_m_s, unit="m/s", at_most=5000)
        guard.positive("射流温度", "jet temperature", self.jet_temperature_k, unit="K", at_most=3000)
        guard.positive("摩尔质量", "molar mass", self.molar_mass_kg_mol, unit="kg/mol", at_most=1)
        guard.positive("燃烧热", "heat of combustion", self.heat_of_combustion_j_kg, at_most=2e8)
        guard.positive("风速", "wind speed", self.wind_m_s, unit="m/s", zero=True, at_most=60)
        guard.positive("仰角", "elevation", self.elevation_deg, unit="°", zero=True, at_most=180)
        guard.positive("泄漏口高度", "height of the hole", self.height_m, unit="m", zero=True, at_most=500)
        guard.positive("相对湿度", "relative humidity", self.humidity, zero=True, at_most=1)

    @property
    def air_density_kg_m3(self) -> float:
        return 101_325 * _AIR_KG_MOL / (_GAS_CONSTANT * self.air_temperature_k)

    @property
    def source_diameter_m(self) -> float:
        """D_s: a nozzle of ambient density with the jet's mass and momentum (CPR 14E eq. 6.37)."""
        return float(np.sqrt(4 * self.rate_kg_s / (np.pi * self.air_density_kg_m3 * self.jet_speed_m_s)))

    @property
    def wind_ratio(self) -> float:
        return self.wind_m_s / self.jet_speed_m_s

    @cached_property
    def still_length_m(self) -> float:
        """L_b0 of an upright flame in still air, from 0.024 (g D_s/u_j²)^⅓ Y^5/3 + 0.2 Y^2/3 = (2.85/W)^2/3."""
        lift = 0.024 * (GRAVITY_M_S2 * self.source_diameter_m / self.jet_speed_m_s**2) ** (1 / 3)
        needed = (2.85 / stoichiometric_mass_fraction(self.molar_mass_kg_mol)) ** (2 / 3)
        root = brentq(
            lambda y: lift * y ** (5 / 3) + 0.2 * y ** (2 / 3) - needed, 0.0, (needed / 0.2) ** 1.5 + 1
        )
        return float(root) * self.source_diameter_m

    @property
    def length_m(self) -> float:
        """L_b from the hole to the tip: shortened by wind, and by the jet's turning away from it (eq. 6.43)."""
        wind = 0.51 * np.exp(-0.4 * self.wind_m_s) + 0.49
        return float(self.still_length_m * wind * (1 - 0.00607 * (self.elevation_deg - 90)))

    @property
    def turn_deg(self) -> float:
        """α: from the hole's axis to the flame's, towards the wind's (eqs 6.44-6.46)."""
        buoyancy = self._richardson(self.still_length_m)
        ratio = self.wind_ratio
        swing = (self.elevation_deg - 90) * (1 - np.exp(-25.6 * ratio))
        if ratio <= 0.05:
            return float(swing + 8000 * ratio / buoyancy)
        return float(swing + (134 + 1726 * np.sqrt(ratio - 0.026)) / buoyancy)

    @property
    def flame_elevation_deg(self) -> float:
        """Of the flame's axis, 0…180; a jet below 45° is taken along its own axis."""
        if self.elevation_deg < 45:
            return self.elevation_deg
        return float(np.clip(self.elevation_deg - self.turn_deg, 0.0, 180.0))

    @property
    def lift_off_m(self) -> float:
        """b = L_b sin(Kα) / sin α, K = 0.185 e^(−20R) + 0.015 (eq. 6.47)."""
        share = 0.185 * np.exp(-20 * self.wind_ratio) + 0.015
        alpha = np.radians(self.elevation_deg - self.flame_elevation_deg)
        if abs(np.sin(alpha)) < 1e-9:
            return float(share * self.length_m)
        return float(self.length_m * np.sin(share * alpha) / np.sin(alpha))

    @property
    def frustum_length_m(self) -> float:
        """R_l = √(L_b² − b² sin²α) − b cos α (eq. 6.48)."""
        alpha = np.radians(self.elevation_deg - self.flame_elevation_deg)
        flat = self.length_m**2 - (self.lift_off_m * np.sin(alpha)) ** 2
        return float(np.sqrt(max(flat, 0.0)) - self.lift_off_m * np.cos(alpha))

    @property
    def base_width_m(self) -> float:
        """W₁ (eq. 6.52)."""
        ratio, source = self.wind_ratio, self.source_diameter_m
        growth = 1000 * np.exp(-100 * ratio) + 0.8
        density = self.air_temperature_k * self.molar_mass_kg_mol / (self.jet_temperature_k * _AIR_KG_MOL)
        narrow = (1 - np.sqrt(1 / density) / 15) * np.exp(-70 * self._richardson(source) ** (growth * ratio))
        return float(source * (13.5 * np.exp(-6 * ratio) + 1.5) * (1 - narrow))

    @property
    def tip_width_m(self) -> float:
        """W₂ = L_b (0.18 e^(−1.5R) + 0.31)(1 − 0.47 e^(−25R)) (eq. 6.53)."""
        ratio = self.wind_ratio
        return float(self.length_m * (0.18 * np.exp(-1.5 * ratio) + 0.31) * (1 - 0.47 * np.exp(-25 * ratio)))

    @property
    def radiated(self) -> float:
        """F_s = 0.21 e^(−0.00323 u_j) + 0.11; brighter by √(M/21) above 21 g/mol, at most 1.69 times (Cook 1990)."""
        grams = 1000 * self.molar_mass_kg_mol
        bright = 1.0 if grams <= 21 else min(1.69, float(np.sqrt(grams / 21)))
        return float(bright * (0.21 * np.exp(-0.00323 * self.jet_speed_m_s) + 0.11))

    @cached_property
    def surface(self) -> Surface:
        """The frustum, from the lift-off to the tip."""
        hole = np.array([0.0, 0.0, self.height_m])
        jet, flame = (_direction(angle) for angle in (self.elevation_deg, self.flame_elevation_deg))
        base = hole + jet * self.lift_off_m
        top = base + flame * self.frustum_length_m
        top[2] = max(top[2], 0.0)
        return frustum(base, top, self.base_width_m / 2, self.tip_width_m / 2, level=False)

    @property
    def sep_kw_m2(self) -> float:
        """F_s ṁ ΔHc over the frustum's surface, at most 400 kW/m²."""
        power_kw = self.radiated * self.rate_kg_s * self.heat_of_combustion_j_kg / 1000
        return min(400.0, power_kw / self.surface.area_m2)

    @property
    def middle_m(self) -> tuple[float, float]:
        centre = self.surface.centre.mean(axis=0)
        return float(centre[0]), 0.0

    @property
    def caveats(self) -> tuple[Caveat, ...]:
        found = []
        if not 45 <= self.elevation_deg <= 135:
            found.append(_HORIZONTAL)
        if self.molar_mass_kg_mol < _HYDROGEN_MIXTURE_KG_MOL:
            found.append(_HYDROGEN)
        return tuple(found)

    def radiation_kw_m2(self, x_m: ArrayLike, y_m: ArrayLike, height_m: float = 0.0) -> Floats:
        """SEP · F · τ for the worst orientation of a target at *height_m*."""
        x, y = guard.places(x_m, y_m)
        view = np.sqrt((vector_view(self.surface, x, y, height_m) ** 2).sum(axis=0))
        middle = self.surface.centre.mean(axis=0)
        path = np.sqrt((x - middle[0]) ** 2 + (y - middle[1]) ** 2 + (height_m - middle[2]) ** 2)
        clear = np.maximum(0.0, path - self.tip_width_m / 2)
        tau = transmissivity(clear, self.humidity, self.air_temperature_k)
        return np.asarray(self.sep_kw_m2 * np.minimum(1.0, view) * tau, np.float64)

    def _richardson(self, length_m: float) -> float:
        """ξ(L) = (g / (D_s² u_j²))^⅓ L."""
        return float(
            (GRAVITY_M_S2 / (self.source_diameter_m * self.jet_speed_m_s) ** 2) ** (1 / 3) * length_m
        )


def _direction(elevation_deg: float) -> Floats:
    angle = np.radians(elevation_deg)
    return np.array([np.cos(angle), 0.0, np.sin(angle)])
