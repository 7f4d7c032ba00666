"""Every figure that decides a risk index, as one object with named parts.

The ministry's own weights are not published. These are ours, open to the last figure: the
defaults stand in `OUR_DEFAULTS`, and a standards table may say otherwise by effective date.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from anlan.kernel.errors import Invalid
from anlan.kernel.levels import Condition
from anlan.kernel.models import Caveat
from anlan.kernel.text import Text

OWN_WEIGHTS = Caveat(
    "risk.own_weights",
    Text(
        "权重为本系统默认值，不是部级模型的权重",
        "The weights are our own defaults, not those of the ministry's model",
    ),
)
"""Goes with every score."""


class Default(NamedTuple):
    """A figure of ours: what it is, its unit, its value."""

    title: Text
    unit: str
    value: float


def _kind(zh: str, en: str, value: float) -> Default:
    return Default(Text(f"监测类型权重：{zh}", f"Weight of the kind: {en}"), "", value)


def _condition(condition: Condition, value: float) -> Default:
    label = condition.label
    return Default(Text(f"报警类型系数：{label.zh}", f"Severity of the condition: {label.en}"), "", value)


def _points(zh: str, en: str, value: float) -> Default:
    return Default(Text(zh, en), "分", value)


OUR_DEFAULTS: Mapping[str, Default] = {
    "kind.toxic_gas": _kind("有毒气体", "toxic gas", 1.0),
    "kind.flammable_gas": _kind("可燃气体", "flammable gas", 0.9),
    "kind.pressure": _kind("压力", "pressure", 0.8),
    "kind.temperature": _kind("温度", "temperature", 0.7),
    "kind.level": _kind("液位", "level", 0.7),
    "kind.flame": _kind("火焰", "flame", 1.0),
    "kind.oxygen": _kind("氧含量", "oxygen", 0.9),
    "kind.other": _kind("其他", "any other", 0.5),
    "condition.HH": _condition(Condition.HIGH_HIGH, 2.0),
    "condition.LL": _condition(Condition.LOW_LOW, 2.0),
    "condition.H": _condition(Condition.HIGH, 1.0),
    "condition.L": _condition(Condition.LOW, 1.0),
    "condition.rising": _condition(Condition.RISING, 1.0),
    "condition.falling": _condition(Condition.FALLING, 1.0),
    "condition.deviation": _condition(Condition.DEVIATION, 1.0),
    "condition.combined": _condition(Condition.COMBINED, 2.0),
    "condition.no_data": _condition(Condition.NO_DATA, 0.5),
    "condition.frozen": _condition(Condition.FROZEN, 0.5),
    "condition.range": _condition(Condition.OUT_OF_RANGE, 0.5),
    "condition.gas_second": Default(
        Text("报警类型系数：气体二级", "Severity of a gas detector's second level"), "", 2.5
    ),
    "tag.window_h": Default(Text("报警滚动窗口", "Rolling window of alarms"), "h", 24.0),
    "tag.open_min": Default(Text("持续时间系数的时长", "Time constant of an open alarm"), "min", 30.0),
    "tag.open_cap": Default(Text("持续时间系数上限", "Cap of the open-time factor"), "", 3.0),
    "tag.repeats": Default(Text("重复报警系数的次数", "Repeats that double a score"), "次", 10.0),
    "tag.repeat_cap": Default(Text("重复报警系数上限", "Cap of the repeat factor"), "", 2.0),
    "dynamic.scale": Default(Text("动态分的尺度", "Scale of the dynamic score"), "", 5.0),
    "static.1": _points("一级重大危险源", "Major hazard, level 1", 40.0),
    "static.2": _points("二级重大危险源", "Major hazard, level 2", 30.0),
    "static.3": _points("三级重大危险源", "Major hazard, level 3", 20.0),
    "static.4": _points("四级重大危险源", "Major hazard, level 4", 10.0),
    "static.none": _points("不构成重大危险源", "No major hazard", 0.0),
    "grade.red": _points("企业四色等级：红", "Enterprise graded red", 10.0),
    "grade.orange": _points("企业四色等级：橙", "Enterprise graded orange", 5.0),
    "work.special_hot": _points("在办特级动火作业", "Open special-class hot work", 10.0),
    "work.first_hot": _points("在办一级动火作业", "Open first-class hot work", 5.0),
    "work.confined": _points("在办受限空间作业", "Open confined-space work", 5.0),
    "work.other": _points("其他在办特殊作业", "Other open special work", 2.0),
    "weather.lightning": _points("雷电", "Lightning", 5.0),
    "weather.heat": _points("高温", "Heat", 5.0),
    "weather.heat_c": Default(Text("高温起点", "Heat from"), "°C", 37.0),
    "management.no_commitment": _points("未提交安全承诺", "No safety commitment today", 5.0),
    "management.offline": _points("在线率偏低", "Too few points online", 5.0),
    "management.video_offline": _points("视频离线", "Video offline", 5.0),
    "management.overdue_findings": _points("隐患整改逾期", "Findings overdue", 5.0),
    "management.discrepancies": _points("承诺与作业票不一致未核销", "Commitment and permits disagree", 5.0),
    "management.cap": _points("管理分上限", "Cap of the management score", 20.0),
    "management.online_share": Default(Text("在线率下限", "Share of points online"), "%", 95.0),
    "index.static": Default(Text("静态分占比", "Share of the static score"), "", 0.4),
    "index.dynamic": Default(Text("动态分占比", "Share of the dynamic score"), "", 0.45),
    "colour.major": _points("重大（红）起点", "Major (red) from", 80.0),
    "colour.considerable": _points("较大（橙）起点", "Considerable (orange) from", 60.0),
    "colour.general": _points("一般（黄）起点", "General (yellow) from", 40.0),
    "colour.low": _points("低（蓝）起点", "Low (blue) from", 20.0),
    "colour.hold_min": Default(Text("降级前须持续低于", "Below for this long before it falls"), "min", 30.0),
    "history.step": _points("指数变化达到此值时留存记录", "A change of the index that is recorded", 5.0),
    "override.toxic_min": Default(
        Text("两台有毒探测器二级报警的间隔", "Two toxic detectors at the second level within"), "min", 10.0
    ),
    "override.silent_min": Default(
        Text("一级源有报警而数据中断", "Data of a level-1 source lost with an open alarm"), "min", 120.0
    ),
    "rollup.max": Default(Text("汇总：最高值占比", "Roll-up: share of the worst"), "", 0.5),
    "rollup.top": Default(Text("汇总：前列均值占比", "Roll-up: share of the top's mean"), "", 0.3),
    "rollup.mean": Default(Text("汇总：加权均值占比", "Roll-up: share of the weighted mean"), "", 0.2),
    "rollup.top_share": Default(Text("汇总：前列的范围", "Roll-up: how many are the top"), "", 0.1),
    "weight.1": Default(Text("汇总权重：一级重大危险源", "Weight in roll-ups: level 1"), "", 4.0),
    "weight.2": Default(Text("汇总权重：二级重大危险源", "Weight in roll-ups: level 2"), "", 3.0),
    "weight.3": Default(Text("汇总权重：三级重大危险源", "Weight in roll-ups: level 3"), "", 2.0),
    "weight.4": Default(Text("汇总权重：四级重大危险源", "Weight in roll-ups: level 4"), "", 1.0),
    "weight.none": Default(Text("汇总权重：不构成", "Weight in roll-ups: none"), "", 1.0),
}
"""The index and its roll-up as `docs/decisions/0007` lays them down: a design of ours.

