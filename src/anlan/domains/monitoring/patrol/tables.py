"""When the bulletin is made and how far it looks back."""

from datetime import date

from anlan.kernel.text import Text
from anlan.kernel.validation import Certainty
from anlan.platform.standards import StandardTable, TableColumn, TableRow, register_table

RULES = "patrol_rules"


def register_tables() -> None:
    """Declare the table."""
    register_table(
        StandardTable(
            code=RULES,
            title=Text("线上巡查规则", "Rules of the daily patrol"),
            basis="本系统默认；区厅确定的规则以新版本录入",
            columns=(TableColumn("value", Text("取值", "Value"), unit="h"),),
            effective_from=date(2026, 1, 1),
            first=lambda: [
                TableRow(
                    "hour", {"value": 11.0}, "", Certainty.OWN_DEFAULT, "每日形成通报的时刻（北京时间）"
                ),
                TableRow(
                    "patience",
                    {"value": 12.0},
                    "",
                    Certainty.OWN_DEFAULT,
                    "全部测点均无数据时（如系统刚启动）最多推迟",
                ),
                TableRow("window", {"value": 24.0}, "", Certainty.OWN_DEFAULT, "未销警指标的统计时段"),
            ],
        )
    )
