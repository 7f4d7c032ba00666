"""The Django app of population."""

from django.apps import AppConfig


class PopulationConfig(AppConfig):
    """Registers permissions and the table of weights."""

    name = "anlan.domains.data.population"
    label = "population"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from anlan.domains.data.population import permissions, tables

        permissions.register_all()
        tables.register_tables()
