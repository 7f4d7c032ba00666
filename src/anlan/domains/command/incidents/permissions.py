"""What one may do with incidents."""

from anlan.domains.command.incidents.states import HANDLE, OPEN, READ
from anlan.kernel.text import Text
from anlan.platform.identity.permissions import register_permission
from anlan.platform.identity.roles import RoleCode

_OUTSIDERS = {RoleCode.PUBLIC, RoleCode.INSURER, RoleCode.SERVICE_AGENCY}
_DESK = (
    RoleCode.DUTY_OFFICER,
    RoleCode.DISPATCHER,
    RoleCode.HAZCHEM_DIVISION,
    RoleCode.MINE_DIVISION,
    RoleCode.INDUSTRY_DIVISION,
    RoleCode.RELIEF_DIVISION,
    RoleCode.FIRE_DIVISION,
    RoleCode.FLOOD_DIVISION,
    RoleCode.LOCAL_BUREAU,
    RoleCode.PARK,
)


def register_all() -> None:
    """Declare the permissions with their first holders."""
    register_permission(
        READ,
        Text("查看事件", "See incidents"),
        roles=[role for role in RoleCode if role not in _OUTSIDERS],
        services=("demo", "worker", "console"),
    )
    register_permission(OPEN, Text("接报立案", "Open incidents"), roles=_DESK, services=("demo",))
    register_permission(
        HANDLE, Text("处置事件", "Handle incidents"), roles=_DESK, services=("demo", "worker")
    )
