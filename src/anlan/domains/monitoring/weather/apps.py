"""The Django app of weather."""

from django.apps import AppConfig


class WeatherConfig(AppConfig):
    """Registers permissions and the resource."""

    name = "anlan.domains.monitoring.weather"
    label = "weather"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from anlan.domains.monitoring.weather import resource

        resource.register_all()
