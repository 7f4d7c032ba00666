"""Grades of a moving slope: tangent angle, the mine's velocity table, reference values, the cascade of points."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from anlan.kernel.errors import Invalid
from anlan.kernel.levels import WarningLevel
from anlan.kernel.models import ModelCard, Quantity, Verification
from anlan.kernel.text import Text
from anlan.kernel.units import UNITS
from anlan.science.packaged import PackagedTable, packaged_table
from anlan.science.registry import model

Floats = NDArray[np.float64]
#: from the mildest to the most severe
LADDER = (WarningLevel.BLUE, WarningLevel.YELLOW, WarningLevel.ORANGE, WarningLevel.RED)


@dataclass(frozen=True)
class VelocityTable:
    """A mine's own limits of velocity by colour, m/s, as it has filed them; *source* names the filing."""

    limits_m_s: Mapping[WarningLevel, float]
    source: str

    def __post_init__(self) -> None:
        limits = [self.limits_m_s[level] for level in LADDER if level in self.limits_m_s]
        if not limits or not all(limit > 0 for limit in limits) or sorted(set(limits)) != limits:
            raise Invalid(
                Text("速度阈值须为正且随级别递增", "Velocity limits must be positive and rise with the level")
            )

    def grade(self, velocity_m_s: float) -> WarningLevel | None:
        """The most severe level whose limit *velocity_m_s* reaches; None below them all."""
        reached = [level for level in LADDER if velocity_m_s >= self.limits_m_s.get(level, np.inf)]
        return reached[-1] if reached else None


def tangent_angle_deg(velocity_m_s: ArrayLike, steady_m_s: float) -> Floats:
    """Improved tangent angle α = arctan(ΔT/Δt), T = S/v₀ with v₀ the rate of uniform creep (Xu Qiang et al. 2009).

    45° is uniform creep. Raises `Invalid` unless *steady_m_s* is positive.

    >>> round(float(tangent_angle_deg(2.0e-8, 2.0e-8)), 6)
    45.0
    """
    if not (steady_m_s > 0 and np.isfinite(steady_m_s)):
        raise Invalid(Text("匀速阶段速率必须为正", "The rate of uniform creep must be positive"))
    return np.asarray(np.degrees(np.arctan(np.asarray(velocity_m_s, np.float64) / steady_m_s)))


def cascade_table() -> PackagedTable:
    return packaged_table("anlan.science.slope", "tailings_cascade")


def tangent_table() -> PackagedTable:
    return packaged_table("anlan.science.slope", "tangent_grades")


def tangent_grade(angle_deg: float) -> WarningLevel | None:
    """The level of a tangent angle; None up to 45°, which is uniform creep.

    >>> [str(tangent_grade(angle)) for angle in (44.0, 45.0, 60.0, 80.0, 85.0)]
    ['None', 'None', 'yellow', 'orange', 'red']
    """
    found = None
    for row in tangent_table().rows:
        start = float(row["angle_from_deg"])
        # 45° itself is uniform; the higher bounds belong to their grade
        if angle_deg > start or (angle_deg == start and found is not None):
            found = WarningLevel(row["level"])
    return found


def references_exceeded(values: Mapping[str, float]) -> tuple[str, ...]:
    """Which reference values of GB 51214 are exceeded by *values*, in SI, by their names in the table.

    Names: rate and instantaneous_rate (m/s), horizontal_ratio and settlement_ratio (of the height), crack (m).
    """
    found = []
    for row in packaged_table("anlan.science.slope", "reference_values").rows:
        value = values.get(row["quantity"])
        if value is None:
            continue
        limit = float(row["limit"]) * _SI[row["unit"]]
        if value > limit or (row["inclusive"] == "1" and value >= limit):
            found.append(row["quantity"])
    return tuple(found)


def most_severe(levels: Sequence[WarningLevel | None]) -> WarningLevel | None:
    """The most severe of *levels*; None when there is none."""
    known = [level for level in levels if level is not None]
    return max(known, key=LADDER.index) if known else None


CASCADE_CARD = ModelCard(
    id="slope.tailings_cascade",
    version="1",
    title=Text("尾矿库预警等级综合", "Level of a tailings pond from its points"),
    purpose=Text(
        "由各监测点的预警等级逐项、再跨项综合出尾矿库预警等级",
        "put the levels of points together by item, and those of the items to the level of the pond",
    ),
    applicability=Text(
        "各点按报备阈值分级之后；不判断溃坝形成与下游影响",
        "after each point is graded by its filed values; says nothing of a breach or of what lies downstream",
    ),
    inputs=(Quantity("points", "", Text("参与综合的监测点", "points put together"), 1),),
    references=("GB 39496-2020, 5.5.4",),
    verification=Verification.VERIFIED,
    suite="slope",
)


@dataclass(frozen=True)
class Aggregated:
    """The level of a tailings pond, and of each monitored item."""

    level: WarningLevel | None
    items: dict[str, WarningLevel | None]


@model(CASCADE_CARD)
def aggregate(points: Mapping[str, Sequence[WarningLevel]]) -> Aggregated:
    """The level of a tailings pond from the warnings of its points, by item (GB 39496-2020, 5.5.4).

    Within an item four blue points make a yellow one, three yellow an orange, two orange a red; the levels of
    the items are put together in the same way. A level that was made counts in the next step. An item without
    a warning has none.
    """
    items = {name: _cascade(levels) for name, levels in points.items()}
    return Aggregated(_cascade([level for level in items.values() if level is not None]), items)


def _cascade(levels: Sequence[WarningLevel]) -> WarningLevel | None:
    counts = {level: sum(one is level for one in levels) for level in LADDER}
    for row in cascade_table().rows:
        if counts[WarningLevel(row["from"])] >= int(row["count"]):
            counts[WarningLevel(row["to"])] += 1
    return most_severe([level for level in LADDER if counts[level]])


_SI = {"mm/d": UNITS["mm/d"].factor, "mm/h": 1e-3 / 3600, "mm": 1e-3, "": 1.0}
