"""Gateways that send 500-point batches, or single readings, over MQTT: as fast as they are answered, or at a rate.

A process of its own, the same for ours and the peer: each gateway keeps a few
messages in flight and counts one when its answer says that it is durable.
Reads its orders as JSON from standard input, writes the counts to standard output.
"""

import json
import random
import sys
import threading
import time
from dataclasses import dataclass
from typing import Any

import msgspec
import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from anlan.benchmarks.load import POINTS, tags
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


class Gateway:
    """One sender; its callbacks run in the client's thread."""

    def __init__(self, orders: Orders, source: str, key: str) -> None:
        self._orders, self._source = orders, source
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
        self._ready = threading.Event()
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=f"bench-{source}")
        self._client.username_pw_set(source, key)
        self._client.max_inflight_messages_set(2 * orders.window)
        self._client.on_connect = self._on_connect
        self._client.on_subscribe = self._on_subscribe
        self._client.on_message = self._on_message

    def connect(self) -> None:
        self._client.connect("127.0.0.1", self._orders.port)
        self._client.loop_start()
        if not self._ready.wait(20):
            raise TimeoutError(f"{self._source} could not sign in")

    def begin(self, deadline: float) -> None:
        """Announce the points; the answer sets the window going."""
        self._deadline = deadline
        self._send()

    def pace(self) -> None:
        """Send a batch now, once the points are announced."""
        if self._announced:
            self._send()

    def end(self) -> Count:
        self._client.loop_stop()
        self._client.disconnect()
        return self._count

    def _on_connect(
        self, client: mqtt.Client, userdata: Any, flags: Any, reason: Any, properties: Any
    ) -> None:
        if not reason.is_failure:
            client.subscribe(f"ack/{self._source}", qos=0)

    def _on_subscribe(self, *_: Any) -> None:
        self._ready.set()

    def _on_message(self, client: mqtt.Client, userdata: Any, message: mqtt.MQTTMessage) -> None:
        if time.monotonic() >= self._deadline:
            return
        answer = msgspec.json.decode(message.payload)
        if answer["status"] == 200:
            self._count.accepted += answer["accepted"]
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
            "values": [self._rows[self._sequence % ROWS]],
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
        self._client.publish(f"in/{self._source}", msgspec.json.encode(message), qos=1)


def _pace(gateways: list[Gateway], began: float, orders: Orders) -> None:
    """Let the gateways send in turn; one that comes late makes up for it."""
    every_s = POINTS / orders.points_per_s
    for turn in range(int(orders.seconds / every_s)):
        time.sleep(max(0.0, began + turn * every_s - time.monotonic()))
        gateways[turn % len(gateways)].pace()


def main() -> None:
    orders = msgspec.json.decode(sys.stdin.buffer.read(), type=Orders)
    gateways = [Gateway(orders, source, key) for source, key in orders.gateways.items()]
    for gateway in gateways:
        gateway.connect()
    began = time.monotonic()
    for gateway in gateways:
        gateway.begin(began + orders.seconds)
    if orders.points_per_s:
        _pace(gateways, began, orders)
    time.sleep(max(0.0, began + orders.seconds - time.monotonic()))
    counts = [gateway.end() for gateway in gateways]
    said = {
        "accepted": sum(count.accepted for count in counts),
        "refused": sum(count.refused for count in counts),
        "seconds": orders.seconds,
    }
    sys.stdout.write(json.dumps(said))


if __name__ == "__main__":
    main()
