"""The `Historian` port over ClickHouse's HTTP protocol."""

import logging
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import clickhouse_connect
import numpy as np
from clickhouse_connect.driver.common import write_leb128
from clickhouse_connect.driver.exceptions import ClickHouseError
from numpy.typing import NDArray
from urllib3.exceptions import HTTPError

from anlan.adapters.clickhouse.export import count_readings, parquet_pieces
from anlan.adapters.clickhouse.presence import read_gaps, read_presence
from anlan.adapters.clickhouse.rollups import BLOCK_LOG, marks, move_marks, roll_up
from anlan.adapters.clickhouse.schema import (
    READINGS,
    ROLLUPS,
    Layout,
    expiry,
    insert_settings,
    statements,
    upgrades,
)
from anlan.adapters.clickhouse.series import read_comparison, read_series
from anlan.kernel.errors import Unavailable
from anlan.kernel.text import Text
from anlan.ports.history import (
    Gaps,
    Presence,
    ReadingColumns,
    Resolution,
    Retention,
    Sampling,
    Series,
    Size,
)

log = logging.getLogger(__name__)

_LOG_NAME = "tele"
_CONNECT_S = 5
_ANSWER_S = 120


class HistoryUnavailable(Unavailable):
    """The history does not answer or cannot take more now; facts carry ClickHouse's code."""

    code = "history_unavailable"
    title = Text("历史数据服务暂不可用", "The history is not available right now")


@dataclass(frozen=True)
class _Address:
    options: dict[str, Any]
    layout: Layout

    @classmethod
    def parse(cls, url: str) -> "_Address":
        parts = urlsplit(url)
        database = parts.path.strip("/")
        if parts.scheme not in ("http", "https") or not parts.hostname or not database:
            raise ValueError(
                "CLICKHOUSE_URL has the form http://user:password@host:port/database?cluster=name"
            )
        query = parse_qs(parts.query)
        options = {
            "interface": parts.scheme,
            "host": parts.hostname,
            "port": parts.port or (8443 if parts.scheme == "https" else 8123),
            "username": unquote(parts.username or ""),
            "password": unquote(parts.password or ""),
            "compress": query.get("compress", [False])[0],
        }
        return cls(options, Layout(database, query.get("cluster", [None])[0]))


