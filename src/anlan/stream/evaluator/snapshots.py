"""Snapshots: the evaluator's whole memory with the log sequence up to which it is true."""

import logging
import os
import zlib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from anlan.science.signals import Readings, Rules, State
from anlan.stream.evaluator.waiting import Waiting, nothing_waits
from anlan.stream.sequences import SequenceBook, SourceRecord

log = logging.getLogger(__name__)

_SCALARS = ("version", "late_after_ms", "ahead_ms")

SCHEMA = 3
"""A snapshot of another schema is left aside: the log's window is stepped again, and open alarms taken over."""


class _Column(msgspec.Struct, frozen=True, array_like=True):
    kind: str
    shape: tuple[int, ...]
    data: bytes


class _Record(msgspec.Struct, frozen=True):
    schema: int
    sequence: int
    scalars: dict[str, int]
    rules: dict[str, _Column]
    state: dict[str, _Column]
    book: list[SourceRecord]
    waiting: dict[str, _Column]
    newest_ms: int


@dataclass(frozen=True)
class Snapshot:
    """State, the rules that its rows follow, batches seen and readings held, after log entry *sequence*."""

    sequence: int
    rules: Rules
    state: State
    book: SequenceBook
    waiting: Waiting = field(default_factory=nothing_waits)


class SnapshotFile:
    """One partition's snapshot on disk: replaced in one step, with a check sum."""

    def __init__(self, folder: Path, partition: int) -> None:
        self._path = folder / f"evaluator-{partition}.snapshot"

    def save(self, snapshot: Snapshot) -> None:
        """Write durably; the one before stays until this one is whole."""
        body = encode(snapshot)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._path.with_suffix(".fresh")
        with fresh.open("wb") as file:
            file.write(zlib.crc32(body).to_bytes(4, "little") + body)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._path)
        folder = os.open(self._path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def load(self) -> Snapshot | None:
        """The last snapshot; None when there is none, or none that can be read."""
        try:
            data = self._path.read_bytes()
        except FileNotFoundError:
            return None
        try:
            if zlib.crc32(data[4:]) != int.from_bytes(data[:4], "little"):
                raise ValueError("the check sum does not fit")
            return decode(data[4:])
        except (ValueError, KeyError, TypeError, msgspec.MsgspecError) as error:
            log.warning("the snapshot cannot be read and is left aside: %s", error)
            return None


def encode(snapshot: Snapshot) -> bytes:
    """The snapshot as bytes."""
    record = _Record(
        SCHEMA,
        snapshot.sequence,
        {name: getattr(snapshot.rules, name) for name in _SCALARS},
        _columns(snapshot.rules),
        {name: _column(column) for name, column in snapshot.state.columns().items()},
        snapshot.book.dump(),
        {**_columns(snapshot.waiting.readings), "due_ms": _column(snapshot.waiting.due_ms)},
        snapshot.waiting.newest_ms,
    )
    return msgspec.msgpack.encode(record)


def decode(body: bytes) -> Snapshot:
    """The snapshot in *body*. Raises `ValueError`, `TypeError`, `KeyError` or msgspec's errors."""
    record = msgspec.msgpack.decode(body, type=_Record)
    if record.schema != SCHEMA:
        raise ValueError(f"schema {record.schema} is not {SCHEMA}")
    fields_of_rules: dict[str, Any] = {**record.scalars, **_arrays(record.rules)}
    rules = Rules(**fields_of_rules)
    held = _arrays(record.waiting)
    waiting = Waiting(due_ms=held.pop("due_ms"), readings=Readings(**held), newest_ms=record.newest_ms)
    book = SequenceBook.load(record.book)
    return Snapshot(record.sequence, rules, State.of_columns(_arrays(record.state)), book, waiting)


def _columns(holder: Any) -> dict[str, _Column]:
    named = {one.name: getattr(holder, one.name) for one in fields(holder)}
    return {name: _column(column) for name, column in named.items() if isinstance(column, np.ndarray)}


def _column(column: np.ndarray[Any, Any]) -> _Column:
    return _Column(column.dtype.str, column.shape, column.tobytes())


def _arrays(columns: dict[str, _Column]) -> dict[str, Any]:
    return {
        name: np.frombuffer(column.data, column.kind).reshape(column.shape).copy()
        for name, column in columns.items()
    }
