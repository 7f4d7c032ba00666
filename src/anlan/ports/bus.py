"""Messages that may be lost: live screens, answers to gateways, MQTT readings before their ack."""

from collections.abc import Awaitable, Callable
from typing import Protocol

Handler = Callable[[str, bytes], Awaitable[None]]
"""Takes the subject and the payload of one message."""


class Subscription(Protocol):
    """A running subscription."""

    async def close(self) -> None: ...


class Bus(Protocol):
    """Publish and subscribe, at most once, subjects as dotted tokens."""

    async def publish(self, subject: str, payload: bytes) -> None: ...

    async def subscribe(self, subject: str, handler: Handler, *, group: str = "") -> Subscription:
        """Call *handler* for each message on *subject* (``*`` and ``>`` match); a *group* shares them.

        The subscription outlives reconnections.
        """
        ...
