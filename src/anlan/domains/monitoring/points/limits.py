"""What limits of one point must be among themselves, and against its range."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from anlan.domains.monitoring.editing import refuse_field
from anlan.domains.monitoring.points.calendars import week
from anlan.domains.monitoring.points.contracts import LimitSpec
from anlan.domains.monitoring.points.models import WITHOUT_THRESHOLD
from anlan.kernel.levels import AlarmLevel, Condition
from anlan.kernel.text import Text

ASCENDING = (Condition.LOW_LOW, Condition.LOW, Condition.HIGH, Condition.HIGH_HIGH)
DEFAULT_LEVELS = {
    Condition.HIGH_HIGH: AlarmLevel.FIRST,
    Condition.LOW_LOW: AlarmLevel.FIRST,
    Condition.HIGH: AlarmLevel.SECOND,
    Condition.LOW: AlarmLevel.SECOND,
    Condition.NO_DATA: AlarmLevel.NOTICE,
    Condition.RISING: AlarmLevel.SECOND,
    Condition.FALLING: AlarmLevel.SECOND,
    Condition.DEVIATION: AlarmLevel.SECOND,
    Condition.FROZEN: AlarmLevel.NOTICE,
    Condition.OUT_OF_RANGE: AlarmLevel.NOTICE,
    Condition.COMBINED: AlarmLevel.FIRST,
}
WITH_WINDOW = (Condition.RISING, Condition.FALLING, Condition.FROZEN)
WITH_REFERENCE = (Condition.DEVIATION, Condition.FROZEN)
COUNTING = (*ASCENDING, Condition.DEVIATION, Condition.OUT_OF_RANGE)
MAX_REPEATS = 8
FROZEN_READINGS = 3
"""How many readings show that a value stands still, unless somebody says otherwise (our own)."""

MAX_WINDOW_S = 31 * 86_400.0
MAX_DELAY_S = 86_400.0
"""A day: a longer delay would hide an alarm, not calm one (our own bound)."""


@dataclass(frozen=True)
class Bound:
    """One limit in force: the threshold and the dead-band, both in the point's unit."""

    threshold: float
    deadband: float


def check_figures(
    kind: Condition, threshold: float | None, deadband: float, on_delay_s: float, off_delay_s: float
) -> None:
    """Raise `Invalid` for figures that make no limit of this kind."""
    for field, figure in (("deadband", deadband), ("on_delay_s", on_delay_s), ("off_delay_s", off_delay_s)):
        if not (math.isfinite(figure) and figure >= 0):
            raise refuse_field(field, "不能为负数", "This cannot be negative")
    for field, delay_s in (("on_delay_s", on_delay_s), ("off_delay_s", off_delay_s)):
        if delay_s > MAX_DELAY_S:
            raise refuse_field(field, "延时不能超过一天", "A delay of more than a day is not allowed")
    if kind in WITHOUT_THRESHOLD:
        if threshold is not None:
            raise refuse_field(
                "threshold", f"{kind.label.zh}没有限值", f"A rule of kind {kind.label.en} has no threshold"
            )
    elif threshold is None or not math.isfinite(threshold):
        raise refuse_field("threshold", "请填写限值", "A threshold is needed")
    elif threshold < 0 and kind not in ASCENDING:
        raise refuse_field("threshold", "不能为负数", "This cannot be negative")
    if kind == Condition.NO_DATA and on_delay_s <= 0:
        raise refuse_field("on_delay_s", "请填写允许中断的时长", "Say how long silence is allowed")


