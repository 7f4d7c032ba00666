"""The Django app of points."""

from django.apps import AppConfig


class PointsConfig(AppConfig):
    """Registers permissions, resources and audited tables of points."""

    name = "anlan.domains.monitoring.points"
    label = "points"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from anlan.domains.monitoring.points import resource
        from anlan.platform.http import register_router

        resource.register_all()
        register_router("points", "anlan.domains.monitoring.points.api")
        register_router("rules", "anlan.domains.monitoring.points.rules_api")
        register_router("gateways", "anlan.domains.monitoring.points.gateway_api")
