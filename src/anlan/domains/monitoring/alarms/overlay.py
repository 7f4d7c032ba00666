"""Alarms, maintenance and shelving on the charts of their points."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from anlan.domains.monitoring.alarms.models import AlarmEvent
from anlan.domains.monitoring.alarms.states import READ, AlarmEventKind
from anlan.domains.monitoring.points.overlay import MAX_EVENTS, PointEvent, PointStep
from anlan.domains.monitoring.points.queries import find_point
from anlan.kernel.levels import Condition
from anlan.kernel.text import Text
from anlan.platform.commands import current_principal
from anlan.platform.resources import resource_named
from anlan.platform.resources.listing import readable_rows

_BEGINS = (AlarmEventKind.RAISED.value, AlarmEventKind.RE_RAISED.value)
_MAINTENANCE = Text("检修", "Maintenance")
_SHELVED = Text("搁置", "Shelved")


def events_on_charts(point_ids: Sequence[UUID], start: datetime, end: datetime) -> Iterable[PointEvent]:
    """What alarms know of points in [start, end); nothing for those who may not see alarms."""
    if READ not in current_principal().permissions:
        return
    yield from _alarms(point_ids, start, end)
    for point_id in point_ids:
        yield from _maintenance(point_id, start, end)
        yield from _shelvings(point_id, start, end)


def _alarms(point_ids: Sequence[UUID], start: datetime, end: datetime) -> Iterator[PointEvent]:
    """Spells in which the condition of an alarm held within the period, with what was done about it then."""
    rows = _rows("alarm").filter(Q(returned_at__isnull=True) | Q(returned_at__gt=start), raised_at__lt=end)
    alarms = list(rows.filter(point_id__in=list(point_ids)).order_by("-raised_at")[: MAX_EVENTS + 1])
    entries: dict[UUID, list[AlarmEvent]] = defaultdict(list)
    of_alarms = AlarmEvent.objects.filter(alarm_id__in=[alarm.id for alarm in alarms], at__lt=end)
    for entry in of_alarms.order_by("at", "recorded_at"):
        entries[entry.alarm_id].append(entry)
    for alarm in alarms:
        for at, until in _spells(entries[alarm.id]):
            if until is not None and until <= start:
                continue
            during = [one for one in entries[alarm.id] if max(at, start) <= one.at <= (until or end)]
            yield PointEvent(
                source="alarms",
                id=alarm.id,
                point_id=alarm.point_id,
                title=Condition(alarm.condition).label,
                at=at,
                until=until,
                level=alarm.level,
                steps=[PointStep(AlarmEventKind(one.kind).label, one.at, one.note) for one in during],
            )


def _spells(entries: Sequence[AlarmEvent]) -> Iterator[tuple[datetime, datetime | None]]:
    """From each raising to the return after it; None while there is none."""
    began: datetime | None = None
    for entry in entries:
        if entry.kind in _BEGINS and began is None:
            began = entry.at
        elif entry.kind == AlarmEventKind.RETURNED.value and began is not None:
            yield began, entry.at
            began = None
    if began is not None:
        yield began, None


def _maintenance(point_id: UUID, start: datetime, end: datetime) -> Iterator[PointEvent]:
    """Declared windows of the point, its unit or its whole enterprise."""
    point = find_point(point_id)
    unit = Q(process_unit_id__isnull=True) | Q(process_unit_id=point.process_unit_id)
    named = Q(point_tags=[]) | Q(point_tags__contains=[point.tag])
    rows = _rows("maintenance_window").filter(unit, named, enterprise_id=point.enterprise_id)
    for window in rows.filter(starts_at__lt=end, ends_at__gt=start)[:MAX_EVENTS]:
        until = window.ended_at or window.ends_at
        if until > start:
            yield _quiet("maintenance", point_id, window, _MAINTENANCE, window.starts_at, until)


def _shelvings(point_id: UUID, start: datetime, end: datetime) -> Iterator[PointEvent]:
    point = find_point(point_id)
    rows = _rows("shelving").filter(enterprise_id=point.enterprise_id, point_tag=point.tag)
    for shelving in rows.filter(began_at__lt=end, until__gt=start)[:MAX_EVENTS]:
        until = shelving.ended_at or shelving.until
        if until > start:
            yield _quiet("shelving", point_id, shelving, _SHELVED, shelving.began_at, until)


def _quiet(
    source: str, point_id: UUID, row: Any, title: Text, at: datetime, until: datetime | None
) -> PointEvent:
    return PointEvent(
        source=source, id=row.id, point_id=point_id, title=title, at=at, until=until, note=row.reason
    )


def _rows(resource: str) -> Any:
    return readable_rows(resource_named(resource), current_principal())
