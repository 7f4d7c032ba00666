"""The Django app of simulation."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.apps import AppConfig

if TYPE_CHECKING:
    from django.db.models import QuerySet


class SimulationConfig(AppConfig):
    """Registers tables, permissions, resources, the job and the routes."""

    name = "anlan.domains.command.simulation"
    label = "simulation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from anlan.domains.command.simulation import resource, running, tables
        from anlan.platform.http import register_router

        tables.register_tables()
        resource.register_all()
        running.register_jobs()
        register_router("simulations", "anlan.domains.command.simulation.api")
        _register_thread_rows()


def _register_thread_rows() -> None:
    from anlan.domains.command.simulation.models import Scenario, Simulation
    from anlan.platform.threads.export import ThreadRows, register_thread_rows

    for name, model in (("scenario", Scenario), ("simulation", Simulation)):
        register_thread_rows(ThreadRows(name, _rows_of(model)))


def _rows_of(model: Any) -> "Callable[[frozenset[UUID]], QuerySet[Any]]":
    return lambda threads: model.objects.filter(thread__in=threads).order_by("id")
