"""Charts: readings as they are when they fit, else buckets, from roll-ups where these are fine enough."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from anlan.adapters.clickhouse.rollups import (
    COLUMNS,
    COUNT,
    READ,
    ceil_ms,
    floor,
    floor_ms,
    of_readings,
)
from anlan.adapters.clickhouse.schema import PROGRESS, READINGS, ROLLUPS
from anlan.ports.history import ROLLED_UP, Resolution, Series

_COARSER = dict(pairwise((Resolution.READING, *ROLLED_UP)))


def _between(start: str, end: str) -> str:
    """The points asked for, between two bound times."""
    return (
        f"point IN {{points:Array(Int32)}} AND time >= fromUnixTimestamp64Milli({{{start}:Int64}}, 'UTC')"
        f" AND time < fromUnixTimestamp64Milli({{{end}:Int64}}, 'UTC')"
    )


_WITHIN = _between("start_ms", "end_ms")
_FRESH = _between("fresh_ms", "fresh_end_ms")
_UNSEEN = "block >= {seen:UInt64}"
_AT = "1000 * toInt64(toUnixTimestamp(time))"

_EACH = f"""
SELECT toUnixTimestamp64Milli(time) AS at, value, value, value, if(isFinite(value) AND quality != 2, value, nan),
       quality, toUInt64(1), toUInt64(quality = 0)
FROM {READINGS} FINAL
WHERE {_WITHIN}
ORDER BY time
"""  # noqa: S608 - names of our own

# Buckets lie on multiples of their width, not on the start of the question: a chart that moves on by a
# second keeps its buckets. Worst quality: bad, uncertain, manual, simulated, good.
_DRAWN = f"""
       ifNull(minOrNullIf(minimum, isFinite(minimum)), nan),
       ifNull(maxOrNullIf(maximum, isFinite(maximum)), nan),
       ifNull(argMaxOrNullIf(last, time, isFinite(last)), nan),
       sumIf(total, usable > 0) / sum(usable),
       multiIf(sum(bad) > 0, 2, sum(uncertain) > 0, 1, sum(manual) > 0, 3, sum(simulated) > 0, 4, 0),
       sum({COUNT}), sum(good)
"""

_OF_READINGS = f"""
SELECT point, intDiv(toUnixTimestamp64Milli(time), {{width_ms:Int64}}) AS place,
       toUnixTimestamp64Milli(min(time)), {_DRAWN}
