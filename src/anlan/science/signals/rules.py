"""Active conditions of all points, compressed by point (CSR)."""

from collections import namedtuple
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from anlan.kernel.levels import Condition

KINDS = tuple(Condition)
UPPER = tuple(KINDS.index(kind) for kind in KINDS if kind.is_upper)
NO_DATA = KINDS.index(Condition.NO_DATA)
RISING = KINDS.index(Condition.RISING)
FALLING = KINDS.index(Condition.FALLING)
DEVIATION = KINDS.index(Condition.DEVIATION)
FROZEN = KINDS.index(Condition.FROZEN)
OUT_OF_RANGE = KINDS.index(Condition.OUT_OF_RANGE)
COMBINED = KINDS.index(Condition.COMBINED)

RING = 8
"""How many anchors of a rate, or crossings of a repeat count, a condition remembers."""

ANCHORS_PER_WINDOW = RING - 2
"""A rate's anchors stand at least this part of its window apart, so that the ring always holds one old enough."""

LATE_AFTER_MS = 10 * 60_000
"""A reading this much older than its arrival is late: it corrects history and decides nothing (our own bound)."""

AHEAD_MS = 6 * 60_000
"""A reading this far in its receiver's future is not evaluated: a minute beyond the door's own bound."""

MINUTE_MS = 60_000
MINUTES_OF_WEEK = 7 * 24 * 60
WEEK_SHIFT = 3 * 24 * 60 + 8 * 60
"""The week of China begins on Monday; 1970-01-01T00:00Z was a Thursday there, eight in the morning."""

FOREVER = np.iinfo(np.int64).max
ALWAYS = -1
NOBODY = -1

_LIMITS = frozenset(range(NO_DATA))
_WINDOWED = (RISING, FALLING, FROZEN)
_WITHOUT_THRESHOLD = (NO_DATA, COMBINED, OUT_OF_RANGE)
_COUNTING = (*_LIMITS, DEVIATION, OUT_OF_RANGE)


