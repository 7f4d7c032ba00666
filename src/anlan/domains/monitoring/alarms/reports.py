"""The monthly analysis of alarms (报警分析): facts from the database, and the document that they make.

Facts are plain JSON and are stored; Markdown and HTML are drawn from them, so that a document can be
printed again as it was.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from html import escape
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from anlan.domains.monitoring.alarms.kpis import (
    KpiRow,
    Period,
    bad_actors,
    figures_by,
    references,
)
from anlan.domains.monitoring.alarms.models import Alarm, AlarmGroup, MaintenanceWindow, Shelving
from anlan.domains.monitoring.alarms.states import Dimension
from anlan.domains.monitoring.alarms.tables import BEHAVIOUR, KPI_REFERENCES, figures_in_force
from anlan.kernel.errors import Invalid
from anlan.kernel.levels import AlarmLevel, Condition
from anlan.kernel.regions import ningxia, prefix_of
from anlan.kernel.text import Text
from anlan.kernel.validation import Certainty

if TYPE_CHECKING:
    from django.db.models import QuerySet

CHINA = ZoneInfo("Asia/Shanghai")
SHOWN_ROWS = 50


@dataclass(frozen=True)
class Scope:
    """What a report is about: a division, a month as ``2026-11``, and the part of it that has gone by."""

    region: str
    month: str
    period: Period


def month_of(month: str, now: datetime) -> Period:
    """The calendar month in China, as far as it has gone by. Raises `Invalid` for what is no month."""
    try:
        first = datetime.strptime(month, "%Y-%m").replace(tzinfo=CHINA)
    except ValueError:
        raise Invalid(
            Text("月份应写作 2026-11", "Write the month as 2026-11"), facts={"month": month}
        ) from None
    following = (
        first.replace(year=first.year + 1, month=1)
        if first.month == 12
        else first.replace(month=first.month + 1)
    )
    return Period.until_now(first.astimezone(UTC), following.astimezone(UTC), now)


def facts_of(scope: Scope, alarms: "QuerySet[Alarm]") -> tuple[dict[str, Any], dict[Dimension, list[KpiRow]]]:
    """All that the document says, as JSON, and the rows of each dimension; call it inside a service."""
    figures = figures_in_force()
    rows = {one: figures_by(one, alarms, scope.period, figures.behaviour.stale_after) for one in Dimension}
    said, version = references()
    facts = {
        "region": scope.region,
        "region_name": _region_name(scope.region),
        "month": scope.month,
        "start": scope.period.start.isoformat(),
        "end": scope.period.end.isoformat(),
        "rows": {one.value: [_row_facts(row) for row in found] for one, found in rows.items()},
        "bad_actors": [asdict(actor) for actor in bad_actors(alarms, scope.period)],
        "references": [{**asdict(one), "certainty": one.certainty.value} for one in said],
        "tables": {BEHAVIOUR: figures.version, KPI_REFERENCES: version},
    }
    return facts | _measures(scope), rows


def _region_name(code: str) -> str:
    return next((region.zh for region in ningxia() if region.code == code), code)


def _row_facts(row: KpiRow) -> dict[str, Any]:
    return {**asdict(row), "first_level_share": row.first_level_share}


def _measures(scope: Scope) -> dict[str, Any]:
    """Floods, shelvings and maintenance that began in the period."""
    within = {"region__startswith": prefix_of(scope.region)}
    span = (scope.period.start, scope.period.end)
    floods = AlarmGroup.objects.filter(began_at__range=span, exercise=False, timeline=None, **within)
    return {
        "floods": [
            {"name": flood.name, "began_at": flood.began_at.isoformat(), "count": flood.count}
            for flood in floods.order_by("-count", "id")[:SHOWN_ROWS]
        ],
        "shelvings": Shelving.objects.filter(began_at__range=span, exercise=False, **within).count(),
        "maintenance_windows": MaintenanceWindow.objects.filter(starts_at__range=span, **within).count(),
    }


# -- the document ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Heading:
    """A heading, Chinese first."""

    text: Text


@dataclass(frozen=True)
class Paragraph:
    """A sentence in both languages."""

    text: Text


@dataclass(frozen=True)
class Table:
    """A table: its columns' titles, and rows of text."""

    titles: Sequence[Text]
    rows: Sequence[Sequence[str]]


Block = Heading | Paragraph | Table


