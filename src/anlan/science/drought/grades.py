"""Grades of drought (GB/T 20481-2017) and the composite indices that they are read from."""

from collections.abc import Sequence
from datetime import date
from enum import IntEnum
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from anlan.kernel.errors import Invalid, NotFound
from anlan.kernel.levels import WarningLevel
from anlan.kernel.models import Caveat, ModelCard, Quantity, Verification
from anlan.kernel.text import Text
from anlan.science.packaged import packaged_table
from anlan.science.registry import model

Floats = NDArray[np.float64]
Grades = NDArray[np.int8]


class Drought(IntEnum):
    """Grade of a drought; UNKNOWN where there is no index."""

    UNKNOWN = -1
    NONE = 0
    LIGHT = 1
    MODERATE = 2
    SEVERE = 3
    EXTREME = 4


LABELS = {
    Drought.UNKNOWN: Text("无数据", "no data"),
    Drought.NONE: Text("无旱", "none"),
    Drought.LIGHT: Text("轻旱", "light"),
    Drought.MODERATE: Text("中旱", "moderate"),
    Drought.SEVERE: Text("重旱", "severe"),
    Drought.EXTREME: Text("特旱", "extreme"),
}
#: upper bounds of SPI, SPEI and MCI from light to extreme, each belonging to its grade (GB/T 20481-2017)
_INDEX_CUTS = (-0.5, -1.0, -1.5, -2.0)
#: the same of relative soil moisture in per cent
_MOISTURE_CUTS = (60.0, 50.0, 40.0, 30.0)
#: potential evapotranspiration of 30 days below which its ratio means nothing, mm (our own default)
_LEAST_PET_MM = 1.0


def grade_of_index(index: ArrayLike) -> Grades:
    """Grades of SPI, SPEI or MCI.

    >>> grade_of_index([-0.5, -0.49, -1.2, -2.0, float("nan")]).tolist()
    [1, 0, 2, 4, -1]
    """
    return _graded(index, _INDEX_CUTS)


def grade_of_soil_moisture(percent: ArrayLike) -> Grades:
    """Grades of relative soil moisture (RSM) in per cent of field capacity: up to 60, 50, 40, 30 %.

    Raises `Invalid` for negative values.
    """
    moisture = np.asarray(percent, np.float64)
    if moisture.size and np.nanmin(moisture, initial=0.0) < 0:
        raise Invalid(Text("土壤相对湿度不能为负", "Soil moisture cannot be negative"))
    return _graded(moisture, _MOISTURE_CUTS)


def moisture_index(rain_mm: ArrayLike, pet_mm: ArrayLike) -> Floats:
    """MI = (P − PET)/PET of equal periods (GB/T 20481-2017); 0 where PET is below 1 mm.

    >>> moisture_index([30.0, 0.0, 5.0], [60.0, 40.0, 0.0]).tolist()
    [-0.5, -1.0, 0.0]

    Raises `Invalid` for negative figures.
    """
    rain, pet = np.asarray(rain_mm, np.float64), np.asarray(pet_mm, np.float64)
    if np.nanmin(rain, initial=0.0) < 0 or np.nanmin(pet, initial=0.0) < 0:
        raise Invalid(Text("降水与蒸散不能为负", "Rain and evapotranspiration cannot be negative"))
    ratio = (rain - pet) / np.maximum(pet, _LEAST_PET_MM)
    missing = np.isnan(rain) | np.isnan(pet)
    return np.asarray(np.where((pet < _LEAST_PET_MM) & ~missing, 0.0, ratio))


