"""The outlines of a result for the map, two results side by side, exports; earthquakes as reported, and packs."""

import io
from typing import Any, Literal
from uuid import UUID

from django.http import FileResponse, HttpRequest
from ninja import Router, Schema
from ninja.responses import Status
from pydantic import AwareDatetime, Field

from anlan.domains.command.simulation.comparing import compared
from anlan.domains.command.simulation.models import Simulation
from anlan.domains.command.simulation.services import create_pack, report_earthquake
from anlan.domains.command.simulation.states import READ, ScenarioState
from anlan.platform.commands import current_principal, decide, read_scope
from anlan.platform.http.problems import ProblemOut
from anlan.platform.scope.reading import visible

_REFUSED: dict[Any, Any] = {frozenset({401, 403, 404, 422, 500, 503}): ProblemOut}

router = Router(tags=["simulations"])


class ZonesOut(Schema):
    """The site and the zones of a result as GeoJSON (RFC 7946), the gravest of each group first."""

    type: str
    input_hash: str
    features: list[dict[str, Any]]


@router.get("/{uuid:id}/zones", operation_id="get_simulation_zones", response={200: ZonesOut, **_REFUSED})
def get_zones(request: HttpRequest, id: UUID) -> ZonesOut:
    """The outlines of a result."""
    decide(current_principal(), READ)
    with read_scope():
        return ZonesOut(**visible(Simulation.objects.only("zones"), id).zones)


class ComparisonOut(Schema):
    """Two results side by side: which inputs differ, the figures and losses, and each zone in both."""

    one: dict[str, Any]
    other: dict[str, Any]
    inputs: list[dict[str, Any]]
    figures: list[dict[str, Any]]
    losses: list[dict[str, Any]]
    zones: list[dict[str, Any]]


@router.get(
    "/{uuid:id}/compare", operation_id="compare_simulations", response={200: ComparisonOut, **_REFUSED}
)
def get_comparison(request: HttpRequest, id: UUID, other: UUID) -> ComparisonOut:
    """A result beside another of the same hazard."""
    decide(current_principal(), READ)
    with read_scope():
        rows = Simulation.objects.all()
        return ComparisonOut(**compared(visible(rows, id), visible(rows, other)))


Exported = Literal["geotiff", "geojson", "geopackage", "netcdf"]


@router.get("/{uuid:id}/export/{form}", operation_id="export_simulation", response={200: Any, **_REFUSED})
def get_export(request: HttpRequest, id: UUID, form: Exported) -> FileResponse:
    """A result as one file for other programs: rasters (GeoTIFF, NetCDF) or outlines (GeoJSON, GeoPackage)."""
    from anlan.domains.command.simulation.exporting import export_of

    decide(current_principal(), READ)
    with read_scope():
        name, media_type, content = export_of(visible(Simulation.objects.all(), id), form)
    answer = FileResponse(io.BytesIO(content), as_attachment=True, filename=name, content_type=media_type)
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


class EarthquakeForm(Schema):
    """An earthquake as it is reported: magnitude Ms, degrees of WGS-84, kilometres, the time with its zone."""

    event_id: str = Field(min_length=1, max_length=64)
    magnitude: float = Field(gt=0, lt=10)
    lon: float = Field(ge=-180, le=180)
    lat: float = Field(ge=-85, le=85)
    depth_km: float = Field(ge=0, le=750)
    at: AwareDatetime
    strike_deg: float | None = Field(None, ge=0, le=360)
    region: str | None = Field(None, min_length=6, max_length=6)


class ScenarioMade(Schema):
    """A scenario that was written, with the job that computes it or the result that stands."""

    id: UUID
    title: str
    hazard: str
    kind: str
    state: ScenarioState
    region: str
    job: UUID | None
    simulation: UUID | None


@router.post("/earthquakes", operation_id="report_earthquake", response={201: ScenarioMade, **_REFUSED})
def post_earthquake(request: HttpRequest, payload: EarthquakeForm) -> Status[ScenarioMade]:
    """An earthquake as reported, to its scenario and the job in one call; reported again, a revision beside it."""
    return Status(201, ScenarioMade.from_orm(report_earthquake(**payload.dict())))


class PackOut(Schema):
    """A pack of scenarios: what it is about and what state its data are in."""

    name: str
    zh: str
    en: str
    state_zh: str
    state_en: str
    sources: list[str]
    members: list[dict[str, str]]


@router.get("/packs", operation_id="list_scenario_packs", response={200: list[PackOut], **_REFUSED})
def list_packs(request: HttpRequest) -> list[PackOut]:
    """The packs that can be written as scenarios."""
    from anlan.science.packs import pack_names, read_pack

    decide(current_principal(), READ)
    packs = [(name, read_pack(name)) for name in pack_names()]
    return [
        PackOut(
            name=name,
            zh=pack.name.zh,
            en=pack.name.en,
            state_zh=pack.state.zh,
            state_en=pack.state.en,
            sources=list(pack.sources),
            members=[
                {"id": one.id, "hazard": one.hazard, "zh": one.name.zh, "en": one.name.en}
                for one in pack.members
            ],
        )
        for name, pack in packs
    ]


class PackForm(Schema):
    """Which pack, whose it will be, and a stored terrain in place of a formula."""

    name: str = Field(min_length=1, max_length=64)
    region: str | None = Field(None, min_length=6, max_length=6)
    terrain: UUID | None = None


@router.post("/packs", operation_id="create_scenario_pack", response={201: list[ScenarioMade], **_REFUSED})
def post_pack(request: HttpRequest, payload: PackForm) -> Status[list[ScenarioMade]]:
    """The scenarios of a pack, all or none."""
    return Status(201, [ScenarioMade.from_orm(one) for one in create_pack(**payload.dict())])
