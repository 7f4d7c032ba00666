"""How far each colour is pushed and how long it may wait: a table, and ours until the bureau fixes its own."""

from datetime import date, timedelta

from anlan.domains.monitoring.warnings.states import Reach
from anlan.kernel.levels import WarningLevel
from anlan.kernel.text import Text
from anlan.kernel.validation import Certainty
from anlan.platform.standards import StandardTable, TableColumn, TableRow, register_table
from anlan.platform.standards.views import TableVersion

HANDLING = "warning_handling"
CIRCULAR = "circular"


def register_tables() -> None:
    """Declare the table."""
    register_table(
        StandardTable(
            code=HANDLING,
            title=Text("预警推送与时限", "Pushing and clocks of warnings"),
            basis="本系统默认；区厅确定的时限以新版本录入",
            columns=(
                TableColumn("reach", Text("推送至", "Pushed up to"), kind="text", required=False),
                TableColumn(
                    "automatic", Text("自动推送（1 是，0 先研判）", "Pushed at once (1) or judged first (0)")
                ),
                TableColumn("sign_min", Text("签收时限", "Sign within"), unit="min"),
                TableColumn("feedback_min", Text("反馈时限", "Feedback within"), unit="min"),
            ),
            effective_from=date(2026, 1, 1),
            first=_first,
            note=Text(
                "推送至：enterprise 企业，county 园区/县，city 市，region 自治区",
                "Pushed up to: enterprise, county (or park), city, region",
            ),
        )
    )


def push_rule(table: TableVersion, level: WarningLevel) -> tuple[Reach, bool]:
    """How far a colour is pushed, and whether without judgement. Raises `NotFound`, or `ValueError` for a word."""
    row = table.row(level.value)
    return Reach(str(row.values["reach"])), table.number_of(level.value, "automatic") > 0


def clocks(table: TableVersion, key: str) -> tuple[timedelta, timedelta]:
    """The times for signing and for feedback, both from the push."""
    return (
        timedelta(minutes=table.number_of(key, "sign_min")),
        timedelta(minutes=table.number_of(key, "feedback_min")),
    )


def _first() -> list[TableRow]:
    return [
        TableRow(
            key,
            {"reach": reach, "automatic": 1.0, "sign_min": sign, "feedback_min": feedback},
            "",
            Certainty.OWN_DEFAULT,
            note,
        )
        for key, reach, sign, feedback, note in (
            ("red", "region", 10.0, 30.0, "红色"),
            ("orange", "city", 20.0, 60.0, "橙色"),
            ("yellow", "county", 80.0, 240.0, "黄色"),
            ("blue", "enterprise", 480.0, 1440.0, "蓝色"),
            (CIRCULAR, "county", 1440.0, 4320.0, "警示通报"),
        )
    ]
