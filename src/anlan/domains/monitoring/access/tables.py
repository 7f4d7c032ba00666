"""The tables of the families: what each measures, by which limits, and what acceptance asks for."""

import csv
from collections.abc import Iterator
from datetime import date
from importlib.resources import files

from anlan.kernel.text import Text
from anlan.kernel.validation import Certainty
from anlan.platform.standards import StandardTable, TableColumn, TableRow, register_table

SIGNALS = "s11_signals"
RULES = "s11_rules"
INTERLOCKS = "s11_interlocks"
ACCEPTANCE = "s11_acceptance"

_FROM = date(2026, 1, 1)
_PLAN = "危险化学品等重点对象数据接入要求（规划五类对象）"
_CONFIRM = Text(
    "限值未标“确切”的，正式使用前请按标准文本或设计文件核对",
    "Whatever is not marked sure is to be checked against the standard or the design before use",
)
_FAMILY = TableColumn("family", Text("族类", "Family"), kind="text")
_LEVEL = TableColumn("level", Text("报警级别", "Alarm level"), kind="text")
_DELAY = TableColumn("on_delay_s", Text("延时", "Delay"), unit="s")


def register_tables() -> None:
    """Declare the four tables."""
    for code, title, columns, first in (
        (
            SIGNALS,
            Text("接入族类应接信号", "Signals of the families"),
            (
                _FAMILY,
                TableColumn("signal", Text("信号代码", "Signal"), kind="text"),
                TableColumn("name_zh", Text("信号", "Name (Chinese)"), kind="text"),
                TableColumn("name_en", Text("英文名称", "Name"), kind="text"),
                TableColumn("kind", Text("测量类型", "Kind"), kind="text"),
                TableColumn("unit", Text("单位", "Unit"), kind="text", required=False),
                TableColumn("obligation", Text("接入要求", "Obligation"), kind="text"),
            ),
            lambda: [_signal(row) for row in _rows("signals")],
        ),
        (
            RULES,
            Text("接入族类报警限值", "Limits of the families"),
            (
                _FAMILY,
                TableColumn("signal", Text("信号代码", "Signal"), kind="text"),
                TableColumn("condition", Text("条件", "Condition"), kind="text"),
                TableColumn("threshold", Text("限值（按信号单位）", "Threshold"), required=False),
                TableColumn("deadband", Text("回差", "Dead-band")),
                _DELAY,
                _LEVEL,
            ),
            lambda: [_rule(row) for row in _rows("rules")],
        ),
        (
            INTERLOCKS,
            Text("接入族类组合报警", "Combined alarms of the families"),
            (
                _FAMILY,
                TableColumn("name_zh", Text("名称", "Name (Chinese)"), kind="text"),
                TableColumn("name_en", Text("英文名称", "Name"), kind="text"),
                TableColumn("mode", Text("组合方式", "Mode"), kind="text"),
                TableColumn("members", Text("组成条件", "Members"), kind="text"),
                _DELAY,
                _LEVEL,
            ),
            lambda: [_interlock(row) for row in _rows("interlocks")],
        ),
        (
            ACCEPTANCE,
            Text("接入验收与在线率要求", "What acceptance and the assessment ask for"),
            (
                TableColumn("value", Text("取值", "Value")),
                TableColumn("unit", Text("单位", "Unit"), kind="text"),
            ),
            _acceptance,
        ),
    ):
        register_table(StandardTable(code, title, _PLAN, columns, _FROM, first, _CONFIRM))


def _signal(row: dict[str, str]) -> TableRow:
    names = ("family", "signal", "name_zh", "name_en", "kind", "unit", "obligation")
    key = f"{row['family']}.{row['signal']}"
    return TableRow(key, {name: row[name] for name in names}, row["clause"], Certainty(row["certainty"]))


def _rule(row: dict[str, str]) -> TableRow:
    return TableRow(
        f"{row['family']}.{row['signal']}.{row['condition']}",
        {
            "family": row["family"],
            "signal": row["signal"],
            "condition": row["condition"],
            "threshold": float(row["threshold"]) if row["threshold"] else None,
            "deadband": float(row["deadband"]),
            "on_delay_s": float(row["on_delay_s"]),
            "level": row["level"],
        },
        row["clause"],
        Certainty(row["certainty"]),
        row["note"],
    )


def _interlock(row: dict[str, str]) -> TableRow:
    names = ("family", "name_zh", "name_en", "mode", "members", "level")
    return TableRow(
        f"{row['family']}.{row['key']}",
        {**{name: row[name] for name in names}, "on_delay_s": float(row["on_delay_s"])},
        "",
        Certainty(row["certainty"]),
        row["note"],
    )


def _acceptance() -> list[TableRow]:
    return [
        TableRow(
            "completeness", {"value": 95.0, "unit": "%"}, "", Certainty.PROBABLE, "联调 24 h 数据完整率不低于"
        ),
        TableRow("hours", {"value": 24.0, "unit": "h"}, "", Certainty.PROBABLE, "联调时长"),
        TableRow("online", {"value": 95.0, "unit": "%"}, "", Certainty.PROBABLE, "月在线率不低于"),
    ]


def _rows(name: str) -> Iterator[dict[str, str]]:
    source = files("anlan.domains.monitoring.access").joinpath(f"data/{name}.csv")
    return csv.DictReader(source.read_text("utf-8").splitlines())
