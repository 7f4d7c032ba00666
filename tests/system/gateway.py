"""A gateway in the field, over MQTT with an independent client (paho)."""

import json
import queue
import subprocess
import sys
import threading
import time
from typing import Any

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from tests.faults import plant
from tests.faults.plant import Records
from tests.system.console import Terminal


def make_plant(terminal: Terminal) -> Records:
    """An enterprise with gateways, points and limits in the running system; waits until its door knows them."""
    done = subprocess.run(
        [sys.executable, plant.__file__],
        env=terminal.environment,
        stdout=subprocess.PIPE,
        check=True,
        timeout=120,
    )
    time.sleep(3)  # door, evaluator and broker take up what is new within a second each
    return Records.from_json(done.stdout.decode())


def batch(source: str, epoch: str, sequence: int, values: dict[str, float]) -> bytes:
    """One reading now of each tag in *values*, as the batch contract has it."""
    said = {
        "schema": 1,
        "source": source,
        "epoch": epoch,
        "sequence": sequence,
        "points": list(values),
        "times_ms": [time.time_ns() // 1_000_000],
        "values": [list(values.values())],
    }
    return json.dumps(said).encode()


class MqttGateway:
    """Signed in at the broker on *port*; hears the answers to what it sends."""

    def __init__(self, port: int, source: str, key: str) -> None:
        self._port, self._source = port, source
        self._answers: queue.Queue[dict[str, Any]] = queue.Queue()
        self._ready = threading.Event()
        self.refused: str | None = None
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=f"test-{source}-{port}")
        self._client.username_pw_set(source, key)
        self._client.on_connect = self._on_connect
        self._client.on_subscribe = lambda *_: self._ready.set()
        self._client.on_message = lambda _c, _u, message: self._answers.put(json.loads(message.payload))

    def __enter__(self) -> "MqttGateway":
        self._client.connect("127.0.0.1", self._port)
        self._client.loop_start()
        if not self._ready.wait(20):
            self._client.loop_stop()
            raise AssertionError(f"{self._source} could not sign in on {self._port}: {self.refused}")
        return self

    def __exit__(self, *_: object) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def send(self, body: bytes, timeout_s: float = 20.0) -> dict[str, Any]:
        """Publish with QoS 1; the door's answer."""
        self._client.publish(f"in/{self._source}", body, qos=1)
        return self._answers.get(timeout=timeout_s)

    def _on_connect(self, client: mqtt.Client, data: Any, flags: Any, reason: Any, properties: Any) -> None:
        if reason.is_failure:
            self.refused = str(reason)
            return
        client.subscribe(f"ack/{self._source}", qos=1)
