"""The table of the clocks that an incident starts."""

from datetime import date

from anlan.kernel.text import Text
from anlan.kernel.validation import Certainty
from anlan.platform.standards import StandardTable, TableColumn, TableRow, register_table

CLOCKS = "incident_clocks"


def register_tables() -> None:
    """Declare the table."""
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
