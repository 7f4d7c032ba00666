"""The roles of a bureau; their codes are stable, what each may do is data."""

from anlan.kernel.text import LabelledEnum


class RoleCode(LabelledEnum):
    """角色."""

    LEADER = "leader", "厅领导（带班领导）", "Bureau leader"
    DUTY_OFFICER = "duty_officer", "值班员", "Duty officer"
    DISPATCHER = "dispatcher", "指挥中心调度员", "Command centre dispatcher"
    HAZCHEM_DIVISION = "hazchem_division", "危化处", "Hazardous chemicals division"
    MINE_DIVISION = "mine_division", "矿山处", "Mines division"
    INDUSTRY_DIVISION = "industry_division", "工贸（基础）处", "Industry and trade division"
    ENFORCEMENT_OFFICER = "enforcement_officer", "执法人员", "Enforcement officer"
    RELIEF_DIVISION = "relief_division", "救灾处", "Disaster relief division"
    FIRE_DIVISION = "fire_division", "火灾防治处", "Wildfire prevention division"
    FLOOD_DIVISION = "flood_division", "防汛抗旱处", "Flood and drought division"
    SCIENCE_DIVISION = "science_division", "科信处", "Science and information division"
    LOCAL_BUREAU = "local_bureau", "市县应急管理局", "City or county bureau"
    PARK = "park", "园区管理机构", "Industrial park administration"
    ENTERPRISE_PRINCIPAL = "enterprise_principal", "企业主要负责人", "Enterprise principal"
    ENTERPRISE_TECHNICAL = "enterprise_technical", "企业技术负责人", "Enterprise technical lead"
    ENTERPRISE_OPERATOR = "enterprise_operator", "企业操作负责人", "Enterprise operations lead"
    INSURER = "insurer", "保险机构", "Insurer"
    SERVICE_AGENCY = "service_agency", "服务机构", "Service agency"
    EXPERT = "expert", "专家", "Expert"
    TEAM = "team", "救援队伍", "Rescue team"
    STOREKEEPER = "storekeeper", "物资库管", "Storekeeper"
    INFORMATION_OFFICER = "information_officer", "灾害信息员", "Disaster information officer"
    PUBLIC = "public", "公众", "Public"
    MAINTAINER = "maintainer", "运维人员", "Maintenance staff"
    SYSTEM_ADMIN = "system_admin", "系统管理员", "System administrator"
    SECURITY_ADMIN = "security_admin", "安全管理员", "Security administrator"
    AUDIT_ADMIN = "audit_admin", "安全审计员", "Audit administrator"


SEPARATED_ROLES = frozenset({RoleCode.SYSTEM_ADMIN, RoleCode.SECURITY_ADMIN, RoleCode.AUDIT_ADMIN})
"""三员分立: no account may hold two of these (GB/T 22239-2019, 8.1.4.2 and 8.1.5)."""
