"""The durable log of telemetry between the door and its readers (TELE)."""

from typing import NamedTuple, Protocol


class LogFull(Exception):
    """The log has reached its limit in bytes: refuse, never drop."""


class LogUnavailable(Exception):
    """The log did not answer in time; the write may or may not have happened."""


class LogBehind(Exception):
    """The log ends before the place asked for: it is not the log that was read before."""


class LogEntry(NamedTuple):
    """One frame of the log with its sequence number, counted from 1 without reuse."""

    sequence: int
    payload: bytes


class TelemetryLog(Protocol):
    """An append-only log that answers only when the entry is durable."""

    async def append(self, payload: bytes) -> int:
        """Store *payload* durably and return its sequence.

        Raises `LogFull` when the limit is reached, `LogUnavailable` when no
        answer came. On either the caller must not acknowledge.
        """
        ...


class LogReader(Protocol):
    """One named reader with a place of its own in the log."""

    async def seek(self, after: int) -> None:
        """Read on from the first entry after sequence *after*.

        Raises `LogBehind` when the log has never reached *after*,
        `LogUnavailable` when it does not answer.
        """
        ...

    async def read(self, limit: int, wait_s: float) -> list[LogEntry]:
        """Up to *limit* entries in order; an empty list when none came in *wait_s* seconds.

        Raises `LogUnavailable` when the log does not answer; the place is kept.
        Raises `LogBehind` when another log has taken the place of the one read so far.
        """
        ...

    @property
    def pending(self) -> int:
        """How many entries were waiting behind the last one read."""
        ...

    async def mark(self) -> int:
        """The sequence that this reader last passed, 0 when it never did.

        The mark lives with the log: a new log knows none. Raises `LogUnavailable`.
        """
        ...

    async def passed(self, sequence: int) -> None:
        """Say that everything up to *sequence* is safe with this reader and may be purged."""
        ...


class LogTail(Protocol):
    """Sight of the log's last entries, without a place of one's own."""

    async def tail(self, entries: int, max_bytes: int) -> list[LogEntry]:
        """The last entries in order: at most *entries*, and at most *max_bytes* of them.

        Raises `LogUnavailable` when the log does not answer.
        """
        ...
