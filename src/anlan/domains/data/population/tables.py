"""The weights by which a census is spread over land cover."""

from datetime import date

from anlan.kernel.text import Text
from anlan.kernel.validation import Certainty
from anlan.platform.standards import StandardTable, TableColumn, TableRow, register_table

WEIGHTS = "population_land_cover_weights"

_CLASSES = (
    (1, "常绿针叶林", 0.2, 0.0),
    (2, "常绿阔叶林", 0.2, 0.0),
    (3, "落叶针叶林", 0.2, 0.0),
    (4, "落叶阔叶林", 0.2, 0.0),
    (5, "混交林", 0.2, 0.0),
    (6, "郁闭灌丛", 0.5, 0.0),
    (7, "开放灌丛", 0.5, 0.0),
    (8, "多树草原", 0.5, 0.0),
    (9, "稀树草原", 0.5, 0.0),
    (10, "草地", 1.0, 0.2),
    (11, "永久湿地", 0.2, 0.0),
    (12, "农田", 10.0, 6.0),
    (13, "城镇建成区", 120.0, 240.0),
    (14, "农田与自然植被镶嵌", 8.0, 5.0),
    (15, "冰雪", 0.0, 0.0),
    (16, "裸地", 0.2, 0.0),
    (17, "水体", 0.0, 0.0),
)
"""IGBP class, name, default weight, weight when towns hold almost all."""


def register_tables() -> None:
    """Declare the table; the weights are ours, nobody's standard."""
    register_table(
        StandardTable(
            code=WEIGHTS,
            title=Text("人口分摊的地表覆盖权重", "Weights of land cover for spreading a census"),
            basis="本系统默认（IGBP 地表覆盖分类）",
            columns=(
                TableColumn("name", Text("类别", "Class"), kind="text"),
                TableColumn("weight", Text("权重", "Weight")),
                TableColumn("even", Text("均匀分布权重", "Weight, evenly")),
                TableColumn("towns", Text("城镇集中权重", "Weight, towns above all")),
            ),
            effective_from=date(2020, 1, 1),
            first=lambda: [
                TableRow(
                    str(number),
                    {"name": name, "weight": weight, "even": 1.0, "towns": towns},
                    f"IGBP {number}",
                    Certainty.OWN_DEFAULT,
                )
                for number, name, weight, towns in _CLASSES
            ],
        )
    )
