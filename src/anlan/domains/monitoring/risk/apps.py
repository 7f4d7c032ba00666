"""The Django app of risk."""

from django.apps import AppConfig


class RiskConfig(AppConfig):
    """Registers tables of standards, permissions, resources, map layers and the duty that computes."""

    name = "anlan.domains.monitoring.risk"
    label = "risk"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from anlan.domains.monitoring.risk import duties, layers, resource, tables

        tables.register_tables()
        resource.register_all()
        layers.register_layers()
        duties.register_duties()
