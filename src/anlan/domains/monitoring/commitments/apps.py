"""The Django app of safety commitments and special work."""

from datetime import timedelta

from django.apps import AppConfig

from anlan.kernel.text import Text


class CommitmentsConfig(AppConfig):
    """Registers tables, permissions, resources and the round of cross-checks."""

    name = "anlan.domains.monitoring.commitments"
    label = "commitments"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from anlan.domains.monitoring.commitments import resource, tables
        from anlan.domains.monitoring.commitments.services import check_all
        from anlan.platform.jobs.duties import Duty, register_duty

        tables.register_tables()
        resource.register_all()
        register_duty(
            Duty(
                "commitments.cross_check",
                Text("承诺与作业核对", "Cross-check of commitments and work"),
                timedelta(minutes=1),
                check_all,
            )
        )
