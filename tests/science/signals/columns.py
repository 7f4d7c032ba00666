"""From the reference's rows to the kernel's columns and back."""

from collections.abc import Sequence

import numpy as np

from anlan.science.signals import KINDS, Readings, Rules, Transitions, compile_rules
from anlan.science.signals.reference import Change, Limit, Reading
from anlan.science.signals.rules import MINUTES_OF_WEEK, NOBODY


def rules_of(limits: Sequence[Limit], version: int = 1, **bounds: int) -> Rules:
    """The compiled rules of *limits*."""
    return compile_rules(version=version, **condition_columns(limits), **bounds)


def condition_columns(limits: Sequence[Limit]) -> dict:
    """What `compile_rules` and `ConditionColumns` take, by name."""
    weeks, calendar = [], []
    for limit in limits:
        calendar.append(-1 if limit.weekly is None else len(weeks))
        if limit.weekly is not None:
            week = np.zeros(MINUTES_OF_WEEK, np.bool_)
            for begin, end in limit.weekly:
                week[begin:end] = True
            weeks.append(week)
    members = [(member, limit.number) for limit in limits for member in limit.members]
    return {
        "condition": np.array([one.number for one in limits], np.int32),
        "point": np.array([one.point for one in limits], np.int32),
        "kind": np.array([KINDS.index(one.kind) for one in limits], np.uint8),
        "threshold": np.array([one.threshold for one in limits], np.float64),
        "deadband": np.array([one.deadband for one in limits], np.float64),
        "on_delay_ms": np.array([one.on_delay_ms for one in limits], np.int64),
        "off_delay_ms": np.array([one.off_delay_ms for one in limits], np.int64),
        "second": np.array([one.second for one in limits], np.float64),
        "window_ms": np.array([one.window_ms for one in limits], np.int64),
        "reference": np.array(
            [NOBODY if one.reference is None else one.reference for one in limits], np.int32
        ),
        "reference_stale_ms": np.array([one.reference_stale_ms for one in limits], np.int64),
        "needed": np.array([one.needed for one in limits], np.int32),
        "repeat_count": np.array([one.repeat_count for one in limits], np.int32),
        "repeat_window_ms": np.array([one.repeat_window_ms for one in limits], np.int64),
        "calendar": np.array(calendar, np.int32),
        "from_ms": np.array([one.from_ms for one in limits], np.int64),
        "until_ms": np.array([one.until_ms for one in limits], np.int64),
        "silent": np.array([one.silent for one in limits], np.bool_),
        "calendars": np.array(weeks, np.bool_).reshape(-1, MINUTES_OF_WEEK),
        "members": np.array(members, np.int32).reshape(-1, 2),
    }


def columns(readings: Sequence[Reading]) -> Readings:
    """The readings in their order."""
    return Readings(
        np.array([one.point for one in readings], np.int32),
        np.array([one.event_ms for one in readings], np.int64),
        np.array([one.arrived_ms for one in readings], np.int64),
        np.array([one.value for one in readings], np.float64),
        np.array([one.quality for one in readings], np.uint8),
    )


def changes(found: Transitions) -> list[Change]:
    """The transitions, row by row."""
    rows = zip(
        found.condition.tolist(),
        found.raised.tolist(),
        found.event_ms.tolist(),
        found.value.tolist(),
        strict=True,
    )
    return [Change(*row) for row in rows]
