"""The door over MQTT: readings on ``in/SOURCE``, answers on ``ack/SOURCE``.

The broker has checked the gateway's key and lets each publish its own topic
only. Its PUBACK is transport; the answer here is the acknowledgement.
"""

import asyncio
import logging
from collections import deque

from anlan.ports.bus import Bus
from anlan.stream.contract import Refusal, Refused
from anlan.stream.door.answers import Answer, refused
from anlan.stream.door.door import Door

log = logging.getLogger(__name__)

CHANNEL = "mqtt"
MAX_TOGETHER = 2000


class MqttDoor:
    """Takes the messages that the broker hands over on ``in.*``."""

    def __init__(self, door: Door, bus: Bus) -> None:
        self._door = door
        self._bus = bus
        self._under_way = 0
        self._answered: deque[tuple[str, Answer]] = deque()
        self._saying: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Listen from now on; several doors share the messages."""
        await self._bus.subscribe("in.*", self._on_message, group="door")

    async def _on_message(self, subject: str, body: bytes) -> None:
        """Take the message at once, which keeps a gateway's order; its answer comes when it is durable."""
        source = subject.partition(".")[2]
        if self._under_way >= MAX_TOGETHER:
            self._say(source, refused(Refusal.BUSY))
            return
        answer = self._take(source, body)
        if isinstance(answer, Answer):
            self._say(source, answer)
            return
        self._under_way += 1
        answer.add_done_callback(lambda done: self._on_answer(source, done.result()))

    def _take(self, source: str, body: bytes) -> "Answer | asyncio.Future[Answer]":
        if not self._door.ready:
            return refused(Refusal.NOT_READY)
        gateway = self._door.registry.get(source)
        if gateway is None:
            refusal = Refused(Refusal.DISABLED, f"source {source!r}")
            self._door.refuse(source, CHANNEL, body, refusal)
            return refused(refusal.reason)
        try:
            return self._door.take(gateway, body, CHANNEL)
        except Exception:
            log.exception("a message of %s could not be taken", source)
            return refused(Refusal.LOG_UNAVAILABLE)

    def _on_answer(self, source: str, answer: Answer) -> None:
        self._under_way -= 1
        self._say(source, answer)

    def _say(self, source: str, answer: Answer) -> None:
        """Answer soon: a task at a time says all that has been answered meanwhile."""
        self._answered.append((source, answer))
        if self._saying is None:
            self._saying = asyncio.create_task(self._say_all())

    async def _say_all(self) -> None:
        try:
            while self._answered:
                source, answer = self._answered.popleft()
                await self._bus.publish(f"ack.{source}", answer.body_with_identity(source))
        finally:
            self._saying = None
