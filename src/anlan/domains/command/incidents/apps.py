"""The Django app of incidents."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.apps import AppConfig

if TYPE_CHECKING:
    from django.db.models import QuerySet


class IncidentsConfig(AppConfig):
    """Registers tables, clocks, permissions, resources, the alarm desk's action and map layers."""

    name = "anlan.domains.command.incidents"
    label = "incidents"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from anlan.domains.command.incidents import deadlines, layers, resource, tables
        from anlan.platform.http import register_router

        tables.register_tables()
        deadlines.register_deadlines()
        resource.register_all()
        layers.register_layers()
        register_router("incidents", "anlan.domains.command.incidents.api")
        _register_thread_rows()


def _register_thread_rows() -> None:
    from anlan.domains.command.incidents.models import Entry, Footprint, Incident
    from anlan.platform.threads.export import ThreadRows, register_thread_rows

    for name, model, path in (
        ("incident", Incident, "thread__in"),
        ("incident_entry", Entry, "incident__thread__in"),
        ("footprint", Footprint, "incident__thread__in"),
    ):
        register_thread_rows(ThreadRows(name, _rows_by(model, path)))


def _rows_by(model: Any, path: str) -> "Callable[[frozenset[UUID]], QuerySet[Any]]":
    return lambda threads: model.objects.filter(**{path: threads}).order_by("id")
