from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "anlan.platform.files"
    label = "files"
    verbose_name = "文件"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from anlan.platform.files import permissions
        from anlan.platform.http import register_router

        permissions.register_all()
        register_router("files", "anlan.platform.files.api")
