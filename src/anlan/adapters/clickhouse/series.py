"""Charts: readings as they are when they fit, else buckets, from roll-ups where these are fine enough."""

from collections.abc import Mapping, Sequence
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
    marks,
    of_readings,
)
from anlan.adapters.clickhouse.schema import READINGS, ROLLUPS
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
_AT = "1000 * toInt64(toUnixTimestamp(bucket))"

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
       ifNull(argMaxOrNullIf(last, at, isFinite(last)), nan),
       sumIf(total, usable > 0) / sum(usable),
       multiIf(sum(bad) > 0, 2, sum(uncertain) > 0, 1, sum(manual) > 0, 3, sum(simulated) > 0, 4, 0),
       sum({COUNT}), sum(good)
"""

_OF_READINGS = f"""
SELECT point, intDiv(at, {{width_ms:Int64}}) AS place, min(at), {_DRAWN}
FROM (
    SELECT point, toUnixTimestamp64Milli(time) AS at, value AS minimum, value AS maximum, value AS last,
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


def read_series(client: Any, point: int, start_ms: int, end_ms: int, max_points: int) -> Series:
    """One point's history in [start, end), at most *max_points* drawn values."""
    question = _Question([point], start_ms, end_ms, max_points // 2)
    fitting = _fitting(client, question, max_points + 1)
    if fitting <= max_points and fitting >= _rolled_up(client, _overview(question), question):
        rows = client.query(_EACH, parameters=question.bound, settings=READ).result_rows
        return _series(rows, thinned=False)
    resolution, width_ms = _buckets(client, question)
    rows = _thinned(client, question, resolution, width_ms)
    return _series([row[2:] for row in rows], resolution=resolution, width_ms=width_ms)


def read_comparison(
    client: Any, points: Sequence[int], start_ms: int, end_ms: int, max_points: int
) -> list[Series]:
    """The histories of *points* in the same buckets, in their order; ``time_ms`` is where a bucket begins."""
    question = _Question(points, start_ms, end_ms, max_points // 2)
    resolution, width_ms = _buckets(client, question)
    by_point: dict[int, list[tuple[Any, ...]]] = {point: [] for point in points}
    offset_ms = _offset_ms(resolution)
    for point, place, _, *drawn in _thinned(client, question, resolution, width_ms):
        by_point[point].append((place * width_ms - offset_ms, *drawn))
    return [_series(by_point[point], resolution=resolution, width_ms=width_ms) for point in points]


def _buckets(client: Any, question: _Question) -> tuple[Resolution, int]:
    """What the buckets are made of, and their width.

    The coarsest roll-up that is fine enough; where that is past its retention, the next coarser one.
    """
    narrowest_ms = question.narrowest_ms
    resolution = max((one for one in ROLLED_UP if one <= narrowest_ms), default=Resolution.READING)
    while resolution in _COARSER:
        coarser = _COARSER[resolution]
        if _rolled_up(client, coarser, question) <= _held(client, resolution, coarser, question):
            break
        resolution = coarser
    unit_ms = max(1, resolution)
    return resolution, -(-narrowest_ms // unit_ms) * unit_ms


def _overview(question: _Question) -> Resolution:
    """The coarsest roll-up of which some whole buckets lie in the question."""
    span_ms = question.end_ms - question.start_ms
    return max((one for one in ROLLED_UP if 3 * one <= span_ms), default=Resolution.MINUTE)


def _inside(question: _Question, resolution: Resolution) -> dict[str, Any]:
    """The question cut down to whole buckets."""
    return question.bound | {
        "start_ms": ceil_ms(resolution, question.start_ms),
        "end_ms": floor_ms(resolution, question.end_ms),
    }


def _rolled_up(client: Any, resolution: Resolution, question: _Question) -> int:
    """How many readings a roll-up knows of in the whole buckets of the question."""
    return _sum_of_counts(client, resolution, _inside(question, resolution))


def _held(client: Any, resolution: Resolution, coarser: Resolution, question: _Question) -> int:
    """How many readings are behind *resolution* in the buckets of *coarser* inside the question."""
    inside = _inside(question, coarser)
    if resolution is Resolution.READING:
        statement = f"SELECT count() FROM {READINGS} FINAL WHERE {_WITHIN}"  # noqa: S608
        return int(client.query(statement, parameters=inside, settings=READ).first_row[0])
    return _sum_of_counts(client, resolution, inside)


def _sum_of_counts(client: Any, resolution: Resolution, bound: Mapping[str, Any]) -> int:
    statement = f"SELECT sum({COUNT}) FROM {ROLLUPS[resolution]} FINAL WHERE {_WITHIN}"  # noqa: S608
    return int(client.query(statement, parameters=dict(bound), settings=READ).first_row[0])


def _fitting(client: Any, question: _Question, limit: int) -> int:
    """How many readings there are, *limit* of them at most."""
    statement = f"SELECT count() FROM (SELECT 1 FROM {READINGS} FINAL WHERE {_WITHIN} LIMIT {limit})"  # noqa: S608
    return int(client.query(statement, parameters=question.bound, settings=READ).first_row[0])


def _thinned(client: Any, question: _Question, resolution: Resolution, width_ms: int) -> Any:
    """Rows of point, place of the bucket, time of its first reading and what is drawn."""
    bound = question.bound | {"width_ms": width_ms}
    if resolution is Resolution.READING:
        return client.query(_OF_READINGS, parameters=bound, settings=READ).result_rows
    bound |= {
        "start_ms": floor_ms(resolution, question.start_ms),
        "end_ms": ceil_ms(resolution, question.end_ms),
        "seen": marks(client).get(ROLLUPS[resolution], 0),
        "offset_ms": _offset_ms(resolution),
    }
    first_ms, last_ms = client.query(_UNSEEN_SPAN, parameters=bound).first_row
    buckets = _rolled_up_buckets(resolution)
    if last_ms:
        bound |= {
            "fresh_ms": floor_ms(resolution, first_ms),
            "fresh_end_ms": ceil_ms(resolution, last_ms + 1),
        }
        buckets = _freshened(buckets, resolution)
    return client.query(_of_buckets(buckets), parameters=bound, settings=READ).result_rows


# Both are 1970 when a roll-up has seen everything.
_UNSEEN_SPAN = f"""
SELECT toUnixTimestamp64Milli(min(time)), toUnixTimestamp64Milli(max(time))
FROM {READINGS} WHERE {_WITHIN} AND {_UNSEEN}
"""  # noqa: S608 - names of our own


def _rolled_up_buckets(resolution: Resolution) -> str:
    return f"""
SELECT point, toUnixTimestamp(time) AS bucket, {COLUMNS}, 0 AS fresh
FROM {ROLLUPS[resolution]} FINAL
WHERE {_WITHIN}
"""  # noqa: S608 - names of our own


def _freshened(buckets: str, resolution: Resolution) -> str:
    """*buckets*, but those with readings that the roll-up has not seen from these readings.

    Of the two the one with more readings holds: readings may be past their retention.
    """
    place = floor(resolution)
    return f"""
SELECT * FROM (
    {buckets}
    UNION ALL
    SELECT point, toUnixTimestamp(bucket) AS bucket, {COLUMNS}, 1 AS fresh
    FROM (
        SELECT point, {of_readings(place)}
        FROM {READINGS} FINAL
        WHERE {_FRESH}
          AND (point, {place}) GLOBAL IN (SELECT point, {place} FROM {READINGS} WHERE {_FRESH} AND {_UNSEEN})
        GROUP BY point, bucket
    )
)
ORDER BY point, bucket, {COUNT} DESC, fresh DESC
LIMIT 1 BY point, bucket
"""  # noqa: S608 - names of our own


def _of_buckets(buckets: str) -> str:
    return f"""
SELECT point, intDiv(at + {{offset_ms:Int64}}, {{width_ms:Int64}}) AS place, min(at + first), {_DRAWN}
FROM (SELECT *, {_AT} AS at FROM ({buckets}))
GROUP BY point, place
ORDER BY point, place
"""  # noqa: S608 - names of our own


def _offset_ms(resolution: Resolution) -> int:
    """Buckets of days lie on multiples of their width from China's midnight."""
    return -floor_ms(resolution, 0) if resolution is Resolution.DAY else 0


def _series(
    rows: Sequence[Sequence[Any]],
    *,
    thinned: bool = True,
    resolution: Resolution = Resolution.READING,
    width_ms: int = 0,
) -> Series:
    time_ms, minimum, maximum, last, mean, quality, count, good = (
        zip(*rows, strict=True) if rows else ((),) * 8
    )
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
