"""影响范围: the computed outlines of an incident, who is inside, each number with its run."""

import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import shapely
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from anlan.domains.command.incidents.contracts import IncidentView, ReleaseSpec
from anlan.domains.command.incidents.models import Footprint, Incident
from anlan.domains.command.incidents.queries import incident_view
from anlan.domains.command.incidents.services.writing import add_entry, changed, incident_now
from anlan.domains.command.incidents.states import HANDLE, EntryKind, IncidentState
from anlan.domains.data.population.queries import people_inside
from anlan.domains.monitoring.hazards.contracts import MajorHazardView
from anlan.domains.monitoring.hazards.queries import find_hazard, hazards_inside, sites_inside
from anlan.domains.monitoring.weather.queries import weather_at
from anlan.kernel.errors import Conflict, Invalid
from anlan.kernel.ids import new_id
from anlan.kernel.models import Manifest, manifest_of
from anlan.kernel.text import Text
from anlan.platform.commands import decide_there, service
from anlan.platform.provenance.services import RunPlace, RunSubject, record_run
from anlan.platform.resources.editing import locked
from anlan.science.chemical.footprint import ToxicFootprint, ToxicRelease, Zone, run
from anlan.science.chemical.weather import Sky, Stability, Terrain, Weather, stability_of
from anlan.science.chemical.weather.stability import sun_height_deg
from anlan.science.exposure.people import CARD as PEOPLE

KIND = "incident"


@dataclass(frozen=True)
class _Air:
    """The weather of a footprint, where it comes from, and the time that it speaks of."""

    weather: Weather
    source: str
    at: datetime
    synthetic: bool


@service("incidents.compute_footprint", permission=HANDLE)
def compute_footprint(incident_id: UUID, release: ReleaseSpec) -> IncidentView:
    """Compute the outlines of a toxic release at AEGL-1, 2, 3 and who is inside them.

    The run before stays as it was; its outlines on the map give way to the new ones.
    Raises `Invalid` for figures that make no sense, and when neither weather nor a wind
    is at hand; `Conflict` for an incident that has ended.
    """
    incident = locked(Incident, incident_id)
    decide_there(HANDLE, incident.region, incident.zone)
    if incident.state == IncidentState.ENDED.value:
        raise Conflict(Text("事件已结束，不再计算", "The incident has ended: nothing more is computed"))
    began = time.perf_counter()
    air = _air(incident, release)
    made = run(_release(incident, release, air))
    elapsed_ms = (time.perf_counter() - began) * 1000
    result = _summary(made, air, release)
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


def _release(incident: Incident, release: ReleaseSpec, air: _Air) -> ToxicRelease:
    cas = release.cas or incident.cas
    if not cas:
        raise Invalid(
            Text("未指明泄漏物质", "No substance is named"),
            next_step=Text("请填写物质的 CAS 号", "Give the substance's CAS number"),
        )
    return ToxicRelease(
        cas=cas,
        rate_kg_s=release.rate_kg_s,
        duration_s=release.duration_s,
        lon=incident.geometry.x,
        lat=incident.geometry.y,
        weather=air.weather,
        height_m=release.height_m,
        averaging_s=release.averaging_s,
    )


def _air(incident: Incident, release: ReleaseSpec) -> _Air:
    """What the person states, else the county's weather; the class from cloud and sun unless stated."""
    at = incident_now(incident)
    known = weather_at(incident.region, at)
    if release.wind_m_s is None and known is None:
        raise Invalid(
            Text("没有该县近 6 小时的气象数据", "There is no weather of this county of the last six hours"),
            next_step=Text("请填写现场风速和风向", "Enter wind speed and direction from the spot"),
        )
    if release.wind_m_s is not None and release.wind_from_deg is None:
        raise Invalid(Text("填写风速时须同时填写风向", "A wind speed needs its direction"))
    stated = release.wind_m_s is not None
    wind = release.wind_m_s if release.wind_m_s is not None else known.wind_m_s if known else 0.0
    origin = (
        release.wind_from_deg if release.wind_from_deg is not None else known.wind_from_deg if known else 0.0
    )
    cloud = known.cloud_tenths if known else 5.0
    stability = (
        Stability(release.stability)
        if release.stability
        else stability_of(wind, Sky(sun_height_deg(incident.geometry.x, incident.geometry.y, at), cloud))
    )
    temperature_k = (known.temperature_c if known else 15.0) + 273.15
    source = "现场填写" if stated else known.source if known else ""
    return _Air(
        Weather(wind, origin, stability, Terrain(release.terrain), temperature_k=temperature_k),
        source,
        at if stated or known is None else known.at,
        synthetic=not stated and known is not None and known.synthetic,
    )


def _outlines(incident: Incident, made: ToxicFootprint, run_id: UUID, air: _Air) -> dict[str, BaseGeometry]:
    """The outlines on the map: those of now, and no others. By name, from mild to grave."""
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


def shape_of(zone: Zone) -> BaseGeometry:
    """A zone's outline as one valid geometry in degrees."""
    parts = [Polygon(rings[0], rings[1:]) for rings in zone.contour.polygons]
    return shapely.make_valid(MultiPolygon(parts)) if parts else MultiPolygon()


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


def _summary(made: ToxicFootprint, air: _Air, release: ReleaseSpec) -> dict[str, Any]:
    """What the run keeps as its result."""
    said = made.as_json()
    said.pop("manifest")
    return {
        **said,
        "release": {"rate_kg_s": release.rate_kg_s, "duration_s": release.duration_s},
        "weather": {
            "wind_m_s": air.weather.wind_m_s,
            "wind_from_deg": air.weather.wind_from_deg,
            "stability": air.weather.stability.value,
            "source": air.source,
            "at": air.at.isoformat(),
            "synthetic": air.synthetic,
        },
    }


def _reach(made: ToxicFootprint) -> dict[str, Any]:
    return {f"aegl{zone.level}_m": round(zone.max_distance_m) for zone in made.zones}


def _place(incident: Incident, air: _Air) -> RunPlace:
    return RunPlace(
        incident.region,
        incident.zone,
        incident.thread,
        incident.timeline,
        incident.exercise,
        incident.synthetic or air.synthetic,
    )