FROM (
    SELECT point, time, value AS minimum, value AS maximum, value AS last,
           value AS total, toUInt64(isFinite(value) AND quality != 2) AS usable, toUInt64(quality = 0) AS good,
           toUInt64(quality = 1) AS uncertain, toUInt64(quality = 2) AS bad, toUInt64(quality = 3) AS manual,
           toUInt64(quality = 4) AS simulated
    FROM {READINGS} FINAL
    WHERE {_WITHIN}
)
GROUP BY point, place
ORDER BY point, place
"""  # noqa: S608 - names of our own


@dataclass(frozen=True)
class _Question:
    """Some points, [start, end) in UTC milliseconds, and for how many buckets there is room."""

    points: Sequence[int]
    start_ms: int
    end_ms: int
    buckets: int

    @property
    def bound(self) -> dict[str, Any]:
        return {"points": list(self.points), "start_ms": self.start_ms, "end_ms": self.end_ms}

    @property
    def narrowest_ms(self) -> int:
        """The width of a bucket, one less of them than fit: aligned ones may stick out at both ends."""
        return -(-(self.end_ms - self.start_ms) // (self.buckets - 1))

    @property
    def finest(self) -> Resolution:
        """The coarsest resolution that is fine enough."""
        return max((one for one in ROLLED_UP if one <= self.narrowest_ms), default=Resolution.READING)

    @property
    def overview(self) -> Resolution:
        """The coarsest roll-up of which some whole buckets lie in the question."""
        span_ms = self.end_ms - self.start_ms
        return max((one for one in ROLLED_UP if 3 * one <= span_ms), default=Resolution.MINUTE)


def read_series(client: Any, point: int, start_ms: int, end_ms: int, max_points: int) -> Series:
    """One point's history in [start, end), at most *max_points* drawn values.

    Most of what a chart costs the history is understanding its statements: there are as few as can be.
    """
    question = _Question([point], start_ms, end_ms, max_points // 2)
    overview = _Counted(question.overview, question.overview)
    finest = question.finest
    counts = _counts(client, question, {overview, *(() if finest is Resolution.READING else _pair(finest))})
    if counts[overview] <= max_points:
        fitting = _fitting(client, question, max_points + 1)
        if counts[overview] <= fitting <= max_points:
            columns = client.query(_EACH, parameters=question.bound, settings=READ).result_columns
            return _series(columns, thinned=False)
    resolution, width_ms = _buckets(client, question, counts)
    _, _, *drawn = _thinned(client, question, resolution, width_ms) or ((), ())
    return _series(drawn, resolution=resolution, width_ms=width_ms)


def read_comparison(
    client: Any, points: Sequence[int], start_ms: int, end_ms: int, max_points: int
) -> list[Series]:
    """The histories of *points* in the same buckets, in their order; ``time_ms`` is where a bucket begins."""
    question = _Question(points, start_ms, end_ms, max_points // 2)
    resolution, width_ms = _buckets(client, question, {})
    of_point, place, _, *drawn = _thinned(client, question, resolution, width_ms) or ((), (), ())
    begins_ms = np.array(place, np.int64) * width_ms - _offset_ms(resolution)
    columns = [begins_ms, *map(np.asarray, drawn)]
    numbers = np.array(of_point, np.int64)
    return [
        _series([column[numbers == point] for column in columns], resolution=resolution, width_ms=width_ms)
        for point in points
    ]


@dataclass(frozen=True)
class _Counted:
    """The readings that *resolution* knows of in the whole buckets of *whole* inside a question."""

    resolution: Resolution
    whole: Resolution

    @property
    def statement(self) -> str:
        what = f"sum({COUNT})" if self.resolution in ROLLUPS else "count()"
        within = _between(f"start_{self.whole.name}", f"end_{self.whole.name}")
        return f"SELECT {what} FROM {ROLLUPS.get(self.resolution, READINGS)} FINAL WHERE {within}"  # noqa: S608


def _pair(resolution: Resolution) -> tuple[_Counted, ...]:
    """What tells whether *resolution* is past its retention: the next coarser one knows of more readings."""
    coarser = _COARSER.get(resolution)
    return () if coarser is None else (_Counted(coarser, coarser), _Counted(resolution, coarser))


def _counts(client: Any, question: _Question, asked: Collection[_Counted]) -> dict[_Counted, int]:
    """How many readings each of *asked* stands for, in one statement."""
    bound: dict[str, Any] = {"points": list(question.points)}
    for whole in {one.whole for one in asked}:
        bound[f"start_{whole.name}"] = ceil_ms(whole, question.start_ms)
        bound[f"end_{whole.name}"] = floor_ms(whole, question.end_ms)
    statement = "SELECT " + ", ".join(f"({one.statement})" for one in asked)
    row = client.query(statement, parameters=bound, settings=READ).first_row
    return dict(zip(asked, map(int, row), strict=True))


def _buckets(client: Any, question: _Question, counts: Mapping[_Counted, int]) -> tuple[Resolution, int]:
    """What the buckets are made of, and their width; *counts* is what has been counted already.

    The coarsest roll-up that is fine enough; where that is past its retention, the next coarser one.
    """
    resolution = question.finest
    while pair := _pair(resolution):
        known = counts if counts.keys() >= set(pair) else _counts(client, question, pair)
        if known[pair[0]] <= known[pair[1]]:
            break
        resolution = _COARSER[resolution]
    unit_ms = max(1, resolution)
    return resolution, -(-question.narrowest_ms // unit_ms) * unit_ms


def _fitting(client: Any, question: _Question, limit: int) -> int:
    """How many readings there are, *limit* of them at most."""
    statement = f"SELECT count() FROM (SELECT 1 FROM {READINGS} FINAL WHERE {_WITHIN} LIMIT {limit})"  # noqa: S608
    return int(client.query(statement, parameters=question.bound, settings=READ).first_row[0])


def _thinned(client: Any, question: _Question, resolution: Resolution, width_ms: int) -> Any:
    """Columns of point, place of the bucket, time of its first reading and what is drawn; none without rows."""
    bound = question.bound | {"width_ms": width_ms}
    if resolution is Resolution.READING:
        return client.query(_OF_READINGS, parameters=bound, settings=READ).result_columns
    bound |= {
        "start_ms": floor_ms(resolution, question.start_ms),
        "end_ms": ceil_ms(resolution, question.end_ms),
        "table": ROLLUPS[resolution],
        "offset_ms": _offset_ms(resolution),
    }
    seen, first_ms, last_ms = client.query(_UNSEEN_SPAN, parameters=bound).first_row
    source = f"{ROLLUPS[resolution]} FINAL WHERE {_WITHIN}"
    if last_ms:
        bound |= {
            "seen": seen,
            "fresh_ms": floor_ms(resolution, first_ms),
            "fresh_end_ms": ceil_ms(resolution, last_ms + 1),
        }
        source = _freshened(source, resolution)
    return client.query(_of_buckets(source), parameters=bound, settings=READ).result_columns


# The block from which on a roll-up has seen nothing, and between which times such readings lie: 1970 when
# there are none.
_UNSEEN_SPAN = f"""
WITH (SELECT max(sequence) FROM {PROGRESS} WHERE log = {{table:String}}) AS seen
SELECT seen, toUnixTimestamp64Milli(min(time)), toUnixTimestamp64Milli(max(time))
FROM {READINGS} WHERE {_WITHIN} AND block >= seen
"""  # noqa: S608 - names of our own


def _freshened(rolled_up: str, resolution: Resolution) -> str:
    """The buckets of *rolled_up*, but those with readings that it has not seen from these readings.

    Of the two the one with more readings holds: readings may be past their retention.
    """
    place = floor(resolution)
    return f"""
