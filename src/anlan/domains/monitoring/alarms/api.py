"""The routes of alarms that the generic ones do not cover: remarks, and key figures of any period."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema
from ninja.responses import Status
from pydantic import AwareDatetime, Field

from anlan.domains.monitoring.alarms.kpis import Period, bad_actors, figures_by, live_alarms, references
from anlan.domains.monitoring.alarms.services import comment_alarm
from anlan.domains.monitoring.alarms.states import Comment, Dimension
from anlan.domains.monitoring.alarms.tables import BEHAVIOUR, KPI_REFERENCES, figures_in_force
from anlan.kernel.clock import now
from anlan.kernel.levels import Condition
from anlan.kernel.regions import prefix_of
from anlan.kernel.validation import Certainty
from anlan.platform.commands import current_principal, read_scope
from anlan.platform.http.problems import ProblemOut
from anlan.platform.resources import resource_named
from anlan.platform.resources.listing import readable_rows, refuse_unknown

_REFUSED: dict[Any, Any] = {frozenset({401, 403, 404, 409, 422, 500, 503}): ProblemOut}

router = Router(tags=["alarms"])


@router.post(
    "/{uuid:id}/comment",
    operation_id="comment_alarm",
    response={204: None, frozenset({401, 403, 404, 409, 422, 500, 503}): ProblemOut},
)
def post_comment(request: HttpRequest, id: UUID, payload: Comment) -> Status[None]:
    """Put a remark on the alarm's time line, in any state."""
    comment_alarm(id, note=payload.note)
    return Status(204, None)


class KpiOut(Schema):
    """The figures of one subject; rates count announced activations, times are seconds."""

    subject: str
    name: str
    announced: int
    quieted: int
    average_per_10_min: float
    peak_in_10_min: int
    flood_share: float
    flood_minutes: int
    standing: int
    stale: int
    chattering: int
    fleeting: int
    acknowledged: int
    acknowledge_median_s: float | None
    acknowledge_p90_s: float | None
    first_level_share: float | None
    levels: dict[str, int]


class BadActorOut(Schema):
    """One of the conditions that came most often."""

    enterprise: str
    tag: str
    name: str
    condition: Condition
    activations: int
    share: float
    chattering: bool


class ReferenceOut(Schema):
    """A reference value with its certainty and source."""

    key: str
    target: float
    limit: float | None
    unit: str
    certainty: Certainty
    source: str
    note: str


class KpisOut(Schema):
    """The figures of a period by one dimension, with what the guides say of them."""

    dimension: Dimension
    start: datetime
    end: datetime
    items: list[KpiOut]
    bad_actors: list[BadActorOut]
    references: list[ReferenceOut]
    tables: dict[str, str]
    as_of: datetime


class KpiQuery(Schema):
    """Which alarms, in which period, told apart by what."""

    start: AwareDatetime
    end: AwareDatetime
    dimension: Dimension = Dimension.WHOLE
    region: Annotated[str, Field(pattern="^[0-9]{6}$")] | None = None
    enterprise_id: UUID | None = None


@router.get("/kpis", operation_id="alarm_kpis", response={200: KpisOut, **_REFUSED})
def get_kpis(request: HttpRequest, query: Query[KpiQuery]) -> dict[str, Any]:
    """Key figures of alarm management (EEMUA 191, ISA-18.2) of the alarms that one may see."""
    refuse_unknown(request.GET, KpiQuery.model_fields)
    with read_scope():
        at = now()
        period = Period.until_now(query.start, query.end, at)
        seen = readable_rows(resource_named("alarm"), current_principal())
        alarms = live_alarms().filter(id__in=seen.values("id"))
        if query.region is not None:
            alarms = alarms.filter(region__startswith=prefix_of(query.region))
        if query.enterprise_id is not None:
            alarms = alarms.filter(enterprise_id=query.enterprise_id)
        figures = figures_in_force()
        said, version = references()
        return {
            "dimension": query.dimension,
            "start": period.start,
            "end": period.end,
            "items": figures_by(query.dimension, alarms, period, figures.behaviour.stale_after),
            "bad_actors": bad_actors(alarms, period),
            "references": said,
            "tables": {BEHAVIOUR: figures.version, KPI_REFERENCES: version},
            "as_of": at,
        }
