"""The spool: batches on disk until the door has acknowledged them.

SQLite in WAL mode with ``synchronous=FULL``: what `Spool.put` has returned from survives a power cut. A batch keeps
the identity (epoch, sequence) that it got when it was put, so that one which is sent twice is known as a duplicate.
Sequences count on for as long as the file lives; each opening is an epoch of its own, so that a copy of the file
that is put back never makes new batches pass for old ones.

The ledger always balances: spooled = acknowledged + rejected + waiting + set aside + dropped (readings).
"""

import fcntl
import os
import sqlite3
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from anlan.kernel.errors import Conflict, Problem
from anlan.kernel.text import Text

_FILE = "spool.sqlite"
_LAYOUT = 1
_ROW_BYTES = 200
"""What a row costs beside its payload, generously."""
_ASIDE_SHARE = 4
"""What was set aside may take one part in so many of the bytes."""
_TABLES = """
CREATE TABLE batch (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    epoch TEXT NOT NULL,
    spooled_ms INTEGER NOT NULL,
    readings INTEGER NOT NULL,
    payload BLOB NOT NULL
);
CREATE INDEX batch_by_age ON batch (spooled_ms, sequence);
CREATE TABLE aside (
    sequence INTEGER PRIMARY KEY,
    epoch TEXT NOT NULL,
    spooled_ms INTEGER NOT NULL,
    readings INTEGER NOT NULL,
    payload BLOB NOT NULL,
    reason TEXT NOT NULL
);
CREATE TABLE counter (name TEXT PRIMARY KEY, count INTEGER NOT NULL);
"""


class SpoolFull(Exception):
    """Nothing was stored: the spool or its disk is full. The sender must keep its readings."""


class SpoolInUse(Conflict):
    """Another collector has the spool."""

    code = "spool_in_use"
    title = Text("另一个采集程序正在使用该缓存", "Another collector is using this spool")
    next_step = Text("请先停止它，或另选 spool.folder", "Stop it first, or choose another spool.folder")


class SpoolNewer(Problem):
    """The spool was made by a later version."""

    code = "spool_newer"
    title = Text("缓存由更新版本的程序创建", "The spool was made by a newer version of this program")
    next_step = Text("请使用该版本，或另选 spool.folder", "Use that version, or choose another spool.folder")


class WhenFull(StrEnum):
    """What gives way when the spool is full: the oldest batches, or the new ones."""

    DROP_OLDEST = "drop_oldest"
    REFUSE = "refuse"


class Lane(StrEnum):
    """Batches of now, and those that an outage has left."""

    LIVE = "live"
    BACKLOG = "backlog"


@dataclass(frozen=True)
class Bounds:
    """How old (milliseconds) and how many bytes the waiting batches may become. When refusing, nothing ages out."""

    max_age_ms: int = 72 * 3600 * 1000
    max_bytes: int = 2 * 1024**3
    when_full: WhenFull = WhenFull.DROP_OLDEST


@dataclass(frozen=True)
class Batch:
    """One waiting batch."""

    sequence: int
    epoch: str
    spooled_ms: int
    readings: int
    payload: bytes


@dataclass(frozen=True)
class Fill:
    """What a batch to be put holds: its payload, and how many readings that is."""

    payload: bytes
    readings: int


