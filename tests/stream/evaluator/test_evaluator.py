"""The evaluator against a log and a desk in memory: killed at every step, cut off, deaf, and told new rules."""

import asyncio
import math
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.stream.evaluator.bench import (
    BRISK,
    NOON_MS,
    Crash,
    Lifeline,
    MemoryLog,
    Plant,
    TestClock,
    at,
    changes_of,
    frame_of,
    high,
    no_data,
)

from anlan.kernel.clock import use_clock
from anlan.kernel.levels import Condition
from anlan.kernel.quality import Quality
from anlan.ports.telemetry import LogUnavailable
from anlan.science.signals.reference import Change, Limit

LIMITS = [
    high(1),
    Limit(2, 0, Condition.HIGH_HIGH, 90.0, deadband=5.0),
    Limit(3, 1, Condition.LOW, 10.0, on_delay_ms=2000),
    high(4, 1, 80.0, off_delay_ms=3000),
]


def swings(count):
    """Batches of two points that swing through their limits, and all their readings."""
    batches = [
        [
            at(second, 50 + 45 * math.sin(second / 2)),
            at(second, 50 - 45 * math.sin(second / 3), point=1),
            at(second, 99.0, point=0, quality=Quality.BAD),
        ]
        for second in range(count)
    ]
    return batches, [reading for batch in batches for reading in batch]


def payloads_of(batches):
    return [frame_of(sequence, batch) for sequence, batch in enumerate(batches, start=1)]


@pytest.fixture
def clock():
    with use_clock(TestClock()) as _:
        from anlan.kernel.clock import current_clock

        yield current_clock()


async def test_every_change_of_the_log_reaches_the_desk_in_order(tmp_path):
    batches, readings = swings(40)
    plant = Plant(tmp_path, LIMITS, payloads_of(batches))
    evaluator = await plant.run()
    assert plant.desk.changes == changes_of(LIMITS, readings)
    assert len(plant.desk.changes) > 15
    assert evaluator.health()["ok"]
    assert plant.desk.latest[1] == readings[-2].value


async def test_killed_at_any_step_nothing_is_missed_and_nothing_said_twice(tmp_path):
    batches, readings = swings(14)
    expected = changes_of(LIMITS, readings)
    whole = Lifeline()
    await Plant(tmp_path / "whole", LIMITS, payloads_of(batches)).run(whole)
    assert whole.steps > 40
    for ends_at in range(1, whole.steps + 1):
        plant = Plant(tmp_path / str(ends_at), LIMITS, payloads_of(batches))
        await plant.run(Lifeline(ends_at))
        await plant.run()
        assert plant.desk.changes == expected, f"killed at step {ends_at}"
        assert plant.desk.said_twice == [], f"killed at step {ends_at}"


async def test_a_snapshot_and_its_mark_are_never_ahead_of_the_desk(tmp_path):
    """The log may be purged up to the mark: what the desk has not been told would be gone for good."""
    calm = [frame_of(n, [at(n, 50.0)]) for n in range(1, 31)]
    plant, passed = Plant(tmp_path, LIMITS, calm), []

    async def note(sequence):
        passed.append((sequence, plant.desk.sequence))
        plant.log.marked = sequence

    plant.log.passed = note
    await plant.run()
    assert passed[-1] == (30, 30)
    assert all(sequence <= told for sequence, told in passed[1:])


