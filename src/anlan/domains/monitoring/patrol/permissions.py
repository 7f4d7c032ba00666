"""What one may do with bulletins."""

from anlan.domains.monitoring.patrol.states import ANSWER, ISSUE, READ
from anlan.domains.monitoring.roles import OBSERVERS, SUPERVISORS
from anlan.kernel.text import Text
from anlan.platform.identity.permissions import register_permission
from anlan.platform.identity.roles import RoleCode


def register_all() -> None:
    """Declare the permissions with their first holders."""
    register_permission(
        READ, Text("查看线上巡查通报", "See patrol bulletins"), roles=OBSERVERS, services=("demo", "worker")
    )
    register_permission(
        ISSUE,
        Text("形成线上巡查通报", "Make patrol bulletins"),
        roles=(RoleCode.DUTY_OFFICER, RoleCode.HAZCHEM_DIVISION),
        services=("worker", "demo"),
    )
    register_permission(
        ANSWER, Text("反馈线上巡查通报", "Answer patrol bulletins"), roles=SUPERVISORS, services=("demo",)
    )
