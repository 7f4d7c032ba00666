"""The relay: what was committed is published, in order, at least once; what was not, never."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest
from tests.server.conftest import LIMITS

from anlan.adapters.nats import DEAD, EVT, TELE, NatsDeadLetters, NatsEvents, NatsLogReader
from anlan.ports.telemetry import LogUnavailable
from anlan.server.relay import Relay, RelaySettings, Waiting, publish, read_waiting
from anlan.server.supervisor.nats import EmbeddedNats
from anlan.server.supervisor.postgres import APP_ROLE, EmbeddedPostgres

LINGWU = "640181"


def tell(*names: str, then_fail: bool = False) -> None:
    """Emit an event for each name in one transaction."""
    from django.db import connection

    from anlan.platform.commands import service_principal, transaction_as
    from anlan.platform.outbox import Event, emit_many

    try:
        with transaction_as(service_principal("relay")):
            emit_many(Event("alarm", {"name": name}, None, LINGWU, None, "system.status") for name in names)
            if then_fail:
                raise RuntimeError("the transaction fails")
    finally:
        connection.close()


@pytest.fixture
def settings(db: EmbeddedPostgres, broker: EmbeddedNats, tmp_path: Path) -> RelaySettings:
    (tmp_path / "nats").mkdir()
    return RelaySettings(
        nats_url=broker.url,
        database_url=db.url(APP_ROLE, "anlan_test"),
        data=tmp_path,
        limits=LIMITS,
        readers=("historian", "evaluator-0"),
    )


@pytest.fixture
async def relay(settings: RelaySettings, streams: Any) -> AsyncIterator[Relay]:
    running = Relay(settings)
    task = asyncio.create_task(running.run())
    yield running
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def names_in_evt(streams: Any, count: int) -> list[str]:
    reader = NatsLogReader(streams, EVT, "evt.>", "test")
    await reader.seek(0)
    found: list[str] = []
    async with asyncio.timeout(10):
        while len(found) < count:
            for entry in await reader.read(100, 0.5):
                found.append(msgspec.json.decode(entry.payload)["data"]["name"])
    found += [msgspec.json.decode(entry.payload)["data"]["name"] for entry in await reader.read(100, 0.3)]
    await reader.close()
    return found


async def test_events_of_a_commit_are_published_in_order_and_a_rollback_publishes_nothing(
    relay: Relay, streams: Any
) -> None:
    await asyncio.to_thread(tell, "first", "second")
    with suppress(RuntimeError):
        await asyncio.to_thread(tell, "never", then_fail=True)
    await asyncio.to_thread(tell, *(f"later {n}" for n in range(200)))
    expected = ["first", "second", *(f"later {n}" for n in range(200))]
    assert await names_in_evt(streams, len(expected)) == expected


async def test_an_event_says_who_may_hear_of_it(relay: Relay, streams: Any) -> None:
    await asyncio.to_thread(tell, "only")
    reader = NatsLogReader(streams, EVT, "evt.alarm", "test")
    await reader.seek(0)
    (entry,) = await reader.read(10, 5.0)
    said = msgspec.json.decode(entry.payload)
    assert (said["region"], said["zone"], said["permission"], said["topic"]) == (
        LINGWU,
        None,
        "system.status",
        "alarm",
    )


async def test_a_relay_that_died_before_marking_publishes_no_event_twice(
    db: EmbeddedPostgres, streams: Any
) -> None:
    """The same identifier within the stream's window is stored once."""
    await asyncio.to_thread(tell, "once", "and once")
    waiting = await asyncio.to_thread(_closing, read_waiting, 10)

    async def killed(positions: Any) -> None:
        raise ConnectionError("killed here")

    for _ in range(2):
        with pytest.raises(ConnectionError):
            await publish(NatsEvents(streams), waiting, killed)
    assert await names_in_evt(streams, 2) == ["once", "and once"]


async def test_only_what_lies_before_a_failure_is_marked() -> None:
    class Failing:
        async def append(self, topic: str, payload: bytes, identifier: str) -> int:
            if payload == b"3":
                raise LogUnavailable("no answer")
            return int(payload)

    marked: list[int] = []

    async def mark(positions: Any) -> None:
        marked.extend(positions)

    waiting = [Waiting(n, n, "alarm", str(n).encode()) for n in range(1, 6)]  # type: ignore[arg-type]
    with pytest.raises(LogUnavailable):
        await publish(Failing(), waiting, mark)  # type: ignore[arg-type]
    assert marked == [1, 2]


