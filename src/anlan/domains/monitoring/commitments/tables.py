"""When a commitment is due, and what GB 30871-2022 asks of each kind and grade of special work."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from anlan.kernel.text import Text
from anlan.kernel.validation import Certainty
from anlan.platform.standards import StandardTable, TableColumn, TableRow, register_table
from anlan.platform.standards.views import TableVersion

DUE = "commitment_due"
WORK = "special_work_rules"
CHINA = ZoneInfo("Asia/Shanghai")

_GAS_BEFORE_MIN = 30.0
_WORK_ROWS = (
    ("hot_work.special", 8.0, 1.0, "5.1"),
    ("hot_work.first", 8.0, 1.0, "5.1"),
    ("hot_work.second", 72.0, 1.0, "5.1"),
    ("confined_space.ungraded", 24.0, 1.0, "6"),
    ("blind_plate.ungraded", None, 0.0, "7"),
    ("height.first", 168.0, 0.0, "8"),
    ("height.second", 168.0, 0.0, "8"),
    ("height.third", 168.0, 0.0, "8"),
    ("height.fourth", 168.0, 0.0, "8"),
    ("lifting.first", None, 0.0, "9"),
    ("lifting.second", None, 0.0, "9"),
    ("lifting.third", None, 0.0, "9"),
    ("temporary_power.ungraded", 360.0, 0.0, "10"),
    ("excavation.ungraded", None, 0.0, "11"),
    ("road_closure.ungraded", None, 0.0, "12"),
)


def register_tables() -> None:
    """Declare both tables."""
    register_table(
        StandardTable(
            code=DUE,
            title=Text("安全承诺提交时限", "When commitments are due"),
            basis="本系统默认；区厅确定的时限以新版本录入",
            columns=(
                TableColumn("hour", Text("每日不晚于（北京时间）", "Each day by (China time)"), unit="h"),
            ),
            effective_from=date(2026, 1, 1),
            first=lambda: [TableRow("commitment", {"hour": 10.0}, "", Certainty.OWN_DEFAULT, "安全承诺公告")],
        )
    )
    register_table(
        StandardTable(
            code=WORK,
            title=Text("特殊作业票要求", "Rules of special work permits"),
            basis="GB 30871-2022《危险化学品企业特殊作业安全规范》",
            columns=(
                TableColumn("max_h", Text("有效期不超过", "Valid at most"), unit="h", required=False),
                TableColumn("gas_test", Text("须气体分析（1 是）", "Gas test needed (1)")),
                TableColumn(
                    "gas_before_min", Text("分析距开工不超过", "Test before the start, at most"), unit="min"
                ),
            ),
            effective_from=date(2022, 10, 1),
            first=lambda: list(_work()),
            note=Text(
                "由人工录入，正式使用前请与标准文本校对；未列有效期者标准未作统一规定",
                "Entered by hand: proof-read against the standard; no figure where the standard gives none for all",
            ),
        )
    )


def due_at(table: TableVersion, day: date) -> datetime:
    """The moment by which the commitment of *day* must be there."""
    return midnight(day) + timedelta(hours=table.number_of("commitment", "hour"))


def midnight(day: date) -> datetime:
    """When *day* begins in China."""
    return datetime.combine(day, time(), CHINA)


def day_of(moment: datetime) -> date:
    """The day in China."""
    return moment.astimezone(CHINA).date()


def _work() -> Iterator[TableRow]:
    for key, hours, gas, clause in _WORK_ROWS:
        values = {"max_h": hours, "gas_test": gas, "gas_before_min": _GAS_BEFORE_MIN}
        yield TableRow(key, values, clause, Certainty.PROBABLE)
