"""The positions of a GNSS station out of the history of its three points."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from anlan.domains.monitoring.points.history import historian
from anlan.domains.monitoring.points.queries import find_point
from anlan.kernel.clock import to_ms
from anlan.kernel.units import UNITS
from anlan.ports.history import Series

Floats = NDArray[np.float64]

_MOST = 240
"""Values of a record that are judged: one in six hours over sixty days, so that a trend outlasts the noise."""


@dataclass(frozen=True)
class Positions:
    """East, north and up in metres, shape (n, 3), NaN where an axis has no value, at rising seconds since 1970.

    Each is the mean of *readings* readings (their median number).
    """

    times_s: Floats
    metres: Floats
    readings: float


def positions_of(point_ids: tuple[UUID, UUID, UUID], start: datetime, end: datetime) -> Positions | None:
    """The record of the three points in [start, end), on the times of the first; None when there is none.

    A value of another axis counts for a time when it lies within half the record's usual step of it.
    """
    points = [find_point(point_id) for point_id in point_ids]
    found = [historian().series(point.number, to_ms(start), to_ms(end), 2 * _MOST) for point in points]
    times_s = _middle_s(found[0], end)
    if len(times_s) < 2:
        return None
    reach_s = max(1.0, 0.5 * float(np.median(np.diff(times_s))))
    columns = [
        _nearest(series, times_s, reach_s, end) * UNITS[point.unit].factor
        for series, point in zip(found, points, strict=True)
    ]
    return Positions(times_s, np.stack(columns, axis=1), float(np.median(found[0].count)))


def _middle_s(series: Series, end: datetime) -> Floats:
    """The middle of what each row stands for: a mean is that of no other moment."""
    first = series.time_ms / 1000.0
    return 0.5 * (first + np.minimum(first + series.width_ms / 1000.0, np.maximum(first, end.timestamp())))


def _nearest(series: Series, times_s: Floats, reach_s: float, end: datetime) -> Floats:
    """The mean of *series* nearest to each time, NaN where none lies within *reach_s*."""
    at = _middle_s(series, end)
    if not len(at):
        return np.full(len(times_s), np.nan)
    after = np.clip(np.searchsorted(at, times_s), 0, len(at) - 1)
    before = np.maximum(after - 1, 0)
    chosen = np.where(np.abs(at[before] - times_s) <= np.abs(at[after] - times_s), before, after)
    return np.where(np.abs(at[chosen] - times_s) <= reach_s, series.mean[chosen], np.nan)