@dataclass(frozen=True)
class Rules:
    """C conditions in three runs: limits, then others, then combined ones; each sorted by point, then number.

    A *limit* here is one of the four plain kinds without repeat count, calendar
    or dates: the limits of point ``p`` are the rows ``first[p]:first[p + 1]``,
    the others the rows ``other_first[p]:other_first[p + 1]``, and
    ``combined_row[combined_first[p]:combined_first[p + 1]]`` are the combined
    conditions with a member of that point.

    Arrays of shape (C,): ``kind`` counts the members of `kernel.levels.Condition`
    in their order of declaration; ``threshold`` and ``deadband`` are in the
    point's unit (a rate's: in that unit per minute); delays in milliseconds of
    event time, and for no-data ``on_delay_ms`` is the silence allowed, in
    milliseconds of arrival time; ``silent`` conditions are members of combined
    ones and tell nobody. The combined conditions that row ``r`` is a member of
    are ``parent[parent_first[r]:parent_first[r + 1]]``.

    Arrays of shape (C - limits,), for the row ``r`` at ``r - limits``: ``second``
    is the upper end of a range; ``window_ms`` that of a rate or a frozen value;
    ``reference`` the point a deviation is measured from, or the one that says
    whether a frozen value matters (-1: none), usable until it is
    ``reference_stale_ms`` away in event time; ``needed`` the readings that a
    frozen value takes, or the members that a combined condition takes; a
    condition is raised with its ``repeat_count``-th crossing within
    ``repeat_window_ms``; it is in force from ``from_ms`` until before
    ``until_ms`` and in the minutes of the week (China) that row ``calendar`` of
    ``calendars`` marks (-1: always); ``timed`` when any of these says so.

    Clock ``clock[p]`` is what the point's gateway goes by: 0 is the live clock,
    others show ``clock_origin_ms + (live - clock_anchor_ms) * clock_rate``.
    Gateway ``reorder_gateway[k]`` is read in order of event time, held for
    ``reorder_ms[k]``.
    """

    version: int
    late_after_ms: int
    ahead_ms: int
    first: NDArray[np.int64]
    other_first: NDArray[np.int64]
    combined_first: NDArray[np.int64]
    combined_row: NDArray[np.int64]
    clock: NDArray[np.int16]
    clock_origin_ms: NDArray[np.int64]
    clock_anchor_ms: NDArray[np.int64]
    clock_rate: NDArray[np.float64]
    condition: NDArray[np.int32]
    point: NDArray[np.int32]
    kind: NDArray[np.uint8]
    threshold: NDArray[np.float64]
    deadband: NDArray[np.float64]
    on_delay_ms: NDArray[np.int64]
    off_delay_ms: NDArray[np.int64]
    silent: NDArray[np.bool_]
    parent_first: NDArray[np.int64]
    parent: NDArray[np.int64]
    second: NDArray[np.float64]
    window_ms: NDArray[np.int64]
    reference: NDArray[np.int32]
    reference_stale_ms: NDArray[np.int64]
    needed: NDArray[np.int32]
    repeat_count: NDArray[np.int32]
    repeat_window_ms: NDArray[np.int64]
    calendar: NDArray[np.int32]
    from_ms: NDArray[np.int64]
    until_ms: NDArray[np.int64]
    timed: NDArray[np.bool_]
    calendars: NDArray[np.bool_]
    reorder_gateway: NDArray[np.int32]
    reorder_ms: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.condition)

    @property
    def points(self) -> int:
        """One more than the highest point number that a condition names."""
        return len(self.first) - 1

    @property
    def limits(self) -> int:
        """How many rows are plain limits: the row at which the others begin."""
        return len(self.condition) - len(self.second)

    @cached_property
    def arrays(self) -> Any:
        """The same as a named tuple, for the kernel: what it looks at together lies together."""
        return RuleArrays(
            self.late_after_ms,
            self.ahead_ms,
            np.uint64(self.limits),
            self._of_points(),
            _packed(_OF_CONDITION, self, last_parent=self.parent_first[1:]),
            _packed(_OF_OTHER, self),
            self.combined_row.astype(np.uint64),
            self.parent.astype(np.uint64),
            self.calendars,
            _packed(_OF_CLOCK, self),
        )

    def _of_points(self) -> NDArray[Any]:
        runs = ("first", "other_first", "combined_first")
        begins = {name: getattr(self, name)[:-1] for name in runs}
        ends = {name.replace("first", "last"): getattr(self, name)[1:] for name in runs}
        return _packed(_OF_POINT, self, **begins, **ends)

    @cached_property
    def widest(self) -> int:
        """The most conditions that one reading may change."""
        per_point = np.diff(self.first) + np.diff(self.other_first) + np.diff(self.combined_first)
        return int(per_point.max(initial=0))

    @cached_property
    def timed_rows(self) -> NDArray[np.int64]:
        """Rows that are in force at some times only."""
        return np.flatnonzero(self.timed) + self.limits

    def in_force(self, rows: NDArray[np.int64], at_ms: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Whether the conditions *rows*, none of them a plain limit, are in force at *at_ms*, one by one."""
        others = rows - self.limits
        within = (at_ms >= self.from_ms[others]) & (at_ms < self.until_ms[others])
        weekly = self.calendar[others] != ALWAYS
        minute = (at_ms[weekly] // MINUTE_MS + WEEK_SHIFT) % MINUTES_OF_WEEK
        within[weekly] &= self.calendars[self.calendar[others[weekly]], minute]
        return within


RuleArrays: Any = namedtuple(
    "RuleArrays",
    "late_after_ms ahead_ms limits point row other combined_row parent calendars clock",
)
_OF_POINT = np.dtype(
    [
        ("first", np.uint32), ("last", np.uint32), ("other_first", np.uint32), ("other_last", np.uint32),
        ("combined_first", np.uint32), ("combined_last", np.uint32), ("clock", np.uint16),
    ],
    align=True,
)  # fmt: skip
_OF_CONDITION = np.dtype(
    [
        ("threshold", np.float64), ("deadband", np.float64),
        ("on_delay_ms", np.int64), ("off_delay_ms", np.int64),
        ("point", np.int32), ("parent_first", np.uint32), ("last_parent", np.uint32),
        ("kind", np.uint8), ("silent", np.bool_),
    ],
    align=True,
)  # fmt: skip
_OF_OTHER = np.dtype(
    [
        ("second", np.float64), ("window_ms", np.int64), ("reference_stale_ms", np.int64),
        ("repeat_window_ms", np.int64), ("from_ms", np.int64), ("until_ms", np.int64),
        ("reference", np.int32), ("needed", np.int32), ("repeat_count", np.int32), ("calendar", np.int32),
        ("timed", np.bool_),
    ],
    align=True,
)  # fmt: skip
_OF_CLOCK = np.dtype(
    [("clock_origin_ms", np.int64), ("clock_anchor_ms", np.int64), ("clock_rate", np.float64)], align=True
)


def _packed(dtype: np.dtype[Any], rules: "Rules", **columns: NDArray[Any]) -> NDArray[Any]:
    """Columns of *rules*, or those given, as records."""
    names = dtype.names or ()
    given = [columns[name] if name in columns else getattr(rules, name) for name in names]
    packed = np.empty(min(map(len, given)), dtype)
    for name, column in zip(names, given, strict=True):
        packed[name] = column[: len(packed)]
    return packed


def compile_rules(
    version: int,
    condition: ArrayLike,
    point: ArrayLike,
    kind: ArrayLike,
    threshold: ArrayLike,
    deadband: ArrayLike,
    on_delay_ms: ArrayLike,
    off_delay_ms: ArrayLike,
    *,
    second: ArrayLike | None = None,
    window_ms: ArrayLike | None = None,
    reference: ArrayLike | None = None,
    reference_stale_ms: ArrayLike | None = None,
    needed: ArrayLike | None = None,
    repeat_count: ArrayLike | None = None,
    repeat_window_ms: ArrayLike | None = None,
    calendar: ArrayLike | None = None,
    from_ms: ArrayLike | None = None,
    until_ms: ArrayLike | None = None,
    silent: ArrayLike | None = None,
    clock: ArrayLike | None = None,
    calendars: ArrayLike | None = None,
    clocks: Sequence[tuple[int, int, float]] | None = None,
    members: ArrayLike | None = None,
    reorder: ArrayLike | None = None,
    late_after_ms: int = LATE_AFTER_MS,
    ahead_ms: int = AHEAD_MS,
) -> Rules:
    """Sort conditions into their runs and index them.

    The columns named like those of `Rules` have one entry per condition, in any
    order; those left out make plain limits. ``clock`` numbers the entries of
    *clocks* (origin ms, anchor ms, rate) from 1; 0 is the live clock.
    *members* are pairs (condition, combined condition) and *reorder* pairs
    (gateway, milliseconds). Raises `ValueError` for rules without sense.
    """
    ids = np.asarray(condition, np.int32)
    given = _Given(
        ids=ids,
        point=np.asarray(point, np.int32),
        kind=np.asarray(kind, np.uint8),
        threshold=np.asarray(threshold, np.float64),
        deadband=np.asarray(deadband, np.float64),
        on_delay_ms=np.asarray(on_delay_ms, np.int64),
        off_delay_ms=np.asarray(off_delay_ms, np.int64),
        second=_column(second, ids, np.float64, np.nan),
        window_ms=_column(window_ms, ids, np.int64, 0),
        reference=_column(reference, ids, np.int32, NOBODY),
        reference_stale_ms=_column(reference_stale_ms, ids, np.int64, LATE_AFTER_MS),
        needed=_column(needed, ids, np.int32, 1),
        repeat_count=_column(repeat_count, ids, np.int32, 1),
        repeat_window_ms=_column(repeat_window_ms, ids, np.int64, 0),
        calendar=_column(calendar, ids, np.int32, ALWAYS),
        from_ms=_column(from_ms, ids, np.int64, 0),
        until_ms=_column(until_ms, ids, np.int64, FOREVER),
        silent=_column(silent, ids, np.bool_, False),
        clock=_column(clock, ids, np.int16, 0),
    )
    weeks = np.asarray([] if calendars is None else calendars, np.bool_).reshape(-1, MINUTES_OF_WEEK)
    pairs = np.asarray([] if members is None else members, np.int32).reshape(-1, 2)
    _check(given, weeks, 0 if clocks is None else len(clocks))
    return _compiled(
        version,
        given,
        weeks,
        pairs,
        np.asarray([(0, 0, 1.0), *(clocks or ())], np.float64),
        np.asarray([] if reorder is None else reorder, np.int64).reshape(-1, 2),
        late_after_ms,
        ahead_ms,
    )


@dataclass(frozen=True)
class _Given:
    """The columns as they were given, all of them filled."""

    ids: NDArray[np.int32]
    point: NDArray[np.int32]
    kind: NDArray[np.uint8]
    threshold: NDArray[np.float64]
    deadband: NDArray[np.float64]
    on_delay_ms: NDArray[np.int64]
    off_delay_ms: NDArray[np.int64]
    second: NDArray[np.float64]
    window_ms: NDArray[np.int64]
    reference: NDArray[np.int32]
    reference_stale_ms: NDArray[np.int64]
    needed: NDArray[np.int32]
    repeat_count: NDArray[np.int32]
    repeat_window_ms: NDArray[np.int64]
    calendar: NDArray[np.int32]
    from_ms: NDArray[np.int64]
    until_ms: NDArray[np.int64]
    silent: NDArray[np.bool_]
    clock: NDArray[np.int16]

    def ordered(self, order: NDArray[np.int64]) -> "_Given":
        return _Given(**{field.name: getattr(self, field.name)[order] for field in fields(self)})

    def timed(self) -> NDArray[np.bool_]:
        """Whether each condition is in force at some times only."""
        calendar = self.calendar != ALWAYS
        timed: NDArray[np.bool_] = calendar | (self.from_ms > 0) | (self.until_ms != FOREVER)
        return timed

    def run(self) -> NDArray[np.int64]:
        """Which of the three runs each condition belongs to."""
        plain = (self.kind < NO_DATA) & (self.repeat_count == 1) & ~self.timed()
        return np.where(self.kind == COMBINED, 2, np.where(plain, 0, 1))


def _column(given: ArrayLike | None, ids: NDArray[np.int32], dtype: Any, default: float) -> Any:
    return np.full(len(ids), default, dtype) if given is None else np.asarray(given, dtype)


def _compiled(
    version: int,
    given: _Given,
    weeks: NDArray[np.bool_],
    pairs: NDArray[np.int32],
    clocks: NDArray[np.float64],
    reorder: NDArray[np.int64],
    late_after_ms: int,
    ahead_ms: int,
) -> Rules:
    run = given.run()
    rows = given.ordered(np.lexsort((given.ids, given.point, run)))
    limits, others = int((run == 0).sum()), int((run < 2).sum())
    points = 1 + int(max(rows.point.max(initial=-1), rows.reference.max(initial=-1)))
    member, parent = _rows_of(rows.ids, pairs)
    if (rows.kind[parent] != COMBINED).any() or (rows.kind[member] == COMBINED).any():
        raise ValueError("a combined condition takes members that are not combined themselves")
    by_member = np.lexsort((parent, member))
    watched = np.array(sorted(set(zip(rows.point[member].tolist(), parent.tolist(), strict=True))), np.int64)
    watched = watched.reshape(-1, 2)
    is_range = rows.kind == OUT_OF_RANGE
    low = np.where(is_range & np.isnan(rows.threshold), -np.inf, rows.threshold)
    high = np.where(is_range & np.isnan(rows.second), np.inf, rows.second)
    clock = np.zeros(points, np.int16)
    clock[rows.point] = rows.clock
    return Rules(
        version=version,
        late_after_ms=late_after_ms,
        ahead_ms=ahead_ms,
        first=_offsets(rows.point[:limits], points),
        other_first=limits + _offsets(rows.point[limits:others], points),
        combined_first=_offsets(watched[:, 0], points),
        combined_row=watched[:, 1].copy(),
        clock=clock,
        clock_origin_ms=clocks[:, 0].astype(np.int64),
        clock_anchor_ms=clocks[:, 1].astype(np.int64),
        clock_rate=clocks[:, 2].copy(),
        condition=rows.ids,
        point=rows.point,
        kind=rows.kind,
        threshold=low,
        deadband=rows.deadband,
        on_delay_ms=rows.on_delay_ms,
        off_delay_ms=rows.off_delay_ms,
        silent=rows.silent,
        parent_first=_offsets(member, len(rows.ids)),
        parent=parent[by_member],
        second=high[limits:],
        window_ms=rows.window_ms[limits:],
        reference=rows.reference[limits:],
        reference_stale_ms=rows.reference_stale_ms[limits:],
        needed=rows.needed[limits:],
        repeat_count=rows.repeat_count[limits:],
        repeat_window_ms=rows.repeat_window_ms[limits:],
        calendar=rows.calendar[limits:],
        from_ms=rows.from_ms[limits:],
        until_ms=rows.until_ms[limits:],
        timed=rows.timed()[limits:],
        calendars=weeks,
        reorder_gateway=reorder[:, 0].astype(np.int32),
        reorder_ms=reorder[:, 1].copy(),
    )


def _offsets(number: NDArray[Any], size: int) -> NDArray[np.int64]:
    """Where each of *size* numbers begins in the sorted column *number*."""
    return np.concatenate(([0], np.cumsum(np.bincount(number, minlength=size)))).astype(np.int64)


def _rows_of(ids: NDArray[np.int32], pairs: NDArray[np.int32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows of the members and of their combined conditions, pair by pair."""
    if not len(pairs):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    if not np.isin(pairs, ids).all():
        raise ValueError("a combined condition names a member that does not exist")
    order = np.argsort(ids)
    rows = order[np.searchsorted(ids, np.unique(pairs, axis=0), sorter=order)]
    return rows[:, 0], rows[:, 1]


def _check(given: _Given, weeks: NDArray[np.bool_], clocks: int) -> None:
    kind = given.kind
    limited = ~np.isin(kind, _WITHOUT_THRESHOLD)
    windowed = np.isin(kind, _WINDOWED)
    repeats = given.repeat_count > 1
    ranged = kind == OUT_OF_RANGE
    refusals = (
        (len(np.unique(given.ids)) != len(given.ids), "a condition number occurs twice"),
        ((given.point < 0).any(), "a point number is negative"),
        ((kind >= len(KINDS)).any(), "a condition's kind is unknown"),
        (not np.isfinite(given.threshold[limited]).all(), "a threshold is not finite"),
        # "not (>= 0)" also catches NaN
        (not (given.deadband[kind != NO_DATA] >= 0).all(), "a dead-band is negative or not a number"),
        ((given.on_delay_ms < 0).any() or (given.off_delay_ms < 0).any(), "a delay is negative"),
        ((given.window_ms[windowed] <= 0).any(), "a window is not positive"),
        ((given.threshold[windowed] < 0).any(), "a rate or a spread is negative"),
        ((given.reference[kind == DEVIATION] < 0).any(), "a deviation has no reference"),
        (((given.reference == given.point) & (kind == DEVIATION)).any(), "a point is its own reference"),
        ((given.needed < 1).any(), "a count is not positive"),
        ((given.repeat_count < 1).any() or (given.repeat_count > RING).any(), f"more than {RING} repeats"),
        ((given.repeat_window_ms[repeats] <= 0).any(), "a repeat count has no window"),
        (not np.isin(kind[repeats], _COUNTING).all(), "a repeat count is for limits, ranges and deviations"),
        ((np.isnan(given.threshold) & np.isnan(given.second))[ranged].any(), "a range has no end"),
        ((given.threshold[ranged] >= given.second[ranged]).any(), "a range ends below its beginning"),
        ((given.calendar >= len(weeks)).any(), "a calendar does not exist"),
        ((given.from_ms >= given.until_ms).any(), "a condition ends before it begins"),
        ((given.clock < 0).any() or (given.clock > clocks).any(), "a clock does not exist"),
    )
    for refused, complaint in refusals:
        if refused:
            raise ValueError(complaint)
