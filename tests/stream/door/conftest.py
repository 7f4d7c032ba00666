"""A door before a real broker, with a plant of two gateways."""

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress

import httpx
import numpy as np
import pytest

from anlan.adapters.nats import (
    TELE,
    NatsBus,
    NatsDeadLetters,
    NatsLogReader,
    NatsTelemetryLog,
    StreamLimits,
    connect,
    ensure_streams,
)
from anlan.ports.rules import GatewayRecord, PointColumns
from anlan.server.supervisor.nats import EmbeddedNats, temporary_nats
from anlan.stream import frames
from anlan.stream.door import DeadLetters, Door, DoorApp, MqttDoor, RegistryCache

KEY = "tank-farm-key"
LIMITS = StreamLimits(tele_bytes=8 * 1024 * 1024, evt_bytes=1024 * 1024, dead_bytes=1024 * 1024)


def gateway(source, number, *, key=KEY, enabled=True):
    return GatewayRecord(source, number, hashlib.sha256(key.encode()).digest(), enabled, None, 0, 0, 1.0)


class Plant:
    """A registry in memory: tank-farm owns T-101 (°C) and L-101 (m), retired is disabled."""

    def __init__(self):
        self.records = [gateway("tank-farm", 1), gateway("retired", 2, enabled=False)]
        self.points_now = [(11, "T-101", "°C"), (12, "L-101", "m")]
        self.asked = 1

    def version(self):
        return self.asked

    def gateways(self):
        return self.records

    def points(self):
        number, tag, unit = zip(*self.points_now, strict=True)
        return PointColumns(self.asked, np.array(number, np.int32), tag, unit, ["tank-farm"] * len(number))


@pytest.fixture(scope="module")
def broker() -> Iterator[EmbeddedNats]:
    with temporary_nats() as server:
        yield server


@pytest.fixture
async def client(broker):
    connection = await connect(broker.url, "test")
    await ensure_streams(connection, LIMITS)
    for stream in ("TELE", "DEAD", "MARKS"):
        await connection.jsm().purge_stream(stream)
    yield connection
    await connection.close()


@pytest.fixture
def plant():
    return Plant()


@asynccontextmanager
async def open_door(client, plant, log=None) -> AsyncIterator[Door]:
    """A running door; *log* replaces the one over NATS."""
    dead = DeadLetters(NatsDeadLetters(client))
    door = Door(RegistryCache(plant), [log or NatsTelemetryLog(client)], dead, asyncio.to_thread)
    duties = [asyncio.create_task(door.keep_registry()), asyncio.create_task(dead.run())]
    await MqttDoor(door, NatsBus(client)).open()
    await door.recall([NatsLogReader(client, TELE, "tele.>", "door")])
    while not door.ready:
        await asyncio.sleep(0.01)
    try:
        yield door
    finally:
        for duty in duties:
            duty.cancel()
            with suppress(asyncio.CancelledError):
                await duty


@pytest.fixture
async def door(client, plant):
    async with open_door(client, plant) as opened:
        yield opened


def http(door):
    return httpx.AsyncClient(transport=httpx.ASGITransport(DoorApp(door)), base_url="http://door")


@pytest.fixture
async def post(door):
    """``await post(batch, key=..., source=...)``: the answer of ``POST /ingest``."""
    async with http(door) as sender:

        async def send(content, *, source="tank-farm", key=KEY):
            headers = {"authorization": f"Bearer {source}:{key}"}
            given = {"content": content} if isinstance(content, bytes) else {"json": content}
            return await sender.post("/ingest", headers=headers, **given)

        yield send


def now_ms():
    return time.time_ns() // 1_000_000


def batch(sequence=1, **changed):
    """A sound batch of two times and two points."""
    at = now_ms() - 5000
    sound = {
        "schema": 1,
        "source": "tank-farm",
        "epoch": "boot-1",
        "sequence": sequence,
        "points": ["T-101", "L-101"],
        "times_ms": [at, at + 1000],
        "values": [[20.5, 3.1], [20.6, 3.2]],
    }
    return {**sound, **changed}


async def stored(client):
    """All readings in the log as (point, value), in order."""
    reader = NatsLogReader(client, TELE, "tele.>", "test")
    found = []
    for entry in await reader.tail(1000, 10**9):
        frame = frames.decode(entry.payload)
        found += list(zip(frame.point.tolist(), frame.value.tolist(), strict=True))
    return found


async def letters(client, count):
    """The first *count* dead letters."""
    import msgspec

    found = []
    async with asyncio.timeout(5):
        while len(found) < count:
            reader = NatsLogReader(client, "DEAD", "dead.>", "test")
            found = [msgspec.json.decode(entry.payload) for entry in await reader.tail(100, 10**9)]
            await asyncio.sleep(0.02)
    return found
