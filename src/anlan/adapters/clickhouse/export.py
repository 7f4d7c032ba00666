"""Readings taken out as a Parquet file, which ClickHouse writes itself."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from anlan.adapters.clickhouse.rollups import READ
from anlan.adapters.clickhouse.schema import READINGS

_PIECE_BYTES = 256 * 1024

_WHERE = f"""
FROM {READINGS} FINAL
WHERE point IN {{points:Array(Int32)}}
  AND time >= fromUnixTimestamp64Milli({{start_ms:Int64}}, 'UTC')
  AND time < fromUnixTimestamp64Milli({{end_ms:Int64}}, 'UTC')
"""

_READINGS = f"""
SELECT point,
       transform(point, {{points:Array(Int32)}}, {{tags:Array(String)}}, '') AS tag,
       transform(point, {{points:Array(Int32)}}, {{units:Array(String)}}, '') AS unit,
       time, value, quality, arrived
{_WHERE}
ORDER BY point, time
"""
_SETTINGS = {**READ, "output_format_parquet_string_as_string": 1}


def count_readings(client: Any, points: Sequence[int], start_ms: int, end_ms: int) -> int:
    """How many readings of *points* there are in [start, end)."""
    bound = {"points": list(points), "start_ms": start_ms, "end_ms": end_ms}
    return int(client.query(f"SELECT count() {_WHERE}", parameters=bound, settings=READ).first_row[0])


def parquet_pieces(
    client: Any, labels: Mapping[int, tuple[str, str]], start_ms: int, end_ms: int
) -> Iterator[bytes]:
    """One Parquet file in pieces; *labels* are tag and unit by point."""
    bound = {
        "points": list(labels),
        "tags": [tag for tag, _ in labels.values()],
        "units": [unit for _, unit in labels.values()],
        "start_ms": start_ms,
        "end_ms": end_ms,
    }
    with client.raw_stream(_READINGS, parameters=bound, settings=_SETTINGS, fmt="Parquet") as stream:
        while piece := stream.read(_PIECE_BYTES):
            yield piece
