"""What one may do with major hazards and sites."""

from anlan.domains.monitoring.roles import OBSERVERS, SUPERVISORS
from anlan.kernel.text import Text
from anlan.platform.identity.permissions import register_permission
from anlan.platform.identity.roles import RoleCode

READ = "hazards.read"
WRITE = "hazards.write"
MOVE_STOCK = "hazards.move_stock"
SITES_READ = "sites.read"
SITES_WRITE = "sites.write"

_KEEPERS = (
    *SUPERVISORS,
    RoleCode.ENTERPRISE_PRINCIPAL,
    RoleCode.ENTERPRISE_TECHNICAL,
    RoleCode.ENTERPRISE_OPERATOR,
)


def register_all() -> None:
    """Declare the permissions with their first holders."""
    reading = ("demo", "worker", "console", "evaluator")
    register_permission(READ, Text("查看重大危险源", "See major hazards"), roles=OBSERVERS, services=reading)
    register_permission(
        WRITE,
        Text("登记重大危险源", "Record major hazards"),
        roles=SUPERVISORS,
        services=("demo", "console"),
    )
    register_permission(
        MOVE_STOCK, Text("登记出入库", "Record stock movements"), roles=_KEEPERS, services=("demo",)
    )
    register_permission(
        SITES_READ,
        Text("查看防护目标与救援资源", "See protected sites and resources"),
        roles=OBSERVERS,
        services=reading,
    )
    register_permission(
        SITES_WRITE,
        Text("登记防护目标与救援资源", "Record protected sites and resources"),
        roles=(*SUPERVISORS, RoleCode.SCIENCE_DIVISION),
        services=("demo", "console"),
    )
