"""What the stream asks about points and their limits, and where it hands transitions.

Columns, not rows: the hot path never touches an object per point.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class PointColumns:
    """The points of one gateway or of all, as columns of equal length.

    ``number`` is the point's dense integer, used on the whole hot path; ``tag``
    and ``unit`` are what the gateway says.
    """

    version: int
    number: NDArray[np.int32]
    tag: Sequence[str]
    unit: Sequence[str]
    gateway: Sequence[str]


@dataclass(frozen=True)
class GatewayRecord:
    """One gateway: its source name, SHA-256 of its key, and its timeline's clock.

    Gateways of one ``group`` go to one partition, so that rules over points of
    one enterprise find all of them there.
    """

    source: str
    number: int
    key_sha256: bytes
    enabled: bool
    timeline: UUID | None
    timeline_origin_ms: int
    timeline_anchor_ms: int
    timeline_rate: float
    group: int = 0


class PointRegistry(Protocol):
    """Who may send, and which points they own."""

    def version(self) -> int:
        """A number that changes with every change of gateways or points."""
        ...

    def gateways(self) -> Sequence[GatewayRecord]: ...

    def points(self) -> PointColumns: ...


@dataclass(frozen=True)
class ConditionColumns:
    """The active conditions of all points, as columns of shape (C,).

    ``condition`` is the dense integer of the limit row; ``kind`` counts the
    members of `kernel.levels.Condition` in their order of declaration;
    ``threshold`` and ``deadband`` are in the point's unit (a rate's: in that
    unit per minute), delays in milliseconds of event time, and for no-data
    ``on_delay_ms`` is the silence allowed, in milliseconds of arrival time.

    Columns left out make plain limits: ``second`` is the upper end of a range,
    ``window_ms`` that of a rate or a frozen value; ``reference`` the number of
    the point to compare with (-1: none), usable until it is
    ``reference_stale_ms`` old; ``needed`` the readings of a frozen value or the
    members of a combined condition; ``repeat_count`` crossings within
    ``repeat_window_ms`` raise; ``calendar`` is a row of ``calendars``, of shape
    (K, 10080), the minutes of the week in China (-1: always); in force from
    ``from_ms`` until before ``until_ms``; ``silent`` conditions raise no alarm
    of their own; ``clock`` is the number of the point's clock in *clocks*,
    counted from 1 (0: the live one).

    ``clocks`` are (origin ms, anchor ms, rate) of timelines, ``members`` pairs
    (condition, combined condition), ``reorder`` pairs (gateway, milliseconds)
    for which a gateway's readings are held and put into the order of their events.
    """

    version: int
    condition: NDArray[np.int32]
    point: NDArray[np.int32]
    kind: NDArray[np.uint8]
    threshold: NDArray[np.float64]
    deadband: NDArray[np.float64]
    on_delay_ms: NDArray[np.int64]
    off_delay_ms: NDArray[np.int64]
    second: NDArray[np.float64] | None = None
    window_ms: NDArray[np.int64] | None = None
    reference: NDArray[np.int32] | None = None
    reference_stale_ms: NDArray[np.int64] | None = None
    needed: NDArray[np.int32] | None = None
    repeat_count: NDArray[np.int32] | None = None
    repeat_window_ms: NDArray[np.int64] | None = None
    calendar: NDArray[np.int32] | None = None
    from_ms: NDArray[np.int64] | None = None
    until_ms: NDArray[np.int64] | None = None
    silent: NDArray[np.bool_] | None = None
    clock: NDArray[np.int16] | None = None
    calendars: NDArray[np.bool_] | None = None
    clocks: Sequence[tuple[int, int, float]] | None = None
    members: NDArray[np.int32] | None = None
    reorder: NDArray[np.int64] | None = None


class RuleSource(Protocol):
    """The rules in force."""

    def version(self) -> int: ...

    def conditions(self) -> ConditionColumns: ...


@dataclass(frozen=True)
class TransitionColumns:
    """Conditions that changed, in the order of their happening.

    ``raised`` is true when the condition became active, false when it returned
    to normal; ``event_ms`` is event time, ``arrived_ms`` the door's arrival
    time, ``value`` the reading that decided (NaN for no-data).
    """

    condition: NDArray[np.int32]
    point: NDArray[np.int32]
    raised: NDArray[np.bool_]
    event_ms: NDArray[np.int64]
    arrived_ms: NDArray[np.int64]
    value: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.condition)


class TransitionSink(Protocol):
    """Where transitions become alarms, exactly once."""

    def committed(self, partition: int) -> int:
        """The log sequence up to which this partition's transitions are stored."""
        ...

    def active_conditions(self, partition: int) -> NDArray[np.int32]:
        """Conditions whose alarm is open and not returned to normal."""
        ...

    def apply(self, partition: int, sequence: int, transitions: TransitionColumns) -> None:
        """Store *transitions* and *sequence* in one transaction.

        A sequence at or below `committed` changes nothing. Raises on failure;
        the caller then repeats with the same arguments.
        """
        ...

    def apply_beside(self, partition: int, transitions: TransitionColumns) -> None:
        """Store transitions that no log entry caused (silence, rules taken away); repeating changes nothing."""
        ...

    def begin_anew(self, partition: int) -> None:
        """Forget the partition's sequence: the log was replaced by another one that counts from the start."""
        ...

    def store_latest(
        self,
        point: NDArray[np.int32],
        event_ms: NDArray[np.int64],
        arrived_ms: NDArray[np.int64],
        value: NDArray[np.float64],
        quality: NDArray[np.uint8],
    ) -> None:
        """Upsert the latest value of each point given; coalesced by the caller."""
        ...
