"""Where the product's one composition root puts the historian, and where charts find it."""

from collections.abc import Collection
from datetime import datetime

import numpy as np

from anlan.domains.monitoring.points.models import Point
from anlan.kernel.clock import to_ms
from anlan.kernel.errors import Unavailable
from anlan.kernel.text import Text
from anlan.ports.history import Historian, Sampling

_historian: Historian | None = None


class HistoryUnavailable(Unavailable):
    """The store of history does not answer; live values and alarms go on without it."""

    code = "history_unavailable"
    title = Text("历史库暂不可用", "The history is not available right now")
    next_step = Text(
        "实时数据和报警不受影响，请稍后重试", "Live values and alarms go on; try again in a moment"
    )


def use(historian: Historian | None) -> None:
    """Answer charts from *historian* in this process; None takes it away."""
    global _historian
    _historian = historian


def historian() -> Historian:
    """The historian in use. Raises `HistoryUnavailable` when there is none."""
    if _historian is None:
        raise HistoryUnavailable()
    return _historian


def completeness(point_numbers: Collection[int], start: datetime, end: datetime) -> dict[int, float]:
    """The part of the readings agreed for [start, end) that came, 0 to 1, by point number.

    Event times count, each once, against the point's sampling interval: what was
    sent twice or too fast does not make up for a silence, what came late does.
    Points of a replay have no completeness worth the name: their time runs faster than they are read.
    Points that the principal may not see are left out. Call it inside a service
    or `read_scope`. Raises `HistoryUnavailable`.
    """
    found = sampling_of(point_numbers)
    if not len(found.point):
        return {}
    presence = historian().presence(found, to_ms(start), to_ms(end))
    return dict(zip(found.point.tolist(), presence.share.tolist(), strict=True))


def sampling_of(point_numbers: Collection[int]) -> Sampling:
    """The agreed intervals of those of *point_numbers* that the principal may see, by number."""
    rows = Point.objects.filter(number__in=list(point_numbers)).order_by("number")
    numbers, seconds = np.array(rows.values_list("number", "sampling_s"), np.float64).reshape(-1, 2).T
    return Sampling(numbers.astype(np.int32), np.maximum(1, np.rint(seconds * 1000)).astype(np.int64))
