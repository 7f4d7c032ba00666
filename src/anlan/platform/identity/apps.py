from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate

from anlan.kernel.text import Text
from anlan.platform.identity.permissions import register_permission
from anlan.platform.identity.roles import RoleCode


class IdentityConfig(AppConfig):
    name = "anlan.platform.identity"
    label = "identity"
    verbose_name = "用户与权限"

    def ready(self) -> None:
        register_permission("identity.sign_in", Text("登录与退出", "Sign in and out"), services=("web",))
        register_permission(
            "identity.manage_users",
            Text("管理机构与用户", "Manage organisations and users"),
            roles=(RoleCode.SYSTEM_ADMIN,),
            services=("console", "demo"),
        )
        register_permission(
            "identity.grant_roles",
            Text("授予与收回角色", "Grant and revoke roles"),
            roles=(RoleCode.SECURITY_ADMIN,),
            services=("console", "demo"),
        )
        register_permission(
            "identity.manage_roles",
            Text("管理角色的权限", "Manage what roles may do"),
            roles=(RoleCode.SECURITY_ADMIN,),
            services=("console",),
        )
        post_migrate.connect(_give_new_permissions, sender=self)


def _give_new_permissions(using: str, **_: Any) -> None:
    from anlan.platform.identity.first_roles import give_new_permissions

    give_new_permissions(using)
