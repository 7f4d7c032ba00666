"""The way through the front: nothing a browser claims about itself gets past it, nothing is cut short."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import h11
import httpx
import pytest

from anlan.server.front.proxy import Backend

Handler = Callable[[h11.Request, bytes], list[Any]]


class Behind:
    """A process behind the front that answers as the test says."""

    def __init__(self) -> None:
        self.url = f"unix:{mkdtemp(prefix='anlan-behind-', dir='/tmp')}/s"
        self.seen: list[tuple[h11.Request, bytes]] = []
        self.connections = 0
        self.answer: Callable[[asyncio.StreamWriter], bool] = hello

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while await self._one(reader, writer):
                pass
        finally:
            writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        state = h11.Connection(h11.SERVER)
        request, body = None, b""
        while True:
            event = state.next_event()
            if event is h11.NEED_DATA:
                data = await reader.read(65536)
                if not data:
                    return False
                state.receive_data(data)
            elif isinstance(event, h11.Request):
                request = event
            elif isinstance(event, h11.Data):
                body += event.data
            elif isinstance(event, h11.EndOfMessage):
                assert request is not None
                self.seen.append((request, body))
                return self.answer(writer)
            else:
                return False

    @property
    def headers(self) -> dict[bytes, bytes]:
        """The headers of the last request."""
        return dict(self.seen[-1][0].headers)


def hello(writer: asyncio.StreamWriter) -> bool:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n\r\nhello")
    return True


def broken_off(writer: asyncio.StreamWriter) -> bool:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nhel")
    return False


def hung_up(writer: asyncio.StreamWriter) -> bool:
    return False


def garbage(writer: asyncio.StreamWriter) -> bool:
    writer.write(b"\x00\x01\x02\r\n\r\n")
    return False


@pytest.fixture
async def behind() -> AsyncIterator[Behind]:
    made = Behind()
    server = await asyncio.start_unix_server(made.serve, made.url.removeprefix("unix:"))
    yield made
    server.close()
    await server.wait_closed()


@pytest.fixture
async def front(behind: Behind) -> AsyncIterator[httpx.AsyncClient]:
    backend = Backend("web", behind.url, 1000)
    transport = httpx.ASGITransport(app=backend, client=("10.1.2.3", 5555))  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://anlan.example") as client:
        yield client
    backend.close()
    await asyncio.sleep(0)


async def test_request_and_answer_pass_whole(front: httpx.AsyncClient, behind: Behind) -> None:
    answer = await front.post("/api/a%20b?x=1&y=%E5%AE%89", content=b"body")
    request, body = behind.seen[-1]
    assert (request.method, request.target, body) == (b"POST", b"/api/a%20b?x=1&y=%E5%AE%89", b"body")
    assert answer.text == "hello"
    assert answer.headers.get_list("set-cookie") == ["a=1", "b=2"]
    assert behind.headers[b"host"] == b"anlan.example"


async def test_where_a_request_comes_from_is_what_the_front_saw(
    front: httpx.AsyncClient, behind: Behind
) -> None:
    forged = {"X-Forwarded-For": "127.0.0.1", "Forwarded": "for=127.0.0.1", "X-Real-IP": "127.0.0.1"}
    await front.get("/api/session", headers={**forged, "X-Forwarded-Proto": "https"})
    headers = behind.headers
    assert headers[b"x-forwarded-for"] == b"10.1.2.3"
    assert headers[b"x-forwarded-proto"] == b"http"
    assert b"forwarded" not in headers and b"x-real-ip" not in headers


async def test_headers_for_one_hop_stay_on_it(front: httpx.AsyncClient, behind: Behind) -> None:
    await front.get("/api/session", headers={"Connection": "close, x-secret", "X-Secret": "1", "TE": "gzip"})
    assert not {b"connection", b"x-secret", b"te"} & behind.headers.keys()


async def test_a_body_without_length_is_passed_on_as_it_comes(
    front: httpx.AsyncClient, behind: Behind
) -> None:
    async def parts() -> AsyncIterator[bytes]:
        yield b"one "
        yield b"two"

    await front.post("/ingest", content=parts())
    assert behind.seen[-1][1] == b"one two"


@pytest.mark.parametrize("length_known", [True, False])
async def test_a_body_beyond_the_limit_is_refused(
    front: httpx.AsyncClient, behind: Behind, length_known: bool
) -> None:
    async def parts() -> AsyncIterator[bytes]:
        yield b"x" * 1001

    answer = await front.post("/ingest", content=b"x" * 1001 if length_known else parts())
    assert answer.status_code == 413
    assert answer.json()["facts"] == {"limit_bytes": 1000}


async def test_connections_are_kept_and_a_stale_one_is_replaced(
    front: httpx.AsyncClient, behind: Behind
) -> None:
    for _ in range(5):
        assert (await front.get("/api/x")).text == "hello"
    assert behind.connections == 1
    behind.answer = lambda writer: hello(writer) and False
    await front.get("/api/x")
    behind.answer = hello
    assert (await front.get("/api/x")).text == "hello"
    assert behind.connections == 2


@pytest.mark.parametrize("answer", [hung_up, garbage])
async def test_no_readable_answer_is_told_as_a_problem(
    front: httpx.AsyncClient, behind: Behind, answer: Any
) -> None:
    behind.answer = answer
    told = await front.get("/api/x")
    assert (told.status_code, told.json()["code"]) == (502, "backend_down")


@pytest.mark.parametrize("body", [b"{}", b""])
async def test_a_change_is_never_sent_twice(front: httpx.AsyncClient, behind: Behind, body: bytes) -> None:
    """A kept connection that dies under a POST: whether it was done is unknown."""
    await front.get("/api/x")
    behind.answer = hung_up
    told = await front.post("/api/alarms/1/confirm", content=body)
    assert told.status_code == 502
    assert [request.method for request, _ in behind.seen].count(b"POST") == 1


async def test_an_answer_that_breaks_off_does_not_look_whole(
    front: httpx.AsyncClient, behind: Behind
) -> None:
    behind.answer = broken_off
    with pytest.raises(ConnectionError):
        await front.get("/api/x")


async def test_a_process_that_is_not_there_is_told_as_a_problem(tmp_path: Path) -> None:
    backend = Backend("web", f"unix:{tmp_path}/none", 1000)
    transport = httpx.ASGITransport(app=backend)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://anlan") as client:
        told = await client.get("/api/x")
    assert (told.status_code, told.headers["retry-after"]) == (502, "2")
    assert told.headers["content-type"] == "application/problem+json"
