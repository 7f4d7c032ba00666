from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "anlan.platform.jobs"
    label = "jobs"
    verbose_name = "后台任务"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from anlan.platform.jobs import resource

        resource.register_all()
