"""The Django app of the server itself: permissions that belong to no domain."""

from django.apps import AppConfig

from anlan.kernel.text import Text
from anlan.platform.identity.permissions import register_permission
from anlan.platform.identity.roles import RoleCode

STATUS_PERMISSION = "system.status"


class ServerConfig(AppConfig):
    """Registers what the server's own routes ask for."""

    name = "anlan.server"
    label = "server"
    verbose_name = "系统"

    def ready(self) -> None:
        register_permission(
            STATUS_PERMISSION,
            Text("查看系统状态", "See the system's status"),
            roles=[role for role in RoleCode if role is not RoleCode.PUBLIC],
        )
