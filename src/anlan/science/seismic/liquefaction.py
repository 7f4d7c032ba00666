"""Does saturated sand liquefy? By standard penetration, as GB 50011-2010 clauses 4.3.4 and 4.3.5 ask."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from anlan.kernel.errors import Invalid
from anlan.kernel.models import Caveat, ModelCard, Quantity, Verification
from anlan.kernel.text import LabelledEnum, Text
from anlan.science.packaged import packaged_table
from anlan.science.registry import model

Floats = NDArray[np.float64]
Group = Literal[1, 2, 3]
DEEPEST_M = 20.0
#: β of the design groups: the farther the source, the longer the shaking (clause 4.3.4)
GROUP_FACTOR = {1: 0.80, 2: 0.95, 3: 1.05}
#: clay below which, and for sand always, the content counts as this, per cent
LEAST_CLAY = 3.0
_SHALLOW_M, _TOP_WEIGHT = 5.0, 10.0


class LiquefactionGrade(LabelledEnum):
    """Grades by the index of the upper 20 m (clause 4.3.5)."""

    NONE = "none", "不液化", "none"
    SLIGHT = "slight", "轻微", "slight"
    MODERATE = "moderate", "中等", "moderate"
    SEVERE = "severe", "严重", "severe"


_GRADES = (
    (18.0, LiquefactionGrade.SEVERE),
    (6.0, LiquefactionGrade.MODERATE),
    (0.0, LiquefactionGrade.SLIGHT),
)


@dataclass(frozen=True)
class Blow:
    """A standard penetration test in saturated soil: what it found at *depth_m*, and the layer that it stands for.

    *clay_percent* is below 3 for sand. *middle_m* is the middle of the layer of *thickness_m*.
    """

    depth_m: float
    blows: float
    thickness_m: float
    middle_m: float
    clay_percent: float = LEAST_CLAY


@dataclass(frozen=True)
class Liquefaction:
    """The critical blows of each test, whether its layer liquefies, and what the site comes to."""

    critical: tuple[float, ...]
    liquefies: tuple[bool, ...]
    index: float
    grade: LiquefactionGrade


CARD = ModelCard(
    id="seismic.liquefaction",
    version="1",
    title=Text("标准贯入液化判别", "Liquefaction by standard penetration"),
    purpose=Text(
        "由标准贯入击数、地下水位与设计加速度判别饱和砂土、粉土液化，并给出液化指数与等级",
        "Whether saturated sand and silt liquefy, and the index and grade of a site",
    ),
    applicability=Text(
        "地面以下 20 m 内的饱和砂土与粉土；设计基本加速度 0.10–0.40 g；初判未排除液化的场地",
        "Saturated sand and silt of the upper 20 m; design acceleration of 0.10–0.40 g; sites not ruled out before",
    ),
    inputs=(
        Quantity("pga_g", "g", Text("设计基本加速度", "design acceleration"), 0.10, 0.40),
        Quantity("depth_m", "m", Text("标贯点深度", "depth of the test"), 0.5, DEEPEST_M),
        Quantity("water_m", "m", Text("地下水位埋深", "depth of the water table"), 0.0, 10.0),
        Quantity("clay_percent", "%", Text("黏粒含量", "content of clay"), 0.0, 16.0),
    ),
    references=("GB 50011-2010, clauses 4.3.4 and 4.3.5",),
    verification=Verification.VERIFIED,
    suite="seismic",
    outputs=(Quantity("index", "", Text("液化指数", "liquefaction index"), 0.0),),
    caveats=(
        Caveat(
            "liquefaction.code",
            Text(
                "条文系数按公开算例核对，待与标准原文核对；加速度介于表列值之间时线性内插为本系统约定",
                "Checked by published worked examples, to be checked with the standard; between the accelerations of "
                "its table we interpolate",
            ),
        ),
    ),
)


@cache
def _reference_blows() -> tuple[Floats, Floats]:
    rows = packaged_table("anlan.science.seismic", "liquefaction_n0").rows
    return tuple(np.array([float(row[name]) for row in rows]) for name in ("pga_g", "n0"))  # type: ignore[return-value]


def critical_blows(
    depth_m: ArrayLike, water_m: float, pga_g: float, clay_percent: ArrayLike = LEAST_CLAY, group: Group = 1
) -> Floats:
    """N_cr = N_0·β·[ln(0.6·d_s + 1.5) − 0.1·d_w]·√(3/ρ_c) (clause 4.3.4). Raises `Invalid`.

    >>> round(float(critical_blows(5.0, 2.0, 0.20)), 2)
    12.52
    """
    depth, clay = (
        np.asarray(depth_m, np.float64),
        np.maximum(np.asarray(clay_percent, np.float64), LEAST_CLAY),
    )
    known, blows = _reference_blows()
    if not known[0] <= pga_g <= known[-1]:
        raise _invalid(
            f"设计基本加速度 {pga_g:g} g 不在 0.10–0.40 g 内", f"{pga_g:g} g is outside 0.10 to 0.40 g"
        )
    if not ((depth > 0) & (depth <= DEEPEST_M)).all() or not 0 <= water_m <= DEEPEST_M:
        raise _invalid("深度须在 0–20 m 内", "Depths lie within 0 to 20 m")
    if not ((clay >= 0) & (clay <= 100)).all():
        raise _invalid("黏粒含量须在 0–100% 内", "The content of clay lies within 0 to 100 %")
    reference = float(np.interp(pga_g, known, blows)) * GROUP_FACTOR[group]
    return np.asarray(reference * (np.log(0.6 * depth + 1.5) - 0.1 * water_m) * np.sqrt(LEAST_CLAY / clay))


def depth_weight(middle_m: ArrayLike) -> Floats:
    """W of the index: 10 down to 5 m, falling to 0 at 20 m (clause 4.3.5).

    >>> depth_weight([3.0, 7.25, 20.0]).tolist()
    [10.0, 8.5, 0.0]
    """
    middle = np.asarray(middle_m, np.float64)
    falling = _TOP_WEIGHT * (DEEPEST_M - middle) / (DEEPEST_M - _SHALLOW_M)
    return np.clip(falling, 0.0, _TOP_WEIGHT)


@model(CARD)
def liquefaction(tests: Sequence[Blow], water_m: float, pga_g: float, group: Group = 1) -> Liquefaction:
    """The site: a layer liquefies whose blows are no more than the critical ones; I = Σ(1 − N/N_cr)·d·W.

    Raises `Invalid`.
    """
    if not tests:
        raise _invalid("没有标准贯入数据", "There is no penetration test")
    blows = np.array([one.blows for one in tests])
    thick = np.array([one.thickness_m for one in tests])
    if (blows < 0).any() or not (thick > 0).all():
        raise _invalid(
            "击数不能为负，土层厚度须为正", "Blows cannot be negative, and layers have a thickness"
        )
    critical = critical_blows(
        [one.depth_m for one in tests], water_m, pga_g, [one.clay_percent for one in tests], group
    )
    liquefies = blows <= critical
    weight = depth_weight([one.middle_m for one in tests])
    index = float(((1.0 - blows / critical) * thick * weight)[liquefies].sum())
    return Liquefaction(
        tuple(critical.tolist()), tuple(liquefies.tolist()), index, _grade(index, bool(liquefies.any()))
    )


def _grade(index: float, any_liquefies: bool) -> LiquefactionGrade:
    """0 < I ≤ 6 slight, 6 < I ≤ 18 moderate, above severe."""
    if not any_liquefies:
        return LiquefactionGrade.NONE
    return next((grade for above, grade in _GRADES if index > above), LiquefactionGrade.SLIGHT)


def _invalid(zh: str, en: str) -> Invalid:
    return Invalid(Text(zh, en))
