"""The tables by which alarms are judged, silenced, escalated and reported."""

from dataclasses import dataclass
from datetime import date, timedelta

from anlan.domains.monitoring.alarms.hygiene import Behaviour, FloodFigures
from anlan.domains.monitoring.alarms.states import HANDLE, HEAR_LEADER, HEAR_SUPERVISOR, GroupScope
from anlan.kernel.levels import AlarmLevel
from anlan.kernel.text import Text
from anlan.kernel.validation import Certainty
from anlan.platform.standards import StandardTable, TableColumn, TableRow, register_table
from anlan.platform.standards.queries import table_in_force
from anlan.platform.standards.views import TableVersion

BEHAVIOUR = "alarm_behaviour"
SHELVING = "alarm_shelving"
ESCALATION = "alarm_escalation"
KPI_REFERENCES = "alarm_kpi_references"

AUDIENCES = {"handlers": HANDLE, "supervisors": HEAR_SUPERVISOR, "leaders": HEAR_LEADER}
"""Who is told at a step of the escalation: the word in the table, and the permission of those who hear of it."""

_NOTION = "EEMUA 191；ISA-18.2"
_OURS = "本系统默认"
_FROM = date(2016, 1, 1)
_SAID = Text(
    "国际规范的数值由公开资料转录，未核对原文；本系统默认值由用户按实际调整",
    "Figures of the international guides are taken from public descriptions and were not checked against the"
    " texts; our own defaults are for the user to adjust",
)


@dataclass(frozen=True)
class Figures:
    """What `apply_crossings` needs of the table of behaviour, with the version that said so."""

    behaviour: Behaviour
    floods: dict[GroupScope, FloodFigures]
    gateway_least: int
    gateway_share: float
    gateway_grace: timedelta
    version: str


@dataclass(frozen=True)
class EscalationStep:
    """After *after* without confirmation, those who hold *permission* are told; *audience* is the table's word."""

    after: timedelta
    audience: str
    permission: str


def figures_in_force() -> Figures:
    """The figures by which alarms are judged now."""
    table = table_in_force(BEHAVIOUR)

    def span(key: str) -> timedelta:
        return timedelta(seconds=table.number_of(key, "seconds"))

    def flood(key: str) -> FloodFigures:
        return FloodFigures(
            int(table.number_of(key, "count")),
            span(key),
            int(table.number_of("flood_end", "count")),
            span("flood_end"),
        )

    return Figures(
        Behaviour(
            int(table.number_of("chattering", "count")), span("chattering"), span("fleeting"), span("stale")
        ),
        {
            GroupScope.ENTERPRISE: flood("flood_enterprise"),
            GroupScope.REGION: flood("flood_region"),
        },
        int(table.number_of("gateway_lost", "count")),
        table.number_of("gateway_lost", "share_pct") / 100,
        span("gateway_grace"),
        table.name,
    )


def longest_shelving(level: AlarmLevel) -> timedelta:
    """For how long an alarm of *level* may be shelved at most."""
    return timedelta(minutes=table_in_force(SHELVING).number_of(level.value, "minutes"))


def longest_maintenance() -> timedelta:
    """How long a declared maintenance window may be at most."""
    return timedelta(minutes=table_in_force(SHELVING).number_of("maintenance", "minutes"))


def escalation_in_force() -> tuple[dict[str, list[EscalationStep]], str]:
    """The steps of each level (by its value) in their order, and the version that says so."""
    table = table_in_force(ESCALATION)
    return {level.value: _steps(table, level) for level in AlarmLevel}, table.name


def _steps(table: TableVersion, level: AlarmLevel) -> list[EscalationStep]:
    steps = [
        EscalationStep(
            timedelta(minutes=float(row.values["minutes"] or 0)),
            str(row.values["audience"]),
            AUDIENCES.get(str(row.values["audience"]), HANDLE),
        )
        for key, row in table.rows.items()
        if key.partition("/")[0] == level.value
    ]
    return sorted(steps, key=lambda step: step.after)


