"""The log over a real JetStream: durable appends, readers with a place, purging what is passed."""

import asyncio
import os
import signal
from dataclasses import replace
from pathlib import Path

import pytest
from tests.disks import breaking_disk, loop_mount

from anlan.adapters.nats import (
    DEAD,
    EVT,
    TELE,
    NatsBus,
    NatsDeadLetters,
    NatsEvents,
    NatsLogReader,
    NatsTelemetryLog,
    connect,
    ensure_streams,
    purge_passed,
)
from anlan.ports.telemetry import LogBehind, LogFull, LogUnavailable
from anlan.server.supervisor.nats import BrokerPorts, EmbeddedNats


async def until_still(pid: int) -> None:
    """Return when a SIGSTOP has reached every thread: until then one may still answer."""
    while any(
        "State:\tT" not in (task / "status").read_text() for task in Path(f"/proc/{pid}/task").iterdir()
    ):
        await asyncio.sleep(0.01)


def reader_of(client, name="evaluator.0") -> NatsLogReader:
    return NatsLogReader(client, TELE, "tele.0", name)


async def read_all(reader: NatsLogReader, count: int) -> list[bytes]:
    found = []
    for _ in range(200):
        found += [entry.payload for entry in await reader.read(100, 0.5)]
        if len(found) >= count:
            return found
    raise AssertionError(f"only {len(found)} of {count} came")


async def eventually(call):
    """Repeat *call* while the log does not answer."""
    for _ in range(200):
        try:
            return await call()
        except LogUnavailable:
            await asyncio.sleep(0.05)
    raise AssertionError("the log did not come back")


async def test_what_is_appended_is_read_in_order_from_the_place_asked_for(client):
    log, reader = NatsTelemetryLog(client), reader_of(client)
    sequences = [await log.append(b"%d" % number) for number in range(5)]
    assert sequences == [1, 2, 3, 4, 5]
    await reader.seek(2)
    assert await read_all(reader, 3) == [b"2", b"3", b"4"]
    assert await reader.read(10, 0.05) == []
    await log.append(b"5")
    assert await read_all(reader, 1) == [b"5"]


async def test_appends_in_flight_together_are_all_stored(client):
    log, reader = NatsTelemetryLog(client), reader_of(client)
    await asyncio.gather(*(log.append(b"%d" % number) for number in range(600)))
    await reader.seek(0)
    assert sorted(map(int, await read_all(reader, 600))) == list(range(600))
    assert reader.pending == 0


async def test_large_entries_pass_the_byte_limit_of_one_pull(client):
    log, reader = NatsTelemetryLog(client), reader_of(client)
    for number in range(40):
        await log.append(bytes([number]) * 900_000)
    await reader.seek(0)
    assert [payload[0] for payload in await read_all(reader, 40)] == list(range(40))


async def test_a_full_log_refuses_and_keeps_what_it_has(client, limits):
    await ensure_streams(client, replace(limits, tele_bytes=4096))
    log, reader, kept = NatsTelemetryLog(client), reader_of(client), 0
    with pytest.raises(LogFull):
        for _ in range(10):
            await log.append(b"x" * 1000)
            kept += 1
    await reader.seek(0)
    assert len(await read_all(reader, kept)) == kept > 0
    await ensure_streams(client, limits)
    assert await log.append(b"room again") == kept + 1


async def test_dead_letters_make_room_by_dropping_the_oldest(client):
    dead = NatsDeadLetters(client)
    for number in range(20):
        await dead.append(b"%05d" % number * 20_000)
    reader = NatsLogReader(client, DEAD, "dead.>", "relay")
    await reader.seek(0)
    kept: list[int] = []
    while not kept or kept[-1] < 20:
        kept += [entry.sequence for entry in await reader.read(100, 1)]
    assert kept == list(range(kept[0], 21))
    assert kept[0] > 1


async def test_an_event_published_again_under_its_identifier_is_stored_once(client):
    events, reader = NatsEvents(client), NatsLogReader(client, EVT, "evt.>", "front")
    first = await events.append("alarm", b"{}", "id-1")
    assert await events.append("alarm", b"{}", "id-1") == first
    await events.append("alarm", b"{}", "id-2")
    assert await reader.last_sequence() == 2


