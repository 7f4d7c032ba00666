"""What the evaluator knows: rules, their state, and the batches seen, as of one place in the log."""

import logging
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from anlan.ports.rules import ConditionColumns, TransitionColumns
from anlan.ports.telemetry import LogEntry
from anlan.science.signals import (
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
        return Snapshot(self.sequence, self.rules, self.state.copy(), book)

    def take(self, entries: Sequence[LogEntry]) -> TransitionColumns:
        """Advance by *entries*, which follow one another in the log."""
        columns = [self._readings(entry) for entry in entries]
        readings = _joined([one for one in columns if one is not None])
        changed = step(self.state, self.rules, readings)
        self.sequence = max(self.sequence, entries[-1].sequence)
        self.dirty.mark(readings.point)
        self.readings += len(readings)
        return _columns(changed)

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

    def reconcile(self, active: NDArray[np.int32], now_ms: int) -> TransitionColumns:
        """Take over which conditions have an open, active alarm.

        Returns the return to normal of alarms whose condition no rule knows.
        A condition whose memory differed starts its delay anew.
        """
        take_over(self.state, self.rules, active)
        orphans = np.setdiff1d(active, self.rules.condition).astype(np.int32)
        return _returned(orphans, np.full(len(orphans), NO_POINT, np.int32), now_ms)

    def _readings(self, entry: LogEntry) -> Readings | None:
        """The entry's readings without the batches that were taken before."""
        try:
            frame = decode(entry.payload)
        except FrameError as error:
            log.error("frame %d of the log cannot be read: %s", entry.sequence, error)
            self.unreadable += 1
            return None
        fresh = self._fresh_rows(frame)
        arrived_ms = np.full(len(frame), frame.arrived_ms, np.int64)
        if fresh is None:
            return Readings(frame.point, frame.event_ms, arrived_ms, frame.value, frame.quality)
        return Readings(
            frame.point[fresh],
            frame.event_ms[fresh],
            arrived_ms[fresh],
            frame.value[fresh],
            frame.quality[fresh],
        )

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


def _joined(blocks: Sequence[Readings]) -> Readings:
    if len(blocks) == 1:
        return blocks[0]
    return Readings(
        np.concatenate([np.empty(0, np.int32), *(one.point for one in blocks)]),
        np.concatenate([np.empty(0, np.int64), *(one.event_ms for one in blocks)]),
        np.concatenate([np.empty(0, np.int64), *(one.arrived_ms for one in blocks)]),
        np.concatenate([np.empty(0, np.float64), *(one.value for one in blocks)]),
        np.concatenate([np.empty(0, np.uint8), *(one.quality for one in blocks)]),
    )


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