(
    SELECT * FROM (
        SELECT point, time, {COLUMNS}, 0 AS fresh FROM {rolled_up}
        UNION ALL
        SELECT point, toDateTime(bucket, 'UTC') AS time, {COLUMNS}, 1 AS fresh
        FROM (
            SELECT point, {of_readings(place)}
            FROM {READINGS} FINAL
            WHERE {_FRESH}
              AND (point, {place}) GLOBAL IN (SELECT point, {place} FROM {READINGS} WHERE {_FRESH} AND {_UNSEEN})
            GROUP BY point, bucket
        )
    )
    ORDER BY point, time, {COUNT} DESC, fresh DESC
    LIMIT 1 BY point, time
)
"""  # noqa: S608 - names of our own


def _of_buckets(source: str) -> str:
    return f"""
SELECT point, intDiv({_AT} + {{offset_ms:Int64}}, {{width_ms:Int64}}) AS place, min({_AT} + first), {_DRAWN}
FROM {source}
GROUP BY point, place
ORDER BY point, place
"""  # noqa: S608 - names of our own


def _offset_ms(resolution: Resolution) -> int:
    """Buckets of days lie on multiples of their width from China's midnight."""
    return -floor_ms(resolution, 0) if resolution is Resolution.DAY else 0


def _series(
    columns: Sequence[Any],
    *,
    thinned: bool = True,
    resolution: Resolution = Resolution.READING,
    width_ms: int = 0,
) -> Series:
    time_ms, minimum, maximum, last, mean, quality, count, good = columns or ((),) * 8
    return Series(
        time_ms=np.array(time_ms, np.int64),
        minimum=np.array(minimum, np.float64),
        maximum=np.array(maximum, np.float64),
        last=np.array(last, np.float64),
        mean=np.array(mean, np.float64),
        quality=np.array(quality, np.uint8),
        count=np.array(count, np.uint64),
        good=np.array(good, np.uint64),
        thinned=thinned,
        resolution=resolution,
        width_ms=width_ms,
    )
