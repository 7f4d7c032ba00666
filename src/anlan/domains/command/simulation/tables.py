"""The tables of simulation: what those who respond are told to do, and what buildings an earthquake meets.

People can edit both, and every row names its source. The distances in the words are those of the run's own outlines;
no figure of an official guide stands here.
"""

from collections.abc import Callable, Mapping
from datetime import date

from anlan.kernel.text import Text
from anlan.kernel.validation import Certainty
from anlan.platform.standards import StandardTable, TableColumn, TableRow, register_table
from anlan.science.packaged import packaged_table

ACTIONS = "simulation_actions"
STOCK = "seismic_building_stock"
_PACKAGE = "anlan.domains.command.simulation"
_FIRST_DAY = date(2026, 11, 1)


def register_tables() -> None:
    """Declare the tables."""
    register_table(_actions())
    register_table(_stock())


def _actions() -> StandardTable:
    return StandardTable(
        code=ACTIONS,
        title=Text("模拟推演处置提示", "What follows from a simulation"),
        basis="ERG 2024（区域定义与接近原则）；29 CFR 1910.120；GB/T 37243-2019；INT-131；本系统默认",
        columns=(
            TableColumn("group", Text("适用范围", "For zones of"), kind="text"),
            TableColumn(
                "zone", Text("取距离的轮廓", "Outline that gives the distance"), kind="text", required=False
            ),
            TableColumn("zh", Text("提示（中文）", "Words (Chinese)"), kind="text"),
            TableColumn("en", Text("提示（英文）", "Words (English)"), kind="text"),
        ),
        effective_from=_FIRST_DAY,
        first=lambda: _rows(
            "actions",
            lambda row: {
                "group": row["group"],
                "zone": row["zone"] or None,
                "zh": row["zh"],
                "en": row["en"],
            },
        ),
        note=Text(
            "不含 ERG 官方隔离距离：未取得可核对的原表",
            "The official isolation distances of the ERG are not in it: no table to check them by was at hand",
        ),
    )


def _stock() -> StandardTable:
    """Keys are the classes of the damage matrix."""
    return StandardTable(
        code=STOCK,
        title=Text("地震损失估算用房屋存量", "Building stock for losses of earthquakes"),
        basis="本系统默认：人均建筑面积按结构分摊，待以普查房屋数据替换",
        columns=(
            TableColumn("urban_m2", Text("城镇人均面积", "Floor area per person, urban"), unit="m²"),
            TableColumn("rural_m2", Text("乡村人均面积", "Floor area per person, rural"), unit="m²"),
            TableColumn("price_yuan_m2", Text("重置单价", "Price of rebuilding"), unit="yuan/m²"),
        ),
        effective_from=_FIRST_DAY,
        first=lambda: _rows(
            "building_stock",
            lambda row: {name: float(row[name]) for name in ("urban_m2", "rural_m2", "price_yuan_m2")},
        ),
        note=Text(
            "各值为设定值，不是统计数据；城镇按每平方千米 1500 人以上划分（DEGURBA）",
            "All values are assumed, none is a statistic; urban is 1500 persons per km² and more (DEGURBA)",
        ),
    )


def _rows(
    name: str, values: Callable[[Mapping[str, str]], Mapping[str, float | str | None]]
) -> list[TableRow]:
    """The rows of a packaged table in the order in which they are shown."""
    return [
        TableRow(row["key"], values(row), row["clause"], Certainty(row["certainty"]))
        for row in packaged_table(_PACKAGE, name).rows
    ]
