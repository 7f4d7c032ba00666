"""Gateways, points, limits and refused data on the generic screens."""

from anlan.domains.monitoring.points import permissions
from anlan.domains.monitoring.points.resource.dead_letters import dead_letter_resource
from anlan.domains.monitoring.points.resource.gateways import gateway_resource
from anlan.domains.monitoring.points.resource.limits import limit_resource
from anlan.domains.monitoring.points.resource.points import point_resource
from anlan.domains.monitoring.points.resource.rules import rule_resource
from anlan.platform.resources import register


def register_all() -> None:
    """Declare permissions and resources."""
    permissions.register_all()
    register(point_resource())
    register(limit_resource())
    register(rule_resource())
    register(gateway_resource())
    register(dead_letter_resource())
