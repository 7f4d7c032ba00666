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

    def last_sequence(self) -> int:
        """The highest log sequence stored, 0 when empty."""
        ...
