from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "anlan.platform.notices"
    label = "notices"
    verbose_name = "通知"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from anlan.platform.http import register_router
        from anlan.platform.notices import permissions
        from anlan.platform.notices.api import router

        permissions.register_all()
        register_router("notices", router)
