"""A real broker that syncs every write, and a connection to it."""

from collections.abc import AsyncIterator, Iterator

import pytest
from nats.aio.client import Client

from anlan.adapters.nats import StreamLimits, connect, ensure_streams
from anlan.server.supervisor.nats import EmbeddedNats, temporary_nats


@pytest.fixture
def broker() -> Iterator[EmbeddedNats]:
    with temporary_nats(durable=True) as server:
        yield server


@pytest.fixture
def limits() -> StreamLimits:
    return StreamLimits(tele_bytes=64 * 1024 * 1024, evt_bytes=8 * 1024 * 1024, dead_bytes=1024 * 1024)


@pytest.fixture
async def client(broker: EmbeddedNats, limits: StreamLimits) -> AsyncIterator[Client]:
    connection = await connect(broker.url, "test")
    await ensure_streams(connection, limits)
    yield connection
    await connection.close()
