"""Rain that the ground takes: Green–Ampt and the curve number of the Soil Conservation Service."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from anlan.kernel.models import Caveat, ModelCard, Quantity, Verification
from anlan.kernel.text import Text
from anlan.science.flood.checks import number, numbers
from anlan.science.registry import model

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class GreenAmptSoil:
    """Conductivity (m/s), suction at the front (m), and the share of the pores that is still empty (-)."""

    conductivity_m_s: float
    suction_m: float
    deficit: float

    def __post_init__(self) -> None:
        number(self.conductivity_m_s, "渗透系数", "The conductivity", low=0, high=1e-2)
        number(self.suction_m, "湿润锋吸力", "The suction", low=0, high=5)
        number(self.deficit, "含水量差", "The moisture deficit", low=0, high=0.6)

    @property
    def pull_m(self) -> float:
        """Suction times deficit."""
        return self.suction_m * self.deficit


@model(
    ModelCard(
        id="flood.green_ampt",
        version="1",
        title=Text("Green–Ampt 入渗", "Green–Ampt infiltration"),
        purpose=Text("积水或降雨条件下的累积入渗量", "Infiltration under ponded water or rain"),
        applicability=Text("均质土、锐利湿润锋", "Uniform soil, a sharp wetting front"),
        inputs=(
            Quantity("conductivity_m_s", "m/s", Text("饱和渗透系数", "saturated conductivity"), 0.0, 1e-3),
            Quantity("suction_m", "m", Text("湿润锋吸力", "suction at the front"), 0.0, 1.0),
            Quantity("deficit", "", Text("含水量差", "moisture deficit"), 0.0, 0.5),
        ),
        references=(
            "Green & Ampt 1911, J. Agric. Sci. 4(1)",
            "Chow, Maidment & Mays 1988, Applied Hydrology, eq. 4.3.9 and 5.4.1",
        ),
        verification=Verification.VERIFIED,
        suite="flood",
        outputs=(Quantity("infiltrated_m", "m", Text("累积入渗", "infiltrated depth")),),
    )
)
def ponded_infiltration_m(soil: GreenAmptSoil, time_s: ArrayLike) -> Floats:
    """Infiltrated depth F under ponded water: F - ψΔθ ln(1 + F/(ψΔθ)) = K t, by Newton.

    >>> soil = GreenAmptSoil(1.0e-6, 0.2, 0.3)
    >>> round(float(ponded_infiltration_m(soil, 3600.0)), 5)
    0.02325
    """
    advanced = soil.conductivity_m_s * numbers(time_s, "时间", "The time", low=0)
    if soil.pull_m == 0:
        return np.asarray(advanced, np.float64)
    scaled = advanced / soil.pull_m
    depth = np.sqrt(2 * scaled) + scaled
    for _ in range(60):
        wrong = depth - np.log1p(depth) - scaled
        slope = depth / (1 + depth)
        depth = np.where(depth > 0, np.maximum(depth - wrong / np.where(slope > 0, slope, 1), 0.0), 0.0)
    return np.asarray(depth * soil.pull_m, np.float64)


def ponding_time_s(soil: GreenAmptSoil, rain_m_s: float) -> float:
    """When steady rain begins to pond: t = Kψ∆θ/(i(i - K)); never for i ≤ K (Mein & Larson 1973)."""
    number(rain_m_s, "雨强", "The rain", low=0)
    if rain_m_s <= soil.conductivity_m_s:
        return np.inf
    return soil.conductivity_m_s * soil.pull_m / (rain_m_s * (rain_m_s - soil.conductivity_m_s))


@model(
    ModelCard(
        id="flood.scs_cn",
        version="1",
        title=Text("SCS 曲线数产流", "SCS curve-number runoff"),
        purpose=Text("一场雨的地表径流深", "Runoff of one storm"),
        applicability=Text(
            "场次降雨；初损系数默认 0.2", "Single storms; initial abstraction 0.2 S by default"
        ),
        inputs=(
            Quantity("rain_mm", "mm", Text("雨量", "rain"), 0.0, 500.0),
            Quantity("curve_number", "", Text("曲线数", "curve number"), 30.0, 100.0),
        ),
        references=("USDA-NRCS, National Engineering Handbook part 630, ch. 10, eq. 10-11",),
        verification=Verification.VERIFIED,
        suite="flood",
        outputs=(Quantity("runoff_mm", "mm", Text("径流深", "runoff")),),
        caveats=(
            Caveat(
                "scs.local", Text("曲线数须按当地土壤与土地利用率定", "Curve numbers need local calibration")
            ),
        ),
    )
)
def scs_runoff_mm(rain_mm: ArrayLike, curve_number: ArrayLike, *, initial: float = 0.2) -> Floats:
    """Q = (P - λS)²/(P + (1 - λ)S) with S = 25 400/CN - 254 (mm); zero while P ≤ λS.

    >>> round(float(scs_runoff_mm(100.0, 80.0)), 2)
    50.54
    """
    rain, cn = np.asarray(rain_mm, np.float64), np.asarray(curve_number, np.float64)
    for value in (rain.min(initial=0.0), rain.max(initial=0.0)):
        number(float(value), "雨量", "The rain", low=0)
    for value in (cn.min(initial=100.0), cn.max(initial=1.0)):
        number(float(value), "曲线数", "The curve number", above=0, high=100)
    storage = 25_400 / cn - 254
    excess = np.maximum(rain - initial * storage, 0.0)
    below = excess + storage
    return np.asarray(np.where(excess > 0, excess**2 / np.where(below > 0, below, 1.0), 0.0), np.float64)
