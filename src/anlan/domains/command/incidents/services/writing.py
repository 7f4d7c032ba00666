"""What every service of incidents does: time line, version, thread, event."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from anlan.domains.command.incidents.models import Entry, Incident
from anlan.domains.command.incidents.states import READ, EntryKind
from anlan.kernel import clock
from anlan.kernel.ids import new_id
from anlan.platform.commands import current_principal, record_thread
from anlan.platform.outbox import emit
from anlan.platform.threads.queries import clock_of_timeline

TOPIC = "incident"


def incident_now(incident: Incident) -> Any:
    """The time by the incident's own clock."""
    return clock_of_timeline(incident.timeline).now()


def add_entry(
    incident: Incident,
    kind: EntryKind,
    note: str = "",
    *,
    run: UUID | None = None,
    facts: Mapping[str, Any] | None = None,
) -> None:
    """Put one entry on the time line."""
    Entry.objects.create(
        id=new_id(),
        incident=incident,
        kind=kind.value,
        at=incident_now(incident),
        recorded_at=clock.now(),
        actor=current_principal().name,
        note=note.strip(),
        run=run,
        facts=dict(facts or {}),
        region=incident.region,
        zone=incident.zone,
    )


def changed(incident: Incident, *fields: str) -> None:
    """Save *fields*, count the version, and tell the screens."""
    incident.version += 1
    incident.save(update_fields=[*fields, "version"])
    told(incident)


def told(incident: Incident) -> None:
    """Tell the screens that an incident is there or has changed."""
    record_thread(incident.thread)
    emit(
        TOPIC,
        {
            "id": incident.id,
            "version": incident.version,
            "state": incident.state,
            "number": incident.number,
            "alarm_id": incident.alarm_id,
        },
        thread=incident.thread,
        region=incident.region,
        zone=incident.zone,
        permission=READ,
        timeline=incident.timeline,
        exercise=incident.exercise,
    )
