"""Rain that has released landslides: thresholds of intensity and duration, and the rain of the days before."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from anlan.kernel.errors import Invalid, NotFound
from anlan.kernel.models import Caveat, ModelCard, Quantity, Verification
from anlan.kernel.text import Text
from anlan.kernel.validation import Certainty
from anlan.science.packaged import packaged_table
from anlan.science.registry import model

Floats = NDArray[np.float64]
#: share of a day's rain that is still in the ground a day later; regional, to be calibrated
RECESSION = 0.84


@dataclass(frozen=True)
class Curve:
    """I = a·D^b, I in mm/h, D in h between the two bounds."""

    id: str
    title: Text
    a_mm_h: float
    b: float
    low_h: float
    high_h: float
    certainty: Certainty
    source: str

    def intensity_mm_h(self, duration_h: ArrayLike) -> Floats:
        """The threshold at a duration. Raises `Invalid` for one that the curve was not drawn for."""
        duration = np.asarray(duration_h, np.float64)
        if not ((duration >= self.low_h) & (duration <= self.high_h)).all():
            raise Invalid(
                Text(
                    f"降雨历时须在 {self.low_h:g}–{self.high_h:g} h 之间：{self.title.zh}曲线在此外无意义",
                    f"A duration of rain lies within {self.low_h:g}–{self.high_h:g} h: beyond, {self.title.en} holds "
                    "nothing",
                ),
                facts={"low_h": self.low_h, "high_h": self.high_h},
            )
        return np.asarray(self.a_mm_h * duration**self.b)


@cache
def curves() -> dict[str, Curve]:
    return {
        row["curve"]: Curve(
            row["curve"],
            Text(row["zh"], row["en"]),
            float(row["a_mm_h"]),
            float(row["b"]),
            float(row["duration_low_h"]),
            float(row["duration_high_h"]),
            Certainty(row["certainty"]),
            row["source"],
        )
        for row in packaged_table("anlan.science.slope", "rain_thresholds").rows
    }


def curve(name: str) -> Curve:
    """The curve called *name*. Raises `NotFound`."""
    if name not in curves():
        raise NotFound(Text(f"没有名为 {name} 的雨量阈值曲线", f"There is no rain threshold called {name}"))
    return curves()[name]


@model(
    ModelCard(
        id="slope.rain_threshold",
        version="1",
        title=Text("降雨诱发滑坡 I–D 阈值", "Intensity-duration threshold of landslides"),
        purpose=Text(
            "把逐时雨量与强度—历时阈值比较，给出最不利历时",
            "compare hourly rain with an intensity-duration threshold and name the worst duration",
        ),
        applicability=Text(
            "浅层滑坡与泥石流；全球经验曲线，本地阈值以率定为准",
            "shallow landslides and debris flows; global curves, to be replaced by a calibrated local one",
        ),
        inputs=(Quantity("duration_h", "h", Text("历时", "duration"), 1.0, 1000.0),),
        references=("Caine 1980, Geografiska Annaler 62A, 23-27", "Guzzetti et al. 2008, Landslides 5, 3-17"),
        verification=Verification.VERIFIED,
        suite="slope",
        caveats=(
            Caveat(
                "slope.global_threshold",
                Text("全球曲线，未按本地灾害率定", "a global curve, not calibrated with local landslides"),
            ),
        ),
    )
)
def threshold_ratio(hourly_mm: ArrayLike, name: str) -> tuple[Floats, NDArray[np.int64]]:
    """For each hour, the largest mean intensity over the threshold of any duration ending there; that duration (h).

    A ratio of 1 or more reaches the curve. Durations run over the whole hours within the curve's bounds. Raises
    `Invalid` for rain that is negative or NaN.
    """
    rain = np.asarray(hourly_mm, np.float64)
    if rain.ndim != 1 or (rain.size and not (rain.min() >= 0 and rain.max() < np.inf)):
        raise Invalid(Text("雨量须为非负有限值", "Rain must be finite and not negative"))
    chosen = curve(name)
    total = np.concatenate([[0.0], np.cumsum(rain)])
    best, duration = np.zeros(len(rain)), np.zeros(len(rain), np.int64)
    first, last = max(1, int(np.ceil(chosen.low_h))), min(len(rain), int(chosen.high_h))
    for hours in range(first, last + 1):
        ratio = (total[hours:] - total[:-hours]) / hours / float(chosen.intensity_mm_h(hours))
        rows = np.arange(hours - 1, len(rain))
        better = ratio > best[rows]
        best[rows[better]], duration[rows[better]] = ratio[better], hours
    return best, duration


def effective_rain_mm(daily_mm: ArrayLike, recession: float = RECESSION) -> Floats:
    """R_e = Σ kⁱ·R_i over the day itself (i = 0) and all before it, for each day.

    >>> effective_rain_mm([10.0, 0.0, 0.0]).round(3).tolist()
    [10.0, 8.4, 7.056]

    Raises `Invalid` for rain that is negative or NaN and a recession outside 0–1.
    """
    rain = np.asarray(daily_mm, np.float64)
    if not 0.0 <= recession < 1.0 or (rain.size and not (rain.min() >= 0 and rain.max() < np.inf)):
        raise Invalid(
            Text("雨量须非负，衰减系数须在 0–1 之间", "Rain must not be negative, the recession within 0-1")
        )
    found = np.empty(len(rain))
    carried = 0.0
    for day, fallen in enumerate(rain):
        carried = recession * carried + fallen
        found[day] = carried
    return found
