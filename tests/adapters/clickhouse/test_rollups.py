"""Roll-ups: the same to the last bit in whatever order, how often and with what corrections readings came."""

from dataclasses import replace

import numpy as np
import pytest
from tests.adapters.clickhouse.test_historian import NOON, YEAR_MS, readings

from anlan.adapters.clickhouse import ClickHouseHistorian
from anlan.kernel.quality import Quality
from anlan.ports.history import ROLLED_UP, ReadingColumns, Retention

MINUTE, HOUR, DAY = ROLLED_UP
BEIJING_MS = 8 * HOUR
TABLES = {MINUTE: "rollup_minute", HOUR: "rollup_hour", DAY: "rollup_day"}
COLUMNS = (
    "point, toUnixTimestamp(time) * 1000, first, minimum, maximum, last, total, usable,"
    " good, uncertain, bad, manual, simulated"
)


def roll_up(historian):
    for resolution in ROLLED_UP:
        while historian.roll_up(resolution):
            pass


def stored(client, resolution):
    """The roll-up as it is answered from: rows by point and time."""
    statement = f"SELECT {COLUMNS} FROM {TABLES[resolution]} FINAL ORDER BY point, time"  # noqa: S608
    return [tuple(None if one != one else one for one in row) for row in client.query(statement).result_rows]


def everything(client):
    return {resolution: stored(client, resolution) for resolution in ROLLED_UP}


def two_days(seed=11):
    """Two points, two days, uneven and with holes, every quality, sums that no double holds exactly."""
    random = np.random.default_rng(seed)
    blocks = []
    for point in (3, 4):
        time_ms = NOON + np.cumsum(random.integers(1, 80_000, 4_000))
        time_ms = time_ms[(time_ms - NOON) % (6 * HOUR) > 40 * MINUTE]
        value = np.round(20 + np.cumsum(random.normal(size=len(time_ms))) / 7, 3)
        value[random.random(len(value)) < 0.002] = np.nan
        block = readings(time_ms, value, point=point)
        blocks.append(
            replace(block, quality=random.choice([0, 0, 0, 1, 2, 3, 4], len(value)).astype(np.uint8))
        )
    return joined(blocks)


def joined(blocks):
    names = ("point", "event_ms", "value", "quality", "arrived_ms", "sequence")
    return ReadingColumns(*(np.concatenate([getattr(block, name) for block in blocks]) for name in names))


def taken(columns, rows, sequence):
    names = ("point", "event_ms", "value", "quality", "arrived_ms")
    chosen = [getattr(columns, name)[rows] for name in names]
    return ReadingColumns(*chosen, np.full(len(chosen[0]), sequence, np.uint64))


def by_hand(columns, resolution):
    """The roll-up computed plainly: bucket by bucket, sums minute by minute, then hour by hour, in order of time."""
    found = []
    offset = BEIJING_MS if resolution is DAY else 0
    for point in np.unique(columns.point):
        own = columns.point == point
        order = np.argsort(columns.event_ms[own])
        at, value, quality = (
            column[own][order] for column in (columns.event_ms, columns.value, columns.quality)
        )
        bucket = (at + offset) // resolution * resolution - offset
        for start in np.unique(bucket):
            inside = bucket == start
            numbers = value[inside][np.isfinite(value[inside])]
            usable = inside & np.isfinite(value) & (quality != Quality.BAD)
            counts = [int((quality[inside] == code).sum()) for code in Quality]
            edges = [edge for edge in (MINUTE, HOUR) if edge < resolution]
            found.append(
                (
                    int(point), int(start), int(at[inside][0] - start), *extremes_and_last(numbers),
                    sum_by(at[usable], value[usable], edges), int(usable.sum()), *counts,
                )
            )  # fmt: skip
    return found


def extremes_and_last(numbers):
    return (numbers.min(), numbers.max(), numbers[-1]) if len(numbers) else (None, None, None)


def sum_by(at, value, edges):
    if not edges:
        total = 0.0
        for one in value.tolist():
            total += one
        return total
    part = at // edges[-1]
    return sum_by(
        np.unique(part),
        np.array([sum_by(at[part == one], value[part == one], edges[:-1]) for one in np.unique(part)]),
        [],
    )


def test_roll_ups_are_those_computed_by_hand(historian, client):
    columns = two_days()
    historian.append(columns)
    roll_up(historian)
    for resolution in ROLLED_UP:
        assert stored(client, resolution) == by_hand(columns, resolution)


