"""A small HTTP/1.1 proxy to the processes behind the one origin.

h11 over asyncio streams with kept connections: nine times the requests per
second of a general client library, at a tenth of the code that one needs to
configure (ADR 0001).
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

import h11

from anlan.kernel.errors import Problem
from anlan.server.front.answers import (
    BackendDown,
    Headers,
    Message,
    Receive,
    Scope,
    Send,
    TooLarge,
    problem_answer,
)

log = logging.getLogger(__name__)

CONNECT_TIMEOUT_S = 3.0
ANSWER_TIMEOUT_S = 120.0
READ_BYTES = 65_536
MAX_IDLE = 32

_HOP_BY_HOP = frozenset(
    (
        b"connection",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"proxy-connection",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
    )
)
_FORWARDED = frozenset(
    (b"forwarded", b"x-forwarded-for", b"x-forwarded-host", b"x-forwarded-proto", b"x-real-ip")
)
_SAFE = ("GET", "HEAD", "OPTIONS")
_FAILURES = (OSError, TimeoutError, h11.RemoteProtocolError, asyncio.IncompleteReadError)


class _Gone(Exception):
    """The connection ended before a byte of the answer came."""


@dataclass
class _Connection:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    state: h11.Connection
    fresh: bool = True

    async def receive(self) -> h11.Event | type[h11.PAUSED]:
        """The next event of the answer."""
        while True:
            event = self.state.next_event()
            if event is not h11.NEED_DATA:
                return event  # type: ignore[return-value]
            self.state.receive_data(await self.reader.read(READ_BYTES))

    async def send(self, event: h11.Event) -> None:
        data = self.state.send(event)
        if data:
            self.writer.write(data)
            await self.writer.drain()

    def close(self) -> None:
        self.writer.close()


class Backend:
    """The process at *url* (``unix:/path`` or ``http://host:port``), taking bodies up to *max_body_bytes*."""

    def __init__(self, name: str, url: str, max_body_bytes: int, *, https: bool = False) -> None:
        self.name = name
        self._url = url
        self._max_body_bytes = max_body_bytes
        self._scheme = b"https" if https else b"http"
        self._idle: list[_Connection] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and its answer back."""
        started = False

        async def send_once(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._pass_on(scope, receive, send_once)
        except Problem as problem:
            await problem_answer(problem)(scope, receive, send)
        except (_Gone, *_FAILURES) as error:
            if started:
                # the browser must see a broken answer, not a short one that looks whole
                raise ConnectionError(f"{self.name} broke off in mid-answer") from error
            log.warning("%s does not answer: %s", self.name, error or type(error).__name__)
            await problem_answer(BackendDown())(scope, receive, send)

    def close(self) -> None:
        """Close the connections that are kept for later."""
        while self._idle:
            self._idle.pop().close()

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        length = _content_length(scope["headers"])
        if length is not None and length > self._max_body_bytes:
            raise TooLarge(facts={"limit_bytes": self._max_body_bytes})
        request = h11.Request(method=scope["method"], target=_target(scope), headers=self._headers(scope))
        has_body = bool(length) or _is_chunked(scope["headers"])
        body = _limited(receive, self._max_body_bytes) if has_body else None
        connection = await self._connected()
        try:
            try:
                answer = await self._ask(connection, request, body)
            except _Gone:
                # a kept connection may have been closed by the other side in the meantime; whether
                # a change was made before it closed nobody knows, so changes are not sent again
                if connection.fresh or body is not None or scope["method"] not in _SAFE:
                    raise
                connection.close()
                connection = await self._open()
                answer = await self._ask(connection, request, None)
            await _pass_back(connection, answer, send)
        except BaseException:
            connection.close()
            raise
        self._keep(connection)

    async def _ask(
        self, connection: _Connection, request: h11.Request, body: AsyncIterator[bytes] | None
    ) -> h11.Response:
        try:
            await connection.send(request)
            if body is not None:
                async for chunk in body:
                    await connection.send(h11.Data(data=chunk))
            await connection.send(h11.EndOfMessage())
        except OSError as error:
            raise _Gone(str(error)) from error
        async with asyncio.timeout(ANSWER_TIMEOUT_S):
            event = await connection.receive()
            while isinstance(event, h11.InformationalResponse):
                event = await connection.receive()
        if not isinstance(event, h11.Response):
            raise _Gone("closed before an answer")
        return event

    async def _connected(self) -> _Connection:
        while self._idle:
            connection = self._idle.pop()
            if not connection.reader.at_eof() and not connection.writer.is_closing():
                return connection
            connection.close()
        return await self._open()

    async def _open(self) -> _Connection:
        async with asyncio.timeout(CONNECT_TIMEOUT_S):
            if self._url.startswith("unix:"):
                reader, writer = await asyncio.open_unix_connection(self._url.removeprefix("unix:"))
            else:
                parts = urlsplit(self._url)
                reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        return _Connection(reader, writer, h11.Connection(h11.CLIENT))

    def _keep(self, connection: _Connection) -> None:
        state = connection.state
        if state.our_state is h11.DONE and state.their_state is h11.DONE and len(self._idle) < MAX_IDLE:
            state.start_next_cycle()
            connection.fresh = False
            self._idle.append(connection)
        else:
            connection.close()

    def _headers(self, scope: Scope) -> Headers:
        """The browser's headers without hop-by-hop ones and without claims about where it comes from."""
        dropped = _HOP_BY_HOP | _FORWARDED | _named_by_connection(scope["headers"])
        kept = [(name, value) for name, value in scope["headers"] if name not in dropped]
        if _is_chunked(scope["headers"]):
            kept.append((b"transfer-encoding", b"chunked"))
        client = scope.get("client") or ("127.0.0.1", 0)
        kept += [(b"x-forwarded-for", str(client[0]).encode()), (b"x-forwarded-proto", self._scheme)]
        return kept


async def _pass_back(connection: _Connection, answer: h11.Response, send: Send) -> None:
    # the front states the date itself: twice would make it unreadable to browsers
    dropped = _HOP_BY_HOP | {b"date"} | _named_by_connection(answer.headers)
    headers = [(name, value) for name, value in answer.headers if name not in dropped]
    await send({"type": "http.response.start", "status": answer.status_code, "headers": headers})
    while True:
        async with asyncio.timeout(ANSWER_TIMEOUT_S):
            event = await connection.receive()
        if isinstance(event, h11.Data):
            await send({"type": "http.response.body", "body": bytes(event.data), "more_body": True})
        elif isinstance(event, h11.EndOfMessage):
            break
        else:
            raise ConnectionError("the answer ends early")
    await send({"type": "http.response.body", "body": b""})


async def _limited(receive: Receive, max_bytes: int) -> AsyncIterator[bytes]:
    """The request's body; raises `TooLarge` beyond *max_bytes*, `ConnectionError` when the browser leaves."""
    seen = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ConnectionError("the browser has left")
        chunk: bytes = message.get("body", b"")
        seen += len(chunk)
        if seen > max_bytes:
            raise TooLarge(facts={"limit_bytes": max_bytes})
        if chunk:
            yield chunk
        if not message.get("more_body"):
            return


def _target(scope: Scope) -> bytes:
    raw: bytes = scope["raw_path"]
    query: bytes = scope["query_string"]
    return raw + b"?" + query if query else raw


def _content_length(headers: Headers) -> int | None:
    """The length that the browser states; uvicorn has already refused one that is no number."""
    return next((int(value) for name, value in headers if name == b"content-length"), None)


def _is_chunked(headers: Headers) -> bool:
    return any(name == b"transfer-encoding" for name, _ in headers)


def _named_by_connection(headers: Iterable[tuple[bytes, bytes]]) -> frozenset[bytes]:
    """Headers that a Connection header declares to be for this hop only."""
    values = [value for name, value in headers if name == b"connection"]
    return frozenset(token.strip().lower() for value in values for token in value.split(b","))
