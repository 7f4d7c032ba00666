"""Dust explosions: class by K_St, and the vent that keeps the reduced pressure."""

import numpy as np

from anlan.kernel.models import Caveat, ModelCard, Quantity, Verification
from anlan.kernel.text import LabelledEnum, Text
from anlan.science import guard
from anlan.science.registry import model

CARD = ModelCard(
    id="chemical.dust_vent",
    version="1",
    title=Text("粉尘爆炸泄压面积", "Vent area for dust explosions"),
    purpose=Text(
        "按爆炸指数分级并计算容器泄压面积", "Class of a dust by its K_St, and the vent area of a vessel"
    ),
    applicability=Text(
        "单个容器，长径比不大于 20；0.1–10 000 m³，开启压力 0.1–1 bar，泄爆压力不大于 2 bar",
        "A single vessel of L/D up to 20, 0.1 to 10,000 m³, opening at 0.1 to 1 bar, reduced pressure up to 2 bar",
    ),
    inputs=(
        Quantity("kst_bar_m_s", "bar·m/s", Text("爆炸指数", "K_St"), 10.0, 800.0),
        Quantity("pmax_bar", "bar", Text("最大爆炸压力", "greatest explosion pressure"), 5.0, 12.0),
        Quantity("pred_bar", "bar", Text("泄爆压力", "reduced pressure"), 0.1, 2.0),
        Quantity("pstat_bar", "bar", Text("开启压力", "opening pressure"), 0.1, 1.0),
        Quantity("volume_m3", "m³", Text("容积", "volume"), 0.1, 10_000.0),
        Quantity("length_to_diameter", "", Text("长径比", "length over diameter"), 1.0, 20.0),
    ),
    references=(
        "VDI 3673 part 1, 1995; EN 14491 (same equation; to be confirmed against the text)",
        "NFPA 68, 2002 edition, eq. 7.2",
        "GB/T 15605 (classes St1, St2, St3)",
    ),
    verification=Verification.VERIFIED,
    suite="chemical",
    outputs=(Quantity("vent_area_m2", "m²", Text("泄压面积", "vent area")),),
    caveats=(
        Caveat(
            "dust.panel",
            Text("未计泄压装置惯性和导管影响", "Inertia of the panel and vent ducts are not considered"),
        ),
    ),
)


class DustClass(LabelledEnum):
    """Explosion class of a dust."""

    ST0 = "St0", "不爆炸", "Does not explode"
    ST1 = "St1", "弱爆炸", "Weak"
    ST2 = "St2", "强爆炸", "Strong"
    ST3 = "St3", "极强爆炸", "Very strong"


def kst_bar_m_s(rate_bar_s: float, volume_m3: float) -> float:
    """K_St = (dP/dt)_max V^⅓, the cubic law.

    >>> round(kst_bar_m_s(550.0, 0.02), 1)
    149.3
    """
    rate = guard.positive("压力上升速率", "rate of pressure rise", rate_bar_s, unit="bar/s", zero=True)
    return float(rate * np.cbrt(guard.positive("容积", "volume", volume_m3, unit="m³")))


def dust_class(kst: float) -> DustClass:
    """St1 up to 200, St2 up to 300, St3 above, bar·m/s.

    >>> dust_class(200.0).value, dust_class(200.1).value
    ('St1', 'St2')
    """
    value = guard.positive("爆炸指数", "K_St", kst, zero=True)
    if value == 0:
        return DustClass.ST0
    return DustClass.ST1 if value <= 200 else DustClass.ST2 if value <= 300 else DustClass.ST3


@model(CARD)
def vent_area_m2(
    kst_bar_m_s: float,
    pmax_bar: float,
    pred_bar: float,
    pstat_bar: float,
    volume_m3: float,
    length_to_diameter: float = 1.0,
) -> float:
    """A = B (1 + C lg(L/D)), m²; gauge pressures in bar.

    B = (3.264·10⁻⁵ P_max K_St P_red^−0.569 + 0.27 (P_stat − 0.1) P_red^−0.5) V^0.753,
    C = −4.305 lg P_red + 0.758, taken as 0 where negative (P_red ≥ 1.5 bar).
    """
    kst = guard.positive("爆炸指数", "K_St", kst_bar_m_s)
    pmax = guard.positive("最大爆炸压力", "greatest explosion pressure", pmax_bar, unit="bar")
    pred = guard.positive("泄爆压力", "reduced pressure", pred_bar, unit="bar")
    pstat = guard.positive("开启压力", "opening pressure", pstat_bar, unit="bar")
    volume = guard.positive("容积", "volume", volume_m3, unit="m³")
    slender = guard.positive("长径比", "length over diameter", length_to_diameter)
    if not pstat <= pred < pmax:
        raise guard.refuse(
            "泄爆压力应不低于开启压力并低于最大爆炸压力",
            "the reduced pressure lies between the opening pressure and the greatest one",
        )
    flat = 3.264e-5 * pmax * kst * pred**-0.569 + 0.27 * max(pstat - 0.1, 0.0) * pred**-0.5
    longer = max(0.0, -4.305 * np.log10(pred) + 0.758) * np.log10(max(slender, 1.0))
    return float(flat * volume**0.753 * (1 + longer))
