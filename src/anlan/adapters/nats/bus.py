"""The bus over core NATS."""

import nats.errors
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription as NatsSubscription

from anlan.ports.bus import Handler


class NatsBus:
    """Publish and subscribe without storage."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def publish(self, subject: str, payload: bytes) -> None:
        """Send *payload*; lost when nobody listens, and while there is no connection."""
        if not self._client.is_connected:
            return
        try:
            await self._client.publish(subject, payload)
        except nats.errors.ConnectionClosedError:
            return

    async def subscribe(self, subject: str, handler: Handler, *, group: str = "") -> "NatsBusSubscription":
        """Call *handler* for each message, one after the other."""

        async def on_message(message: Msg) -> None:
            await handler(message.subject, message.data)

        return NatsBusSubscription(await self._client.subscribe(subject, queue=group, cb=on_message))


class NatsBusSubscription:
    """A running subscription."""

    def __init__(self, subscription: NatsSubscription) -> None:
        self._subscription = subscription

    async def close(self) -> None:
        """Stop receiving; does nothing on a connection that is gone."""
        try:
            await self._subscription.unsubscribe()
        except (nats.errors.ConnectionClosedError, nats.errors.BadSubscriptionError):
            return