@pytest.mark.parametrize("seed", [1, 2])
def test_disorder_repetition_and_corrections_give_the_roll_ups_of_the_orderly_run(historian, client, seed):
    """The later word of the log about a moment holds; besides that, nothing depends on how readings come."""
    random = np.random.default_rng(seed)
    columns = two_days(seed)
    wrong = random.random(len(columns)) < 0.02
    final = replace(columns, value=np.where(wrong, columns.value + 1.25, columns.value))
    order = random.permutation(len(columns))
    for number, rows in enumerate(np.array_split(order, 6), start=1):
        repeated = np.concatenate([rows, random.choice(order, 300)])
        historian.append(taken(columns, repeated, number))
        if random.random() < 0.6:
            historian.roll_up(random.choice([MINUTE, HOUR, DAY]))
    roll_up(historian)
    for number, rows in enumerate(np.array_split(np.flatnonzero(wrong), 3), start=7):
        historian.append(taken(final, rows, number))
        historian.append(taken(columns, rows, number - 6))  # the wrong word again, from far back in the log
    roll_up(historian)
    found = everything(client)
    assert found == {resolution: by_hand(final, resolution) for resolution in ROLLED_UP}


@pytest.mark.parametrize(
    ("span_ms", "rolled"), [(30 * HOUR, 0.0), (30 * HOUR, 0.5), (30 * HOUR, 1.0), (40 * DAY, 0.5)]
)
def test_a_long_series_from_roll_ups_is_that_from_readings(historian, span_ms, rolled):
    """Whatever part of it the roll-ups have seen."""
    columns = two_days()
    step = span_ms // (2 * DAY) or 1
    columns = replace(columns, event_ms=NOON + (columns.event_ms - NOON) * step)
    order = np.random.default_rng(5).permutation(len(columns))
    cut = int(rolled * len(columns))
    historian.append(taken(columns, order[:cut], 1))
    roll_up(historian)
    historian.append(taken(columns, order[cut:], 2))
    end_ms = int(columns.event_ms.max()) + 1

    series = historian.series(4, NOON, end_ms, 200)

    assert series.thinned
    assert series.resolution == (HOUR if span_ms > 30 * DAY else MINUTE)
    assert series.width_ms % series.resolution == 0
    assert 2 * len(series.time_ms) <= 204
    own = columns.point == 4
    expected = plain_buckets(columns.event_ms[own], columns.value[own], columns.quality[own], series.width_ms)
    drawn = zip(
        series.time_ms.tolist(), series.minimum.tolist(), series.maximum.tolist(), series.last.tolist(),
        series.count.tolist(), series.good.tolist(), strict=True,
    )  # fmt: skip
    assert list(drawn) == [row[:6] for row in expected]
    assert series.mean == pytest.approx([row[6] for row in expected], rel=1e-12)


