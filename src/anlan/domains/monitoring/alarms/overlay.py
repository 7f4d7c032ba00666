"""Alarms on the charts of their points."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from anlan.domains.monitoring.alarms.models import AlarmEvent
from anlan.domains.monitoring.alarms.states import READ, AlarmEventKind
from anlan.domains.monitoring.points.overlay import MAX_EVENTS, PointEvent, PointStep
from anlan.kernel.levels import Condition
from anlan.platform.commands import current_principal
from anlan.platform.resources import resource_named
from anlan.platform.resources.listing import readable_rows


def alarms_on_charts(point_ids: Sequence[UUID], start: datetime, end: datetime) -> Iterable[PointEvent]:
    """Alarms whose condition held at some time in [start, end), with what was done about them then."""
    principal = current_principal()
    if READ not in principal.permissions:
        return []
    rows = readable_rows(resource_named("alarm"), principal)
    rows = rows.filter(Q(returned_at__isnull=True) | Q(returned_at__gt=start), raised_at__lt=end)
    alarms = list(rows.filter(point_id__in=list(point_ids)).order_by("-raised_at")[: MAX_EVENTS + 1])
    steps: dict[UUID, list[PointStep]] = defaultdict(list)
    within = AlarmEvent.objects.filter(alarm_id__in=[alarm.id for alarm in alarms], at__gte=start, at__lt=end)
    for event in within.order_by("at"):
        steps[event.alarm_id].append(PointStep(AlarmEventKind(event.kind).label, event.at, event.note))
    return [
        PointEvent(
            source="alarms",
            id=alarm.id,
            point_id=alarm.point_id,
            title=Condition(alarm.condition).label,
            at=alarm.raised_at,
            until=alarm.returned_at,
            level=alarm.level,
            steps=steps[alarm.id],
        )
        for alarm in alarms
    ]
