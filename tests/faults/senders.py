"""Gateways that keep a ledger: what they sent, what was acknowledged, and never forget either.

Each gateway sends one batch after the other and repeats a batch, with the same
identity, until it is acknowledged. On the way it does what gateways in the
field do: loses patience, repeats what was acknowledged already, starts again
under a new epoch, and refers to its point list by hash.
"""

import json
import math
import random
import threading
import time
from dataclasses import dataclass, field
from typing import Any

import httpx
import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from tests.faults.plant import SOURCES, TAGS, UNIT

from anlan.kernel.quality import Quality
from anlan.stream.door.announced import hash_of

PERIOD = 240
"""Readings in one swing of a point's value from end to end and back."""
PATIENCE_S = 3.0
DRAIN_S = 120.0


@dataclass
class Batch:
    """One batch: T times (UTC ms), values and qualities of shape (T, points)."""

    source: str
    epoch: str
    sequence: int
    times_ms: list[int]
    values: list[list[float]]
    quality: list[list[int]]

    def __len__(self) -> int:
        return len(self.times_ms) * len(TAGS)

    def body(self, *, announce: bool) -> bytes:
        said: dict[str, Any] = {
            "schema": 1,
            "source": self.source,
            "epoch": self.epoch,
            "sequence": self.sequence,
            "points_hash": hash_of(list(TAGS)),
            "times_ms": self.times_ms,
            "values": self.values,
            "quality": self.quality,
        }
        if announce:
            said |= {"points": list(TAGS), "units": [UNIT] * len(TAGS)}
        return json.dumps(said).encode()


@dataclass
class Ledger:
    """Everything sent, and of it what was acknowledged, in each gateway's order."""

    sent: list[Batch] = field(default_factory=list)
    acknowledged: list[Batch] = field(default_factory=list)
    tries: int = 0
    told_duplicate: int = 0
    told_full: int = 0
    complaints: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self, batch: Batch) -> None:
        with self.lock:
            self.sent.append(batch)

    def note(self, batch: Batch, answer: "Answer") -> None:
        """Write down an acknowledgement; one that does not cover the whole batch is a complaint."""
        with self.lock:
            self.acknowledged.append(batch)
            self.told_duplicate += answer.duplicate
            if not answer.duplicate and answer.accepted != len(batch):
                self.complaints.append(f"{batch.source} {batch.sequence}: {answer}")


@dataclass(frozen=True)
class Answer:
    """What the door said of a batch, over either channel; *again* asks to send it once more."""

    status: int
    accepted: int = 0
    duplicate: bool = False
    code: str = ""
    retry_after: str | None = None

    @classmethod
    def of(cls, status: int, said: dict[str, Any], retry_after: str | None = None) -> "Answer":
        return cls(
            status,
            said.get("accepted", 0),
            bool(said.get("duplicate")),
            str(said.get("code", "")),
            retry_after,
        )


