"""What the evaluator's tests stand on: a log and a desk in memory, and a way to die at any step."""

import asyncio
import math
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
from tests.science.signals.columns import condition_columns

from anlan.kernel.clock import from_ms
from anlan.kernel.levels import Condition
from anlan.kernel.quality import Quality
from anlan.ports.rules import ConditionColumns, TransitionColumns
from anlan.ports.telemetry import LogBehind, LogEntry, LogUnavailable
from anlan.science.signals.reference import Bench, Change, Limit, Reading
from anlan.stream.evaluator import Evaluator, SnapshotFile
from anlan.stream.evaluator.evaluator import Pace
from anlan.stream.evaluator.snapshots import Snapshot
from anlan.stream.frames import BatchMark, Frame, encode

NOON_MS = 1_790_000_000_000
BRISK = Pace(
    entries=3,
    wait_s=0.001,
    rules_s=0.0,
    silence_s=0.0,
    live_s=0.0,
    latest_s=0.0,
    snapshot_s=0.0,
    deaf_s=1e9,
    retry_s=0.001,
    retry_max_s=0.002,
    purged_s=0.05,
)


class Crash(BaseException):
    """The process dies here."""


class TestClock:
    """A clock that the test sets."""

    __test__ = False

    def __init__(self) -> None:
        self.ms = NOON_MS

    def now(self) -> datetime:
        return from_ms(self.ms).astimezone(UTC)


def frame_of(sequence: int, readings: Sequence[Reading], *, epoch: str = "e", arrived_ms: int = 0) -> bytes:
    """A frame of one batch, which arrives with its last reading unless told otherwise."""
    return encode(
        Frame(
            arrived_ms=arrived_ms or max(reading.event_ms for reading in readings),
            batches=(BatchMark(1, epoch, sequence, 0, len(readings)),),
            point=np.array([reading.point for reading in readings], np.int32),
            event_ms=np.array([reading.event_ms for reading in readings], np.int64),
            value=np.array([reading.value for reading in readings], np.float64),
            quality=np.array([int(reading.quality) for reading in readings], np.uint8),
        )
    )


def at(second: float, value: float, point: int = 0, quality: Quality = Quality.GOOD) -> Reading:
    """A reading *second* seconds after noon."""
    return Reading(point, NOON_MS + round(second * 1000), value, quality)


def changes_of(limits: list[Limit], readings: Sequence[Reading]) -> list[Change]:
    """What the reference step finds when every reading arrives as it happens."""
    bench = Bench(limits)
    readings = [replace(reading, arrived_ms=reading.event_ms) for reading in readings]
    return [change for reading in readings for change in bench.read(reading)]


class MemoryLog:
    """Entries counted from 1, read by one reader: `LogReader`. *outages* are served first."""

    def __init__(self, payloads: Sequence[bytes] = ()) -> None:
        self.payloads = list(payloads)
        self.first, self.place, self.marked, self.outages = 1, 0, 0, 0

    @property
    def pending(self) -> int:
        return len(self.payloads) - max(self.place, self.first - 1)

    def append(self, payload: bytes) -> None:
        self.payloads.append(payload)

    def _reach(self) -> None:
        if self.outages:
            self.outages -= 1
            raise LogUnavailable

    async def mark(self) -> int:
        self._reach()
        return self.marked

    async def seek(self, after: int) -> None:
        self._reach()
        if after > len(self.payloads):
            raise LogBehind(f"ends at {len(self.payloads)}")
        self.place = after

    async def read(self, limit: int, wait_s: float) -> list[LogEntry]:
        await asyncio.sleep(0)
        self._reach()
        begin = max(self.place + 1, self.first)
        numbers = range(begin, min(begin + limit, len(self.payloads) + 1))
        if not numbers:
            await asyncio.sleep(0.001)
            return []
        self.place = numbers[-1]
        return [LogEntry(number, self.payloads[number - 1]) for number in numbers]

    async def passed(self, sequence: int) -> None:
        self._reach()
        self.marked = max(self.marked, sequence)


class Rules:
    """The limits in force: `RuleSource`."""

    def __init__(self, limits: list[Limit]) -> None:
        self.limits, self.asked = limits, 1

    def change(self, limits: list[Limit]) -> None:
        self.limits, self.asked = limits, self.asked + 1

    def version(self) -> int:
        return self.asked

    def conditions(self) -> ConditionColumns:
        return ConditionColumns(version=self.asked, **condition_columns(self.limits))


class Desk:
    """Keeps what it is given and whether anything was said twice: `TransitionSink`.

    *fails* many calls fail before they do anything, *forgets* many do their
    work and then fail, as when the answer of a commit is lost.
    """

    def __init__(self) -> None:
        self.sequence, self.active, self.fails, self.forgets = 0, set[int](), 0, 0
        self.changes: list[Change] = []
        self.said_twice: list[Change] = []
        self.latest: dict[int, float] = {}

    def committed(self, partition: int) -> int:
        self._answer()
        return self.sequence

    def active_conditions(self, partition: int) -> np.ndarray:
        self._answer()
        return np.array(sorted(self.active), np.int32)

    def apply(self, partition: int, sequence: int, transitions: TransitionColumns) -> None:
        self._answer()
        if sequence > self.sequence:
            self.sequence = sequence
            self._keep(transitions, self.said_twice)
        self._lose_the_answer()

    def apply_beside(self, partition: int, transitions: TransitionColumns) -> None:
        self._answer()
        self._keep(transitions, [])
        self._lose_the_answer()

    def begin_anew(self, partition: int) -> None:
        self._answer()
        self.sequence = 0

    def store_latest(self, point, event_ms, arrived_ms, value, quality) -> None:
        self._answer()
        self.latest.update(zip(point.tolist(), value.tolist(), strict=True))

    def _keep(self, transitions: TransitionColumns, twice: list[Change]) -> None:
        columns = (transitions.condition, transitions.raised, transitions.event_ms, transitions.value)
        for one in zip(*(column.tolist() for column in columns), strict=True):
            change = Change(*one)
            if change.raised == (change.number in self.active):
                twice.append(change)
                continue
            self.active ^= {change.number}
            self.changes.append(change)

    def _answer(self) -> None:
        if self.fails:
            self.fails -= 1
            raise ConnectionError("the database is away")

    def _lose_the_answer(self) -> None:
        if self.forgets:
            self.forgets -= 1
            raise ConnectionError("the connection was lost before the answer")


