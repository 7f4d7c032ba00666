"""Deaths from collapse, by hour; and the people left without a home."""

import math
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from anlan.kernel.errors import Invalid
from anlan.kernel.text import LabelledEnum, Text
from anlan.science.packaged import packaged_table

Floats = NDArray[np.float64]


class FatalityRelation(LabelledEnum):
    """How the death rate follows from the share of collapsed floor area."""

    MA_XIE = "ma_xie", "马玉宏—谢礼立", "Ma Yuhong and Xie Lili"
    YIN = "yin", "尹之潜", "Yin Zhiqian"


#: night's share of an hour: indoors and asleep from 22 to 6, awake and partly out from 8 to 20 (our own default)
_HOURS = (0.0, 6.0, 8.0, 20.0, 22.0, 24.0)
_NIGHT = (1.0, 1.0, 0.0, 0.0, 1.0, 1.0)


def night_share(hour: float) -> float:
    """How much of the night's multiplier holds at the local *hour* (0–24), between 0 and 1.

    >>> night_share(3.0), night_share(7.0), night_share(15.0)
    (1.0, 0.5, 0.0)
    """
    if not 0.0 <= hour <= 24.0:
        raise Invalid(Text("时刻须在 0–24 时之间", "The hour lies between 0 and 24"))
    return float(np.interp(hour, _HOURS, _NIGHT))


@cache
def relation_constants(relation: FatalityRelation) -> tuple[float, float]:
    """Slope and offset of lg RD = slope·A^0.1 + offset."""
    for row in packaged_table("anlan.science.seismic", "fatality").rows:
        if row["relation"] == relation.value:
            return float(row["slope"]), float(row["offset"])
    raise Invalid(Text(f"没有 {relation} 关系", f"There is no relation {relation}"))


def death_rate(collapsed_share: ArrayLike, relation: FatalityRelation) -> Floats:
    """Deaths per person by day at density factor 1, from the share of floor area destroyed.

    >>> [f"{float(death_rate(share, FatalityRelation.MA_XIE)):.1e}" for share in (0.01, 0.1, 0.5)]
    ['3.7e-06', '4.1e-04', '2.2e-02']
    """
    share = np.asarray(collapsed_share, np.float64)
    if share.size and not (share.min() >= 0 and share.max() <= 1):
        raise Invalid(Text("倒塌率须在 0 与 1 之间", "The collapsed share lies between 0 and 1"))
    slope, offset = relation_constants(relation)
    return np.asarray(np.where(share > 0, 10.0 ** (slope * share**0.1 + offset), 0.0))


def night_factors() -> tuple[float, Floats]:
    """The first degree of the night's multipliers, and one for each degree from there on."""
    rows = packaged_table("anlan.science.seismic", "night_factor").rows
    return float(rows[0]["intensity"]), np.array([float(row["factor"]) for row in rows])


def density_factor(persons_per_km2: ArrayLike) -> Floats:
    """f_ρ by population density. Raises `Invalid` where a density is negative or unknown.

    >>> density_factor([10.0, 50.0, 499.0, 2000.0]).tolist()
    [0.8, 1.0, 1.1, 1.2]
    """
    rows = packaged_table("anlan.science.seismic", "density_factor").rows
    bounds = np.array([float(row["persons_per_km2_from"]) for row in rows])
    factors = np.array([float(row["factor"]) for row in rows])
    density = np.asarray(persons_per_km2, np.float64)
    if not (density >= 0).all():
        raise Invalid(
            Text("人口密度不得为负或缺失", "A population density must be known and not negative"),
            facts={"count": int((~(density >= 0)).sum())},
        )
    row_of = np.searchsorted(bounds, density, side="right") - 1
    return np.asarray(factors[np.maximum(row_of, 0)])


def homeless(
    destroyed_m2: float,
    severe_m2: float,
    moderate_m2: float,
    household_m2: float,
    household_persons: float,
    deaths: float,
) -> float:
    """T = (c + d + e/2)/a·b − f persons, never negative (GB/T 18208 practice).

    c, d, e are destroyed, severe and moderate floor area, a and b the area and size of a household, f the deaths.

    >>> round(homeless(2e5, 3e5, 6e5, 120.0, 3.2, 50.0))
    21283
    """
    if not (household_m2 > 0 and household_persons > 0):
        raise Invalid(Text("户均面积与人数必须为正", "Area and size of a household must be positive"))
    lost_m2 = destroyed_m2 + severe_m2 + 0.5 * moderate_m2
    if not math.isfinite(lost_m2) or lost_m2 < 0 or not deaths >= 0:
        raise Invalid(Text("破坏面积与死亡人数不能为负", "Damaged areas and deaths cannot be negative"))
    return max(0.0, lost_m2 / household_m2 * household_persons - deaths)
