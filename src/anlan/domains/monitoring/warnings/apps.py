"""The Django app of warnings and circulars."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.apps import AppConfig

if TYPE_CHECKING:
    from django.db.models import QuerySet


class WarningsConfig(AppConfig):
    """Registers the table, clocks, permissions, resources and the alarm desk's action."""

    name = "anlan.domains.monitoring.warnings"
    label = "warnings"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from anlan.domains.monitoring.warnings import deadlines, resource, tables
        from anlan.platform.http import register_router

        tables.register_tables()
        deadlines.register_deadlines()
        resource.register_all()
        register_router("warnings", "anlan.domains.monitoring.warnings.api")
        _register_thread_rows()


def _register_thread_rows() -> None:
    from anlan.domains.monitoring.warnings.models import Warning, WarningEntry, WarningEvidence
    from anlan.platform.threads.export import ThreadRows, register_thread_rows

    for name, model, path in (
        ("warning", Warning, "thread__in"),
        ("warning_entry", WarningEntry, "warning__thread__in"),
        ("warning_evidence", WarningEvidence, "warning__thread__in"),
    ):
        register_thread_rows(ThreadRows(name, _rows_by(model, path)))


def _rows_by(model: Any, path: str) -> "Callable[[frozenset[UUID]], QuerySet[Any]]":
    return lambda threads: model.objects.filter(**{path: threads}).order_by("id")
