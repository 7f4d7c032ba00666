"""影响预判: what an alarm may come to, computed at a click, before anybody has been there."""

import time
from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from anlan.domains.command.incidents import tables
from anlan.domains.command.incidents.contracts import ThreatSpec
from anlan.domains.command.incidents.services.inside import Origin, record_inside
from anlan.domains.command.incidents.states import OPEN
from anlan.domains.monitoring.alarms.contracts import AlarmView
from anlan.domains.monitoring.alarms.queries import find_alarm
from anlan.domains.monitoring.hazards.contracts import MajorHazardView
from anlan.domains.monitoring.hazards.queries import find_hazard
from anlan.domains.monitoring.weather.queries import weather_at
from anlan.platform.commands import decide_there, service
from anlan.platform.provenance.services import RunPlace, RunSubject, record_run
from anlan.platform.standards.queries import table_in_force
from anlan.platform.threads.queries import clock_of_timeline

if TYPE_CHECKING:
    from anlan.domains.command.incidents.services.threatened import Threat

KIND = "alarm"
FOOTPRINT, PEOPLE = "threat", "threat_people"


@service("incidents.assess_threat", permission=OPEN)
def assess_threat(alarm_id: UUID, spec: ThreatSpec) -> UUID:
    """Compute what the vessel of *spec* may do in the weather of the hour, and who is inside; the id of the run.

    It stands on the alarm's thread; nothing else changes. Raises `Invalid` for a substance of which nothing can be
    computed, with words.
    """
    # the engine with its libraries, which only a process that computes is to load
    from anlan.domains.command.incidents.services import threatened

    alarm = find_alarm(alarm_id)
    decide_there(OPEN, alarm.region, alarm.zone)
    hazard = find_hazard(spec.hazard_id)
    at = clock_of_timeline(alarm.timeline).now()
    began = time.perf_counter()
    made = threatened.threat_of(spec, hazard, weather_at(hazard.region, at), table_in_force(tables.THREATS))
    elapsed_ms = (time.perf_counter() - began) * 1000
    place = RunPlace(
        alarm.region,
        alarm.zone,
        alarm.thread,
        alarm.timeline,
        alarm.exercise,
        hazard.synthetic or made.air.synthetic,
    )
    run = record_run(
        made.outcome.manifest,
        _told(spec, hazard, made),
        RunSubject(KIND, alarm.id, FOOTPRINT),
        place,
        valid_at=made.air.at or at,
        elapsed_ms=elapsed_ms,
    )
    _record_people(alarm, hazard, made, place)
    return run


def _record_people(alarm: AlarmView, hazard: MajorHazardView, made: "Threat", place: RunPlace) -> None:
    at = clock_of_timeline(alarm.timeline).now()
    harm = {name: shape for name, (zone, shape) in made.shapes.items() if zone.group != "probability"}
    record_inside(
        RunSubject(KIND, alarm.id, PEOPLE),
        harm,
        made.outcome.manifest.digest,
        place,
        Origin(hazard.lon, hazard.lat, hazard.id, at),
        made.at_place,
    )


def _told(spec: ThreatSpec, hazard: MajorHazardView, made: "Threat") -> Mapping[str, Any]:
    """What the run keeps as its result."""
    outcome, summary = made.outcome, made.outcome.summary()
    source = dict(outcome.more.get("source", {}))
    source.pop("series", None)
    return {
        "kind": outcome.kind,
        "hazard": {"id": str(hazard.id), "name": hazard.name, "lon": hazard.lon, "lat": hazard.lat},
        "vessel": {
            "equipment": spec.equipment,
            "substance": spec.substance,
            "cas": spec.cas,
            "stock_t": spec.stock_t,
        },
        "seen": [asdict(one) for one in spec.seen],
        "source": source,
        "weather": made.air.as_json(),
        "figures": summary["figures"],
        "zones": [
            {**zone, "geometry": _geometry(made.shapes.get(zone["name"]))}
            for zone in summary["zones"]
            if zone["reached"]
        ],
        "params": outcome.inputs,
    }


def _geometry(found: tuple[Any, BaseGeometry] | None) -> Mapping[str, Any] | None:
    return None if found is None else mapping(found[1])
