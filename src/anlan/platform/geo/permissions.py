"""What one may do with the map."""

from anlan.kernel.text import Text
from anlan.platform.identity.permissions import register_permission
from anlan.platform.identity.roles import RoleCode

READ = "geo.read"
IMPORT = "geo.import"

_OUTSIDERS = {RoleCode.PUBLIC, RoleCode.INSURER}


def register_all() -> None:
    """Declare the permissions with their first holders."""
    register_permission(
        READ,
        Text("查看地图基础数据", "See the map's reference data"),
        roles=[role for role in RoleCode if role not in _OUTSIDERS],
        services=("demo", "worker", "console", "evaluator"),
    )
    register_permission(
        IMPORT,
        Text("导入地理数据", "Import geographic data"),
        roles=(RoleCode.SCIENCE_DIVISION, RoleCode.MAINTAINER),
        services=("console", "demo"),
    )
