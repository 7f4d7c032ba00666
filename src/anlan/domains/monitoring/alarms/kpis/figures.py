"""The figures of a period, by subject; each function is one statement, whatever the number of alarms."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection

from anlan.domains.monitoring.alarms.kpis.statements import BAD_ACTORS, KEYS, figures_statement
from anlan.domains.monitoring.alarms.models import Alarm
from anlan.domains.monitoring.alarms.states import Dimension
from anlan.domains.monitoring.alarms.tables import KPI_REFERENCES
from anlan.kernel.errors import Invalid
from anlan.kernel.levels import AlarmLevel, Condition
from anlan.kernel.text import Text
from anlan.kernel.validation import Certainty
from anlan.platform.standards.queries import table_in_force

if TYPE_CHECKING:
    from django.db.models import QuerySet

WINDOW = timedelta(minutes=10)
LONGEST = timedelta(days=400)
MOST_ROWS = 500
_COLUMNS = (
    "id",
    "level",
    "region",
    "enterprise_id",
    "enterprise_name",
    "process_unit_name",
    "point_id",
    "point_tag",
    "point_name",
    "condition",
    "raised_at",
    "closed_at",
    "confirmed_at",
    "confirmed_by",
    "fleeting",
    "chattering",
)


@dataclass(frozen=True)
class Period:
    """From *start* up to *end*, in live time, in whole windows of ten minutes as far as it has gone by *now*.

    Raises `Invalid` for one that is turned round, has not begun or is longer than 400 days.
    """

    start: datetime
    end: datetime

    @classmethod
    def until_now(cls, start: datetime, end: datetime, now: datetime) -> "Period":
        """The part of the period that has gone by."""
        last = min(end, now)
        if not timedelta(0) < last - start <= LONGEST:
            raise Invalid(
                Text(
                    "统计时段应已开始，且不超过 400 天",
                    "The period has begun, and is no longer than 400 days",
                ),
                facts={"start": start.isoformat(), "end": end.isoformat()},
            )
        return cls(start, last)

    @property
    def windows(self) -> float:
        """How many spans of ten minutes it holds."""
        return (self.end - self.start) / WINDOW


@dataclass(frozen=True)
class KpiRow:
    """The figures of one subject.

    *announced* and *quieted* count activations; *average_per_10_min* and *peak_in_10_min* are of the announced;
    *flood_share* is the percentage of windows with more than ten, *flood_minutes* their length. *standing* and
    *stale* are as of the end of the period, *chattering* and *fleeting* count alarms, *levels* announced
    activations by level. Times to acknowledge are seconds from the first announcement, None without any.
    """

    subject: str
    name: str
    announced: int
    quieted: int
    average_per_10_min: float
    peak_in_10_min: int
    flood_share: float
    flood_minutes: int
    standing: int
    stale: int
    chattering: int
    fleeting: int
    acknowledged: int
    acknowledge_median_s: float | None
    acknowledge_p90_s: float | None
    levels: dict[str, int] = field(default_factory=dict)

    @property
    def first_level_share(self) -> float | None:
        """The percentage of announced activations that were of the first level."""
        return 100 * self.levels[AlarmLevel.FIRST.value] / self.announced if self.announced else None


@dataclass(frozen=True)
class BadActor:
    """A condition of a point among those that came most often, and its share of all activations in percent."""

    enterprise: str
    tag: str
    name: str
    condition: Condition
    activations: int
    share: float
    chattering: bool


@dataclass(frozen=True)
class Reference:
    """What a guide says of a figure, how sure we are of that, and where it stands."""

    key: str
    target: float
    limit: float | None
    unit: str
    certainty: Certainty
    source: str
    note: str


def live_alarms() -> "QuerySet[Alarm]":
    """The alarms that people had to answer: neither exercises nor replays."""
    return Alarm.objects.filter(timeline__isnull=True, exercise=False)


def figures_by(
    dimension: Dimension, alarms: "QuerySet[Alarm]", period: Period, stale_after: timedelta
) -> list[KpiRow]:
    """The figures of *alarms* in *period* by *dimension*, the most announced first; at most `MOST_ROWS` subjects."""
    chosen, parameters = _chosen(alarms)
    named = {
        "start": period.start,
        "end": period.end,
        "stale": period.end - stale_after,
        "most": MOST_ROWS,
    }
    rows = _rows(figures_statement(chosen, *KEYS[dimension]), parameters, named)
    return [_kpi_row(row, period) for row in rows]


def bad_actors(alarms: "QuerySet[Alarm]", period: Period, most: int = 10) -> list[BadActor]:
    """The conditions that came most often, chattering ones included: those whose mending helps most."""
    chosen, parameters = _chosen(alarms)
    named = {"start": period.start, "end": period.end, "most": most}
    return [
        BadActor(
            row["enterprise_name"],
            row["point_tag"],
            row["point_name"],
            Condition(row["condition"]),
            row["activations"],
            100 * row["activations"] / row["whole"],
            row["chattering"],
        )
        for row in _rows(BAD_ACTORS.format(alarms=chosen), parameters, named)
    ]


def references() -> tuple[list[Reference], str]:
    """The reference values in force, and the version of the table that says them."""
    table = table_in_force(KPI_REFERENCES)
    rows = [
        Reference(
            key,
            table.number_of(key, "target"),
            table.number_of(key, "limit") if row.values.get("limit") is not None else None,
            str(row.values.get("unit") or ""),
            row.certainty,
            row.clause,
            row.note,
        )
        for key, row in table.rows.items()
    ]
    return rows, table.name


def _chosen(alarms: "QuerySet[Alarm]") -> tuple[str, tuple[Any, ...]]:
    """*alarms* as a subquery with its parameters; row security narrows it as everywhere."""
    statement, parameters = alarms.order_by().values(*_COLUMNS).query.sql_with_params()
    return statement, tuple(parameters)


def _rows(statement: str, parameters: tuple[Any, ...], named: dict[str, Any]) -> list[dict[str, Any]]:
    """*statement* begins with the subquery's positional parameters; ``{{name}}`` stands for the others."""
    values = list(parameters)
    parts = statement.split("{{")
    text = [parts[0]]
    for part in parts[1:]:
        name, _, rest = part.partition("}}")
        values.append(named[name])
        text += ["%s", rest]
    with connection.cursor() as cursor:
        cursor.execute("".join(text), values)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _kpi_row(row: dict[str, Any], period: Period) -> KpiRow:
    announced, floods = row["announced"], row["floods"]
    return KpiRow(
        subject=row["subject"],
        name=row["name"],
        announced=announced,
        quieted=row["quieted"],
        average_per_10_min=announced / period.windows,
        peak_in_10_min=row["peak"],
        flood_share=100 * floods / max(period.windows, 1.0),
        flood_minutes=floods * 10,
        standing=row["standing"],
        stale=row["stale"],
        chattering=row["chattering"],
        fleeting=row["fleeting"],
        acknowledged=row["acknowledged"],
        acknowledge_median_s=row["median_s"],
        acknowledge_p90_s=row["p90_s"],
        levels={level.value: row[f"level_{level.value}"] for level in AlarmLevel},
    )
