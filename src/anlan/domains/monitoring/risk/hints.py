"""Statistical hints about a unit, computed when somebody asks: they raise no alarm and lower no level.

Ten-minute means of the last week; what came before the last six hours is the training window. The
figures of this module are ours: they decide what is worth a word, and nothing else.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from anlan.domains.monitoring.points.contracts import PointView
from anlan.domains.monitoring.points.history import historian
from anlan.domains.monitoring.points.queries import limits_of_point, points_of_enterprise
from anlan.kernel.clock import to_ms
from anlan.kernel.errors import Invalid
from anlan.kernel.levels import Condition
from anlan.kernel.models import ModelCard
from anlan.kernel.text import Text
from anlan.science.anomaly import cusum, ewma, fit_monitor, mann_kendall, robust_baseline, time_to_limit
from anlan.science.anomaly.cards import CUSUM, EWMA, PCA, SEASON, TIME_TO_LIMIT, TREND

SPAN = timedelta(days=7)
WATCHED = timedelta(hours=6)
STEP = timedelta(minutes=10)
TREND_SPAN = timedelta(days=30)
MOST_POINTS = 60

_Z, _CUSUM_LIMIT, _TREND_P, _AHEAD = 4.0, 5.0, 0.01, timedelta(hours=24)
_QUIET = 0.05
"""A chart that signals in more than this share of its own training window says nothing about now."""

_OUT = 0.1
"""Out of control so much of the watched time: ten times what the limits allow in normal running."""

_FINER = 2
_CHINA_MS = 8 * 3_600_000
_HOUR_MS = 3_600_000
_LIMITS = (Condition.HIGH_HIGH, Condition.HIGH, Condition.LOW, Condition.LOW_LOW)

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Limit:
    """A limit that a trend may meet."""

    condition: Condition
    threshold: float


@dataclass(frozen=True)
class Watched:
    """A point as the hints look at it."""

    id: UUID
    number: int
    tag: str
    name: str
    unit: str
    limits: tuple[Limit, ...]


@dataclass(frozen=True)
class Hint:
    """One thing that the statistics point out, by which model; *point* None when it is about the unit."""

    model: ModelCard
    words: Text
    figure: float
    point: Watched | None = None


@dataclass(frozen=True)
class Hints:
    """What the statistics point out at *at*; *trained* readings lie before *watched_from*."""

    at: datetime
    trained_from: datetime
    watched_from: datetime
    trained: int
    points: int
    found: tuple[Hint, ...]
    without: tuple[Text, ...]


def watched_points(enterprise_id: UUID, unit_id: UUID) -> tuple[Watched, ...]:
    """The points of a unit (or, given the enterprise's own id, those of no unit) with their limits, at most 60."""
    wanted = None if unit_id == enterprise_id else unit_id
    points = [one for one in points_of_enterprise(enterprise_id) if one.process_unit_id == wanted]
    return tuple(_watched(one) for one in points[:MOST_POINTS])


def _watched(point: PointView) -> Watched:
    limits = tuple(
        Limit(one.kind, one.threshold)
        for one in limits_of_point(point.id)
        if one.enabled and one.kind in _LIMITS and one.threshold is not None
    )
    return Watched(point.id, point.number, point.tag, point.name, point.unit, limits)


def hints_of(points: Sequence[Watched], at: datetime) -> Hints:
    """What the statistics point out about *points*. Raises `HistoryUnavailable`."""
    times_ms, readings = _means([one.number for one in points], at, SPAN, STEP)
    watched_ms = to_ms(at - WATCHED)
    training = times_ms < watched_ms
    found: list[Hint] = []
    without: list[Text] = []
    try:
        found += _of_unit(points, readings, training)
    except Invalid as too_little:
        without.append(too_little.title)
    days = _means([one.number for one in points], at, TREND_SPAN, timedelta(days=1))[1]
    for column, point in enumerate(points):
        found += _of_point(point, times_ms, readings[:, column], training)
        found += _trend(point, days[:, column])
    trained = int(np.isfinite(readings[training]).any(axis=1).sum()) if len(points) else 0
    return Hints(at, at - SPAN, at - WATCHED, trained, len(points), tuple(found), tuple(without))


def _means(
    numbers: Sequence[int], at: datetime, span: timedelta, step: timedelta
) -> tuple[NDArray[np.int64], Floats]:
    """Means of each point in whole steps up to *at*: the steps' beginnings and (steps, points), NaN where none."""
    width = step // timedelta(milliseconds=1)
    end = to_ms(at) // width * width
    count = span // step
    times = end - width * np.arange(count, 0, -1, dtype=np.int64)
    means = np.full((count, len(numbers)), np.nan)
    # asked for finer buckets than wanted: theirs may begin anywhere
    series = historian().compare(numbers, int(times[0]), end, 2 * _FINER * count) if numbers else []
    for column, one in enumerate(series):
        place = (one.time_ms - times[0]) // width
        good = (place >= 0) & (place < count) & np.isfinite(one.mean)
        number = np.bincount(place[good], minlength=count)
        total = np.bincount(place[good], one.mean[good], count)
        means[:, column] = np.divide(total, number, out=np.full(count, np.nan), where=number > 0)
    return times, means


def _of_unit(points: Sequence[Watched], readings: Floats, training: NDArray[np.bool_]) -> Iterator[Hint]:
    """T² and Q: how much of the watched hours the unit was not itself, and which points stand out."""
    monitor = fit_monitor(readings[training], blocks=4)
    watched = readings[~training]
    signals = monitor.score(watched).signals
    if signals.mean() < _OUT:
        return
    share = 100.0 * float(signals.mean())
    shares = np.nanmean(monitor.contributions(watched[signals]), axis=0)
    named = [points[column] for column in np.argsort(-shares)[:3] if shares[column] > 0]
    tags = "、".join(one.tag for one in named)
    yield Hint(
        PCA,
        Text(
            f"近 6 小时 {share:.0f}% 的时间测点之间的关系异于以往，最明显：{tags}",
            f"For {share:.0f} % of the last six hours the points did not move together as before; most: {tags}",
        ),
        share,
    )


def _of_point(
    point: Watched, times_ms: NDArray[np.int64], values: Floats, training: NDArray[np.bool_]
) -> Iterator[Hint]:
    known = values[training]
    if np.isfinite(known).sum() < 100 or not np.isfinite(values[~training]).any():
        return
    season = (times_ms + _CHINA_MS) // _HOUR_MS % 24
    z = robust_baseline(known, season[training], 24).z(values, season)
    last = float(z[np.flatnonzero(np.isfinite(values))[-1]])
    if abs(last) > _Z:
        words = Text(
            f"{point.tag} 比往日同一时段偏离 {last:+.1f} 个稳健标准差",
            f"{point.tag} is {last:+.1f} robust deviations off the same hour of other days",
        )
        yield Hint(SEASON, words, last, point)
    yield from _charts(point, values, training)
    recent = np.flatnonzero(~training & np.isfinite(values))
    yield from _limits(point, times_ms[recent], values[recent])


def _charts(point: Watched, values: Floats, training: NDArray[np.bool_]) -> Iterator[Hint]:
    known = values[training]
    deviation = float(np.nanstd(known, ddof=1))
    if not deviation > 0:
        return
    plain = (values - np.nanmean(known)) / deviation
    chart, sums = ewma(plain), cusum(plain)
    for card, flags, size in (
        (EWMA, (np.abs(chart.value) > chart.limit)[:, 0], float(chart.value[-1, 0])),
        (
            CUSUM,
            (np.maximum(sums.upper, sums.lower) > _CUSUM_LIMIT)[:, 0],
            float(max(sums.upper[-1, 0], sums.lower[-1, 0])),
        ),
    ):
        if flags[-1] and flags[training].mean() <= _QUIET:
            words = Text(
                f"{point.tag} 均值有小幅持续偏移（{card.title.zh}）",
                f"The mean of {point.tag} has shifted a little and stays there ({card.title.en})",
            )
            yield Hint(card, words, size, point)


def _limits(point: Watched, times_ms: NDArray[np.int64], values: Floats) -> Iterator[Hint]:
    """The first limit that a straight line through the last six hours meets within a day."""
    if len(values) < 6:
        return
    now_s = float(times_ms[-1]) / 1000.0
    ahead = []
    for limit in point.limits:
        rising = limit.condition.is_upper
        if (values[-1] >= limit.threshold) == rising:
            continue
        meets = time_to_limit(times_ms / 1000.0, values, limit.threshold, rising=rising)
        if meets.time_s is not None and now_s < meets.time_s <= now_s + _AHEAD.total_seconds():
            ahead.append((meets.time_s, meets.early_s, meets.late_s, limit))
    if not ahead:
        return
    time_s, early_s, late_s, limit = min(ahead, key=lambda one: one[0])
    hours, early, late = (((one or 0.0) - now_s) / 3600.0 for one in (time_s, early_s, late_s))
    zh_late, en_late = (f"{late:.1f}", f"{late:.1f}") if np.isfinite(late) else ("不定", "open")
    label = limit.condition.label
    yield Hint(
        TIME_TO_LIMIT,
        Text(
            f"{point.tag} 按近 6 小时线性变化约 {hours:.1f} 小时后到{label.zh}限（{max(early, 0):.1f}–{zh_late}）",
            f"{point.tag} meets its {label.en.lower()} limit in about {hours:.1f} h"
            f" ({max(early, 0):.1f}–{en_late}) if the last six hours go on",
        ),
        hours,
        point,
    )


def _trend(point: Watched, days: Floats) -> Iterator[Hint]:
    found = mann_kendall(days)
    if found.p < _TREND_P:
        zh, en = ("上升", "up") if found.slope > 0 else ("下降", "down")
        unit = f" {point.unit}" if point.unit else ""
        words = Text(
            f"{point.tag} 近 30 天持续{zh}，每天约 {found.slope:+.3g}{unit}",
            f"{point.tag} has been going {en} for 30 days, by about {found.slope:+.3g}{unit} a day",
        )
        yield Hint(TREND, words, found.slope, point)


def models_of(hints: Hints) -> Mapping[str, ModelCard]:
    """The cards behind *hints*, by id; those of a unit's monitor also when it says nothing."""
    return {card.id: card for card in (PCA, *(hint.model for hint in hints.found))}
