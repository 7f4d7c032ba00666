"""Floods of alarms: more than people can take in become one group, with each alarm in it and none lost."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Q

from anlan.domains.monitoring.alarms.clocks import FLOOD, UNHANDLED
from anlan.domains.monitoring.alarms.crossings import Changes
from anlan.domains.monitoring.alarms.events import group_changed
from anlan.domains.monitoring.alarms.hygiene import FloodFigures, flood_begins
from anlan.domains.monitoring.alarms.models import Alarm, AlarmGroup
from anlan.domains.monitoring.alarms.services.escalating import start_clock_of_group
from anlan.domains.monitoring.alarms.states import (
    READ,
    WATCH,
    AlarmEventKind,
    AlarmState,
    GroupScope,
    GroupState,
    Suppression,
)
from anlan.domains.monitoring.alarms.tables import Figures, figures_in_force
from anlan.kernel.clock import now
from anlan.kernel.ids import new_id
from anlan.kernel.regions import ningxia
from anlan.kernel.text import Text
from anlan.platform.commands import record_thread, service
from anlan.platform.deadlines.services import (
    DeadlineSpec,
    cancel_deadline,
    cancel_deadlines,
    restart_deadline,
    start_deadline,
)
from anlan.platform.notices import NoticeSpec, Urgency
from anlan.platform.notices.services import place_notice
from anlan.platform.outbox import emit_many
from anlan.platform.threads.services import NewThread, open_threads

Key = tuple[GroupScope, str, UUID | None]
"""What a flood is of: its scope, the enterprise's id or the county's code, the timeline."""

LOOK_AGAIN = timedelta(seconds=2)


def join_floods(changes: Changes, fresh: Sequence[Alarm], figures: Figures, at: datetime) -> None:
    """Let the *fresh* announced alarms join the floods under way, and see whether new ones begin.

    An enterprise's flood comes first; what belongs to none may be part of its county's.
    Evaluators of other partitions wait here for each other, enterprise by enterprise.
    """
    for scope in (GroupScope.ENTERPRISE, GroupScope.REGION):
        by_key: dict[Key, list[Alarm]] = defaultdict(list)
        for alarm in fresh:
            if alarm.group_id is None and alarm.suppression == Suppression.NONE:
                by_key[key_of(scope, alarm)].append(alarm)
        if not by_key:
            return
        _one_at_a_time(by_key)
        groups = _open_groups(by_key)
        recent = _recent(by_key, figures.floods[scope], at) if by_key.keys() - groups.keys() else {}
        for key, alarms in sorted(by_key.items(), key=lambda item: str(item[0])):
            group = groups.get(key)
            if group is not None:
                _join(changes, group, alarms, at)
            else:
                earlier = [changes.touched.get(one.limit_number, one) for one in recent.get(key, ())]
                _begin(changes, key, [*earlier, *alarms], figures.floods[scope], at)


def key_of(scope: GroupScope, alarm: Alarm) -> Key:
    """Under which flood of *scope* an alarm would fall."""
    subject = str(alarm.enterprise_id) if scope is GroupScope.ENTERPRISE else alarm.region
    return scope, subject, alarm.timeline


def _one_at_a_time(keys: dict[Key, list[Alarm]]) -> None:
    names = sorted(f"alarm flood {scope} {subject} {timeline}" for scope, subject, timeline in keys)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(name, 0)) FROM unnest(%s::text[]) WITH ORDINALITY"
            " AS n (name, position)",
            [names],
        )


def _open_groups(keys: dict[Key, list[Alarm]]) -> dict[Key, AlarmGroup]:
    wanted = AlarmGroup.objects.select_for_update().filter(
        state=GroupState.OPEN.value,
        scope=next(iter(keys))[0].value,
        subject__in=[subject for _, subject, _ in keys],
    )
    return {
        (GroupScope(group.scope), group.subject, group.timeline): group for group in wanted.order_by("id")
    }


def _recent(keys: dict[Key, list[Alarm]], figures: FloodFigures, at: datetime) -> dict[Key, list[Alarm]]:
    """Alarms announced of late that belong to no flood, by key; one query."""
    scope = next(iter(keys))[0]
    subjects = [subject for _, subject, _ in keys]
    where = Q(enterprise_id__in=subjects) if scope is GroupScope.ENTERPRISE else Q(region__in=subjects)
    rows = (
        Alarm.objects.select_for_update(of=("self",))
        .filter(
            where,
            group__isnull=True,
            suppression=Suppression.NONE.value,
            announced_at__gte=at - figures.within,
        )
        .exclude(state=AlarmState.CLOSED.value)
        .exclude(id__in=[alarm.id for alarms in keys.values() for alarm in alarms])
        .order_by("id")
    )
    found: dict[Key, list[Alarm]] = defaultdict(list)
    for alarm in rows:
        found[key_of(scope, alarm)].append(alarm)
    return found


def _begin(changes: Changes, key: Key, alarms: list[Alarm], figures: FloodFigures, at: datetime) -> None:
    told = sorted(alarm.announced_at for alarm in alarms if alarm.announced_at is not None)
    begins = flood_begins(told, figures)
    if begins is None:
        return
    members = [alarm for alarm in alarms if alarm.announced_at is not None and alarm.announced_at >= begins]
    group = _new(key, members, at)
    _join(changes, group, members, at)
    cancel_deadlines(UNHANDLED, [alarm.id for alarm in members if not alarm._state.adding])
    start_deadline(_quiet_clock(group, figures))
    start_clock_of_group(group)
    place_notice(
        NoticeSpec(
            Text(
                f"报警潮：{group.name}，已有 {group.count} 个报警",
                f"A flood of alarms: {group.name}, {group.count} so far",
            ),
            group.region,
            group.zone,
            READ,
            Urgency.URGENT,
            subject_kind="alarm_group",
            subject_id=group.id,
            thread=group.thread,
            timeline=group.timeline,
            exercise=group.exercise,
        )
    )


def _new(key: Key, members: list[Alarm], at: datetime) -> AlarmGroup:
    scope, subject, timeline = key
    first = members[0]
    name = first.enterprise_name if scope is GroupScope.ENTERPRISE else _county(subject)
    (thread,) = open_threads([NewThread(first.region, first.zone, f"{name} 报警潮"[:256], timeline)])
    zones = {alarm.zone for alarm in members}
    return AlarmGroup.objects.create(
        id=new_id(),
        thread=thread,
        scope=scope.value,
        subject=subject,
        name=name,
        level=min(alarm.level for alarm in members),
        count=0,
        began_at=at,
        last_at=at,
        timeline=timeline,
        exercise=first.exercise,
        synthetic=any(alarm.synthetic for alarm in members),
        region=first.region,
        zone=first.zone if len(zones) == 1 else None,
    )


def _county(code: str) -> str:
    return next((region.zh for region in ningxia() if region.code == code), code)


def _join(changes: Changes, group: AlarmGroup, alarms: Sequence[Alarm], at: datetime) -> None:
    for alarm in alarms:
        alarm.group = group
        if alarm.limit_number not in changes.touched:
            changes.touch(alarm)
        changes.entry(alarm, AlarmEventKind.GROUPED, at, at, note=group.name)
    group.count += len(alarms)
    group.last_at = at
    group.level = min(group.level, *(alarm.level for alarm in alarms))
    group.version += 1
    group.save(update_fields=["count", "last_at", "level", "version"])
    record_thread(group.thread)
    emit_many([group_changed(group)])


def _quiet_clock(group: AlarmGroup, figures: FloodFigures) -> DeadlineSpec:
    return DeadlineSpec(
        FLOOD,
        "alarm_group",
        group.id,
        figures.end_within,
        group.region,
        group.zone,
        thread=group.thread,
        exercise=group.exercise,
    )


@service("alarms.watch_flood", permission=WATCH)
def watch_flood(group_id: UUID) -> None:
    """The flood has subsided once the rate has fallen; until then it is looked at again."""
    group = AlarmGroup.objects.select_for_update(skip_locked=True).filter(id=group_id).first()
    if group is None:
        restart_deadline(FLOOD, group_id, LOOK_AGAIN)
        return
    figures = figures_in_force().floods[GroupScope(group.scope)]
    at = now()
    told = group.alarms.filter(announced_at__gt=at - figures.end_within)
    if told.count() < figures.end_count:
        group.state, group.subsided_at = GroupState.SUBSIDED.value, at
        group.version += 1
        group.save(update_fields=["state", "subsided_at", "version"])
        record_thread(group.thread)
        emit_many([group_changed(group)])
        cancel_deadline(FLOOD, group_id)
        return
    newest = told.order_by("-announced_at").values_list("announced_at", flat=True)[figures.end_count - 1]
    wait = (newest or at) + figures.end_within - at
    restart_deadline(FLOOD, group_id, max(wait, LOOK_AGAIN))
