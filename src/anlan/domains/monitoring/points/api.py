"""Reads of points beyond the generated routes: latest values, and their history."""

from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from anlan.domains.monitoring.points.history_api import router as history_router
from anlan.domains.monitoring.points.models import LatestValue
from anlan.domains.monitoring.points.trial_api import router as trial_router
from anlan.kernel.clock import now
from anlan.kernel.text import Text
from anlan.platform.commands import current_principal, read_scope
from anlan.platform.http.problems import InvalidFields, ProblemOut
from anlan.platform.resources import resource_named
from anlan.platform.resources.listing import readable_rows, refuse_unknown

MAX_POINTS = 500
_REFUSED: dict[Any, Any] = {frozenset({401, 403, 404, 422, 500, 503}): ProblemOut}

router = Router(tags=["points"])
router.add_router("", history_router)
router.add_router("", trial_router)


class LatestOut(Schema):
    """The newest reading of a point.

    *value* is null when it was not a number's; *stale* when the point has been
    silent for longer than it may be; both times are null for one that has
    never sent.
    """

    id: UUID
    number: int
    event_at: datetime | None
    arrived_at: datetime | None
    value: float | None
    quality: int | None
    stale: bool


class LatestList(Schema):
    """Latest values, and the time at which this was so."""

    items: list[LatestOut]
    as_of: datetime


class LatestQuery(Schema):
    """Which points: by their ids, separated by commas, or all of an enterprise."""

    id: Annotated[str, Field(max_length=20_000)] | None = None
    enterprise_id: UUID | None = None


@router.get("/latest", operation_id="latest_points", response={200: LatestList, **_REFUSED})
def latest(request: HttpRequest, query: Query[LatestQuery]) -> LatestList:
    """The latest values of up to 500 points, in the order of their numbers."""
    refuse_unknown(request.GET, LatestQuery.model_fields)
    ids = _ids(query.id)
    with read_scope():
        as_of = now()
        rows = readable_rows(resource_named("point"), current_principal()).order_by("number")
        if ids is not None:
            rows = rows.filter(pk__in=ids)
        if query.enterprise_id is not None:
            rows = rows.filter(enterprise_id=query.enterprise_id)
        points = list(rows.values_list("id", "number", "stale_after_s")[: MAX_POINTS + 1])
        if len(points) > MAX_POINTS:
            raise InvalidFields([("id", _TOO_MANY)])
        found = LatestValue.objects.in_bulk([number for _, number, _ in points])
    return LatestList(
        items=[
            _latest(id, number, found.get(number), as_of - timedelta(seconds=silence))
            for id, number, silence in points
        ],
        as_of=as_of,
    )


_TOO_MANY = Text(f"一次最多 {MAX_POINTS} 个监测点", f"At most {MAX_POINTS} points at once")
_NOT_AN_ID = Text("编号格式不正确", "This is not an identifier")


def _ids(given: str | None) -> list[UUID] | None:
    if given is None:
        return None
    try:
        return [UUID(one) for one in given.split(",") if one]
    except ValueError as error:
        raise InvalidFields([("id", _NOT_AN_ID)]) from error


def _latest(id: UUID, number: int, found: LatestValue | None, silent_since: datetime) -> LatestOut:
    if found is None:
        return LatestOut(
            id=id, number=number, event_at=None, arrived_at=None, value=None, quality=None, stale=True
        )
    return LatestOut(
        id=id,
        number=number,
        event_at=found.event_at,
        arrived_at=found.arrived_at,
        value=found.value,
        quality=found.quality,
        stale=found.arrived_at < silent_since,
    )
