"""Reads of incidents that are more than a filter. Call them inside a service or `read_scope`."""

from uuid import UUID

from anlan.domains.command.incidents.contracts import IncidentView
from anlan.domains.command.incidents.models import Incident
from anlan.domains.command.incidents.states import IncidentKind, IncidentState
from anlan.kernel.levels import IncidentGrade
from anlan.platform.scope.reading import visible


def find_incident(incident_id: UUID) -> IncidentView:
    """The incident, or `NotFound` when there is none that the principal may see."""
    return incident_view(visible(Incident.objects.all(), incident_id))


def incident_of_alarm(alarm_id: UUID) -> IncidentView | None:
    """The incident that was opened from an alarm, if there is one."""
    incident = Incident.objects.filter(alarm_id=alarm_id).first()
    return incident_view(incident) if incident else None


def incident_view(incident: Incident) -> IncidentView:
    """The contract of a row."""
    return IncidentView(
        id=incident.id,
        number=incident.number,
        thread=incident.thread,
        timeline=incident.timeline,
        exercise=incident.exercise,
        synthetic=incident.synthetic,
        title=incident.title,
        kind=IncidentKind(incident.kind),
        state=IncidentState(incident.state),
        grade=IncidentGrade(incident.grade) if incident.grade else None,
        lon=incident.geometry.x,
        lat=incident.geometry.y,
        occurred_at=incident.occurred_at,
        opened_at=incident.opened_at,
        alarm_id=incident.alarm_id,
        enterprise_id=incident.enterprise_id,
        hazard_id=incident.hazard_id,
        cas=incident.cas,
        region=incident.region,
        zone=incident.zone,
        run=incident.run,
        people_run=incident.people_run,
        version=incident.version,
    )
