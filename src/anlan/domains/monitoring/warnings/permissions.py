"""What one may do with warnings and circulars, and who hears of them."""

from anlan.domains.monitoring.roles import OBSERVERS, SUPERVISORS
from anlan.domains.monitoring.warnings.states import (
    ANSWER,
    DUTY,
    GENERATE,
    HEAR_ENTERPRISE,
    HEAR_LOCAL,
    HEAR_REGION,
    ISSUE,
    JUDGE,
    READ,
)
from anlan.kernel.text import Text
from anlan.platform.identity.permissions import register_permission
from anlan.platform.identity.roles import RoleCode

_ENTERPRISE = (
    RoleCode.ENTERPRISE_PRINCIPAL,
    RoleCode.ENTERPRISE_TECHNICAL,
    RoleCode.ENTERPRISE_OPERATOR,
)
_LOCAL = (RoleCode.PARK, RoleCode.LOCAL_BUREAU)
_DESK = (RoleCode.DUTY_OFFICER, RoleCode.DISPATCHER)
_DIVISIONS = (RoleCode.HAZCHEM_DIVISION, RoleCode.MINE_DIVISION, RoleCode.INDUSTRY_DIVISION)
_JUDGES = (*_DESK, *SUPERVISORS)


def register_all() -> None:
    """Declare the permissions with their first holders."""
    register_permission(
        READ, Text("查看预警", "See warnings"), roles=OBSERVERS, services=("demo", "worker", "evaluator")
    )
    register_permission(
        GENERATE, Text("由研判模型生成预警", "Generate warnings"), services=("demo", "worker", "evaluator")
    )
    register_permission(
        JUDGE,
        Text("研判、推送、核查和销警", "Judge, push, verify and close warnings"),
        roles=_JUDGES,
        services=("demo",),
    )
    register_permission(
        ANSWER,
        Text("签收和反馈预警", "Sign for warnings and give feedback"),
        roles=(*_ENTERPRISE, *_LOCAL, RoleCode.DUTY_OFFICER),
        services=("demo",),
    )
    register_permission(ISSUE, Text("印发警示通报", "Issue circulars"), roles=_JUDGES, services=("demo",))
    for code, title, roles in (
        (HEAR_ENTERPRISE, Text("接收预警（企业）", "Hear of warnings (enterprise)"), _ENTERPRISE),
        (HEAR_LOCAL, Text("接收预警（园区、县、市）", "Hear of warnings (park, county, city)"), _LOCAL),
        (HEAR_REGION, Text("接收预警（自治区）", "Hear of warnings (region)"), (*_DESK, *_DIVISIONS)),
        (
            DUTY,
            Text("接收红色预警（值班）", "Hear of red warnings (duty)"),
            (RoleCode.LEADER, *_DESK),
        ),
    ):
        register_permission(code, title, roles=roles)
