"""What one may do with files."""

from anlan.kernel.text import Text
from anlan.platform.identity.permissions import register_permission
from anlan.platform.identity.roles import RoleCode

READ = "files.read"
STORE = "files.store"

_OUTSIDERS = {RoleCode.PUBLIC, RoleCode.INSURER}
_ONLOOKERS = {RoleCode.LEADER}


def register_all() -> None:
    """Declare the permissions with their first holders."""
    inside = [role for role in RoleCode if role not in _OUTSIDERS]
    register_permission(
        READ, Text("查看文件", "See files"), roles=inside, services=("worker", "demo", "console")
    )
    register_permission(
        STORE,
        Text("上传文件", "Store files"),
        roles=[role for role in inside if role not in _ONLOOKERS],
        services=("worker", "demo", "console"),
    )
