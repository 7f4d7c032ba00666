"""The door over MQTT: readings on ``in/SOURCE``, answers on ``ack/SOURCE``.

The broker has checked the gateway's key and lets each publish its own topic
only. Its PUBACK is transport; the answer here is the acknowledgement.
"""

import asyncio
import logging

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
        self._tasks: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        """Listen from now on; several doors share the messages."""
        await self._bus.subscribe("in.*", self._on_message, group="door")

    async def _on_message(self, subject: str, body: bytes) -> None:
        """Start a task per message: tasks begin in the order of their making, which keeps a gateway's order."""
        source = subject.partition(".")[2]
        if len(self._tasks) >= MAX_TOGETHER:
            await self._say(source, refused(Refusal.BUSY))
            return
        task = asyncio.create_task(self._take(source, body))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _take(self, source: str, body: bytes) -> None:
        await self._say(source, await self._answer(source, body))

    async def _answer(self, source: str, body: bytes) -> Answer:
        if not self._door.ready:
            return refused(Refusal.NOT_READY)
        gateway = self._door.registry.get(source)
        if gateway is None:
            refusal = Refused(Refusal.DISABLED, f"source {source!r}")
            self._door.refuse(source, CHANNEL, body, refusal)
            return refused(refusal.reason)
        try:
            return await self._door.take(gateway, body, CHANNEL)
        except Exception:
            log.exception("a message of %s could not be taken", source)
            return refused(Refusal.LOG_UNAVAILABLE)

    async def _say(self, source: str, answer: Answer) -> None:
        await self._bus.publish(f"ack.{source}", answer.body_with_identity(source))
