"""Latest values of points: coalesced by the evaluator, written in one statement, unaudited."""

from django.db import connection
from numpy import float64, int32, int64, isfinite, uint8
from numpy.typing import NDArray

_UPSERT = """
    INSERT INTO points_latestvalue (point_number, event_at, arrived_at, value, quality, region, zone)
    SELECT p.number, 'epoch'::timestamptz + u.event_ms * interval '1 millisecond',
           'epoch'::timestamptz + u.arrived_ms * interval '1 millisecond', u.value, u.quality, p.region, p.zone
    FROM unnest(%s::int[], %s::bigint[], %s::bigint[], %s::float8[], %s::smallint[])
         AS u (number, event_ms, arrived_ms, value, quality)
    JOIN points_point p ON p.number = u.number
    ORDER BY p.number
    ON CONFLICT (point_number) DO UPDATE
    SET event_at = excluded.event_at, arrived_at = excluded.arrived_at, value = excluded.value,
        quality = excluded.quality
    WHERE excluded.arrived_at >= points_latestvalue.arrived_at"""


def upsert_latest(
    point: NDArray[int32],
    event_ms: NDArray[int64],
    arrived_ms: NDArray[int64],
    value: NDArray[float64],
    quality: NDArray[uint8],
) -> None:
    """Keep the newer of what is stored and what is given; call it inside a scoped transaction.

    Columns of equal length, each point at most once. Points that no longer
    exist are left out; a value that is not finite is stored as null.
    """
    values = [
        number if finite else None for number, finite in zip(value.tolist(), isfinite(value), strict=True)
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            _UPSERT, [point.tolist(), event_ms.tolist(), arrived_ms.tolist(), values, quality.tolist()]
        )
