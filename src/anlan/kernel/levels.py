"""The four ladders of the trade, which must never be mixed, and the alarm's own.

A *warning level* grades a warning after judgement, a *risk level* a place or an
enterprise, a *response level* what the government does, an *incident grade*
what has happened (State Council order 493). They share colours and numerals in
everyday speech; they are not convertible.
"""

from anlan.kernel.text import LabelledEnum


class WarningLevel(LabelledEnum):
    """预警级别."""

    RED = "red", "红色预警", "Red warning"
    ORANGE = "orange", "橙色预警", "Orange warning"
    YELLOW = "yellow", "黄色预警", "Yellow warning"
    BLUE = "blue", "蓝色预警", "Blue warning"


class RiskLevel(LabelledEnum):
    """风险等级."""

    MAJOR = "major", "重大风险", "Major risk"
    CONSIDERABLE = "considerable", "较大风险", "Considerable risk"
    GENERAL = "general", "一般风险", "General risk"
    LOW = "low", "低风险", "Low risk"


class ResponseLevel(LabelledEnum):
    """响应级别."""

    I = "I", "Ⅰ级响应", "Level I response"  # noqa: E741 - the trade's own numeral
    II = "II", "Ⅱ级响应", "Level II response"
    III = "III", "Ⅲ级响应", "Level III response"
    IV = "IV", "Ⅳ级响应", "Level IV response"


class IncidentGrade(LabelledEnum):
    """事故等级 (State Council order 493 of 2007, article 3)."""

    EXTREMELY_SERIOUS = "extremely_serious", "特别重大", "Extremely serious"
    SERIOUS = "serious", "重大", "Serious"
    RELATIVELY_SERIOUS = "relatively_serious", "较大", "Relatively serious"
    ORDINARY = "ordinary", "一般", "Ordinary"


class Condition(LabelledEnum):
    """What an alarm says about a point: the limit that was crossed, silence, or how the signal behaves.

    Members are numbered by their order here, in snapshots too: new ones come last.
    """

    HIGH_HIGH = "HH", "高高报", "High-high"
    HIGH = "H", "高报", "High"
    LOW = "L", "低报", "Low"
    LOW_LOW = "LL", "低低报", "Low-low"
    NO_DATA = "no_data", "数据中断", "No data"
    RISING = "rising", "上升过快", "Rising too fast"
    FALLING = "falling", "下降过快", "Falling too fast"
    DEVIATION = "deviation", "偏差过大", "Deviation"
    FROZEN = "frozen", "数据冻结", "Frozen value"
    OUT_OF_RANGE = "range", "超出量程", "Out of range"
    COMBINED = "combined", "组合报警", "Combined"

    @property
    def is_upper(self) -> bool:
        """Whether the limit is crossed by rising above it."""
        return self in (Condition.HIGH_HIGH, Condition.HIGH)


class AlarmLevel(LabelledEnum):
    """报警级别: a device's alarm, before any judgement; never a warning level."""

    FIRST = "1", "一级报警", "Level 1 alarm"
    SECOND = "2", "二级报警", "Level 2 alarm"
    NOTICE = "3", "提示", "Notice"
