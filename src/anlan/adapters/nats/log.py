"""Writers: an append returns only when JetStream says that the entry is on disk."""

import asyncio
from collections.abc import Coroutine
from typing import Any
from uuid import uuid4

import nats.errors
from nats.aio.client import Client
from nats.js.api import Header, PubAck
from nats.js.errors import APIError, NoStreamResponseError

from anlan.ports.telemetry import LogFull, LogUnavailable

ANSWER_TIMEOUT_S = 5.0
_LOOK_S = 0.2
_STORE_FAILED = 10077
_NO_STORAGE_LEFT = {10023, 10028, 10047}
"""JetStream's codes for insufficient resources: of the server, of the account, of its storage."""


class NatsTelemetryLog:
    """Appends to ``tele.{partition}``."""

    def __init__(self, client: Client, partition: int = 0) -> None:
        self._client = client
        self._subject = f"tele.{partition}"

    async def append(self, payload: bytes) -> int:
        """Store *payload*; see `ports.telemetry.TelemetryLog`."""
        return await _append(self._client, self._subject, payload, str(uuid4()))


class NatsDeadLetters:
    """Appends to ``dead.{source}``; the oldest go when the stream is full."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def append(self, payload: bytes) -> int:
        """Store *payload*; see `ports.telemetry.TelemetryLog`."""
        return await _append(self._client, "dead.door", payload, str(uuid4()))


class NatsEvents:
    """Appends to ``evt.{topic}``, once per identifier within the stream's duplicate window."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def append(self, topic: str, payload: bytes, identifier: str) -> int:
        """Store *payload* under *topic* and return its sequence.

        The same *identifier* again within two minutes is stored once. Raises
        `LogFull` or `LogUnavailable`.
        """
        return await _append(self._client, f"evt.{topic}", payload, identifier)


async def _append(client: Client, subject: str, payload: bytes, identifier: str) -> int:
    if not client.is_connected:
        # a publish now would wait in the client's buffer and be stored after the refusal
        raise LogUnavailable("not connected")
    try:
        publishing = client.jetstream().publish(
            subject, payload, timeout=ANSWER_TIMEOUT_S, headers={Header.MSG_ID: identifier}
        )
        ack = await _while_connected(client, publishing)
    except APIError as error:
        if error.err_code in _NO_STORAGE_LEFT or _says_full(error):
            raise LogFull(error.description) from error
        raise LogUnavailable(str(error)) from error
    except (nats.errors.Error, NoStreamResponseError, TimeoutError, OSError) as error:
        raise LogUnavailable(str(error) or type(error).__name__) from error
    _heed_cancellation()
    return ack.seq


async def _while_connected(client: Client, publishing: Coroutine[Any, Any, PubAck]) -> PubAck:
    """The answer; `LogUnavailable` soon after the connection on which it would have come is gone."""
    task, connection = asyncio.create_task(publishing), client.stats["reconnects"]
    try:
        while not task.done():
            await asyncio.wait({task}, timeout=_LOOK_S)
            if not task.done() and not (client.is_connected and client.stats["reconnects"] == connection):
                raise LogUnavailable("the connection was lost before the answer")
        return task.result()
    finally:
        task.cancel()


def _heed_cancellation() -> None:
    """Up to Python 3.11 `asyncio.wait_for` swallows a cancellation that meets the answer (gh-86296)."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


def _says_full(error: APIError) -> bool:
    return error.err_code == _STORE_FAILED and "maximum" in str(error.description)
