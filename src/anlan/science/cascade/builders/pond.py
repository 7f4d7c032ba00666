"""A tailings pond in a storm: the rain that fills it to the crest."""

from dataclasses import dataclass
from math import log

from anlan.kernel.models import Caveat, ModelCard, Quantity, Verification
from anlan.kernel.text import Text
from anlan.science.guard import require
from anlan.science.registry import model

CARD = ModelCard(
    id="cascade.pond_balance",
    version="1",
    title=Text("尾矿库调洪水量平衡", "Water balance of a tailings pond"),
    purpose=Text(
        "计算使尾矿库水位达到坝顶的临界降雨量", "The rain of a storm that brings a tailings pond to its crest"
    ),
    applicability=Text(
        "单场暴雨、汇水面积较小的尾矿库；排洪设施按恒定能力计",
        "One storm on a small catchment; the drainage works at a constant rate",
    ),
    inputs=(
        Quantity("catchment_km2", "km²", Text("汇水面积", "catchment"), 0.01, 50.0),
        Quantity("runoff_share", "", Text("径流系数", "runoff coefficient"), 0.1, 1.0),
        Quantity("storage_m3", "m³", Text("剩余调洪库容", "free storage"), 0.0, 1e8),
        Quantity("duration_h", "h", Text("暴雨历时", "duration of the storm"), 0.5, 72.0),
    ),
    references=("water balance; GB 39496-2020 asks for the free storage and the drainage capacity",),
    verification=Verification.VERIFIED,
    suite="cascade",
    outputs=(Quantity("rain_mm", "mm", Text("临界降雨量", "critical rain")),),
    caveats=(
        Caveat(
            "pond_balance.drainage",
            Text(
                "排洪设施假定完好，堵塞时须按零能力复算",
                "The drainage is taken to work: compute again with none in case it is blocked",
            ),
        ),
    ),
)


@model(CARD)
@dataclass(frozen=True)
class Pond:
    """*storage_m3* is free below the crest, *drainage_m3_s* runs off through the works all the while."""

    catchment_km2: float
    runoff_share: float
    storage_m3: float
    drainage_m3_s: float = 0.0

    def __post_init__(self) -> None:
        require(self.catchment_km2, Text("汇水面积", "catchment"), unit="km²")
        require(self.runoff_share, Text("径流系数", "runoff coefficient"), high=1.0)
        require(self.storage_m3, Text("剩余调洪库容", "free storage"), unit="m³", open_low=False)
        require(self.drainage_m3_s, Text("排洪能力", "drainage capacity"), unit="m³/s", open_low=False)

    def critical_rain_mm(self, duration_h: float) -> float:
        """P = (V + q T)/(1000 ψ F): the runoff that storage and drainage can take.

        >>> Pond(2.0, 0.8, 100_000.0, 1.0).critical_rain_mm(6.0)
        76.0
        """
        hours = require(duration_h, Text("暴雨历时", "duration of the storm"), unit="h")
        taken = self.storage_m3 + 3600.0 * self.drainage_m3_s * hours
        return taken / (1000.0 * self.runoff_share * self.catchment_km2)

    def full_after_s(self, rain_mm: float, duration_h: float) -> float:
        """Seconds from the beginning until an even rain of *rain_mm* reaches the crest; infinite when it does not."""
        net = (
            1000.0 * self.runoff_share * self.catchment_km2 * rain_mm / (3600.0 * duration_h)
            - self.drainage_m3_s
        )
        after = self.storage_m3 / net if net > 0 else float("inf")
        return after if after <= 3600.0 * duration_h else float("inf")


def spread_ln(low: float, high: float) -> float:
    """Standard deviation of the logarithm of a quantity that lies between *low* and *high* with 90 % chance."""
    return log(require(high, Text("上限", "upper end")) / require(low, Text("下限", "lower end"))) / (
        2 * 1.6448536269514722
    )
