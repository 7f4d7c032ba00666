"""The incident page: what an incident reaches, who is inside, its clocks, its whole thread."""

from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from anlan.domains.command.incidents.ahead import expect_a_question
from anlan.domains.command.incidents.contracts import ReleaseSpec
from anlan.domains.command.incidents.models import Footprint
from anlan.domains.command.incidents.queries import find_incident
from anlan.domains.command.incidents.services import assess_threat, compute_footprint
from anlan.domains.command.incidents.states import READ
from anlan.domains.monitoring.alarms.queries import find_alarm
from anlan.domains.monitoring.weather.queries import weather_at
from anlan.kernel.clock import now
from anlan.platform.commands import current_principal, decide, read_scope
from anlan.platform.deadlines.contracts import DeadlineState, kind_of
from anlan.platform.deadlines.queries import deadlines_of
from anlan.platform.http.problems import Label, ProblemOut
from anlan.platform.provenance.models import Run
from anlan.platform.provenance.queries import standing_run
from anlan.platform.threads.queries import clock_of_timeline

_REFUSED: dict[Any, Any] = {frozenset({401, 403, 404, 409, 422, 500, 503}): ProblemOut}

S = TypeVar("S", bound=Schema)

router = Router(tags=["incidents"])


class ReleaseIn(Schema):
    """A toxic release, as a person states it; without a wind the county's weather is taken."""

    rate_kg_s: float = Field(gt=0, le=1e5)
    duration_s: float = Field(gt=0, le=86_400)
    cas: str | None = Field(None, max_length=12)
    height_m: float = Field(0.0, ge=0, le=500)
    terrain: str = Field("open", pattern="^(open|urban)$")
    wind_m_s: float | None = Field(None, ge=0, le=60)
    wind_from_deg: float | None = Field(None, ge=0, le=360)
    stability: str | None = Field(None, pattern="^[A-F]$")


class ZoneOut(Schema):
    """One outline with its level and reach."""

    name: str
    rank: int
    title: Label
    level: float
    unit: str
    max_distance_m: float
    geometry: dict[str, Any]
    computed_at: datetime
    run: UUID


class RunOut(Schema):
    """A run as far as the page needs it: its result, manifest and times."""

    id: UUID
    model: str
    verification: str
    computed_at: datetime
    valid_at: datetime
    elapsed_ms: float | None
    synthetic: bool
    manifest: dict[str, Any]
    result: dict[str, Any]


class ClockOut(Schema):
    """A deadline of the incident."""

    kind: str
    title: Label
    state: DeadlineState
    started_at: datetime
    due_at: datetime
    ended_at: datetime | None
    basis: str


class WeatherOut(Schema):
    """The county's weather by the incident's clock."""

    at: datetime
    wind_m_s: float
    wind_from_deg: float
    cloud_tenths: float
    temperature_c: float
    source: str
    synthetic: bool


class SuggestedOut(Schema):
    """The release that the instruments of the incident's alarm suggest."""

    cas: str
    rate_kg_s: float
    duration_s: float
    run: UUID


class ThreatOut(Schema):
    """What an alarm may come to: the standing run of its zones, and of who is inside; null before the first."""

    as_of: datetime
    footprint: RunOut | None
    people: RunOut | None


class SituationOut(Schema):
    """What an incident reaches and what runs on it, as of a moment of its own clock."""

    as_of: datetime
    incident_time: datetime
    zones: list[ZoneOut]
    footprint: RunOut | None
    people: RunOut | None
    clocks: list[ClockOut]
    weather: WeatherOut | None
    suggested: SuggestedOut | None


@router.get(
    "/alarms/{uuid:id}/threat", operation_id="get_alarm_threat", response={200: ThreatOut, **_REFUSED}
)
def get_threat(request: HttpRequest, id: UUID) -> ThreatOut:
    """The threat of an alarm as it was computed last."""
    decide(current_principal(), READ)
    with read_scope():
        find_alarm(id)
        expect_a_question()
        return _threat(id)


