"""Active conditions of all points, compressed by point (CSR)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from anlan.kernel.levels import Condition

KINDS = tuple(Condition)
UPPER = tuple(KINDS.index(kind) for kind in KINDS if kind.is_upper)
NO_DATA = KINDS.index(Condition.NO_DATA)


@dataclass(frozen=True)
class Rules:
    """C conditions sorted by point, then by condition number.

    The conditions of point ``p`` are the rows ``first[p]:first[p + 1]``; the
    other arrays have shape (C,). ``kind`` counts the members of
    `kernel.levels.Condition` in their order of declaration. ``threshold`` and
    ``deadband`` are in the point's unit, delays in milliseconds of event time;
    for no-data ``on_delay_ms`` is the silence allowed, in milliseconds of
    arrival time.
    """

    version: int
    first: NDArray[np.int64]
    condition: NDArray[np.int32]
    point: NDArray[np.int32]
    kind: NDArray[np.uint8]
    threshold: NDArray[np.float64]
    deadband: NDArray[np.float64]
    on_delay_ms: NDArray[np.int64]
    off_delay_ms: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.condition)

    @property
    def points(self) -> int:
        """One more than the highest point number that has a condition."""
        return len(self.first) - 1


def compile_rules(
    version: int,
    condition: ArrayLike,
    point: ArrayLike,
    kind: ArrayLike,
    threshold: ArrayLike,
    deadband: ArrayLike,
    on_delay_ms: ArrayLike,
    off_delay_ms: ArrayLike,
) -> Rules:
    """Sort conditions by point and index them.

    All columns have equal length, in any order. Raises `ValueError` when a
    condition number occurs twice, a point number is negative, a kind is
    unknown, or a threshold, dead-band or delay makes no sense.
    """
    ids = np.asarray(condition, np.int32)
    points = np.asarray(point, np.int32)
    order = np.lexsort((ids, points))
    rules = Rules(
        version,
        _offsets(points),
        ids[order],
        points[order],
        np.asarray(kind, np.uint8)[order],
        np.asarray(threshold, np.float64)[order],
        np.asarray(deadband, np.float64)[order],
        np.asarray(on_delay_ms, np.int64)[order],
        np.asarray(off_delay_ms, np.int64)[order],
    )
    _check(rules)
    return rules


def _offsets(points: NDArray[np.int32]) -> NDArray[np.int64]:
    if points.size and points.min() < 0:
        raise ValueError("a point number is negative")
    counts = np.bincount(points, minlength=1) if points.size else np.zeros(1, np.int64)
    return np.concatenate(([0], np.cumsum(counts))).astype(np.int64)


def _check(rules: Rules) -> None:
    if len(np.unique(rules.condition)) != len(rules):
        raise ValueError("a condition number occurs twice")
    if rules.kind.size and rules.kind.max() >= len(KINDS):
        raise ValueError("a condition's kind is unknown")
    limited = rules.kind != NO_DATA
    if not np.isfinite(rules.threshold[limited]).all():
        raise ValueError("a threshold is not finite")
    # "not (>= 0)" also catches NaN
    if not (rules.deadband[limited] >= 0).all():
        raise ValueError("a dead-band is negative or not a number")
    if (rules.on_delay_ms < 0).any() or (rules.off_delay_ms < 0).any():
        raise ValueError("a delay is negative")