@given(ends=st.lists(st.integers(1, 90), min_size=1, max_size=6), entries=st.integers(1, 7))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_killed_again_and_again_while_batches_are_repeated(tmp_path_factory, ends, entries):
    """The door repeats batches whose acknowledgement it lost; the evaluator is killed on its way through."""
    batches, readings = swings(25)
    payloads = payloads_of(batches)
    payloads = [one for number, payload in enumerate(payloads) for one in [payload] * (1 + number % 3 // 2)]
    plant = Plant(tmp_path_factory.mktemp("plant"), LIMITS, payloads)
    pace = type(BRISK)(**{**vars(BRISK), "entries": entries})

    async def live_and_die():
        for ends_at in ends:
            await plant.run(Lifeline(ends_at), pace)
        await plant.run(pace=pace)

    asyncio.run(live_and_die())
    assert plant.desk.changes == changes_of(LIMITS, readings)
    assert plant.desk.said_twice == []


async def test_while_the_database_is_away_nothing_is_read_and_nothing_is_lost(tmp_path):
    batches, readings = swings(30)
    plant = Plant(tmp_path, LIMITS, payloads_of(batches))
    await plant.run(until=lambda: plant.desk.sequence >= 5)
    plant.desk.fails = 10**9
    stop = asyncio.Event()
    evaluator = plant.evaluator()
    running = asyncio.create_task(evaluator.run(stop))
    while "database" not in str(evaluator.health()["trouble"]):
        await asyncio.sleep(0.001)
    assert not evaluator.health()["ok"]
    plant.desk.fails = 0
    while plant.log.marked < 30:
        await asyncio.sleep(0.001)
    stop.set()
    await running
    assert plant.desk.changes == changes_of(LIMITS, readings)


async def test_the_database_leaves_in_the_middle_and_the_log_too(tmp_path):
    batches, readings = swings(60)
    plant = Plant(tmp_path, LIMITS, payloads_of(batches))

    async def disturb():
        while plant.log.marked < 60:
            plant.desk.fails, plant.log.outages = 2, 1
            await asyncio.sleep(0.015)

    disturbing = asyncio.create_task(disturb())
    await plant.run()
    await disturbing
    assert plant.desk.changes == changes_of(LIMITS, readings)
    assert plant.desk.said_twice == []


async def test_a_commit_whose_answer_was_lost_is_not_said_twice(tmp_path):
    batches, readings = swings(30)
    plant = Plant(tmp_path, LIMITS, payloads_of(batches))
    plant.desk.forgets = 12
    await plant.run()
    assert plant.desk.forgets == 0
    assert plant.desk.changes == changes_of(LIMITS, readings)
    assert plant.desk.said_twice == []


async def test_a_mark_that_got_lost_is_made_again_though_nothing_new_comes(tmp_path):
    """A full log takes nothing until its readers have marked their place."""
    batches, _ = swings(5)
    plant = Plant(tmp_path, LIMITS, payloads_of(batches))
    passed, lost = plant.log.passed, iter(range(3))

    async def lose(sequence):
        if sequence == 5 and next(lost, None) is not None:
            raise LogUnavailable
        await passed(sequence)

    plant.log.passed = lose
    evaluator = await plant.run()
    assert plant.log.marked == 5
    assert next(lost, None) is None
    assert evaluator.health()["ok"]


async def test_a_frame_that_cannot_be_read_takes_no_neighbour_along(tmp_path):
    batches, _ = swings(12)
    payloads = payloads_of(batches)
    payloads[5] = payloads[5][:-1] + b"\x00"
    plant = Plant(tmp_path, LIMITS, payloads)
    evaluator = await plant.run()
    kept = [reading for number, batch in enumerate(batches) if number != 5 for reading in batch]
    assert plant.desk.changes == changes_of(LIMITS, kept)
    assert evaluator.health()["unreadable_frames"] == 1


# -- silence -------------------------------------------------------------------


async def until(condition):
    async with asyncio.timeout(20):
        while not condition():
            await asyncio.sleep(0.001)


async def settle(turns=20):
    """Let an evaluator that runs look around a few times."""
    for _ in range(turns):
        await asyncio.sleep(0.002)


async def running(plant, lifeline=None):
    """An evaluator that has started, or died at it; call what is returned to end it."""
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: None)
    stop, evaluator = asyncio.Event(), plant.evaluator(lifeline)
    plant.living = evaluator
    task = asyncio.create_task(evaluator.run(stop))
    await until(lambda: evaluator.health()["sequence"] is not None or task.done())

    async def end():
        stop.set()
        with suppress(Crash):
            await task

    return end


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


# -- rules that change -----------------------------------------------------------


async def test_a_new_limit_holds_from_the_next_reading_on(tmp_path):
    plant = Plant(tmp_path, [high(1, threshold=80.0)], [frame_of(1, [at(1, 60.0)])])
    end = await running(plant)
    await until(lambda: plant.living.health()["sequence"] == 1)
    plant.rules.change([high(1, threshold=80.0), high(2, threshold=50.0)])
    await until(lambda: plant.living.health()["rules_version"] == plant.rules.asked)
    assert plant.desk.changes == []
    plant.log.append(frame_of(2, [at(2, 60.0)]))
    await until(lambda: plant.desk.changes)
    await end()
    assert plant.desk.changes == [Change(2, True, NOON_MS + 2000, 60.0)]


async def test_the_alarm_of_a_withdrawn_limit_returns_even_when_the_evaluator_is_down(tmp_path):
    plant = Plant(tmp_path, [high(1), high(2, threshold=70.0)], [frame_of(1, [at(1, 95.0)])])
    await plant.run()
    plant.rules.change([high(1)])
    await plant.run()
    assert plant.desk.active == {1}
    assert [(change.number, change.raised) for change in plant.desk.changes] == [
        (1, True),
        (2, True),
        (2, False),
    ]


async def test_killed_at_any_step_while_rules_change_the_desk_ends_up_as_the_last_rules_say(tmp_path):
    batches, _ = swings(14)
    old, new = LIMITS, [high(1, threshold=60.0), LIMITS[2], high(5, threshold=40.0)]
    final = [reading for reading in batches[-1] if reading.quality is not Quality.BAD]
    for ends_at in range(1, 60):
        plant = Plant(tmp_path / str(ends_at), old, payloads_of(batches[:7]))
        await plant.run()
        for payload in payloads_of(batches)[7:]:
            plant.log.append(payload)
        plant.rules.change(new)
        await plant.run(Lifeline(ends_at))
        await plant.run()
        assert plant.desk.said_twice == [], f"killed at step {ends_at}"
        swing = final[0].value
        assert (5 in plant.desk.active) == (swing >= 40.0), f"killed at step {ends_at}"
        assert not plant.desk.active & {2, 4}, f"killed at step {ends_at}"


# -- another log, another database -------------------------------------------------


async def test_a_log_purged_behind_the_snapshot_is_no_loss(tmp_path):
    batches, readings = swings(30)
    plant = Plant(tmp_path, LIMITS, payloads_of(batches[:20]))
    await plant.run()
    plant.log.first = plant.log.marked + 1
    for payload in payloads_of(batches)[20:]:
        plant.log.append(payload)
    await plant.run()
    assert plant.desk.changes == changes_of(LIMITS, readings)


async def test_everything_purged_and_nothing_new_is_not_waited_for_for_ever(tmp_path):
    batches, readings = swings(20)
    plant = Plant(tmp_path, LIMITS, payloads_of(batches))
    await plant.run()
    plant.log.first = 21
    for file in tmp_path.glob("*.snapshot"):
        file.unlink()
    end = await running(plant)
    plant.log.append(frame_of(21, [at(1000, 20.0), at(1000, 50.0, point=1)]))
    async with asyncio.timeout(10):
        while plant.log.marked < 21:
            await asyncio.sleep(0.01)
    await end()
    assert plant.desk.said_twice == []
    assert plant.desk.changes[: len(changes_of(LIMITS, readings))] == changes_of(LIMITS, readings)


async def test_a_log_that_began_anew_is_read_from_its_beginning_and_open_alarms_stay_single(tmp_path):
    plant = Plant(tmp_path, [high(1)], [frame_of(n, [at(n, 95.0)]) for n in range(1, 21)])
    await plant.run()
    assert plant.desk.active == {1}
    plant.log = MemoryLog(
        [frame_of(n, [at(100 + n, value)], epoch="new") for n, value in enumerate([95.0, 20.0, 95.0], 1)]
    )
    await plant.run()
    assert [(change.raised, change.event_ms) for change in plant.desk.changes] == [
        (True, NOON_MS + 1000),
        (False, NOON_MS + 102_000),
        (True, NOON_MS + 103_000),
    ]


async def test_killed_at_any_step_in_a_log_that_began_anew_nothing_of_it_is_left_out(tmp_path):
    batches, readings = swings(30)
    for ends_at in range(1, 60):
        plant = Plant(tmp_path / str(ends_at), LIMITS, payloads_of(batches[:15]))
        await plant.run()
        plant.log = MemoryLog(
            [frame_of(n, batch, epoch="new") for n, batch in enumerate(batches[15:], start=1)]
        )
        await plant.run(Lifeline(ends_at))
        await plant.run()
        assert plant.desk.said_twice == [], f"killed at step {ends_at}"
        assert {change.event_ms for change in plant.desk.changes} >= {
            change.event_ms
            for change in changes_of(LIMITS, readings)
            if change.number in (1, 2)  # the other two have delays, which begin anew with the log
        }, f"killed at step {ends_at}"


async def test_a_database_brought_back_from_a_copy_gets_its_alarms_again(tmp_path):
    batches, readings = swings(30)
    plant = Plant(tmp_path, LIMITS, payloads_of(batches[:15]))
    await plant.run()
    copy = (plant.desk.sequence, set(plant.desk.active), list(plant.desk.changes))
    for payload in payloads_of(batches)[15:]:
        plant.log.append(payload)
    await plant.run()
    plant.desk.sequence, plant.desk.active, plant.desk.changes = copy
    plant.log.append(frame_of(31, [at(31, 50.0), at(31, 50.0, point=1)]))
    await plant.run()
    assert plant.desk.changes[: len(changes_of(LIMITS, readings))] == changes_of(LIMITS, readings)
    assert plant.desk.said_twice == []


async def test_a_damaged_snapshot_is_left_aside_and_nothing_is_said_twice(tmp_path):
    batches, readings = swings(30)
    plant = Plant(tmp_path, LIMITS, payloads_of(batches[:20]))
    await plant.run()
    (file,) = tmp_path.glob("*.snapshot")
    damaged = bytearray(file.read_bytes())
    damaged[len(damaged) // 2] ^= 0xFF
    file.write_bytes(damaged)
    for payload in payloads_of(batches)[20:]:
        plant.log.append(payload)
    await plant.run()
    assert plant.desk.changes == changes_of(LIMITS, readings)
    assert plant.desk.said_twice == []
