"""What one may do with enterprises."""

from anlan.domains.monitoring.roles import OBSERVERS, SUPERVISORS
from anlan.kernel.text import Text
from anlan.platform.identity.permissions import register_permission

READ = "enterprises.read"
WRITE = "enterprises.write"


def register_all() -> None:
    """Declare the permissions with their first holders."""
    register_permission(
        READ, Text("查看企业", "See enterprises"), roles=OBSERVERS, services=["demo", "console"]
    )
    register_permission(
        WRITE, Text("登记和修改企业", "Record and change enterprises"), roles=SUPERVISORS, services=["demo"]
    )
