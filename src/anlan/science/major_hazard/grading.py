"""S = Σ q/Q and R = α Σ β q/Q (GB 18218-2018, 4.2 and 4.3).

The critical quantities Q, the factors α and β and the bounds of the levels come from
tables of standards: none of them is written here.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from anlan.kernel.errors import Invalid
from anlan.kernel.models import Caveat, ModelCard, Quantity, Verification
from anlan.kernel.text import Text
from anlan.science.registry import model


@dataclass(frozen=True)
class Holding:
    """One substance of the unit: *key* names it, masses are in tonnes.

    *quantity_t* is the design maximum for storage (GB 18218-2018, 4.2.2), or the stock of
    now where the live figure is asked for. *beta* is the correction of table 3 or 4.
    """

    key: str
    quantity_t: float
    critical_t: float
    beta: float


@dataclass(frozen=True)
class HoldingShare:
    """What one substance adds: *q_over_q* to S, *weighted* (β q/Q) to the sum in R."""

    key: str
    q_over_q: float
    weighted: float


@dataclass(frozen=True)
class Level:
    """A level (1 is the gravest) and the R from which it holds, included or not."""

    number: int
    r_from: float
    includes_bound: bool


@dataclass(frozen=True)
class Grading:
    """The outcome: *level* is None when the unit is no major hazard (S < 1)."""

    s: float
    r: float
    alpha: float
    level: int | None
    shares: tuple[HoldingShare, ...]
    caveats: tuple[Caveat, ...]

    @property
    def is_major_hazard(self) -> bool:
        return self.level is not None


EMPTY = Caveat("major_hazard.no_holdings", Text("未登记任何物质", "No substance is recorded"))

CARD = ModelCard(
    id="major_hazard.gb18218",
    version="1",
    title=Text("重大危险源辨识与分级", "Identification and grading of major hazards"),
    purpose=Text(
        "由单元内危险化学品的数量判定是否构成重大危险源及其级别",
        "From the quantities of hazardous chemicals in a unit: whether it is a major hazard, and of which level",
    ),
    applicability=Text(
        "生产单元与储存单元分别计算；不适用于核设施、军事设施、采矿、厂外运输与海上石油天然气开采"
        "（GB 18218-2018 第 1 章）",
        "One production or storage unit at a time; not for nuclear and military sites, mining, transport outside "
        "the plant, and oil and gas at sea (GB 18218-2018, clause 1)",
    ),
    inputs=(
        Quantity("quantity_t", "t", Text("数量", "quantity"), low=0.0),
        Quantity("critical_t", "t", Text("临界量", "critical quantity"), low=0.0),
        Quantity("beta", "", Text("校正系数 β", "correction β"), low=0.0),
        Quantity("alpha", "", Text("暴露人员校正系数 α", "exposure correction α"), low=0.0),
    ),
    outputs=(
        Quantity("s", "", Text("辨识指标 S", "identification S")),
        Quantity("r", "", Text("分级指标 R", "grading R")),
    ),
    references=("GB 18218-2018, 4.2.1 (S), 4.3.2 (R), table 6 (levels)",),
    verification=Verification.VERIFIED,
    suite="major_hazard",
)


@model(CARD)
def grade(holdings: Sequence[Holding], alpha: float, levels: Sequence[Level]) -> Grading:
    """S, R and the level of one unit.

    >>> bounds = [Level(1, 100, True), Level(2, 50, True), Level(3, 10, True), Level(4, 0, True)]
    >>> found = grade([Holding("氨", 200.0, 10.0, 2.0)], 1.5, bounds)
    >>> found.s, found.r, found.level
    (20.0, 60.0, 2)

    Raises `Invalid` for a negative or missing figure, naming the substance.
    """
    for holding in holdings:
        _check(holding)
    if not alpha > 0:
        raise Invalid(
            Text(f"α 应为正数，现为 {alpha}", f"α must be positive, not {alpha}"), facts={"alpha": alpha}
        )
    shares = tuple(
        HoldingShare(one.key, one.quantity_t / one.critical_t, one.beta * one.quantity_t / one.critical_t)
        for one in holdings
    )
    s = math.fsum(share.q_over_q for share in shares)
    r = alpha * math.fsum(share.weighted for share in shares)
    level = _level(r, levels) if s >= 1 else None
    return Grading(s, r, alpha, level, shares, () if holdings else (EMPTY,))


def _level(r: float, levels: Sequence[Level]) -> int:
    for level in sorted(levels, key=lambda one: one.number):
        if r > level.r_from or (level.includes_bound and r == level.r_from):
            return level.number
    raise Invalid(Text(f"分级表没有覆盖 R = {r:g}", f"The table of levels does not cover R = {r:g}"))


def _check(holding: Holding) -> None:
    figures = (
        ("数量", "quantity", holding.quantity_t, holding.quantity_t >= 0),
        ("临界量", "critical quantity", holding.critical_t, holding.critical_t > 0),
        ("β", "β", holding.beta, holding.beta > 0),
    )
    for zh, en, value, sound in figures:
        if not (sound and math.isfinite(value)):
            raise Invalid(
                Text(
                    f"“{holding.key}”的{zh}不能为 {value}", f"The {en} of “{holding.key}” cannot be {value}"
                ),
                facts={"key": holding.key, "value": str(value)},
            )
