"""MQTT 3.1.1 as far as a sender of the measurements needs it: sign in, subscribe, publish with QoS 1, hear.

The senders share the machine with what they measure, so they must cost little: with
paho, written for every case, a message costs its sender more than it costs the door.
"""

import asyncio
from collections.abc import Callable, Iterator
from typing import cast

_CONNECT, _CONNACK = 0x10, 0x20
_PUBLISH, _PUBLISH_QOS_1 = 0x30, 0x32
_SUBSCRIBE, _SUBACK = 0x82, 0x90
_DISCONNECT = 0xE0
_WITH_USER_AND_PASSWORD_ON_A_CLEAN_SESSION = 0b1100_0010
_IDS = 65_535


class Connection(asyncio.Protocol):
    """One client's connection; what is published in one turn of the loop goes out in one piece."""

    def __init__(self, on_message: Callable[[bytes], None]) -> None:
        self.on_message = on_message
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._heard = bytearray()
        self._leaving: list[bytes] = []
        self._id = 0
        self._answer: asyncio.Future[bytes] = self._loop.create_future()

    async def sign_in(self, client_id: str, user: str, password: str) -> None:
        """Raises `ConnectionError` when the broker refuses."""
        flags = bytes([4, _WITH_USER_AND_PASSWORD_ON_A_CLEAN_SESSION])
        no_keep_alive = bytes(2)
        names = _text(client_id) + _text(user) + _text(password)
        said = await self._ask(_packet(_CONNECT, _text("MQTT") + flags + no_keep_alive + names))
        if said[1] != 0:
            raise ConnectionRefusedError(f"the broker refuses {user}: {said[1]}")

    async def subscribe(self, topic: str) -> None:
        """Hear *topic* with QoS 0. Raises `ConnectionError` when the broker refuses."""
        said = await self._ask(_packet(_SUBSCRIBE, b"\0\1" + _text(topic) + b"\0"))
        if said[2] & 0x80:
            raise ConnectionRefusedError(f"the broker refuses {topic}")

    def publish(self, topic: str, payload: bytes) -> None:
        """Send *payload* with QoS 1."""
        self._id = self._id % _IDS + 1
        self._send(_packet(_PUBLISH_QOS_1, _text(topic) + self._id.to_bytes(2, "big") + payload))

    def close(self) -> None:
        """Raises `ConnectionError` when the connection was lost before."""
        if self._transport is None:
            raise ConnectionResetError("the broker closed the connection")
        self._transport.write(bytes([_DISCONNECT, 0]))
        self._transport.close()

    # -- what the loop calls -----------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._heard += data
        for kind, body in _packets(self._heard):
            if kind & 0xF0 == _PUBLISH:
                self.on_message(body[2 + int.from_bytes(body[:2], "big") :])
            elif kind in (_CONNACK, _SUBACK):  # PUBACK says nothing that the door's answer does not say
                self._answer.set_result(body)

    def connection_lost(self, error: Exception | None) -> None:
        self._transport = None
        if not self._answer.done():
            self._answer.set_exception(error or ConnectionResetError("the broker closed the connection"))

    # -- inside ------------------------------------------------------------------

    async def _ask(self, packet: bytes) -> bytes:
        self._answer = self._loop.create_future()
        self._send(packet)
        return await self._answer

    def _send(self, packet: bytes) -> None:
        if not self._leaving:
            self._loop.call_soon(self._flush)
        self._leaving.append(packet)

    def _flush(self) -> None:
        leaving, self._leaving = self._leaving, []
        if self._transport is not None:
            self._transport.write(b"".join(leaving))


def _packet(kind: int, body: bytes) -> bytes:
    head, rest = bytearray([kind]), len(body)
    while rest > 127:
        head.append(rest & 127 | 128)
        rest >>= 7
    head.append(rest)
    return bytes(head) + body


def _text(text: str) -> bytes:
    encoded = text.encode()
    return len(encoded).to_bytes(2, "big") + encoded


def _packets(heard: bytearray) -> Iterator[tuple[int, bytes]]:
    """The whole packets in *heard*, which keeps what is still incomplete: first byte, and what follows the length."""
    taken = 0
    while (found := _length(heard, taken)) is not None:
        start, end = found
        yield heard[taken], bytes(heard[start:end])
        taken = end
    del heard[:taken]


def _length(heard: bytearray, at: int) -> tuple[int, int] | None:
    """Where the body of the packet at *at* begins and ends; None when it is not all there."""
    length = 0
    for place in range(1, 5):
        if at + place >= len(heard):
            return None
        digit = heard[at + place]
        length |= (digit & 127) << 7 * (place - 1)
        if digit < 128:
            start = at + place + 1
            return (start, start + length) if start + length <= len(heard) else None
    raise ValueError("the broker sent a length of more than four bytes")