def document(facts: Mapping[str, Any], number: str) -> list[Block]:
    """What the report says, from its stored *facts*."""
    whole = next(iter(facts["rows"][Dimension.WHOLE.value]), None)
    if whole is None:
        empty = Text("本期没有报警。", "There were no alarms in this period.")
        return [*_opening(facts, number), Paragraph(empty)]
    return [
        *_opening(facts, number),
        Heading(Text("一、总体指标与参考值", "1. Key figures and reference values")),
        _whole_table(whole, facts),
        Heading(Text("二、最频繁的 10 个报警", "2. The ten most frequent alarms")),
        _actors_table(facts["bad_actors"]),
        *_by_dimension(facts),
        Heading(Text("七、报警潮、搁置与检修", "7. Floods, shelving and maintenance")),
        Paragraph(
            Text(
                f"本期报警潮 {len(facts['floods'])} 次，搁置 {facts['shelvings']} 次，检修窗口"
                f" {facts['maintenance_windows']} 个。抑制和搁置期间的触发另行计数，未计入告知次数。",
                f"{len(facts['floods'])} floods, {facts['shelvings']} shelvings, {facts['maintenance_windows']}"
                " maintenance windows. What happened under them is counted apart.",
            )
        ),
        Table(
            (Text("报警潮", "Flood"), Text("开始", "Began"), Text("报警数", "Alarms")),
            [[one["name"], _local(one["began_at"]), str(one["count"])] for one in facts["floods"]],
        ),
    ]


def markdown_of(facts: Mapping[str, Any], number: str) -> str:
    """The document as Markdown."""
    return "\n\n".join(_markdown(block) for block in document(facts, number)) + "\n"


def html_of(facts: Mapping[str, Any], number: str) -> str:
    """The document as a page that prints by itself: no script, no outside reference."""
    body = "\n".join(_html(block) for block in document(facts, number))
    return (
        f'<!doctype html><html lang="zh"><head><meta charset="utf-8"><title>{escape(number)}</title>'
        f"<style>{_STYLE}</style></head><body>{body}</body></html>"
    )


_STYLE = (
    "body{font:11pt/1.5 'Noto Sans CJK SC','Microsoft YaHei',sans-serif;margin:2cm;color:#111}"
    "h2{font-size:13pt;margin:1.2em 0 .4em}table{border-collapse:collapse;width:100%;font-size:9.5pt}"
    "th,td{border:1px solid #888;padding:2px 6px;text-align:left}small{color:#555}"
    "tr{break-inside:avoid}@page{size:A4;margin:1.5cm}"
)


def _opening(facts: Mapping[str, Any], number: str) -> list[Block]:
    span = f"{_local(facts['start'])} — {_local(facts['end'])}"
    return [
        Heading(
            Text(
                f"{facts['region_name']} {facts['month']} 报警分析",
                f"Analysis of alarms, {facts['region']} {facts['month']}",
            )
        ),
        Paragraph(
            Text(
                f"编号 {number}；统计时段（北京时间）{span}；不含演练和回放。",
                f"No. {number}; {span} (China); without exercises and replays.",
            )
        ),
    ]


def _whole_table(whole: Mapping[str, Any], facts: Mapping[str, Any]) -> Table:
    said = {one["key"]: one for one in facts["references"]}
    top = sum(actor["share"] for actor in facts["bad_actors"])
    announced = whole["announced"]
    shares = {
        level: 100 * whole["levels"][level.value] / announced if announced else None for level in AlarmLevel
    }
    lines: list[tuple[Text, str, str]] = [
        (Text("告知次数", "Announced"), str(announced), ""),
        (Text("未告知（抑制、搁置、抖动）", "Kept quiet"), str(whole["quieted"]), ""),
        (
            Text("平均每 10 分钟", "Average per 10 min"),
            _number(whole["average_per_10_min"]),
            "average_per_10_min",
        ),
        (Text("10 分钟峰值", "Peak in 10 min"), str(whole["peak_in_10_min"]), "peak_in_10_min"),
        (Text("报警潮时段占比 %", "Share of time in flood, %"), _number(whole["flood_share"]), "flood_share"),
        (Text("报警潮时长 min", "Minutes in flood"), str(whole["flood_minutes"]), ""),
        (Text("前 10 个报警占比 %", "Share of the top ten, %"), _number(top), "top_10_share"),
        (Text("期末仍在报警", "Standing at the end"), str(whole["standing"]), ""),
        (Text("长期报警", "Stale"), str(whole["stale"]), "stale"),
        (Text("抖动报警", "Chattering"), str(whole["chattering"]), "chattering"),
        (Text("瞬时报警", "Fleeting"), str(whole["fleeting"]), "fleeting"),
        (Text("一级占比 %", "Level 1, %"), _number(shares[AlarmLevel.FIRST]), "first_level_share"),
        (Text("二级占比 %", "Level 2, %"), _number(shares[AlarmLevel.SECOND]), "second_level_share"),
        (Text("提示占比 %", "Notices, %"), _number(shares[AlarmLevel.NOTICE]), "third_level_share"),
        (Text("确认用时中位数 min", "Median time to acknowledge, min"), _minutes(whole, "median"), ""),
        (Text("确认用时 90 % 分位 min", "90th percentile, min"), _minutes(whole, "p90"), ""),
    ]
    return Table(
        (Text("指标", "Figure"), Text("本期", "This period"), Text("参考值", "Reference")),
        [[f"{title.zh} / {title.en}", value, _reference(said.get(key))] for title, value, key in lines],
    )


