"""What the alarm step remembers between batches, as a structure of arrays."""

from collections import namedtuple
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from anlan.science.signals.rules import COMBINED, NO_DATA, RING, UPPER, Rules

NEVER = np.iinfo(np.int64).min
"""A time that has not come: no reading yet, no delay running."""


def _column(records: str, name: str) -> Any:
    """The column *name* of the array of records that the attribute *records* is, to read and to set."""

    def read(state: "State") -> NDArray[Any]:
        column: NDArray[Any] = getattr(state, records)[name]
        return column

    def write(state: "State", values: NDArray[Any]) -> None:
        getattr(state, records)[name] = values

    return property(read, write)


_OF_POINT = np.dtype(
    [
        ("evaluated_ms", np.int64), ("arrived_ms", np.int64),
        ("calm_low", np.float64), ("calm_high", np.float64),
        ("latest_ms", np.int64), ("latest_arrived_ms", np.int64), ("latest_value", np.float64),
        ("latest_quality", np.uint8),
    ],
    align=True,
)  # fmt: skip
_OF_CONDITION = np.dtype([("pending_ms", np.int64), ("active", np.bool_)], align=True)
_OF_OTHER = np.dtype([("held", np.int32), ("crossed", np.bool_)], align=True)
_UNHEARD = np.array((NEVER, NEVER, -np.inf, np.inf, NEVER, NEVER, np.nan, 0), _OF_POINT)
_AT_REST = np.array((NEVER, False), _OF_CONDITION)


@dataclass
class State:
    """Memory of P points (index: point number), C conditions (index: row of `Rules`) and their O others.

    What the kernel looks at together lies together: ``point`` (P,), ``row`` (C,) and ``other`` (O,) are
    arrays of records, whose columns can be read and set by their names.

    ``evaluated_ms``: event time of the newest evaluated reading; ``arrived_ms``:
    arrival of the last reading that was not late; ``latest_*``: the newest
    reading by event time, evaluated or not; between
    ``calm_low`` and ``calm_high`` (both left out) a value changes none of the point's
    limits as they now stand. ``active``: the condition holds;
    ``pending_ms``: since when a delay runs (event time), and for no-data since
    when the point has been listened to (arrival time).

    For the row ``r`` at ``r - rules.limits``: ``crossed``, what a repeat count
    counts, holds; ``held``: how many members of a combined condition hold;
    ``place`` (O, 2), ``ring_ms`` and ``ring_value`` (O, `RING`) are the kind's
    own memory. A rate keeps anchors, the ``n``-th at ``n % RING``, the oldest
    in use and the next to come in ``place``. A repeat count keeps the times of
    crossings, how many there were in ``place[0]``. A frozen value keeps the
    first and the last time in its band, the band's ends, and the readings in
    it in ``place[0]``.
    """

    point: NDArray[Any]
    row: NDArray[Any]
    other: NDArray[Any]
    place: NDArray[np.int64]
    ring_ms: NDArray[np.int64]
    ring_value: NDArray[np.float64]

    evaluated_ms = _column("point", "evaluated_ms")
    arrived_ms = _column("point", "arrived_ms")
    latest_ms = _column("point", "latest_ms")
    latest_arrived_ms = _column("point", "latest_arrived_ms")
    latest_value = _column("point", "latest_value")
    latest_quality = _column("point", "latest_quality")
    calm_low = _column("point", "calm_low")
    calm_high = _column("point", "calm_high")
    active = _column("row", "active")
    pending_ms = _column("row", "pending_ms")
    crossed = _column("other", "crossed")
    held = _column("other", "held")

    @property
    def points(self) -> int:
        return len(self.point)

    @property
    def arrays(self) -> Any:
        """The same arrays as a named tuple, for the kernel."""
        return StateArrays(self.point, self.row, self.other, self.place, self.ring_ms, self.ring_value)

    def columns(self) -> dict[str, NDArray[Any]]:
        """Every column by its name: what `of_columns` takes."""
        return {name: getattr(self, name) for name in _COLUMNS}

    @classmethod
    def of_columns(cls, columns: Mapping[str, NDArray[Any]]) -> "State":
        """The state with these columns. Raises `KeyError` or `ValueError` when they are others."""
        state = cls(
            np.empty(len(columns["evaluated_ms"]), _OF_POINT),
            np.empty(len(columns["active"]), _OF_CONDITION),
            np.empty(len(columns["held"]), _OF_OTHER),
            columns["place"],
            columns["ring_ms"],
            columns["ring_value"],
        )
        for name in _COLUMNS:
            setattr(state, name, columns[name])
        return state

    def make_room(self, points: int) -> None:
        """Grow the records of points to at least *points*, in steps of doubling."""
        if points <= self.points:
            return
        grown = np.full(max(points, 2 * self.points, 64), _UNHEARD)
        grown[: self.points] = self.point
        self.point = grown

    def copy(self) -> "State":
        """An independent copy, for a snapshot taken while the original goes on."""
        return State(**{field.name: getattr(self, field.name).copy() for field in fields(self)})


StateArrays: Any = namedtuple("StateArrays", "point row other place ring_ms ring_value")
_COLUMNS = (
    *(_OF_POINT.names or ()), *(_OF_CONDITION.names or ()), *(_OF_OTHER.names or ()),
    "place", "ring_ms", "ring_value",
)  # fmt: skip
_OF_OTHERS = ("other", "place", "ring_ms", "ring_value")


