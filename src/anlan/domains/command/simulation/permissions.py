"""What one may do with simulations."""

from anlan.domains.command.simulation.states import MANAGE, READ, RUN
from anlan.kernel.text import Text
from anlan.platform.identity.permissions import register_permission
from anlan.platform.identity.roles import RoleCode

_OUTSIDERS = {RoleCode.PUBLIC, RoleCode.INSURER, RoleCode.SERVICE_AGENCY}
_MODELLERS = (
    RoleCode.DUTY_OFFICER,
    RoleCode.DISPATCHER,
    RoleCode.HAZCHEM_DIVISION,
    RoleCode.MINE_DIVISION,
    RoleCode.INDUSTRY_DIVISION,
    RoleCode.RELIEF_DIVISION,
    RoleCode.FIRE_DIVISION,
    RoleCode.FLOOD_DIVISION,
    RoleCode.SCIENCE_DIVISION,
    RoleCode.LOCAL_BUREAU,
    RoleCode.PARK,
    RoleCode.EXPERT,
)
_SERVICES = ("demo", "worker", "console")


def register_all() -> None:
    """Declare the permissions with their first holders."""
    register_permission(
        READ,
        Text("查看模拟推演", "See simulations"),
        roles=[role for role in RoleCode if role not in _OUTSIDERS],
        services=_SERVICES,
    )
    register_permission(MANAGE, Text("编制推演情景", "Write scenarios"), roles=_MODELLERS, services=_SERVICES)
    register_permission(RUN, Text("运行模拟推演", "Run simulations"), roles=_MODELLERS, services=_SERVICES)
