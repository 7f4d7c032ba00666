"""One connection to NATS that comes back by itself."""

import logging
from collections.abc import Callable
from urllib.parse import unquote, urlsplit, urlunsplit

import nats
from nats.aio.client import Client

log = logging.getLogger(__name__)

PENDING_BYTES = 32 * 1024 * 1024


async def connect(url: str, name: str, on_closed: Callable[[], None] | None = None) -> Client:
    """Connect to *url* (several servers separated by commas) and stay connected.

    Waits until a server answers, and reconnects for ever after a loss. Only a
    refusal of the credentials ends the connection for good: *on_closed* is then
    called, and the process should end so that it is started with right ones.
    """

    async def on_error(error: Exception) -> None:
        log.warning("NATS connection %s: %s", name, error or type(error).__name__)

    async def on_disconnected() -> None:
        log.warning("NATS connection %s: lost", name)

    async def on_reconnected() -> None:
        log.info("NATS connection %s: back", name)

    async def closed() -> None:
        if on_closed:
            on_closed()

    servers, credentials = split_url(url)
    return await nats.connect(
        servers,
        name=name,
        **credentials,
        error_cb=on_error,
        disconnected_cb=on_disconnected,
        reconnected_cb=on_reconnected,
        closed_cb=closed,
        max_reconnect_attempts=-1,
        reconnect_time_wait=0.25,
        connect_timeout=3,
        ping_interval=5,
        max_outstanding_pings=2,
        pending_size=PENDING_BYTES,
    )


def split_url(url: str) -> tuple[list[str], dict[str, str]]:
    """Servers without user and password, and those of the first URL, decoded, as the client wants them.

    The client itself would send them still percent-encoded.
    """
    parts = [urlsplit(server.strip()) for server in url.split(",") if server.strip()]
    servers = [urlunsplit(part._replace(netloc=part.netloc.rpartition("@")[2])) for part in parts]
    if not parts or parts[0].username is None:
        return servers, {}
    return servers, {"user": unquote(parts[0].username), "password": unquote(parts[0].password or "")}
