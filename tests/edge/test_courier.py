"""What happens on the way to the door: down for ten minutes, half-open, poisoned, slow; and live data first."""

import asyncio
import itertools

import pytest
from tests.edge.conftest import KEY, NOON_MS, SOURCE, Answer, collecting, reading, refused, taken

from anlan.edge.core.pace import Backoff, RealPace
from anlan.edge.door import DoorClient, Fate, Reply, clock_offset_ms, verdict
from anlan.edge.keeper import GATHER_S

LANES = 2


async def put(keeper, hour, second: float) -> None:
    """One reading at *second*, durable."""
    taking = asyncio.create_task(keeper.take([reading(second, value=second)]))
    await hour.pass_until(hour.seconds(), LANES + 1)
    await hour.pass_until(hour.seconds() + GATHER_S, LANES)
    await taking


async def test_a_reading_is_sent_and_leaves_the_spool_only_when_the_door_has_said_so(
    tmp_path, door, hour
) -> None:
    async with collecting(tmp_path, door, hour) as (keeper, _):
        await put(keeper, hour, 1.0)
        await hour.pass_until(2.0, LANES)
        assert door.readings() == {("T-101", NOON_MS + 1000, 1.0)}
        counts = await keeper.counts()
    assert (counts["acknowledged"], counts["waiting"]) == (1, 0)
    assert (door.batches[0]["source"], door.batches[0]["epoch"], door.batches[0]["units"]) == (
        SOURCE,
        "start-1",
        ["°C"],
    )


async def test_a_door_that_is_down_for_ten_minutes_gets_live_data_first_and_then_all_the_rest_in_order(
    tmp_path, door, hour
) -> None:
    door.answer = lambda batch: refused(503, "log_unavailable", Retry_After="2")
    async with collecting(tmp_path, door, hour) as (keeper, courier):
        for second in range(10, 600, 10):
            await hour.pass_until(float(second), LANES)
            await put(keeper, hour, float(second))
        assert 10 <= door.requests <= 40, "it keeps trying, and less and less often"
        assert courier.link.trouble.startswith("503")
        counts = await keeper.counts()
        assert (counts["waiting"], counts["dropped"]) == (59, 0)
        door.answer, door.batches = taken, []
        await put(keeper, hour, 600.0)
        await hour.pass_until(900.0, LANES)
        sent = [batch["values"][0][0] for batch in door.batches]
        assert len(sent) == 60 and courier.link.trouble == ""
        assert (await keeper.counts())["acknowledged"] == 60
    live = [second for second in sent if second >= 580]
    backlog = [second for second in sent if second < 580]
    assert live == sorted(live) and backlog == sorted(backlog), "each lane in order"
    assert sent[0] in live, "the newest come first, not what waited longest"


async def test_live_data_never_waits_for_a_long_backlog(tmp_path, door, hour) -> None:
    gone = asyncio.Event()
    async with collecting(tmp_path, door, hour) as (keeper, _):
        door.answer = lambda batch: refused(503, "log_full")
        for second in range(1, 31):
            await put(keeper, hour, float(second))
        await hour.pass_until(200.0, LANES)
        door.answer, door.batches = taken, []
        slow = itertools.count()

        async def slowly(batch: dict) -> Answer:
            """The backlog's requests hang until the test says otherwise."""
            if batch["values"][0][0] < 100 and next(slow) == 0:
                await gone.wait()
            return taken(batch)

        door.answer = slowly
        await hour.pass_until(262.0, 1)
        taking = asyncio.create_task(keeper.take([reading(262.0, value=262.0)]))
        await hour.pass_until(262.0, 2)
        await hour.pass_until(262.0 + GATHER_S, 1)
        await taking
        await hour.pass_until(264.0, 1)
        async with asyncio.timeout(30):  # the disk's own time; the backlog hangs all the while
            while not any(batch["values"][0][0] == 262.0 for batch in door.batches):
                await asyncio.sleep(0.01)
        gone.set()


async def test_a_half_open_link_is_given_up_in_time_and_nothing_is_lost(tmp_path, door, hour) -> None:
    never = asyncio.Event()

    async def silent(batch: dict) -> Answer:
        await never.wait()
        return taken(batch)

    door.answer = silent
    async with collecting(tmp_path, door, hour) as (keeper, courier):
        await put(keeper, hour, 1.0)
        await hour.pass_until(1.5, LANES)
        assert "Timeout" in courier.link.trouble
        assert (await keeper.counts())["waiting"] == 1
        never.set()
        door.answer = taken
        await hour.pass_until(10.0, LANES)
        assert (await keeper.counts())["waiting"] == 0
    identities = {(batch["epoch"], batch["sequence"]) for batch in door.batches}
    assert len(identities) == 1, "sent again under the same identity, so that the door knows it"


async def test_after_a_restart_it_goes_on_where_it_was(tmp_path, door, hour) -> None:
    door.answer = lambda batch: refused(503, "not_ready")
    async with collecting(tmp_path, door, hour) as (keeper, _):
        await put(keeper, hour, 1.0)
        await put(keeper, hour, 2.0)
    door.answer, door.batches = taken, []
    async with collecting(tmp_path, door, hour, epoch="start-2") as (keeper, _):
        await put(keeper, hour, 3.0)
        await hour.pass_until(120.0, LANES)
    assert [(batch["epoch"], batch["sequence"]) for batch in door.batches] == [
        ("start-1", 1),
        ("start-1", 2),
        ("start-2", 3),
    ]


