"""A pressure vessel that bursts: its energy, its blast, how far its pieces fly."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from anlan.kernel.models import Caveat, ModelCard, Quantity, Verification
from anlan.kernel.text import Text
from anlan.science import guard
from anlan.science.chemical.explosion.blast import distance_m, kingery_kpa
from anlan.science.chemical.explosion.tnt import TNT_J_KG
from anlan.science.registry import model

Floats = NDArray[np.float64]

GRAVITY_M_S2 = 9.81

CARD = ModelCard(
    id="chemical.vessel_burst",
    version="1",
    title=Text("压力容器物理爆炸", "Burst of a pressure vessel"),
    purpose=Text(
        "计算容器破裂能量、冲击波和碎片最大飞行距离",
        "Energy, blast and fragments of a bursting vessel",
    ),
    applicability=Text(
        "装有理想气体的容器，远场冲击波；近场偏保守",
        "Ideal gas inside, far-field blast; conservative near by",
    ),
    inputs=(
        Quantity("pressure_pa", "Pa", Text("破裂压力（绝压）", "burst pressure, absolute"), 2e5, 2e8),
        Quantity("volume_m3", "m³", Text("气相容积", "gas volume"), 0.01, 1e5),
        Quantity("gamma", "", Text("绝热指数", "ratio of specific heats"), 1.05, 1.67),
    ),
    references=(
        "Brode, Phys. Fluids 2 (1959) 217",
        "Baker et al., Explosion Hazards and Evaluation, 1983",
        "CCPS, Guidelines for VCE, PVB, BLEVE and Flash Fire Hazards, 2010, chapter 7",
        "Crowl, Process Safety Progress 11 (1992) (isothermal availability)",
    ),
    verification=Verification.VERIFIED,
    suite="chemical",
    outputs=(
        Quantity("energy_j", "J", Text("爆炸能量", "energy")),
        Quantity("fragment_range_m", "m", Text("碎片飞行距离", "reach of fragments")),
    ),
    caveats=(
        Caveat(
            "vessel_burst.share",
            Text(
                "能量在冲击波与碎片间的分配为经验值",
                "How the energy divides between blast and fragments is a rule of thumb",
            ),
        ),
    ),
)


def energy_brode_j(
    pressure_pa: float, volume_m3: float, gamma: float, ambient_pa: float = 101_325.0
) -> float:
    """E = (p₁ − p₀) V / (γ − 1).

    >>> round(energy_brode_j(1e6, 10.0, 1.4, 1e5))
    22500000
    """
    _check(pressure_pa, volume_m3, gamma, ambient_pa)
    return (pressure_pa - ambient_pa) * volume_m3 / (gamma - 1)


def energy_isentropic_j(
    pressure_pa: float, volume_m3: float, gamma: float, ambient_pa: float = 101_325.0
) -> float:
    """E = p₁ V / (γ − 1) · (1 − (p₀/p₁)^((γ−1)/γ)): the work of expanding to the ambient pressure."""
    _check(pressure_pa, volume_m3, gamma, ambient_pa)
    return float(
        pressure_pa * volume_m3 / (gamma - 1) * (1 - (ambient_pa / pressure_pa) ** ((gamma - 1) / gamma))
    )


def energy_available_j(pressure_pa: float, volume_m3: float, ambient_pa: float = 101_325.0) -> float:
    """E = p₁ V (ln(p₁/p₀) − (1 − p₀/p₁)): the most that an isothermal gas can do (Crowl 1992)."""
    _check(pressure_pa, volume_m3, 1.4, ambient_pa)
    ratio = pressure_pa / ambient_pa
    return float(pressure_pa * volume_m3 * (np.log(ratio) - (1 - 1 / ratio)))


def range_without_drag_m(speed_m_s: float) -> float:
    """v²/g: the farthest that anything thrown at *speed_m_s* from the ground can land in a vacuum."""
    return guard.positive("初速", "speed", speed_m_s, unit="m/s", at_most=5000) ** 2 / GRAVITY_M_S2


def range_with_drag_m(
    speed_m_s: float, mass_kg: float, drag_area_m2: float, air_density_kg_m3: float = 1.2, steps: int = 1500
) -> float:
    """The farthest landing over launch angles of 5°…85° with quadratic drag, *drag_area_m2* = C_D A.

    Runge-Kutta in time to the vacuum's time of flight; ends on the ground by linear interpolation.
    """
    guard.positive("碎片质量", "mass of the fragment", mass_kg, unit="kg")
    guard.positive("阻力面积", "drag area", drag_area_m2, unit="m²", zero=True)
    speed = guard.positive("初速", "speed", speed_m_s, unit="m/s", at_most=5000)
    angle = np.radians(np.arange(5.0, 85.1, 2.5))
    pull = air_density_kg_m3 * drag_area_m2 / (2 * mass_kg)
    state = np.array(
        [np.zeros_like(angle), np.zeros_like(angle), speed * np.cos(angle), speed * np.sin(angle)]
    )
    landed = np.full_like(angle, np.nan)
    step = 2 * speed * np.sin(angle) / GRAVITY_M_S2 / steps * 1.001

    def slope(now: Floats) -> Floats:
        fast = np.hypot(now[2], now[3])
        return np.array([now[2], now[3], -pull * fast * now[2], -GRAVITY_M_S2 - pull * fast * now[3]])

    for _ in range(steps):
        one = slope(state)
        two = slope(state + step / 2 * one)
        three = slope(state + step / 2 * two)
        after = state + step / 6 * (one + 2 * two + 2 * three + slope(state + step * three))
        hit = np.isnan(landed) & (after[1] <= 0)
        share = np.divide(state[1], state[1] - after[1], out=np.zeros_like(landed), where=hit)
        landed = np.where(hit, state[0] + share * (after[0] - state[0]), landed)
        state = after
    return float(np.nanmax(landed))


@model(CARD)
@dataclass(frozen=True)
class VesselBurst:
    """*blast_share* of the energy goes into the blast, the rest into fragments of *shell_kg*. Raises `Invalid`."""

    pressure_pa: float
    volume_m3: float
    gamma: float = 1.4
    shell_kg: float = 1000.0
    blast_share: float = 0.4
    ambient_pa: float = 101_325.0

    def __post_init__(self) -> None:
        _check(self.pressure_pa, self.volume_m3, self.gamma, self.ambient_pa)
        guard.positive("容器质量", "mass of the shell", self.shell_kg, unit="kg")
        guard.positive("冲击波能量份额", "share of the blast", self.blast_share, at_most=1)

    @property
    def energy_j(self) -> float:
        return energy_isentropic_j(self.pressure_pa, self.volume_m3, self.gamma, self.ambient_pa)

    @property
    def charge_kg(self) -> float:
        """TNT of the energy of the blast."""
        return self.blast_share * self.energy_j / TNT_J_KG

    @property
    def fragment_speed_m_s(self) -> float:
        """v = √(2 (1 − share) E / M): all the rest of the energy in the shell."""
        return float(np.sqrt(2 * (1 - self.blast_share) * self.energy_j / self.shell_kg))

    @property
    def fragment_range_m(self) -> float:
        """Bound: the range in a vacuum."""
        return self.fragment_speed_m_s**2 / GRAVITY_M_S2

    def overpressure_kpa(self, distance_m: ArrayLike) -> Floats:
        """By Kingery; never above the pressure that was in the vessel."""
        distance = guard.floats("距离", "distance", distance_m)
        top = (self.pressure_pa - self.ambient_pa) / 1000
        return np.asarray(np.minimum(top, kingery_kpa(distance / np.cbrt(self.charge_kg))), np.float64)

    def distance_m(self, level_kpa: float) -> float:
        if level_kpa > (self.pressure_pa - self.ambient_pa) / 1000:
            return 0.0
        return distance_m(level_kpa, self.charge_kg, "kingery")


def _check(pressure_pa: float, volume_m3: float, gamma: float, ambient_pa: float) -> None:
    guard.positive("压力", "pressure", pressure_pa, unit="Pa", at_most=1e10)
    guard.positive("容积", "volume", volume_m3, unit="m³", at_most=1e7)
    guard.positive("环境压力", "ambient pressure", ambient_pa, unit="Pa")
    if not 1 < gamma < 2:
        raise guard.refuse("绝热指数应在 1 与 2 之间", "gamma must lie between 1 and 2")
    if pressure_pa <= ambient_pa:
        raise guard.refuse("容器压力不高于环境压力，不会爆裂", "the vessel is not above the ambient pressure")
