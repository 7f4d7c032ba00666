"""Who watches and who acts, by the roles of the bureau; shared by the apps of monitoring."""

from anlan.platform.identity.roles import RoleCode

OBSERVERS = (
    RoleCode.LEADER,
    RoleCode.DUTY_OFFICER,
    RoleCode.DISPATCHER,
    RoleCode.HAZCHEM_DIVISION,
    RoleCode.MINE_DIVISION,
    RoleCode.INDUSTRY_DIVISION,
    RoleCode.ENFORCEMENT_OFFICER,
    RoleCode.SCIENCE_DIVISION,
    RoleCode.LOCAL_BUREAU,
    RoleCode.PARK,
    RoleCode.ENTERPRISE_PRINCIPAL,
    RoleCode.ENTERPRISE_TECHNICAL,
    RoleCode.ENTERPRISE_OPERATOR,
    RoleCode.MAINTAINER,
)
SUPERVISORS = (
    RoleCode.HAZCHEM_DIVISION,
    RoleCode.MINE_DIVISION,
    RoleCode.INDUSTRY_DIVISION,
    RoleCode.LOCAL_BUREAU,
    RoleCode.PARK,
)
ALARM_HANDLERS = (
    RoleCode.DUTY_OFFICER,
    RoleCode.DISPATCHER,
    *SUPERVISORS,
    RoleCode.ENTERPRISE_PRINCIPAL,
    RoleCode.ENTERPRISE_TECHNICAL,
    RoleCode.ENTERPRISE_OPERATOR,
)
CONNECTORS = (RoleCode.SCIENCE_DIVISION, RoleCode.MAINTAINER)
