"""The life of an alarm: 报警 → 确认 → 处置 → 销警, as a table."""

from datetime import datetime
from typing import Protocol

from ninja import Schema

from anlan.kernel.errors import Conflict, Problem
from anlan.kernel.text import LabelledEnum, Text
from anlan.platform.identity.roles import RoleCode
from anlan.platform.resources import labelled
from anlan.platform.workflow import Transition, Workflow

READ = "alarms.read"
HANDLE = "alarms.handle"
EVALUATE = "alarms.evaluate"
ASSIGN = "alarms.assign"
WATCH = "alarms.watch"
REPORT = "alarms.report"
HEAR_SUPERVISOR = "alarms.hear_supervisor"
HEAR_LEADER = "alarms.hear_leader"


class AlarmState(LabelledEnum):
    """Where an alarm stands with the people who handle it."""

    RAISED = "raised", "报警", "Raised"
    CONFIRMED = "confirmed", "已确认", "Confirmed"
    HANDLING = "handling", "处置中", "Being handled"
    CLOSED = "closed", "已销警", "Closed"


class Cause(LabelledEnum):
    """What the enterprise found when it confirmed the alarm (domain.md, S08)."""

    REAL = "real", "真实报警", "Real"
    FALSE_ALARM = "false_alarm", "误报", "False alarm"
    MAINTENANCE = "maintenance", "检修", "Maintenance"
    CALIBRATION = "calibration", "标校", "Calibration"
    INSTRUMENT_FAULT = "instrument_fault", "仪表故障", "Instrument fault"


class AlarmEventKind(LabelledEnum):
    """What an entry of the time line tells."""

    RAISED = "raised", "触发报警", "Raised"
    RETURNED = "returned", "恢复正常", "Returned to normal"
    RE_RAISED = "re_raised", "再次报警", "Raised again"
    CONFIRMED = "confirmed", "确认", "Confirmed"
    HANDLED = "handled", "处置", "Handled"
    COMMENTED = "commented", "备注", "Comment"
    CLOSED = "closed", "销警", "Closed"
    SHELVED = "shelved", "搁置", "Shelved"
    SUPPRESSED = "suppressed", "抑制", "Suppressed"
    RELEASED = "released", "恢复告知", "Announced again"
    GROUPED = "grouped", "并入报警潮", "Joined a flood"
    CHATTERING = "chattering", "判为抖动报警", "Found chattering"
    ASSIGNED = "assigned", "指派", "Assigned"
    ESCALATED = "escalated", "超时升级", "Escalated"


class Suppression(LabelledEnum):
    """Why an alarm that happens is recorded but not announced (ISA-18.2: shelved, or suppressed by design).

    Chattering quiets single activations on the time line, never an alarm.
    """

    NONE = "none", "未抑制", "Announced"
    SHELVED = "shelved", "已搁置", "Shelved"
    MAINTENANCE = "maintenance", "检修抑制", "Under maintenance"
    PARENT = "parent", "随上级抑制", "Under its parent"
    CHATTERING = "chattering", "抖动", "Chattering"


class GroupState(LabelledEnum):
    """Whether a flood of alarms (报警潮) goes on."""

    OPEN = "open", "进行中", "Going on"
    SUBSIDED = "subsided", "已平息", "Subsided"


class GroupScope(LabelledEnum):
    """What a flood of alarms has in common."""

    ENTERPRISE = "enterprise", "企业", "Enterprise"
    REGION = "region", "行政区划", "Region"


class Dimension(LabelledEnum):
    """By what figures of alarm management are told apart."""

    WHOLE = "whole", "合计", "All together"
    COUNTY = "county", "县区", "County"
    ENTERPRISE = "enterprise", "企业", "Enterprise"
    UNIT = "unit", "装置单元", "Unit"
    OPERATOR = "operator", "处置人员", "Operator"


class Assignment(Schema):
    """Who shall take care: a person by user name, or everybody of a role."""

    username: str = labelled("人员账号", "User name", default="", max_length=64)
    role: RoleCode | None = labelled("角色", "Role", default=None)
    note: str = labelled("说明", "Note", default="", max_length=500, widget="textarea")


class Confirmation(Schema):
    """What confirming needs."""

    cause: Cause = labelled("原因", "Cause")
    note: str = labelled("说明", "Note", default="", max_length=500, widget="textarea")


class Handling(Schema):
    """What recording a measure needs."""

    note: str = labelled("处置措施", "Measures taken", min_length=1, max_length=500, widget="textarea")


class Closing(Schema):
    """What closing needs."""

    note: str = labelled("销警说明", "Closing note", default="", max_length=500, widget="textarea")


class Comment(Schema):
    """A remark on the time line."""

    note: str = labelled("备注", "Comment", min_length=1, max_length=500, widget="textarea")


class Closable(Protocol):
    """What closing looks at: an alarm's state and cause, and whether its condition still holds."""

    state: str
    cause: str
    returned_at: datetime | None
    last_raised_at: datetime
    count: int


def may_close(alarm: Closable) -> Problem | None:
    """Closing waits for the process: the condition has returned, and a real alarm was handled."""
    if alarm.returned_at is None:
        return Conflict(
            Text(
                "报警条件尚未恢复正常，不能销警",
                "The condition has not returned to normal: the alarm stays open",
            ),
            next_step=Text("待参数恢复正常后再销警", "Close it once the value is back to normal"),
            facts={"last_raised_at": alarm.last_raised_at.isoformat(), "count": alarm.count},
        )
    if alarm.state == AlarmState.CONFIRMED and alarm.cause == Cause.REAL:
        return Conflict(
            Text("真实报警须先处置再销警", "A real alarm is handled before it is closed"),
            next_step=Text("请先登记处置措施", "Record the measures taken first"),
        )
    return None


class Confirmable(Protocol):
    """What confirming a flood looks at."""

    confirmed_at: datetime | None


def may_confirm_group(group: Confirmable) -> Problem | None:
    """A flood is confirmed once; what joins it later is confirmed alarm by alarm."""
    if group.confirmed_at is None:
        return None
    return Conflict(
        Text("该报警潮已确认", "This flood is confirmed already"),
        next_step=Text("请逐个确认其后并入的报警", "Confirm what joined it later one by one"),
    )


ALARM_WORKFLOW = Workflow(
    AlarmState,
    (
        Transition(
            event="confirm",
            source=frozenset({AlarmState.RAISED}),
            target=AlarmState.CONFIRMED,
            label=Text("确认", "Confirm"),
            permission=HANDLE,
            form=Confirmation,
        ),
        Transition(
            event="handle",
            source=frozenset({AlarmState.CONFIRMED, AlarmState.HANDLING}),
            target=AlarmState.HANDLING,
            label=Text("处置", "Handle"),
            permission=HANDLE,
            form=Handling,
        ),
        Transition(
            event="close",
            source=frozenset({AlarmState.CONFIRMED, AlarmState.HANDLING}),
            target=AlarmState.CLOSED,
            label=Text("销警", "Close"),
            permission=HANDLE,
            guard=may_close,
            form=Closing,
            confirm=Text("确定销警？销警后不能恢复。", "Close this alarm? A closed alarm stays closed."),
        ),
    ),
)


GROUP_WORKFLOW = Workflow(
    GroupState,
    (
        Transition(
            event="confirm",
            source=frozenset(GroupState),
            target=None,
            label=Text("全部确认", "Confirm all"),
            permission=HANDLE,
            guard=may_confirm_group,
            form=Confirmation,
            confirm=Text(
                "对其中所有未确认的报警填写同一原因？", "Give all unconfirmed alarms in it the same cause?"
            ),
        ),
    ),
)
