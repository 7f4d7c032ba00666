from django.apps import AppConfig


class ProvenanceConfig(AppConfig):
    name = "anlan.platform.provenance"
    label = "provenance"
    verbose_name = "计算溯源"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from anlan.platform.provenance import resource

        resource.register_all()
