"""The Django app of alarms."""

from django.apps import AppConfig


class AlarmsConfig(AppConfig):
    """Registers permissions, resources and audited tables of alarms."""

    name = "anlan.domains.monitoring.alarms"
    label = "alarms"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from anlan.domains.monitoring.alarms import resource

        resource.register_all()