class ClickHouseHistorian:
    """History at *url*: ``http://user:password@host:port/database``.

    ``?cluster=NAME`` lays the tables out for a cluster, ``?compress=lz4`` packs
    what travels. Connects on first use; one instance serves many threads, but one
    alone appends. Every failure of the server is raised as `HistoryUnavailable`.
    *retention* is put in force by `prepare`; without one it is left as it is.
    """

    def __init__(self, url: str, retention: Retention | None = None) -> None:
        address = _Address.parse(url)
        self._options, self._layout = address.options, address.layout
        self._insert_settings = insert_settings(self._layout)
        self._retention = retention
        self._block: int | None = None
        self._client: Any = None
        self._connecting = threading.Lock()

    def prepare(self) -> None:
        """Create what is missing; safe to repeat."""
        with self._server() as client:
            for statement in (*statements(self._layout), *upgrades(self._layout)):
                client.command(statement)
            if self._retention:
                _keep(client, self._layout, self._retention)

    def append(self, readings: ReadingColumns) -> None:
        """Store durably; the same (point, event time) again replaces, never doubles.

        The mark that `last_sequence` reads is written after the readings: a stop in
        between repeats readings, it never skips any.
        """
        if not len(readings):
            return
        with self._server() as client:
            block = (self._block or marks(client).get(BLOCK_LOG, 0)) + 1
            columns = _columns(readings, block)
            names = [name for name, _, _ in columns]
            client.raw_insert(READINGS, names, _native(columns), self._insert_settings, "Native")
            places = {_LOG_NAME: int(readings.sequence.max()), BLOCK_LOG: block}
            move_marks(client, places, self._insert_settings)
            self._block = block

    def series(self, point: int, start_ms: int, end_ms: int, max_points: int) -> Series:
        """One point's history in [start, end), at most *max_points* drawn values."""
        if end_ms <= start_ms or max_points < 4:
            raise ValueError("a series needs a time after its start and room for at least 4 values")
        with self._server() as client:
            return read_series(client, point, start_ms, end_ms, max_points)

    def compare(self, points: Sequence[int], start_ms: int, end_ms: int, max_points: int) -> list[Series]:
        """The histories of *points* in the same buckets; ``time_ms`` is where a bucket begins."""
        if end_ms <= start_ms or max_points < 4 or not points:
            raise ValueError(
                "a comparison needs points, a time after its start and room for at least 4 values"
            )
        with self._server() as client:
            return read_comparison(client, points, start_ms, end_ms, max_points)

    def roll_up(self, resolution: Resolution) -> bool:
        """Bring one roll-up on by a bounded step; True when there is more to do."""
        with self._server() as client:
            return roll_up(client, resolution, self._insert_settings)

    def sizes(self) -> list[Size]:
        """What the history takes on disk, by table."""
        tables = [READINGS, *ROLLUPS.values()]
        stored = {self._layout.stored(table): table for table in tables}
        statement = (
            f"SELECT table, sum(rows), sum(bytes_on_disk) FROM {self._layout.parts} "  # noqa: S608
            "WHERE active AND database = {database:String} AND table IN {tables:Array(String)} GROUP BY table"
        )
        with self._server() as client:
            bound = {"database": self._layout.database, "tables": list(stored)}
            found = {table: (rows, size) for table, rows, size in client.query(statement, bound).result_rows}
        return [Size(table, *found.get(name, (0, 0))) for name, table in stored.items()]

    def count(self, points: Sequence[int], start_ms: int, end_ms: int) -> int:
        """How many readings of *points* there are in [start, end)."""
        with self._server() as client:
            return count_readings(client, points, start_ms, end_ms)

    def parquet(self, labels: Mapping[int, tuple[str, str]], start_ms: int, end_ms: int) -> Iterator[bytes]:
        """The readings of points in [start, end) as the pieces of one Parquet file, by point and time.

        The first piece is there when this returns, so that what cannot be had is refused in words.
        """
        with self._server() as client:
            pieces = parquet_pieces(client, labels, start_ms, end_ms)
            first = next(pieces, b"")
        return chain([first], pieces)

    def presence(self, sampling: Sampling, start_ms: int, end_ms: int) -> Presence:
        """How much of [start, end) came, by event time."""
        _check(sampling, start_ms, end_ms)
        with self._server() as client:
            return read_presence(client, sampling, start_ms, end_ms)

    def gaps(self, sampling: Sampling, start_ms: int, end_ms: int, factor: float, limit: int) -> Gaps:
        """The silences in [start, end) longer than *factor* intervals, the first *limit* of them."""
        _check(sampling, start_ms, end_ms)
        with self._server() as client:
            return read_gaps(client, sampling, start_ms, end_ms, factor, limit)

    def last_sequence(self) -> int:
        """The highest log sequence stored, 0 when empty."""
        with self._server() as client:
            return marks(client).get(_LOG_NAME, 0)

    @contextmanager
    def _server(self) -> Iterator[Any]:
        try:
            yield self._connected()
        except (ClickHouseError, HTTPError) as error:
            log.debug("the history failed", exc_info=True)
            raise HistoryUnavailable(facts={"code": getattr(error, "code", None)}) from error

    def _connected(self) -> Any:
        with self._connecting:
            if self._client is None:
                self._client = clickhouse_connect.get_client(
                    **self._options,
                    database=self._layout.database,
                    # Without a session, requests of several threads run side by side.
                    autogenerate_session_id=False,
                    connect_timeout=_CONNECT_S,
                    send_receive_timeout=_ANSWER_S,
                )
            return self._client


def _keep(client: Any, layout: Layout, retention: Retention) -> None:
    """Put *retention* in force where another one is."""
    rows = client.query("SELECT name, engine_full FROM system.tables WHERE database = currentDatabase()")
    engines = dict(rows.result_rows)
    for name, (rule, statement) in expiry(layout, retention).items():
        present = f" TTL {rule} " in engines[name] if rule else " TTL " not in engines[name]
        if not present:
            client.command(statement)


def _check(sampling: Sampling, start_ms: int, end_ms: int) -> None:
    if end_ms <= start_ms or (sampling.every_ms <= 0).any():
        raise ValueError("a period needs an end after its start, a point an interval above zero")


_Column = tuple[str, str, NDArray[Any]]
"""Name, ClickHouse's type, and the values as they travel."""


def _columns(readings: ReadingColumns, block: int) -> list[_Column]:
    moment = "DateTime64(3, 'UTC')"
    return [
        ("point", "Int32", readings.point.astype("<i4", copy=False)),
        ("time", moment, readings.event_ms.astype("<i8", copy=False)),
        ("value", "Float64", readings.value.astype("<f8", copy=False)),
        ("quality", "UInt8", readings.quality.astype("u1", copy=False)),
        ("arrived", moment, readings.arrived_ms.astype("<i8", copy=False)),
        ("sequence", "UInt64", readings.sequence.astype("<u8", copy=False)),
        ("block", "UInt64", np.full(len(readings), block, "<u8")),
    ]


def _native(columns: Sequence[_Column]) -> bytes:
    """One block in ClickHouse's Native format: the columns as they lie in memory, each with its name and type.

    The driver would write it number by number, or Arrow by way of a library of some 30 MB.
    """
    pieces: list[bytes | memoryview] = [_counted(len(columns)), _counted(len(columns[0][2]))]
    for name, kind, values in columns:
        pieces += [_text(name), _text(kind), np.ascontiguousarray(values).data]
    return b"".join(pieces)


def _text(text: str) -> bytes:
    return _counted(len(text)) + text.encode("ascii")


def _counted(number: int) -> bytes:
    """*number* as the format's variable-length integer."""
    written = bytearray()
    write_leb128(number, written)
    return bytes(written)
