"""The history of points: charts, comparison, gaps, what else happened, and export as Parquet."""

import math
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, StreamingHttpResponse
from ninja import Query, Router, Schema
from pydantic import AwareDatetime, Field, create_model

from anlan.domains.monitoring.points import history
from anlan.domains.monitoring.points.overlay import PointEvent, events_of
from anlan.domains.monitoring.points.services import export_history
from anlan.kernel.clock import now, to_ms
from anlan.kernel.errors import NotFound
from anlan.kernel.text import Text
from anlan.platform.commands import current_principal, read_scope
from anlan.platform.http.problems import InvalidFields, Label, ProblemOut
from anlan.platform.resources import resource_named
from anlan.platform.resources.listing import one_row, readable_rows, refuse_unknown
from anlan.ports.history import Resolution, Sampling, Series

MAX_DRAWN = 2000
MAX_COMPARED = 8
MAX_GAPS = 500
GAP_FACTOR = 3.0
_LONGEST = timedelta(days=3660)
_LONGEST_GAP_MAP = timedelta(days=31)
_REFUSED: dict[Any, Any] = {frozenset({401, 403, 404, 422, 500, 503}): ProblemOut}

router = Router(tags=["points"])


class SeriesColumns(Schema):
    """Columns of equal length, times in UTC milliseconds of the event.

    *thinned* series hold a row per bucket of *width_ms*: the time of its first
    reading, its smallest, largest and last value, the mean of the usable ones,
    worst quality, number of readings and how many of these were good; else
    every reading is its own row. *resolution* says of what the buckets were made.
    """

    thinned: bool
    resolution: str
    width_ms: int
    time_ms: list[int]
    minimum: list[float | None]
    maximum: list[float | None]
    last: list[float | None]
    mean: list[float | None]
    quality: list[int]
    count: list[int]
    good: list[int]


class SeriesOut(SeriesColumns):
    """A point's history."""

    id: UUID
    number: int
    unit: str
    as_of: datetime


class ComparedSeries(SeriesColumns):
    """One of several histories in the same buckets; *time_ms* is where a bucket begins."""

    id: UUID
    tag: str
    name: str
    unit: str
    enterprise_name: str
    timeline: UUID | None


class Comparison(Schema):
    """Several histories in the same buckets, the point of the path first. Units stay each series' own."""

    items: list[ComparedSeries]
    as_of: datetime


class Gap(Schema):
    """A silence in UTC milliseconds: from the last reading before it to the first after it."""

    start_ms: int
    end_ms: int


class GapMap(Schema):
    """How complete a period is: the share of the agreed readings that came, and the silences longer than allowed.

    *truncated* when there are more silences than are listed, the first ones.
    """

    sampling_s: float
    expected: int
    received: int
    missing: int
    completeness: float
    gaps: list[Gap]
    truncated: bool
    as_of: datetime


class StepOut(Schema):
    """Something that happened in the course of an event."""

    title: Label
    at: datetime
    note: str


class EventOut(Schema):
    """An event of a point; *until* is null while it goes on."""

    source: str
    id: UUID
    point_id: UUID
    title: Label
    at: datetime
    until: datetime | None
    level: str | None
    momentary: bool
    note: str
    steps: list[StepOut]


class EventList(Schema):
    """The events of points in a period by time; *truncated* when only the newest are here."""

    items: list[EventOut]
    truncated: bool
    as_of: datetime


_WITH = (
    Annotated[str, Field(max_length=400)] | None,
    Field(None, alias="with", title="另外的监测点 / further points, by their ids, separated by commas"),
)


def _query_schema(name: str, **fields: Any) -> type[Schema]:
    """A period, and further fields; "from" and "with" are keywords of Python and get their names by aliases."""
    return create_model(
        name,
        __base__=Schema,
        start=(AwareDatetime, Field(alias="from", title="开始 / from, included")),
        end=(AwareDatetime, Field(alias="to", title="结束 / to, left out")),
        **fields,
    )


