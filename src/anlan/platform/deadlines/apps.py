from django.apps import AppConfig


class DeadlinesConfig(AppConfig):
    name = "anlan.platform.deadlines"
    label = "deadlines"
    verbose_name = "时限"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from anlan.platform.deadlines import resource

        resource.register_all()
