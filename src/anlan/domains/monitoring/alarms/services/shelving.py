"""Shelving (搁置): for a while and for a reason, an alarm is recorded without being announced."""

from datetime import timedelta
from uuid import UUID

from anlan.domains.monitoring.alarms.clocks import SHELVED, UNHANDLED
from anlan.domains.monitoring.alarms.crossings import Changes
from anlan.domains.monitoring.alarms.models import Alarm, Shelving
from anlan.domains.monitoring.alarms.services.quieting import set_silence
from anlan.domains.monitoring.alarms.services.releasing import release
from anlan.domains.monitoring.alarms.services.writing import store
from anlan.domains.monitoring.alarms.states import READ, WATCH, AlarmEventKind, AlarmState, Suppression
from anlan.domains.monitoring.alarms.suppression_states import (
    SHELVE,
    SHELVE_FIRST,
    SHELVING_WORKFLOW,
    ShelvingState,
)
from anlan.domains.monitoring.alarms.tables import longest_shelving
from anlan.domains.monitoring.announce import announce
from anlan.domains.monitoring.editing import insert_once, locked, refuse_field, require_text
from anlan.kernel.clock import now
from anlan.kernel.errors import Conflict, Forbidden
from anlan.kernel.ids import new_id
from anlan.kernel.levels import AlarmLevel
from anlan.kernel.text import Text
from anlan.platform.commands import current_principal, record_thread, service
from anlan.platform.deadlines.services import (
    DeadlineSpec,
    cancel_deadline,
    meet_deadline,
    restart_deadline,
    start_deadline,
)
from anlan.platform.notices import NoticeSpec, Urgency
from anlan.platform.notices.services import place_notice

TOPIC = "shelving"
LOOK_AGAIN = timedelta(seconds=2)


@service("alarms.shelve", permission=SHELVE)
def shelve_alarm(alarm_id: UUID, *, minutes: int, reason: str) -> UUID:
    """Set an open alarm's condition aside; a first-level alarm waits for a second person's approval.

    Raises `Invalid` without a reason or for longer than the table allows, `Conflict` when it is
    shelved already or closed.
    """
    alarm = locked(Alarm, alarm_id, SHELVE)
    reason = require_text("reason", reason, at_least=2)
    level = AlarmLevel(alarm.level)
    longest = longest_shelving(level)
    if not timedelta(0) < timedelta(minutes=minutes) <= longest:
        most = f"{longest.total_seconds() / 60:g}"
        raise refuse_field(
            "minutes",
            f"{level.label.zh}最多搁置 {most} 分钟",
            f"A {level.label.en.lower()} is shelved for {most} minutes at most",
        )
    if alarm.state == AlarmState.CLOSED:
        raise Conflict(Text("报警已销警，无须搁置", "A closed alarm needs no shelving"))
    shelving = Shelving(
        id=new_id(),
        limit_number=alarm.limit_number,
        alarm=alarm,
        point_tag=alarm.point_tag,
        point_name=alarm.point_name,
        condition=alarm.condition,
        level=alarm.level,
        enterprise_id=alarm.enterprise_id,
        enterprise_name=alarm.enterprise_name,
        state=ShelvingState.REQUESTED.value,
        minutes=minutes,
        reason=reason,
        requested_by=current_principal().name,
        requested_key=current_principal().key,
        requested_at=now(),
        exercise=alarm.exercise,
        synthetic=alarm.synthetic,
        region=alarm.region,
        zone=alarm.zone,
    )
    insert_once(
        shelving, "alarm", Text("该报警已搁置或待批准", "It is shelved already, or waits for approval")
    )
    if level is AlarmLevel.FIRST:
        _ask_for_approval(shelving, alarm)
    else:
        _begin(shelving, alarm)
    announce(TOPIC, shelving, READ)
    return shelving.id


