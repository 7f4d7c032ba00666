"""Timelines beside the live clock: their rate, going on from where they are, and the mark of an exercise."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from tests.people import LINGWU, as_service, new_principal

from anlan.kernel.clock import FixedClock, Timeline, use_clock
from anlan.kernel.errors import Forbidden, Invalid, NotFound
from anlan.platform.commands import acting_as, read_scope
from anlan.platform.threads.queries import clock_of_timeline, timeline_of, timelines_of
from anlan.platform.threads.services import create_timeline, open_thread, reanchor_timeline

LIVE = datetime(2026, 5, 1, 3, 0, tzinfo=UTC)
ORIGIN = datetime(2024, 1, 1, tzinfo=UTC)


def live(minutes: float) -> Any:
    """The live clock standing still *minutes* after the start."""
    return use_clock(FixedClock(LIVE + timedelta(minutes=minutes)))


def made(rate: float = 60.0) -> Timeline:
    with as_service("demo"), live(0):
        return create_timeline("回放", origin=ORIGIN, rate=rate)


def at(timeline: Timeline, minutes: float) -> datetime:
    """The stored timeline's time that many live minutes after the start."""
    with as_service("demo"), live(minutes), read_scope():
        return clock_of_timeline(timeline.id).now()


@pytest.mark.parametrize(("rate", "advanced_minutes"), [(0.0, 0), (0.5, 5), (1.0, 10), (60.0, 600)])
def test_a_timeline_advances_at_its_rate_and_the_live_clock_at_its_own(
    db: Any, rate: float, advanced_minutes: float
) -> None:
    timeline = made(rate)
    assert at(timeline, 10) == ORIGIN + timedelta(minutes=advanced_minutes)
    with live(10), as_service("demo"), read_scope():
        assert clock_of_timeline(None).now() == LIVE + timedelta(minutes=10)


def test_a_changed_rate_goes_on_from_the_present_time_without_a_jump(db: Any) -> None:
    timeline = made(60.0)
    with as_service("demo"), live(10):
        reanchor_timeline(timeline.id, rate=1.0)
    assert at(timeline, 10) == ORIGIN + timedelta(hours=10)
    assert at(timeline, 11) == ORIGIN + timedelta(hours=10, minutes=1)
    with as_service("demo"), live(20):
        reanchor_timeline(timeline.id, rate=0.0)
    with as_service("demo"), live(50):
        reanchor_timeline(timeline.id, rate=60.0)
    assert at(timeline, 51) == ORIGIN + timedelta(hours=11, minutes=10), "thirty paused minutes count nothing"


def test_a_timeline_can_be_set_to_another_moment(db: Any) -> None:
    timeline = made(1.0)
    there = datetime(2024, 7, 1, tzinfo=UTC)
    with as_service("demo"), live(10):
        reanchor_timeline(timeline.id, origin=there)
    assert at(timeline, 12) == there + timedelta(minutes=2)


@pytest.mark.parametrize("rate", [-1.0, 60.1, float("nan"), float("inf")])
def test_an_impossible_rate_is_refused_in_words(db: Any, rate: float) -> None:
    timeline = made()
    with as_service("demo"):
        for attempt in (
            lambda: create_timeline("x", origin=ORIGIN, rate=rate),
            lambda: reanchor_timeline(timeline.id, rate=rate),
        ):
            with pytest.raises(Invalid) as refused:
                attempt()
            assert "倍速" in refused.value.title.zh


def test_several_timelines_run_side_by_side_in_one_query(db: Any) -> None:
    slow, fast = made(1.0), made(60.0)
    with as_service("demo"), read_scope():
        found = timelines_of([slow.id, fast.id, uuid4()])
    assert found == {slow.id: slow, fast.id: fast}


def test_a_timeline_is_an_exercise_unless_somebody_says_otherwise_and_stays_what_it_is(db: Any) -> None:
    drill = made()
    with as_service("demo"):
        real = create_timeline("补传", origin=ORIGIN, exercise=False)
        reanchor_timeline(drill.id, rate=1.0)
        with read_scope():
            assert timeline_of(drill.id).exercise and not timeline_of(real.id).exercise


def test_a_thread_opened_in_a_replay_is_opened_at_the_replay_s_time(db: Any) -> None:
    from anlan.platform.threads.models import Thread

    timeline = made(60.0)
    with as_service("demo"), live(10):
        replayed = open_thread(LINGWU, None, "回放报警", timeline=timeline.id)
        real = open_thread(LINGWU, None, "真实报警")
        with pytest.raises(NotFound):
            open_thread(LINGWU, None, "无此时间线", timeline=uuid4())
    with as_service("demo"), read_scope():
        assert Thread.objects.get(id=replayed).opened_at == ORIGIN + timedelta(hours=10)
        assert Thread.objects.get(id=real).opened_at == LIVE + timedelta(minutes=10)


def test_a_timeline_that_does_not_exist_and_one_that_one_may_not_touch(db: Any) -> None:
    timeline = made()
    with as_service("demo"), pytest.raises(NotFound):
        reanchor_timeline(uuid4(), rate=1.0)
    with as_service("demo"), read_scope(), pytest.raises(NotFound):
        timeline_of(uuid4())
    with acting_as(new_principal("duty_officer", LINGWU)), pytest.raises(Forbidden):
        reanchor_timeline(timeline.id, rate=0.0)


def test_the_mark_of_an_exercise_travels_from_the_timeline_to_the_alarm_and_its_event(db: Any) -> None:
    from tests.domains.monitoring.plant import new_plant, raise_alarm

    from anlan.domains.monitoring.alarms.models import Alarm
    from anlan.platform.outbox.models import OutboxEvent

    timeline = made()
    for plant, exercise in ((new_plant("drill", timeline=timeline.id), True), (new_plant("live"), False)):
        raise_alarm(plant)
        with as_service("demo"), read_scope():
            alarm = Alarm.objects.get(point_id=plant.point)
            event = OutboxEvent.objects.filter(topic="alarm").latest("position")
        expected = timeline.id if exercise else None
        assert (alarm.exercise, alarm.timeline) == (exercise, expected)
        assert (event.exercise, event.timeline, event.data["exercise"]) == (exercise, expected, exercise)
