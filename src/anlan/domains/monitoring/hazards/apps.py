"""The Django app of major hazards."""

from django.apps import AppConfig


class HazardsConfig(AppConfig):
    """Registers tables of standards, permissions, resources and map layers."""

    name = "anlan.domains.monitoring.hazards"
    label = "hazards"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from anlan.domains.monitoring.hazards import imports, layers, resource, tables

        tables.register_tables()
        resource.register_all()
        layers.register_layers()
        imports.register_imports()
