"""What one may do with gateways, points, limits and dead letters."""

from anlan.domains.monitoring.roles import CONNECTORS, OBSERVERS, SUPERVISORS
from anlan.kernel.text import Text
from anlan.platform.identity.permissions import register_permission
from anlan.platform.identity.roles import RoleCode

READ = "points.read"
WRITE = "points.write"
HISTORY_EXPORT = "history.export"
LIMITS_WRITE = "limits.write"
GATEWAYS_READ = "gateways.read"
GATEWAYS_WRITE = "gateways.write"
DEAD_LETTERS_READ = "dead_letters.read"
DEAD_LETTERS_RECORD = "dead_letters.record"


def register_all() -> None:
    """Declare the permissions with their first holders."""
    connectors = (*CONNECTORS, *SUPERVISORS)
    register_permission(
        READ,
        Text("查看监测点", "See points"),
        roles=OBSERVERS,
        services=["demo", "door", "evaluator", "live", "console"],
    )
    register_permission(
        WRITE,
        Text("登记和修改监测点", "Record and change points"),
        roles=connectors,
        services=["demo", "console"],
    )
    register_permission(
        HISTORY_EXPORT,
        Text("导出历史数据", "Export history"),
        roles=(RoleCode.LEADER, RoleCode.DUTY_OFFICER, *SUPERVISORS, *CONNECTORS),
    )
    register_permission(
        LIMITS_WRITE, Text("设置报警限值", "Set alarm limits"), roles=SUPERVISORS, services=["demo"]
    )
    register_permission(
        GATEWAYS_READ,
        Text("查看网关", "See gateways"),
        roles=connectors,
        services=["demo", "door", "console"],
    )
    register_permission(
        GATEWAYS_WRITE,
        Text("接入和停用网关", "Connect and disable gateways"),
        roles=CONNECTORS,
        services=["demo", "console"],
    )
    register_permission(DEAD_LETTERS_READ, Text("查看拒收数据", "See refused data"), roles=connectors)
    register_permission(
        DEAD_LETTERS_RECORD, Text("登记拒收数据", "Record refused data"), services=["relay", "worker"]
    )
