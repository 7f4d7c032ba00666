"""Reads of alarms that are more than a filter. Call them inside a service or `read_scope`."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Min, Q

from anlan.domains.monitoring.alarms.contracts import AlarmView, Unresolved, WindowAlarm
from anlan.domains.monitoring.alarms.models import Alarm, AlarmEvent
from anlan.domains.monitoring.alarms.states import AlarmEventKind, AlarmState, Cause, Suppression
from anlan.domains.monitoring.points.states import PointKind
from anlan.kernel.levels import AlarmLevel, Condition
from anlan.platform.scope.reading import visible


def find_alarm(alarm_id: UUID) -> AlarmView:
    """The alarm, or `NotFound` when there is none that the principal may see."""
    return alarm_view(visible(Alarm.objects.all(), alarm_id))


def alarm_view(alarm: Alarm) -> AlarmView:
    """The contract of a row."""
    return AlarmView(
        id=alarm.id,
        thread=alarm.thread,
        state=AlarmState(alarm.state),
        level=AlarmLevel(alarm.level),
        condition=Condition(alarm.condition),
        cause=Cause(alarm.cause) if alarm.cause else None,
        active=alarm.returned_at is None,
        count=alarm.count,
        raised_at=alarm.raised_at,
        suppression=Suppression(alarm.suppression),
        point_id=alarm.point_id,
        enterprise_id=alarm.enterprise_id,
        region=alarm.region,
        zone=alarm.zone,
        timeline=alarm.timeline,
        exercise=alarm.exercise,
        version=alarm.version,
    )


def newest_alarm_of_point(point_id: UUID, condition: Condition) -> AlarmView | None:
    """The last alarm of a point and condition that was raised, if there is one."""
    found = Alarm.objects.filter(point_id=point_id, condition=condition.value).order_by("-raised_at").first()
    return alarm_view(found) if found else None


def active_alarms_of_kind(enterprise_ids: Collection[UUID], kind: PointKind) -> list[AlarmView]:
    """Alarms of enterprises on points of *kind* whose condition holds now, on the live timeline; by time raised."""
    found = Alarm.objects.filter(
        enterprise_id__in=list(enterprise_ids),
        point_kind=kind.value,
        returned_at__isnull=True,
        timeline__isnull=True,
        exercise=False,
    )
    return [alarm_view(alarm) for alarm in found.order_by("raised_at", "id")]


def live_alarms_since(since: datetime) -> list[WindowAlarm]:
    """Alarms of the live timeline that are open, or were last raised at or after *since*; two queries.

    Drills and replays are left out: they have their own timelines.
    """
    raised = Q(kind__in=[AlarmEventKind.RAISED.value, AlarmEventKind.RE_RAISED.value])
    window = Alarm.objects.filter(timeline__isnull=True, exercise=False).filter(
        Q(last_raised_at__gte=since) | ~Q(state=AlarmState.CLOSED.value)
    )
    raises = dict(
        AlarmEvent.objects.filter(raised, at__gte=since, alarm__in=window)
        .order_by()
        .values_list("alarm_id")
        .annotate(Count("id"))
    )
    return [
        WindowAlarm(
            id=alarm.id,
            thread=alarm.thread,
            condition=Condition(alarm.condition),
            level=AlarmLevel(alarm.level),
            suppression=Suppression(alarm.suppression),
            open=alarm.state != AlarmState.CLOSED,
            active=alarm.returned_at is None,
            raised_at=alarm.raised_at,
            last_raised_at=alarm.last_raised_at,
            value=alarm.value,
            threshold=alarm.threshold,
            unit=alarm.unit,
            raises=raises.get(alarm.id, 0),
            limit_id=alarm.limit_id,
            point_id=alarm.point_id,
            point_number=alarm.point_number,
            point_tag=alarm.point_tag,
            point_name=alarm.point_name,
            point_kind=alarm.point_kind,
            enterprise_id=alarm.enterprise_id,
        )
        for alarm in window.order_by("id")
    ]


def newest_entry() -> UUID | None:
    """The newest entry of any alarm's time line: what tells cheaply that something has happened."""
    return AlarmEvent.objects.order_by("-id").values_list("id", flat=True).first()


def unresolved_by_enterprise(enterprise_ids: Collection[UUID], since: datetime) -> dict[UUID, Unresolved]:
    """Points with an alarm raised at or after *since* that is not closed, by enterprise; one aggregate.

    Exercises and replays are left out, and so are enterprises without any.
    """
    rows = (
        Alarm.objects.filter(
            enterprise_id__in=list(enterprise_ids),
            raised_at__gte=since,
            timeline__isnull=True,
            exercise=False,
        )
        .exclude(state=AlarmState.CLOSED.value)
        .order_by()
        .values_list("enterprise_id")
        .annotate(points=Count("point_id", distinct=True), oldest=Min("raised_at"))
    )
    return {enterprise: Unresolved(points, oldest) for enterprise, points, oldest in rows}
