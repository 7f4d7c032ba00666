"""The evaluator's process: reads one partition of the log and hands every change to the sink, once.

What makes it exact:

- a block of entries is stepped, then its transitions are stored together with
  the sequence of its last entry, before the next block is read;
- what no entry causes (silence, withdrawn rules) is stored behind the place
  where it happened, and changed rules are followed by a snapshot at once;
- a start goes back to the snapshot, steps what was stored already once more
  without storing it, under the rules of then, and only after that takes over
  today's rules and the alarms that are open.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from anlan.kernel.clock import now, to_ms
from anlan.ports.bus import Bus
from anlan.ports.rules import RuleSource, TransitionColumns, TransitionSink
from anlan.ports.telemetry import LogBehind, LogEntry, LogReader, LogUnavailable
from anlan.science.signals import Rules
from anlan.stream.evaluator.latest import SUBJECT, live_message
from anlan.stream.evaluator.memory import NO_CHANGE, Memory, rules_of, warm_up
from anlan.stream.evaluator.snapshots import SnapshotFile
from anlan.stream.meters import LatencyMeter, RateMeter

log = logging.getLogger(__name__)

InThread = Callable[[Callable[[], Any]], Awaitable[Any]]
"""Runs a blocking call beside the event loop and gives what it returns."""


@dataclass(frozen=True)
class Pace:
    """How often things are done, in seconds; *window* entries are stepped again when no snapshot is left.

    After *deaf_s* seconds without a look at the log silence counts anew; entries that were
    committed and do not come in *purged_s* seconds are gone.
    """

    entries: int = 64
    wait_s: float = 0.2
    rules_s: float = 1.0
    silence_s: float = 1.0
    live_s: float = 1.0
    latest_s: float = 2.0
    snapshot_s: float = 10.0
    deaf_s: float = 5.0
    retry_s: float = 0.25
    retry_max_s: float = 2.0
    window: int = 20_000
    purged_s: float = 2.0


class _Stopped(Exception):
    """The stop was asked for while something was being waited for."""


class Evaluator:
    """One partition's evaluator. *in_thread* must give each call a database connection that works."""

    def __init__(
        self,
        partition: int,
        reader: LogReader,
        rules: RuleSource,
        sink: TransitionSink,
        bus: Bus,
        snapshots: SnapshotFile,
        in_thread: InThread,
        pace: Pace | None = None,
    ) -> None:
        self._reader, self._rules, self._sink, self._bus = reader, rules, sink, bus
        self._snapshots, self._in_thread = snapshots, in_thread
        self._partition = partition
        self._pace = pace or Pace()
        self._stop = asyncio.Event()
        self._memory: Memory | None = None
        self._committed = 0
        self._marked = 0
        self._due: dict[str, float] = {}
        self._heard_at = time.monotonic()
        self._unstored: NDArray[np.int32] = np.empty(0, np.int32)
        self._storing: asyncio.Task[None] | None = None
        self._troubles: dict[str, str] = {}
        self._rate, self._delay = RateMeter(), LatencyMeter()
        self._transitions = 0
        self._behind_ms = 0

    async def run(self, stop: asyncio.Event) -> None:
        """Evaluate until *stop* is set; outages of the log and the database are waited out."""
        self._stop = stop
        try:
            warm_up()
            await self._live()
        except _Stopped:
            pass
        finally:
            if self._storing is not None:
                await asyncio.wait({self._storing})
            with suppress(_Stopped):
                if self._memory is not None:
                    await self._save(self._memory)

    def health(self) -> dict[str, object]:
        """Place, rates over ten seconds, the delay from door to stored alarm, and what is in trouble."""
        memory = self._memory
        return {
            "ok": memory is not None and not self._troubles,
            "sequence": memory.sequence if memory else None,
            "committed": self._committed,
            "snapshot_sequence": self._marked,
            "pending_frames": self._reader.pending,
            "behind_s": round(self._behind_ms / 1000, 1),
            "readings_per_s": round(self._rate.per_second(), 1),
            "readings": memory.readings if memory else 0,
            "transitions": self._transitions,
            "alarm_p50_ms": self._delay.quantile(0.5),
            "alarm_p99_ms": self._delay.quantile(0.99),
            "rules": len(memory.rules) if memory else 0,
            "rules_version": memory.rules.version if memory else None,
            "active": int(memory.state.active.sum()) if memory else 0,
            "repeated_batches": memory.repeated if memory else 0,
            "unreadable_frames": memory.unreadable if memory else 0,
            "trouble": "; ".join(f"{what}: {why}" for what, why in self._troubles.items()),
        }

    async def _live(self) -> None:
        """Start, and turn until told to stop; start again when another log takes the place of the one read."""
        while True:
            try:
                await self._start()
                while not self._stop.is_set():
                    await self._turn()
            except LogBehind as error:
                log.error("another log took the place of the one read: %s", error)
                self._memory = None  # nothing of it may be saved
            else:
                return

    # -- start ---------------------------------------------------------------

    async def _start(self) -> None:
        """Be where the last run ended, whatever became of it."""
        committed: int = await self._insist("database", lambda: self._sink.committed(self._partition))
        rules: Rules = await self._insist("database", lambda: rules_of(self._rules.conditions()))
        snapshot = self._snapshots.load()
        if snapshot is not None and snapshot.sequence > committed:
            log.warning("the snapshot is ahead of the database, which was brought back: it is left aside")
            snapshot = None
        memory = Memory(snapshot) if snapshot else Memory.blank(rules, max(0, committed - self._pace.window))
        if not await self._seek_known(memory.sequence, committed):
            # forgotten before the new log is marked: a stop in between finds no mark and comes here again
            await self._insist("database", lambda: self._sink.begin_anew(self._partition))
            await self._mark_first()
            memory, committed = Memory.blank(rules, 0), 0
        await self._step_again(memory, committed)
        memory.sequence = max(memory.sequence, committed)
        self._committed = committed
        now_ms = to_ms(now())
        gone = memory.change_rules(rules, now_ms)
        active = await self._insist("database", lambda: self._sink.active_conditions(self._partition))
        await self._settle(memory, gone)
        await self._settle(memory, memory.reconcile(active, now_ms))
        memory.listen_from(now_ms)
        self._heard_at = time.monotonic()
        await self._save(memory)
        self._memory = memory

    async def _seek_known(self, after: int, committed: int) -> bool:
        """Go to the place; false, and at the beginning, when this is not the log that was read before."""
        known: int | None = None
        while True:
            try:
                known = await self._reader.mark()
                if committed and not known:
                    raise LogBehind("no mark of this evaluator is in it")
                await self._reader.seek(after)
                if not known:
                    await self._reader.passed(1)  # so that the next start knows it again
            except LogUnavailable as error:
                await self._wait("log", error, self._pace.retry_s)
            except LogBehind as error:
                log.error("another log than before, read from its beginning: %s", error)
                await self._seek(0)
                return False
            else:
                self._troubles.pop("log", None)
                return True

    async def _seek(self, after: int) -> None:
        while True:
            try:
                await self._reader.seek(after)
            except LogUnavailable as error:
                await self._wait("log", error, self._pace.retry_s)
            else:
                self._troubles.pop("log", None)
                return

    async def _mark_first(self) -> None:
        while True:
            try:
                await self._reader.passed(1)
            except LogUnavailable as error:
                await self._wait("log", error, self._pace.retry_s)
            else:
                return

    async def _step_again(self, memory: Memory, committed: int) -> None:
        """Step the entries up to *committed* for the state's sake: their transitions are stored."""
        heard_at = time.monotonic()
        while memory.sequence < committed:
            entries = await self._read()
            again = [entry for entry in entries if entry.sequence <= committed]
            if again:
                memory.take(again)
            if len(again) < len(entries):
                await self._seek(max(memory.sequence, committed))
                return
            if entries or "log" in self._troubles:
                heard_at = time.monotonic()
            elif time.monotonic() - heard_at > self._pace.purged_s:
                return  # what was committed is purged, and nothing follows it yet

    # -- the turn --------------------------------------------------------------

    async def _turn(self) -> None:
        entries = await self._read()
        memory = self._require()
        if entries:
            await self._advance(memory, entries)
        if self._is_due("rules", self._pace.rules_s):
            await self._look_at_rules(memory)
        if self._is_due("silence", self._pace.silence_s):
            await self._look_for_silence(memory)
        if self._is_due("live", self._pace.live_s):
            await self._publish_latest(memory)
        if self._is_due("latest", self._pace.latest_s):
            self._store_latest(memory)
        if memory.sequence > self._marked and self._is_due("snapshot", self._pace.snapshot_s):
            await self._save(memory)

    async def _read(self) -> list[LogEntry]:
        if self._stop.is_set():
            raise _Stopped
        try:
            entries = await self._reader.read(self._pace.entries, self._pace.wait_s)
        except LogUnavailable as error:
            await self._wait("log", error, self._pace.retry_s)
            return []
        self._troubles.pop("log", None)
        return list(entries)

    async def _advance(self, memory: Memory, entries: list[LogEntry]) -> None:
        before = memory.readings
        changed = memory.take(entries)
        self._rate.add(memory.readings - before)
        self._behind_ms = max(0, to_ms(now()) - _newest(memory))
        if not len(changed):
            return
        place = memory.sequence
        await self._insist("database", lambda: self._sink.apply(self._partition, place, changed))
        self._committed = place
        self._transitions += len(changed)
        stored_ms = to_ms(now())
        for arrived_ms in np.unique(changed.arrived_ms).tolist():
            self._delay.add(stored_ms - arrived_ms)

    async def _look_at_rules(self, memory: Memory) -> None:
        try:
            version = await self._in_thread(self._rules.version)
            changed = version != memory.rules.version
            rules = await self._in_thread(lambda: rules_of(self._rules.conditions())) if changed else None
        except Exception as error:  # noqa: BLE001 - whatever the trouble, the rules in force stay in force
            self._note("rules", error)
            return
        self._troubles.pop("rules", None)
        if rules is not None:
            await self._commit_place(memory)
            await self._settle(memory, memory.change_rules(rules, to_ms(now())))
            await self._settle(memory, memory.catch_up())
            await self._save(memory)

    async def _look_for_silence(self, memory: Memory) -> None:
        """Only who has read everything may say that nothing came."""
        if "log" in self._troubles or self._reader.pending:
            return
        now_ms, heard_at = to_ms(now()), time.monotonic()
        if heard_at - self._heard_at > self._pace.deaf_s:
            memory.listen_from(now_ms)
        self._heard_at = heard_at
        while len(released := memory.release(now_ms)):
            await self._settle(memory, released)
            await self._save(
                memory
            )  # no entry causes these changes: only the snapshot knows that they are told
        await self._settle(memory, memory.silence(now_ms))

    async def _settle(self, memory: Memory, changed: TransitionColumns) -> None:
        """Store what no entry caused, behind the place where it happened."""
        if not len(changed):
            return
        await self._commit_place(memory)
        await self._insist("database", lambda: self._sink.apply_beside(self._partition, changed))
        self._transitions += len(changed)

    async def _commit_place(self, memory: Memory) -> None:
        """Let the sink know the place, which entries without transitions have moved on."""
        place = memory.sequence
        if place > self._committed:
            await self._insist("database", lambda: self._sink.apply(self._partition, place, NO_CHANGE))
            self._committed = place

    # -- latest values -----------------------------------------------------------

    async def _publish_latest(self, memory: Memory) -> None:
        points = memory.dirty.take()
        if not len(points):
            return
        self._unstored = np.union1d(self._unstored, points).astype(np.int32)
        await self._bus.publish(SUBJECT, live_message(memory.state, points))

    def _store_latest(self, memory: Memory) -> None:
        """Hand the latest values to the table beside the loop, one hand-over at a time."""
        if not len(self._unstored) or (self._storing is not None and not self._storing.done()):
            return
        points, self._unstored = self._unstored, np.empty(0, np.int32)
        state = memory.state
        columns = (
            state.latest_ms[points],
            state.latest_arrived_ms[points],
            state.latest_value[points],
            state.latest_quality[points],
        )

        async def store() -> None:
            try:
                await self._in_thread(lambda: self._sink.store_latest(points, *columns))
                self._troubles.pop("latest", None)
            except Exception as error:  # noqa: BLE001 - they are stored with the next ones
                self._note("latest", error)
                self._unstored = np.union1d(self._unstored, points).astype(np.int32)

        self._storing = asyncio.create_task(store())

    # -- what they share -----------------------------------------------------------

    async def _save(self, memory: Memory) -> None:
        """Write the snapshot, never ahead of the database; the log may then be purged up to it."""
        await self._commit_place(memory)
        snapshot = memory.snapshot()
        try:
            await asyncio.to_thread(self._snapshots.save, snapshot)
            if snapshot.sequence:
                await self._reader.passed(snapshot.sequence)
            self._marked = (
                snapshot.sequence
            )  # only now: a full log waits for the mark, and nothing else comes
            self._troubles.pop("snapshot", None)
        except (OSError, LogUnavailable) as error:
            self._note("snapshot", error)

    async def _insist(self, what: str, call: Callable[[], Any]) -> Any:
        """What *call* returns; repeated, with nothing else done meanwhile, until it succeeds."""
        delay_s = self._pace.retry_s
        while True:
            try:
                value = await self._in_thread(call)
            except Exception as error:  # noqa: BLE001 - an alarm is never given up, whatever is in its way
                await self._wait(what, error, delay_s)
                delay_s = min(2 * delay_s, self._pace.retry_max_s)
            else:
                self._troubles.pop(what, None)
                return value

    async def _wait(self, what: str, error: Exception, seconds: float) -> None:
        self._note(what, error)
        try:
            async with asyncio.timeout(seconds):
                await self._stop.wait()
        except TimeoutError:
            return
        raise _Stopped

    def _note(self, what: str, error: Exception) -> None:
        if what not in self._troubles:
            log.warning("%s: %s: %s", what, type(error).__name__, error)
        self._troubles[what] = type(error).__name__

    def _is_due(self, what: str, every_s: float) -> bool:
        at = time.monotonic()
        if at < self._due.get(what, 0.0):
            return False
        self._due[what] = at + every_s
        return True

    def _require(self) -> Memory:
        if self._memory is None:
            raise RuntimeError("a turn before the start")
        return self._memory


def _newest(memory: Memory) -> int:
    """The newest arrival known, in UTC milliseconds; now when there is none."""
    heard = memory.state.arrived_ms
    return int(heard.max()) if len(heard) and heard.max() > 0 else to_ms(now())
