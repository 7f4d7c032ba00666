"""The history of telemetry."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class Resolution(IntEnum):
    """How fine readings are kept and answered: the length of a bucket in milliseconds.

    Days begin at China's midnight.
    """

    READING = 0
    MINUTE = 60_000
    HOUR = 3_600_000
    DAY = 86_400_000


ROLLED_UP = (Resolution.MINUTE, Resolution.HOUR, Resolution.DAY)
"""From fine to coarse: each is computed from the one before."""


@dataclass(frozen=True)
class Retention:
    """For how many days each class of history is kept at least; 0 for ever.

    Days count from the arrival of a reading and from the making of a roll-up.
    """

    days: Mapping[Resolution, int]

    @classmethod
    def parse(cls, text: str) -> "Retention":
        """The retention that ``reading=90,minute=730`` means; what it does not name keeps our default.

        Raises `ValueError` for anything else.

        >>> Retention.parse("reading=0").days[Resolution.READING]
        0
        """
        days = dict(DEFAULT_RETENTION_DAYS)
        for one in filter(None, text.replace(" ", "").split(",")):
            name, _, number = one.partition("=")
            if name.upper() not in Resolution.__members__ or not number.isdecimal():
                raise ValueError(
                    f"{one!r} is no retention: say reading=90,minute=730,hour=3660,day=0, in days, 0 for ever"
                )
            days[Resolution[name.upper()]] = int(number)
        return cls(days)


DEFAULT_RETENTION_DAYS: Mapping[Resolution, int] = {
    Resolution.READING: 90,
    Resolution.MINUTE: 730,
    Resolution.HOUR: 3660,
    Resolution.DAY: 0,
}
"""Our own choice. AQ 3035-2010 is said to ask for 30 days of analogue readings at least (to be confirmed)."""


@dataclass(frozen=True)
class Size:
    """What a table of the history takes on disk."""

    name: str
    rows: int
    bytes: int


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
    """One point's history between two times, in rows by time; columns of equal length.

    With ``thinned`` false each reading is its own row. Else a row is a bucket of
    ``width_ms``: time of its first reading, smallest, largest and last value sent,
    mean of the usable ones (numbers whose quality is not bad; NaN when none),
    worst quality, readings in it and how many of these were good. ``resolution``
    says what the buckets were made of; from roll-ups they are whole buckets, so
    that the first and last may reach over the ends of the question.
    """

    time_ms: NDArray[np.int64]
    minimum: NDArray[np.float64]
    maximum: NDArray[np.float64]
    last: NDArray[np.float64]
    mean: NDArray[np.float64]
    quality: NDArray[np.uint8]
    count: NDArray[np.uint64]
    good: NDArray[np.uint64]
    thinned: bool
    resolution: Resolution = Resolution.READING
    width_ms: int = 0


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

        A bucket of a thinned series draws two values (its minimum and maximum). Long
        series are answered from roll-ups, what these have not seen yet from readings.
        """
        ...

    def compare(self, points: Sequence[int], start_ms: int, end_ms: int, max_points: int) -> list[Series]:
        """The histories of *points* in the same buckets; ``time_ms`` is where a bucket begins."""
        ...

    def roll_up(self, resolution: Resolution) -> bool:
        """Bring one roll-up on by a bounded step; True when there is more to do."""
        ...

    def sizes(self) -> list[Size]:
        """What the history takes on disk, by table."""
        ...

    def count(self, points: Sequence[int], start_ms: int, end_ms: int) -> int:
        """How many readings of *points* there are in [start, end)."""
        ...

    def parquet(self, labels: Mapping[int, tuple[str, str]], start_ms: int, end_ms: int) -> Iterator[bytes]:
        """The readings of points in [start, end) as the pieces of one Parquet file, by point and time.

        *labels* gives each point's tag and unit. Columns: point, tag, unit, time
        and arrived (UTC, milliseconds), value, quality (the kernel's codes).
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
