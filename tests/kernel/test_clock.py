from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.kernel.clock import FixedClock, Timeline, TimelineClock, from_ms, now, to_ms, use_clock
from anlan.kernel.ids import new_id

LIVE = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
PAST = datetime(1920, 12, 16, 12, 5, 55, tzinfo=UTC)


def replay(rate: float) -> Timeline:
    return Timeline(new_id(), "回放", origin=PAST, anchored_at=LIVE, rate=rate)


def test_a_replay_at_sixty_fold_passes_an_hour_in_a_minute():
    assert replay(60).at(LIVE + timedelta(minutes=1)) == PAST + timedelta(hours=1)


def test_a_replay_keeps_the_spacing_of_events_when_its_rate_changes():
    slowed = replay(60).reanchored(LIVE + timedelta(minutes=1), rate=1)
    assert slowed.at(LIVE + timedelta(minutes=1)) == PAST + timedelta(hours=1)
    assert slowed.at(LIVE + timedelta(minutes=2)) == PAST + timedelta(hours=1, minutes=1)


def test_a_paused_timeline_stands_still_and_reaches_nothing():
    assert replay(0).at(LIVE + timedelta(days=1)) == PAST
    with pytest.raises(ValueError, match="paused"):
        replay(0).live_at(PAST + timedelta(seconds=1))


@pytest.mark.parametrize("rate", [-1, 61, float("nan")])
def test_a_rate_outside_its_range_is_refused(rate):
    with pytest.raises(ValueError, match="outside"):
        replay(rate)


@given(st.floats(0.5, 60), st.integers(0, 10_000_000))
def test_live_at_undoes_at(rate, seconds):
    timeline = replay(rate)
    live = LIVE + timedelta(seconds=seconds)
    assert abs(timeline.live_at(timeline.at(live)) - live) < timedelta(milliseconds=1)


def test_services_inside_a_drill_see_the_drills_time_and_others_the_live_one():
    drill = TimelineClock(replay(60), live=FixedClock(LIVE + timedelta(minutes=1)))
    with use_clock(drill):
        assert now() == PAST + timedelta(hours=1)
    assert now() > LIVE - timedelta(days=1)


@given(st.integers(-(2**40), 2**42))
def test_milliseconds_survive_the_round_trip(unix_ms):
    assert to_ms(from_ms(unix_ms)) == unix_ms


def test_a_time_without_zone_is_refused():
    with pytest.raises(ValueError, match="without zone"):
        to_ms(datetime(2026, 1, 1))  # noqa: DTZ001 - the very mistake