@router.post(
    "/alarms/{uuid:id}/threat", operation_id="assess_alarm_threat", response={200: ThreatOut, **_REFUSED}
)
def post_threat(request: HttpRequest, id: UUID) -> ThreatOut:
    """Compute what an alarm may come to, from what its enterprise has on record and its instruments show."""
    # the engine with its libraries, which only a process that computes is to load
    from anlan.domains.command.incidents.seeding import spec_of_alarm
    from anlan.domains.command.incidents.services.threatened import air_in

    assess_threat(id, spec_of_alarm(id, air_in))
    with read_scope():
        return _threat(id)


def _threat(alarm_id: UUID) -> ThreatOut:
    return ThreatOut(
        as_of=now(),
        footprint=_run(standing_run("alarm", alarm_id, "threat")),
        people=_run(standing_run("alarm", alarm_id, "threat_people")),
    )


@router.get(
    "/{uuid:id}/situation", operation_id="get_incident_situation", response={200: SituationOut, **_REFUSED}
)
def get_situation(request: HttpRequest, id: UUID) -> SituationOut:
    """The standing footprint, who is inside, clocks and weather of an incident."""
    decide(current_principal(), READ)
    expect_a_question()
    with read_scope():
        return _situation(id)


@router.post(
    "/{uuid:id}/footprint",
    operation_id="compute_incident_footprint",
    response={200: SituationOut, **_REFUSED},
)
def post_footprint(request: HttpRequest, id: UUID, payload: ReleaseIn) -> SituationOut:
    """Compute the footprint anew; the run before stays on record."""
    with read_scope():
        find_incident(id)
    compute_footprint(id, ReleaseSpec(**payload.model_dump()))
    with read_scope():
        return _situation(id)


def _situation(id: UUID) -> SituationOut:
    incident = find_incident(id)
    own = clock_of_timeline(incident.timeline).now()
    weather = weather_at(incident.region, own)
    return SituationOut(
        as_of=now(),
        incident_time=own,
        zones=[_zone(row) for row in Footprint.objects.filter(incident_id=id)],
        footprint=_run(standing_run("incident", id, "footprint")),
        people=_run(standing_run("incident", id, "people")),
        clocks=[
            ClockOut(
                kind=row.kind,
                title=Label(**kind_of(row.kind).title._asdict()),
                state=DeadlineState(row.state),
                started_at=row.started_at,
                due_at=row.due_at,
                ended_at=row.ended_at,
                basis=row.basis,
            )
            for row in deadlines_of("incident", id)
        ],
        weather=None if weather is None else _shown(WeatherOut, weather),
        suggested=_suggested(incident.alarm_id),
    )


def _suggested(alarm_id: UUID | None) -> SuggestedOut | None:
    """The release of the threat that was computed for the alarm; None without one, and for an explosion."""
    run = None if alarm_id is None else standing_run("alarm", alarm_id, "threat")
    if run is None:
        return None
    scenario, source = run.result["params"]["scenario"], run.result["source"]
    rate = source.get("steady_rate_kg_s") or scenario.get("rate_kg_s")
    seconds = source.get("steady_duration_s") or scenario.get("duration_s")
    if rate is None or seconds is None:
        return None
    return SuggestedOut(cas=run.result["vessel"]["cas"], rate_kg_s=rate, duration_s=seconds, run=run.id)


def _zone(row: Footprint) -> ZoneOut:
    return ZoneOut(
        name=row.name,
        rank=row.rank,
        title=Label(zh=row.zh, en=row.en),
        level=row.level,
        unit=row.unit,
        max_distance_m=row.max_distance_m,
        geometry=row.geometry.__geo_interface__,
        computed_at=row.computed_at,
        run=row.run,
    )


def _run(run: Run | None) -> RunOut | None:
    if run is None:
        return None
    return _shown(RunOut, run)


def _shown(shape: type[S], row: object) -> S:
    """*row* as *shape* has it."""
    return shape(**{name: getattr(row, name) for name in shape.model_fields})
