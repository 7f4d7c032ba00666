"""Alarms, their time lines, floods, shelvings, maintenance windows and reports on the generic screens."""

from anlan.domains.monitoring.alarms.permissions import register_all as register_permissions
from anlan.domains.monitoring.alarms.resource.alarms import alarm_event_resource, alarm_resource
from anlan.domains.monitoring.alarms.resource.groups import group_resource
from anlan.domains.monitoring.alarms.resource.reports import kpi_resource, report_resource
from anlan.domains.monitoring.alarms.resource.suppression import maintenance_resource, shelving_resource
from anlan.platform.http import register_router
from anlan.platform.resources import register


def register_all() -> None:
    """Declare permissions, resources and the routes beside them."""
    register_permissions()
    for resource in (
        alarm_resource(),
        alarm_event_resource(),
        group_resource(),
        shelving_resource(),
        maintenance_resource(),
        report_resource(),
        kpi_resource(),
    ):
        register(resource)
    register_router("alarms", "anlan.domains.monitoring.alarms.api")
    register_router("alarm-reports", "anlan.domains.monitoring.alarms.report_api")
