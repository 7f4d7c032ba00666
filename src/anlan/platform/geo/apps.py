from django.apps import AppConfig


class GeoConfig(AppConfig):
    name = "anlan.platform.geo"
    label = "geo"
    verbose_name = "地理空间"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from anlan.platform.geo import permissions
        from anlan.platform.geo.boundaries import register_boundaries
        from anlan.platform.geo.imports import register_features
        from anlan.platform.geo.reference import register_reference_layers
        from anlan.platform.http import register_router

        permissions.register_all()
        register_reference_layers()
        register_boundaries()
        register_features()
        register_router("map", "anlan.platform.geo.api")
