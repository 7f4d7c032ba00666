"""The evaluator of one partition.

It reads the log in order, advances the alarm step and hands transitions to the
sink in one transaction with the sequence that they belong to. A snapshot of its
memory lets it go on where it was; entries between the snapshot and what the sink
has committed are stepped through silently, and what the sink holds as active is
believed over memory. Silence (no-data) is judged only while the log is heard.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from time import monotonic
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from anlan.kernel.clock import now, to_ms
from anlan.ports.bus import Bus
from anlan.ports.rules import RuleSource, TransitionColumns, TransitionSink
from anlan.ports.telemetry import LogBehind, LogEntry, LogReader, LogUnavailable
from anlan.science.signals import (
    Readings,
    Rules,
    State,
    Transitions,
    adapt,
    compile_rules,
    listen_from,
    new_state,
    silence,
    step,
)
from anlan.stream import frames
from anlan.stream.evaluator.latest import SUBJECT, Dirty, live_message
from anlan.stream.evaluator.snapshots import Snapshot, SnapshotFile
from anlan.stream.meters import LatencyMeter, RateMeter
from anlan.stream.sequences import SequenceBook, Verdict

log = logging.getLogger(__name__)

T = TypeVar("T")
InThread = Callable[[Callable[[], Any]], Awaitable[Any]]


@dataclass(frozen=True)
class Pace:
    """How much is read at once, and how often the duties beside reading are done; in seconds."""

    entries: int = 64
    wait_s: float = 0.2
    tick_s: float = 1.0
    store_latest_s: float = 2.0
    snapshot_s: float = 5.0
    retry_s: float = 0.5
    purged_s: float = 2.0


class Evaluator:
    """Runs until told to stop; blocking ports are called through *in_thread*, one call at a time."""

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
        self._partition = partition
        self._reader = reader
        self._source = rules
        self._sink = sink
        self._bus = bus
        self._snapshots = snapshots
        self._in_thread = in_thread
        self._pace = pace or Pace()
        self._rules: Rules = compile_rules(-1, [], [], [], [], [], [], [])
        self._state: State = new_state(self._rules)
        self._book = SequenceBook()
        self._sequence = 0
        self._committed = 0
        self._snapshotted = 0
        self._hearing = False
        self._stop = asyncio.Event()
        self._for_screens = Dirty()
        self._for_table = Dirty()
        self._due = {"tick": 0.0, "latest": 0.0, "snapshot": 0.0}
        self._readings = RateMeter()
        self._transitions = RateMeter()
        self._latency = LatencyMeter()
        self._unreadable = 0
        self._trouble = "starting"

    async def run(self, stop: asyncio.Event) -> None:
        """Evaluate until *stop* is set; outages of log or database are waited out."""
        self._stop = stop
        try:
            await self._start()
            while not stop.is_set():
                await self._turn()
            await self._commit_progress()
            await self._take_snapshot()
        except _Stopped:
            return

    def health(self) -> dict[str, object]:
        """How far evaluation has come, its rates, and what it waits for."""
        return {
            "ok": not self._trouble,
            "sequence": self._sequence,
            "committed": self._committed,
            "pending_frames": self._reader.pending,
            "conditions": len(self._rules),
            "active": int(self._state.active.sum()),
            "readings_per_s": round(self._readings.per_second(), 1),
            "transitions": self._transitions.total,
            "arrival_to_commit_p50_ms": self._latency.quantile(0.5),
            "arrival_to_commit_p99_ms": self._latency.quantile(0.99),
            "unreadable_frames": self._unreadable,
            "trouble": self._trouble,
        }

    # -- start -------------------------------------------------------------------

    async def _start(self) -> None:
        rules = await self._insist("database", self._read_rules)
        self._committed = await self._insist("database", lambda: self._sink.committed(self._partition))
        snapshot = self._snapshots.load()
        if snapshot is not None and snapshot.sequence > self._committed:
            log.warning("the snapshot is ahead of the database, which was brought back: it is left aside")
            snapshot = None
        await self._place(snapshot)
        self._use_rules(rules)
        self._warm_up()
        await self._catch_up()
        await self._reconcile()
        self._trouble = ""

    async def _place(self, snapshot: Snapshot | None) -> None:
        """Take up the snapshot and its place in the log; another log is read from its beginning."""
        while True:
            try:
                known = await self._reader.mark()
                after = snapshot.sequence if snapshot and known else 0
                await self._reader.seek(max(after, 0))
                if self._committed and not known:
                    raise LogBehind("this log has never been read by this evaluator")
                if not known:
                    await self._mark_first()
                break
            except LogUnavailable as error:
                await self._wait(f"log: {error}")
            except LogBehind as error:
                log.error("another log than before, read from its beginning: %s", error)
                await self._insist("database", lambda: self._sink.begin_anew(self._partition))
                self._committed, snapshot = 0, None
                await self._mark_first()
        if snapshot is not None:
            self._rules, self._state, self._book = snapshot.rules, snapshot.state, snapshot.book
            self._sequence = self._snapshotted = snapshot.sequence

    async def _mark_first(self) -> None:
        """Leave a mark in a log read for the first time, so that the next start knows it again."""
        await self._reader.passed(1)

    async def _catch_up(self) -> None:
        """Step silently through what the sink has committed already."""
        heard = monotonic()
        while self._sequence < self._committed and not self._stop.is_set():
            entries = await self._read(min(self._pace.entries, self._committed - self._sequence))
            if entries:
                self._advance(entries)
            if entries or not self._hearing:
                heard = monotonic()
            elif monotonic() - heard > self._pace.purged_s:
                break  # the entries up to the committed one were purged, nothing follows them yet

    async def _reconcile(self) -> None:
        """Believe the sink on what is active; return what no rule watches any more to normal."""
        active = await self._insist("database", lambda: self._sink.active_conditions(self._partition))
        believed = np.isin(self._rules.condition, active)
        differing = int((believed != self._state.active).sum())
        if differing:
            log.info("%d conditions were set as the alarms say", differing)
        self._state.pending_ms[believed != self._state.active] = _NEVER
        self._state.active = believed
        await self._withdraw(np.setdiff1d(active, self._rules.condition).astype(np.int32))
        listen_from(self._state, self._rules, to_ms(now()))

    def _warm_up(self) -> None:
        """Compile the step before the first reading needs it."""
        scratch = compile_rules(0, [1], [0], [1], [1.0], [0.0], [0], [0])
        one = np.zeros(1, np.int64)
        reading = Readings(np.zeros(1, np.int32), one, one, np.zeros(1), np.zeros(1, np.uint8))
        step(new_state(scratch), scratch, reading)

    # -- one turn ------------------------------------------------------------------

    async def _turn(self) -> None:
        entries = await self._read(self._pace.entries)
        if entries:
            await self._apply(self._advance(entries))
        await self._do_what_is_due(idle=not entries)

    async def _read(self, limit: int) -> list[LogEntry]:
        try:
            entries = await self._reader.read(limit, self._pace.wait_s)
        except LogUnavailable as error:
            self._hearing = False
            await self._wait(f"log: {error}")
            return []
        if not self._hearing:
            self._hearing = True
            listen_from(self._state, self._rules, to_ms(now()))
        if self._trouble.startswith("log"):
            self._trouble = ""
        return entries

    def _advance(self, entries: list[LogEntry]) -> Transitions:
        """Step through *entries*, leaving out batches that were seen before."""
        readings = _joined([self._fresh(entry) for entry in entries])
        transitions = step(self._state, self._rules, readings)
        self._for_screens.mark(readings.point)
        self._for_table.mark(readings.point)
        self._readings.add(len(readings))
        self._sequence = entries[-1].sequence
        return transitions

    def _fresh(self, entry: LogEntry) -> Readings:
        """The entry's readings of batches that are new."""
        try:
            frame = frames.decode(entry.payload)
        except frames.FrameError as error:
            log.error("frame %d of the log cannot be read: %s", entry.sequence, error)
            self._unreadable += 1
            return _NOTHING
        keep = np.ones(len(frame), np.bool_)
        for mark in frame.batches:
            if self._book.verdict(mark.gateway, mark.epoch, mark.sequence) is Verdict.SEEN:
                keep[mark.offset : mark.offset + mark.count] = False
            else:
                self._book.add(mark.gateway, mark.epoch, mark.sequence)
        arrived = np.full(len(frame), frame.arrived_ms, np.int64)
        if keep.all():
            return Readings(frame.point, frame.event_ms, arrived, frame.value, frame.quality)
        return Readings(
            frame.point[keep], frame.event_ms[keep], arrived[keep], frame.value[keep], frame.quality[keep]
        )

    async def _apply(self, transitions: Transitions) -> None:
        """Store *transitions* with the sequence reached; without any, progress waits for its turn."""
        if not len(transitions):
            return
        columns, sequence = _columns(transitions), self._sequence
        await self._insist("database", lambda: self._sink.apply(self._partition, sequence, columns))
        self._committed = sequence
        self._count(transitions)

    async def _apply_beside(self, transitions: Transitions) -> None:
        """Store transitions that no log entry caused: silence, and rules taken away."""
        if not len(transitions):
            return
        columns = _columns(transitions)
        await self._insist("database", lambda: self._sink.apply_beside(self._partition, columns))
        self._count(transitions)

    def _count(self, transitions: Transitions) -> None:
        self._transitions.add(len(transitions))
        self._latency.add(max(0.0, float(to_ms(now()) - int(transitions.arrived_ms.min()))))

    # -- duties beside reading --------------------------------------------------------

    async def _do_what_is_due(self, *, idle: bool) -> None:
        moment = monotonic()
        if moment >= self._due["tick"]:
            self._due["tick"] = moment + self._pace.tick_s
            await self._publish_latest()
            await self._follow_rules()
            if idle and self._hearing:
                await self._apply_beside(silence(self._state, self._rules, to_ms(now())))
        if moment >= self._due["latest"]:
            self._due["latest"] = moment + self._pace.store_latest_s
            await self._store_latest()
        if moment >= self._due["snapshot"]:
            self._due["snapshot"] = moment + self._pace.snapshot_s
            await self._commit_progress()
            await self._take_snapshot()

    async def _publish_latest(self) -> None:
        points = self._for_screens.take()
        if len(points):
            await self._bus.publish(SUBJECT, live_message(self._state, points))

    async def _store_latest(self) -> None:
        """Once is enough: values that could not be stored go out with the next ones."""
        points = self._for_table.take()
        if not len(points):
            return
        state = self._state
        columns = (
            points,
            state.latest_ms[points],
            state.latest_arrived_ms[points],
            state.latest_value[points],
            state.latest_quality[points],
        )
        try:
            await self._in_thread(lambda: self._sink.store_latest(*columns))
        except Exception as error:  # noqa: BLE001 - latest values may wait, alarms may not
            log.warning("latest values wait: %s", error)
            self._for_table.mark(points)

    async def _follow_rules(self) -> None:
        """Take up changed rules; what they leave behind returns to normal."""
        try:
            version = await self._in_thread(self._source.version)
            if version == self._rules.version:
                return
            rules = await self._in_thread(self._read_rules)
        except Exception as error:  # noqa: BLE001 - the rules in memory stay in force
            log.warning("the rules cannot be read, the old ones stay in force: %s", error)
            return
        await self._withdraw(self._use_rules(rules))

    async def _commit_progress(self) -> None:
        """Let the sink know how far evaluation has come without any transition."""
        if self._sequence > self._committed:
            sequence = self._sequence
            await self._insist("database", lambda: self._sink.apply(self._partition, sequence, _NO_COLUMNS))
            self._committed = sequence

    async def _take_snapshot(self) -> None:
        if self._sequence <= self._snapshotted:
            return
        snapshot = Snapshot(self._sequence, self._rules, self._state.copy(), self._book)
        try:
            await self._in_thread(lambda: self._snapshots.save(snapshot))
            await self._reader.passed(snapshot.sequence)
        except (OSError, LogUnavailable) as error:
            log.warning("no snapshot now: %s", error)
            return
        self._snapshotted = snapshot.sequence

    # -- rules -------------------------------------------------------------------------

    def _read_rules(self) -> Rules:
        found = self._source.conditions()
        return compile_rules(
            found.version,
            found.condition,
            found.point,
            found.kind,
            found.threshold,
            found.deadband,
            found.on_delay_ms,
            found.off_delay_ms,
        )

    def _use_rules(self, rules: Rules) -> NDArray[np.int32]:
        """Adapt the memory to *rules*; the active conditions that are lost by it."""
        lost = np.setdiff1d(self._rules.condition[self._state.active], rules.condition).astype(np.int32)
        self._state = adapt(self._state, self._rules, rules)
        self._rules = rules
        return lost

    async def _withdraw(self, conditions: NDArray[np.int32]) -> None:
        """Return conditions to normal that are watched no longer, so that their alarms can be closed."""
        if not len(conditions):
            return
        moment = np.full(len(conditions), to_ms(now()), np.int64)
        await self._apply_beside(
            Transitions(
                conditions,
                np.full(len(conditions), -1, np.int32),
                np.zeros(len(conditions), np.bool_),
                moment,
                moment,
                np.full(len(conditions), np.nan),
            )
        )

    # -- waiting -----------------------------------------------------------------------

    async def _insist(self, what: str, call: Callable[[], T]) -> T:
        """What *call* returns, repeated until it succeeds: a transition is never given up."""
        while True:
            try:
                value: T = await self._in_thread(call)
            except Exception as error:  # noqa: BLE001 - whatever it is, going on without would lose alarms
                log.warning("%s: %s: %s", what, type(error).__name__, error)
                await self._wait(f"{what}: {type(error).__name__}")
            else:
                if self._trouble.startswith(what):
                    self._trouble = ""
                return value

    async def _wait(self, trouble: str) -> None:
        self._trouble = trouble
        try:
            async with asyncio.timeout(self._pace.retry_s):
                await self._stop.wait()
        except TimeoutError:
            return
        raise _Stopped


class _Stopped(Exception):
    """Told to stop while waiting."""


_NEVER = np.iinfo(np.int64).min
_EMPTY = np.empty(0, np.int64)
_NOTHING = Readings(np.empty(0, np.int32), _EMPTY, _EMPTY, np.empty(0, np.float64), np.empty(0, np.uint8))
_NO_COLUMNS = TransitionColumns(
    np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0, np.bool_), _EMPTY, _EMPTY, np.empty(0)
)


def _columns(transitions: Transitions) -> TransitionColumns:
    return TransitionColumns(
        transitions.condition,
        transitions.point,
        transitions.raised,
        transitions.event_ms,
        transitions.arrived_ms,
        transitions.value,
    )


def _joined(parts: list[Readings]) -> Readings:
    if len(parts) == 1:
        return parts[0]
    return Readings(
        np.concatenate([part.point for part in parts]),
        np.concatenate([part.event_ms for part in parts]),
        np.concatenate([part.arrived_ms for part in parts]),
        np.concatenate([part.value for part in parts]),
        np.concatenate([part.quality for part in parts]),
    )
