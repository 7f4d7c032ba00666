"""What one may do with population data."""

from anlan.kernel.text import Text
from anlan.platform.identity.permissions import register_permission
from anlan.platform.identity.roles import RoleCode

LOAD = "population.load"


def register_all() -> None:
    """Declare the permission with its first holders."""
    register_permission(
        LOAD,
        Text("导入人口数据", "Load population data"),
        roles=(RoleCode.SCIENCE_DIVISION,),
        services=("console", "demo"),
    )
