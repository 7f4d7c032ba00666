"""What one may do with alarms."""

from anlan.domains.monitoring.alarms.states import EVALUATE, HANDLE, READ
from anlan.domains.monitoring.roles import ALARM_HANDLERS, OBSERVERS
from anlan.kernel.text import Text
from anlan.platform.identity.permissions import register_permission


def register_all() -> None:
    """Declare the permissions with their first holders."""
    register_permission(
        READ, Text("查看报警", "See alarms"), roles=OBSERVERS, services=["demo", "evaluator", "live"]
    )
    register_permission(
        HANDLE, Text("确认、处置和销警", "Confirm, handle and close alarms"), roles=ALARM_HANDLERS
    )
    register_permission(
        EVALUATE, Text("由监测数据触发报警", "Raise alarms from telemetry"), services=["evaluator"]
    )
