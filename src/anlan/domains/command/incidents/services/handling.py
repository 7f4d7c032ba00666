"""处置: what people do with an incident, and its grade, which follows the figures."""

from uuid import UUID

from anlan.domains.command.incidents.contracts import IncidentView
from anlan.domains.command.incidents.deadlines import HANDLING, REPORT_UP
from anlan.domains.command.incidents.models import Incident
from anlan.domains.command.incidents.queries import incident_view
from anlan.domains.command.incidents.services.writing import add_entry, changed, incident_now
from anlan.domains.command.incidents.states import HANDLE, INCIDENT_WORKFLOW, EntryKind, graded
from anlan.platform.commands import current_principal, decide_there, service
from anlan.platform.deadlines.services import cancel_deadline, meet_deadline
from anlan.platform.resources.editing import locked

FIGURES = ("dead", "missing", "seriously_injured", "lightly_injured", "trapped", "loss_yuan")


@service("incidents.handle", permission=HANDLE)
def begin_handling(incident_id: UUID, *, note: str) -> IncidentView:
    """开始处置: the clock of handling stops."""
    incident = _for(incident_id, "handle")
    add_entry(incident, EntryKind.HANDLING, note)
    meet_deadline(HANDLING, incident.id)
    changed(incident, "state")
    return incident_view(incident)


@service("incidents.facts", permission=HANDLE)
def update_facts(
    incident_id: UUID,
    *,
    dead: int = 0,
    missing: int = 0,
    seriously_injured: int = 0,
    lightly_injured: int = 0,
    trapped: int = 0,
    loss_yuan: float = 0.0,
    note: str = "",
) -> IncidentView:
    """The totals so far; the grade follows them (State Council order 493), up and down."""
    incident = _for(incident_id, "facts")
    before = incident.grade
    for name, value in zip(
        FIGURES, (dead, missing, seriously_injured, lightly_injured, trapped, loss_yuan), strict=True
    ):
        setattr(incident, name, value)
    grade = graded(dead, seriously_injured, loss_yuan)
    incident.grade = grade.value if grade else ""
    add_entry(incident, EntryKind.FACTS, note, facts={name: getattr(incident, name) for name in FIGURES})
    if incident.grade != before:
        add_entry(incident, EntryKind.GRADED, facts={"before": before, "after": incident.grade})
    changed(incident, *FIGURES, "grade")
    return incident_view(incident)


@service("incidents.note", permission=HANDLE)
def add_note(incident_id: UUID, *, note: str) -> IncidentView:
    """Put a note on the time line, in any state."""
    incident = _for(incident_id, "note")
    add_entry(incident, EntryKind.NOTE, note)
    changed(incident)
    return incident_view(incident)


@service("incidents.end", permission=HANDLE)
def end_incident(incident_id: UUID, *, note: str) -> IncidentView:
    """结束: no clock of the incident runs on."""
    incident = _for(incident_id, "end")
    incident.ended_at = incident_now(incident)
    add_entry(incident, EntryKind.ENDED, note)
    for kind in (HANDLING, REPORT_UP):
        cancel_deadline(kind, incident.id)
    changed(incident, "state", "ended_at")
    return incident_view(incident)


def _for(incident_id: UUID, event: str) -> Incident:
    """The incident, locked, with its state moved on by *event*."""
    incident = locked(Incident, incident_id)
    decide_there(HANDLE, incident.region, incident.zone)
    transition = INCIDENT_WORKFLOW.require(event, incident, current_principal())
    if transition.target is not None:
        incident.state = str(transition.target)
    return incident
