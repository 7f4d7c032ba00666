"""The Django app of the daily patrol bulletin."""

from datetime import timedelta

from django.apps import AppConfig

from anlan.kernel.text import Text


class PatrolConfig(AppConfig):
    """Registers the table, permissions, resources and the daily duty."""

    name = "anlan.domains.monitoring.patrol"
    label = "patrol"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from anlan.domains.monitoring.patrol import resource, tables
        from anlan.domains.monitoring.patrol.services import issue_when_due
        from anlan.platform.http import register_router
        from anlan.platform.jobs.duties import Duty, register_duty

        tables.register_tables()
        resource.register_all()
        register_router("patrol", "anlan.domains.monitoring.patrol.api")
        register_duty(
            Duty(
                "patrol.daily",
                Text("线上巡查通报", "Daily patrol bulletin"),
                timedelta(minutes=5),
                issue_when_due,
            )
        )
