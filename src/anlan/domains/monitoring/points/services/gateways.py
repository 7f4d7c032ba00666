"""Gateways: connect, give a new key, disable and enable."""

import re
from uuid import UUID

from anlan.domains.monitoring.announce import announce
from anlan.domains.monitoring.editing import insert_once, locked, refuse_field, require_text
from anlan.domains.monitoring.enterprises.queries import find_enterprise
from anlan.domains.monitoring.points.contracts import GatewayKey, GatewayView
from anlan.domains.monitoring.points.events import GATEWAY_TOPIC
from anlan.domains.monitoring.points.keys import hash_key, make_key
from anlan.domains.monitoring.points.models import SOURCE_FORM, Gateway
from anlan.domains.monitoring.points.permissions import GATEWAYS_READ, GATEWAYS_WRITE
from anlan.domains.monitoring.points.queries import gateway_view
from anlan.domains.monitoring.points.states import GATEWAY_WORKFLOW, MOST_REORDER_S
from anlan.kernel.clock import now
from anlan.kernel.ids import new_id
from anlan.kernel.text import Text
from anlan.platform.commands import current_principal, decide_there, service
from anlan.platform.threads.queries import timeline_of


@service("gateways.register", permission=GATEWAYS_WRITE)
def register_gateway(
    *, source: str, name: str, enterprise_id: UUID, timeline: UUID | None = None
) -> GatewayKey:
    """Connect a gateway of an enterprise; the key in the answer is shown this once.

    *timeline* is given when the gateway replays or drills.
    """
    source, name = source.strip(), require_text("name", name)
    if not re.fullmatch(SOURCE_FORM, source):
        raise refuse_field(
            "source",
            "只能用小写字母、数字、“-”和“_”，以字母或数字开头，最多 64 个字符",
            "Lower-case letters, digits, - and _, starting with a letter or digit, at most 64",
        )
    enterprise = find_enterprise(enterprise_id)
    decide_there(GATEWAYS_WRITE, enterprise.region, enterprise.zone)
    key = make_key()
    hashed = hash_key(key)
    gateway = Gateway(
        id=new_id(),
        source=source,
        name=name,
        key_sha256=hashed.sha256,
        key_bcrypt=hashed.bcrypt,
        key_made_at=now(),
        enterprise_id=enterprise.id,
        enterprise_name=enterprise.name,
        timeline=timeline,
        exercise=timeline_of(timeline).exercise if timeline else False,
        region=enterprise.region,
        zone=enterprise.zone,
        synthetic=enterprise.synthetic,
    )
    insert_once(gateway, "source", Text("该接入名已被使用", "This source name is taken"))
    announce(GATEWAY_TOPIC, gateway, GATEWAYS_READ)
    return GatewayKey(gateway_view(gateway), key)


@service("gateways.rotate_key", permission=GATEWAYS_WRITE)
def rotate_gateway_key(gateway_id: UUID) -> GatewayKey:
    """Give the gateway a new key; the old one is refused from now on."""
    gateway = locked(Gateway, gateway_id, GATEWAYS_WRITE)
    key = make_key()
    hashed = hash_key(key)
    gateway.key_sha256, gateway.key_bcrypt, gateway.key_made_at = hashed.sha256, hashed.bcrypt, now()
    gateway.version += 1
    gateway.save(update_fields=["key_sha256", "key_bcrypt", "key_made_at", "version"])
    announce(GATEWAY_TOPIC, gateway, GATEWAYS_READ)
    return GatewayKey(gateway_view(gateway), key)


@service("gateways.disable", permission=GATEWAYS_WRITE)
def disable_gateway(gateway_id: UUID) -> GatewayView:
    """Refuse what the gateway sends."""
    return _move(gateway_id, "disable")


@service("gateways.enable", permission=GATEWAYS_WRITE)
def enable_gateway(gateway_id: UUID) -> GatewayView:
    """Accept what the gateway sends."""
    return _move(gateway_id, "enable")


@service("gateways.reorder", permission=GATEWAYS_WRITE)
def reorder_gateway(gateway_id: UUID, *, reorder_s: float) -> GatewayView:
    """Hold what the gateway sends for *reorder_s* seconds and evaluate it in the order of its events.

    Raises `Invalid` outside 0 to `MOST_REORDER_S`.
    """
    gateway = locked(Gateway, gateway_id, GATEWAYS_WRITE)
    if not 0 <= reorder_s <= MOST_REORDER_S:
        raise refuse_field(
            "reorder_s",
            f"请填 0 到 {MOST_REORDER_S:g} 秒",
            f"Between 0 and {MOST_REORDER_S:g} seconds",
        )
    gateway.reorder_s = reorder_s
    gateway.version += 1
    gateway.save(update_fields=["reorder_s", "version"])
    announce(GATEWAY_TOPIC, gateway, GATEWAYS_READ)
    return gateway_view(gateway)


def _move(gateway_id: UUID, event: str) -> GatewayView:
    gateway = locked(Gateway, gateway_id, GATEWAYS_WRITE)
    transition = GATEWAY_WORKFLOW.require(event, gateway, current_principal())
    gateway.state = str(transition.target)
    gateway.version += 1
    gateway.save(update_fields=["state", "version"])
    announce(GATEWAY_TOPIC, gateway, GATEWAYS_READ)
    return gateway_view(gateway)