def register_tables() -> None:
    """Declare the four tables."""
    minutes = TableColumn("minutes", Text("时长", "Time"), unit="min")
    for code, title, basis, columns, first in (
        (
            BEHAVIOUR,
            Text("报警质量判据", "How alarms are judged"),
            f"{_NOTION}；{_OURS}",
            (
                TableColumn("count", Text("次数", "Count"), required=False),
                TableColumn("seconds", Text("时长", "Time"), unit="s", required=False),
                TableColumn("share_pct", Text("比例", "Share"), unit="%", required=False),
            ),
            _behaviour,
        ),
        (
            SHELVING,
            Text("搁置与检修时长上限", "Longest shelving and maintenance"),
            _OURS,
            (minutes,),
            _shelving,
        ),
        (
            ESCALATION,
            Text("报警超时升级", "Escalation of unhandled alarms"),
            _OURS,
            (minutes, TableColumn("audience", Text("告知对象", "Who is told"), kind="text")),
            _escalation,
        ),
        (
            KPI_REFERENCES,
            Text("报警管理指标参考值", "Reference values of alarm management"),
            _NOTION,
            (
                TableColumn("target", Text("参考值", "Reference")),
                TableColumn("limit", Text("上限", "Limit"), required=False),
                TableColumn("unit", Text("单位", "Unit"), kind="text", required=False),
            ),
            _references,
        ),
    ):
        register_table(StandardTable(code, title, basis, columns, _FROM, first, _SAID))


def _behaviour() -> list[TableRow]:
    rows: tuple[tuple[str, float | None, float | None, float | None, Certainty, str], ...] = (
        ("chattering", 3.0, 60.0, None, Certainty.PROBABLE, "抖动报警：时长内触发不少于此次数"),
        ("fleeting", None, 10.0, None, Certainty.OWN_DEFAULT, "瞬时报警：持续短于此时长即恢复"),
        ("stale", None, 86_400.0, None, Certainty.PROBABLE, "长期报警：持续超过此时长"),
        (
            "flood_enterprise",
            20.0,
            60.0,
            None,
            Certainty.OWN_DEFAULT,
            "同一企业：时长内新报警多于此数即为报警潮",
        ),
        ("flood_region", 50.0, 60.0, None, Certainty.OWN_DEFAULT, "同一县区：时长内新报警多于此数即为报警潮"),
        ("flood_end", 5.0, 600.0, None, Certainty.PROBABLE, "报警潮平息：时长内新报警少于此数"),
        ("gateway_lost", 3.0, None, 80.0, Certainty.OWN_DEFAULT, "网关失联：数据中断测点不少于此数和比例"),
        ("gateway_grace", None, 60.0, None, Certainty.OWN_DEFAULT, "网关恢复后等待测点恢复的时长"),
    )
    return [
        TableRow(
            key,
            {"count": count, "seconds": seconds, "share_pct": share_pct},
            _NOTION if certainty is Certainty.PROBABLE else "",
            certainty,
            note,
        )
        for key, count, seconds, share_pct, certainty, note in rows
    ]


def _shelving() -> list[TableRow]:
    rows = (
        ("1", 60.0, "一级报警，须第二人批准"),
        ("2", 480.0, "二级报警"),
        ("3", 1440.0, "提示"),
        ("maintenance", 10_080.0, "检修窗口"),
    )
    return [
        TableRow(key, {"minutes": minutes}, "", Certainty.OWN_DEFAULT, note) for key, minutes, note in rows
    ]


def _escalation() -> list[TableRow]:
    steps = (
        ("1/1", 5.0, "handlers"),
        ("1/2", 15.0, "supervisors"),
        ("1/3", 30.0, "leaders"),
        ("2/1", 30.0, "handlers"),
        ("2/2", 120.0, "supervisors"),
        ("3/1", 480.0, "handlers"),
    )
    return [
        TableRow(
            key,
            {"minutes": minutes, "audience": audience},
            "",
            Certainty.OWN_DEFAULT,
            f"{AlarmLevel(key.partition('/')[0]).label.zh}超过此时长未确认",
        )
        for key, minutes, audience in steps
    ]


def _references() -> list[TableRow]:
    figures: tuple[tuple[str, float, float | None, str, str], ...] = (
        ("average_per_10_min", 1.0, 2.0, "次", "平均每 10 分钟报警数：参考值为可接受，上限为可管理"),
        ("peak_in_10_min", 10.0, None, "次", "10 分钟内最多报警数"),
        ("flood_share", 1.0, None, "%", "报警潮（10 分钟多于 10 次）时段占比"),
        ("top_10_share", 1.0, 5.0, "%", "最频繁 10 个报警占全部的比例"),
        ("chattering", 0.0, None, "个", "抖动报警"),
        ("fleeting", 0.0, None, "个", "瞬时报警"),
        ("stale", 5.0, None, "个", "长期报警：任一天少于此数"),
        ("first_level_share", 5.0, None, "%", "最高优先级报警占比（约）"),
        ("second_level_share", 15.0, None, "%", "次高优先级报警占比（约）"),
        ("third_level_share", 80.0, None, "%", "最低优先级报警占比（约）"),
    )
    return [
        TableRow(key, {"target": target, "limit": limit, "unit": unit}, _NOTION, Certainty.PROBABLE, note)
        for key, target, limit, unit, note in figures
    ]
