"""``anlan bench history``: what a reading costs on disk, how fast it gets there and how fast charts come.

Two kinds of points, as in a region: some that have sent once a minute for a year, and many that have sent
every 30 seconds of late. Ours stores them by the historian's own blocks, each durable when it returns, and
brings the roll-ups on; the peer is a PostgreSQL table partitioned by month on the same disk in the same run,
with fewer rows and the same questions. The newest value of every point is asked of the table that the
product keeps for it; the peer looks it up in its partitions by the index, point by point.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray

from anlan.adapters.clickhouse import ClickHouseHistorian
from anlan.benchmarks.machine import describe, figure, pss_mb
from anlan.ports.history import ROLLED_UP, ReadingColumns
from anlan.server.supervisor.spawn import spawn
from anlan.stream.historian.writer import Pace

SEED = 20_261_126
BLOCK = Pace().rows
"""Readings of one append: the historian's own size."""

YEAR_POINTS = 4
MINUTES = 525_600
SWEEP_MS = 30_000
PEER_ROWS = 1_500_000
PLAN_ROWS = 8_000_000_000
END_MS = 1_790_006_400_000
"""Some midnight in China."""

_DRAWN = 2_000
_ASKED = 15
_PEER = "PostgreSQL, a table partitioned by month with a B-tree over (point, time)"


@dataclass(frozen=True)
class Shape:
    """How many points of each kind, and how often the many have sent."""

    year_points: int
    points: int
    sweeps: int

    @property
    def rows(self) -> int:
        return self.year_points * MINUTES + self.points * self.sweeps


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--rows", type=int, default=6_000_000, help="readings; 200000000 takes a while")


def measure(options: argparse.Namespace) -> dict[str, object]:
    """Ours with all rows, then the peer with fewer, on the same disk."""
    shape, peer_shape = shape_of(options.rows), shape_of(min(options.rows, PEER_ROWS), year_points=1)
    with tempfile.TemporaryDirectory(prefix="anlan-bench-") as folder:
        Path(folder).chmod(0o711)
        ours = measure_ours(Path(folder) / "chdb", shape)
        peer = measure_peer(Path(folder) / "postgres", peer_shape)
    return {"name": "history", "machine": describe(), "figures": _figures(ours, peer, shape, peer_shape)}


