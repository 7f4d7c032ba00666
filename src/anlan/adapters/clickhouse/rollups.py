"""Roll-ups of readings: exact whatever order, repetition or correction the readings came in.

A bucket is always computed anew from what lies below it, never added to. What lies below is read with
FINAL, so that a reading sent twice counts once and a corrected one in its last word. Which buckets to
compute is told by the appends: each is numbered (``block``), a roll-up notes how far it has seen.

A bucket that was computed from fewer readings never replaces one of more (``version`` is the count, then
the block): readings are only ever replaced, so fewer of them means that some are past their retention.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from anlan.adapters.clickhouse.schema import PROGRESS, READINGS, ROLLUPS
from anlan.kernel.quality import Quality
from anlan.ports.history import Resolution

BLOCK_LOG = "block"
STEP_BLOCKS = 3_600
"""Appends that one step takes in at most: about an hour of a busy system."""

# Settings of every statement here and of charts. Replacing happens within a partition, and a key never
# changes partition. Rows come in the order of the key, so that a group is done when the next begins.
READ = {"do_not_merge_across_partitions_select_final": 1, "optimize_aggregation_in_order": 1}

COLUMNS = "first, minimum, maximum, last, total, usable, good, uncertain, bad, manual, simulated"
COUNT = "(good + uncertain + bad + manual + simulated)"

_FLOOR = {
    Resolution.MINUTE: "toStartOfMinute(time)",
    Resolution.HOUR: "toStartOfHour(time)",
    Resolution.DAY: "toStartOfDay(time, 'Asia/Shanghai')",
}
_FINER = {Resolution.HOUR: Resolution.MINUTE, Resolution.DAY: Resolution.HOUR}
_DAY_OFFSET_MS = 8 * Resolution.HOUR  # the day of the plan is China's, which knows no summer time

_NUMBER = "isFinite(value)"
_USABLE = f"(isFinite(value) AND quality != {Quality.BAD})"


def floor(resolution: Resolution) -> str:
    """The beginning of the bucket in which ``time`` lies, as SQL; of days, China's midnight."""
    return _FLOOR[resolution]


def floor_ms(resolution: Resolution, at_ms: int) -> int:
    """The same for a number of UTC milliseconds."""
    offset = _DAY_OFFSET_MS if resolution is Resolution.DAY else 0
    return (at_ms + offset) // resolution * resolution - offset


def ceil_ms(resolution: Resolution, at_ms: int) -> int:
    """The end of the bucket in which the millisecond before *at_ms* lies."""
    return floor_ms(resolution, at_ms - 1) + resolution


def of_readings(bucket: str) -> str:
    """The columns of a bucket from readings, as SQL; *bucket* is its beginning as a ``DateTime``.

    Values that are no numbers count by their quality alone. The sum runs in the order of time, whatever
    order the rows are read in: additions of floating point numbers cannot be exchanged.
    """
    return ", ".join(
        [
            f"{bucket} AS bucket",
            "toUInt32(toUnixTimestamp64Milli(min(time)) - 1000 * toInt64(toUnixTimestamp(bucket))) AS first",
            f"ifNull(minOrNullIf(value, {_NUMBER}), nan) AS minimum",
            f"ifNull(maxOrNullIf(value, {_NUMBER}), nan) AS maximum",
            f"ifNull(argMaxOrNullIf(value, time, {_NUMBER}), nan) AS last",
            f"{_ordered_sum('(time, value)', _USABLE)} AS total",
            f"toUInt32(countIf({_USABLE})) AS usable",
            *(f"toUInt32(countIf(quality = {code.value})) AS {code.name.lower()}" for code in Quality),
        ]
    )


def of_finer(bucket: str) -> str:
    """The columns of a bucket from finer buckets, as SQL."""
    counts = ("usable", *(code.name.lower() for code in Quality))
    return ", ".join(
        [
            f"{bucket} AS bucket",
            "toUInt32(min(1000 * toInt64(toUnixTimestamp(time)) + source.first)"
            " - 1000 * toInt64(toUnixTimestamp(bucket))) AS first",
            "ifNull(minOrNullIf(source.minimum, isFinite(source.minimum)), nan) AS minimum",
            "ifNull(maxOrNullIf(source.maximum, isFinite(source.maximum)), nan) AS maximum",
            "ifNull(argMaxOrNullIf(source.last, time, isFinite(source.last)), nan) AS last",
            f"{_ordered_sum('(time, source.total)', 'source.usable > 0')} AS total",
            *(f"toUInt32(sum(source.{name})) AS {name}" for name in counts),
        ]
    )


