"""The outlines of a result for the map, and what may be asked of an engine."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

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
