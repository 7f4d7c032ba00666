"""What one may do with risk scores."""

from anlan.domains.monitoring.risk.states import COMPUTE, READ
from anlan.domains.monitoring.roles import OBSERVERS
from anlan.kernel.text import Text
from anlan.platform.identity.permissions import register_permission


def register_all() -> None:
    """Declare the permissions with their first holders."""
    register_permission(
        READ, Text("查看安全风险", "See risk scores"), roles=OBSERVERS, services=("demo", "worker", "live")
    )
    register_permission(COMPUTE, Text("计算安全风险", "Compute risk scores"), services=("worker", "console"))
