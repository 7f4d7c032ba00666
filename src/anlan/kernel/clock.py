"""The clock that services ask, and timelines beside the live one.

The live clock is never scaled. A replay or a drill is a `Timeline` with its own
origin and rate; several run beside the live one without touching it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Protocol
from uuid import UUID

MAX_RATE = 60.0


class Clock(Protocol):
    """Tells the time, in UTC."""

    def now(self) -> datetime: ...


class LiveClock:
    """The wall clock, in UTC."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass(frozen=True)
class FixedClock:
    """A clock that stands still: the time of a recorded command."""

    at: datetime

    def now(self) -> datetime:
        return self.at


@dataclass(frozen=True)
class Timeline:
    """A run of time beside the live one.

    *origin* is the timeline's own time at the live moment *anchored_at*; from
    there it advances *rate* seconds for each live second (0 is paused).
    """

    id: UUID
    name: str
    origin: datetime
    anchored_at: datetime
    rate: float = 1.0
    exercise: bool = True

    def __post_init__(self) -> None:
        if not 0 <= self.rate <= MAX_RATE:
            raise ValueError(f"rate {self.rate} is outside 0–{MAX_RATE:g}")

    def at(self, live: datetime) -> datetime:
        """The timeline's time at the live moment *live*."""
        return self.origin + (live - self.anchored_at) * self.rate

    def live_at(self, moment: datetime) -> datetime:
        """The live moment at which the timeline reaches *moment*."""
        if self.rate == 0:
            raise ValueError("a paused timeline reaches no later moment")
        return self.anchored_at + (moment - self.origin) / self.rate

    def reanchored(self, live: datetime, rate: float | None = None) -> "Timeline":
        """The same timeline going on from its time at *live*, at *rate* if given."""
        changed = self.rate if rate is None else rate
        return replace(self, origin=self.at(live), anchored_at=live, rate=changed)


@dataclass(frozen=True)
class TimelineClock:
    """The clock of one timeline, driven by another clock (the live one by default)."""

    timeline: Timeline
    live: Clock = field(default_factory=LiveClock)

    def now(self) -> datetime:
        return self.timeline.at(self.live.now())


_live = LiveClock()
_current: ContextVar[Clock | None] = ContextVar("anlan_clock", default=None)


def current_clock() -> Clock:
    """The `Clock` in force: the live one unless `use_clock` says otherwise."""
    return _current.get() or _live


def now() -> datetime:
    """The time by the current clock, in UTC."""
    return current_clock().now()


@contextmanager
def use_clock(clock: Clock) -> Iterator[None]:
    """Ask *clock* for the time inside the block."""
    token = _current.set(clock)
    try:
        yield
    finally:
        _current.reset(token)


def to_ms(moment: datetime) -> int:
    """UTC milliseconds of *moment*, which must carry a time zone.

    >>> to_ms(datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC))
    1000
    """
    if moment.tzinfo is None:
        raise ValueError("a time without zone cannot be placed")
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def from_ms(unix_ms: int) -> datetime:
    """The moment of *unix_ms* UTC milliseconds.

    >>> from_ms(1000).isoformat()
    '1970-01-01T00:00:01+00:00'
    """
    return _EPOCH + timedelta(milliseconds=unix_ms)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
