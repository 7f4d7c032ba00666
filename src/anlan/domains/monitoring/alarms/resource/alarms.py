"""Alarms and their time lines on the generic screens and the alarm desk."""

from datetime import datetime
from typing import Any

from django.db.models import BooleanField, Case, Model, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from anlan.domains.monitoring.alarms.schemas import AlarmEventOut, AlarmOut
from anlan.domains.monitoring.alarms.services import (
    assign_alarm,
    close_alarm,
    confirm_alarm,
    handle_alarm,
    shelve_alarm,
)
from anlan.domains.monitoring.alarms.states import (
    ALARM_WORKFLOW,
    ASSIGN,
    READ,
    AlarmEventKind,
    AlarmState,
    Assignment,
    Cause,
    Suppression,
)
from anlan.domains.monitoring.alarms.suppression_states import SHELVE, ShelvingForm, may_shelve
from anlan.domains.monitoring.alarms.tables import figures_in_force
from anlan.kernel.clock import now
from anlan.kernel.levels import AlarmLevel, Condition
from anlan.kernel.text import Text
from anlan.platform.identity.roles import RoleCode
from anlan.platform.resources import Column, Filter, Group, Related, Resource
from anlan.platform.resources.common import REGION, REGION_FILTER, SYNTHETIC
from anlan.platform.workflow import Transition


class AlarmRow(AlarmOut):
    """A row of the list, which says too whether the alarm has stood too long by now.

    Of one that is shelved or under maintenance it says why, and until when at the latest.
    """

    stale: bool
    silence_reason: str
    silence_until: datetime | None


class AlarmDetail(AlarmRow):
    """An alarm with its time line, oldest entry first."""

    events: list[AlarmEventOut]

    @staticmethod
    def resolve_events(alarm: Any) -> "QuerySet[Any]":
        """The entries of the time line."""
        events: QuerySet[Any] = alarm.events.all()
        return events


def alarm_rows() -> "QuerySet[Any]":
    """All alarms, each with whether it is stale now and why it is silent.

    Replays and exercises have no present time to be stale by.
    """
    from anlan.domains.monitoring.alarms.models import Alarm, MaintenanceWindow, Shelving

    before = now() - figures_in_force().behaviour.stale_after
    standing = Q(returned_at__isnull=True, timeline__isnull=True) & ~Q(state=AlarmState.CLOSED.value)
    return Alarm.objects.annotate(
        stale=Case(
            When(standing & Q(last_raised_at__lt=before), then=Value(True)),
            default=Value(False),
            output_field=BooleanField(),
        ),
        silence_reason=Coalesce(
            silenced(Suppression.SHELVED, Shelving, "reason"),
            silenced(Suppression.MAINTENANCE, MaintenanceWindow, "reason"),
            Value(""),
        ),
        silence_until=Coalesce(
            silenced(Suppression.SHELVED, Shelving, "until"),
            silenced(Suppression.MAINTENANCE, MaintenanceWindow, "ends_at"),
        ),
    )


def silenced(why: Suppression, by: type[Model], field: str) -> Case:
    """*field* of what silences an alarm, where it is silent for that reason."""
    found = by._default_manager.filter(pk=OuterRef("suppressed_by")).values(field)[:1]
    return Case(When(suppression=why.value, then=Subquery(found)))


ALARM_ACTIONS = ALARM_WORKFLOW.extended(
    Transition(
        event="assign",
        source=frozenset(AlarmState) - {AlarmState.CLOSED},
        target=None,
        label=Text("指派", "Assign"),
        permission=ASSIGN,
        form=Assignment,
    ),
    Transition(
        event="shelve",
        source=frozenset(AlarmState) - {AlarmState.CLOSED},
        target=None,
        label=Text("搁置", "Shelve"),
        permission=SHELVE,
        guard=may_shelve,
        form=ShelvingForm,
    ),
)
"""What the desk offers: the life of an alarm, and what leaves its state as it is."""


