"""The tables of incidents: the clocks that one starts, and what stands for a leak that nobody has seen yet."""

from datetime import date

from anlan.kernel.text import Text
from anlan.kernel.validation import Certainty
from anlan.platform.standards import StandardTable, TableColumn, TableRow, register_table

CLOCKS = "incident_clocks"
THREATS = "threat_defaults"


def register_tables() -> None:
    """Declare both tables."""
    register_table(
        StandardTable(
            code=CLOCKS,
            title=Text("事件时限", "Clocks of incidents"),
            basis="生产安全事故报告和调查处理条例（国务院令第493号）；本系统默认",
            columns=(TableColumn("minutes", Text("时限", "Limit"), unit="min"),),
            effective_from=date(2007, 6, 1),
            first=lambda: [
                TableRow(
                    "report_up",
                    {"minutes": 120.0},
                    "第十一条",
                    Certainty.SURE,
                    "逐级上报，每级不超过 2 小时",
                ),
                TableRow("handling", {"minutes": 30.0}, "", Certainty.OWN_DEFAULT, "接报后开始处置"),
            ],
        )
    )
    register_table(
        StandardTable(
            code=THREATS,
            title=Text("影响预判默认取值", "Defaults of a first threat"),
            basis="GB/T 37243-2019 附录 C、AQ/T 3046（孔径分类）；TNO CPR 18E；本系统默认",
            columns=(
                TableColumn("hole_mm", Text("孔径", "Hole"), unit="mm", required=False),
                TableColumn("minutes", Text("时长", "Duration"), unit="min", required=False),
                TableColumn("equivalence", Text("TNT 当量系数", "TNT equivalence"), required=False),
            ),
            effective_from=date(2026, 11, 1),
            first=_threats,
        )
    )


def _threats() -> list[TableRow]:
    classes = "孔径分类 (classes of holes)"
    likely = Certainty.PROBABLE
    return [
        TableRow("hole_small", {"hole_mm": 5.0}, classes, likely),
        TableRow("hole_medium", {"hole_mm": 25.0}, classes, likely, "未见泄漏读数时的假定孔径（本系统默认）"),
        TableRow("hole_large", {"hole_mm": 100.0}, classes, likely),
        TableRow("duration", {"minutes": 30.0}, "CPR 18E 3.2.3", likely, "泄放持续时间上限"),
        TableRow("ammonium_nitrate", {"equivalence": 0.32}, "", likely, "公开取值 0.25–0.42，取中间值"),
    ]