class Swing:
    """The values of one gateway: every point swings through all its limits, with noise and bad readings."""

    def __init__(self, source: str, seed: int) -> None:
        self._random = random.Random(f"{source} {seed}")
        self._phase = [self._random.random() for _ in TAGS]
        self._step = 0
        self._last_ms = 0

    def rows(self, count: int) -> tuple[list[int], list[list[float]], list[list[int]]]:
        """The next *count* rows: times that only rise, values, qualities."""
        times, values, quality = [], [], []
        for _ in range(count):
            self._step += 1
            self._last_ms = max(self._last_ms + 1, time.time_ns() // 1_000_000)
            times.append(self._last_ms)
            pairs = [self._reading(phase) for phase in self._phase]
            values.append([value for value, _ in pairs])
            quality.append([int(code) for _, code in pairs])
        return times, values, quality

    def _reading(self, phase: float) -> tuple[float, Quality]:
        if self._random.random() < 0.02:
            return 150.0, Quality.BAD
        swing = math.sin(2 * math.pi * (self._step / PERIOD + phase))
        return round(50 + 45 * swing + self._random.gauss(0, 1.5), 2), Quality.GOOD


class Gateway(threading.Thread):
    """One sender. `pause` and `go_on` let it rest with nothing in flight."""

    rows_per_batch = 2
    every_s = 0.04

    def __init__(self, source: str, ledger: Ledger, seed: int) -> None:
        super().__init__(name=source, daemon=True)
        self.source = source
        self.fresh_since = 0.0
        self.failure = ""
        self.gives_up_after_s = DRAIN_S
        self.last = Answer(0)
        self._ledger = ledger
        self._random = random.Random(f"{source} manners {seed}")
        self._swing = Swing(source, seed)
        self._runs = 0
        self._sequence = 0
        self._epoch = self._new_epoch()
        self._announced = False
        self._may_go, self._resting, self._over = threading.Event(), threading.Event(), threading.Event()

    def run(self) -> None:
        while not self._over.is_set():
            if not self._may_go.is_set():
                self._resting.set()
                self._may_go.wait(0.2)
                continue
            try:
                self._deliver(self._next_batch())
            except Exception as error:  # noqa: BLE001 - reported by the test, which sees it in `failure`
                self.failure = f"{self.source}: {type(error).__name__}: {error}"
                self._resting.set()
                return
            self._over.wait(self.every_s)

    def go_on(self) -> None:
        self._resting.clear()
        self._may_go.set()

    def pause(self) -> None:
        """Rest once the batch in flight is acknowledged."""
        self._may_go.clear()
        if not self._resting.wait(self.gives_up_after_s + 30) or self.failure:
            raise AssertionError(self.failure or f"{self.source} does not come to rest")

    def end(self) -> None:
        self._over.set()
        self.join(10)

    def send(self, batch: Batch, *, announce: bool, patience_s: float) -> Answer | None:
        """Send once; None when no answer came."""
        raise NotImplementedError

    # -- inside ------------------------------------------------------------------

    def _new_epoch(self) -> str:
        self._runs += 1
        return f"run-{self._runs}-{time.time_ns()}"

    def _next_batch(self) -> Batch:
        if self._random.random() < 0.01:  # the gateway was switched off and on
            self._epoch, self._sequence, self._announced = self._new_epoch(), 0, False
        self._sequence += 1
        batch = Batch(self.source, self._epoch, self._sequence, *self._swing.rows(self.rows_per_batch))
        self._ledger.begin(batch)
        return batch

    def _deliver(self, batch: Batch) -> None:
        began = time.monotonic()
        while time.monotonic() < began + self.gives_up_after_s:
            hasty = self._random.random() < 0.05
            answer = self._try(batch, patience_s=0.02 if hasty else PATIENCE_S)
            if answer is not None and answer.status == 200:
                self._announced = True
                self._ledger.note(batch, answer)
                self.fresh_since = began
                if self._random.random() < 0.03:
                    self._try(batch, patience_s=PATIENCE_S)  # the acknowledgement got lost on the way
                return
            if answer is None or answer.status in (502, 503, 504):
                time.sleep(0.0 if hasty else 0.1)
            elif answer.code == "unknown_points_hash":
                self._announced = False
            else:
                raise AssertionError(f"batch {batch.sequence} was refused: {answer}")
        raise AssertionError(
            f"batch {batch.sequence} was not acknowledged in {self.gives_up_after_s:.0f} s: {answer}"
        )

    def _try(self, batch: Batch, *, patience_s: float) -> Answer | None:
        self._ledger.tries += 1
        answer = self.send(batch, announce=not self._announced, patience_s=patience_s)
        if answer is not None:
            self.last = answer
            self._ledger.told_full += answer.code == "log_full"
        return answer


class HttpGateway(Gateway):
    """Sends ``POST /ingest`` to the one origin."""

    def __init__(self, source: str, key: str, url: str, ledger: Ledger, seed: int) -> None:
        super().__init__(source, ledger, seed)
        self._client = httpx.Client(base_url=url, headers={"Authorization": f"Bearer {source}:{key}"})

    def send(self, batch: Batch, *, announce: bool, patience_s: float) -> Answer | None:
        try:
            response = self._client.post(
                "ingest", content=batch.body(announce=announce), timeout=httpx.Timeout(patience_s)
            )
            return Answer.of(response.status_code, response.json(), response.headers.get("Retry-After"))
        except httpx.HTTPError:
            return None

    def end(self) -> None:
        super().end()
        self._client.close()


class MqttGateway(Gateway):
    """Publishes on ``in/SOURCE`` and listens on ``ack/SOURCE``; its PUBACK counts for nothing."""

    def __init__(self, source: str, key: str, port: int, ledger: Ledger, seed: int) -> None:
        super().__init__(source, ledger, seed)
        self._answers: dict[tuple[str, int], Answer] = {}
        self._answered = threading.Condition()
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=f"faults-{source}")
        self._client.username_pw_set(source, key)
        self._client.reconnect_delay_set(0.2, 1)
        self._client.on_connect = self._on_connect
        self._client.on_message = self._on_message
        self._client.connect_async("127.0.0.1", port)
        self._client.loop_start()

    def send(self, batch: Batch, *, announce: bool, patience_s: float) -> Answer | None:
        identity = (batch.epoch, batch.sequence)
        with self._answered:
            self._answers.clear()
            self._client.publish(f"in/{self.source}", batch.body(announce=announce), qos=1)
            self._answered.wait_for(lambda: identity in self._answers, patience_s)
            return self._answers.get(identity)

    def end(self) -> None:
        super().end()
        self._client.loop_stop()
        self._client.disconnect()

    def _on_connect(self, client: Any, userdata: Any, flags: Any, reason: Any, properties: Any) -> None:
        if not reason.is_failure:
            client.subscribe(f"ack/{self.source}")

    def _on_message(self, client: Any, userdata: Any, message: mqtt.MQTTMessage) -> None:
        said = json.loads(message.payload)
        with self._answered:
            self._answers[(said["epoch"], said["sequence"])] = Answer.of(said["status"], said)
            self._answered.notify_all()


def all_gateways(url: str, mqtt_port: int, keys: dict[str, str], ledger: Ledger, seed: int) -> list[Gateway]:
    """Every gateway of the plant, started and at rest."""
    made: list[Gateway] = [
        HttpGateway(source, keys[source], url, ledger, seed)
        if source.startswith("http")
        else MqttGateway(source, keys[source], mqtt_port, ledger, seed)
        for source in SOURCES
    ]
    for gateway in made:
        gateway.start()
    return made