@service("alarms.approve_shelving", permission=SHELVE_FIRST)
def approve_shelving(shelving_id: UUID) -> None:
    """The second person's yes. Raises `Forbidden` for the one who asked, `Conflict` once the alarm is closed."""
    shelving = locked(Shelving, shelving_id, SHELVE_FIRST)
    SHELVING_WORKFLOW.require("approve", shelving, current_principal())
    if shelving.requested_key == current_principal().key:
        raise Forbidden(
            Text("申请人不能批准自己的搁置", "Whoever asked cannot approve"),
            next_step=Text("请由另一名有权限的人员批准", "Let another person with the permission approve"),
        )
    alarm = locked(Alarm, shelving.alarm_id, SHELVE_FIRST)
    if alarm.state == AlarmState.CLOSED:
        raise Conflict(
            Text("报警已销警，无须搁置", "A closed alarm needs no shelving"),
            next_step=Text("请选择“不批准”", "Refuse it instead"),
        )
    shelving.approved_by = current_principal().name
    _begin(shelving, alarm)
    announce(TOPIC, shelving, READ)


@service("alarms.refuse_shelving", permission=SHELVE_FIRST)
def refuse_shelving(shelving_id: UUID, *, note: str) -> None:
    """The second person's no: the alarm goes on as it was."""
    shelving = locked(Shelving, shelving_id, SHELVE_FIRST)
    SHELVING_WORKFLOW.require("refuse", shelving, current_principal())
    _finish(shelving, ShelvingState.REFUSED, current_principal().name, require_text("note", note, at_least=2))


@service("alarms.unshelve", permission=SHELVE)
def end_shelving(shelving_id: UUID, *, note: str) -> None:
    """End a shelving before its time; the alarm comes back on the desk."""
    shelving = locked(Shelving, shelving_id, SHELVE)
    SHELVING_WORKFLOW.require("end", shelving, current_principal())
    note = require_text("note", note, at_least=2)
    was_active = shelving.state == ShelvingState.ACTIVE
    _finish(shelving, ShelvingState.ENDED, current_principal().name, note)
    if was_active:
        restart_deadline(SHELVED, shelving.id, timedelta(0))  # the worker brings the alarms back


@service("alarms.expire_shelving", permission=WATCH)
def expire_shelving(shelving_id: UUID) -> None:
    """A shelving is over, by its time or by a person: whatever still stands is announced again."""
    shelving = Shelving.objects.select_for_update(skip_locked=True).filter(id=shelving_id).first()
    if shelving is None:
        restart_deadline(SHELVED, shelving_id, LOOK_AGAIN)
        return
    meet_deadline(SHELVED, shelving_id)
    if shelving.state == ShelvingState.ACTIVE:
        _finish(shelving, ShelvingState.ENDED, current_principal().name, "搁置到期")
    release(Suppression.SHELVED, shelving.id, shelving.note)


def _begin(shelving: Shelving, alarm: Alarm) -> None:
    at = now()
    shelving.state, shelving.began_at = ShelvingState.ACTIVE.value, at
    shelving.until = at + timedelta(minutes=shelving.minutes)
    shelving.version += 1
    shelving.save()
    start_deadline(
        DeadlineSpec(
            SHELVED,
            "shelving",
            shelving.id,
            shelving.until - at,
            shelving.region,
            shelving.zone,
            thread=alarm.thread,
            exercise=shelving.exercise,
        )
    )
    cancel_deadline(UNHANDLED, alarm.id)
    changes = Changes(actor=current_principal().name)
    set_silence(alarm, (Suppression.SHELVED, shelving.id))
    changes.touch(alarm)
    changes.entry(
        alarm, AlarmEventKind.SHELVED, at, at, note=f"{shelving.minutes} 分钟，{shelving.reason}"[:500]
    )
    store(changes)


def _finish(shelving: Shelving, state: ShelvingState, by: str, note: str) -> None:
    shelving.state, shelving.ended_at, shelving.ended_by = state.value, now(), by
    shelving.note = note
    shelving.version += 1
    shelving.save()
    announce(TOPIC, shelving, READ)


def _ask_for_approval(shelving: Shelving, alarm: Alarm) -> None:
    record_thread(alarm.thread)
    place_notice(
        NoticeSpec(
            Text(
                f"一级报警申请搁置 {shelving.minutes} 分钟：{alarm.enterprise_name} {alarm.point_name}",
                f"Approval asked: shelve {alarm.point_tag} of {alarm.enterprise_name} for {shelving.minutes} min",
            ),
            alarm.region,
            alarm.zone,
            SHELVE_FIRST,
            Urgency.ATTENTION,
            body=Text(shelving.reason, shelving.reason),
            subject_kind="shelving",
            subject_id=shelving.id,
            thread=alarm.thread,
            timeline=alarm.timeline,
            exercise=alarm.exercise,
        )
    )