class Spool:
    """The spool in *folder*, which must exist. To be used from one thread at a time."""

    def __init__(self, folder: Path, epoch: str, bounds: Bounds | None = None) -> None:
        self._bounds = bounds or Bounds()
        self.epoch = epoch
        self._lock = _locked(folder)
        self._base = _connect(folder / _FILE)
        self._used = self._sum("batch")
        self._aside = self._sum("aside")

    def close(self) -> None:
        self._base.close()
        os.close(self._lock)

    # -- in ----------------------------------------------------------------------

    def put(self, fills: Sequence[Fill], now_ms: int) -> None:
        """Store *fills* durably, all or none. Raises `SpoolFull` when there is no room and none may be made."""
        packed = [(zlib.compress(one.payload, 1), one.readings) for one in fills]
        wanted = sum(len(payload) + _ROW_BYTES for payload, _ in packed)
        with self._transaction():
            freed = self._make_room(wanted, now_ms)
            self._base.executemany(
                "INSERT INTO batch (epoch, spooled_ms, readings, payload) VALUES (?, ?, ?, ?)",
                [(self.epoch, now_ms, readings, payload) for payload, readings in packed],
            )
            self._count("spooled", sum(readings for _, readings in packed))
        self._used += wanted - freed

    def _make_room(self, wanted: int, now_ms: int) -> int:
        """Drop what is too old, and the oldest as long as *wanted* bytes do not fit; the bytes that this freed."""
        room = self._bounds.max_bytes - self._used - self._aside
        dropping = self._bounds.when_full is WhenFull.DROP_OLDEST
        if wanted > room and (not dropping or wanted > self._bounds.max_bytes - self._aside):
            raise SpoolFull(f"{wanted} bytes wanted, {max(room, 0)} of {self._bounds.max_bytes} left")
        if not dropping:
            return 0
        oldest = self._base.execute(
            "SELECT sequence, spooled_ms, readings, length(payload) FROM batch ORDER BY sequence"
        )
        freed, dropped, last = 0, 0, None
        for sequence, spooled_ms, readings, size in oldest:
            if spooled_ms >= now_ms - self._bounds.max_age_ms and wanted <= room + freed:
                break
            freed, dropped, last = freed + size + _ROW_BYTES, dropped + readings, sequence
        oldest.close()
        if last is not None:
            self._base.execute("DELETE FROM batch WHERE sequence <= ?", [last])
            self._count("dropped", dropped)
        return freed

    # -- out ---------------------------------------------------------------------

    def oldest(self, lane: Lane, live_from_ms: int, beside: int | None = None) -> Batch | None:
        """The first batch of *lane*; live is what was put at *live_from_ms* or later. *beside* is on its way."""
        side = ">=" if lane is Lane.LIVE else "<"
        row = self._base.execute(
            "SELECT sequence, epoch, spooled_ms, readings, payload FROM batch "  # noqa: S608 - a comparison
            f"WHERE spooled_ms {side} ? AND sequence IS NOT ? ORDER BY sequence LIMIT 1",
            [live_from_ms, beside],
        ).fetchone()
        if row is None:
            return None
        sequence, epoch, spooled_ms, readings, payload = row
        return Batch(sequence, epoch, spooled_ms, readings, zlib.decompress(payload))

    def acknowledged(self, batch: Batch, rejected: Mapping[str, int]) -> None:
        """The door has *batch*; it would not take so many of its readings, by the code of the reason."""
        with self._transaction():
            if not self._take_out(batch):
                return  # dropped while it was on its way: counted as that
            refused = min(sum(rejected.values()), batch.readings)
            self._count("acknowledged", batch.readings - refused)
            self._count("rejected", refused)
            for code, count in rejected.items():
                self._count(f"rejected:{code}", count)

    def set_aside(self, batch: Batch, reason: str) -> None:
        """The door will never take *batch*: keep it for a person to look at, out of its neighbours' way."""
        with self._transaction():
            if not self._take_out(batch):
                return
            payload = zlib.compress(batch.payload, 1)
            self._base.execute(
                "INSERT INTO aside VALUES (?, ?, ?, ?, ?, ?)",
                [batch.sequence, batch.epoch, batch.spooled_ms, batch.readings, payload, reason],
            )
            self._aside += len(payload) + _ROW_BYTES
            self._thin_aside()

    def _thin_aside(self) -> None:
        """The oldest of what was set aside goes once it takes more than its share."""
        while self._aside > self._bounds.max_bytes // _ASIDE_SHARE:
            sequence, readings, size = self._base.execute(
                "SELECT sequence, readings, length(payload) FROM aside ORDER BY sequence LIMIT 1"
            ).fetchone()
            self._base.execute("DELETE FROM aside WHERE sequence = ?", [sequence])
            self._aside -= size + _ROW_BYTES
            self._count("dropped", readings)

    def renumber(self, batch: Batch) -> None:
        """Give *batch* a new identity: the door can no longer tell whether it has seen the old one."""
        with self._transaction():
            if self._take_out(batch):
                payload = zlib.compress(batch.payload, 1)
                self._base.execute(
                    "INSERT INTO batch (epoch, spooled_ms, readings, payload) VALUES (?, ?, ?, ?)",
                    [self.epoch, batch.spooled_ms, batch.readings, payload],
                )
                self._used += len(payload) + _ROW_BYTES

    def _take_out(self, batch: Batch) -> bool:
        row = self._base.execute(
            "DELETE FROM batch WHERE sequence = ? RETURNING length(payload)", [batch.sequence]
        ).fetchone()
        if row is None:
            return False
        self._used -= row[0] + _ROW_BYTES
        return True

    # -- what there is -------------------------------------------------------------

    def counts(self) -> dict[str, int]:
        return _counts(self._base)

    def _sum(self, table: str) -> int:
        row = self._base.execute(f"SELECT sum(length(payload) + {_ROW_BYTES}) FROM {table}").fetchone()  # noqa: S608
        return row[0] or 0

    def _count(self, name: str, more: int) -> None:
        if more:
            self._base.execute(
                "INSERT INTO counter VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET count = count + excluded.count",
                [name, more],
            )

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """All or nothing; a full disk is `SpoolFull`, any other trouble of the disk goes up and ends the collector."""
        used, aside = self._used, self._aside
        try:
            self._base.execute("BEGIN IMMEDIATE")
            yield
            self._base.execute("COMMIT")
        except BaseException as error:
            self._used, self._aside = used, aside
            if self._base.in_transaction:
                self._base.execute("ROLLBACK")
            if isinstance(error, sqlite3.Error) and error.sqlite_errorcode == sqlite3.SQLITE_FULL:
                raise SpoolFull("the disk is full") from error
            raise


