"""How complete a period is: readings that came, readings that are missing, silences."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from anlan.adapters.clickhouse.schema import READINGS
from anlan.ports.history import Gaps, Presence, Sampling

# The silence before a point's first reading counts like every other. To count missing readings the
# period's start stands for a reading half an interval before it, so that any phase of the sender fits.
_STEPS = f"""
FROM (
    SELECT point, at, every,
           at - lagInFrame(at, 1, {{start_ms:Int64}} - {{half:UInt8}} * intDiv(every, 2)) OVER (
               PARTITION BY point ORDER BY time ROWS BETWEEN 1 PRECEDING AND CURRENT ROW
           ) AS step
    FROM (
        SELECT point, time, toUnixTimestamp64Milli(time) AS at,
               transform(point, {{points:Array(Int32)}}, {{every_ms:Array(Int64)}}, 0) AS every
        FROM {READINGS} FINAL
        WHERE point IN {{points:Array(Int32)}}
          AND time >= fromUnixTimestamp64Milli({{start_ms:Int64}}, 'UTC')
          AND time < fromUnixTimestamp64Milli({{end_ms:Int64}}, 'UTC')
    )
)
"""  # noqa: S608 - names of our own

# A step of up to one and a half intervals leaves nothing out: senders are uneven by a quarter at most.
_PRESENCE = f"""
SELECT point, count(), toInt64(sum(greatest(0, floor(step / every + 0.5) - 1))), max(at)
{_STEPS}
GROUP BY point
"""

_GAPS = f"""
SELECT point, at - step, at
{_STEPS}
WHERE step > {{factor:Float64}} * every
ORDER BY point, at
LIMIT {{limit:UInt32}}
"""

_LAST = f"""
SELECT point, toUnixTimestamp64Milli(max(time))
FROM {READINGS}
WHERE point IN {{points:Array(Int32)}}
  AND time >= fromUnixTimestamp64Milli({{start_ms:Int64}}, 'UTC')
  AND time < fromUnixTimestamp64Milli({{end_ms:Int64}}, 'UTC')
GROUP BY point
"""  # noqa: S608 - names of our own


def read_presence(client: Any, sampling: Sampling, start_ms: int, end_ms: int) -> Presence:
    """How much of [start, end) came, for each point of *sampling* in its order."""
    every = sampling.every_ms
    expected = np.maximum(1, (end_ms - start_ms) // every)
    received, missing = np.zeros(len(every), np.int64), expected.copy()
    found = client.query(_PRESENCE, parameters=_bound(sampling, start_ms, end_ms) | {"half": 1}).result_rows
    if found:
        point, count, lost, last_ms = (np.array(column, np.int64) for column in zip(*found, strict=True))
        place = _places(sampling, point)
        tail = (end_ms - 1 - last_ms) // every[place]  # whole intervals of silence at the end
        received[place] = count
        missing[place] = np.minimum(lost + tail, expected[place])
    return Presence(received, expected, missing)


def read_gaps(client: Any, sampling: Sampling, start_ms: int, end_ms: int, factor: float, limit: int) -> Gaps:
    """Silences longer than *factor* intervals in [start, end), by point and time, the first *limit*."""
    bound = _bound(sampling, start_ms, end_ms)
    inner = client.query(_GAPS, parameters=bound | {"half": 0, "factor": factor, "limit": limit}).result_rows
    last = dict(client.query(_LAST, parameters=bound).result_rows)
    tails = [
        (point, last.get(point, start_ms), end_ms)
        for point, every in zip(sampling.point.tolist(), sampling.every_ms.tolist(), strict=True)
        if end_ms - last.get(point, start_ms) > factor * every
    ]
    rows = np.array(sorted([*inner, *tails])[:limit], np.int64).reshape(-1, 3)
    return Gaps(rows[:, 0].astype(np.int32), rows[:, 1], rows[:, 2])


def _bound(sampling: Sampling, start_ms: int, end_ms: int) -> dict[str, Any]:
    return {
        "points": sampling.point.tolist(),
        "every_ms": sampling.every_ms.tolist(),
        "start_ms": start_ms,
        "end_ms": end_ms,
    }


def _places(sampling: Sampling, point: NDArray[np.int64]) -> NDArray[np.intp]:
    """Where in *sampling* each of *point* stands."""
    order = np.argsort(sampling.point)
    return order[np.searchsorted(sampling.point, point, sorter=order)]
