"""What the sources share: readings in the point's unit, kept or not, and sessions that are begun again."""

import asyncio
import contextlib
import itertools
import sqlite3

import pytest
from tests.edge.conftest import NOON_MS, Hour, Middle, reading
from tests.edge.test_listeners import Shelf

from anlan.edge.core.config import Point
from anlan.edge.core.pace import Backoff
from anlan.edge.core.spool import Spool, SpoolFull
from anlan.edge.keeper import GATHER_S, Keeper
from anlan.edge.sources.base import Desk, Fare, again_and_again
from anlan.kernel.quality import Quality


@pytest.fixture
def desk() -> Desk:
    return Desk(Fare("PLC", "modbus"), Shelf().take, Hour())


def test_a_raw_number_becomes_a_value_in_the_point_s_unit(desk: Desk) -> None:
    point = Point(tag="PI", unit="kPa", device_unit="MPa", scale=0.001, offset=0.5)
    found = desk.reading(point, 312, Quality.GOOD, None)
    assert found is not None
    assert (found.value, found.unit, found.event_ms) == (pytest.approx(812.0), "kPa", NOON_MS)


@pytest.mark.parametrize("raw", [float("nan"), float("inf"), 1e308])
def test_what_is_no_finite_number_is_counted_and_not_sent(desk: Desk, raw: float) -> None:
    assert desk.reading(Point(tag="T", unit="K", scale=10), raw, Quality.GOOD, None) is None
    assert desk.fare.counts["not_finite"] == 1


def test_a_value_out_of_the_instrument_s_range_is_uncertain_and_told(desk: Desk) -> None:
    point = Point(tag="PI", unit="kPa", range=(0, 1600))
    found = desk.reading(point, 812_000, Quality.GOOD, None)
    assert found is not None and found.quality is Quality.UNCERTAIN
    assert desk.fare.told()["suspicious_values"] == {"PI": 1}


async def test_a_session_that_breaks_off_is_begun_again_later_each_time(hour: Hour) -> None:
    fare, began = Fare("PLC", "modbus"), []

    async def session() -> None:
        began.append(hour.seconds())
        raise ConnectionRefusedError("nobody there")

    task = asyncio.create_task(again_and_again(fare, session, hour, Backoff(Middle()), (OSError,)))
    await hour.pass_until(60.0, 1)
    waits = [round(later - earlier, 2) for earlier, later in itertools.pairwise(began)]
    assert waits == [0.75, 1.5, 3.0, 6.0, 12.0, 24.0]
    assert (fare.trouble, fare.connected) == ("ConnectionRefusedError: nobody there", False)
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def test_a_disk_that_fails_ends_the_keeper_and_nobody_takes_his_reading_for_kept(
    tmp_path, hour: Hour
) -> None:
    class Failing(Spool):
        def put(self, fills, now_ms: int) -> None:
            raise sqlite3.OperationalError("disk I/O error")

    keeper = Keeper(Failing(tmp_path, "only"), hour)
    running, taking = asyncio.create_task(keeper.run()), asyncio.create_task(keeper.take([reading(1.0)]))
    await hour.pass_until(0.0, 1)
    await hour.pass_until(GATHER_S, 0)
    with pytest.raises(SpoolFull):
        await taking
    with pytest.raises(sqlite3.OperationalError):
        await running
    keeper.close()


async def test_sources_that_speak_together_share_one_write(tmp_path, hour: Hour) -> None:
    keeper = Keeper(Spool(tmp_path, "only"), hour)
    running = asyncio.create_task(keeper.run())
    taking = [asyncio.create_task(keeper.take([reading(second)])) for second in range(30)]
    await hour.pass_until(0.0, 1)
    await hour.pass_until(GATHER_S, 0)
    await asyncio.gather(*taking)
    counts = await keeper.counts()
    assert (counts["waiting"], counts["waiting_batches"]) == (30, 1)
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running
    keeper.close()