All of it is meant to be confirmed or replaced by the region that uses it.
"""


@dataclass(frozen=True)
class Weights:
    """The figures in force, by their key; see `OUR_DEFAULTS` for the keys, meanings and units."""

    figures: Mapping[str, float]

    def __getitem__(self, key: str) -> float:
        return self.figures[key]

    def of_kind(self, kind: str) -> float:
        """w_type of a point's kind."""
        return self.figures.get(f"kind.{kind}", self.figures["kind.other"])

    def severity(self, kind: str, condition: str) -> float:
        """L of an alarm: the condition's, and more for the second level of a gas detector (its HH)."""
        if condition == Condition.HIGH_HIGH and kind in ("toxic_gas", "flammable_gas"):
            return self.figures["condition.gas_second"]
        return self.figures[f"condition.{condition}"]


def weights_from(figures: Mapping[str, float]) -> Weights:
    """The weights that a table's *figures* make; one that a table lacks is ours.

    Raises `Invalid` for a negative figure, for colours that do not ascend, for a span or scale of
    zero, and for shares of the roll-up that are not a mean.
    """
    complete = {key: float(figures.get(key, default.value)) for key, default in OUR_DEFAULTS.items()}
    wrong = [key for key, value in complete.items() if not 0 <= value < float("inf")]
    wrong += [key for key in _POSITIVE if complete[key] == 0]
    ladder = [complete[f"colour.{name}"] for name in ("low", "general", "considerable", "major")]
    if sorted(set(ladder)) != ladder:
        wrong.append("colour")
    if abs(sum(complete[f"rollup.{part}"] for part in ("max", "top", "mean")) - 1.0) > 1e-9:
        wrong.append("rollup")
    if wrong:
        named = ", ".join(dict.fromkeys(wrong))
        raise Invalid(
            Text(f"风险权重表的取值不成立：{named}", f"These risk weights cannot hold: {named}"),
            next_step=Text("请在标准参数表中更正后再生效", "Correct the table of weights first"),
            facts={"keys": wrong},
        )
    return Weights(complete)


_POSITIVE = ("tag.open_min", "tag.repeats", "dynamic.scale", "rollup.top_share", "tag.window_h")
