"""What limits of one point must be among themselves, and against its range."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
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
    if kind == Condition.NO_DATA:
        if threshold is not None:
            raise refuse_field("threshold", "数据中断没有限值", "No-data has no threshold")
        if on_delay_s <= 0:
            raise refuse_field("on_delay_s", "请填写允许中断的时长", "Say how long silence is allowed")
    elif threshold is None or not math.isfinite(threshold):
        raise refuse_field("threshold", "请填写限值", "A threshold is needed")


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
    if kind == Condition.NO_DATA or threshold is None:
        return ()
    below = range_low is not None and threshold < range_low
    above = range_high is not None and threshold > range_high
    return ("outside_range",) if below or above else ()
