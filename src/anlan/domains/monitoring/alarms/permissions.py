"""What one may do with alarms."""

from anlan.domains.monitoring.alarms.states import (
    ASSIGN,
    EVALUATE,
    HANDLE,
    HEAR_LEADER,
    HEAR_SUPERVISOR,
    READ,
    REPORT,
    WATCH,
)
from anlan.domains.monitoring.alarms.suppression_states import MAINTAIN, SHELVE, SHELVE_FIRST
from anlan.domains.monitoring.roles import ALARM_HANDLERS, OBSERVERS, SUPERVISORS
from anlan.kernel.text import Text
from anlan.platform.identity.permissions import register_permission
from anlan.platform.identity.roles import RoleCode

_DECLARERS = (*SUPERVISORS, RoleCode.ENTERPRISE_PRINCIPAL, RoleCode.ENTERPRISE_TECHNICAL)


def register_all() -> None:
    """Declare the permissions with their first holders."""
    register_permission(
        READ,
        Text("查看报警", "See alarms"),
        roles=OBSERVERS,
        services=["demo", "evaluator", "live", "worker"],
    )
    register_permission(
        HANDLE, Text("确认、处置和销警", "Confirm, handle and close alarms"), roles=ALARM_HANDLERS
    )
    register_permission(
        EVALUATE, Text("由监测数据触发报警", "Raise alarms from telemetry"), services=["evaluator"]
    )
    register_permission(ASSIGN, Text("指派报警", "Assign alarms"), roles=(*_DECLARERS, RoleCode.DUTY_OFFICER))
    register_permission(SHELVE, Text("搁置报警", "Shelve alarms"), roles=ALARM_HANDLERS, services=["demo"])
    register_permission(
        SHELVE_FIRST, Text("批准搁置一级报警", "Approve shelving of first-level alarms"), roles=_DECLARERS
    )
    register_permission(
        MAINTAIN, Text("申报检修窗口", "Declare maintenance"), roles=_DECLARERS, services=["demo"]
    )
    register_permission(
        HEAR_SUPERVISOR,
        Text("接收报警超时升级（监管）", "Hear of unhandled alarms (supervisors)"),
        roles=SUPERVISORS,
    )
    register_permission(
        HEAR_LEADER,
        Text("接收报警超时升级（领导）", "Hear of unhandled alarms (leaders)"),
        roles=(RoleCode.LEADER, RoleCode.ENTERPRISE_PRINCIPAL),
    )
    register_permission(
        REPORT,
        Text("编制报警分析", "Make reports on alarms"),
        roles=(*SUPERVISORS, RoleCode.DUTY_OFFICER),
        services=["demo", "console"],
    )
    register_permission(
        WATCH, Text("执行报警时限", "Act at the clocks of alarms"), services=["worker", "demo"]
    )
