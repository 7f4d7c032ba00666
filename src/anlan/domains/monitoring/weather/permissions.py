"""What one may do with weather."""

from anlan.domains.monitoring.roles import OBSERVERS
from anlan.kernel.text import Text
from anlan.platform.identity.permissions import register_permission
from anlan.platform.identity.roles import RoleCode

READ = "weather.read"
RECORD = "weather.record"


def register_all() -> None:
    """Declare the permissions with their first holders."""
    register_permission(
        READ,
        Text("查看气象数据", "See weather"),
        roles=(*OBSERVERS, RoleCode.FLOOD_DIVISION, RoleCode.FIRE_DIVISION, RoleCode.RELIEF_DIVISION),
        services=("demo", "worker", "console"),
    )
    register_permission(
        RECORD,
        Text("接入气象数据", "Record weather"),
        roles=(RoleCode.SCIENCE_DIVISION,),
        services=("demo", "worker", "console"),
    )
