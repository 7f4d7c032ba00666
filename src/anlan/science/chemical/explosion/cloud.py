"""A vapour cloud explosion by the speed of its flame: strength inside, decay outside.

Inside the burnt cloud the overpressure of a flame of Mach number M is 2.4 M²/(1 + M) times the ambient pressure
(Tang and Baker 1999); for slow flames this is the exact acoustic result 2γ(1 − 1/σ) M². Outside, a slow flame's pulse
falls with 1/r, and none is stronger than a charge of TNT of the same energy. The strengths 1 to 10 of the
multi-energy method name the same overpressures; its charts themselves are not reproduced.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from anlan.kernel.models import Caveat, ModelCard, Quantity, Verification
from anlan.kernel.text import Text
from anlan.science import guard
from anlan.science.chemical.explosion.blast import kingery_kpa
from anlan.science.chemical.explosion.tnt import TNT_J_KG
from anlan.science.registry import model

Floats = NDArray[np.float64]

AMBIENT_KPA = 101.325
EXPANSION = 7.0
STOICHIOMETRIC_J_M3 = 3.5e6
# overpressure inside the cloud over the ambient pressure, strengths 1 to 10 (van den Berg 1985)
STRENGTHS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 20.0)

CARD = ModelCard(
    id="chemical.vapour_cloud_blast",
    version="1",
    title=Text("蒸气云爆炸（火焰速度法）", "Vapour cloud explosion by flame speed"),
    purpose=Text(
        "按火焰马赫数或爆炸强度级计算受阻蒸气云爆炸超压",
        "Overpressure of a congested cloud by flame speed or blast strength",
    ),
    applicability=Text(
        "地面半球形受阻云团；火焰接近或超过音速时偏保守（不超过约一半）",
        "A congested hemispherical cloud on the ground; for flames near or above the speed of sound conservative by up "
        "to about a half",
    ),
    inputs=(
        Quantity("energy_j", "J", Text("受阻区内燃烧能量", "energy of the congested part"), 1e8, 1e13),
        Quantity("mach", "", Text("火焰马赫数", "flame Mach number"), 0.037, 5.2),
    ),
    references=(
        "Tang and Baker, Process Safety Progress 18 (1999) 235-240",
        "Strehlow, Loss Prevention 14 (1981); Taylor, Proc. R. Soc. A 186 (1946) (slow flames)",
        "van den Berg, J. Hazard. Mater. 12 (1985) 1-10 (strengths)",
        "Swisdak 1994 (upper bound)",
    ),
    verification=Verification.VERIFIED,
    suite="chemical",
    outputs=(Quantity("overpressure_kpa", "kPa", Text("峰值超压", "peak overpressure")),),
    caveats=(
        Caveat(
            "vapour_cloud.own_decay",
            Text(
                "云外衰减为本系统近似（声学衰减并以同能量 TNT 为上限），未复现多能法图线",
                "The decay outside the cloud is our own (acoustic, bounded by TNT of the same energy), not the "
                "multi-energy charts",
            ),
        ),
    ),
)


def inside_ratio(mach: ArrayLike) -> Floats:
    """ΔP/p₀ inside the cloud = 2.4 M²/(1 + M) (Tang and Baker 1999).

    >>> round(float(inside_ratio(0.35)), 3)
    0.218
    """
    number = guard.floats("火焰马赫数", "flame Mach number", mach)
    return np.asarray(2.4 * number**2 / (1 + number), np.float64)


@model(CARD)
@dataclass(frozen=True)
class CloudExplosion:
    """*energy_j* of the congested part of the cloud; *inside* is its overpressure over the ambient pressure."""

    energy_j: float
    inside: float

    def __post_init__(self) -> None:
        guard.positive("燃烧能量", "energy", self.energy_j, unit="J", at_most=1e16)
        guard.positive("云内超压比", "overpressure inside", self.inside, at_most=30)

    @classmethod
    def of_mach(cls, energy_j: float, mach: float) -> "CloudExplosion":
        return cls(energy_j, float(inside_ratio(mach)))

    @classmethod
    def of_strength(cls, energy_j: float, strength: int) -> "CloudExplosion":
        """*strength* 1 to 10 of the multi-energy method."""
        if not 1 <= strength <= 10:
            raise guard.refuse("爆炸强度级为 1 到 10", "the blast strength is 1 to 10", given=strength)
        return cls(energy_j, STRENGTHS[strength - 1])

    @property
    def flame_radius_m(self) -> float:
        """Of the burnt hemisphere: the stoichiometric cloud of 3.5 MJ/m³, grown by the expansion ratio 7."""
        return float(np.cbrt(self.energy_j / STOICHIOMETRIC_J_M3 * EXPANSION * 3 / (2 * np.pi)))

    def overpressure_kpa(self, distance_m: ArrayLike) -> Floats:
        distance = np.maximum(guard.floats("距离", "distance", distance_m), 1e-6)
        acoustic = AMBIENT_KPA * self.inside * np.minimum(1.0, self.flame_radius_m / distance)
        bound = kingery_kpa(distance / np.cbrt(self.energy_j / TNT_J_KG))
        return np.asarray(np.minimum(acoustic, bound), np.float64)

    def distance_m(self, level_kpa: float) -> float:
        """Where the overpressure falls to *level_kpa*; 0 where it never reaches it."""
        level = guard.positive("超压", "overpressure", level_kpa, unit="kPa")
        if AMBIENT_KPA * self.inside < level:
            return 0.0
        low, high = np.log(1e-3), np.log(1e7)
        for _ in range(80):
            middle = (low + high) / 2
            reached = float(self.overpressure_kpa(np.exp(middle))) >= level
            low, high = (middle, high) if reached else (low, middle)
        return float(np.exp(high))
