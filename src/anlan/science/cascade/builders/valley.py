"""A flood wave in a valley by uniform flow: how deep and how fast it passes a section, when it gets there."""

from dataclasses import dataclass
from math import sqrt

from anlan.kernel.models import Caveat, ModelCard, Quantity, Verification
from anlan.kernel.text import Text
from anlan.science.guard import require
from anlan.science.registry import model

#: ln of the depth scatters by this share of that of the discharge: h ~ Q^3/5
DEPTH_PER_DISCHARGE = 0.6

CARD = ModelCard(
    id="cascade.valley_flood",
    version="1",
    title=Text("河谷洪水快速估算（均匀流）", "Flood wave in a valley (uniform flow)"),
    purpose=Text(
        "由洪峰流量与河谷断面估算水深、流速和到达时间",
        "Depth, speed and arrival of a peak from a valley's section",
    ),
    applicability=Text(
        "宽浅矩形断面、坡降稳定的河谷；未计坦化与回水，偏保守；需要淹没范围时用二维洪水模型",
        "Wide rectangular sections of even slope; no attenuation nor backwater, on the safe side; "
        "use the two-dimensional model for outlines",
    ),
    inputs=(
        Quantity("discharge_m3_s", "m³/s", Text("流量", "discharge"), 1.0, 100_000.0),
        Quantity("width_m", "m", Text("断面宽度", "width"), 5.0, 2_000.0),
        Quantity("slope", "", Text("坡降", "slope"), 1e-4, 0.1),
        Quantity("manning", "s/m^(1/3)", Text("糙率", "Manning's n"), 0.02, 0.15),
    ),
    references=("Chow, Open-Channel Hydraulics, 1959, sections 5-6 (Manning) and 18-7 (kinematic wave)",),
    verification=Verification.VERIFIED,
    suite="cascade",
    outputs=(
        Quantity("depth_m", "m", Text("水深", "depth")),
        Quantity("travel_s", "s", Text("到达时间", "time of travel")),
    ),
    caveats=(
        Caveat(
            "valley_flood.no_attenuation",
            Text("洪峰沿程坦化未计", "The peak is taken to travel without attenuation"),
        ),
    ),
)


@model(CARD)
@dataclass(frozen=True)
class Valley:
    """A reach of *length_m* down to a section *width_m* wide, of bed *slope* and Manning's *manning*."""

    length_m: float
    width_m: float
    slope: float
    manning: float

    def __post_init__(self) -> None:
        require(self.length_m, Text("河段长度", "length of the reach"), unit="m", open_low=False)
        require(self.width_m, Text("断面宽度", "width of the section"), unit="m")
        require(self.slope, Text("坡降", "slope"), high=1.0)
        require(self.manning, Text("糙率", "Manning's n"), high=1.0)

    def depth_m(self, discharge_m3_s: float) -> float:
        """h = (Q n / (W √S))^3/5.

        >>> round(Valley(0.0, 100.0, 0.004, 0.035).depth_m(1000.0), 3)
        2.791
        """
        flow = require(discharge_m3_s, Text("流量", "discharge"), unit="m³/s", open_low=False)
        return float((flow * self.manning / (self.width_m * sqrt(self.slope))) ** 0.6)

    def discharge_m3_s(self, depth_m: float) -> float:
        """The discharge that stands *depth_m* deep; undoes `depth_m`."""
        depth = require(depth_m, Text("水深", "depth"), unit="m", open_low=False)
        return float(self.width_m * sqrt(self.slope) / self.manning * depth ** (5 / 3))

    def travel_s(self, discharge_m3_s: float) -> float:
        """Length over the celerity of a kinematic wave, 5/3 of the speed of the water."""
        depth = self.depth_m(require(discharge_m3_s, Text("流量", "discharge"), unit="m³/s"))
        return float(self.length_m / (5 / 3 * discharge_m3_s / (self.width_m * depth)))
