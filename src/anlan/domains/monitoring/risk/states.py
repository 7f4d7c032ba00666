"""What is scored, what a score is made of, what makes a unit red, and what is not known."""

from anlan.kernel.text import LabelledEnum

READ = "risk.read"
COMPUTE = "risk.compute"


class SubjectKind(LabelledEnum):
    """What has a risk index, from below upwards; a park counts beside its county, not above it."""

    UNIT = "unit", "单元", "Unit"
    ENTERPRISE = "enterprise", "企业", "Enterprise"
    PARK = "park", "园区", "Park"
    COUNTY = "county", "县（市、区）", "County"
    CITY = "city", "市", "City"
    REGION = "region", "自治区", "Region"


class PartKind(LabelledEnum):
    """What a contribution to a score comes from."""

    ALARM = "alarm", "报警", "Alarm"
    HAZARD = "static", "重大危险源", "Major hazard"
    WORK = "work", "特殊作业", "Special work"
    WEATHER = "weather", "天气", "Weather"
    MANAGEMENT = "management", "管理情况", "Management"
    CHILD = "child", "下级", "Below it"


class Override(LabelledEnum):
    """A rule that makes a unit red whatever its index says."""

    TOXIC = "toxic", "同一单元 10 分钟内两台有毒探测器二级报警", "Two toxic detectors at the second level"
    RISING = "rising", "两个不同参数高高报且仍在上升", "Two variables above HH and still rising"
    BLIND = "blind", "一级源报警未销而数据中断", "A level-1 source with an open alarm has gone blind"


class Gap(LabelledEnum):
    """What a score could not take into account because no system here tells it."""

    GRADE = "grade", "企业四色等级未接入", "No four-colour grade is connected"
    VIDEO = "video", "视频在线情况未接入", "No video status is connected"
    FINDINGS = "findings", "隐患整改情况未接入", "No findings are connected"
    LIGHTNING = "lightning", "雷电信号未接入", "No lightning signal is connected"
    HEAT = "heat", "近 6 小时无气温数据", "No temperature of the last six hours"
    ONLINE = "online", "没有实时监测点", "No live points"
