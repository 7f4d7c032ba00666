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

# Of a roll-up a chart takes in some ten thousand rows at most: a second thread costs more than it does.
_FEW = READ | {"optimize_aggregation_in_order": 0, "max_threads": 1}
_NOTHING: tuple[tuple[Any, ...], ...] = ((),) * 10


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

    def width_ms(self, resolution: Resolution) -> int:
        """The width of the buckets that are made of *resolution*."""
        unit_ms = max(1, resolution)
        return -(-self.narrowest_ms // unit_ms) * unit_ms


def read_series(client: Any, point: int, start_ms: int, end_ms: int, max_points: int) -> Series:
    """One point's history in [start, end), at most *max_points* drawn values.

    Most of what a chart costs the history is understanding its statements: there are as few as can be.
    """
    question = _Question([point], start_ms, end_ms, max_points // 2)
    overview = _Counted(question.overview, question.overview)
    rolled = _rolled(client, question, question.finest, {overview}) if question.finest in ROLLUPS else None
    known = (rolled.counts if rolled else _counts(client, question, {overview}))[overview]
    if known <= max_points:
        fitting = _fitting(client, question, max_points + 1)
        if known <= fitting <= max_points:
            columns = client.query(_EACH, parameters=question.bound, settings=READ).result_columns
            return _series(columns, thinned=False)
    resolution, (_, _, *drawn) = _thinned(client, question, rolled)
    return _series(drawn, resolution=resolution, width_ms=question.width_ms(resolution))


def read_comparison(
    client: Any, points: Sequence[int], start_ms: int, end_ms: int, max_points: int
) -> list[Series]:
    """The histories of *points* in the same buckets, in their order; ``time_ms`` is where a bucket begins."""
    question = _Question(points, start_ms, end_ms, max_points // 2)
    resolution, (of_point, place, _, *drawn) = _thinned(client, question)
    width_ms = question.width_ms(resolution)
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
        return f"SELECT {what} FROM {ROLLUPS.get(self.resolution, READINGS)} FINAL WHERE {self.within}"  # noqa: S608

    @property
    def within(self) -> str:
        """Which rows these are."""
        return _between(f"start_{self.whole.name}", f"end_{self.whole.name}")


def _pair(resolution: Resolution) -> tuple[_Counted, ...]:
    """What tells whether *resolution* is past its retention: the next coarser one knows of more readings."""
    coarser = _COARSER.get(resolution)
    return () if coarser is None else (_Counted(coarser, coarser), _Counted(resolution, coarser))


def _is_whole(resolution: Resolution, counts: Mapping[_Counted, int]) -> bool:
    pair = _pair(resolution)
    return not pair or counts[pair[0]] <= counts[pair[1]]


def _insides(question: _Question, asked: Collection[_Counted]) -> dict[str, int]:
    """The bound times of what is *asked*."""
    bound = {}
    for whole in {one.whole for one in asked}:
        bound[f"start_{whole.name}"] = ceil_ms(whole, question.start_ms)
        bound[f"end_{whole.name}"] = floor_ms(whole, question.end_ms)
    return bound


def _counts(client: Any, question: _Question, asked: Collection[_Counted]) -> dict[_Counted, int]:
    """How many readings each of *asked* stands for, in one statement."""
    bound = question.bound | _insides(question, asked)
    statement = "SELECT " + ", ".join(f"({one.statement})" for one in asked)
    row = client.query(statement, parameters=bound, settings=READ).first_row
    return dict(zip(asked, map(int, row), strict=True))


def _fitting(client: Any, question: _Question, limit: int) -> int:
    """How many readings there are, *limit* of them at most."""
    statement = f"SELECT count() FROM (SELECT 1 FROM {READINGS} FINAL WHERE {_WITHIN} LIMIT {limit})"  # noqa: S608
    return int(client.query(statement, parameters=question.bound, settings=READ).first_row[0])


def _thinned(
    client: Any, question: _Question, rolled: "_Rolled | None" = None
) -> tuple[Resolution, Sequence[Any]]:
    """What the buckets are made of; columns of point, place of the bucket, time of its first reading and what is drawn.

    The coarsest roll-up that is fine enough (*rolled*, if that has been looked at already); where it is past its
    retention, the next coarser one.
    """
    resolution = question.finest
    if resolution is Resolution.READING:
        if _is_whole(resolution, _counts(client, question, _pair(resolution))):
            bound = question.bound | {"width_ms": question.width_ms(resolution)}
            columns = client.query(_OF_READINGS, parameters=bound, settings=READ).result_columns
            return resolution, columns or _NOTHING
        resolution = _COARSER[resolution]
    rolled = rolled or _rolled(client, question, resolution)
    while not _is_whole(resolution, rolled.counts):
        resolution = _COARSER[resolution]
        rolled = _rolled(client, question, resolution)
    return resolution, _up_to_date(client, question, resolution, rolled)


@dataclass(frozen=True)
class _Rolled:
    """A roll-up's buckets as columns, how many readings it and others know of, and what it has not seen.

    *seen* is the block from which on it has seen nothing; such readings lie from *first_ms* to *last_ms*, which
    are 0 when there are none.
    """

    columns: Sequence[Any]
    counts: Mapping[_Counted, int]
    seen: int
    first_ms: int
    last_ms: int


def _rolled(
    client: Any, question: _Question, resolution: Resolution, beside: Collection[_Counted] = ()
) -> _Rolled:
    """The buckets of one roll-up and all that tells whether they will do, in one statement.

    What is counted and found beside the buckets comes as columns that are the same in every row.
    """
    pair = _pair(resolution)
    own = pair[1:]
    others = [one for one in dict.fromkeys((*beside, *pair)) if one not in own]
    bound = _bound(question, resolution) | _insides(question, (*others, *own))
    columns = client.query(
        _of_rolled(resolution, others, own), parameters=bound, settings=_FEW
    ).result_columns
    if not columns:  # and no row to tell the rest
        counts = _counts(client, question, (*others, *own))
        return _Rolled(_NOTHING, counts, *client.query(_UNSEEN_SPAN, parameters=bound).first_row)
    drawn_from = len(columns) - len(_NOTHING)
    seen, first_ms, last_ms, *known = (int(column[0]) for column in columns[: 3 + len(others)])
    inside = (sum(column) for column in columns[3 + len(others) : drawn_from])
    counts = dict(zip((*others, *own), (*known, *inside), strict=True))
    return _Rolled(columns[drawn_from:], counts, seen, first_ms, last_ms)


def _bound(question: _Question, resolution: Resolution) -> dict[str, Any]:
    return question.bound | {
        "start_ms": floor_ms(resolution, question.start_ms),
        "end_ms": ceil_ms(resolution, question.end_ms),
        "width_ms": question.width_ms(resolution),
        "offset_ms": _offset_ms(resolution),
        "table": ROLLUPS[resolution],
    }


_SEEN = f"(SELECT max(sequence) FROM {PROGRESS} WHERE log = {{table:String}})"  # noqa: S608 - names of our own
_SPAN = "toUnixTimestamp64Milli(min(time)), toUnixTimestamp64Milli(max(time))"
_OF_UNSEEN = f"FROM {READINGS} WHERE {_WITHIN} AND block >= seen"
_UNSEEN_SPAN = f"WITH {_SEEN} AS seen SELECT seen, {_SPAN} {_OF_UNSEEN}"


def _of_rolled(resolution: Resolution, others: Collection[_Counted], own: Collection[_Counted]) -> str:
    """The statement of `_rolled`: first what is found and counted beside the buckets, then these.

    What the roll-up has seen is asked first of all. The mark is moved well after the buckets are stored, so that
    the buckets read with it are never older than it.
    """
    return f"WITH {_SEEN} AS seen, (SELECT tuple({_SPAN}) {_OF_UNSEEN}) AS unseen" + _of_buckets(
        f"{ROLLUPS[resolution]} FINAL WHERE {_WITHIN}",
        *("seen", "unseen.1", "unseen.2"),
        *(f"({one.statement})" for one in others),
        *(f"sumIf({COUNT}, {one.within})" for one in own),
    )


def _up_to_date(client: Any, question: _Question, resolution: Resolution, rolled: _Rolled) -> Sequence[Any]:
    """The buckets of *rolled*, those between which there are unseen readings made anew."""
    if not rolled.last_ms:
        return rolled.columns
    bound = _bound(question, resolution)
    width_ms, offset_ms = bound["width_ms"], bound["offset_ms"]
    first_ms, end_ms = floor_ms(resolution, rolled.first_ms), ceil_ms(resolution, rolled.last_ms + 1)
    first, last = ((at_ms + offset_ms) // width_ms for at_ms in (first_ms, end_ms - 1))
    bound |= {
        "start_ms": max(bound["start_ms"], first * width_ms - offset_ms),
        "end_ms": min(bound["end_ms"], (last + 1) * width_ms - offset_ms),
        "seen": rolled.seen,
        "fresh_ms": first_ms,
        "fresh_end_ms": end_ms,
    }
    source = _freshened(f"{ROLLUPS[resolution]} FINAL WHERE {_WITHIN}", resolution)
    anew = client.query(_of_buckets(source), parameters=bound, settings=READ).result_columns or _NOTHING
    place = np.array(rolled.columns[1], np.int64)
    stays = (place < first) | (place > last)
    columns = [
        np.concatenate([np.asarray(old)[stays], new]) for old, new in zip(rolled.columns, anew, strict=True)
    ]
    order = np.lexsort((columns[1], columns[0]))
    return [column[order] for column in columns]


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


def _of_buckets(source: str, *beside: str) -> str:
    place = f"intDiv({_AT} + {{offset_ms:Int64}}, {{width_ms:Int64}}) AS place"
    return f"""
SELECT {", ".join((*beside, "point", place, f"min({_AT} + first)", _DRAWN))}
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