_WIDTH = (Annotated[int, Field(ge=10, le=10_000)], Field(1000, title="图宽 / width in pixels"))
SeriesQuery = _query_schema("SeriesQuery", width=_WIDTH)
ComparisonQuery = _query_schema("ComparisonQuery", width=_WIDTH, also=_WITH)
PeriodQuery = _query_schema("PeriodQuery", also=_WITH)
GapQuery = _query_schema(
    "GapQuery",
    factor=(
        Annotated[float, Field(ge=1.5, le=1000)],
        Field(GAP_FACTOR, title="间隔倍数 / intervals allowed"),
    ),
)


@router.get("/{uuid:id}/series", operation_id="point_series", response={200: SeriesOut, **_REFUSED})
def series(request: HttpRequest, id: UUID, query: Query[SeriesQuery]) -> SeriesOut:  # type: ignore[valid-type]
    """A point's history, thinned to at most two drawn values per pixel and 2000 in all."""
    refuse_unknown(request.GET, ("from", "to", "width"))
    asked: Any = query
    _check_period(asked, _LONGEST)
    with read_scope():
        point = one_row(resource_named("point"), current_principal(), id)
    found = history.historian().series(point.number, *_period_ms(asked), _drawn(asked.width))
    return SeriesOut(id=point.id, number=point.number, unit=point.unit, as_of=now(), **_columns(found))


@router.get("/{uuid:id}/comparison", operation_id="compare_points", response={200: Comparison, **_REFUSED})
def comparison(request: HttpRequest, id: UUID, query: Query[ComparisonQuery]) -> Comparison:  # type: ignore[valid-type]
    """The histories of a point and up to seven others in the same buckets."""
    refuse_unknown(request.GET, ("from", "to", "width", "with"))
    asked: Any = query
    _check_period(asked, _LONGEST)
    with read_scope():
        points = _points(id, asked.also)
    numbers = [point.number for point in points]
    found = history.historian().compare(numbers, *_period_ms(asked), _drawn(asked.width))
    return Comparison(
        items=[
            ComparedSeries(
                id=point.id,
                tag=point.tag,
                name=point.name,
                unit=point.unit,
                enterprise_name=point.enterprise_name,
                timeline=point.timeline,
                **_columns(one),
            )
            for point, one in zip(points, found, strict=True)
        ],
        as_of=now(),
    )


@router.get("/{uuid:id}/gaps", operation_id="point_gaps", response={200: GapMap, **_REFUSED})
def gaps(request: HttpRequest, id: UUID, query: Query[GapQuery]) -> GapMap:  # type: ignore[valid-type]
    """How complete a period of up to 31 days is, and its silences longer than *factor* sampling intervals."""
    refuse_unknown(request.GET, ("from", "to", "factor"))
    asked: Any = query
    _check_period(asked, _LONGEST_GAP_MAP)
    with read_scope():
        point = one_row(resource_named("point"), current_principal(), id)
        sampling: Sampling = history.sampling_of([point.number])
    store, period = history.historian(), _period_ms(asked)
    presence = store.presence(sampling, *period)
    silences = store.gaps(sampling, *period, asked.factor, MAX_GAPS + 1)
    spans = zip(silences.start_ms.tolist(), silences.end_ms.tolist(), strict=True)
    return GapMap(
        sampling_s=point.sampling_s,
        expected=int(presence.expected[0]),
        received=int(presence.received[0]),
        missing=int(presence.missing[0]),
        completeness=float(presence.share[0]),
        gaps=[Gap(start_ms=start, end_ms=end) for start, end in spans][:MAX_GAPS],
        truncated=len(silences.point) > MAX_GAPS,
        as_of=now(),
    )


