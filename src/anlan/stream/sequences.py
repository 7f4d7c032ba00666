"""Which batches have been seen: the identity of a batch is (source, epoch, sequence).

A window keeps the sequences seen as runs of consecutive numbers, so a sender
that counts on costs one run however long it lives. Memory is bounded: when
there are too many runs the lowest is forgotten and the floor rises above it.
Below the floor "seen" and "never seen" can no longer be told apart, so such a
sequence is refused as too old, never silently taken for a duplicate.
"""

from bisect import bisect_right
from collections import OrderedDict
from enum import Enum

import msgspec

MAX_RUNS = 1024
MAX_EPOCHS = 8


class Verdict(Enum):
    """What a window says of a sequence."""

    NEW = "new"
    SEEN = "seen"
    TOO_OLD = "too_old"


class SequenceWindow:
    """The sequences seen in one epoch of one source."""

    def __init__(
        self, floor: int = 0, starts: list[int] | None = None, ends: list[int] | None = None
    ) -> None:
        self.floor = floor
        self._starts = starts or []
        self._ends = ends or []

    def verdict(self, sequence: int) -> Verdict:
        """Whether *sequence* is new, seen, or below the floor."""
        if sequence < self.floor:
            return Verdict.TOO_OLD
        at = bisect_right(self._starts, sequence) - 1
        return Verdict.SEEN if at >= 0 and sequence <= self._ends[at] else Verdict.NEW

    def add(self, sequence: int) -> None:
        """Remember *sequence*; one that is not new changes nothing."""
        if self.verdict(sequence) is not Verdict.NEW:
            return
        at = bisect_right(self._starts, sequence)
        joins_left = at > 0 and self._ends[at - 1] == sequence - 1
        joins_right = at < len(self._starts) and self._starts[at] == sequence + 1
        if joins_left and joins_right:
            self._ends[at - 1] = self._ends.pop(at)
            del self._starts[at]
        elif joins_left:
            self._ends[at - 1] = sequence
        elif joins_right:
            self._starts[at] = sequence
        else:
            self._starts.insert(at, sequence)
            self._ends.insert(at, sequence)
        if len(self._starts) > MAX_RUNS:
            self.floor = self._ends[0] + 1
            del self._starts[0], self._ends[0]

    def dump(self) -> "WindowRecord":
        """The window as a record for a snapshot."""
        return WindowRecord(self.floor, list(self._starts), list(self._ends))


class WindowRecord(msgspec.Struct, frozen=True, array_like=True):
    """A `SequenceWindow` at rest: floor, and runs as their first and last members."""

    floor: int
    starts: list[int]
    ends: list[int]


class SourceRecord(msgspec.Struct, frozen=True, array_like=True):
    """The windows of one source at rest, oldest used epoch first."""

    source: int
    epochs: list[tuple[str, WindowRecord]]


class SequenceBook:
    """The windows of all sources (by gateway number), a bounded number of epochs each.

    An epoch that is pushed out by newer ones is forgotten; a batch of it would
    count as new again. The evaluator's event-time guard and the historian's
    idempotent write make that harmless.
    """

    def __init__(self) -> None:
        self._sources: dict[int, OrderedDict[str, SequenceWindow]] = {}

    def verdict(self, source: int, epoch: str, sequence: int) -> Verdict:
        """Whether the batch is new, seen, or too old to tell."""
        window = self._sources.get(source, _NO_EPOCHS).get(epoch)
        return window.verdict(sequence) if window else Verdict.NEW

    def add(self, source: int, epoch: str, sequence: int) -> None:
        """Remember the batch."""
        epochs = self._sources.setdefault(source, OrderedDict())
        if epoch not in epochs:
            epochs[epoch] = SequenceWindow()
            if len(epochs) > MAX_EPOCHS:
                epochs.popitem(last=False)
        epochs.move_to_end(epoch)
        epochs[epoch].add(sequence)

    def dump(self) -> list[SourceRecord]:
        """All windows as records for a snapshot."""
        return [
            SourceRecord(source, [(epoch, window.dump()) for epoch, window in epochs.items()])
            for source, epochs in self._sources.items()
        ]

    @classmethod
    def load(cls, records: list[SourceRecord]) -> "SequenceBook":
        """The book that was dumped as *records*."""
        book = cls()
        for record in records:
            book._sources[record.source] = OrderedDict(
                (epoch, SequenceWindow(kept.floor, list(kept.starts), list(kept.ends)))
                for epoch, kept in record.epochs
            )
        return book


_NO_EPOCHS: OrderedDict[str, SequenceWindow] = OrderedDict()