@model(
    ModelCard(
        id="drought.mci",
        version="1",
        title=Text("气象干旱综合指数 MCI", "Composite index of meteorological drought MCI"),
        purpose=Text(
            "综合不同时间尺度的气象干旱监测", "meteorological drought over several time scales in one index"
        ),
        applicability=Text("逐日监测；参考期不少于 30 年", "day by day; 30 or more reference years"),
        inputs=(
            Quantity("years", "a", Text("参考年数", "reference years"), 30),
            Quantity("ka", "", Text("季节调节系数", "seasonal factor"), 0.4, 1.2),
        ),
        references=("GB/T 20481-2017, composite index MCI",),
        verification=Verification.VERIFIED,
        suite="drought",
        caveats=(
            Caveat(
                "drought.seasonal_factor",
                Text(
                    "季节调节系数 Ka 未内置，默认取 1",
                    "the seasonal factor Ka is not built in: 1 unless given",
                ),
            ),
        ),
    )
)
def mci(
    spiw60: ArrayLike, mi30: ArrayLike, spi90: ArrayLike, spi150: ArrayLike, region: str, ka: ArrayLike = 1.0
) -> Floats:
    """MCI = Ka·(a·SPIW60 + b·MI30 + c·SPI90 + d·SPI150), weights by *region*: ``north_west`` or ``south``.

    Raises `NotFound` for another region, `Invalid` for a factor that is not positive.
    """
    factor = np.asarray(ka, np.float64)
    if factor.size and not factor.min() > 0:
        raise Invalid(Text("季节调节系数必须为正", "The seasonal factor must be positive"))
    a, b, c, d = mci_weights(region)
    terms = (np.asarray(part, np.float64) for part in (spiw60, mi30, spi90, spi150))
    w, m, three, five = terms
    return np.asarray(factor * (a * w + b * m + c * three + d * five))


@cache
def mci_weights(region: str) -> tuple[float, float, float, float]:
    """The weights a, b, c, d. Raises `NotFound`."""
    for row in packaged_table("anlan.science.drought", "mci_weights").rows:
        if row["region"] == region:
            return (
                float(row["a_spiw60"]),
                float(row["b_mi30"]),
                float(row["c_spi90"]),
                float(row["d_spi150"]),
            )
    raise NotFound(Text(f"没有 {region} 区的 MCI 权重", f"There are no MCI weights for {region}"))


def ci(spi30: ArrayLike, spi90: ArrayLike, mi30: ArrayLike) -> Floats:
    """The older composite index CI = 0.4·Z30 + 0.4·Z90 + 0.8·M30 (GB/T 20481-2006), superseded by `mci`."""
    z30, z90, m30 = (np.asarray(part, np.float64) for part in (spi30, spi90, mi30))
    return np.asarray(0.4 * z30 + 0.4 * z90 + 0.8 * m30)


def warning_of(daily_grades: Sequence[int], days: int = 7) -> WarningLevel | None:
    """The drought signal: red when extreme, orange when severe or worse, on each of the last *days* days.

    CMA order 16 of 2007: severe or extreme drought for a week or more.

    >>> warning_of([4] * 7).value, warning_of([3] * 6 + [4]).value, warning_of([4] * 6)
    ('red', 'orange', None)
    """
    recent = list(daily_grades)[-days:]
    if len(recent) < days:
        return None
    if all(grade >= Drought.EXTREME for grade in recent):
        return WarningLevel.RED
    return WarningLevel.ORANGE if all(grade >= Drought.SEVERE for grade in recent) else None


def day_of_year(start: date, count: int) -> NDArray[np.int64]:
    """Calendar step 0–364 of *count* days from *start*; 29 February counts with the 28th."""
    days = np.datetime64(start, "D") + np.arange(count)
    months = days.astype("datetime64[M]")
    month = months.astype(np.int64) % 12
    day = (days - months.astype("datetime64[D]")).astype(np.int64)
    before = np.concatenate([[0], np.cumsum([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30])])
    return np.asarray(before[month] + np.where(month == 1, np.minimum(day, 27), day), np.int64)


def _graded(values: ArrayLike, cuts: tuple[float, ...]) -> Grades:
    index = np.asarray(values, np.float64)
    found = np.zeros(index.shape, np.int8)
    for cut in cuts:
        found += index <= cut
    return np.where(np.isnan(index), np.int8(Drought.UNKNOWN), found).astype(np.int8)
