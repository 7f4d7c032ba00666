from django.apps import AppConfig

from anlan.kernel.text import Text
from anlan.platform.identity.permissions import register_permission
from anlan.platform.identity.roles import RoleCode


class AuditConfig(AppConfig):
    name = "anlan.platform.audit"
    label = "audit"
    verbose_name = "审计"

    def ready(self) -> None:
        from anlan.platform.audit import checks  # noqa: F401 - registers the checks

        register_permission(
            "audit.read",
            Text("查阅与校验审计记录", "Read and verify audit records"),
            roles=(RoleCode.AUDIT_ADMIN,),
            services=("console",),
        )
