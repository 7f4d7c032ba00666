"""What one may do with notices."""

from anlan.kernel.text import Text
from anlan.platform.identity.permissions import register_permission
from anlan.platform.identity.roles import RoleCode

READ = "notices.read"
GIVE = "notices.give"


def register_all() -> None:
    """Declare the permissions with their first holders."""
    register_permission(
        READ,
        Text("查看通知", "See notices"),
        roles=[role for role in RoleCode if role is not RoleCode.PUBLIC],
        services=("worker", "demo", "console"),
    )
    register_permission(
        GIVE, Text("发出系统内通知", "Give notices"), services=("worker", "demo", "evaluator", "console")
    )