def check_behaviour(spec: LimitSpec) -> None:
    """Raise `Invalid` for figures beyond the plain ones that make no rule of this kind."""
    checks = (
        (
            "window_s",
            (0 < spec.window_s <= MAX_WINDOW_S) if spec.kind in WITH_WINDOW else spec.window_s == 0,
            Text(
                "上升、下降和冻结须填写时间窗，最长 31 天；其他类型不填",
                "Rates and frozen values take a window, of 31 days at most; other kinds none",
            ),
        ),
        (
            "reference_id",
            spec.reference_id is not None
            if spec.kind is Condition.DEVIATION
            else spec.reference_id is None or spec.kind is Condition.FROZEN,
            Text(
                "偏差须选择参照监测点；冻结可选运行状态点；其他类型不填",
                "A deviation takes a reference point, a frozen value may take one that says it runs; others none",
            ),
        ),
        (
            "repeat_count",
            spec.repeat_count == 1 or (1 < spec.repeat_count <= MAX_REPEATS and spec.kind in COUNTING),
            Text(
                f"次数为 1 到 {MAX_REPEATS}，只用于限值、偏差和量程",
                f"1 to {MAX_REPEATS}, not for rates, frozen values and the like",
            ),
        ),
        (
            "repeat_window_s",
            0 < spec.repeat_window_s <= MAX_WINDOW_S if spec.repeat_count > 1 else spec.repeat_window_s == 0,
            Text("与次数一起填写", "This goes with a repeat count"),
        ),
        (
            "needed",
            spec.needed is None or (spec.needed >= 1 and spec.kind in (Condition.FROZEN, Condition.COMBINED)),
            Text("至少为 1，只用于冻结和组合", "At least 1, for frozen values and combinations only"),
        ),
        (
            "members",
            len(set(spec.members)) >= 2 if spec.kind is Condition.COMBINED else not spec.members,
            Text(
                "组合报警至少选择两条规则；其他类型不填",
                "A combination takes two rules or more; other kinds none",
            ),
        ),
        (
            "needed",
            spec.kind is not Condition.COMBINED or (spec.needed or 1) <= len(set(spec.members)),
            Text("不能多于所选规则数", "This cannot be more than the rules chosen"),
        ),
        (
            "silent",
            not spec.silent or spec.kind not in (Condition.COMBINED, Condition.NO_DATA),
            Text("组合和数据中断不能静默", "Combinations and no-data cannot be silent"),
        ),
        (
            "valid_until",
            spec.valid_from is None or spec.valid_until is None or spec.valid_from < spec.valid_until,
            Text("须晚于开始时间", "This must be after the start"),
        ),
    )
    for field, fits, words in checks:
        if not fits:
            raise refuse_field(field, words.zh, words.en)
    if spec.calendar:
        week(spec.calendar)


def check_order(bounds: Mapping[Condition, Bound]) -> None:
    """Raise `Invalid` unless the thresholds in force keep LL < L < H < HH."""
    present = [kind for kind in ASCENDING if kind in bounds]
    for lower, upper in pairwise(present):
        if not bounds[lower].threshold < bounds[upper].threshold:
            raise refuse_field(
                "threshold",
                f"{lower.label.zh}限值须小于{upper.label.zh}限值",
                f"The {lower.label.en.lower()} limit must lie below the {upper.label.en.lower()} limit",
            )


def check_deadbands(
    bounds: Mapping[Condition, Bound], range_low: float | None, range_high: float | None
) -> None:
    """Raise `Invalid` for a dead-band so wide that its alarm could hardly return to normal.

    An upper limit's alarm returns below threshold minus dead-band: that must lie
    above the lower limits and within the point's range; the other way round alike.
    """
    lowers = [bounds[kind].threshold for kind in bounds if not kind.is_upper]
    uppers = [bounds[kind].threshold for kind in bounds if kind.is_upper]
    floor = max([*lowers, *([] if range_low is None else [range_low])], default=-math.inf)
    ceiling = min([*uppers, *([] if range_high is None else [range_high])], default=math.inf)
    for kind, bound in bounds.items():
        if kind.is_upper:
            returns = bound.threshold - bound.deadband
            hopeless = bound.deadband > 0 and returns <= floor
        else:
            returns = bound.threshold + bound.deadband
            hopeless = bound.deadband > 0 and returns >= ceiling
        if hopeless:
            raise refuse_field(
                "deadband",
                f"回差过大：{kind.label.zh}要到 {returns:g} 才能恢复",
                f"The dead-band is too wide: {kind.label.en.lower()} would return only at {returns:g}",
            )


def warnings_of(
    kind: Condition, threshold: float | None, range_low: float | None, range_high: float | None
) -> tuple[str, ...]:
    """What is odd about a limit although it is accepted: ``outside_range``."""
    if kind not in ASCENDING or threshold is None:
        return ()
    below = range_low is not None and threshold < range_low
    above = range_high is not None and threshold > range_high
    return ("outside_range",) if below or above else ()
