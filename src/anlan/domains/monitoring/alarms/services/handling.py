"""What people do with an alarm: confirm, handle, close, comment, assign."""

from uuid import UUID

from anlan.domains.monitoring.alarms.clocks import UNHANDLED
from anlan.domains.monitoring.alarms.contracts import AlarmView
from anlan.domains.monitoring.alarms.events import alarm_changed
from anlan.domains.monitoring.alarms.models import Alarm, AlarmEvent
from anlan.domains.monitoring.alarms.queries import alarm_view
from anlan.domains.monitoring.alarms.services.following import follow_parent
from anlan.domains.monitoring.alarms.states import (
    ALARM_WORKFLOW,
    ASSIGN,
    HANDLE,
    AlarmEventKind,
    AlarmState,
    Cause,
)
from anlan.domains.monitoring.editing import locked, refuse_field, require_text
from anlan.domains.monitoring.roles import ALARM_HANDLERS
from anlan.kernel.clock import now
from anlan.kernel.errors import Conflict
from anlan.kernel.ids import new_id
from anlan.kernel.text import Text
from anlan.platform.commands import current_principal, principal_of_user, record_thread, service
from anlan.platform.deadlines.services import meet_deadline
from anlan.platform.identity.queries import visible_users
from anlan.platform.identity.roles import RoleCode
from anlan.platform.notices import NoticeSpec, Urgency
from anlan.platform.notices.services import place_notice
from anlan.platform.outbox import emit_many


@service("alarms.confirm", permission=HANDLE)
def confirm_alarm(alarm_id: UUID, *, cause: Cause, note: str = "") -> AlarmView:
    """确认: say what the alarm was found to be."""
    alarm = _moved(alarm_id, "confirm")
    alarm.cause = Cause(cause).value
    alarm.confirmed_at = now()
    alarm.confirmed_by = current_principal().name
    meet_deadline(UNHANDLED, alarm.id)
    view = _saved(alarm, AlarmEventKind.CONFIRMED, note, "state", "cause", "confirmed_at", "confirmed_by")
    follow_parent(alarm, AlarmEventKind.CONFIRMED, note)
    return view


@service("alarms.handle", permission=HANDLE)
def handle_alarm(alarm_id: UUID, *, note: str) -> AlarmView:
    """处置: record a measure; may be repeated. Raises `Invalid` for a note that says nothing."""
    require_text("note", note)
    return _saved(_moved(alarm_id, "handle"), AlarmEventKind.HANDLED, note, "state")


@service("alarms.close", permission=HANDLE)
def close_alarm(alarm_id: UUID, *, note: str = "") -> AlarmView:
    """销警: refused while the condition holds, and for a real alarm that nobody has handled."""
    alarm = _moved(alarm_id, "close")
    alarm.closed_at = now()
    view = _saved(alarm, AlarmEventKind.CLOSED, note, "state", "closed_at")
    follow_parent(alarm, AlarmEventKind.CLOSED, note)
    return view


@service("alarms.comment", permission=HANDLE)
def comment_alarm(alarm_id: UUID, *, note: str) -> AlarmView:
    """Put a remark on the time line, in any state. Raises `Invalid` for one that says nothing."""
    require_text("note", note)
    return _saved(locked(Alarm, alarm_id, HANDLE), AlarmEventKind.COMMENTED, note)


@service("alarms.assign", permission=ASSIGN)
def assign_alarm(
    alarm_id: UUID, *, username: str = "", role: RoleCode | None = None, note: str = ""
) -> AlarmView:
    """指派: to a person who may handle alarms at this place, or to everybody there of a role.

    Raises `Invalid` for nobody, both, a role that does not handle alarms, or a person who may not.
    """
    alarm = locked(Alarm, alarm_id, ASSIGN)
    if alarm.state == AlarmState.CLOSED:
        raise Conflict(Text("报警已销警，不能指派", "A closed alarm is not assigned"))
    person, name = _assignee(alarm, username.strip(), role)
    alarm.assigned_to, alarm.assigned_role = person, role.value if role else ""
    alarm.assigned_name, alarm.assigned_at = name, now()
    place_notice(
        NoticeSpec(
            Text(
                f"报警指派给 {name}：{alarm.enterprise_name} {alarm.point_name}",
                f"Assigned to {name}: {alarm.enterprise_name} {alarm.point_tag}",
            ),
            alarm.region,
            alarm.zone,
            HANDLE,
            Urgency.ATTENTION,
            subject_kind="alarm",
            subject_id=alarm.id,
            thread=alarm.thread,
            timeline=alarm.timeline,
            exercise=alarm.exercise,
        )
    )
    said = f"{name} {note}".strip()
    return _saved(
        alarm,
        AlarmEventKind.ASSIGNED,
        said,
        "assigned_to",
        "assigned_role",
        "assigned_name",
        "assigned_at",
    )


def _assignee(alarm: Alarm, username: str, role: RoleCode | None) -> tuple[UUID | None, str]:
    """The person's id, if it is one, and what people call whoever it is."""
    if bool(username) == (role is not None):
        raise refuse_field("username", "请填写人员账号或选择角色，二者选一", "Name a person or choose a role")
    if role is not None:
        if role not in ALARM_HANDLERS:
            raise refuse_field("role", "该角色不处置报警", "This role does not handle alarms")
        return None, role.label.zh
    user = visible_users().filter(username=username.lower(), is_active=True).first()
    if user is None or not principal_of_user(user).may(HANDLE, alarm.region, alarm.zone):
        raise refuse_field(
            "username",
            "没有此人员，或其在此处无权处置报警",
            "There is no such person, or they may not handle alarms here",
        )
    return user.id, user.display_name


def _moved(alarm_id: UUID, event: str) -> Alarm:
    alarm = locked(Alarm, alarm_id, HANDLE)
    alarm.state = str(ALARM_WORKFLOW.require(event, alarm, current_principal()).target)
    return alarm


def _saved(alarm: Alarm, kind: AlarmEventKind, note: str, *fields: str) -> AlarmView:
    alarm.version += 1
    alarm.save(update_fields=[*fields, "version"])
    AlarmEvent.objects.create(
        id=new_id(),
        alarm=alarm,
        kind=kind.value,
        at=now(),
        recorded_at=now(),
        actor=current_principal().name,
        cause=alarm.cause if kind == AlarmEventKind.CONFIRMED else "",
        note=note.strip(),
        region=alarm.region,
        zone=alarm.zone,
    )
    record_thread(alarm.thread)
    emit_many([alarm_changed(alarm)])
    return alarm_view(alarm)
