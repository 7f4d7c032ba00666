"""The only writers of incidents: opening, handling, and what they reach."""

from anlan.domains.command.incidents.services.footprints import compute_footprint
from anlan.domains.command.incidents.services.handling import (
    add_note,
    begin_handling,
    end_incident,
    update_facts,
)
from anlan.domains.command.incidents.services.opening import open_from_alarm, open_incident
from anlan.domains.command.incidents.services.threats import assess_threat

__all__ = [
    "add_note",
    "assess_threat",
    "begin_handling",
    "compute_footprint",
    "end_incident",
    "open_from_alarm",
    "open_incident",
    "update_facts",
]
