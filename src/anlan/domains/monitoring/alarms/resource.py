"""Alarms and their time lines on the generic screens and the alarm desk."""

from typing import Any

from django.db.models import QuerySet

from anlan.domains.monitoring.alarms.permissions import register_all as register_permissions
from anlan.domains.monitoring.alarms.schemas import AlarmEventOut, AlarmOut
from anlan.domains.monitoring.alarms.services import close_alarm, confirm_alarm, handle_alarm
from anlan.domains.monitoring.alarms.states import ALARM_WORKFLOW, READ, AlarmEventKind, AlarmState, Cause
from anlan.kernel.levels import AlarmLevel, Condition
from anlan.kernel.text import Text
from anlan.platform.http import register_router
from anlan.platform.resources import Column, Filter, Group, Related, Resource, register

REGION = Column("region", Text("行政区划", "Region"), kind="region", width=120)
REGION_FILTER = Filter("region", Text("行政区划", "Region"), kind="region")


class AlarmDetail(AlarmOut):
    """An alarm with its time line, oldest entry first."""

    events: list[AlarmEventOut]

    @staticmethod
    def resolve_events(alarm: Any) -> "QuerySet[Any]":
        """The entries of the time line."""
        events: QuerySet[Any] = alarm.events.all()
        return events


def register_all() -> None:
    """Declare permissions, resources and the routes beside them."""
    register_permissions()
    register(alarm_resource())
    register(alarm_event_resource())
    register_router("alarms", "anlan.domains.monitoring.alarms.api")


def alarm_resource() -> Resource:
    """The resource ``alarm``."""
    from anlan.domains.monitoring.alarms.models import Alarm

    return Resource(
        name="alarm",
        plural="alarms",
        title=Text("报警", "Alarms"),
        model=Alarm,
        out=AlarmOut,
        detail=AlarmDetail,
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
            Column("exercise", Text("演练", "Exercise"), kind="bool", width=80),
            Column("synthetic", Text("合成数据", "Synthetic"), kind="bool", width=90),
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
                    "count",
                ),
            ),
            Group(Text("归属", "Belongs to"), ("enterprise_name", "region")),
            Group(
                Text("时间", "Times"), ("raised_at", "arrived_at", "returned_at", "confirmed_at", "closed_at")
            ),
            Group(Text("处置", "Handling"), ("cause", "confirmed_by")),
        ),
        related=(Related("alarm_event", "alarm_id", Text("处置记录", "Time line")),),
        actions=ALARM_WORKFLOW,
        handlers={"confirm": confirm_alarm, "handle": handle_alarm, "close": close_alarm},
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
            REGION,
        ),
        filters=(
            Filter("alarm_id", Text("报警", "Alarm"), kind="link", link="alarm"),
            Filter("kind", Text("内容", "Entry"), kind="enum", enum=AlarmEventKind),
            REGION_FILTER,
        ),
        search=("note", "actor"),
    )
