"""The door over HTTP: ``POST /ingest`` with ``Authorization: Bearer SOURCE:KEY``, as a bare ASGI app."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from anlan.stream.contract import MAX_BODY_BYTES, Refusal, Refused
from anlan.stream.door.answers import Answer, refused
from anlan.stream.door.door import Door

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

CHANNEL = "http"


class _Gone(Exception):
    """The sender went away in the middle of its message."""


class DoorApp:
    """ASGI: no routing beyond one path, the body bounded while it comes in."""

    def __init__(self, door: Door) -> None:
        self._door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] != "/ingest":
            await _send(send, 404, b'{"code": "not_found"}', [])
            return
        if scope["method"] != "POST":
            await _send(send, 405, b'{"code": "method_not_allowed"}', [(b"allow", b"POST")])
            return
        try:
            answer = await self._take(scope, receive)
        except _Gone:
            return
        headers = []
        if answer.retry_after_s is not None:
            headers.append((b"retry-after", str(answer.retry_after_s).encode()))
        if answer.status == 401:
            headers.append((b"www-authenticate", b'Bearer realm="ingest"'))
        await _send(send, answer.status, answer.body(), headers)

    async def _take(self, scope: Scope, receive: Receive) -> Answer:
        source, key = _credentials(scope)
        try:
            gateway = self._door.authenticate(source, key)
        except Refused as refusal:
            if refusal.reason is not Refusal.NOT_READY:
                self._door.refuse(source[:64], CHANNEL, b"", refusal)
            return refused(refusal.reason)
        try:
            body = await _body(scope, receive)
        except Refused as refusal:
            self._door.refuse(source, CHANNEL, b"", refusal)
            return refused(refusal.reason)
        # a sender that hangs up does not undo what is being stored
        return await asyncio.shield(self._door.take(gateway, body, CHANNEL))


def _credentials(scope: Scope) -> tuple[str, str]:
    """Source and key of the Authorization header; empty where they are missing."""
    given = next((value for name, value in scope["headers"] if name == b"authorization"), b"")
    scheme, _, rest = given.decode("latin-1").partition(" ")
    if scheme.lower() != "bearer":
        return "", ""
    source, _, key = rest.strip().partition(":")
    return source, key


async def _body(scope: Scope, receive: Receive) -> bytes:
    declared = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
    if declared.isdigit() and int(declared) > MAX_BODY_BYTES:
        raise Refused(Refusal.OVERSIZED, f"{int(declared)} bytes declared")
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _Gone
        part: bytes = message.get("body", b"")
        size += len(part)
        if size > MAX_BODY_BYTES:
            raise Refused(Refusal.OVERSIZED, f"more than {MAX_BODY_BYTES} bytes")
        parts.append(part)
        if not message.get("more_body"):
            return b"".join(parts)


async def _send(send: Send, status: int, body: bytes, headers: list[tuple[bytes, bytes]]) -> None:
    head = [
        (b"content-type", b"application/json; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        *headers,
    ]
    await send({"type": "http.response.start", "status": status, "headers": head})
    await send({"type": "http.response.body", "body": body})


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
