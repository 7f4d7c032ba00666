"""The only writers of gateways, points, limits, latest values and dead letters."""

from anlan.domains.monitoring.points.services.dead_letters import record_dead_letters
from anlan.domains.monitoring.points.services.gateways import (
    disable_gateway,
    enable_gateway,
    register_gateway,
    reorder_gateway,
    rotate_gateway_key,
)
from anlan.domains.monitoring.points.services.history import export_history
from anlan.domains.monitoring.points.services.latest import upsert_latest
from anlan.domains.monitoring.points.services.limits import (
    create_limit,
    create_rule,
    set_limit,
    set_limits,
    update_limit,
)
from anlan.domains.monitoring.points.services.points import create_point, create_points, update_point
from anlan.domains.monitoring.points.services.templates import apply_template

__all__ = [
    "apply_template",
    "create_limit",
    "create_point",
    "create_points",
    "create_rule",
    "disable_gateway",
    "enable_gateway",
    "export_history",
    "record_dead_letters",
    "register_gateway",
    "reorder_gateway",
    "rotate_gateway_key",
    "set_limit",
    "set_limits",
    "update_limit",
    "update_point",
    "upsert_latest",
]
