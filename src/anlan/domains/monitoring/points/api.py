"""Reads of points beyond the generated routes: latest values, and a chart's series."""

import math
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import AwareDatetime, Field, create_model

from anlan.domains.monitoring.points import history
from anlan.domains.monitoring.points.models import LatestValue
from anlan.kernel.clock import now, to_ms
from anlan.kernel.text import Text
from anlan.platform.commands import current_principal, read_scope
from anlan.platform.http.problems import InvalidFields, ProblemOut
from anlan.platform.resources import resource_named
from anlan.platform.resources.listing import one_row, readable_rows, refuse_unknown

MAX_DRAWN = 2000
MAX_POINTS = 500
_REFUSED: dict[Any, Any] = {frozenset({401, 403, 404, 422, 500, 503}): ProblemOut}
_SERIES_LENGTH = timedelta(days=3660)

router = Router(tags=["points"])


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


class SeriesOut(Schema):
    """A point's history in columns of equal length, times in UTC milliseconds of the event.

    *thinned* series hold a row per bucket: the time of its first reading, its
    smallest, largest and last value, worst quality and number of readings; else
    every reading is its own row.
    """

    id: UUID
    number: int
    unit: str
    thinned: bool
    time_ms: list[int]
    minimum: list[float | None]
    maximum: list[float | None]
    last: list[float | None]
    quality: list[int]
    count: list[int]
    as_of: datetime


# "from" is a keyword of Python: the parameter gets its name by an alias
SeriesQuery: type[Schema] = create_model(
    "SeriesQuery",
    __base__=Schema,
    start=(AwareDatetime, Field(alias="from", title="开始 / from, included")),
    end=(AwareDatetime, Field(alias="to", title="结束 / to, left out")),
    width=(Annotated[int, Field(ge=10, le=10_000)], Field(1000, title="图宽 / width in pixels")),
)


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


@router.get("/{uuid:id}/series", operation_id="point_series", response={200: SeriesOut, **_REFUSED})
def series(request: HttpRequest, id: UUID, query: Query[SeriesQuery]) -> SeriesOut:  # type: ignore[valid-type]
    """A point's history, thinned to at most two drawn values per pixel and 2000 in all."""
    refuse_unknown(request.GET, ("from", "to", "width"))
    asked: Any = query
    if not timedelta(0) < asked.end - asked.start <= _SERIES_LENGTH:
        raise InvalidFields([("to", _BAD_SPAN)])
    with read_scope():
        point = one_row(resource_named("point"), current_principal(), id)
    drawn = min(MAX_DRAWN, 2 * asked.width)
    found = history.historian().series(point.number, to_ms(asked.start), to_ms(asked.end), drawn)
    return SeriesOut(
        id=point.id,
        number=point.number,
        unit=point.unit,
        thinned=found.thinned,
        time_ms=found.time_ms.tolist(),
        minimum=_finite(found.minimum.tolist()),
        maximum=_finite(found.maximum.tolist()),
        last=_finite(found.last.tolist()),
        quality=found.quality.tolist(),
        count=found.count.tolist(),
        as_of=now(),
    )


_TOO_MANY = Text(f"一次最多 {MAX_POINTS} 个监测点", f"At most {MAX_POINTS} points at once")
_NOT_AN_ID = Text("编号格式不正确", "This is not an identifier")
_BAD_SPAN = Text(
    "结束时间应晚于开始时间，跨度不超过十年", "The end must be after the start, by ten years at most"
)


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


def _finite(values: Iterable[float]) -> list[float | None]:
    return [value if math.isfinite(value) else None for value in values]
