"""The evaluator against a log and a desk in memory: killed at every step, and cut off from its stores."""

import asyncio

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.stream.evaluator.bench import (
    BRISK,
    Lifeline,
    Plant,
    at,
    changes_of,
    frame_of,
    payloads_of,
    swings,
)
from tests.stream.evaluator.bench import SWING_LIMITS as LIMITS

from anlan.ports.telemetry import LogUnavailable


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
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
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
