"""震情速报: an earthquake as it is reported, and reported again; every report keeps its scenario and its result."""

from datetime import datetime
from typing import Any
from uuid import UUID

from anlan.domains.command.simulation.contracts import ScenarioView
from anlan.domains.command.simulation.models import Scenario
from anlan.domains.command.simulation.services.scenarios import county_at, run_scenario
from anlan.domains.command.simulation.services.writing import Matter, one_at_a_time, written
from anlan.domains.command.simulation.states import MANAGE, Hazard
from anlan.domains.monitoring.editing import require_place
from anlan.platform.commands import decide_there, service


@service("simulation.report_earthquake", permission=MANAGE)
def report_earthquake(
    *,
    event_id: str,
    magnitude: float,
    lon: float,
    lat: float,
    depth_km: float,
    at: datetime,
    strike_deg: float | None = None,
    region: str | None = None,
) -> ScenarioView:
    """A scenario of the earthquake *event_id* (Ms, degrees, km) and the job that computes it, in one call.

    A second report of the same event, with another magnitude or place, is a scenario of its own that revises the one
    before; what that one came to is kept. The strike of the report before holds where none is given. The county is
    that of the epicentre unless *region* names another. Raises `InvalidFields`, and `Forbidden` outside one's place.
    """
    one_at_a_time(f"earthquake {event_id}")
    before = _last_report(event_id)
    said: dict[str, Any] = dict(before.params["earthquake"]) if before else {}
    said |= {"event_id": event_id, "magnitude": magnitude, "lon": lon, "lat": lat, "depth_km": depth_km}
    said |= {"time": at.isoformat(), "report": said.get("report", 0) + 1}
    if strike_deg is not None:
        said["strike_deg"] = strike_deg
    title = {
        "zh": f"{event_id} {magnitude:g} 级地震（第 {said['report']} 报）",
        "en": f"{event_id}: earthquake of M {magnitude:g} (report {said['report']})",
    }
    matter = _matter(said, region, before)
    decide_there(MANAGE, matter.region, matter.zone)
    params = {"schema": 1, "name": title, "earthquake": said}
    scenario = written(Hazard.SEISMIC, params, matter, revises=before.id if before else None)
    return run_scenario(scenario.id)


def _last_report(event_id: str) -> Scenario | None:
    """The scenario of the last report of an event that the principal may see."""
    found = Scenario.objects.filter(
        hazard=Hazard.SEISMIC.value, params__earthquake__event_id=event_id, timeline=None
    )
    return max(found, key=lambda one: one.params["earthquake"]["report"], default=None)


def _matter(said: dict[str, Any], region: str | None, before: Scenario | None) -> Matter:
    """Where the report belongs: the thread of the one before, the county that is named or that of the epicentre."""
    thread: UUID | None = before.thread if before else None
    incident: UUID | None = before.incident_id if before else None
    place = region or (before.region if before else county_at(said))
    require_place(place)
    return Matter(place, before.zone if before and not region else None, incident, thread)