def counts_in(folder: Path) -> dict[str, int] | None:
    """The counts of the spool in *folder*, whether a collector runs or not; None where there is none."""
    if not (folder / _FILE).exists():
        return None
    base = sqlite3.connect(f"file:{folder / _FILE}?mode=ro", uri=True)
    try:
        return _counts(base)
    finally:
        base.close()


def aside_in(folder: Path, most: int = 20) -> list[tuple[int, int, str]]:
    """The last batches that were set aside: sequence, readings, reason."""
    base = sqlite3.connect(f"file:{folder / _FILE}?mode=ro", uri=True)
    try:
        return base.execute(
            "SELECT sequence, readings, reason FROM aside ORDER BY sequence DESC LIMIT ?", [most]
        ).fetchall()
    finally:
        base.close()


def _counts(base: sqlite3.Connection) -> dict[str, int]:
    counts = dict.fromkeys(("spooled", "acknowledged", "rejected", "dropped"), 0)
    counts |= dict(base.execute("SELECT name, count FROM counter"))
    waiting = base.execute(
        "SELECT count(*), coalesce(sum(readings), 0), coalesce(sum(length(payload)), 0), min(spooled_ms) FROM batch"
    ).fetchone()
    aside = base.execute("SELECT count(*), coalesce(sum(readings), 0) FROM aside").fetchone()
    counts |= dict(zip(("waiting_batches", "waiting", "waiting_bytes"), waiting, strict=False))
    counts |= dict(zip(("aside_batches", "aside"), aside, strict=True))
    if waiting[3] is not None:
        counts["oldest_waiting_ms"] = waiting[3]
    return counts


def _locked(folder: Path) -> int:
    """The lock of the spool, held as long as the file stays open. Raises `SpoolInUse`."""
    lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        raise SpoolInUse from None
    return lock


def _connect(path: Path) -> sqlite3.Connection:
    base = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    base.execute("PRAGMA journal_mode=WAL")
    base.execute("PRAGMA synchronous=FULL")
    (layout,) = base.execute("PRAGMA user_version").fetchone()
    if layout > _LAYOUT:
        base.close()
        raise SpoolNewer
    if layout == 0:
        base.executescript(f"BEGIN IMMEDIATE; {_TABLES} PRAGMA user_version={_LAYOUT}; COMMIT;")
    return base
