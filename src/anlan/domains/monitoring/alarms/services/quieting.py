"""Whether an activation is announced: chattering, shelving, declared maintenance; never lost, only quiet."""

from collections import Counter, defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from anlan.domains.monitoring.alarms.crossings import ACTIVATIONS, Changes
from anlan.domains.monitoring.alarms.hygiene import Behaviour, chattering
from anlan.domains.monitoring.alarms.models import Alarm, AlarmEvent, MaintenanceWindow, Shelving
from anlan.domains.monitoring.alarms.states import AlarmEventKind, Suppression
from anlan.domains.monitoring.alarms.suppression_states import MaintenanceState, ShelvingState
from anlan.kernel.levels import AlarmLevel

Silence = tuple[Suppression, UUID]
"""Why an alarm is silent, and the id of what silences it."""

_COUNTS = {
    Suppression.SHELVED: """
        UPDATE alarms_shelving AS s SET happened = s.happened + u.n
        FROM unnest(%s::uuid[], %s::int[]) AS u (id, n) WHERE s.id = u.id""",
    Suppression.MAINTENANCE: """
        UPDATE alarms_maintenancewindow AS w SET suppressed = w.suppressed + u.n
        FROM unnest(%s::uuid[], %s::int[]) AS u (id, n) WHERE w.id = u.id""",
}


def silence(alarms: Collection[Alarm], at: datetime) -> None:
    """Mark those of *alarms* that are shelved or under maintenance, and unmark all others."""
    found = silences_of(alarms, at)
    for alarm in alarms:
        set_silence(alarm, found.get(alarm.id))


def set_silence(alarm: Alarm, found: Silence | None) -> None:
    """Let *alarm* be silent for the reason given, or not at all."""
    reason, by = found or (Suppression.NONE, None)
    alarm.suppression, alarm.suppressed_by = reason.value, by


def silences_of(alarms: Collection[Alarm], at: datetime) -> dict[UUID, Silence]:
    """By alarm: the shelving or else the maintenance window that silences it at the live time *at*; two queries.

    A window is declared for the live plant: it never touches an exercise or a replay.
    """
    if not alarms:
        return {}
    windows = MaintenanceWindow.objects.filter(
        enterprise_id__in={alarm.enterprise_id for alarm in alarms if alarm.timeline is None},
        state=MaintenanceState.DECLARED.value,
        starts_at__lte=at,
        ends_at__gt=at,
    )
    shelvings = Shelving.objects.filter(
        limit_number__in={alarm.limit_number for alarm in alarms},
        state=ShelvingState.ACTIVE.value,
        until__gt=at,
    )
    declared = list(windows)
    shelved = dict(shelvings.values_list("limit_number", "id"))
    found: dict[UUID, Silence] = {}
    for alarm in alarms:
        if alarm.limit_number in shelved:
            found[alarm.id] = (Suppression.SHELVED, shelved[alarm.limit_number])
            continue
        window = next((one for one in declared if covers(one, alarm)), None)
        if window is not None:
            found[alarm.id] = (Suppression.MAINTENANCE, window.id)
    return found


def covers(window: MaintenanceWindow, alarm: Alarm) -> bool:
    """Whether *window* silences *alarm*.

    A first-level alarm is silenced only by a window that names its point: gas that
    escapes while people work is what such an alarm is for.
    """
    if window.enterprise_id != alarm.enterprise_id or alarm.timeline is not None or alarm.of_gateway:
        return False
    if window.process_unit_id is not None and window.process_unit_id != alarm.process_unit_id:
        return False
    if window.point_tags:
        return alarm.point_tag in window.point_tags
    return alarm.level != AlarmLevel.FIRST


def announce(changes: Changes, behaviour: Behaviour, at: datetime) -> None:
    """Say of each activation whether it is announced, mark what chatters, and count what stays silent."""
    flips = _flips(changes, behaviour)
    silenced: dict[Suppression, Counter[UUID]] = defaultdict(Counter)
    for event in changes.activations():
        alarm = event.alarm
        if alarm.suppression != Suppression.NONE and alarm.suppressed_by is not None:
            event.suppression = alarm.suppression
            silenced[Suppression(alarm.suppression)][alarm.suppressed_by] += 1
        elif event.id in flips:
            event.suppression = Suppression.CHATTERING.value
        else:
            alarm.announced_at = at
    with connection.cursor() as cursor:
        for reason, counts in silenced.items():
            if reason in _COUNTS:
                cursor.execute(_COUNTS[reason], [list(counts.keys()), list(counts.values())])


def _flips(changes: Changes, behaviour: Behaviour) -> set[UUID]:
    """The activations of this batch that are chattering; their alarms are marked."""
    news: dict[UUID, list[AlarmEvent]] = defaultdict(list)
    for event in changes.activations():
        if event.alarm.count > 1:
            news[event.alarm.id].append(event)
    earlier = _earlier(news, behaviour.chatter_within)
    flips = set()
    for alarm_id, events in news.items():
        before = earlier[alarm_id]
        judged = chattering([*before, *(event.at for event in events)], behaviour)[len(before) :]
        quick = [event for event, is_quick in zip(events, judged, strict=True) if is_quick]
        if quick and not quick[0].alarm.chattering:
            quick[0].alarm.chattering = True
            changes.entry(quick[0].alarm, AlarmEventKind.CHATTERING, quick[0].at, quick[0].recorded_at)
        flips |= {event.id for event in quick}
    return flips


def _earlier(news: dict[UUID, list[AlarmEvent]], within: timedelta) -> dict[UUID, list[datetime]]:
    """The activations on the time lines that count together with *news*, ascending; one query."""
    found: dict[UUID, list[datetime]] = defaultdict(list)
    if news:
        since = min(event.at for events in news.values() for event in events) - within
        rows = AlarmEvent.objects.filter(alarm_id__in=list(news), kind__in=ACTIVATIONS, at__gte=since)
        for alarm_id, at in rows.order_by("at", "id").values_list("alarm_id", "at"):
            found[alarm_id].append(at)
    return found
