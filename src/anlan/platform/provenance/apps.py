from django.apps import AppConfig


class ProvenanceConfig(AppConfig):
    name = "anlan.platform.provenance"
    label = "provenance"
    verbose_name = "计算溯源"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from anlan.platform.provenance import resource

        resource.register_all()
        _register_thread_rows()


def _register_thread_rows() -> None:
    from anlan.platform.provenance.models import Run
    from anlan.platform.threads.export import ThreadRows, register_thread_rows

    register_thread_rows(
        ThreadRows(
            "run",
            lambda threads: Run.objects.filter(thread__in=threads).order_by("id"),
            frozenset({"elapsed_ms"}),  # a measurement
        )
    )
