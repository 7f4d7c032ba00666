"""The Django app of population."""

from django.apps import AppConfig


class PopulationConfig(AppConfig):
    """Registers permissions."""

    name = "anlan.domains.data.population"
    label = "population"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from anlan.domains.data.population import permissions

        permissions.register_all()