async def test_poison_is_set_aside_with_its_reason_and_takes_no_neighbour_along(tmp_path, door, hour) -> None:
    def finicky(batch: dict) -> Answer:
        if batch["values"][0][0] != 2.0:
            return taken(batch)
        said = b'{"accepted": 0, "rejected": [{"index": 0, "code": "unknown_point"}], "rejected_total": 1}'
        return Answer(422, said)

    door.answer = finicky
    async with collecting(tmp_path, door, hour) as (keeper, courier):
        for second in (1.0, 2.0, 3.0):
            await put(keeper, hour, second)
        await hour.pass_until(300.0, LANES)
        counts = await keeper.counts()
    assert (counts["acknowledged"], counts["aside"], counts["waiting"]) == (2, 1, 0)
    assert door.requests == 3, "it is not tried for ever"
    assert courier.link.trouble == ""


async def test_a_batch_too_old_to_be_told_from_a_duplicate_is_sent_under_a_new_identity(
    tmp_path, door, hour
) -> None:
    door.answer = lambda batch: refused(409, "sequence_too_old") if batch["sequence"] == 1 else taken(batch)
    async with collecting(tmp_path, door, hour) as (keeper, _):
        await put(keeper, hour, 1.0)
        await hour.pass_until(60.0, LANES)
        assert (await keeper.counts())["acknowledged"] == 1
    assert [batch["sequence"] for batch in door.batches] == [1, 2]
    assert door.readings() == {("T-101", NOON_MS + 1000, 1.0)}


async def test_readings_that_the_door_rejects_are_counted_by_their_reason(tmp_path, door, hour) -> None:
    said = b'{"accepted": 0, "rejected": [{"index": 0, "code": "unit_mismatch"}], "rejected_total": 1}'
    door.answer = lambda batch: Answer(200, said)
    async with collecting(tmp_path, door, hour) as (keeper, _):
        await put(keeper, hour, 1.0)
        await hour.pass_until(2.0, LANES)
        counts = await keeper.counts()
    assert (counts["rejected"], counts["rejected:unit_mismatch"], counts["acknowledged"]) == (1, 1, 0)


@pytest.mark.parametrize(
    ("reply", "fate"),
    [
        (Reply(200, b'{"accepted": 1}'), Fate.TAKEN),
        (Reply(200, b'{"accepted": 0, "duplicate": true}'), Fate.TAKEN),
        (Reply(200, b"<html>sign in to the hotel's network</html>"), Fate.AGAIN),
        (Reply(422, b'{"accepted": 0, "rejected": [{"index": 0, "code": "future_time"}]}'), Fate.NEVER),
        (Reply(422, b"not the door"), Fate.AGAIN),
        (Reply(400, b'{"accepted": 0, "code": "malformed"}'), Fate.NEVER),
        (Reply(413, b'{"accepted": 0, "code": "oversized"}'), Fate.NEVER),
        (Reply(409, b'{"accepted": 0, "code": "sequence_too_old"}'), Fate.ANEW),
        (Reply(401, b'{"accepted": 0, "code": "wrong_key"}'), Fate.AGAIN),
        (Reply(403, b'{"accepted": 0, "code": "disabled"}'), Fate.AGAIN),
        (Reply(404, b'{"code": "not_found"}'), Fate.AGAIN),
        (Reply(502, b"bad gateway"), Fate.AGAIN),
        (Reply(503, b'{"accepted": 0, "code": "log_full"}', "10"), Fate.AGAIN),
    ],
)
def test_only_the_doors_own_word_decides_about_a_batch(reply: Reply, fate: Fate) -> None:
    assert verdict(reply).fate is fate


def test_the_wait_that_the_door_asks_for_is_kept_but_never_without_end() -> None:
    assert verdict(Reply(503, b'{"accepted": 0, "code": "log_full"}', "10")).wait_s == 10
    assert verdict(Reply(503, b"", "999999")).wait_s == 600
    assert verdict(Reply(503, b"", "Wed, 21 Oct 2026 07:28:00 GMT")).wait_s is None


def test_tries_come_apart_and_not_in_step() -> None:
    class Low:
        def uniform(self, a: float, b: float, /) -> float:
            return a

    class High:
        def uniform(self, a: float, b: float, /) -> float:
            return b

    low, high = Backoff(Low()), Backoff(High())
    assert [low.failed() for _ in range(8)] == [0.5, 1, 2, 4, 8, 16, 30, 30]
    assert [high.failed() for _ in range(8)] == [1, 2, 4, 8, 16, 32, 60, 60]
    high.worked()
    assert high.failed() == 1 and high.failed(asked_s=90) >= 90
    assert low.failed(asked_s=10) >= 10


def test_a_clock_that_differs_from_the_doors_is_noticed() -> None:
    reply = Reply(200, b"", date="Mon, 21 Sep 2026 14:13:20 GMT")
    assert clock_offset_ms(reply, NOON_MS - 600_000) == 600_000
    assert clock_offset_ms(Reply(200, b""), NOON_MS) is None


async def test_a_door_that_nobody_keeps_is_trouble_and_no_crash(
    tmp_path, door, hour, unused_tcp_port_factory
) -> None:
    door.url = f"http://127.0.0.1:{unused_tcp_port_factory()}/ingest"
    async with collecting(tmp_path, door, hour) as (keeper, courier):
        await put(keeper, hour, 1.0)
        await hour.pass_until(1.5, LANES)
        assert courier.link.trouble == "ConnectError"


async def test_real_time_rests_until_it_is_woken(tmp_path) -> None:
    pace, woken = RealPace(), asyncio.Event()
    woken.set()
    before = pace.seconds()
    await pace.rest(30, woken)
    await pace.rest(0.01, asyncio.Event())
    assert pace.seconds() - before < 30 and pace.now_ms() > NOON_MS - 10**10


async def test_the_key_goes_with_every_batch(door) -> None:
    client = DoorClient(door.url, SOURCE, KEY)
    assert client._client.headers["Authorization"] == f"Bearer {SOURCE}:{KEY}"
    await client.close()