async def test_a_commit_never_overtakes_an_older_transaction_that_is_still_open(
    db: EmbeddedPostgres, application: psycopg.Connection
) -> None:
    """An event with a lower position could still appear before it."""
    application.autocommit = False
    application.execute("SELECT pg_current_xact_id()")
    await asyncio.to_thread(tell, "overtaking")
    assert await asyncio.to_thread(_closing, read_waiting, 10) == []
    application.rollback()
    assert len(await asyncio.to_thread(_closing, read_waiting, 10)) == 1


async def test_audit_rows_are_sealed_within_seconds(relay: Relay, superuser: psycopg.Connection) -> None:
    from tests.server.conftest import new_person

    await asyncio.to_thread(_closing, new_person, "sealed", "local_bureau", LINGWU)
    async with asyncio.timeout(10):
        while relay.health()["sealed"] == 0:
            await asyncio.sleep(0.1)


async def test_without_the_broker_events_wait_and_go_out_when_it_is_back(
    settings: RelaySettings,
) -> None:

    from anlan.adapters.nats import connect, ensure_streams
    from anlan.server.supervisor.nats import temporary_nats

    with temporary_nats() as broker:
        client = await connect(broker.url, "test")
        await ensure_streams(client, LIMITS)
        relay = Relay(replace(settings, nats_url=broker.url))
        task = asyncio.create_task(relay.run())
        try:
            await asyncio.to_thread(tell, "before")
            assert await names_in_evt(client, 1) == ["before"]
            broker.stop()
            await asyncio.to_thread(tell, "during")
            async with asyncio.timeout(10):
                while "outbox" not in relay.health()["troubles"]:  # type: ignore[operator]
                    await asyncio.sleep(0.1)
            broker.start()
            async with asyncio.timeout(10):
                while not client.is_connected:
                    await asyncio.sleep(0.1)
            assert await names_in_evt(client, 2) == ["before", "during"]
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            await client.close()


async def test_a_duty_that_works_again_is_out_of_trouble_before_it_rests_for_ten_minutes(
    settings: RelaySettings, streams: Any, superuser: psycopg.Connection
) -> None:
    superuser.execute(f"REVOKE DELETE ON outbox_outboxevent FROM {APP_ROLE}")
    relay = Relay(settings)
    task = asyncio.create_task(relay.run())
    try:
        async with asyncio.timeout(20):
            while "forgetting" not in relay.health()["troubles"]:  # type: ignore[operator]
                await asyncio.sleep(0.1)
        superuser.execute(f"GRANT DELETE ON outbox_outboxevent TO {APP_ROLE}")
        async with asyncio.timeout(20):
            while not relay.health()["ok"]:
                await asyncio.sleep(0.1)
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def test_streams_that_were_deleted_come_back_and_dead_letters_through_them(
    relay: Relay, streams: Any, superuser: psycopg.Connection
) -> None:
    """Somebody deletes the streams under a running system: without them the door could take nothing."""
    letters = NatsDeadLetters(streams)

    async def refuse(tag: str) -> None:
        said = {"at": f"2026-11-25T00:00:0{tag}+00:00", "source": "tank-farm", "reason": "unknown_point"}
        async with asyncio.timeout(40):
            while True:
                with suppress(LogUnavailable):
                    await letters.append(msgspec.json.encode({**said, "items": [{"tag": tag}]}))
                    return
                await asyncio.sleep(0.2)

    async def until_stored(count: int) -> None:
        async with asyncio.timeout(20):
            while superuser.execute("SELECT count(*) FROM points_deadletter").fetchone() != (count,):
                await asyncio.sleep(0.1)

    await refuse("1")
    await until_stored(1)
    for stream in (TELE, DEAD, EVT, "MARKS"):
        await streams.jsm().delete_stream(stream)
    await refuse("2")
    await until_stored(2)
    assert (await streams.jsm().stream_info(TELE)).config.max_bytes == LIMITS.tele_bytes


def _closing(work: Any, *arguments: Any) -> Any:
    from django.db import connection

    try:
        return work(*arguments)
    finally:
        connection.close()
