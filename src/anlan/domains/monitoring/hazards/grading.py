"""From the records of a unit and the tables in force to the figures of GB 18218, with their manifest."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from anlan.domains.monitoring.hazards import tables
from anlan.domains.monitoring.hazards.models import Holding
from anlan.kernel.models import Caveat, Manifest, manifest_of
from anlan.kernel.text import Text
from anlan.platform.standards.queries import table_in_force
from anlan.platform.standards.views import TableVersion
from anlan.science import major_hazard
from anlan.science.major_hazard.grading import CARD


@dataclass(frozen=True)
class Factor:
    """One substance's part, with the rows of the tables that its factors come from."""

    holding: str
    substance: str
    equipment: str
    quantity_t: float
    critical_t: float
    critical_row: str
    critical_table: str
    beta: float
    beta_row: str
    beta_table: str
    q_over_q: float
    weighted: float


@dataclass(frozen=True)
class Graded:
    """The figures of one unit with all that they rest on."""

    outcome: major_hazard.Grading
    factors: tuple[Factor, ...]
    alpha_row: str
    manifest: Manifest

    def as_json(self) -> dict[str, Any]:
        """What a run keeps as its result."""
        return {
            "s": self.outcome.s,
            "r": self.outcome.r,
            "alpha": self.outcome.alpha,
            "alpha_row": self.alpha_row,
            "level": self.outcome.level,
            "factors": [vars(factor) for factor in self.factors],
        }


@dataclass(frozen=True)
class _Tables:
    named: TableVersion
    classes: TableVersion
    toxic_beta: TableVersion
    alpha: TableVersion
    levels: TableVersion

    @classmethod
    def in_force(cls) -> "_Tables":
        codes = (tables.NAMED, tables.CLASSES, tables.TOXIC_BETA, tables.ALPHA, tables.LEVELS)
        return cls(*(table_in_force(code) for code in codes))

    def versions(self) -> dict[str, str]:
        return {table.code: table.name for table in vars(self).values()}


def grade_unit(holdings: Sequence[Holding], exposed_persons: int, *, live: bool) -> Graded:
    """S, R and level of a unit: by its design maxima, or by the stock of now when *live*.

    Uses the tables in force by the current clock and names their versions.
    """
    in_force = _Tables.in_force()
    alpha_row, alpha = _alpha(in_force.alpha, exposed_persons)
    found = [_factors(in_force, holding, live=live) for holding in holdings]
    parts = [
        major_hazard.Holding(str(holding.id), quantity, critical.number, beta.number)
        for holding, quantity, critical, beta, _ in found
    ]
    levels = [
        major_hazard.Level(int(key), float(row.values["r_from"] or 0), True)
        for key, row in in_force.levels.rows.items()
    ]
    outcome = major_hazard.grade(parts, alpha, levels)
    shares = {share.key: share for share in outcome.shares}
    factors = tuple(
        Factor(
            holding=str(holding.id),
            substance=holding.substance,
            equipment=holding.equipment,
            quantity_t=quantity,
            critical_t=critical.number,
            critical_row=critical.row,
            critical_table=critical.table,
            beta=beta.number,
            beta_row=beta.row,
            beta_table=beta.table,
            q_over_q=shares[str(holding.id)].q_over_q,
            weighted=shares[str(holding.id)].weighted,
        )
        for holding, quantity, critical, beta, _ in found
    )
    inputs = {
        "live": live,
        "exposed_persons": exposed_persons,
        "holdings": [
            [factor.substance, factor.equipment, factor.quantity_t, factor.critical_row, factor.beta_row]
            for factor in factors
        ],
    }
    caveats = [*outcome.caveats, *(caveat for *_, caveat in found if caveat is not None)]
    manifest = manifest_of(CARD, inputs, tables=in_force.versions(), caveats=tuple(caveats))
    return Graded(outcome, factors, alpha_row, manifest)


@dataclass(frozen=True)
class _Figure:
    """A number with the row that it was read from."""

    number: float
    row: str
    table: str


def _factors(
    in_force: _Tables, holding: Holding, *, live: bool
) -> tuple[Holding, float, _Figure, _Figure, Caveat | None]:
    quantity = holding.stock_t if live else holding.design_max_t
    if holding.row:
        critical = _figure(in_force.named, holding.row, "critical_t")
        name = str(in_force.named.row(holding.row).values["name"])
    else:
        critical = _figure(in_force.classes, holding.hazard_class, "critical_t")
        name = holding.substance
    beta, caveat = _beta(in_force, holding, name)
    return holding, quantity, critical, beta, caveat


def _beta(in_force: _Tables, holding: Holding, name: str) -> tuple[_Figure, Caveat | None]:
    """β of table 3 for the toxic gases named there, else of table 4 by the class, else 1 with a caveat."""
    if name in in_force.toxic_beta.rows:
        return _figure(in_force.toxic_beta, name, "beta"), None
    if holding.hazard_class:
        return _figure(in_force.classes, holding.hazard_class, "beta"), None
    words = Text(
        f"未指定“{holding.substance}”的危险性类别，β 取 1",
        f"No hazard class is given for “{holding.substance}”: β is taken as 1",
    )
    return _Figure(1.0, "", ""), Caveat("major_hazard.beta_assumed", words)


def _figure(table: TableVersion, key: str, column: str) -> _Figure:
    return _Figure(table.number_of(key, column), key, table.code)


def _alpha(table: TableVersion, persons: int) -> tuple[str, float]:
    rows = sorted(table.rows.items(), key=lambda item: float(item[1].values["persons_from"] or 0))
    held = [(key, row) for key, row in rows if persons >= float(row.values["persons_from"] or 0)]
    key, row = held[-1]
    return key, float(row.values["alpha"] or 0)