def plain_buckets(at, value, quality, width_ms):
    found = []
    order = np.argsort(at)
    at, value, quality = at[order], value[order], quality[order]
    for place in np.unique(at // width_ms):
        inside = at // width_ms == place
        numbers = value[inside][np.isfinite(value[inside])]
        usable = value[inside & np.isfinite(value) & (quality != Quality.BAD)]
        found.append(
            (
                int(at[inside][0]), *extremes_and_last(numbers), int(inside.sum()),
                int((quality[inside] == 0).sum()), usable.mean(),
            )
        )  # fmt: skip
    return found


def test_a_late_reading_shows_at_once_and_is_in_the_roll_up_after_the_next_pass(historian, client):
    time_ms = NOON + np.arange(20_000) * 10_000
    historian.append(readings(time_ms, np.zeros(20_000)))
    roll_up(historian)
    historian.append(readings([NOON + 5 * HOUR + 5], [99.0], sequence=2))
    end_ms = NOON + 200_000_000
    assert historian.series(7, NOON, end_ms, 400).maximum.max() == 99.0
    assert max(row[4] for row in stored(client, MINUTE)) == 0.0
    roll_up(historian)
    for resolution in ROLLED_UP:
        assert max(row[4] for row in stored(client, resolution)) == 99.0


def test_a_chart_is_the_same_before_and_after_the_roll_ups_see_its_newest_and_its_late_readings(historian):
    """One point with late readings and a silence, one that is new, one that has nothing new, one without readings."""
    columns = two_days()
    first, silent = columns.point == 3, abs(columns.event_ms - NOON - 20 * HOUR) < 2 * HOUR
    newest, late = columns.event_ms > NOON + 47 * HOUR, np.arange(len(columns)) % 997 == 0
    fresh = newest | late | (columns.point == 4)
    historian.append(taken(columns, np.flatnonzero(first & ~silent & ~fresh), 1))
    historian.append(readings(NOON + np.arange(1_000) * 60_000, np.arange(1_000)))
    roll_up(historian)
    historian.append(taken(columns, np.flatnonzero(~silent & fresh), 2))

    def charts():
        alone = [historian.series(point, NOON, NOON + 3 * DAY, 300) for point in (3, 4, 5, 7)]
        return [*alone, *historian.compare([4, 5, 3, 7], NOON, NOON + 3 * DAY, 300)]

    before = charts()
    roll_up(historian)
    for drawn, again in zip(before, charts(), strict=True):
        for name in ("time_ms", "minimum", "maximum", "last", "quality", "count", "good"):
            np.testing.assert_array_equal(getattr(drawn, name), getattr(again, name), name)
        assert drawn.mean == pytest.approx(again.mean, rel=1e-12, nan_ok=True)
    sent = [int((~silent & (columns.point == point)).sum()) for point in (3, 4, 5)]
    assert [int(chart.count.sum()) for chart in before[:4]] == [*sent, 1_000]


@pytest.mark.parametrize("span_ms", [HOUR, 30 * DAY])
def test_a_comparison_of_points_that_never_sent_is_empty(historian, span_ms):
    assert [len(one.time_ms) for one in historian.compare([5, 6], NOON, NOON + span_ms, 200)] == [0, 0]


def test_a_day_of_the_roll_up_is_china_s(historian, client):
    midnight_ms = 1_790_006_400_000  # 2026-09-22T00:00 in China
    historian.append(readings([midnight_ms - 1, midnight_ms], [1, 2]))
    roll_up(historian)
    assert [row[1] for row in stored(client, DAY)] == [midnight_ms - DAY, midnight_ms]


def test_readings_of_before_the_roll_ups_are_rolled_up_too(historian, client):
    client.command("ALTER TABLE readings DROP INDEX blocks, DROP COLUMN block")
    client.command(
        "INSERT INTO readings (point, time, value, sequence) "
        "SELECT 7, toDateTime64('2026-09-21 14:13:20', 3, 'UTC') + number, 1.5, 1 FROM numbers(120)"
    )
    historian.prepare()
    roll_up(historian)
    assert sum(row[8] for row in stored(client, DAY)) == 120


def test_a_roll_up_outlives_its_readings_and_is_what_a_chart_shows_then(historian, client):
    time_ms = NOON + np.arange(3 * 5760) * 15_000
    historian.append(readings(time_ms, np.arange(3 * 5760)))
    roll_up(historian)
    before = everything(client)
    client.command("TRUNCATE TABLE readings")  # what is past its retention is dropped by parts
    historian.append(
        readings([NOON + HOUR], [-5.0], sequence=2)
    )  # late, for a bucket whose readings are gone
    roll_up(historian)
    assert everything(client) == before
    whole_ms = NOON // HOUR * HOUR
    short = historian.series(7, whole_ms + HOUR, whole_ms + 2 * HOUR, 2000)
    assert (short.resolution, int(short.count.sum())) == (MINUTE, 240)
    long = historian.series(7, NOON, NOON + 3 * DAY, 100)
    assert (long.resolution, int(long.count.sum())) == (HOUR, 3 * 5760)


def test_several_points_are_compared_in_the_same_buckets(historian):
    historian.append(two_days())
    roll_up(historian)
    three, none, four = historian.compare([3, 5, 4], NOON, NOON + 2 * DAY, 200)
    assert three.width_ms == four.width_ms and three.resolution == MINUTE
    assert not (three.time_ms % three.width_ms).any()
    assert len(none.time_ms) == 0
    alone = historian.series(3, NOON, NOON + 2 * DAY, 200)
    assert alone.maximum.tolist() == three.maximum.tolist()


def test_what_is_past_its_retention_goes_by_arrival_never_by_event_time(facade, historian, client):
    """A replay of an old year came today: it stays."""
    ClickHouseHistorian(facade.url, Retention.parse("reading=90")).prepare()
    now_ms = int(client.command("SELECT toUnixTimestamp64Milli(now64(3))"))
    old = readings(now_ms - 2 * YEAR_MS + np.arange(10), np.zeros(10))
    historian.append(replace(old, arrived_ms=np.full(10, now_ms)))
    past = readings(now_ms - 400 * DAY + np.arange(10), np.zeros(10), point=8)
    historian.append(replace(past, arrived_ms=np.full(10, now_ms - 100 * DAY)))
    client.command("OPTIMIZE TABLE readings FINAL")
    assert client.query("SELECT point, count() FROM readings GROUP BY point").result_rows == [(7, 10)]
    assert {size.name: size.rows for size in historian.sizes()}["readings"] == 10
    ClickHouseHistorian(facade.url, Retention.parse("reading=0,minute=0,hour=0")).prepare()
    assert "TTL" not in client.command("SELECT engine_full FROM system.tables WHERE name = 'readings'")


@pytest.mark.parametrize("wrong", ["raw=90", "reading", "reading=-1", "reading=90d"])
def test_a_retention_that_means_nothing_is_told(wrong):
    with pytest.raises(ValueError, match="is no retention"):
        Retention.parse(wrong)
