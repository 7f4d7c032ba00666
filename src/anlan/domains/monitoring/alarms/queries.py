"""Reads of alarms that are more than a filter. Call them inside a service or `read_scope`."""

from collections.abc import Collection
from uuid import UUID

from anlan.domains.monitoring.alarms.contracts import AlarmView
from anlan.domains.monitoring.alarms.models import Alarm
from anlan.domains.monitoring.alarms.states import AlarmState, Cause
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
