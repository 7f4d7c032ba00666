"""What one may do with tables of standards."""

from anlan.kernel.text import Text
from anlan.platform.identity.permissions import register_permission
from anlan.platform.identity.roles import RoleCode

READ = "standards.read"
PUBLISH = "standards.publish"

_OUTSIDERS = {RoleCode.PUBLIC, RoleCode.INSURER, RoleCode.SERVICE_AGENCY}


def register_all() -> None:
    """Declare the permissions with their first holders."""
    register_permission(
        READ,
        Text("查看标准参数表", "See tables of standards"),
        roles=[role for role in RoleCode if role not in _OUTSIDERS],
        services=("demo", "evaluator", "worker", "console"),
    )
    register_permission(
        PUBLISH,
        Text("发布标准参数表新版本", "Publish versions of tables of standards"),
        roles=(RoleCode.SCIENCE_DIVISION, RoleCode.HAZCHEM_DIVISION, RoleCode.MINE_DIVISION),
        services=("console", "demo"),
    )
