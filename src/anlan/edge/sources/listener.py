"""Where devices call: one TCP server for every protocol in which the device speaks first.

What came in is answered only once it is durable. No bytes and no caller can end the server: a conversation that
cannot be followed is closed, one that says nothing for long is closed, and there are only so many at a time.
"""

import asyncio
import logging
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from anlan.edge.core.config import Listener
from anlan.edge.core.readings import Reading
from anlan.edge.sources.base import Desk, Fare

log = logging.getLogger(__name__)

_CHUNK = 16 * 1024
_PATIENCE_S = 30.0
"""For a caller that does not read its answers, and for the rest of a message that has begun."""
_STRANGE = 16
"""Messages in a row of nobody who is declared, after which the line is cut."""


@dataclass(frozen=True)
class Heard:
    """What one message brought. *answer* is sent when *readings* are durable; *strange* comes from nobody declared."""

    readings: tuple[Reading, ...] = ()
    answer: bytes = b""
    strange: bool = False


class Conversation(Protocol):
    """One caller's line, without the socket."""

    def hear(self, octets: bytes) -> Iterable[Heard]: ...

    def fall_silent(self) -> Iterable[Heard]:
        """What is left when a message that has begun does not go on."""
        ...


class Conversations(Protocol):
    """A protocol with its declared devices."""

    def begin(self) -> Conversation: ...


class Station:
    """Listens as *config* says and hands what it hears to *desk*."""

    def __init__(self, config: Listener, protocol: Conversations, desk: Desk) -> None:
        self._config, self._protocol, self._desk = config, protocol, desk
        self._lines: set[asyncio.Task[None]] = set()

    @property
    def fare(self) -> Fare:
        return self._desk.fare

    async def run(self) -> None:
        """Serve for ever. Raises `OSError` when the port cannot be had."""
        server = await asyncio.start_server(self._answer_call, self._config.listen, self._config.port)
        self.fare.connected = True
        try:
            async with server:
                await server.serve_forever()
        finally:
            for line in self._lines:
                line.cancel()

    async def _answer_call(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = asyncio.current_task()
        if len(self._lines) >= self._config.most_connections or line is None:
            self.fare.counts["turned_away"] += 1
            writer.close()
            return
        self._lines.add(line)
        self.fare.counts["calls"] += 1
        try:
            await self._converse(reader, writer)
        except (OSError, TimeoutError):
            self.fare.counts["broken_off"] += 1
        except Exception:
            self.fare.counts["failed"] += 1
            log.exception("%s: a conversation failed", self.fare.name)
        finally:
            self._lines.discard(line)
            writer.close()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        _keep_alive(writer)
        talk, strange, quiet_s = self._protocol.begin(), 0, 0.0
        while strange < _STRANGE:
            octets = await _next(reader, min(_PATIENCE_S, self._config.idle_s - quiet_s))
            if octets == b"":
                return
            if octets is not None:
                quiet_s = 0.0
                strange = await self._follow(talk.hear(octets), writer, strange)
                continue
            quiet_s += _PATIENCE_S
            strange = await self._follow(talk.fall_silent(), writer, strange)
            if quiet_s >= self._config.idle_s:
                self.fare.counts["silent"] += 1
                return

    async def _follow(self, heard: Iterable[Heard], writer: asyncio.StreamWriter, strange: int) -> int:
        """Keep and answer; how many strange messages in a row that makes."""
        for one in heard:
            strange = strange + 1 if one.strange else 0
            kept = await self._desk.keep(one.readings)
            if kept and one.answer:
                writer.write(one.answer)
                async with asyncio.timeout(_PATIENCE_S):
                    await writer.drain()
                self.fare.counts["answered"] += 1
        return strange


async def _next(reader: asyncio.StreamReader, patience_s: float) -> bytes | None:
    """What comes next; empty at the end of the line, None when nothing came in time."""
    try:
        async with asyncio.timeout(patience_s):
            return await reader.read(_CHUNK)
    except TimeoutError:
        return None


def _keep_alive(writer: asyncio.StreamWriter) -> None:
    """Let the kernel find out about lines whose other end is gone without a word."""
    sock = writer.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
