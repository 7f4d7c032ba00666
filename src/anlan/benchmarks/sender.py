"""Gateways that send 500-point batches, or single readings, over MQTT: as fast as they are answered, or at a rate.

A process of its own, the same for ours and the peer: each gateway keeps a few
messages in flight and counts one when its answer says that it is durable.
Reads its orders as JSON from standard input, writes the counts to standard output.
"""

import asyncio
import json
import random
import sys
import time
from dataclasses import dataclass

import msgspec
import uvloop

from anlan.benchmarks.load import POINTS, tags
from anlan.benchmarks.mqtt import Connection
from anlan.stream.door.announced import hash_of

ROWS = 64


class Orders(msgspec.Struct):
    """Where to send, as whom, for how long; *gateways* maps a source to its key.

    With *single* a message is one reading; with *points_per_s* above 0 batches go out at that rate, all
    gateways together, whatever the answers.
    """

    port: int
    gateways: dict[str, str]
    seconds: float
    window: int = 8
    single: bool = False
    points_per_s: float = 0.0


@dataclass
class Count:
    """Readings answered as durable before the deadline, and answers that were not."""

    accepted: int = 0
    refused: int = 0


class Answer(msgspec.Struct):
    """As much of an answer as a sender needs."""

    status: int
    accepted: int


_answers = msgspec.json.Decoder(Answer)


class Gateway:
    """One sender over *connection*."""

    def __init__(self, orders: Orders, source: str, connection: Connection) -> None:
        self._orders, self._source, self._connection = orders, source, connection
        self._count = Count()
        self._deadline = 0.0
        self._sequence = 0
        self._announced = False
        self._last_ms = 0
        self._epoch = f"bench-{time.time_ns()}"
        self._tags = tags()
        self._digest = hash_of(self._tags)
        noise = random.Random(source)  # noqa: S311 - readings, no secrets
        self._rows = [[round(noise.uniform(18, 24), 2) for _ in range(POINTS)] for _ in range(ROWS)]
        self._encoded = [msgspec.Raw(msgspec.json.encode([row])) for row in self._rows]
        connection.on_message = self._on_answer

    def begin(self, deadline: float) -> None:
        """Announce the points; the answer sets the window going."""
        self._deadline = deadline
        self._send()

    def pace(self) -> None:
        """Send a batch now, once the points are announced."""
        if self._announced:
            self._send()

    def end(self) -> Count:
        self._connection.close()
        return self._count

    def _on_answer(self, body: bytes) -> None:
        if time.monotonic() >= self._deadline:
            return
        answer = _answers.decode(body)
        if answer.status == 200:
            self._count.accepted += answer.accepted
        else:
            self._count.refused += 1
        fresh = 1 if self._announced else self._orders.window
        self._announced = True
        for _ in range(0 if self._orders.points_per_s else fresh):
            self._send()

    def _send(self) -> None:
        self._sequence += 1
        if self._orders.single:
            self._publish(self._reading())
            return
        self._last_ms = max(self._last_ms + 1, time.time_ns() // 1_000_000)
        batch: dict[str, object] = {
            "schema": 1,
            "source": self._source,
            "epoch": self._epoch,
            "sequence": self._sequence,
            "points_hash": self._digest,
            "times_ms": [self._last_ms],
            "values": self._encoded[self._sequence % ROWS],
        }
        if not self._announced:
            batch["points"] = self._tags
        self._publish(batch)

    def _reading(self) -> dict[str, object]:
        """One point after the other; the clock moves on with each round of them."""
        place = self._sequence % POINTS
        if place == 0 or not self._last_ms:
            self._last_ms = max(self._last_ms + 1, time.time_ns() // 1_000_000)
        return {
            "schema": 1,
            "source": self._source,
            "epoch": self._epoch,
            "sequence": self._sequence,
            "point": self._tags[place],
            "time_ms": self._last_ms,
            "value": self._rows[self._sequence % ROWS][place],
        }

    def _publish(self, message: dict[str, object]) -> None:
        self._connection.publish(f"in/{self._source}", msgspec.json.encode(message))


async def _signed_in(orders: Orders, source: str, key: str) -> Gateway:
    loop = asyncio.get_running_loop()
    _, connection = await loop.create_connection(lambda: Connection(_unheard), "127.0.0.1", orders.port)
    await connection.sign_in(f"bench-{source}", source, key)
    await connection.subscribe(f"ack/{source}")
    return Gateway(orders, source, connection)


def _unheard(body: bytes) -> None:
    """What comes before the gateway sends."""


async def _pace(gateways: list[Gateway], began: float, orders: Orders) -> None:
    """Let the gateways send in turn; one that comes late makes up for it."""
    every_s = POINTS / orders.points_per_s
    for turn in range(int(orders.seconds / every_s)):
        await asyncio.sleep(max(0.0, began + turn * every_s - time.monotonic()))
        gateways[turn % len(gateways)].pace()


async def _send(orders: Orders) -> list[Count]:
    async with asyncio.timeout(20):
        gateways = [await _signed_in(orders, source, key) for source, key in orders.gateways.items()]
    began = time.monotonic()
    for gateway in gateways:
        gateway.begin(began + orders.seconds)
    if orders.points_per_s:
        await _pace(gateways, began, orders)
    await asyncio.sleep(max(0.0, began + orders.seconds - time.monotonic()))
    return [gateway.end() for gateway in gateways]


def main() -> None:
    orders = msgspec.json.decode(sys.stdin.buffer.read(), type=Orders)
    counts = uvloop.run(_send(orders))
    said = {
        "accepted": sum(count.accepted for count in counts),
        "refused": sum(count.refused for count in counts),
        "seconds": orders.seconds,
    }
    sys.stdout.write(json.dumps(said))


if __name__ == "__main__":
    main()
