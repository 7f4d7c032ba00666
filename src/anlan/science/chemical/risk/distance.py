"""External safety distances: which method the standard wants, and the contours that it gives."""

from dataclasses import dataclass

from anlan.kernel.errors import Invalid
from anlan.kernel.fields import Contour, Field
from anlan.kernel.text import LabelledEnum, Text
from anlan.science import guard
from anlan.science.chemical.explosion.tnt import TntExplosion
from anlan.science.chemical.harm.tables import Row, Table, table
from anlan.science.chemical.harm.thresholds import Threshold, thresholds
from anlan.science.chemical.harm.zones import level_set


class Method(LabelledEnum):
    """How the distance is found (GB/T 37243-2019)."""

    CONSEQUENCE = "consequence", "事故后果法", "By consequence"
    RISK = "risk", "定量风险评价法", "By quantified risk"
    DESIGN_CODE = "design_code", "执行相关标准规范的距离要求", "By the distances of the design codes"


@dataclass(frozen=True)
class Target:
    """What is to be protected: *target* is 1 (highly sensitive, important, class I), 2 or 3."""

    id: str
    x_m: float
    y_m: float
    target: int


@dataclass(frozen=True)
class Finding:
    """A target where the individual risk lies above its criterion."""

    target: Target
    risk_per_a: float
    limit_per_a: float


def method(*, explosives: bool, toxic_or_flammable_gas: bool, sum_q_over_q: float) -> Method:
    """Explosives → consequence; toxic or flammable gas with Σq/Q ≥ 1 → risk; everything else → design codes.

    >>> method(explosives=False, toxic_or_flammable_gas=True, sum_q_over_q=1.0).label.zh
    '定量风险评价法'
    """
    ratio = guard.positive("Σq/Q", "Σq/Q", sum_q_over_q, zero=True)
    if explosives:
        return Method.CONSEQUENCE
    return Method.RISK if toxic_or_flammable_gas and ratio >= 1 else Method.DESIGN_CODE


def by_consequence(charge_kg: float, levels: Table | None = None) -> dict[Threshold, float]:
    """Distances for explosives, m: where the overpressure falls to the limits of the three classes of targets."""
    blast = TntExplosion(charge_kg)
    limits = [level for level in thresholds("overpressure", levels) if level.source.startswith("GB/T 37243")]
    return {level: blast.distance_m(level.value) for level in limits}


def contours(risk: Field, *, existing: bool, criteria: Table | None = None) -> tuple[Contour, ...]:
    """The individual-risk contours of GB 36894-2018, for existing or new installations."""
    return tuple(level_set(risk, _level(row)) for row in _rows(existing, criteria))


def conflicts(
    risk: Field, targets: list[Target], *, existing: bool, criteria: Table | None = None
) -> list[Finding]:
    """The targets whose individual risk lies above the criterion of their class, worst first.

    A target outside the grid is refused: it has not been judged.
    """
    limits = {int(row.columns["target"]): row.number("value") for row in _rows(existing, criteria)}
    found = []
    for one in targets:
        cell = risk.grid.cell_of(one.x_m, one.y_m)
        if cell is None or one.target not in limits:
            raise Invalid(
                Text(
                    f"防护目标 {one.id} 不在计算范围内或类别无效",
                    f"Target {one.id} is off the grid or of no known class",
                ),
                next_step=Text("请扩大计算范围后重算", "Enlarge the grid and run again"),
            )
        value = float(risk.values[cell])
        if value > limits[one.target]:
            found.append(Finding(one, value, limits[one.target]))
    return sorted(found, key=lambda finding: -finding.risk_per_a / finding.limit_per_a)


def _rows(existing: bool, criteria: Table | None) -> tuple[Row, ...]:
    return (criteria or table("risk_criteria")).where(
        "kind", "individual_existing" if existing else "individual_new"
    )


def _level(row: Row) -> Threshold:
    return Threshold(
        row.key, "individual_risk", row.number("value"), "1/a", row.label, row.source, row.certainty
    )
