"""Routes of gateways that show a key: the only moments at which one leaves the system."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from ninja.responses import Status

from anlan.domains.monitoring.points.contracts import GatewayKey
from anlan.domains.monitoring.points.services import register_gateway, rotate_gateway_key
from anlan.platform.http.problems import ProblemOut
from anlan.platform.resources import labelled

_REFUSED: dict[Any, Any] = {frozenset({401, 403, 404, 409, 422, 500, 503}): ProblemOut}

router = Router(tags=["gateways"])


class GatewayForm(Schema):
    """What connecting a gateway needs."""

    source: str = labelled("接入名", "Source name", min_length=1, max_length=64)
    name: str = labelled("名称", "Name", min_length=1, max_length=120)
    enterprise_id: UUID = labelled("企业", "Enterprise", link="enterprise")


class GatewayKeyOut(Schema):
    """The key of a gateway; the only time that it is shown."""

    id: UUID
    source: str
    key: str


@router.post("/register", operation_id="register_gateway", response={201: GatewayKeyOut, **_REFUSED})
def register(request: HttpRequest, payload: GatewayForm) -> Status[GatewayKeyOut]:
    """Connect a gateway; the answer holds its key, this once."""
    made = register_gateway(source=payload.source, name=payload.name, enterprise_id=payload.enterprise_id)
    return Status(201, _shown(made))


@router.post(
    "/{uuid:id}/rotate-key", operation_id="rotate_gateway_key", response={200: GatewayKeyOut, **_REFUSED}
)
def rotate(request: HttpRequest, id: UUID) -> GatewayKeyOut:
    """Give the gateway a new key; the old one is refused from now on."""
    return _shown(rotate_gateway_key(id))


def _shown(made: GatewayKey) -> GatewayKeyOut:
    return GatewayKeyOut(id=made.gateway.id, source=made.gateway.source, key=made.key)
