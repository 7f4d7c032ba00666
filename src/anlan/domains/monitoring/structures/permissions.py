"""What one may do with structures."""

from anlan.domains.monitoring.roles import OBSERVERS, SUPERVISORS
from anlan.kernel.text import Text
from anlan.platform.identity.permissions import register_permission

READ = "structures.read"
WRITE = "structures.write"
JUDGE = "structures.judge"


def register_all() -> None:
    """Declare the permissions with their first holders."""
    register_permission(
        READ, Text("查看边坡与尾矿库", "See slopes and ponds"), roles=OBSERVERS, services=["demo", "worker"]
    )
    register_permission(
        WRITE, Text("登记边坡与尾矿库", "Record slopes and ponds"), roles=SUPERVISORS, services=["demo"]
    )
    register_permission(
        JUDGE,
        Text("研判边坡与尾矿库", "Judge slopes and ponds"),
        roles=SUPERVISORS,
        services=["demo", "worker"],
    )
