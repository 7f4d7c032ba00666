"""The tables of GB 18218-2018, as version 1 of the standards."""

import csv
from collections.abc import Iterator
from datetime import date
from importlib.resources import files

from anlan.kernel.text import Text
from anlan.kernel.validation import Certainty
from anlan.platform.standards import StandardTable, TableColumn, TableRow, register_table

NAMED = "gb18218_named"
CLASSES = "gb18218_classes"
TOXIC_BETA = "gb18218_toxic_beta"
ALPHA = "gb18218_alpha"
LEVELS = "gb18218_levels"

_BASIS = "GB 18218-2018《危险化学品重大危险源辨识》"
_IN_FORCE = date(2019, 3, 1)
_PROOF = Text(
    "由人工录入，正式使用前请与标准文本校对", "Entered by hand: proof-read against the standard before use"
)

_CRITICAL = TableColumn("critical_t", Text("临界量", "Critical quantity"), unit="t")
_BETA = TableColumn("beta", Text("校正系数 β", "Correction β"))
_BOUNDS = (
    ("1", "一级", 100.0),
    ("2", "二级", 50.0),
    ("3", "三级", 10.0),
    ("4", "四级", 0.0),
)


def register_tables() -> None:
    """Declare the five tables that identification and grading read."""
    for code, title, columns, first in (
        (
            NAMED,
            Text("危险化学品名称及其临界量", "Named substances and critical quantities"),
            (
                TableColumn("name", Text("名称", "Name"), kind="text"),
                TableColumn("alias", Text("别名", "Other names"), kind="text", required=False),
                TableColumn("cas", Text("CAS 号", "CAS number"), kind="text", required=False),
                _CRITICAL,
            ),
            _named,
        ),
        (
            CLASSES,
            Text("按类别的临界量与校正系数 β", "Critical quantities and β by hazard class"),
            (
                TableColumn("name", Text("类别", "Class"), kind="text"),
                TableColumn("description", Text("说明", "Description"), kind="text"),
                _CRITICAL,
                _BETA,
            ),
            _classes,
        ),
        (TOXIC_BETA, Text("毒性气体校正系数 β", "β of toxic gases"), (_BETA,), _toxic_beta),
        (
            ALPHA,
            Text("暴露人员校正系数 α", "Exposure correction α"),
            (
                TableColumn(
                    "persons_from",
                    Text("厂区边界外 500 m 常住人口不少于", "Residents within 500 m from"),
                    unit="人",
                ),
                TableColumn("alpha", Text("校正系数 α", "Correction α")),
            ),
            _alpha,
        ),
        (
            LEVELS,
            Text("重大危险源级别", "Levels of major hazards"),
            (TableColumn("r_from", Text("R 不小于", "R from")),),
            _levels,
        ),
    ):
        register_table(StandardTable(code, title, _BASIS, columns, _IN_FORCE, first, _PROOF))


def _named() -> list[TableRow]:
    return [
        TableRow(
            row["no"],
            {
                "name": row["name_zh"],
                "alias": row["alias_zh"],
                "cas": row["cas"],
                "critical_t": float(row["critical_quantity_t"]),
            },
            f"表 1 序号 {row['no']}",
            Certainty.PROBABLE,
        )
        for row in _rows("named")
    ]


def _classes() -> list[TableRow]:
    return [
        TableRow(
            row["symbol"],
            {
                "name": row["class_zh"],
                "description": row["description_zh"],
                "critical_t": float(row["critical_quantity_t"].removesuffix("(净重)")),
                "beta": float(row["beta_table4"]),
            },
            f"表 2、表 4 符号 {row['symbol']}",
            Certainty.PROBABLE,
            "气溶胶按净重计" if "净重" in row["critical_quantity_t"] else "",
        )
        for row in _rows("classes")
    ]


def _toxic_beta() -> list[TableRow]:
    return [
        TableRow(row["key"], {"beta": float(row["value"])}, "表 3", Certainty.SURE)
        for row in _rows("factors")
        if row["kind"] == "beta"
    ]


def _alpha() -> list[TableRow]:
    return [
        TableRow(
            row["key"],
            {
                "persons_from": float(row["key"].removeprefix(">=").partition("-")[0]),
                "alpha": float(row["value"]),
            },
            "表 5",
            Certainty.PROBABLE,
        )
        for row in _rows("factors")
        if row["kind"].startswith("alpha")
    ]


def _levels() -> list[TableRow]:
    return [
        TableRow(number, {"r_from": bound}, f"表 6 {title}", Certainty.PROBABLE)
        for number, title, bound in _BOUNDS
    ]


def _rows(name: str) -> Iterator[dict[str, str]]:
    source = files("anlan.domains.monitoring.hazards").joinpath(f"data/gb18218_2018_{name}.csv")
    return csv.DictReader(source.read_text("utf-8").splitlines())
