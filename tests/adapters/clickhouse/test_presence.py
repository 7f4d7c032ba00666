"""How complete a period is: what on-boarding asks of a point, and where its silences lie."""

import numpy as np
import pytest
from tests.adapters.clickhouse.test_historian import NOON, readings

from anlan.ports.history import Sampling

HOUR_MS = 3_600_000
HOUR_OF_SECONDS = np.arange(3600) * 1000


def agreed(*intervals_ms, first=7):
    """Points *first*, *first* + 1, … with the interval of each."""
    return Sampling(
        np.arange(first, first + len(intervals_ms), dtype=np.int32), np.array(intervals_ms, np.int64)
    )


def share(historian, *intervals_ms):
    return historian.presence(agreed(*intervals_ms), NOON, NOON + HOUR_MS).share.tolist()


@pytest.mark.parametrize("phase_ms", [0, 1, 499, 500, 999])
def test_a_whole_hour_is_complete_whatever_the_phase_of_the_sender(historian, phase_ms):
    historian.append(readings(NOON + phase_ms + HOUR_OF_SECONDS, np.zeros(3600)))
    assert share(historian, 1000) == [1.0]


def test_an_uneven_sender_that_leaves_nothing_out_is_complete(historian):
    jitter = np.random.default_rng(3).integers(-240, 240, 3600)
    historian.append(readings(NOON + 500 + HOUR_OF_SECONDS + jitter, np.zeros(3600)))
    assert share(historian, 1000) == [1.0]


def test_what_is_sent_twice_counts_once_and_what_is_left_out_is_missing(historian):
    kept = HOUR_OF_SECONDS[(HOUR_OF_SECONDS < 1_000_000) | (HOUR_OF_SECONDS >= 1_360_000)]
    historian.append(readings(NOON + kept, np.zeros(len(kept))))
    historian.append(readings(NOON + kept, np.zeros(len(kept)), sequence=2))
    found = historian.presence(agreed(1000), NOON, NOON + HOUR_MS)
    assert (found.received.tolist(), found.expected.tolist(), found.missing.tolist()) == (
        [3240],
        [3600],
        [360],
    )
    assert found.share.tolist() == [0.9]


def test_a_fast_sender_does_not_make_up_for_half_an_hour_of_silence(historian):
    historian.append(readings(NOON + np.arange(18_000) * 100, np.zeros(18_000)))
    assert share(historian, 1000) == [0.5]


def test_silence_at_both_ends_of_the_period_counts(historian):
    middle = HOUR_OF_SECONDS[900:2700]
    historian.append(readings(NOON + middle, np.zeros(1800)))
    assert share(historian, 1000) == [0.5]


def test_each_point_is_held_to_its_own_interval_and_a_silent_one_has_nothing(historian):
    historian.append(readings(NOON + np.arange(60) * 60_000, np.zeros(60), point=7))
    historian.append(readings(NOON + np.arange(60) * 60_000, np.zeros(60), point=9))
    assert share(historian, 60_000, 60_000, 30_000) == [1.0, 0.0, 0.5]


def test_late_readings_fill_the_hole_that_they_left(historian):
    late = (HOUR_OF_SECONDS >= 1_000_000) & (HOUR_OF_SECONDS < 2_000_000)
    historian.append(readings(NOON + HOUR_OF_SECONDS[~late], np.zeros(2600)))
    assert share(historian, 1000)[0] < 0.75
    historian.append(readings(NOON + HOUR_OF_SECONDS[late], np.zeros(1000), sequence=9))
    assert share(historian, 1000) == [1.0]


def test_gaps_are_named_from_the_last_reading_to_the_next(historian):
    historian.append(readings(NOON + np.array([0, 1, 2, 10, 11, 3590]) * 1000, np.zeros(6), point=7))
    found = historian.gaps(agreed(1000, 1000), NOON, NOON + HOUR_MS, 3, 100)
    times = zip((found.start_ms - NOON).tolist(), (found.end_ms - NOON).tolist(), strict=True)
    assert list(zip(found.point.tolist(), *zip(*times, strict=True), strict=True)) == [
        (7, 2000, 10_000),
        (7, 11_000, 3_590_000),
        (7, 3_590_000, HOUR_MS),
        (8, 0, HOUR_MS),
    ]  # fmt: skip
    assert len(historian.gaps(agreed(1000, 1000), NOON, NOON + HOUR_MS, 3, 2).point) == 2


def test_a_period_or_an_interval_of_nothing_is_refused(historian):
    with pytest.raises(ValueError, match="end after its start"):
        historian.presence(agreed(1000), NOON, NOON)
    with pytest.raises(ValueError, match="above zero"):
        historian.presence(agreed(0), NOON, NOON + 1)
