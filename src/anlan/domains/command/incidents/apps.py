"""The Django app of incidents."""

from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    """Registers tables, clocks, permissions, resources, the alarm desk's action and map layers."""

    name = "anlan.domains.command.incidents"
    label = "incidents"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from anlan.domains.command.incidents import deadlines, layers, resource, tables
        from anlan.domains.command.incidents.api import router
        from anlan.platform.http import register_router

        tables.register_tables()
        deadlines.register_deadlines()
        resource.register_all()
        layers.register_layers()
        register_router("incidents", router)