async def test_everything_acknowledged_survives_a_killed_broker(broker, client):
    log, reader = NatsTelemetryLog(client), reader_of(client)
    await reader.seek(0)
    acknowledged = []

    async def send() -> None:
        for number in range(400):
            try:
                await log.append(b"%d" % number)
                acknowledged.append(number)
            except LogUnavailable:
                await asyncio.sleep(0.02)

    sending = asyncio.create_task(send())
    while len(acknowledged) < 50:
        await asyncio.sleep(0.01)
    os.kill(broker.pid, signal.SIGKILL)
    broker.stop()
    broker.start()
    await sending
    await eventually(lambda: log.append(b"-1"))
    found: list[int] = []
    while -1 not in found:
        found += [int(entry.payload) for entry in await eventually(lambda: reader.read(100, 0.5))]
    assert set(acknowledged) <= set(found)
    assert found == [*sorted(found[:-1]), -1]


async def test_an_append_whose_broker_was_killed_is_refused_as_soon_as_that_is_known(broker, client):
    """Its answer can never come: the sender need not wait for the whole time allowed for one."""
    log = NatsTelemetryLog(client)
    os.kill(broker.pid, signal.SIGSTOP)
    await until_still(broker.pid)
    appending = asyncio.create_task(log.append(b"lost"))
    await asyncio.sleep(0.1)
    os.kill(broker.pid, signal.SIGKILL)
    broker.stop()
    with pytest.raises(LogUnavailable, match="lost before the answer"):
        await appending
    broker.start()
    last = await eventually(lambda: log.append(b"again"))
    stored = await eventually(lambda: reader_of(client).read(100, 0.5))
    # the broker may have taken it before it stood still: refused is not to say that it is not there
    payloads = [entry.payload for entry in stored]
    assert payloads[-1] == b"again" and set(payloads) <= {b"lost", b"again"} and len(payloads) == last


async def test_without_a_broker_an_append_says_so_and_nothing_is_stored_later(broker, client):
    log, reader = NatsTelemetryLog(client), reader_of(client)
    broker.stop()
    for _ in range(100):
        if not client.is_connected:
            break
        await asyncio.sleep(0.02)
    with pytest.raises(LogUnavailable):
        await log.append(b"lost")
    with pytest.raises(LogUnavailable):
        await reader.read(1, 0.01)
    broker.start()
    await eventually(lambda: reader.seek(0))
    assert await eventually(lambda: reader.read(1, 0.1)) == []


async def test_a_place_beyond_the_end_is_not_this_log(client):
    await NatsTelemetryLog(client).append(b"1")
    with pytest.raises(LogBehind):
        await reader_of(client).seek(2)


async def test_a_log_made_anew_is_not_read_on(client, limits):
    """The stream was deleted and made again while its reader listened; it has even grown beyond the place."""
    log, reader = NatsTelemetryLog(client), reader_of(client)
    for number in range(5):
        await log.append(b"%d" % number)
    await reader.seek(0)
    await read_all(reader, 3)
    await reader.passed(3)
    await client.jsm().delete_stream(TELE)
    await ensure_streams(client, limits)
    for number in range(9):
        await log.append(b"new %d" % number)
    with pytest.raises(LogBehind):
        for _ in range(20):
            assert await reader.read(10, 0.5) == []
    assert await reader.mark() == 0
    assert await purge_passed(client, TELE, ["evaluator.0"], 0) == 0
    await reader.seek(0)
    assert len(await read_all(reader, 9)) == 9


async def test_a_place_outlives_a_killed_broker(broker, client):
    log, reader = NatsTelemetryLog(client), reader_of(client)
    for number in range(5):
        await log.append(b"%d" % number)
    await reader.seek(0)
    await read_all(reader, 5)
    await reader.passed(5)
    os.kill(broker.pid, signal.SIGKILL)
    broker.stop()
    broker.start()
    await eventually(lambda: log.append(b"5"))
    assert await eventually(reader.mark) == 5
    assert await eventually(lambda: read_all(reader, 1)) == [b"5"]


