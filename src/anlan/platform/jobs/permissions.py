"""What one may do with jobs; asking for one needs the permission of its kind."""

from anlan.kernel.text import Text
from anlan.platform.identity.permissions import register_permission
from anlan.platform.identity.roles import RoleCode

READ = "jobs.read"
REQUEST = "jobs.request"
RUN = "jobs.run"

_OUTSIDERS = {RoleCode.PUBLIC, RoleCode.INSURER}
_ONLOOKERS = {RoleCode.LEADER}


def register_all() -> None:
    """Declare the permissions with their first holders."""
    inside = [role for role in RoleCode if role not in _OUTSIDERS]
    register_permission(
        READ, Text("查看后台任务", "See jobs"), roles=inside, services=("worker", "demo", "console")
    )
    register_permission(
        REQUEST,
        Text("提交和取消后台任务", "Ask for jobs and cancel them"),
        roles=[role for role in inside if role not in _ONLOOKERS],
        services=("worker", "demo", "console"),
    )
    register_permission(RUN, Text("执行后台任务", "Run jobs"), services=("worker",))
