"""Rules that change while readings flow; another log, another database, a damaged snapshot."""

import asyncio

from tests.stream.evaluator.bench import (
    NOON_MS,
    Lifeline,
    MemoryLog,
    Plant,
    at,
    changes_of,
    frame_of,
    high,
    payloads_of,
    running,
    swings,
    until,
)
from tests.stream.evaluator.bench import SWING_LIMITS as LIMITS

from anlan.kernel.quality import Quality
from anlan.science.signals.reference import Change


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


async def test_a_new_point_whose_reading_came_before_its_limits_is_judged_by_them_at_once(tmp_path):
    """The door may know a new point a second sooner: a gas detector that reports once an hour must not wait for it."""
    gas, other = at(1, 95.0, point=7), at(1, 20.0)
    plant = Plant(tmp_path, [high(1, threshold=80.0)], [frame_of(1, [gas, other])])
    end = await running(plant)
    await until(lambda: plant.living.health()["sequence"] == 1)
    late = at(-7200, 99.0, point=8)
    plant.log.append(frame_of(2, [late], arrived_ms=NOON_MS + 2000))
    await until(lambda: plant.living.health()["sequence"] == 2)
    assert plant.desk.changes == []
    plant.rules.change([high(1, threshold=80.0), high(7, 7, threshold=90.0), high(8, 8, threshold=90.0)])
    await until(lambda: plant.desk.changes)
    await end()
    assert plant.desk.changes == [Change(7, True, NOON_MS + 1000, 95.0)]
    await plant.run()
    assert (plant.desk.active, plant.desk.said_twice) == ({7}, [])


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
    for ends_at in range(1, 60, 3):
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
    for ends_at in range(1, 60, 3):
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
