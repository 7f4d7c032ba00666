"""Floods of alarms on the generic screens."""

from anlan.domains.monitoring.alarms.resource.common import EXERCISE, GROUP
from anlan.domains.monitoring.alarms.schemas import AlarmGroupOut
from anlan.domains.monitoring.alarms.services import confirm_group
from anlan.domains.monitoring.alarms.states import GROUP_WORKFLOW, READ, GroupScope, GroupState
from anlan.kernel.levels import AlarmLevel
from anlan.kernel.text import Text
from anlan.platform.resources import Column, Filter, Group, Related, Resource
from anlan.platform.resources.common import REGION, REGION_FILTER, SYNTHETIC


def group_resource() -> Resource:
    """The resource ``alarm_group``."""
    from anlan.domains.monitoring.alarms.models import AlarmGroup

    return Resource(
        name="alarm_group",
        plural="alarm-groups",
        title=Text("报警潮", "Floods of alarms"),
        model=AlarmGroup,
        out=AlarmGroupOut,
        icon="alarm",
        group=GROUP,
        synthetic="synthetic",
        read_permission=READ,
        order=("-began_at", "id"),
        columns=(
            Column("level", Text("最高级别", "Highest"), kind="level", enum=AlarmLevel, width=100),
            Column("state", Text("状态", "State"), kind="enum", enum=GroupState, width=100, sortable=True),
            Column("name", Text("范围", "Where")),
            Column("scope", Text("范围类型", "Scope"), kind="enum", enum=GroupScope, width=110),
            Column("count", Text("报警数", "Alarms"), kind="number", width=90, sortable=True),
            Column("began_at", Text("开始", "Began"), kind="time", width=170, sortable=True),
            Column("last_at", Text("最近并入", "Last joined"), kind="time", width=170, sortable=True),
            Column("subsided_at", Text("平息", "Subsided"), kind="time", width=170, sortable=True),
            Column("confirmed_at", Text("确认时间", "Confirmed"), kind="time", width=170),
            Column("confirmed_by", Text("确认人", "Confirmed by"), width=120),
            Column("escalation", Text("升级次数", "Escalations"), kind="number", width=90),
            REGION,
            EXERCISE,
            SYNTHETIC,
        ),
        filters=(
            Filter("state", Text("状态", "State"), kind="enum", enum=GroupState),
            Filter("scope", Text("范围类型", "Scope"), kind="enum", enum=GroupScope),
            Filter("level", Text("最高级别", "Highest"), kind="enum", enum=AlarmLevel),
            Filter("began_at", Text("开始", "Began"), kind="time"),
            REGION_FILTER,
        ),
        search=("name",),
        detail_groups=(
            Group(Text("报警潮", "Flood"), ("name", "scope", "state", "level", "count")),
            Group(Text("时间", "Times"), ("began_at", "last_at", "subsided_at")),
            Group(Text("处置", "Handling"), ("confirmed_at", "confirmed_by", "escalation")),
            Group(Text("归属", "Belongs to"), ("region", "exercise", "synthetic")),
        ),
        related=(Related("alarm", "group_id", Text("其中的报警", "Its alarms")),),
        actions=GROUP_WORKFLOW,
        handlers={"confirm": confirm_group},
    )
