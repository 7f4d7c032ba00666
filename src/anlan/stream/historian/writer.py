"""The reader of TELE that fills the history."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from anlan.kernel.clock import now, to_ms
from anlan.kernel.errors import Unavailable
from anlan.ports.history import Historian, ReadingColumns
from anlan.ports.telemetry import LogBehind, LogEntry, LogReader, LogUnavailable
from anlan.stream.frames import BYTES_PER_READING, FrameError, decode
from anlan.stream.historian.keeper import Keeper

log = logging.getLogger(__name__)

DeadLetter = Callable[[LogEntry, str], Awaitable[None]]
"""Where a frame that cannot be read goes, with the reason."""

_READ_LIMIT = 256
_IDLE_WAIT_S = 0.5
_RATE_SPAN_S = 10.0
_RETRY_MAX_S = 5.0

T = TypeVar("T")
Scalar = TypeVar("Scalar", bound=np.generic)


@dataclass(frozen=True)
class Pace:
    """How readings are gathered into blocks and how far back a start reads again.

    A block is stored when it has *rows* readings or its first is *wait_s*
    seconds old: merging blocks costs more than storing them, and half as many
    are merged once less. *window* counts log entries before the stored mark
    that are read again at a start: storing them twice changes nothing.
    """

    rows: int = 100_000
    wait_s: float = 1.0
    window: int = 1_000
    retry_s: float = 0.2


class _Stopped(Exception):
    """The stop was asked for while something was being waited for."""


class HistorianWriter:
    """Reads frames in order, stores them in blocks, and passes the log only behind what is stored.

    Beside that it brings the roll-ups on (`Keeper`), which hold up no reading.
    """

    def __init__(
        self,
        reader: LogReader,
        historian: Historian,
        dead_letter: DeadLetter,
        pace: Pace | None = None,
    ) -> None:
        self._reader, self._historian = reader, historian
        self._dead_letter = dead_letter
        self._pace = pace or Pace()
        self._keeper = Keeper(historian)
        self._stop = asyncio.Event()
        self._stored = 0
        self._passed = 0
        self._rows = 0
        self._skipped = 0
        self._missed = 0
        self._behind_ms = 0
        self._waiting_for = ""
        self._recent: deque[tuple[float, int]] = deque()

    async def run(self, stop: asyncio.Event) -> None:
        """Fill the history until *stop* is set; outages of log or history are waited out."""
        self._stop = stop
        try:
            await self._insist(self._historian.prepare)
            keeping = asyncio.create_task(self._keeper.run())
            try:
                await self._take_place()
                while not stop.is_set():
                    await self._advance_or_wait()
            finally:
                keeping.cancel()
                await asyncio.gather(keeping, return_exceptions=True)
        except _Stopped:
            return

    def health(self) -> dict[str, object]:
        """Stored mark, rate over the last seconds, how far behind, and what is being waited for."""
        horizon = monotonic() - _RATE_SPAN_S
        while self._recent and self._recent[0][0] < horizon:
            self._recent.popleft()
        return {
            "ok": not self._waiting_for and not self._missed,
            "stored_sequence": self._stored,
            "rows": self._rows,
            "rows_per_s": round(sum(rows for _, rows in self._recent) / _RATE_SPAN_S, 1),
            "behind_s": round(self._behind_ms / 1000, 1),
            "pending_frames": self._reader.pending,
            "waiting_for": self._waiting_for,
            "skipped_frames": self._skipped,
            "missed_frames": self._missed,
            **self._keeper.health(),
        }

    async def _advance_or_wait(self) -> None:
        try:
            await self._advance()
        except LogUnavailable:
            await self._wait_for("log", self._pace.retry_s)
            await self._seek(self._stored)
        except LogBehind as error:
            log.warning("another log took the place of the one read: %s", error)
            await self._take_place()

    async def _advance(self) -> None:
        entries = await self._gather()
        if not entries:
            self._behind_ms = 0
            # a mark that got lost would hold a full log for ever: nothing new comes into it
            await self._pass()
            return
        first, last = entries[0].sequence, entries[-1].sequence
        self._note_gap(first)
        readings = await self._readable(entries)
        entries.clear()  # megabytes that the storing would wait beside
        if len(readings):
            await self._insist(lambda: self._historian.append(readings))
            self._count(readings)
        self._stored = max(self._stored, last)
        await self._pass()

    async def _pass(self) -> None:
        if self._stored > self._passed:
            await self._reader.passed(self._stored)
            self._passed = self._stored

    async def _gather(self) -> list[LogEntry]:
        """Entries of one block: until it is full or its first entry has waited long enough."""
        block = list(await self._reader.read(_READ_LIMIT, _IDLE_WAIT_S))
        deadline = monotonic() + self._pace.wait_s
        limit_bytes = self._pace.rows * BYTES_PER_READING
        size = sum(len(entry.payload) for entry in block)
        while block and size < limit_bytes and not self._stop.is_set():
            left = deadline - monotonic()
            if left <= 0:
                break
            more = await self._reader.read(_READ_LIMIT, left)
            size += sum(len(entry.payload) for entry in more)
            block += more
        return block

    async def _readable(self, entries: Sequence[LogEntry]) -> ReadingColumns:
        decoded: list[ReadingColumns] = []
        for entry in entries:
            try:
                decoded.append(_readings(entry))
            except FrameError as error:
                log.error("frame %d of the log cannot be read: %s", entry.sequence, error)
                await self._dead_letter(entry, str(error))
                self._skipped += 1
        return _joined(decoded)

    async def _insist(self, call: Callable[[], T]) -> T:
        """What *call* returns, repeated while the history is unavailable."""
        delay_s = self._pace.retry_s
        while True:
            try:
                value = await asyncio.to_thread(call)
            except Unavailable as error:
                if not self._waiting_for:
                    log.warning("the history is unavailable, waiting: %s", error.facts)
                await self._wait_for("history", delay_s)
                delay_s = min(delay_s * 2, _RETRY_MAX_S)
            else:
                self._waiting_for = ""
                return value

    async def _take_place(self) -> None:
        self._stored = self._passed = await self._place()
        await self._seek(self._stored - self._pace.window)

    async def _place(self) -> int:
        """How far the history surely holds this log.

        Both words are needed: a new log has no mark and must be read from its
        beginning whatever the history holds; a history that was lost or brought
        back from a copy knows less than the mark.
        """
        while True:
            try:
                return min(await self._reader.mark(), await self._insist(self._historian.last_sequence))
            except LogUnavailable:
                await self._wait_for("log", self._pace.retry_s)

    async def _seek(self, after: int) -> None:
        while True:
            try:
                await self._reader.seek(max(0, after))
            except LogUnavailable:
                await self._wait_for("log", self._pace.retry_s)
            except LogBehind as error:
                log.warning("another log than before, read from its beginning: %s", error)
                self._stored = self._passed = after = 0
            else:
                self._waiting_for = ""
                return

    async def _wait_for(self, what: str, seconds: float) -> None:
        self._waiting_for = what
        try:
            async with asyncio.timeout(seconds):
                await self._stop.wait()
        except TimeoutError:
            return
        raise _Stopped

    def _note_gap(self, first: int) -> None:
        """Say loudly when the log no longer holds what the history has not stored."""
        missing = first - self._stored - 1
        if self._stored and missing > 0:
            log.error("%d frames after %d were purged before they were stored", missing, self._stored)
            self._missed += missing

    def _count(self, readings: ReadingColumns) -> None:
        self._rows += len(readings)
        self._recent.append((monotonic(), len(readings)))
        self._behind_ms = max(0, to_ms(now()) - int(readings.arrived_ms[-1]))


def _readings(entry: LogEntry) -> ReadingColumns:
    frame = decode(entry.payload)
    return ReadingColumns(
        point=frame.point,
        event_ms=frame.event_ms,
        value=frame.value,
        quality=frame.quality,
        arrived_ms=np.full(len(frame), frame.arrived_ms, np.int64),
        sequence=np.full(len(frame), entry.sequence, np.uint64),
    )


def _joined(blocks: Sequence[ReadingColumns]) -> ReadingColumns:
    def column(name: str, kind: type[Scalar]) -> NDArray[Scalar]:
        return np.concatenate([np.empty(0, kind), *(getattr(block, name) for block in blocks)])

    return ReadingColumns(
        point=column("point", np.int32),
        event_ms=column("event_ms", np.int64),
        value=column("value", np.float64),
        quality=column("quality", np.uint8),
        arrived_ms=column("arrived_ms", np.int64),
        sequence=column("sequence", np.uint64),
    )
