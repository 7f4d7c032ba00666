"""影响范围: the computed outlines of an incident, who is inside, each number with its run."""

import time
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shapely.geometry.base import BaseGeometry

from anlan.domains.command.incidents.contracts import IncidentView, ReleaseSpec
from anlan.domains.command.incidents.models import Footprint, Incident
from anlan.domains.command.incidents.queries import incident_view
from anlan.domains.command.incidents.services.inside import Origin, record_inside
from anlan.domains.command.incidents.services.writing import add_entry, changed, incident_now
from anlan.domains.command.incidents.states import HANDLE, EntryKind, IncidentState
from anlan.kernel.errors import Conflict
from anlan.kernel.ids import new_id
from anlan.kernel.text import Text
from anlan.platform.commands import decide_there, service
from anlan.platform.provenance.services import RunPlace, RunSubject, record_run
from anlan.platform.resources.editing import locked

if TYPE_CHECKING:
    from anlan.domains.command.incidents.services.toxic import Air, ToxicFootprint

KIND = "incident"


@service("incidents.compute_footprint", permission=HANDLE)
def compute_footprint(incident_id: UUID, release: ReleaseSpec) -> IncidentView:
    """Compute the outlines of a toxic release at AEGL-1, 2, 3 and who is inside them.

    The run before stays as it was; its outlines on the map give way to the new ones.
    Raises `Invalid` for figures that make no sense, and when neither weather nor a wind
    is at hand; `Conflict` for an incident that has ended.
    """
    # scipy and the property libraries, which only a process that computes is to load
    from anlan.domains.command.incidents.services import toxic

    incident = locked(Incident, incident_id)
    decide_there(HANDLE, incident.region, incident.zone)
    if incident.state == IncidentState.ENDED.value:
        raise Conflict(Text("事件已结束，不再计算", "The incident has ended: nothing more is computed"))
    began = time.perf_counter()
    air = toxic.air_of(incident, release)
    made = toxic.run(toxic.release_of(incident, release, air))
    elapsed_ms = (time.perf_counter() - began) * 1000
    result = toxic.summary(made, air, release)
    place = _place(incident, air)
    footprint = record_run(
        made.manifest,
        result,
        RunSubject(KIND, incident.id, "footprint"),
        place,
        valid_at=air.at,
        elapsed_ms=elapsed_ms,
    )
    shapes = _outlines(incident, made, footprint, air)
    people = record_inside(
        RunSubject(KIND, incident.id, "people"),
        shapes,
        made.manifest.digest,
        place,
        Origin(incident.geometry.x, incident.geometry.y, incident.hazard_id, incident_now(incident)),
    )
    incident.run, incident.people_run = footprint, people
    if release.cas:
        incident.cas, incident.substance = made.substance.cas, made.substance.name.zh
    add_entry(incident, EntryKind.FOOTPRINT, run=footprint, facts=_reach(made))
    changed(incident, "run", "people_run", "cas", "substance")
    return incident_view(incident)


def _outlines(
    incident: Incident, made: "ToxicFootprint", run_id: UUID, air: "Air"
) -> dict[str, BaseGeometry]:
    """The outlines on the map: those of now, and no others. By name, from mild to grave."""
    from anlan.domains.command.incidents.services.toxic import shape_of

    Footprint.objects.filter(incident=incident).delete()
    shapes: dict[str, BaseGeometry] = {}
    for zone in made.zones:
        shape = shape_of(zone)
        if shape.is_empty:
            continue
        shapes[f"aegl{zone.level}"] = shape
        Footprint.objects.create(
            id=new_id(),
            incident=incident,
            run=run_id,
            name=f"aegl{zone.level}",
            rank=zone.level,
            level=zone.ppm,
            unit="ppm",
            zh=zone.contour.label.zh,
            en=zone.contour.label.en,
            max_distance_m=zone.max_distance_m,
            geometry=shape,
            computed_at=incident_now(incident),
            exercise=incident.exercise,
            synthetic=incident.synthetic or air.synthetic,
            region=incident.region,
            zone=incident.zone,
        )
    return shapes


def _reach(made: "ToxicFootprint") -> dict[str, Any]:
    return {f"aegl{zone.level}_m": round(zone.max_distance_m) for zone in made.zones}


def _place(incident: Incident, air: "Air") -> RunPlace:
    return RunPlace(
        incident.region,
        incident.zone,
        incident.thread,
        incident.timeline,
        incident.exercise,
        incident.synthetic or air.synthetic,
    )
