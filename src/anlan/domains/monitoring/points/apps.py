"""The Django app of points."""

from django.apps import AppConfig


class PointsConfig(AppConfig):
    """Registers permissions, resources and audited tables of points."""

    name = "anlan.domains.monitoring.points"
    label = "points"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from anlan.domains.monitoring.points import api, gateway_api, resource

        resource.register_all()
        api.register_all()
        gateway_api.register_all()
