"""What the evaluator knows: rules, their state, and the batches seen, as of one place in the log."""

import logging
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from anlan.ports.rules import ConditionColumns, TransitionColumns
from anlan.ports.telemetry import LogEntry
from anlan.science.signals import (
    NEVER,
    Readings,
    Rules,
    Transitions,
    adapt,
    compile_rules,
    listen_from,
    new_state,
    silence,
    step,
    take_over,
    withdrawn,
)
from anlan.stream.evaluator.latest import Dirty
from anlan.stream.evaluator.snapshots import Snapshot
from anlan.stream.evaluator.waiting import Waiting, age_ms, joined, rows_of
from anlan.stream.frames import Frame, FrameError, decode
from anlan.stream.sequences import SequenceBook, Verdict

log = logging.getLogger(__name__)

NO_POINT = -1
"""The point of a condition that no rule names any more."""


NO_CHANGE = TransitionColumns(
    np.empty(0, np.int32),
    np.empty(0, np.int32),
    np.empty(0, np.bool_),
    np.empty(0, np.int64),
    np.empty(0, np.int64),
    np.empty(0, np.float64),
)


class Memory:
    """Advances by log entries, by silence and by changed rules; knows no clock and does no I/O.

    The same entries give the same transitions however they are cut into calls.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self.sequence = snapshot.sequence
        self.rules = snapshot.rules
        self.state = snapshot.state
        self._book = snapshot.book
        self._waiting = snapshot.waiting
        self.dirty = Dirty()
        self.readings = 0
        self.repeated = 0
        self.unreadable = 0

    @classmethod
    def blank(cls, rules: Rules, after: int) -> "Memory":
        """A memory in which nothing has been read; the log is read from behind *after*."""
        return cls(Snapshot(after, rules, new_state(rules), SequenceBook()))

    def snapshot(self) -> Snapshot:
        """A copy that stays as it is while this memory goes on."""
        book = SequenceBook.load(self._book.dump())
        return Snapshot(self.sequence, self.rules, self.state.copy(), book, self._waiting)

    def take(self, entries: Sequence[LogEntry]) -> TransitionColumns:
        """Advance by *entries*, which follow one another in the log."""
        readings = joined([one for entry in entries for one in self._readings(entry)])
        self.sequence = max(self.sequence, entries[-1].sequence)
        return self._step(readings)

    def release(self, now_ms: int) -> TransitionColumns:
        """What readings that have waited long enough at *now_ms* change, up to the first moment that changes anything.

        For the quiet after the last entry: call it again until nothing changes,
        and save a snapshot each time, since no entry of the log causes it.
        """
        released, rest = self._waiting.release(now_ms)
        for at in np.unique(released.event_ms):
            changed = self._step(rows_of(released, released.event_ms == at))
            if len(changed):
                later = released.event_ms > at
                due_ms = np.concatenate([rest.due_ms, np.full(int(later.sum()), now_ms, np.int64)])
                held = joined([rest.readings, rows_of(released, later)])
                self._waiting = Waiting(held, due_ms, rest.newest_ms)
                return changed
        self._waiting = rest
        return NO_CHANGE

    def listen_from(self, now_ms: int) -> None:
        """Count silence from *now_ms* at the earliest: nobody could be heard before."""
        listen_from(self.state, self.rules, now_ms)

    def silence(self, now_ms: int) -> TransitionColumns:
        """No-data conditions that open at *now_ms* (arrival time)."""
        return _columns(silence(self.state, self.rules, now_ms))

    def change_rules(self, rules: Rules, now_ms: int) -> TransitionColumns:
        """Go on under *rules*; conditions that were active and are no more return to normal."""
        condition, point = withdrawn(self.state, self.rules, rules)
        self.state = adapt(self.state, self.rules, rules)
        self.rules = rules
        return _returned(condition, point, now_ms)

    def catch_up(self) -> TransitionColumns:
        """Judge the newest reading of each point that no rule knew when it came: the door may know a point sooner."""
        known = min(self.rules.points, self.state.points)
        latest_ms, evaluated_ms = self.state.latest_ms[:known], self.state.evaluated_ms[:known]
        points = np.flatnonzero((latest_ms != NEVER) & (evaluated_ms == NEVER))
        if not len(points):
            return NO_CHANGE
        readings = Readings(
            points.astype(np.int32),
            latest_ms[points],
            self.state.latest_arrived_ms[points],
            self.state.latest_value[points],
            self.state.latest_quality[points],
        )
        return _columns(step(self.state, self.rules, readings))

    def reconcile(self, active: NDArray[np.int32], now_ms: int) -> TransitionColumns:
        """Take over which conditions have an open, active alarm.

        Returns the return to normal of alarms whose condition no rule knows.
        A condition whose memory differed starts its delay anew.
        """
        take_over(self.state, self.rules, active)
        orphans = np.setdiff1d(active, self.rules.condition).astype(np.int32)
        return _returned(orphans, np.full(len(orphans), NO_POINT, np.int32), now_ms)

    def _step(self, readings: Readings) -> TransitionColumns:
        changed = step(self.state, self.rules, readings)
        self.dirty.mark(readings.point)
        self.readings += len(readings)
        return _columns(changed)

    def _readings(self, entry: LogEntry) -> list[Readings]:
        """What the entry lets through: its readings without batches taken before, and those that waited for it."""
        try:
            frame = decode(entry.payload)
        except FrameError as error:
            log.error("frame %d of the log cannot be read: %s", entry.sequence, error)
            self.unreadable += 1
            return []
        hold_ms = self._hold_ms(frame)
        fresh = self._fresh_rows(frame)
        arrived_ms = np.full(len(frame), frame.arrived_ms, np.int64)
        readings = Readings(frame.point, frame.event_ms, arrived_ms, frame.value, frame.quality)
        if fresh is not None:
            readings = rows_of(readings, fresh)
        if hold_ms is None and not len(self._waiting):
            return [readings]
        hold_ms = np.zeros(len(frame), np.int64) if hold_ms is None else hold_ms
        hold_ms = hold_ms if fresh is None else hold_ms[fresh]
        self._hear(rows_of(readings, hold_ms > 0))
        passed, self._waiting = self._waiting.take(readings, hold_ms, frame.arrived_ms, self.rules)
        return [passed]

    def _hold_ms(self, frame: Frame) -> NDArray[np.int64] | None:
        """How long each row is held for its gateway's sake; None when none is."""
        held = dict(zip(self.rules.reorder_gateway.tolist(), self.rules.reorder_ms.tolist(), strict=True))
        if not any(mark.gateway in held for mark in frame.batches):
            return None
        return np.repeat(
            [held.get(mark.gateway, 0) for mark in frame.batches], [mark.count for mark in frame.batches]
        ).astype(np.int64)

    def _hear(self, readings: Readings) -> None:
        """A point whose reading waits is not silent, unless it is late."""
        readings = rows_of(readings, age_ms(readings, self.rules) <= self.rules.late_after_ms)
        if len(readings):
            self.state.make_room(int(readings.point.max()) + 1)
            np.maximum.at(self.state.arrived_ms, readings.point, readings.arrived_ms)

    def _fresh_rows(self, frame: Frame) -> NDArray[np.bool_] | None:
        """Which rows belong to batches not seen before; None when all do."""
        repeated = []
        for mark in frame.batches:
            if self._book.verdict(mark.gateway, mark.epoch, mark.sequence) is Verdict.SEEN:
                repeated.append(slice(mark.offset, mark.offset + mark.count))
            self._book.add(mark.gateway, mark.epoch, mark.sequence)
        if not repeated:
            return None
        self.repeated += len(repeated)
        fresh = np.ones(len(frame), np.bool_)
        for rows in repeated:
            fresh[rows] = False
        return fresh


def rules_of(conditions: ConditionColumns) -> Rules:
    """The compiled rules. Raises `ValueError` when they make no sense."""
    return compile_rules(**vars(conditions))


def warm_up() -> None:
    """Compile the step (or load it from its cache), so that the first reading does not wait for it."""
    rules = compile_rules(0, [1], [0], [0], [1.0], [0.0], [0], [0])
    whole, long = np.zeros(1, np.int32), np.zeros(1, np.int64)
    state = new_state(rules)
    step(state, rules, Readings(whole, long, long, np.zeros(1), np.zeros(1, np.uint8)))
    silence(state, rules, 0)


def _columns(changed: Transitions) -> TransitionColumns:
    return TransitionColumns(
        changed.condition, changed.point, changed.raised, changed.event_ms, changed.arrived_ms, changed.value
    )


def _returned(condition: NDArray[np.int32], point: NDArray[np.int32], now_ms: int) -> TransitionColumns:
    count = len(condition)
    moment = np.full(count, now_ms, np.int64)
    return TransitionColumns(
        condition, point, np.zeros(count, np.bool_), moment, moment, np.full(count, np.nan)
    )