class Lifeline:
    """Counts the steps at which a process can die and ends it at step *ends_at*; 0 is never."""

    def __init__(self, ends_at: int = 0) -> None:
        self.steps, self._ends_at, self.dead = 0, ends_at, False

    def step(self) -> None:
        self.steps += 1
        if self.dead or self.steps == self._ends_at:
            self.dead = True
            raise Crash

    async def in_thread(self, call):
        """A call of the database: the process may die before it or after it."""
        self.step()
        value = call()
        self.step()
        return value


class Snapshots(SnapshotFile):
    """Snapshots of a process that may die before or after each is written."""

    def __init__(self, folder, lifeline: Lifeline) -> None:
        super().__init__(folder, 0)
        self._lifeline = lifeline

    def save(self, snapshot: Snapshot) -> None:
        self._lifeline.step()
        super().save(snapshot)
        self._lifeline.step()


class Nobody:
    """A bus without listeners: `Bus`."""

    def __init__(self) -> None:
        self.said: list[bytes] = []

    async def publish(self, subject: str, payload: bytes) -> None:
        self.said.append(payload)


class Plant:
    """One partition with its log, rules, desk and snapshots; an evaluator lives and dies on it."""

    def __init__(self, folder, limits: list[Limit], payloads: Sequence[bytes] = ()) -> None:
        self.folder, self.rules, self.desk = folder, Rules(limits), Desk()
        self.log, self.bus = MemoryLog(payloads), Nobody()
        self.living: Evaluator | None = None

    def evaluator(self, lifeline: Lifeline | None = None, pace: Pace = BRISK) -> Evaluator:
        lifeline = lifeline or Lifeline()
        return Evaluator(
            0,
            self.log,
            self.rules,
            self.desk,
            self.bus,
            Snapshots(self.folder, lifeline),
            lifeline.in_thread,
            pace,
        )

    async def run(self, lifeline: Lifeline | None = None, pace: Pace = BRISK, until=None) -> Evaluator:
        """Live until the whole log is read and passed, or *until* says so, or the lifeline ends."""
        # of a process that died nobody asks what became of its tasks
        asyncio.get_running_loop().set_exception_handler(lambda loop, context: None)
        evaluator, stop = self.evaluator(lifeline, pace), asyncio.Event()
        done = until or (lambda: int(evaluator.health()["snapshot_sequence"]) >= len(self.log.payloads))
        running = asyncio.create_task(evaluator.run(stop))
        try:
            async with asyncio.timeout(30):
                while not done() and not running.done():
                    await asyncio.sleep(0.0005)
        finally:
            stop.set()
            with suppress(Crash):
                await running
        return evaluator


def high(number: int = 1, point: int = 0, threshold: float = 80.0, **more) -> Limit:
    return Limit(number, point, Condition.HIGH, threshold, **more)


def no_data(number: int, point: int = 0, allowed_ms: int = 60_000) -> Limit:
    return Limit(number, point, Condition.NO_DATA, math.nan, on_delay_ms=allowed_ms)


SWING_LIMITS = [
    high(1),
    Limit(2, 0, Condition.HIGH_HIGH, 90.0, deadband=5.0),
    Limit(3, 1, Condition.LOW, 10.0, on_delay_ms=2000),
    high(4, 1, 80.0, off_delay_ms=3000),
]


def swings(count):
    """Batches of two points that swing through their limits, and all their readings."""
    batches = [
        [
            at(second, 50 + 45 * math.sin(second / 2)),
            at(second, 50 - 45 * math.sin(second / 3), point=1),
            at(second, 99.0, point=0, quality=Quality.BAD),
        ]
        for second in range(count)
    ]
    return batches, [reading for batch in batches for reading in batch]


def payloads_of(batches):
    return [frame_of(sequence, batch) for sequence, batch in enumerate(batches, start=1)]


async def until(condition):
    async with asyncio.timeout(20):
        while not condition():
            await asyncio.sleep(0.001)


async def settle(turns=20):
    """Let an evaluator that runs look around a few times."""
    for _ in range(turns):
        await asyncio.sleep(0.002)


async def running(plant, lifeline=None):
    """An evaluator that has started, or died at it; call what is returned to end it."""
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: None)
    stop, evaluator = asyncio.Event(), plant.evaluator(lifeline)
    plant.living = evaluator
    task = asyncio.create_task(evaluator.run(stop))
    await until(lambda: evaluator.health()["sequence"] is not None or task.done())

    async def end():
        stop.set()
        with suppress(Crash):
            await task

    return end
