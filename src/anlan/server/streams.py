"""The sizes of the streams, said once for every process that makes sure of them."""

import os

from nats.aio.client import Client

from anlan.adapters.nats import StreamLimits, connect, ensure_streams

DEFAULT_LIMIT = 4 * 1024**3
WINDOW_SHARE = 0.25
"""Of TELE's bytes: what is kept of entries that all readers have passed, for replays."""


def data_limit_bytes() -> int:
    """What ``--data-limit`` allows the telemetry log."""
    return int(os.environ.get("ANLAN_DATA_LIMIT", "") or DEFAULT_LIMIT)


def stream_limits() -> StreamLimits:
    return StreamLimits(
        tele_bytes=data_limit_bytes(), replicas=int(os.environ.get("ANLAN_STREAM_REPLICAS", "1"))
    )


async def connected(name: str) -> Client:
    """A connection to NATS under *name*, with the streams there."""
    client = await connect(os.environ["NATS_URL"], name)
    await ensure_streams(client, stream_limits())
    return client
