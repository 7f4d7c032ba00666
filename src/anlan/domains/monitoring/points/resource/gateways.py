"""Gateways on the generic screens. A new one is made by its own route, which shows the key once."""

from datetime import datetime
from uuid import UUID

from ninja import Schema

from anlan.domains.monitoring.points import permissions
from anlan.domains.monitoring.points.resource.common import ENTERPRISE, ENTERPRISE_FILTER
from anlan.domains.monitoring.points.services import disable_gateway, enable_gateway, reorder_gateway
from anlan.domains.monitoring.points.states import GATEWAY_WORKFLOW, MOST_REORDER_S, GatewayState
from anlan.kernel.text import Text
from anlan.platform.resources import Column, Filter, Related, Resource, labelled
from anlan.platform.resources.common import REGION, REGION_FILTER, SYNTHETIC
from anlan.platform.workflow import Transition


class GatewayOut(Schema):
    """A gateway as a row; its key never leaves again after it was made."""

    id: UUID
    source: str
    name: str
    state: GatewayState
    key_made_at: datetime
    enterprise_id: UUID
    enterprise_name: str
    timeline: UUID | None
    exercise: bool
    reorder_s: float = labelled("乱序缓冲", "Held for order", unit="s")
    region: str
    zone: str | None
    synthetic: bool
    version: int


class Reordering(Schema):
    """What setting the order of a gateway's readings needs."""

    reorder_s: float = labelled(
        "乱序缓冲",
        "Held for order",
        unit="s",
        ge=0,
        le=MOST_REORDER_S,
        help=Text(
            "数据到达次序会颠倒时填写最大迟到秒数，报警相应推迟；0 为到达即判",
            "Where readings come out of order: by how many seconds at most. Alarms come that much later; 0 judges them "
            "as they come",
        ),
    )


GATEWAY_ACTIONS = GATEWAY_WORKFLOW.extended(
    Transition(
        event="reorder",
        source=frozenset(GatewayState),
        target=None,
        label=Text("乱序缓冲", "Hold for order"),
        permission=permissions.GATEWAYS_WRITE,
        form=Reordering,
    )
)


def gateway_resource() -> Resource:
    """The resource ``gateway``."""
    from anlan.domains.monitoring.points.models import Gateway

    return Resource(
        name="gateway",
        plural="gateways",
        title=Text("网关", "Gateways"),
        model=Gateway,
        out=GatewayOut,
        icon="gateway",
        synthetic="synthetic",
        read_permission=permissions.GATEWAYS_READ,
        order=("source",),
        columns=(
            Column("source", Text("接入名", "Source name"), width=180, sortable=True),
            Column("name", Text("名称", "Name"), sortable=True),
            Column("state", Text("状态", "State"), kind="enum", enum=GatewayState, width=90),
            ENTERPRISE,
            Column("key_made_at", Text("密钥时间", "Key made"), kind="time", width=170),
            Column("reorder_s", Text("乱序缓冲", "Held for order"), kind="number", unit="s", width=110),
            Column("exercise", Text("演练", "Exercise"), kind="bool", width=80),
            REGION,
            SYNTHETIC,
        ),
        filters=(
            ENTERPRISE_FILTER,
            Filter("state", Text("状态", "State"), kind="enum", enum=GatewayState),
            REGION_FILTER,
        ),
        search=("source", "name", "enterprise_name"),
        related=(Related("point", "gateway_id", Text("监测点", "Points")),),
        actions=GATEWAY_ACTIONS,
        handlers={"disable": disable_gateway, "enable": enable_gateway, "reorder": reorder_gateway},
    )
