"""Silence: whose it is, who may say so, and what becomes of it when the evaluator is killed."""

import pytest
from tests.stream.evaluator.bench import (
    NOON_MS,
    Lifeline,
    Plant,
    TestClock,
    at,
    frame_of,
    no_data,
    running,
    settle,
    until,
)

from anlan.kernel.clock import use_clock


@pytest.fixture
def clock():
    clock = TestClock()
    with use_clock(clock):
        yield clock


async def test_a_silent_point_opens_no_data_once_and_its_next_reading_closes_it(tmp_path, clock):
    plant = Plant(tmp_path, [no_data(9)], [frame_of(1, [at(0, 20.0)], arrived_ms=NOON_MS)])
    end = await running(plant)
    await settle()
    clock.ms = NOON_MS + 60_000
    await settle()
    assert plant.desk.changes == []
    clock.ms = NOON_MS + 60_001
    await until(lambda: plant.desk.changes)
    await settle()
    assert [(change.number, change.raised, change.event_ms) for change in plant.desk.changes] == [
        (9, True, NOON_MS + 60_001)
    ]
    await end()
    end = await running(plant)
    clock.ms += 300_000
    await settle()
    assert len(plant.desk.changes) == 1
    plant.log.append(frame_of(2, [at(400, 20.0)], arrived_ms=clock.ms))
    await until(lambda: len(plant.desk.changes) > 1)
    await end()
    assert [change.raised for change in plant.desk.changes] == [True, False]
    assert plant.desk.said_twice == []


async def test_killed_at_any_step_around_a_silence_its_alarm_opens_once_and_returns(tmp_path, clock):
    opened_before_the_end = 0
    for ends_at in range(1, 40):
        clock.ms = NOON_MS
        plant = Plant(tmp_path / str(ends_at), [no_data(9)], [frame_of(1, [at(0, 20.0)], arrived_ms=NOON_MS)])
        await plant.run()
        end = await running(plant, Lifeline(ends_at))
        await settle(4)
        clock.ms = NOON_MS + 60_001
        await settle(4)
        await end()
        opened_before_the_end += len(plant.desk.changes)
        if not plant.desk.changes:
            end = await running(plant)
            clock.ms += 60_001
            await until(lambda desk=plant.desk: desk.changes)
            await end()
        plant.log.append(frame_of(2, [at(400, 20.0)], arrived_ms=clock.ms))
        await plant.run()
        assert [change.raised for change in plant.desk.changes] == [True, False], f"killed at step {ends_at}"
    assert 0 < opened_before_the_end < 39


async def test_the_evaluators_own_absence_is_nobodys_silence(tmp_path, clock):
    plant = Plant(tmp_path, [no_data(9)], [frame_of(1, [at(0, 20.0)], arrived_ms=NOON_MS)])
    await plant.run()
    clock.ms = NOON_MS + 3_600_000
    end = await running(plant)
    await settle()
    clock.ms += 60_000
    await settle()
    assert plant.desk.changes == []
    clock.ms += 1
    await until(lambda: plant.desk.changes)
    await end()
    assert [change.raised for change in plant.desk.changes] == [True]


async def test_who_has_not_read_everything_says_nothing_about_silence(tmp_path, clock):
    """An hour of readings waits in the log; while they are read the clock says that nothing came for long."""
    frames = [frame_of(n, [at(n, 20.0)], arrived_ms=NOON_MS + n * 1000) for n in range(1, 3600, 10)]
    plant = Plant(tmp_path, [no_data(9)], frames)
    clock.ms = NOON_MS + 3_599_000
    await plant.run()
    assert plant.desk.changes == []


async def test_while_the_log_is_away_silence_is_not_counted(tmp_path, clock):
    plant = Plant(tmp_path, [no_data(9)], [frame_of(1, [at(0, 20.0)], arrived_ms=NOON_MS)])
    end = await running(plant)
    await settle()
    plant.log.outages = 10**9
    await settle()
    clock.ms = NOON_MS + 600_000
    await settle()
    assert plant.desk.changes == []
    plant.log.append(frame_of(2, [at(599, 20.0)], arrived_ms=NOON_MS + 599_000))
    plant.log.outages = 0
    await settle()
    await end()
    assert plant.desk.changes == []
