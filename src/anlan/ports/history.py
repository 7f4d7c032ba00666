"""The history of telemetry."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class ReadingColumns:
    """Readings as columns of equal length; ``sequence`` is the log's, for dedup and repair."""

    point: NDArray[np.int32]
    event_ms: NDArray[np.int64]
    value: NDArray[np.float64]
    quality: NDArray[np.uint8]
    arrived_ms: NDArray[np.int64]
    sequence: NDArray[np.uint64]

    def __len__(self) -> int:
        return len(self.point)


@dataclass(frozen=True)
class Series:
    """One point's readings between two times, thinned to buckets.

    Each row is a bucket: time of its first reading, smallest, largest and last
    value, worst quality, readings in it. With ``thinned`` false every reading
    is its own row. Columns have equal length.
    """

    time_ms: NDArray[np.int64]
    minimum: NDArray[np.float64]
    maximum: NDArray[np.float64]
    last: NDArray[np.float64]
    quality: NDArray[np.uint8]
    count: NDArray[np.uint64]
    thinned: bool


@dataclass(frozen=True)
class Sampling:
    """Points and the interval agreed for each, in milliseconds: columns of equal length."""

    point: NDArray[np.int32]
    every_ms: NDArray[np.int64]


@dataclass(frozen=True)
class Presence:
    """How much of a period came, for each point of a `Sampling` in its order.

    *received* counts event times (a reading sent twice is one), *expected* the
    intervals of the period, *missing* those in which nothing came: a sender
    twice as fast as agreed does not make up for an hour of silence.
    """

    received: NDArray[np.int64]
    expected: NDArray[np.int64]
    missing: NDArray[np.int64]

    @property
    def share(self) -> NDArray[np.float64]:
        """The part of the expected readings that came, 0 to 1."""
        return np.where(self.received > 0, 1 - self.missing / self.expected, 0.0)


@dataclass(frozen=True)
class Gaps:
    """Silences of points, by point and time: from the last reading (or the period's start) to the next (or its end)."""

    point: NDArray[np.int32]
    start_ms: NDArray[np.int64]
    end_ms: NDArray[np.int64]


class Historian(Protocol):
    """Stores readings once each and gives them back."""

    def prepare(self) -> None:
        """Create what is missing; safe to repeat."""
        ...

    def append(self, readings: ReadingColumns) -> None:
        """Store durably; the same (point, event time) again replaces, never doubles."""
        ...

    def series(self, point: int, start_ms: int, end_ms: int, max_points: int) -> Series:
        """One point's history in [start, end), at most *max_points* drawn values.

        A bucket of a thinned series draws two values (its minimum and maximum).
        """
        ...

    def presence(self, sampling: Sampling, start_ms: int, end_ms: int) -> Presence:
        """How much of [start, end) came, by event time."""
        ...

    def gaps(self, sampling: Sampling, start_ms: int, end_ms: int, factor: float, limit: int) -> Gaps:
        """The silences in [start, end) longer than *factor* intervals, the first *limit* of them."""
        ...

    def last_sequence(self) -> int:
        """The highest log sequence stored, 0 when empty."""
        ...