def _reference(said: Mapping[str, Any] | None) -> str:
    if said is None:
        return "—"
    certainty = Certainty(said["certainty"]).label
    upto = f"，上限 {said['limit']:g}" if said["limit"] is not None else ""
    return f"{said['target']:g}{upto}（{said['source']}；{certainty.zh} / {certainty.en}）"


def _actors_table(actors: Iterable[Mapping[str, Any]]) -> Table:
    return Table(
        (
            Text("企业", "Enterprise"),
            Text("监测点", "Point"),
            Text("类型", "Condition"),
            Text("次数", "Count"),
            Text("占比 %", "Share, %"),
            Text("抖动", "Chatters"),
        ),
        [
            [
                actor["enterprise"],
                f"{actor['tag']} {actor['name']}",
                Condition(actor["condition"]).label.zh,
                str(actor["activations"]),
                _number(actor["share"]),
                "是 / yes" if actor["chattering"] else "",
            ]
            for actor in actors
        ],
    )


_DIMENSIONS = (
    (Dimension.COUNTY, Text("三、按县区", "3. By county")),
    (Dimension.ENTERPRISE, Text("四、按企业", "4. By enterprise")),
    (Dimension.UNIT, Text("五、按装置单元", "5. By unit")),
    (Dimension.OPERATOR, Text("六、按处置人员", "6. By operator")),
)


def _by_dimension(facts: Mapping[str, Any]) -> list[Block]:
    blocks: list[Block] = []
    for dimension, title in _DIMENSIONS:
        rows = facts["rows"][dimension.value]
        blocks += [Heading(title), _subjects_table(dimension, rows[:SHOWN_ROWS])]
        if len(rows) > SHOWN_ROWS:
            left = len(rows) - SHOWN_ROWS
            blocks.append(Paragraph(Text(f"另有 {left} 项见附表。", f"{left} more are in the data.")))
    return blocks


def _subjects_table(dimension: Dimension, rows: Iterable[Mapping[str, Any]]) -> Table:
    return Table(
        (
            dimension.label,
            Text("告知", "Announced"),
            Text("未告知", "Quiet"),
            Text("平均/10 min", "Average"),
            Text("峰值/10 min", "Peak"),
            Text("报警潮 min", "Flood, min"),
            Text("仍在", "Standing"),
            Text("长期", "Stale"),
            Text("抖动", "Chattering"),
            Text("瞬时", "Fleeting"),
            Text("确认中位 min", "Median, min"),
        ),
        [
            [
                subject_name(dimension, row["name"]),
                str(row["announced"]),
                str(row["quieted"]),
                _number(row["average_per_10_min"]),
                str(row["peak_in_10_min"]),
                str(row["flood_minutes"]),
                str(row["standing"]),
                str(row["stale"]),
                str(row["chattering"]),
                str(row["fleeting"]),
                _minutes(row, "median"),
            ]
            for row in rows
        ],
    )


def subject_name(dimension: Dimension, name: str) -> str:
    """What people call a subject: a county by its name, the unconfirmed as such."""
    if dimension is Dimension.COUNTY:
        return _region_name(name)
    if dimension is Dimension.OPERATOR and not name:
        return "未确认 / unconfirmed"
    return name.strip() or "合计 / all"


def _number(value: float | None) -> str:
    return "—" if value is None else f"{value:.2f}".rstrip("0").rstrip(".")


def _minutes(row: Mapping[str, Any], which: str) -> str:
    seconds = row[f"acknowledge_{which}_s"]
    return _number(None if seconds is None else seconds / 60)


def _local(moment: str) -> str:
    return datetime.fromisoformat(moment).astimezone(CHINA).strftime("%Y-%m-%d %H:%M")


def _markdown(block: Block) -> str:
    match block:
        case Heading(text):
            return f"## {text.zh}\n\n*{text.en}*"
        case Paragraph(text):
            return f"{text.zh}\n\n*{text.en}*"
        case Table(titles, rows):
            lines = [[f"{title.zh} / {title.en}" for title in titles], ["---"] * len(titles), *rows]
            return "\n".join(
                "| " + " | ".join(cell.replace("|", "｜") for cell in line) + " |" for line in lines
            )


def _html(block: Block) -> str:
    match block:
        case Heading(text):
            return f"<h2>{escape(text.zh)} <small>{escape(text.en)}</small></h2>"
        case Paragraph(text):
            return f"<p>{escape(text.zh)}<br><small>{escape(text.en)}</small></p>"
        case Table(titles, rows):
            head = "".join(f"<th>{escape(one.zh)}<br><small>{escape(one.en)}</small></th>" for one in titles)
            body = "".join(
                "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows
            )
            return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
