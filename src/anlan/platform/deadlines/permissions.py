"""What one may do with deadlines; starting and meeting them belongs to the services that they are about."""

from anlan.kernel.text import Text
from anlan.platform.identity.permissions import register_permission
from anlan.platform.identity.roles import RoleCode

READ = "deadlines.read"
TICK = "deadlines.tick"

_OUTSIDERS = {RoleCode.PUBLIC, RoleCode.INSURER}


def register_all() -> None:
    """Declare the permissions with their first holders."""
    register_permission(
        READ,
        Text("查看时限", "See deadlines"),
        roles=[role for role in RoleCode if role not in _OUTSIDERS],
        services=("worker", "demo", "console"),
    )
    register_permission(TICK, Text("执行时限升级", "Escalate deadlines"), services=("worker", "demo"))
