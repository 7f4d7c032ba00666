"""The peak flow of a small catchment."""

from anlan.kernel.models import Caveat, ModelCard, Quantity, Verification
from anlan.kernel.text import Text
from anlan.science.flood.checks import number
from anlan.science.registry import model


@model(
    ModelCard(
        id="flood.rational",
        version="1",
        title=Text("推理公式洪峰", "Rational formula"),
        purpose=Text("小流域山洪洪峰流量", "Peak flow of a flash flood from a small catchment"),
        applicability=Text(
            "面积约 200 km² 以内，汇流历时内雨强均匀",
            "Up to about 200 km², rain even over the time of concentration",
        ),
        inputs=(
            Quantity("runoff_share", "", Text("洪峰径流系数", "runoff coefficient"), 0.0, 1.0),
            Quantity("rain_mm_h", "mm/h", Text("雨强", "rain intensity"), 0.0, 300.0),
            Quantity("area_km2", "km²", Text("流域面积", "catchment area"), 0.0, 200.0),
        ),
        references=("SL 44-2006 水利水电工程设计洪水计算规范, 推理公式",),
        verification=Verification.VERIFIED,
        suite="flood",
        outputs=(Quantity("peak_m3_s", "m³/s", Text("洪峰流量", "peak flow")),),
        caveats=(
            Caveat(
                "rational.share",
                Text("径流系数须按当地经验确定", "The runoff coefficient needs local experience"),
            ),
        ),
    )
)
def rational_peak_m3_s(runoff_share: float, rain_mm_h: float, area_km2: float) -> float:
    """Q = 0.278 ψ i F.

    >>> round(rational_peak_m3_s(0.6, 60.0, 50.0))
    500
    """
    share = number(runoff_share, "径流系数", "The runoff coefficient", low=0, high=1)
    rain = number(rain_mm_h, "雨强", "The rain intensity", low=0)
    area = number(area_km2, "流域面积", "The area", above=0)
    return 0.278 * share * rain * area
