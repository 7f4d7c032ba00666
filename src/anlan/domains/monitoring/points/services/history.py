"""Taking history out of the system: decided, limited and on record."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from anlan.domains.monitoring.points import history
from anlan.domains.monitoring.points.contracts import PointView
from anlan.domains.monitoring.points.models import Point
from anlan.domains.monitoring.points.permissions import HISTORY_EXPORT
from anlan.domains.monitoring.points.queries import point_view
from anlan.kernel.clock import to_ms
from anlan.kernel.errors import Invalid
from anlan.kernel.text import Text
from anlan.platform.commands import decide_there, service
from anlan.platform.scope.reading import visible

MAX_READINGS = 5_000_000
"""Of one file: about 60 MB of Parquet at most."""


class TooManyReadings(Invalid):
    """More readings than one file may hold; nothing is cut off silently."""

    code = "too_many_readings"
    title = Text(f"导出超过 {MAX_READINGS} 个读数", f"The export would exceed {MAX_READINGS} readings")
    next_step = Text("请缩短时间范围或减少监测点", "Shorten the period or take fewer points")


@service("points.export_history", permission=HISTORY_EXPORT)
def export_history(point_ids: Sequence[UUID], start: datetime, end: datetime) -> list[PointView]:
    """Decide and record that the readings of points in [start, end) are taken out; the points, in order.

    Raises `TooManyReadings` and `HistoryUnavailable`.
    """
    points = [visible(Point.objects.all(), id) for id in point_ids]
    for point in points:
        decide_there(HISTORY_EXPORT, point.region, point.zone)
    numbers = [point.number for point in points]
    found = history.historian().count(numbers, to_ms(start), to_ms(end))
    if found > MAX_READINGS:
        raise TooManyReadings(facts={"readings": found, "limit": MAX_READINGS})
    return [point_view(point) for point in points]
