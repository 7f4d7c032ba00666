"""A gateway's loss of power or link: one alarm of the gateway, its silent points' alarms under it."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Count

from anlan.domains.monitoring.alarms.clocks import GRACE
from anlan.domains.monitoring.alarms.crossings import Changes
from anlan.domains.monitoring.alarms.hygiene import gateway_lost
from anlan.domains.monitoring.alarms.models import Alarm
from anlan.domains.monitoring.alarms.states import AlarmEventKind, AlarmState, Suppression
from anlan.domains.monitoring.alarms.tables import Figures
from anlan.domains.monitoring.points.contracts import GatewayWatch
from anlan.domains.monitoring.points.queries import gateway_watches
from anlan.domains.monitoring.points.states import PointKind
from anlan.kernel.ids import new_id
from anlan.kernel.levels import AlarmLevel, Condition
from anlan.platform.deadlines.services import DeadlineSpec, cancel_deadline, start_deadline

LEVEL = AlarmLevel.SECOND
"""A gateway's alarm: nothing of the enterprise is seen any more, but nothing is known to be wrong (our own)."""


def follow_gateways(changes: Changes, figures: Figures, at: datetime) -> list[Alarm]:
    """Raise, return or raise again the alarms of gateways whose points fell silent or came back.

    Returns the gateways' alarms that became active.

    Points that fall silent while their gateway is lost are silenced by its alarm; when it
    returns they keep quiet for the grace that the table gives them to come back too.
    """
    moved = [alarm for alarm in changes.changed() if _is_silence(alarm)]
    gateways = {alarm.gateway_id for alarm in moved if alarm.gateway_id is not None}
    if not gateways:
        return []
    raised = []
    watches = gateway_watches(gateways)
    silent = _silent_counts(gateways, moved)
    parents = {
        parent.gateway_id: parent
        for parent in Alarm.objects.select_for_update()
        .filter(gateway_id__in=gateways, of_gateway=True)
        .exclude(state=AlarmState.CLOSED.value)
        .order_by("id")
    }
    for gateway_id, watch in sorted(watches.items()):
        own = [alarm for alarm in moved if alarm.gateway_id == gateway_id]
        lost = gateway_lost(silent[gateway_id], watch.watched, figures.gateway_least, figures.gateway_share)
        parent = parents.get(gateway_id)
        if lost and (parent is None or parent.returned_at is not None):
            parent = _raise(changes, watch, parent, own, at)
            raised.append(parent)
            _put_under(changes, parent, _standing_alone(gateway_id, own), at)
        elif not lost and parent is not None and parent.returned_at is None:
            _return(changes, parent, own, figures, at)
        if lost and parent is not None:
            _silence(parent, own)
    return raised


def _is_silence(alarm: Alarm) -> bool:
    return alarm.condition == Condition.NO_DATA and not alarm.of_gateway


def _silent_counts(gateways: Iterable[UUID | None], moved: list[Alarm]) -> Counter[UUID | None]:
    """How many points of each gateway are silent once the changes at hand are written; one query."""
    rows = (
        Alarm.objects.filter(
            gateway_id__in=gateways,
            condition=Condition.NO_DATA.value,
            of_gateway=False,
            returned_at__isnull=True,
        )
        .exclude(state=AlarmState.CLOSED.value)
        .exclude(id__in=[alarm.id for alarm in moved if not alarm._state.adding])
        .order_by()
        .values_list("gateway_id")
        .annotate(silent=Count("id"))
    )
    counts: Counter[UUID | None] = Counter(dict(rows))
    counts.update(alarm.gateway_id for alarm in moved if alarm.returned_at is None)
    return counts


def _standing_alone(gateway_id: UUID, moved: list[Alarm]) -> list[Alarm]:
    """Silent points' alarms of earlier batches that nothing silences yet."""
    return list(
        Alarm.objects.select_for_update()
        .filter(
            gateway_id=gateway_id,
            condition=Condition.NO_DATA.value,
            of_gateway=False,
            returned_at__isnull=True,
            suppression=Suppression.NONE.value,
        )
        .exclude(state=AlarmState.CLOSED.value)
        .exclude(id__in=[alarm.id for alarm in moved])
        .order_by("id")
    )


def _silence(parent: Alarm, alarms: Iterable[Alarm]) -> None:
    for alarm in alarms:
        if alarm.returned_at is None and alarm.suppression == Suppression.NONE:
            alarm.suppression, alarm.suppressed_by = Suppression.PARENT.value, parent.id
            alarm.parent = parent


def _put_under(changes: Changes, parent: Alarm, alarms: list[Alarm], at: datetime) -> None:
    """Alarms that were announced one by one before the loss of the gateway was certain."""
    _silence(parent, alarms)
    for alarm in alarms:
        changes.touch(alarm)
        changes.entry(alarm, AlarmEventKind.SUPPRESSED, at, at, note=parent.point_name)


def _raise(
    changes: Changes, watch: GatewayWatch, parent: Alarm | None, own: list[Alarm], at: datetime
) -> Alarm:
    newest = max(
        (alarm for alarm in own if alarm.returned_at is None), key=lambda alarm: alarm.last_raised_at
    )
    if parent is None:
        parent = _new(watch, newest)
        changes.opened.append(parent)
        kind = AlarmEventKind.RAISED
    else:
        parent.returned_at, parent.last_raised_at = None, newest.last_raised_at
        parent.count += 1
        parent.re_raised = parent.re_raised or parent.state != AlarmState.RAISED
        cancel_deadline(GRACE, parent.id)
        changes.touch(parent)
        kind = AlarmEventKind.RE_RAISED
    changes.entry(parent, kind, parent.last_raised_at, at)
    return parent


def _new(watch: GatewayWatch, first: Alarm) -> Alarm:
    """The alarm of a gateway, after the first of its silent points."""
    return Alarm(
        id=new_id(),
        state=AlarmState.RAISED.value,
        level=LEVEL.value,
        condition=Condition.NO_DATA.value,
        raised_at=first.last_raised_at,
        last_raised_at=first.last_raised_at,
        arrived_at=first.arrived_at,
        point_id=first.point_id,
        point_number=first.point_number,
        point_tag=watch.source[:80],
        point_name=watch.name,
        point_kind=PointKind.OTHER.value,
        limit_id=watch.id,
        limit_number=-watch.number,
        gateway_id=watch.id,
        of_gateway=True,
        enterprise_id=first.enterprise_id,
        enterprise_name=first.enterprise_name,
        timeline=first.timeline,
        exercise=first.exercise,
        synthetic=first.synthetic,
        region=first.region,
        zone=first.zone,
        partition=first.partition,
    )


def _return(changes: Changes, parent: Alarm, own: list[Alarm], figures: Figures, at: datetime) -> None:
    back = [alarm.returned_at for alarm in own if alarm.returned_at is not None]
    parent.returned_at = max(back, default=at)
    changes.touch(parent)
    changes.entry(parent, AlarmEventKind.RETURNED, parent.returned_at, at)
    start_deadline(
        DeadlineSpec(
            GRACE,
            "alarm",
            parent.id,
            figures.gateway_grace,
            parent.region,
            parent.zone,
            thread=parent.thread,
            exercise=parent.exercise,
            basis=figures.version,
        )
    )
