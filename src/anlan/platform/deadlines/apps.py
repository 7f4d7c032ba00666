from django.apps import AppConfig


class DeadlinesConfig(AppConfig):
    name = "anlan.platform.deadlines"
    label = "deadlines"
    verbose_name = "时限"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from anlan.platform.deadlines import resource

        resource.register_all()
        _register_thread_rows()


def _register_thread_rows() -> None:
    from anlan.platform.deadlines.models import Deadline
    from anlan.platform.threads.export import ThreadRows, register_thread_rows

    register_thread_rows(
        ThreadRows(
            "deadline",
            lambda threads: Deadline.objects.filter(thread__in=threads).order_by("id"),
        )
    )