@router.get("/{uuid:id}/events", operation_id="point_events", response={200: EventList, **_REFUSED})
def events(request: HttpRequest, id: UUID, query: Query[PeriodQuery]) -> EventList:  # type: ignore[valid-type]
    """What else happened at a point and up to seven others: alarms with what was done about them."""
    refuse_unknown(request.GET, ("from", "to", "with"))
    asked: Any = query
    _check_period(asked, _LONGEST)
    with read_scope():
        points = _points(id, asked.also)
        found, truncated = events_of([point.id for point in points], asked.start, asked.end)
    return EventList(items=[_event(one) for one in found], truncated=truncated, as_of=now())


@router.get(
    "/{uuid:id}/history.parquet", operation_id="export_point_history", response={200: Any, **_REFUSED}
)
def export(request: HttpRequest, id: UUID, query: Query[PeriodQuery]) -> StreamingHttpResponse:  # type: ignore[valid-type]
    """The readings of a point and up to seven others as a Parquet file. Each export is on record."""
    refuse_unknown(request.GET, ("from", "to", "with"))
    asked: Any = query
    _check_period(asked, _LONGEST)
    with read_scope():
        ids = [point.id for point in _points(id, asked.also)]
    exported = export_history(ids, asked.start, asked.end)
    labels = {point.number: (point.tag, point.unit) for point in exported}
    body = history.historian().parquet(labels, *_period_ms(asked))
    response = StreamingHttpResponse(body, content_type="application/vnd.apache.parquet")
    name = f"history-{asked.start:%Y%m%d%H%M}-{asked.end:%Y%m%d%H%M}.parquet"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


_BAD_SPAN = Text(
    "结束时间应晚于开始时间，跨度不超过{days}天", "The end must be after the start, by {days} days at most"
)
_NOT_AN_ID = Text("编号格式不正确", "This is not an identifier")
_TOO_MANY = Text(f"一次最多 {MAX_COMPARED} 个监测点", f"At most {MAX_COMPARED} points at once")


def _check_period(asked: Any, longest: timedelta) -> None:
    if not timedelta(0) < asked.end - asked.start <= longest:
        words = Text(*(word.format(days=longest.days) for word in _BAD_SPAN))
        raise InvalidFields([("to", words)])


def _period_ms(asked: Any) -> tuple[int, int]:
    return to_ms(asked.start), to_ms(asked.end)


def _drawn(width: int) -> int:
    return min(MAX_DRAWN, 2 * width)


def _points(id: UUID, also: str | None) -> Sequence[Any]:
    """The rows of the point *id* and the others, in that order; `NotFound` when one of them is out of sight."""
    try:
        ids = list(dict.fromkeys([id, *(UUID(one) for one in (also or "").split(",") if one)]))
    except ValueError as error:
        raise InvalidFields([("with", _NOT_AN_ID)]) from error
    if len(ids) > MAX_COMPARED:
        raise InvalidFields([("with", _TOO_MANY)])
    found = readable_rows(resource_named("point"), current_principal()).in_bulk(ids)
    if len(found) < len(ids):
        raise NotFound
    return [found[one] for one in ids]


def _columns(found: Series) -> dict[str, Any]:
    return {
        "thinned": found.thinned,
        "resolution": Resolution(found.resolution).name.lower(),
        "width_ms": found.width_ms,
        "time_ms": found.time_ms.tolist(),
        "minimum": _finite(found.minimum.tolist()),
        "maximum": _finite(found.maximum.tolist()),
        "last": _finite(found.last.tolist()),
        "mean": _finite(found.mean.tolist()),
        "quality": found.quality.tolist(),
        "count": found.count.tolist(),
        "good": found.good.tolist(),
    }


def _finite(values: Iterable[float]) -> list[float | None]:
    return [value if math.isfinite(value) else None for value in values]


def _event(event: PointEvent) -> EventOut:
    return EventOut(
        source=event.source,
        id=event.id,
        point_id=event.point_id,
        title=Label(**event.title._asdict()),
        at=event.at,
        until=event.until,
        level=event.level,
        momentary=event.momentary,
        note=event.note,
        steps=[
            StepOut(title=Label(**step.title._asdict()), at=step.at, note=step.note) for step in event.steps
        ],
    )
