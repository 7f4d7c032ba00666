"""What one may do with connections."""

from anlan.domains.monitoring.access.states import APPLY, READ, REVIEW
from anlan.domains.monitoring.roles import CONNECTORS, OBSERVERS, SUPERVISORS
from anlan.kernel.text import Text
from anlan.platform.identity.permissions import register_permission
from anlan.platform.identity.roles import RoleCode

ASSESS = "access.assess"


def register_all() -> None:
    """Declare the permissions with their first holders."""
    register_permission(
        READ, Text("查看数据接入", "See connections"), roles=OBSERVERS, services=["demo", "worker"]
    )
    register_permission(
        APPLY,
        Text("申请数据接入", "Apply for a connection"),
        roles=(
            *CONNECTORS,
            *SUPERVISORS,
            RoleCode.ENTERPRISE_PRINCIPAL,
            RoleCode.ENTERPRISE_TECHNICAL,
        ),
        services=["demo"],
    )
    register_permission(
        REVIEW,
        Text("核验和验收数据接入", "Verify and accept connections"),
        roles=SUPERVISORS,
        services=["demo"],
    )
    register_permission(
        ASSESS, Text("考核在线率", "Assess the time on line"), roles=SUPERVISORS, services=["demo", "worker"]
    )
