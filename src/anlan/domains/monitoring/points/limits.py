"""What limits of one point must be among themselves, and against its range."""

import math
from collections.abc import Mapping
from itertools import pairwise

from anlan.domains.monitoring.editing import refuse_field
from anlan.kernel.levels import AlarmLevel, Condition

ASCENDING = (Condition.LOW_LOW, Condition.LOW, Condition.HIGH, Condition.HIGH_HIGH)
DEFAULT_LEVELS = {
    Condition.HIGH_HIGH: AlarmLevel.FIRST,
    Condition.LOW_LOW: AlarmLevel.FIRST,
    Condition.HIGH: AlarmLevel.SECOND,
    Condition.LOW: AlarmLevel.SECOND,
    Condition.NO_DATA: AlarmLevel.NOTICE,
}


def check_figures(
    kind: Condition, threshold: float | None, deadband: float, on_delay_s: float, off_delay_s: float
) -> None:
    """Raise `Invalid` for figures that make no limit of this kind."""
    for field, figure in (("deadband", deadband), ("on_delay_s", on_delay_s), ("off_delay_s", off_delay_s)):
        if not (math.isfinite(figure) and figure >= 0):
            raise refuse_field(field, "不能为负数", "This cannot be negative")
    if kind == Condition.NO_DATA:
        if threshold is not None:
            raise refuse_field("threshold", "数据中断没有限值", "No-data has no threshold")
        if on_delay_s <= 0:
            raise refuse_field("on_delay_s", "请填写允许中断的时长", "Say how long silence is allowed")
    elif threshold is None or not math.isfinite(threshold):
        raise refuse_field("threshold", "请填写限值", "A threshold is needed")


def check_order(thresholds: Mapping[Condition, float]) -> None:
    """Raise `Invalid` unless the thresholds in force keep LL < L < H < HH."""
    present = [kind for kind in ASCENDING if kind in thresholds]
    for lower, upper in pairwise(present):
        if not thresholds[lower] < thresholds[upper]:
            raise refuse_field(
                "threshold",
                f"{lower.label.zh}限值须小于{upper.label.zh}限值",
                f"The {lower.label.en.lower()} limit must lie below the {upper.label.en.lower()} limit",
            )


def warnings_of(
    kind: Condition, threshold: float | None, range_low: float | None, range_high: float | None
) -> tuple[str, ...]:
    """What is odd about a limit although it is accepted: ``outside_range``."""
    if kind == Condition.NO_DATA or threshold is None:
        return ()
    below = range_low is not None and threshold < range_low
    above = range_high is not None and threshold > range_high
    return ("outside_range",) if below or above else ()
