"""The durable log of telemetry between the door and its readers (TELE)."""

from typing import NamedTuple, Protocol


class LogFull(Exception):
    """The log has reached its limit in bytes: refuse, never drop."""


class LogUnavailable(Exception):
    """The log did not answer in time; the write may or may not have happened."""


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
        """Read on from the first entry after sequence *after*."""
        ...

    async def read(self, limit: int, wait_s: float) -> list[LogEntry]:
        """Up to *limit* entries in order; an empty list when none came in *wait_s* seconds."""
        ...

    async def passed(self, sequence: int) -> None:
        """Say that everything up to *sequence* is safe with this reader and may be purged."""
        ...
