"""What the alarm step remembers between batches, as a structure of arrays."""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from anlan.science.signals.rules import Rules

NEVER = np.iinfo(np.int64).min
"""A time that has not come: no reading yet, no delay running."""


@dataclass
class State:
    """Memory of P points (index: point number) and C conditions (index: row of `Rules`).

    ``evaluated_ms``: event time of the newest evaluated reading; ``arrived_ms``:
    arrival of the last reading of any kind; ``latest_*``: the newest reading by
    event time, evaluated or not. ``active``: the condition holds;
    ``pending_ms``: since when a delay runs (event time), and for no-data since
    when the point has been listened to (arrival time).
    """

    evaluated_ms: NDArray[np.int64]
    arrived_ms: NDArray[np.int64]
    latest_ms: NDArray[np.int64]
    latest_arrived_ms: NDArray[np.int64]
    latest_value: NDArray[np.float64]
    latest_quality: NDArray[np.uint8]
    active: NDArray[np.bool_]
    pending_ms: NDArray[np.int64]

    @property
    def points(self) -> int:
        return len(self.evaluated_ms)

    def make_room(self, points: int) -> None:
        """Grow the arrays of points to hold at least *points*, in steps of doubling."""
        if points <= self.points:
            return
        size = max(points, 2 * self.points, 64)
        for name, empty in _POINT_FILL.items():
            old = getattr(self, name)
            grown = np.full(size, empty, old.dtype)
            grown[: len(old)] = old
            setattr(self, name, grown)

    def copy(self) -> "State":
        """An independent copy, for a snapshot taken while the original goes on."""
        return State(**{field.name: getattr(self, field.name).copy() for field in fields(self)})


_POINT_FILL: dict[str, float] = {
    "evaluated_ms": NEVER,
    "arrived_ms": NEVER,
    "latest_ms": NEVER,
    "latest_arrived_ms": NEVER,
    "latest_value": np.nan,
    "latest_quality": 0,
}


def new_state(rules: Rules) -> State:
    """The state in which nothing has been read yet."""
    nothing = np.empty(0, np.int64)
    state = State(
        nothing,
        nothing,
        nothing,
        nothing,
        np.empty(0, np.float64),
        np.empty(0, np.uint8),
        np.zeros(len(rules), np.bool_),
        np.full(len(rules), NEVER, np.int64),
    )
    state.make_room(rules.points)
    return state


def adapt(state: State, old: Rules, new: Rules) -> State:
    """The state under changed rules.

    A condition of the same number, point and kind keeps whether it is active;
    a changed threshold or dead-band only restarts its delay, and the next
    reading decides. Other conditions start as not active: `withdrawn` names the
    active ones that are thereby lost.
    """
    adapted = state.copy()
    adapted.make_room(new.points)
    adapted.active = np.zeros(len(new), np.bool_)
    adapted.pending_ms = np.full(len(new), NEVER, np.int64)
    rows_new, rows_old = _kept_rows(old, new)
    adapted.active[rows_new] = state.active[rows_old]
    unmoved = (new.threshold[rows_new] == old.threshold[rows_old]) & (
        new.deadband[rows_new] == old.deadband[rows_old]
    )
    no_limit = np.isnan(new.threshold[rows_new]) & np.isnan(old.threshold[rows_old])
    keep = unmoved | no_limit
    adapted.pending_ms[rows_new[keep]] = state.pending_ms[rows_old[keep]]
    return adapted


def withdrawn(state: State, old: Rules, new: Rules) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Conditions that are active under *old* and no longer exist under *new*, and their points."""
    _, kept = _kept_rows(old, new)
    lost = state.active.copy()
    lost[kept] = False
    return old.condition[lost], old.point[lost]


def _kept_rows(old: Rules, new: Rules) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows in *new* and in *old* of the conditions that both have, alike in point and kind."""
    _, rows_new, rows_old = np.intersect1d(
        new.condition, old.condition, assume_unique=True, return_indices=True
    )
    alike = (new.point[rows_new] == old.point[rows_old]) & (new.kind[rows_new] == old.kind[rows_old])
    return rows_new[alike], rows_old[alike]
