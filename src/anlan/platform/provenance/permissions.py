"""What one may do with runs."""

from anlan.kernel.text import Text
from anlan.platform.identity.permissions import register_permission
from anlan.platform.identity.roles import RoleCode

READ = "runs.read"
RECORD = "runs.record"

_OUTSIDERS = {RoleCode.PUBLIC, RoleCode.INSURER}
_COMPUTERS = (
    RoleCode.LEADER,
    RoleCode.DUTY_OFFICER,
    RoleCode.DISPATCHER,
    RoleCode.HAZCHEM_DIVISION,
    RoleCode.MINE_DIVISION,
    RoleCode.INDUSTRY_DIVISION,
    RoleCode.RELIEF_DIVISION,
    RoleCode.FIRE_DIVISION,
    RoleCode.FLOOD_DIVISION,
    RoleCode.SCIENCE_DIVISION,
    RoleCode.LOCAL_BUREAU,
    RoleCode.PARK,
    RoleCode.ENTERPRISE_PRINCIPAL,
    RoleCode.ENTERPRISE_TECHNICAL,
    RoleCode.ENTERPRISE_OPERATOR,
    RoleCode.ENFORCEMENT_OFFICER,
    RoleCode.EXPERT,
)


def register_all() -> None:
    """Declare the permissions with their first holders."""
    register_permission(
        READ,
        Text("查看计算记录", "See runs of models"),
        roles=[role for role in RoleCode if role not in _OUTSIDERS],
        services=("demo", "worker", "console", "evaluator"),
    )
    register_permission(
        RECORD,
        Text("运行模型并留存记录", "Run models and keep the record"),
        roles=_COMPUTERS,
        services=("demo", "worker", "console", "evaluator"),
    )
