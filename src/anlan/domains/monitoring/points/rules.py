"""The `RuleSource` of the stream, read from the table of limits."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np

from anlan.domains.monitoring.points.calendars import MINUTES_OF_WEEK, week
from anlan.domains.monitoring.points.groups import group_of
from anlan.domains.monitoring.points.limits import FROZEN_READINGS
from anlan.domains.monitoring.points.models import Gateway, Limit
from anlan.domains.monitoring.points.versions import REGISTRY, RULES, table_version
from anlan.kernel.clock import Timeline, to_ms
from anlan.kernel.levels import Condition
from anlan.platform.commands import acting_as, read_scope, service_principal
from anlan.platform.threads.queries import timelines_of
from anlan.ports.rules import ConditionColumns

_KINDS = {kind.value: index for index, kind in enumerate(Condition)}
_FOREVER = np.iinfo(np.int64).max
_COLUMNS = (
    "id",
    "number",
    "kind",
    "threshold",
    "deadband",
    "on_delay_s",
    "off_delay_s",
    "window_s",
    "needed",
    "repeat_count",
    "repeat_window_s",
    "calendar",
    "valid_from",
    "valid_until",
    "silent",
    "members",
    "point__number",
    "point__range_low",
    "point__range_high",
    "point__enterprise_id",
    "point__gateway__timeline",
    "reference__number",
    "reference__stale_after_s",
)
_Row = dict[str, Any]


class DatabaseRuleSource:
    """Reads as the service principal ``evaluator``; each call is one transaction.

    Of *partitions* in all, this one's rules are those of the enterprises whose
    group falls to *partition*: the same that the door sends its readings to.
    """

    def __init__(self, partition: int = 0, partitions: int = 1) -> None:
        self._partition, self._partitions = partition, partitions

    def version(self) -> int:
        """Changes with every change of limits, points, gateways or their timelines."""
        with acting_as(service_principal("evaluator")), read_scope():
            return _version()

    def conditions(self) -> ConditionColumns:
        """The enabled limits of enabled points."""
        with acting_as(service_principal("evaluator")), read_scope():
            version = _version()
            found = Limit.objects.filter(enabled=True, point__enabled=True).order_by("number")
            rows = [row for row in found.values(*_COLUMNS) if self._is_ours(row["point__enterprise_id"])]
            timelines = timelines_of({row["point__gateway__timeline"] for row in rows} - {None})
            gateways = Gateway.objects.filter(reorder_s__gt=0).values_list("number", "reorder_s")
            reorder = [(number, round(1000 * seconds)) for number, seconds in gateways]
        return compiled(rows, version, timelines, reorder)

    def _is_ours(self, enterprise_id: UUID) -> bool:
        return group_of(enterprise_id) % self._partitions == self._partition


def row_of(limit: Limit) -> _Row:
    """A limit in hand, with its point and reference, as the row that `compiled` takes."""
    point, reference = limit.point, limit.reference
    plain = {name: getattr(limit, name) for name in _COLUMNS if "__" not in name}
    return {
        **plain,
        "point__number": point.number,
        "point__range_low": point.range_low,
        "point__range_high": point.range_high,
        "point__enterprise_id": point.enterprise_id,
        "point__gateway__timeline": None,
        "reference__number": reference.number if reference else None,
        "reference__stale_after_s": reference.stale_after_s if reference else None,
    }


def compiled(
    rows: Sequence[_Row],
    version: int,
    timelines: dict[UUID, Timeline],
    reorder: Sequence[tuple[int, int]] = (),
) -> ConditionColumns:
    """Rows of the table (with the columns of `_COLUMNS`) as columns for the step.

    What makes no condition is left out: a combination none of whose members is
    in force, and a range of a point that has lost its own.
    """
    in_force = {row["id"]: row["number"] for row in rows}
    rows = [row for row in rows if _has_sense(row, in_force)]
    clocks = list(timelines)
    weeks = sorted({row["calendar"] for row in rows} - {""})

    def column(name: str, dtype: Any, empty: float = 0) -> Any:
        return np.array([empty if row[name] is None else row[name] for row in rows], dtype)

    def milliseconds(name: str, empty_s: float = 0.0) -> Any:
        return np.round(column(name, np.float64, empty_s) * 1000).astype(np.int64)

    is_range = np.array([row["kind"] == Condition.OUT_OF_RANGE for row in rows], np.bool_)
    low, high = (
        column("point__range_low", np.float64, np.nan),
        column("point__range_high", np.float64, np.nan),
    )
    return ConditionColumns(
        version=version,
        condition=column("number", np.int32),
        point=column("point__number", np.int32),
        kind=np.array([_KINDS[row["kind"]] for row in rows], np.uint8),
        threshold=np.where(is_range, low, column("threshold", np.float64, np.nan)),
        deadband=column("deadband", np.float64),
        on_delay_ms=milliseconds("on_delay_s"),
        off_delay_ms=milliseconds("off_delay_s"),
        second=np.where(is_range, high, np.nan),
        window_ms=milliseconds("window_s"),
        reference=column("reference__number", np.int32, -1),
        reference_stale_ms=milliseconds("reference__stale_after_s"),
        needed=np.array([_needed(row, in_force) for row in rows], np.int32),
        repeat_count=column("repeat_count", np.int32),
        repeat_window_ms=milliseconds("repeat_window_s"),
        calendar=np.array(
            [weeks.index(row["calendar"]) if row["calendar"] else -1 for row in rows], np.int32
        ),
        from_ms=np.array([_ms(row["valid_from"], 0) for row in rows], np.int64),
        until_ms=np.array([_ms(row["valid_until"], _FOREVER) for row in rows], np.int64),
        silent=column("silent", np.bool_),
        clock=np.array(
            [
                1 + clocks.index(line) if (line := row["point__gateway__timeline"]) in timelines else 0
                for row in rows
            ],
            np.int16,
        ),
        calendars=np.array([week(text) for text in weeks], np.bool_).reshape(len(weeks), MINUTES_OF_WEEK),
        clocks=[(to_ms(line.origin), to_ms(line.anchored_at), line.rate) for line in timelines.values()],
        members=np.array(
            [(in_force[one], row["number"]) for row in rows for one in row["members"] if one in in_force],
            np.int32,
        ).reshape(-1, 2),
        reorder=np.array(reorder, np.int64).reshape(-1, 2),
    )


def _version() -> int:
    """Both counters only ever rise, so their sum changes whenever one of them does."""
    return table_version(RULES) + table_version(REGISTRY)


def _has_sense(row: _Row, in_force: dict[UUID, int]) -> bool:
    if row["kind"] == Condition.COMBINED:
        return any(member in in_force for member in row["members"])
    if row["kind"] == Condition.OUT_OF_RANGE:
        return row["point__range_low"] is not None or row["point__range_high"] is not None
    return True


def _needed(row: _Row, in_force: dict[UUID, int]) -> int:
    """Members that must hold; all means all that are in force. For a frozen value, readings."""
    if row["kind"] == Condition.COMBINED:
        return int(row["needed"] or sum(member in in_force for member in row["members"]))
    return int(row["needed"] or (FROZEN_READINGS if row["kind"] == Condition.FROZEN else 1))


def _ms(moment: datetime | None, empty: int) -> int:
    return empty if moment is None else to_ms(moment)
