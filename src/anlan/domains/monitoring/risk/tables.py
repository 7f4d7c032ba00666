"""The weights of the index and what a risen level sets off: tables, and ours until the region says otherwise."""

from datetime import date

from anlan.domains.monitoring.risk.states import SubjectKind
from anlan.kernel.levels import RiskLevel, WarningLevel
from anlan.kernel.text import Text
from anlan.kernel.validation import Certainty
from anlan.platform.standards import StandardTable, TableColumn, TableRow, register_table
from anlan.platform.standards.views import TableVersion
from anlan.science.risk import OUR_DEFAULTS, Weights, weights_from

WEIGHTS = "risk_weights"
WARNINGS = "risk_warnings"

_OURS = "本系统默认"
_FROM = date(2026, 1, 1)


def register_tables() -> None:
    """Declare both tables."""
    register_table(
        StandardTable(
            code=WEIGHTS,
            title=Text("风险指数权重", "Weights of the risk index"),
            basis=f"{_OURS}：部级预警模型的权重未公开，此表为可逐项查看的替代",
            columns=(
                TableColumn("name", Text("含义", "Meaning"), kind="text"),
                TableColumn("unit", Text("单位", "Unit"), kind="text", required=False),
                TableColumn("value", Text("取值", "Value")),
            ),
            effective_from=_FROM,
            first=lambda: [
                TableRow(
                    key,
                    {"name": one.title.zh, "unit": one.unit, "value": one.value},
                    "",
                    Certainty.OWN_DEFAULT,
                    one.title.en,
                )
                for key, one in OUR_DEFAULTS.items()
            ],
            note=Text("缺少的行按本系统默认取值", "A row that is missing has our default"),
        )
    )
    register_table(
        StandardTable(
            code=WARNINGS,
            title=Text("风险升级生成预警", "Warnings from risen risk"),
            basis=f"{_OURS}：单元升至较大或重大时生成预警，上级由预警推送告知",
            columns=(
                TableColumn("warning", Text("生成的预警级别", "Warning level"), kind="text", required=False),
            ),
            effective_from=_FROM,
            first=lambda: [
                TableRow(f"{SubjectKind.UNIT}.{risk}", {"warning": warning.value}, "", Certainty.OWN_DEFAULT)
                for risk, warning in (
                    (RiskLevel.MAJOR, WarningLevel.RED),
                    (RiskLevel.CONSIDERABLE, WarningLevel.ORANGE),
                )
            ],
            note=Text(
                "行名为“对象.风险等级”，如 unit.major、enterprise.major；没有的行不生成预警",
                "Rows are “subject.risk level”, such as unit.major; what has no row sets off no warning",
            ),
        )
    )


def weights_of(table: TableVersion) -> Weights:
    """The weights that a version holds. Raises `Invalid` when they cannot hold together."""
    return weights_from({key: table.number_of(key, "value") for key in table.rows})


def warning_for(table: TableVersion, kind: SubjectKind, level: RiskLevel) -> WarningLevel | None:
    """The warning that a subject's rise to *level* sets off, if any."""
    row = table.rows.get(f"{kind}.{level}")
    said = row.values.get("warning") if row else None
    return WarningLevel(str(said)) if said else None
