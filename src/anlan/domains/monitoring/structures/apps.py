"""The Django app of structures."""

from datetime import timedelta

from django.apps import AppConfig

from anlan.kernel.text import Text


class StructuresConfig(AppConfig):
    """Registers permissions, resources, and the round of judgements."""

    name = "anlan.domains.monitoring.structures"
    label = "structures"
    verbose_name = "边坡与尾矿库"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from anlan.domains.monitoring.structures import resource
        from anlan.domains.monitoring.structures.services import judge_all
        from anlan.platform.jobs.duties import Duty, register_duty

        resource.register_all()
        register_duty(
            Duty(
                "structures.judge",
                Text("边坡与尾矿库研判", "Judgement of slopes and ponds"),
                timedelta(minutes=10),
                judge_all,
            )
        )
