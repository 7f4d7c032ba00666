"""The Django app of enterprises."""

from django.apps import AppConfig


class EnterprisesConfig(AppConfig):
    """Registers permissions, resources and audited tables of enterprises."""

    name = "anlan.domains.monitoring.enterprises"
    label = "enterprises"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from anlan.domains.monitoring.enterprises import imports, layers, resource

        resource.register_all()
        layers.register_layers()
        imports.register_imports()