def _ordered_sum(pair: str, condition: str) -> str:
    return f"arraySum(one -> one.2, arraySort(one -> one.1, groupArrayIf({pair}, {condition})))"


def marks(client: Any) -> dict[str, int]:
    """How far each log is stored: TELE, the appends (the last block), and by its table each roll-up (the first
    block that it has not seen)."""
    rows = client.query(f"SELECT log, max(sequence) FROM {PROGRESS} GROUP BY log").result_rows  # noqa: S608
    return dict(rows)


def move_marks(client: Any, places: Mapping[str, int], settings: Mapping[str, object]) -> None:
    """Note how far the logs *places* are stored.

    The driver's own insert of rows would load pandas, and that pyarrow: 70 MB for a few numbers.
    """
    rows = "".join(f"{log},{sequence}\n" for log, sequence in places.items())
    client.raw_insert(PROGRESS, ["log", "sequence"], rows, dict(settings), "CSV")


@dataclass(frozen=True)
class _Span:
    """A stretch of time with buckets to compute, in UTC seconds."""

    start_s: int
    end_s: int


def roll_up(client: Any, resolution: Resolution, settings: Mapping[str, object]) -> bool:
    """Bring one roll-up on by a bounded step; True when there is more to do.

    The mark is moved after the buckets are stored: a stop in between computes them again.
    """
    table, finer = ROLLUPS[resolution], _FINER.get(resolution)
    known = marks(client)
    # marks of roll-ups are the first block not seen; readings of before there were blocks have block 0
    seen, goal = known.get(table, 0), known.get(ROLLUPS[finer], 0) if finer else known.get(BLOCK_LOG, 0) + 1
    upto = min(goal, seen + STEP_BLOCKS)
    if upto <= seen:
        return False
    bound = {"seen": seen, "upto": upto}
    for span in _spans(client, resolution, bound):
        client.command(
            _fill(resolution),
            parameters=bound | {"start_s": span.start_s, "end_s": span.end_s},
            settings={**READ, **settings},
        )
    move_marks(client, {table: upto}, settings)
    return upto < goal


def _source(resolution: Resolution) -> str:
    finer = _FINER.get(resolution)
    return ROLLUPS[finer] if finer else READINGS


_TOUCHED = "block >= {seen:UInt64} AND block < {upto:UInt64}"
_WITHIN = "time >= toDateTime({start_s:UInt32}, 'UTC') AND time < toDateTime({end_s:UInt32}, 'UTC')"


def _spans(client: Any, resolution: Resolution, bound: Mapping[str, int]) -> Iterator[_Span]:
    """Where the touched buckets lie: those less than a day apart together, a month at most.

    Late readings further from the live ones make a stretch of their own: what lies between is not read.
    """
    step = max(Resolution.HOUR, resolution)
    unit = floor(step)
    rows = client.query(
        f"SELECT DISTINCT toUnixTimestamp({unit}) AS at, toYYYYMM({unit}) "  # noqa: S608
        f"FROM {_source(resolution)} WHERE {_TOUCHED} ORDER BY at",
        parameters=dict(bound),
    ).result_rows
    if not rows:
        return
    step_s = step // 1000
    start_s = rows[0][0]
    for (at_s, month), (next_s, next_month) in pairwise([*rows, (0, 0)]):
        if next_month != month or next_s - at_s > Resolution.DAY // 1000:
            yield _Span(start_s, at_s + step_s)
            start_s = next_s


def _fill(resolution: Resolution) -> str:
    source, bucket = _source(resolution), floor(resolution)
    columns = of_finer(bucket) if resolution in _FINER else of_readings(bucket)
    return f"""
INSERT INTO {ROLLUPS[resolution]} (point, time, {COLUMNS}, block, version, made)
SELECT point, bucket, {COLUMNS}, {{upto:UInt64}} - 1,
       bitShiftLeft(toUInt64({COUNT}), 36) + {{upto:UInt64}}, now('UTC')
FROM (
    SELECT point, {columns}
    FROM {source} AS source FINAL
    WHERE {_WITHIN}
      AND (point, {bucket}) GLOBAL IN (
          SELECT point, {bucket} FROM {source} WHERE {_WITHIN} AND {_TOUCHED}
      )
    GROUP BY point, bucket
)
"""  # noqa: S608 - names of our own
