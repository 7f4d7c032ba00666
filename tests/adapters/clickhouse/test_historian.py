"""What the history promises: each reading once, the newest word, charts that hide nothing."""

import numpy as np
import pytest

from anlan.adapters.clickhouse import ClickHouseHistorian
from anlan.kernel.quality import Quality
from anlan.ports.history import ReadingColumns

NOON = 1_790_000_000_000
"""2026-09-21T14:13:20Z, in milliseconds."""

YEAR_MS = 365 * 86_400_000


def readings(time_ms, value, *, point=7, sequence=1, quality=Quality.GOOD):
    time_ms, value = np.asarray(time_ms, np.int64), np.asarray(value, np.float64)
    size = len(time_ms)
    return ReadingColumns(
        point=np.broadcast_to(np.int32(point), size).copy(),
        event_ms=time_ms,
        value=value,
        quality=np.broadcast_to(np.uint8(quality), size).copy(),
        arrived_ms=time_ms + 40,
        sequence=np.broadcast_to(np.uint64(sequence), size).copy(),
    )


def test_a_resent_reading_is_stored_once(historian):
    sent = readings([NOON, NOON + 1000], [1.5, 2.5], sequence=3)
    historian.append(sent)
    historian.append(sent)
    series = historian.series(7, NOON, NOON + 5000, 100)
    assert series.time_ms.tolist() == [NOON, NOON + 1000]
    assert series.last.tolist() == [1.5, 2.5]
    assert series.count.tolist() == [1, 1]


@pytest.mark.parametrize("order", [(4, 9), (9, 4)])
def test_the_later_word_of_the_log_about_the_same_moment_holds(historian, order):
    values = {4: 10.0, 9: 20.0}
    for sequence in order:
        historian.append(readings([NOON], [values[sequence]], sequence=sequence))
    assert historian.series(7, NOON, NOON + 1, 100).last.tolist() == [20.0]


def test_a_series_keeps_to_its_point_and_its_times(historian):
    historian.append(readings([NOON - 1, NOON, NOON + 999, NOON + 1000], [0, 1, 2, 3]))
    historian.append(readings([NOON + 500], [9], point=8))
    assert historian.series(7, NOON, NOON + 1000, 100).last.tolist() == [1, 2]
    assert len(historian.series(9, NOON, NOON + 1000, 100).time_ms) == 0


def reference_buckets(time_ms, value, width_ms):
    """Bucket number → (first time, minimum, maximum, last, count), computed plainly."""
    buckets = {}
    for moment, number in sorted(zip(time_ms.tolist(), value.tolist(), strict=True)):
        first, low, high, _, count = buckets.get(moment // width_ms, (moment, number, number, number, 0))
        buckets[moment // width_ms] = (first, min(low, number), max(high, number), number, count + 1)
    return buckets


def test_a_long_series_is_thinned_to_true_minima_and_maxima(historian):
    random = np.random.default_rng(7)
    time_ms = NOON + np.cumsum(random.integers(1, 2000, 20_000))
    value = np.round(np.cumsum(random.normal(size=20_000)), 2)
    everything = readings(time_ms, value)
    historian.append(everything)
    historian.append(everything)
    start, end = NOON, int(time_ms[-1]) + 1

    series = historian.series(7, start, end, 2000)

    assert series.thinned
    assert 2 * len(series.time_ms) <= 2000
    width_ms = -(-(end - start) // 999)
    drawn = list(
        zip(
            series.time_ms.tolist(), series.minimum.tolist(), series.maximum.tolist(),
            series.last.tolist(), series.count.tolist(), strict=True,
        )
    )  # fmt: skip
    assert drawn == list(reference_buckets(time_ms, value, width_ms).values())
    assert (series.time_ms[0], series.last[-1]) == (time_ms[0], value[-1])


def test_a_series_that_fits_is_not_thinned(historian):
    historian.append(readings(NOON + np.arange(2000) * 1000, np.arange(2000)))
    assert not historian.series(7, NOON, NOON + YEAR_MS, 2000).thinned
    assert historian.series(7, NOON, NOON + YEAR_MS, 1999).thinned


def test_a_chart_that_moves_on_keeps_its_buckets(historian):
    historian.append(readings(NOON + np.arange(5000) * 1000, np.arange(5000)))
    span_ms = 4_000_000
    before = historian.series(7, NOON, NOON + span_ms, 100)
    after = historian.series(7, NOON + 1000, NOON + span_ms + 1000, 100)
    assert set(before.time_ms[1:-1].tolist()) <= set(after.time_ms.tolist())


@pytest.mark.parametrize(
    ("among", "worst"),
    [
        ((Quality.GOOD, Quality.SIMULATED, Quality.BAD), Quality.BAD),
        ((Quality.MANUAL, Quality.UNCERTAIN, Quality.SIMULATED), Quality.UNCERTAIN),
        ((Quality.SIMULATED, Quality.GOOD), Quality.SIMULATED),
    ],
)
def test_a_bucket_shows_its_worst_quality(historian, among, worst):
    for number, quality in enumerate(among):
        historian.append(readings(NOON + number + np.arange(100) * 10, np.zeros(100), quality=quality))
    series = historian.series(7, NOON, NOON + 1000, 4)
    assert series.thinned
    assert set(series.quality.tolist()) == {worst}


def test_a_spool_may_reach_back_over_twenty_years_in_one_block(historian):
    time_ms = NOON - np.arange(250) * 30 * 86_400_000
    historian.append(readings(time_ms, np.arange(250)))
    assert len(historian.series(7, int(time_ms[-1]), NOON + 1, 2000).time_ms) == 250


def test_the_mark_tells_how_far_the_log_is_stored(historian):
    assert historian.last_sequence() == 0
    historian.append(readings([NOON], [1], sequence=12))
    historian.append(readings([NOON], [1], sequence=11))
    assert historian.last_sequence() == 12


@pytest.mark.parametrize("url", ["nats://x/y", "http://host:8123", "http://host/a-b"])
def test_a_wrong_address_is_told_at_once(url):
    with pytest.raises(ValueError, match=r"form|plain name"):
        ClickHouseHistorian(url)
