"""Identifiers: UUIDv7 made in Python, taken only from the current `Ids`.

PostgreSQL 15–17 have no ``uuidv7()``, and a recorded command must be able to
hand out the same identifiers again when its thread is replayed.
"""

import os
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol
from uuid import UUID


class Ids(Protocol):
    """Where identifiers come from."""

    def new(self) -> UUID: ...


class RandomIds:
    """UUIDv7 (RFC 9562 §5.7), monotonic within the process.

    The 12 bits of ``rand_a`` count within one millisecond, so identifiers made
    one after the other sort in the order of their making.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last_ms = 0
        self._counter = 0

    def new(self) -> UUID:
        with self._lock:
            now_ms = time.time_ns() // 1_000_000
            if now_ms > self._last_ms:
                self._last_ms, self._counter = now_ms, 0
            else:
                self._counter += 1
                if self._counter > 0xFFF:
                    self._last_ms, self._counter = self._last_ms + 1, 0
            return make_uuid7(self._last_ms, self._counter, int.from_bytes(os.urandom(8)))


class ReplayedIds:
    """The identifiers of a recorded command, in the recorded order.

    Raises `LookupError` when the replay asks for more than were recorded: the
    replayed code then differs from the recorded one and must not invent any.
    """

    def __init__(self, recorded: Iterable[UUID]) -> None:
        self._recorded = iter(recorded)

    def new(self) -> UUID:
        try:
            return next(self._recorded)
        except StopIteration:
            raise LookupError("the replayed command asks for more ids than it recorded") from None


class RecordingIds:
    """Passes identifiers on and keeps them, for the record of a command."""

    def __init__(self, source: Ids) -> None:
        self._source = source
        self.issued: list[UUID] = []

    def new(self) -> UUID:
        made = self._source.new()
        self.issued.append(made)
        return made


def make_uuid7(unix_ms: int, rand_a: int, rand_b: int) -> UUID:
    """A UUIDv7 from its three parts: 48 bits of time, 12 and 62 bits of the rest."""
    value = (unix_ms & 0xFFFF_FFFF_FFFF) << 80
    value |= 0x7 << 76 | (rand_a & 0xFFF) << 64
    value |= 0b10 << 62 | rand_b & (1 << 62) - 1
    return UUID(int=value)


_process_ids = RandomIds()
_current: ContextVar[Ids | None] = ContextVar("anlan_ids", default=None)


def current_ids() -> Ids:
    """The `Ids` in force: the process's own unless `use_ids` says otherwise."""
    return _current.get() or _process_ids


def new_id() -> UUID:
    """A new identifier from the current `Ids`."""
    return current_ids().new()


@contextmanager
def use_ids(ids: Ids) -> Iterator[None]:
    """Take identifiers from *ids* inside the block."""
    token = _current.set(ids)
    try:
        yield
    finally:
        _current.reset(token)
