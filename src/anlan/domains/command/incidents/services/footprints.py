"""影响范围: the computed outlines of an incident, who is inside, each number with its run."""

import time
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shapely.geometry.base import BaseGeometry

from anlan.domains.command.incidents.contracts import IncidentView, ReleaseSpec
from anlan.domains.command.incidents.models import Footprint, Incident
from anlan.domains.command.incidents.queries import incident_view
from anlan.domains.command.incidents.services.writing import add_entry, changed, incident_now
from anlan.domains.command.incidents.states import HANDLE, EntryKind, IncidentState
from anlan.domains.data.population.queries import people_inside
from anlan.domains.monitoring.hazards.contracts import MajorHazardView
from anlan.domains.monitoring.hazards.queries import find_hazard, hazards_inside, sites_inside
from anlan.kernel.errors import Conflict
from anlan.kernel.ids import new_id
from anlan.kernel.models import Manifest, manifest_of
from anlan.kernel.text import Text
from anlan.platform.commands import decide_there, service
from anlan.platform.provenance.services import RunPlace, RunSubject, record_run
from anlan.platform.resources.editing import locked
from anlan.science.exposure.people import CARD as PEOPLE

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
    people = _record_people(incident, shapes, made.manifest.digest, place)
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


def _record_people(
    incident: Incident, shapes: dict[str, BaseGeometry], footprint: str, place: RunPlace
) -> UUID | None:
    """The run of who and what is inside each outline; None when there is no outline."""
    if not shapes:
        return None
    zones: dict[str, Any] = {}
    manifests: dict[str, Manifest] = {}
    for name, shape in shapes.items():
        zones[name], manifest = _inside(shape, incident)
        if manifest is not None:
            manifests[name] = manifest
    caveats = tuple({caveat: None for one in manifests.values() for caveat in one.caveats})
    manifest = manifest_of(
        PEOPLE,
        {"footprint": footprint, "zones": {name: one.digest for name, one in manifests.items()}},
        caveats=caveats,
    )
    return record_run(
        manifest,
        {"zones": zones},
        RunSubject(KIND, incident.id, "people"),
        place,
        valid_at=incident_now(incident),
    )


def _inside(shape: BaseGeometry, incident: Incident) -> tuple[dict[str, Any], Manifest | None]:
    """People, sites and major hazards in one outline, and the incident's own hazard wherever it stands."""
    people = people_inside(shape)
    estimate = people.estimate
    said = {
        "people": None
        if estimate is None
        else {"low": round(estimate.low), "best": round(estimate.best), "high": round(estimate.high)},
        "people_source": people.source,
        "people_method": people.method,
        "people_data_time": people.data_time.isoformat() if people.data_time else None,
        "sites": [
            {
                "id": str(site.id),
                "name": site.name,
                "kind": site.kind.value,
                "persons": site.persons,
                "synthetic": site.synthetic,
            }
            for site in sites_inside(shape)
        ],
        "hazards": [
            {
                "id": str(hazard.id),
                "name": hazard.name,
                "enterprise": hazard.enterprise_name,
                "level": hazard.level.value,
                "is_source": hazard.id == incident.hazard_id,
                "synthetic": hazard.synthetic,
            }
            for hazard in _hazards(shape, incident)
        ],
    }
    return said, people.manifest


def _hazards(shape: BaseGeometry, incident: Incident) -> list[MajorHazardView]:
    found = hazards_inside(shape)
    if incident.hazard_id is not None and all(one.id != incident.hazard_id for one in found):
        found.insert(0, find_hazard(incident.hazard_id))
    return found


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
