"""Does a landslide dam hold? A logistic regression on its geometry, and how long those that fail last."""

from math import exp, log10

from anlan.kernel.models import Caveat, ModelCard, Quantity, Verification
from anlan.kernel.text import Text
from anlan.science.cascade.constants import constant
from anlan.science.cascade.delay import LognormalDelay
from anlan.science.guard import require
from anlan.science.registry import model

CARD = ModelCard(
    id="cascade.barrier_failure",
    version="1",
    title=Text("堰塞坝溃决概率（逻辑回归）", "Failure of a landslide dam (logistic regression)"),
    purpose=Text(
        "由集水面积与坝体几何估算堰塞坝溃决概率",
        "The chance that a landslide dam fails, from catchment and geometry",
    ),
    applicability=Text(
        "日本 43 座堰塞坝的回归；坝体材料与人工泄流未计",
        "A regression on 43 Japanese dams; neither material nor a spillway",
    ),
    inputs=(
        Quantity("catchment_km2", "km²", Text("集水面积", "catchment"), 1.0, 5_000.0),
        Quantity("height_m", "m", Text("坝高", "height"), 5.0, 200.0),
        Quantity("width_m", "m", Text("顺河宽度", "width along the river"), 50.0, 2_000.0),
        Quantity("length_m", "m", Text("横河长度", "length across the valley"), 30.0, 2_000.0),
    ),
    references=(
        "Dong et al. 2011, Engineering Geology 117, 52-61, model of catchment, height, width and length",
        "Schuster and Costa 1986, Landslide Dams, ASCE Geotechnical Special Publication 3, 1-20",
    ),
    verification=Verification.UNVERIFIED,
    suite="cascade",
    outputs=(Quantity("probability", "", Text("溃决概率", "chance of failure"), 0.0, 1.0),),
    caveats=(
        Caveat(
            "barrier_failure.regression",
            Text(
                "统计回归，系数待与原文核对，须以现场勘察为准",
                "A statistical regression whose coefficients are to be checked with the paper: a survey decides",
            ),
        ),
    ),
)


@model(CARD)
def failure_chance(catchment_km2: float, height_m: float, width_m: float, length_m: float) -> float:
    """P = 1/(1 + e^L), L = −2.22 lg A − 3.76 lg H + 3.17 lg W + 2.85 lg L + 5.93, A in m² (Dong et al. 2011).

    *width_m* runs along the river, *length_m* across the valley. Tangjiashan:

    >>> round(failure_chance(3550.0, 82.0, 803.0, 612.0), 3)
    0.995
    """
    area = 1e6 * require(catchment_km2, Text("集水面积", "catchment"), unit="km²")
    height = require(height_m, Text("坝高", "height of the dam"), unit="m")
    width = require(width_m, Text("顺河宽度", "width along the river"), unit="m")
    length = require(length_m, Text("横河长度", "length across the valley"), unit="m")
    stable = -2.22 * log10(area) - 3.76 * log10(height) + 3.17 * log10(width) + 2.85 * log10(length) + 5.93
    return 1.0 / (1.0 + exp(stable))


def life() -> LognormalDelay:
    """How long a dam that fails lasts: the lognormal through the two published shares (a form of our own).

    >>> round(life().median_s / 86400), [round(float(t) / 86400) for t in life().quantile([0.22, 0.5])]
    (10, [1, 10])
    """
    median, share = constant("barrier_median_life_s"), constant("barrier_share_within_day")
    return LognormalDelay.through(86_400.0, share.value, median.value)
