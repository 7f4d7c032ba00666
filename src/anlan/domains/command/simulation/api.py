"""The outlines of a result for the map, and what may be asked of an engine."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from anlan.domains.command.simulation.comparing import compared
from anlan.domains.command.simulation.models import Simulation
from anlan.domains.command.simulation.states import READ
from anlan.platform.commands import current_principal, decide, read_scope
from anlan.platform.http.problems import ProblemOut
from anlan.platform.scope.reading import visible

_REFUSED: dict[Any, Any] = {frozenset({401, 403, 404, 422, 500, 503}): ProblemOut}

router = Router(tags=["simulations"])


class ZonesOut(Schema):
    """The site and the zones of a result as GeoJSON (RFC 7946), the gravest of each group first."""

    type: str
    input_hash: str
    features: list[dict[str, Any]]


@router.get("/{uuid:id}/zones", operation_id="get_simulation_zones", response={200: ZonesOut, **_REFUSED})
def get_zones(request: HttpRequest, id: UUID) -> ZonesOut:
    """The outlines of a result."""
    decide(current_principal(), READ)
    with read_scope():
        return ZonesOut(**visible(Simulation.objects.only("zones"), id).zones)


class ComparisonOut(Schema):
    """Two results side by side: which inputs differ, and each zone's reach, area and people in both."""

    one: dict[str, Any]
    other: dict[str, Any]
    inputs: list[dict[str, Any]]
    zones: list[dict[str, Any]]


@router.get(
    "/{uuid:id}/compare", operation_id="compare_simulations", response={200: ComparisonOut, **_REFUSED}
)
def get_comparison(request: HttpRequest, id: UUID, other: UUID) -> ComparisonOut:
    """A result beside another of the same hazard."""
    decide(current_principal(), READ)
    with read_scope():
        rows = Simulation.objects.all()
        return ComparisonOut(**compared(visible(rows, id), visible(rows, other)))
