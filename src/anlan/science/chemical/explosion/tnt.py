"""Vapour clouds and condensed explosives as an equivalent charge of TNT."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from anlan.kernel.models import Caveat, ModelCard, Quantity, Verification
from anlan.kernel.text import Text
from anlan.science import guard
from anlan.science.chemical.explosion.blast import CURVES, distance_m
from anlan.science.chemical.harm.vulnerability import Probit, probit
from anlan.science.registry import model

Floats = NDArray[np.float64]

TNT_J_KG = 4.52e6

CARD = ModelCard(
    id="chemical.tnt_equivalence",
    version="1",
    title=Text("TNT 当量爆炸模型", "Explosion by TNT equivalence"),
    purpose=Text(
        "估算蒸气云爆炸或固体爆炸物（含硝酸铵）的超压范围",
        "Overpressure of a vapour cloud or of condensed explosives",
    ),
    applicability=Text(
        "远场（比例距离大于约 3 m/kg^⅓）、平坦地面；近场与障碍物内的蒸气云不适用",
        "The far field (Z above some 3 m/kg^⅓) on flat ground; not the near field or inside a congested cloud",
    ),
    inputs=(
        Quantity("charge_kg", "kg", Text("TNT 当量", "TNT charge"), 1.0, 5e6),
        Quantity("yield_share", "", Text("爆炸效率", "explosion yield"), 0.01, 0.5),
    ),
    references=(
        "GB/T 37243-2019 (overpressure limits and curve, to be confirmed)",
        "CCPS, Guidelines for Chemical Process QRA, 2nd ed., section 2.2.1",
        "Crowl and Louvar, Chemical Process Safety, eqs 6-21 to 6-23",
        "Kingery and Bulmash, ARBRL-TR-02555, 1984; Swisdak, NSWC, ADA526744, 1994",
    ),
    verification=Verification.VERIFIED,
    suite="chemical",
    outputs=(Quantity("overpressure_kpa", "kPa", Text("峰值超压", "peak overpressure")),),
)
CLOUD_YIELD = Caveat(
    "tnt.cloud_yield",
    Text(
        "蒸气云爆炸的 TNT 当量系数来自事故统计，个例可差数倍",
        "The TNT yield of a vapour cloud comes from past accidents; one cloud may differ several times",
    ),
)
EQUIVALENCE = Caveat(
    "tnt.equivalence",
    Text(
        "凝聚相爆炸物的 TNT 当量随纯度、装药密度和约束而变（硝酸铵文献值 0.25–0.42），未计地面起坑与建筑遮挡",
        "The TNT equivalence of a condensed explosive varies with purity, packing and confinement (ammonium nitrate "
        "0.25 to 0.42 in the literature); craters and the shelter of buildings are not considered",
    ),
)


def vapour_cloud_charge_kg(
    fuel_kg: float, heat_of_combustion_j_kg: float, yield_share: float = 0.04, ground: float = 1.8
) -> float:
    """W = 1.8 · 0.04 · W_f Q_f / Q_TNT, kg; 1.8 for the reflection by the ground, Q_TNT 4.52 MJ/kg.

    >>> round(vapour_cloud_charge_kg(20_000.0, 46.5e6))
    14814
    """
    fuel = guard.positive("可燃物质量", "mass of fuel", fuel_kg, unit="kg", at_most=1e9)
    heat = guard.positive("燃烧热", "heat of combustion", heat_of_combustion_j_kg, at_most=2e8)
    share = guard.positive("爆炸效率", "explosion yield", yield_share, at_most=1)
    return ground * share * fuel * heat / TNT_J_KG


def condensed_charge_kg(mass_kg: float, equivalence: float) -> float:
    """Mass of a condensed explosive times its TNT equivalence (ammonium nitrate 0.25…0.42)."""
    mass = guard.positive("爆炸物质量", "mass of explosive", mass_kg, unit="kg", at_most=1e9)
    return mass * guard.positive("TNT 当量系数", "TNT equivalence", equivalence, at_most=3)


@model(CARD)
@dataclass(frozen=True)
class TntExplosion:
    """A charge on flat ground; *curve* is a name of `blast.CURVES`. Raises `Invalid`."""

    charge_kg: float
    curve: str = "ground_charge"

    def __post_init__(self) -> None:
        guard.positive("TNT 当量", "TNT charge", self.charge_kg, unit="kg", at_most=1e10)
        if self.curve not in CURVES:
            raise guard.refuse("没有这种冲击波曲线", "there is no such blast curve", known=", ".join(CURVES))

    def overpressure_kpa(self, distance_m: ArrayLike) -> Floats:
        """Peak side-on overpressure."""
        distance = guard.floats("距离", "distance", distance_m)
        return CURVES[self.curve](distance / np.cbrt(self.charge_kg))

    def distance_m(self, level_kpa: float) -> float:
        return distance_m(level_kpa, self.charge_kg, self.curve)

    def harm(self, distance_m: ArrayLike, rule: Probit | None = None) -> Floats:
        """Share harmed by the overpressure; by default people killed by lung haemorrhage."""
        return (rule or probit("lung_haemorrhage")).probability(1000 * self.overpressure_kpa(distance_m))