async def test_marks_that_are_gone_are_not_taken_for_a_reader_that_never_read(client, limits):
    reader = reader_of(client)
    assert await reader.mark() == 0
    await client.jsm().delete_stream("MARKS")
    with pytest.raises(LogUnavailable):
        await reader.mark()
    await ensure_streams(client, limits)
    assert await reader.mark() == 0


async def test_the_tail_is_the_last_entries_in_order(client):
    log, reader = NatsTelemetryLog(client), reader_of(client, "door")
    assert await reader.tail(10, 1_000_000) == []
    for number in range(30):
        await log.append(b"%d" % number)
    assert [entry.payload for entry in await reader.tail(3, 1_000_000)] == [b"27", b"28", b"29"]
    assert len(await reader.tail(1000, 1_000_000)) == 30
    assert len(await reader.tail(1000, 1)) == 1


async def test_only_what_all_readers_passed_is_purged_beyond_the_window(client):
    log, one, other = (
        NatsTelemetryLog(client),
        reader_of(client, "evaluator.0"),
        reader_of(client, "historian"),
    )
    for _ in range(100):
        await log.append(b"x" * 1000)
    readers = ["evaluator.0", "historian"]
    await one.passed(80)
    assert await purge_passed(client, TELE, readers, 0) == 0
    await other.passed(60)
    assert await purge_passed(client, TELE, readers, 10_000_000) == 0
    assert await purge_passed(client, TELE, readers, 0) == 60
    await other.seek(0)
    assert (await other.read(1, 1))[0].sequence == 61
    assert await other.mark() == 60
    assert await purge_passed(client, TELE, readers, 0) == 0


async def test_the_bus_shares_messages_within_a_group(client):
    bus, got = NatsBus(client), []

    async def keep(subject: str, payload: bytes) -> None:
        got.append((subject, payload))

    one = await bus.subscribe("in.*", keep, group="door")
    two = await bus.subscribe("in.*", keep, group="door")
    await bus.publish("in.G1", b"hello")
    await client.flush()
    for _ in range(100):
        if got:
            break
        await asyncio.sleep(0.01)
    await one.close()
    await two.close()
    assert got == [("in.G1", b"hello")]


async def test_connecting_waits_for_the_broker(broker):
    broker.stop()
    waiting = asyncio.create_task(connect(broker.url, "early"))
    await asyncio.sleep(0.3)
    broker.start()
    client = await asyncio.wait_for(waiting, 20)
    assert client.is_connected
    await client.close()


@pytest.mark.root
async def test_a_log_whose_syncs_fail_acknowledges_nothing_more_and_says_why(tmp_path, limits):
    """Some 3 MB of sound disk under a log that may take 16: what was acknowledged is there on another disk."""
    limits = replace(limits, tele_bytes=16 * 1024 * 1024)
    with breaking_disk(tmp_path / "dying", mib=96, sound_mib=3) as dying:
        dying_broker = EmbeddedNats(dying.disk / "nats", BrokerPorts.free())
        dying_broker.start()
        client = await connect(dying_broker.url, "test")
        await ensure_streams(client, limits)
        log, acknowledged = NatsTelemetryLog(client), []
        assert dying_broker.trouble() == ""
        with pytest.raises(LogUnavailable):
            while True:
                acknowledged.append(await log.append(bytes(50_000)))
        assert "write error" in dying_broker.trouble()
        with pytest.raises(LogUnavailable):
            await log.append(b"small")
        await client.close()
        dying_broker.stop()
        rescued = dying.rescue(tmp_path / "rescued.img")
    with loop_mount(rescued, tmp_path / "after") as disk:
        sound_broker = EmbeddedNats(disk / "nats", BrokerPorts.free())
        sound_broker.start()
        client = await connect(sound_broker.url, "test")
        state = (await client.jsm().stream_info(TELE)).state
        await client.close()
        sound_broker.stop()
    assert len(acknowledged) > 10 and state.last_seq >= acknowledged[-1]
    assert state.messages >= len(acknowledged)