def alarm_resource() -> Resource:
    """The resource ``alarm``."""
    from anlan.domains.monitoring.alarms.models import Alarm

    return Resource(
        name="alarm",
        plural="alarms",
        title=Text("报警", "Alarms"),
        model=Alarm,
        out=AlarmRow,
        detail=AlarmDetail,
        queryset=alarm_rows,
        icon="alarm",
        synthetic="synthetic",
        read_permission=READ,
        order=("-arrived_at", "id"),
        columns=(
            Column("level", Text("级别", "Level"), kind="level", enum=AlarmLevel, width=90, sortable=True),
            Column("state", Text("状态", "State"), kind="enum", enum=AlarmState, width=100, sortable=True),
            Column("point_name", Text("监测点", "Point"), kind="link", link="point", link_id="point_id"),
            Column("point_tag", Text("位号", "Tag"), width=130),
            Column("condition", Text("类型", "Condition"), kind="enum", enum=Condition, width=100),
            Column("value", Text("报警值", "Value"), kind="number", width=100),
            Column("threshold", Text("限值", "Threshold"), kind="number", width=100),
            Column("unit", Text("单位", "Unit"), width=80),
            Column(
                "enterprise_name",
                Text("企业", "Enterprise"),
                kind="link",
                link="enterprise",
                link_id="enterprise_id",
            ),
            REGION,
            Column("raised_at", Text("报警时间", "Raised"), kind="time", width=170, sortable=True),
            Column("arrived_at", Text("到达时间", "Arrived"), kind="age", width=120, sortable=True),
            Column("returned_at", Text("恢复时间", "Returned to normal"), kind="time", width=170),
            Column("cause", Text("原因", "Cause"), kind="enum", enum=Cause, width=110),
            Column("confirmed_at", Text("确认时间", "Confirmed"), kind="time", width=170),
            Column("confirmed_by", Text("确认人", "Confirmed by"), width=120),
            Column("closed_at", Text("销警时间", "Closed"), kind="time", width=170),
            Column("count", Text("次数", "Count"), kind="number", width=80, sortable=True),
            Column(
                "suppression",
                Text("抑制", "Suppression"),
                kind="enum",
                enum=Suppression,
                width=110,
                sortable=True,
            ),
            Column("silence_reason", Text("抑制原因", "Why silent"), width=160),
            Column("silence_until", Text("抑制到期", "Silent until"), kind="time", width=170),
            Column("chattering", Text("抖动", "Chattering"), kind="bool", width=80, sortable=True),
            Column("fleeting", Text("瞬时", "Fleeting"), kind="bool", width=80, sortable=True),
            Column("stale", Text("长期", "Stale"), kind="bool", width=80, sortable=True),
            Column("assigned_name", Text("指派给", "Assigned to"), width=120),
            Column("escalation", Text("升级次数", "Escalations"), kind="number", width=90, sortable=True),
            Column("exercise", Text("演练", "Exercise"), kind="bool", width=80),
            SYNTHETIC,
        ),
        filters=(
            Filter("state", Text("状态", "State"), kind="enum", enum=AlarmState),
            Filter("level", Text("级别", "Level"), kind="enum", enum=AlarmLevel),
            Filter("condition", Text("类型", "Condition"), kind="enum", enum=Condition),
            Filter("cause", Text("原因", "Cause"), kind="enum", enum=Cause),
            REGION_FILTER,
            Filter("enterprise_id", Text("企业", "Enterprise"), kind="link", link="enterprise"),
            Filter("point_id", Text("监测点", "Point"), kind="link", link="point"),
            Filter("arrived_at", Text("到达时间", "Arrived"), kind="time"),
            Filter("suppression", Text("抑制", "Suppression"), kind="enum", enum=Suppression),
            Filter("chattering", Text("抖动", "Chattering"), kind="bool"),
            Filter("fleeting", Text("瞬时", "Fleeting"), kind="bool"),
            Filter("stale", Text("长期", "Stale"), kind="bool"),
            Filter("group_id", Text("报警潮", "Flood"), kind="link", link="alarm_group"),
            Filter("suppressed_by", Text("抑制来源", "Suppressed by"), kind="link"),
            Filter("parent_id", Text("上级报警", "Parent"), kind="link", link="alarm"),
            Filter("assigned_to", Text("指派人员", "Assignee"), kind="link"),
            Filter("assigned_role", Text("指派角色", "Assigned role"), kind="enum", enum=RoleCode),
            Filter("exercise", Text("演练", "Exercise"), kind="bool"),
        ),
        search=("point_tag", "point_name", "enterprise_name", "process_unit_name"),
        detail_groups=(
            Group(
                Text("报警", "Alarm"),
                (
                    "level",
                    "state",
                    "point_name",
                    "point_tag",
                    "condition",
                    "value",
                    "threshold",
                    "unit",
                    "limit_version",
                    "count",
                ),
            ),
            Group(Text("归属", "Belongs to"), ("enterprise_name", "region")),
            Group(
                Text("时间", "Times"), ("raised_at", "arrived_at", "returned_at", "confirmed_at", "closed_at")
            ),
            Group(Text("处置", "Handling"), ("cause", "confirmed_by", "assigned_name", "escalation")),
            Group(
                Text("报警质量", "Quality"),
                ("suppression", "silence_reason", "silence_until", "chattering", "fleeting", "stale"),
            ),
        ),
        related=(
            Related("alarm_event", "alarm_id", Text("处置记录", "Time line")),
            Related("shelving", "alarm_id", Text("搁置记录", "Shelvings")),
            Related("alarm", "parent_id", Text("所属测点报警", "Alarms under it")),
        ),
        actions=ALARM_ACTIONS,
        handlers={
            "confirm": confirm_alarm,
            "handle": handle_alarm,
            "close": close_alarm,
            "assign": assign_alarm,
            "shelve": shelve_alarm,
        },
    )


def alarm_event_resource() -> Resource:
    """The resource ``alarm_event``: what happened to alarms, entry by entry."""
    from anlan.domains.monitoring.alarms.models import AlarmEvent

    return Resource(
        name="alarm_event",
        plural="alarm-events",
        title=Text("报警记录", "Alarm time lines"),
        model=AlarmEvent,
        out=AlarmEventOut,
        read_permission=READ,
        order=("-recorded_at", "id"),
        columns=(
            Column("recorded_at", Text("记录时间", "Recorded"), kind="time", width=170, sortable=True),
            Column("kind", Text("内容", "Entry"), kind="enum", enum=AlarmEventKind, width=110),
            Column("at", Text("发生时间", "At"), kind="time", width=170),
            Column("actor", Text("人员", "By"), width=140),
            Column("value", Text("数值", "Value"), kind="number", width=100),
            Column("cause", Text("原因", "Cause"), kind="enum", enum=Cause, width=110),
            Column("note", Text("说明", "Note")),
            Column("suppression", Text("告知", "Announced"), kind="enum", enum=Suppression, width=110),
            REGION,
        ),
        filters=(
            Filter("suppression", Text("告知", "Announced"), kind="enum", enum=Suppression),
            Filter("alarm_id", Text("报警", "Alarm"), kind="link", link="alarm"),
            Filter("kind", Text("内容", "Entry"), kind="enum", enum=AlarmEventKind),
            REGION_FILTER,
        ),
        search=("note", "actor"),
    )
