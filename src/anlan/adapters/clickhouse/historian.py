"""The `Historian` port over ClickHouse's HTTP protocol."""

import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import clickhouse_connect
import numpy as np
from clickhouse_connect.driver.exceptions import ClickHouseError
from urllib3.exceptions import HTTPError

from anlan.adapters.clickhouse.presence import read_gaps, read_presence
from anlan.adapters.clickhouse.schema import PROGRESS, READINGS, Layout, insert_settings, statements
from anlan.kernel.errors import Unavailable
from anlan.kernel.text import Text
from anlan.ports.history import Gaps, Presence, ReadingColumns, Sampling, Series

log = logging.getLogger(__name__)

_LOG_NAME = "tele"
_CONNECT_S = 5
_ANSWER_S = 120

_WHERE = f"""
FROM {READINGS} FINAL
WHERE point = {{point:Int32}}
  AND time >= fromUnixTimestamp64Milli({{start_ms:Int64}}, 'UTC')
  AND time < fromUnixTimestamp64Milli({{end_ms:Int64}}, 'UTC')
"""

_COUNT = f"SELECT count() {_WHERE}"

_EACH = f"""
SELECT toUnixTimestamp64Milli(time), value, value, value, quality, toUInt64(1)
{_WHERE}
ORDER BY time
"""

# Buckets lie on multiples of their width, not on the start of the question: a chart that moves
# on by a second keeps its buckets. Worst quality: bad, uncertain, manual, simulated, good.
_THINNED = f"""
SELECT toUnixTimestamp64Milli(min(time)) AS first_ms,
       min(value), max(value), argMax(value, time),
       argMax(quality, indexOf([0, 4, 3, 1, 2], quality)), count()
{_WHERE}
GROUP BY intDiv(toUnixTimestamp64Milli(time), {{width_ms:Int64}})
ORDER BY first_ms
"""

# Replacing happens within a partition, and a key never changes partition.
_READ = {"do_not_merge_across_partitions_select_final": 1}


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
    what travels. Connects on first use; one instance serves many threads. Every
    failure of the server is raised as `HistoryUnavailable`.
    """

    def __init__(self, url: str) -> None:
        address = _Address.parse(url)
        self._options, self._layout = address.options, address.layout
        self._insert_settings = insert_settings(self._layout)
        self._client: Any = None
        self._connecting = threading.Lock()

    def prepare(self) -> None:
        """Create what is missing; safe to repeat."""
        with self._server() as client:
            for statement in statements(self._layout):
                client.command(statement)

    def append(self, readings: ReadingColumns) -> None:
        """Store durably; the same (point, event time) again replaces, never doubles.

        The mark that `last_sequence` reads is written after the readings: a stop in
        between repeats readings, it never skips any.
        """
        if not len(readings):
            return
        with self._server() as client:
            client.insert_arrow(READINGS, _arrow(readings), settings=self._insert_settings)
            client.insert(
                PROGRESS,
                [[_LOG_NAME, int(readings.sequence.max())]],
                column_names=["log", "sequence"],
                column_type_names=["LowCardinality(String)", "UInt64"],
                settings=self._insert_settings,
            )

    def series(self, point: int, start_ms: int, end_ms: int, max_points: int) -> Series:
        """One point's history in [start, end), at most *max_points* drawn values."""
        if end_ms <= start_ms or max_points < 4:
            raise ValueError("a series needs a time after its start and room for at least 4 values")
        bound = {"point": point, "start_ms": start_ms, "end_ms": end_ms}
        with self._server() as client:
            total = int(client.query(_COUNT, parameters=bound, settings=_READ).first_row[0])
            if total <= max_points:
                return _series(_columns(client, _EACH, bound), thinned=False)
            # One bucket less than fits: aligned buckets may stick out at both ends.
            width_ms = -(-(end_ms - start_ms) // (max_points // 2 - 1))
            return _series(_columns(client, _THINNED, bound | {"width_ms": width_ms}), thinned=True)

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
            answer = client.query(
                f"SELECT max(sequence) FROM {PROGRESS} WHERE log = {{log:String}}",  # noqa: S608
                parameters={"log": _LOG_NAME},
            )
            return int(answer.first_row[0])

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


def _check(sampling: Sampling, start_ms: int, end_ms: int) -> None:
    if end_ms <= start_ms or (sampling.every_ms <= 0).any():
        raise ValueError("a period needs an end after its start, a point an interval above zero")


def _arrow(readings: ReadingColumns) -> Any:
    import pyarrow as pa  # 40 MB that only the writer needs, not the web process

    milliseconds = pa.timestamp("ms", "UTC")
    return pa.table(
        {
            "point": readings.point,
            "time": pa.array(readings.event_ms).view(milliseconds),
            "value": readings.value,
            "quality": readings.quality,
            "arrived": pa.array(readings.arrived_ms).view(milliseconds),
            "sequence": readings.sequence,
        }
    )


def _columns(client: Any, query: str, bound: dict[str, int]) -> Sequence[Sequence[Any]]:
    answer = client.query(query, parameters=bound, settings=_READ, column_oriented=True)
    columns: Sequence[Sequence[Any]] = answer.result_columns
    return columns or [[]] * 6


def _series(columns: Sequence[Sequence[Any]], *, thinned: bool) -> Series:
    time_ms, minimum, maximum, last, quality, count = columns
    return Series(
        time_ms=np.array(time_ms, np.int64),
        minimum=np.array(minimum, np.float64),
        maximum=np.array(maximum, np.float64),
        last=np.array(last, np.float64),
        quality=np.array(quality, np.uint8),
        count=np.array(count, np.uint64),
        thinned=thinned,
    )
