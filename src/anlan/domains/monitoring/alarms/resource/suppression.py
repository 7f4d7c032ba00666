"""Shelvings and maintenance windows on the generic screens."""

from anlan.domains.monitoring.alarms.resource.common import ENTERPRISE, ENTERPRISE_FILTER, EXERCISE, GROUP
from anlan.domains.monitoring.alarms.schemas import MaintenanceOut, ShelvingOut
from anlan.domains.monitoring.alarms.services import (
    approve_shelving,
    declare_maintenance,
    end_maintenance,
    end_shelving,
    refuse_shelving,
)
from anlan.domains.monitoring.alarms.states import READ
from anlan.domains.monitoring.alarms.suppression_states import (
    MAINTAIN,
    MAINTENANCE_WORKFLOW,
    SHELVING_WORKFLOW,
    MaintenanceForm,
    MaintenanceState,
    ShelvingState,
)
from anlan.kernel.levels import AlarmLevel, Condition
from anlan.kernel.text import Text
from anlan.platform.resources import Column, Filter, Group, Related, Resource
from anlan.platform.resources.common import REGION, REGION_FILTER, SYNTHETIC


def shelving_resource() -> Resource:
    """The resource ``shelving``: what is set aside, why and until when."""
    from anlan.domains.monitoring.alarms.models import Shelving

    return Resource(
        name="shelving",
        plural="shelvings",
        title=Text("报警搁置", "Shelved alarms"),
        model=Shelving,
        out=ShelvingOut,
        icon="clock",
        group=GROUP,
        synthetic="synthetic",
        read_permission=READ,
        order=("-requested_at", "id"),
        columns=(
            Column("state", Text("状态", "State"), kind="enum", enum=ShelvingState, width=100, sortable=True),
            Column("level", Text("级别", "Level"), kind="level", enum=AlarmLevel, width=90, sortable=True),
            Column("point_name", Text("监测点", "Point"), kind="link", link="alarm", link_id="alarm_id"),
            Column("point_tag", Text("位号", "Tag"), width=130),
            Column("condition", Text("类型", "Condition"), kind="enum", enum=Condition, width=100),
            ENTERPRISE,
            Column("reason", Text("原因", "Reason")),
            Column("requested_by", Text("申请人", "Asked by"), width=120),
            Column("requested_at", Text("申请时间", "Asked"), kind="time", width=170, sortable=True),
            Column("approved_by", Text("批准人", "Approved by"), width=120),
            Column("began_at", Text("开始", "Began"), kind="time", width=170),
            Column("until", Text("到期", "Until"), kind="time", width=170, sortable=True),
            Column("ended_at", Text("结束", "Ended"), kind="time", width=170),
            Column("happened", Text("期间触发", "Meanwhile"), kind="number", width=90, sortable=True),
            Column("minutes", Text("时长", "Minutes"), kind="number", unit="min", width=90),
            Column("ended_by", Text("结束人", "Ended by"), width=120),
            Column("note", Text("结束说明", "Closing note")),
            REGION,
            EXERCISE,
            SYNTHETIC,
        ),
        filters=(
            Filter("state", Text("状态", "State"), kind="enum", enum=ShelvingState),
            Filter("level", Text("级别", "Level"), kind="enum", enum=AlarmLevel),
            Filter("alarm_id", Text("报警", "Alarm"), kind="link", link="alarm"),
            ENTERPRISE_FILTER,
            Filter("until", Text("到期", "Until"), kind="time"),
            REGION_FILTER,
        ),
        search=("point_tag", "point_name", "enterprise_name", "reason", "requested_by"),
        detail_groups=(
            Group(
                Text("报警", "Alarm"), ("level", "point_name", "point_tag", "condition", "enterprise_name")
            ),
            Group(Text("搁置", "Shelving"), ("state", "reason", "minutes", "happened")),
            Group(Text("人员", "People"), ("requested_by", "approved_by", "ended_by", "note")),
            Group(Text("时间", "Times"), ("requested_at", "began_at", "until", "ended_at")),
        ),
        actions=SHELVING_WORKFLOW,
        handlers={"approve": approve_shelving, "refuse": refuse_shelving, "end": end_shelving},
    )


def maintenance_resource() -> Resource:
    """The resource ``maintenance_window``: declared maintenance, and what it kept silent."""
    from anlan.domains.monitoring.alarms.models import MaintenanceWindow

    return Resource(
        name="maintenance_window",
        plural="maintenance-windows",
        title=Text("检修窗口", "Maintenance windows"),
        model=MaintenanceWindow,
        out=MaintenanceOut,
        icon="clock",
        group=GROUP,
        synthetic="synthetic",
        read_permission=READ,
        write_permission=MAINTAIN,
        form=MaintenanceForm,
        create=declare_maintenance,
        order=("-starts_at", "id"),
        columns=(
            Column("state", Text("状态", "State"), kind="enum", enum=MaintenanceState, width=100),
            ENTERPRISE,
            Column("process_unit_name", Text("装置单元", "Unit"), width=140),
            Column("point_tags", Text("监测点位号", "Tags of points")),
            Column("starts_at", Text("开始", "From"), kind="time", width=170, sortable=True),
            Column("ends_at", Text("结束", "To"), kind="time", width=170, sortable=True),
            Column("reason", Text("检修内容", "What is done")),
            Column("suppressed", Text("抑制触发", "Suppressed"), kind="number", width=90, sortable=True),
            Column("declared_by", Text("申报人", "Declared by"), width=120),
            Column("declared_at", Text("申报时间", "Declared"), kind="time", width=170),
            Column("ended_at", Text("实际结束", "Ended"), kind="time", width=170),
            Column("ended_by", Text("结束人", "Ended by"), width=120),
            Column("note", Text("结束说明", "Closing note")),
            REGION,
            SYNTHETIC,
        ),
        filters=(
            Filter("state", Text("状态", "State"), kind="enum", enum=MaintenanceState),
            ENTERPRISE_FILTER,
            Filter("starts_at", Text("开始", "From"), kind="time"),
            REGION_FILTER,
        ),
        search=("enterprise_name", "process_unit_name", "reason", "declared_by"),
        detail_groups=(
            Group(Text("检修", "Maintenance"), ("state", "reason", "suppressed")),
            Group(Text("范围", "What"), ("enterprise_name", "process_unit_name", "point_tags", "region")),
            Group(Text("时间", "Times"), ("starts_at", "ends_at", "ended_at")),
            Group(Text("人员", "People"), ("declared_by", "declared_at", "ended_by", "note")),
        ),
        related=(Related("alarm", "suppressed_by", Text("被抑制的报警", "Suppressed alarms")),),
        actions=MAINTENANCE_WORKFLOW,
        handlers={"end": end_maintenance},
    )
