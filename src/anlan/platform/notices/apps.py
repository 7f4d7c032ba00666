from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "anlan.platform.notices"
    label = "notices"
    verbose_name = "通知"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from anlan.platform.http import register_router
        from anlan.platform.notices import permissions

        permissions.register_all()
        register_router("notices", "anlan.platform.notices.api")
        _register_thread_rows()


def _register_thread_rows() -> None:
    from anlan.platform.notices.models import Notice
    from anlan.platform.threads.export import ThreadRows, register_thread_rows

    register_thread_rows(
        ThreadRows(
            "notice",
            lambda threads: Notice.objects.filter(thread__in=threads).order_by("id"),
        )
    )