def new_state(rules: Rules) -> State:
    """The state in which nothing has been read yet."""
    state = State(np.empty(0, _OF_POINT), **_nothing_held(rules))
    state.make_room(rules.points)
    recount(state, rules)
    return state


def _nothing_held(rules: Rules) -> dict[str, Any]:
    others = len(rules) - rules.limits
    return {
        "row": np.full(len(rules), _AT_REST),
        "other": np.zeros(others, _OF_OTHER),
        "place": np.zeros((others, 2), np.int64),
        "ring_ms": np.full((others, RING), NEVER, np.int64),
        "ring_value": np.zeros((others, RING), np.float64),
    }


def adapt(state: State, old: Rules, new: Rules) -> State:
    """The state under changed rules.

    A condition of the same number, point and kind keeps whether it is active;
    changed figures only restart its delay and its window, and the next reading
    decides. Other conditions start as not active: `withdrawn` names the active
    ones that are thereby lost.
    """
    adapted = state.copy()
    adapted.make_room(new.points)
    for name, empty in _nothing_held(new).items():
        setattr(adapted, name, empty)
    rows_new, rows_old = _kept_rows(old, new)
    adapted.active[rows_new] = state.active[rows_old]
    same = _same(new.threshold[rows_new], old.threshold[rows_old])
    same &= new.deadband[rows_new] == old.deadband[rows_old]
    both = (rows_new >= new.limits) & (rows_old >= old.limits)
    same[both] &= _same_others(old, new, rows_old[both] - old.limits, rows_new[both] - new.limits)
    adapted.pending_ms[rows_new[same]] = state.pending_ms[rows_old[same]]
    others = same & both
    for name in _OF_OTHERS:
        getattr(adapted, name)[rows_new[others] - new.limits] = getattr(state, name)[
            rows_old[others] - old.limits
        ]
    moved = rows_new[(rows_new >= new.limits) & ~others]
    adapted.crossed[moved - new.limits] = adapted.active[moved]
    recount(adapted, new)
    return adapted


def take_over(state: State, rules: Rules, active: NDArray[np.int32]) -> None:
    """Let exactly the conditions *active* hold, but for silent ones, of which nobody outside knows.

    A condition whose memory differed starts its delay anew; that of a no-data
    condition is since when it has been listened to, and stays.
    """
    holds = np.where(rules.silent, state.active, np.isin(rules.condition, active))
    differs = state.active != holds
    state.pending_ms[differs & (rules.kind != NO_DATA)] = NEVER
    state.active = holds
    others = np.flatnonzero(differs[rules.limits :])
    state.crossed[others] = holds[rules.limits :][others]
    recount(state, rules)


def recount(state: State, rules: Rules) -> None:
    """Work out anew what the step keeps up as it goes: the calm of each point, and members that hold."""
    limits = rules.limits
    point, active = rules.point[:limits], state.active[:limits]
    threshold, deadband = rules.threshold[:limits], rules.deadband[:limits]
    is_upper = np.isin(rules.kind[:limits], UPPER)
    back = np.where(is_upper, threshold - deadband, threshold + deadband)
    next_change = np.where(active, back, threshold)
    waiting = state.pending_ms[:limits] != NEVER
    above, beneath = ~waiting & (is_upper == active), ~waiting & (is_upper != active)
    state.calm_low, state.calm_high = -np.inf, np.inf
    np.maximum.at(state.calm_low, point[above], next_change[above])
    np.minimum.at(state.calm_high, point[beneath], next_change[beneath])
    state.calm_low[point[waiting]] = np.inf
    members = np.repeat(np.arange(len(rules)), np.diff(rules.parent_first))
    holding = rules.parent[state.active[members]] - limits
    combined = rules.kind[limits:] == COMBINED
    state.held[combined] = np.bincount(holding, minlength=len(combined))[combined]


def withdrawn(state: State, old: Rules, new: Rules) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Conditions that are active under *old* and no longer exist under *new*, and their points."""
    _, kept = _kept_rows(old, new)
    lost = state.active & ~old.silent
    lost[kept] = False
    return old.condition[lost], old.point[lost]


def _kept_rows(old: Rules, new: Rules) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows in *new* and in *old* of the conditions that both have, alike in point, kind and silence."""
    _, rows_new, rows_old = np.intersect1d(
        new.condition, old.condition, assume_unique=True, return_indices=True
    )
    alike = np.ones(len(rows_new), np.bool_)
    for column in ("point", "kind", "silent"):
        alike &= getattr(new, column)[rows_new] == getattr(old, column)[rows_old]
    return rows_new[alike], rows_old[alike]


def _same_others(
    old: Rules, new: Rules, rows_old: NDArray[np.int64], rows_new: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Whether the figures that a window or a count is kept by are the same."""
    same: NDArray[np.bool_] = _same(new.second[rows_new], old.second[rows_old])
    for column in ("window_ms", "reference", "needed", "repeat_count", "repeat_window_ms"):
        same &= getattr(new, column)[rows_new] == getattr(old, column)[rows_old]
    return same


def _same(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.bool_]:
    return np.equal(one, other) | (np.isnan(one) & np.isnan(other))