def shape_of(rows: int, year_points: int = YEAR_POINTS) -> Shape:
    """About *rows* readings: the year's points first, as far as they fit, then the many."""
    year_points = max(1, min(year_points, rows // (2 * MINUTES)))
    left = max(1_000, rows - year_points * MINUTES)
    points = max(100, min(20_000, left // 40))
    return Shape(year_points, points, max(1, left // points))


def blocks(shape: Shape) -> Iterator[ReadingColumns]:
    """The readings in the order in which they come: random walks with two decimals, uneven by some milliseconds."""
    random = np.random.default_rng(SEED)
    sequence = 0
    per_block = BLOCK // shape.year_points
    level = random.normal(20, 5, shape.year_points)
    for first in range(0, MINUTES, per_block):
        minutes = np.arange(first, min(first + per_block, MINUTES))
        sequence += 1
        yield _block(random, level, END_MS - (MINUTES - minutes) * 60_000, 0, sequence)
    per_block = max(1, BLOCK // shape.points)
    level = random.normal(20, 5, shape.points)
    for first in range(0, shape.sweeps, per_block):
        sweeps = np.arange(first, min(first + per_block, shape.sweeps))
        sequence += 1
        yield _block(random, level, END_MS - (shape.sweeps - sweeps) * SWEEP_MS, shape.year_points, sequence)


def _block(
    random: np.random.Generator,
    level: NDArray[np.float64],
    times_ms: NDArray[np.int64],
    first_point: int,
    sequence: int,
) -> ReadingColumns:
    """A reading of each point at each time; *level* walks on."""
    walk = level + np.cumsum(random.normal(0, 0.05, (len(times_ms), len(level))), axis=0)
    level[:] = walk[-1]
    size = walk.size
    points = np.arange(first_point, first_point + len(level), dtype=np.int32)
    event_ms = np.repeat(times_ms, len(level)) + random.integers(0, 200, size)
    quality = np.where(random.random(size) < 0.001, np.uint8(2), np.uint8(0))
    return ReadingColumns(
        np.tile(points, len(times_ms)),
        event_ms,
        np.round(walk + random.normal(0, 0.02, walk.shape), 2).ravel(),
        quality.astype(np.uint8),
        event_ms + 40,
        np.full(size, sequence, np.uint64),
    )


# -- ours ----------------------------------------------------------------------


def measure_ours(path: Path, shape: Shape) -> dict[str, float]:
    """Figures of the embedded history, by name."""
    with _store(path) as (url, pid):
        historian = ClickHouseHistorian(url)
        historian.prepare()
        rows, append_s = 0, 0.0
        for block in blocks(shape):
            began = time.perf_counter()
            historian.append(block)
            append_s += time.perf_counter() - began
            rows += len(block)
        began = time.perf_counter()
        for resolution in ROLLED_UP:
            while historian.roll_up(resolution):
                pass
        roll_s = time.perf_counter() - began
        year_ms = [_chart(historian, point % shape.year_points) for point in range(_ASKED)]
        memory = pss_mb({pid})
        _merge(url)
        sizes = {size.name: size for size in historian.sizes()}
    rolled = sizes["rollup_minute"]
    return {
        "rows": rows,
        "ingest_rows_per_s": rows / append_s,
        "rolled_rows_per_s": rows / roll_s,
        "bytes_per_row": sizes["readings"].bytes / rows,
        "bytes_per_minute_bucket": rolled.bytes / rolled.rows,
        "rolled_share": sum(size.bytes for name, size in sizes.items() if name != "readings")
        / sizes["readings"].bytes,
        "point_year_ms": median(year_ms),
        "memory_mb": memory,
    }


def _chart(historian: ClickHouseHistorian, point: int) -> float:
    began = time.perf_counter()
    series = historian.series(point, END_MS - MINUTES * 60_000, END_MS, _DRAWN)
    spent = 1000 * (time.perf_counter() - began)
    if int(series.count.sum()) != MINUTES:
        raise RuntimeError(f"a year of minutes holds {series.count.sum()} readings in place of {MINUTES}")
    return spent


def _merge(url: str) -> None:
    """Bring the parts together as days of merging would: what a reading costs in the long run."""
    import clickhouse_connect

    client = clickhouse_connect.get_client(dsn=url, dedicated_pool=True, send_receive_timeout=3600)
    for table in ("readings", "rollup_minute", "rollup_hour", "rollup_day"):
        client.command(f"OPTIMIZE TABLE {table} FINAL")
    client.close()


@contextmanager
def _store(path: Path) -> Iterator[tuple[str, int]]:
    command = [sys.executable, "-m", "anlan.benchmarks.history_store", str(path)]
    process = spawn(command, output=subprocess.PIPE)
    try:
        if process.stdout is None:
            raise RuntimeError("the history has no output")
        url = process.stdout.readline().decode().strip()
        if not url:
            raise RuntimeError("the history did not start")
        yield url, process.pid
    finally:
        process.kill()
        process.wait(60)
        if process.stdout is not None:
            process.stdout.close()


# -- the peer ------------------------------------------------------------------

_COPY_ROW = np.dtype(
    [
        ("fields", ">i2"), ("l1", ">i4"), ("point", ">i4"), ("l2", ">i4"), ("time", ">i8"),
        ("l3", ">i4"), ("value", ">f8"), ("l4", ">i4"), ("quality", ">i2"),
    ]
)  # fmt: skip
_COPY_HEAD, _COPY_TAIL = b"PGCOPY\n\xff\r\n\0" + bytes(8), b"\xff\xff"
_EPOCH_US = 946_684_800_000_000  # PostgreSQL counts microseconds from the year 2000

_YEAR = """
SELECT floor(extract(epoch FROM time) / %(width_s)s) AS place, min(time), min(value), max(value),
       (array_agg(value ORDER BY time DESC))[1], avg(value) FILTER (WHERE quality <> 2), count(*)
FROM reading WHERE point = %(point)s AND time >= %(start)s AND time < %(end)s GROUP BY place ORDER BY place
"""
_LATEST_EACH = """
SELECT point, l.time, l.value, l.quality FROM generate_series(0, %s - 1) AS point
CROSS JOIN LATERAL (SELECT time, value, quality FROM reading r WHERE r.point = point.point
                    ORDER BY time DESC LIMIT 1) AS l
"""


def measure_peer(folder: Path, shape: Shape) -> dict[str, float]:
    """Figures of the partitioned table, and of the product's own table of newest values, by name."""
    import psycopg

    from anlan.server.supervisor.postgres import EmbeddedPostgres

    folder.mkdir(mode=0o711)
    points = shape.year_points + shape.points
    with (
        EmbeddedPostgres(folder / "data", folder / "run") as server,
        psycopg.connect(server.admin_url, autocommit=True) as connection,
    ):
        _partitioned(connection)
        rows, copy_s = 0, 0.0
        for block in blocks(shape):
            body = _copied(block)
            began = time.perf_counter()
            with connection.cursor().copy("COPY reading FROM STDIN (FORMAT binary)") as copy:
                copy.write(body)
            copy_s += time.perf_counter() - began
            rows += len(block)
        connection.execute("ANALYZE reading")
        size = connection.execute(
            "SELECT sum(pg_total_relation_size(inhrelid)) FROM pg_inherits WHERE inhparent = 'reading'::regclass"
        ).fetchone()
        year = {
            "width_s": MINUTES * 60 / (_DRAWN / 2),
            "point": 0,
            "start": _moment(END_MS - MINUTES * 60_000),
            "end": _moment(END_MS),
        }
        found = {
            "rows": float(rows),
            "ingest_rows_per_s": rows / copy_s,
            "bytes_per_row": float(size[0]) / rows if size else 0.0,
            "point_year_ms": _asked(lambda: connection.execute(_YEAR, year).fetchall(), _DRAWN // 2),
            "latest_each_ms": _asked(lambda: connection.execute(_LATEST_EACH, [points]).fetchall(), points),
        }
        return found | {"latest_all_ms": _kept_latest(connection, points)}


def _partitioned(connection: Any) -> None:
    connection.execute(
        "CREATE TABLE reading (point int4 NOT NULL, time timestamptz NOT NULL, value float8, quality int2)"
        " PARTITION BY RANGE (time)"
    )
    month = np.datetime64(END_MS, "ms").astype("datetime64[M]")
    for one in month + np.arange(-13, 2):
        start, end = f"{one}-01", f"{one + 1}-01"
        connection.execute(
            f"CREATE TABLE reading_{str(one).replace('-', '_')} PARTITION OF reading"
            f" FOR VALUES FROM ('{start}Z') TO ('{end}Z')"
        )
    connection.execute("CREATE UNIQUE INDEX ON reading (point, time)")


def _copied(block: ReadingColumns) -> bytes:
    rows = np.zeros(len(block), _COPY_ROW)
    rows["fields"], rows["l1"], rows["l2"], rows["l3"], rows["l4"] = 4, 4, 8, 8, 2
    rows["point"], rows["value"], rows["quality"] = block.point, block.value, block.quality
    rows["time"] = block.event_ms * 1000 - _EPOCH_US
    return _COPY_HEAD + rows.tobytes() + _COPY_TAIL


def _kept_latest(connection: Any, points: int) -> float:
    """The product's table of newest values (`points.LatestValue`), all of it read by its number."""
    connection.execute(
        "CREATE TABLE latest (point_number int4 PRIMARY KEY, event_at timestamptz NOT NULL,"
        " arrived_at timestamptz NOT NULL, value float8, quality int2 NOT NULL)"
    )
    connection.execute(
        "INSERT INTO latest SELECT n, now(), now(), n * 0.01, 0 FROM generate_series(1, %s) AS n", [points]
    )
    read = "SELECT point_number, event_at, arrived_at, value, quality FROM latest ORDER BY point_number"
    return _asked(lambda: connection.execute(read).fetchall(), points)


def _asked(ask: Callable[[], list[Any]], least: int) -> float:
    """Milliseconds of an answer with at least *least* rows, the median of several; the first warms up."""
    spent: list[float] = []
    for _ in range(6):
        began = time.perf_counter()
        rows = ask()
        spent.append(1000 * (time.perf_counter() - began))
        if len(rows) < least:
            raise RuntimeError(f"{len(rows)} rows came where {least} were to be expected")
    return median(spent[1:])


def _moment(ms: int) -> str:
    return f"{np.datetime64(ms, 'ms')}Z"


# -- the report ----------------------------------------------------------------


def _figures(
    ours: dict[str, float], peer: dict[str, float], shape: Shape, peer_shape: Shape
) -> list[dict[str, object]]:
    rows, fewer = f"{shape.rows:,} rows", f"the peer {peer_shape.rows:,}"
    plan_gb = PLAN_ROWS * ours["bytes_per_row"] / 1e9
    return [
        figure(
            "bytes_per_row",
            ours["bytes_per_row"],
            "B",
            "lower",
            peer=_PEER,
            peer_value=peer["bytes_per_row"],
            note=f"{rows}, parts merged; {fewer}; point, time, value, quality, arrival and place in the log, the"
            " peer the first four",
        ),
        figure(
            "ingest_rows_per_s",
            ours["ingest_rows_per_s"],
            "1/s",
            "higher",
            peer=_PEER,
            peer_value=peer["ingest_rows_per_s"],
            note=f"blocks of {BLOCK:,}, each on disk when it returns; the peer by binary COPY, one commit a block",
        ),
        figure(
            "point_year_ms",
            ours["point_year_ms"],
            "ms",
            "lower",
            peer=_PEER,
            peer_value=peer["point_year_ms"],
            note=f"a year of one point, {MINUTES:,} readings in {_DRAWN // 2:,} buckets at most; ours from roll-ups"
            " that have seen all of it",
        ),
        figure(
            "latest_all_ms",
            peer["latest_all_ms"],
            "ms",
            "lower",
            peer="PostgreSQL, the newest row of each point by the index of the partitions",
            peer_value=peer["latest_each_ms"],
            note=f"{peer_shape.year_points + peer_shape.points:,} points, from the table that the product keeps for"
            " it in PostgreSQL: never a scan",
        ),
        figure(
            "roll_up_rows_per_s",
            ours["rolled_rows_per_s"],
            "1/s",
            "higher",
            note="readings brought into the roll-ups by minute, hour and day",
        ),
        figure(
            "memory_mb", ours["memory_mb"], "MB", "lower", note="PSS of the embedded history after all that"
        ),
        figure(
            "plan_gb",
            plan_gb,
            "GB",
            "lower",
            peer=_PEER,
            peer_value=PLAN_ROWS * peer["bytes_per_row"] / 1e9,
            note=f"projection to the plan's {PLAN_ROWS:,} readings: assumes values like these (random walks with two"
            f" decimals and noise; real data may take two to three times as much) and merged parts; roll-ups add"
            f" {100 * ours['rolled_share']:.0f} % here, {ours['bytes_per_minute_bucket']:.0f} B for each minute of"
            " each point",
        ),
    ]
