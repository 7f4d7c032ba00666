"""When a creeping slope fails: the inverse velocity that falls to zero (Fukuzono 1985)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtrit

from anlan.kernel.errors import Invalid
from anlan.kernel.models import Caveat, ModelCard, Quantity, Verification
from anlan.kernel.text import LabelledEnum, Text
from anlan.science.registry import model

Floats = NDArray[np.float64]


class Outlook(LabelledEnum):
    """What the inverse velocities say."""

    FAILURE = "failure", "加速，给出破坏时间", "accelerating towards a time of failure"
    NO_TREND = "no_trend", "无显著加速", "no significant acceleration"
    TOO_FEW = "too_few", "有效速度过少", "too few velocities"


@dataclass(frozen=True)
class Forecast:
    """The time of failure with its band, in the seconds of the input; None unless the outlook is failure.

    ``late_s`` is infinite where the data cannot exclude that it never comes.
    """

    outlook: Outlook
    time_s: float | None
    early_s: float | None
    late_s: float | None
    confidence: float
    used: int


@model(
    ModelCard(
        id="slope.inverse_velocity",
        version="1",
        title=Text("反速度法破坏时间（Fukuzono）", "Time of failure from inverse velocity (Fukuzono)"),
        purpose=Text(
            "由加速蠕变阶段的速度外推破坏时间及置信区间",
            "extrapolate the time of failure, with a confidence band, from velocities of accelerating creep",
        ),
        applicability=Text(
            "加速蠕变阶段（α = 2 的线性反速度）；降雨或爆破引起的短时加速不适用",
            "accelerating creep with linear inverse velocity (α = 2); not a passing response to rain or blasting",
        ),
        inputs=(
            Quantity("used", "", Text("参与回归的速度个数", "velocities in the regression"), 5),
            Quantity("confidence", "", Text("置信水平", "confidence"), 0.5, 0.99),
        ),
        references=(
            "Fukuzono 1985, IV International Conference on Landslides",
            "Fieller 1954, JRSS B 16, 175-185",
        ),
        verification=Verification.VERIFIED,
        suite="slope",
        caveats=(
            Caveat(
                "slope.extrapolation",
                Text(
                    "外推结果随新数据变化，须逐日更新", "an extrapolation: it moves with every new velocity"
                ),
            ),
        ),
    )
)
def failure_time(times_s: ArrayLike, velocity_m_s: ArrayLike, confidence: float = 0.9) -> Forecast:
    """Where the straight line through 1/v meets zero, with Fieller's interval of *confidence*.

    Velocities that are not positive, or NaN, are left out: 1/v has no meaning for them. Fewer than 3 give
    no forecast, nor does a slope that is not below zero at the one-sided level. Raises `Invalid` for
    columns of different length. The band is widened where neighbouring residuals err together.

    >>> days = np.arange(10.0) * 86400.0
    >>> round(failure_time(days, 1.0 / (20 * 86400.0 - days)).time_s / 86400.0, 6)
    20.0
    """
    times, velocity = np.asarray(times_s, np.float64), np.asarray(velocity_m_s, np.float64)
    if times.shape != velocity.shape or times.ndim != 1:
        raise Invalid(Text("时间与速度长度不一致", "Times and velocities differ in length"))
    if not 0.0 < confidence < 1.0:
        raise Invalid(Text("置信水平须在 0 与 1 之间", "The confidence lies between 0 and 1"))
    good = np.isfinite(times) & np.isfinite(velocity) & (velocity > 0)
    count = int(good.sum())
    if count < 3:
        return Forecast(Outlook.TOO_FEW, None, None, None, confidence, count)
    # only ratios of velocities matter: the smallest stands for one
    return _intercept(times[good], velocity[good].min() / velocity[good], confidence)


def _intercept(times: Floats, inverse: Floats, confidence: float) -> Forecast:
    """The zero of the regression line and its interval: the roots of Fieller's quadratic about the mean time."""
    count = len(times)
    centre, scale = times.mean(), max(float(np.ptp(times)), 1e-300)
    x = (times - centre) / scale
    sxx = float(x @ x)
    mean, slope = float(inverse.mean()), float(x @ inverse) / sxx if sxx > 0 else 0.0
    residual = inverse - mean - slope * x
    variance = float(residual @ residual) / max(count - 2, 1) * _inflation(residual)
    quantile = float(stdtrit(max(count - 2, 1), 0.5 + confidence / 2.0))
    one_sided = float(stdtrit(max(count - 2, 1), confidence))
    if slope >= -one_sided * np.sqrt(variance / sxx if sxx > 0 else np.inf) or slope == 0.0:
        return Forecast(Outlook.NO_TREND, None, None, None, confidence, count)
    at = -mean / slope
    # the ends u of the interval solve (mean + slope u)² = q² s² (1/n + u²/sxx)
    width2 = quantile**2 * variance
    a = slope**2 - width2 / sxx
    half = np.sqrt(width2 * max(mean**2 / sxx + a / count, 0.0))
    if a > 0:
        early, late = (-mean * slope - half) / a, (-mean * slope + half) / a
    else:  # below zero one-sided, not two-sided: the band has no later end
        early, late = (mean**2 - width2 / count) / (-mean * slope + half), np.inf
    low, high = min(early, at), max(late, at)
    ends = centre + scale * np.array([at, low, high])
    return Forecast(Outlook.FAILURE, float(ends[0]), float(ends[1]), float(ends[2]), confidence, count)


def _inflation(residual: Floats) -> float:
    """How much larger the variance of the line is because neighbours err together, (1 + r)/(1 − r) of lag one.

    Filtered velocities do; never below 1.
    """
    power = float(residual @ residual)
    if power <= 0.0:
        return 1.0
    r = min(max(float(residual[1:] @ residual[:-1]) / power, 0.0), 0.95)
    return (1.0 + r) / (1.0 - r)
