"""The Django app of access."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """Registers tables, permissions and resources."""

    name = "anlan.domains.monitoring.access"
    label = "access"
    verbose_name = "数据接入"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from datetime import timedelta

        from anlan.domains.monitoring.access import resource, tables
        from anlan.domains.monitoring.access.services import assess_month_of_all
        from anlan.kernel.text import Text
        from anlan.platform.jobs.duties import Duty, register_duty

        tables.register_tables()
        resource.register_all()
        register_duty(
            Duty(
                "access.assess",
                Text("在线率月度考核", "Monthly time on line"),
                timedelta(hours=1),
                assess_month_of_all,
            )
        )
