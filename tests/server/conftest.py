"""People who sign in over HTTP, a broker, and the front as gateways and browsers meet it."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from anlan.adapters.nats import StreamLimits, connect, ensure_streams
from anlan.server.supervisor.nats import EmbeddedNats, temporary_nats
from anlan.server.supervisor.ports import free_port
from anlan.server.supervisor.postgres import EmbeddedPostgres

PASSWORD = "Helan-Shan-3556!"
LINGWU, YANCHI, YINCHUAN, NINGXIA = "640181", "640323", "640100", "640000"
MEBIBYTE = 1024 * 1024
LIMITS = StreamLimits(tele_bytes=16 * MEBIBYTE, evt_bytes=8 * MEBIBYTE, dead_bytes=MEBIBYTE)


@dataclass(frozen=True)
class Person:
    """Somebody with an account."""

    id: Any
    username: str
    password: str = PASSWORD


def new_person(username: str, role: str, region: str | None = None, zone: str | None = None) -> Person:
    """An account holding *role* in *region* or *zone*, made by the services that administrators use."""
    from anlan.platform.accounts.services import create_organisation, create_user, grant_role
    from anlan.platform.commands import acting_as, service_principal

    home = region or LINGWU
    with acting_as(service_principal("demo")):
        office = create_organisation(f"Office of {username}", home)
        user = create_user(username, f"{username} 同志", office, PASSWORD)
        grant_role(user, role, region=region, zone=zone)
    return Person(user, username)


def browser_of(person: Person) -> Any:
    """A browser (with CSRF enforced) in which *person* has signed in."""
    browser = new_browser()
    answer = browser.post(
        "/api/session", {"username": person.username, "password": person.password}, "application/json"
    )
    assert answer.status_code == 200, answer.content
    return browser


def new_browser() -> Any:
    """A browser that carries the CSRF token as our pages do."""
    from django.test import Client

    class Browser(Client):
        def request(self, **request: Any) -> Any:
            token = self.cookies.get("csrftoken")
            if token is not None:
                request.setdefault("HTTP_X_CSRFTOKEN", token.value)
            return super().request(**request)

    browser = Browser(enforce_csrf_checks=True)
    browser.get("/api/session")
    return browser


@pytest.fixture
def person(db: EmbeddedPostgres) -> Callable[..., Person]:
    return new_person


@pytest.fixture
def browser(db: EmbeddedPostgres) -> Callable[[Person], Any]:
    return browser_of


@pytest.fixture(scope="module")
def broker() -> Iterator[EmbeddedNats]:
    with temporary_nats() as server:
        yield server


@pytest.fixture
async def streams(broker: EmbeddedNats) -> AsyncIterator[Any]:
    """A connection to the broker, with the streams empty."""
    client = await connect(broker.url, "test")
    await ensure_streams(client, LIMITS)
    for stream in ("TELE", "EVT", "DEAD", "MARKS"):
        await client.jsm().purge_stream(stream)
    yield client
    await client.close()


@asynccontextmanager
async def running_front(broker_url: str, static: Path, web_url: str, door_url: str) -> AsyncIterator[str]:
    """The front on a free port; its address."""
    from anlan.server.front.app import Front, FrontSettings

    port = free_port()
    front = Front(FrontSettings("127.0.0.1", port, web_url, door_url, broker_url, False, static))
    serving = asyncio.create_task(front.run())
    try:
        async with asyncio.timeout(20):
            while not (front.health()["ok"] and front.health()["following"]):
                await asyncio.sleep(0.02)
        yield f"http://127.0.0.1:{port}"
    finally:
        front.stop()
        with suppress(asyncio.CancelledError):
            await asyncio.wait_for(serving, 20)


@dataclass(frozen=True)
class Frame:
    """One event of a stream."""

    event: str
    data: Any
    id: str | None = None


class EventStream:
    """What a browser reads of ``/api/live``."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self._lines = response.aiter_lines()

    async def next(self, timeout_s: float = 5.0) -> Frame | None:
        """The next event; None when the stream has ended."""
        said: dict[str, str] = {}
        async with asyncio.timeout(timeout_s):
            async for line in self._lines:
                if not line and "data" in said:
                    return Frame(said.get("event", "message"), json.loads(said["data"]), said.get("id"))
                if line and not line.startswith(":"):
                    name, _, value = line.partition(": ")
                    said[name] = value
        return None

    async def silence(self, seconds: float = 0.6) -> bool:
        """Whether nothing comes; the stream is of no use afterwards."""
        try:
            await self.next(seconds)
        except TimeoutError:
            return True
        return False


@asynccontextmanager
async def listening(url: str, session: str, topics: str) -> AsyncIterator[EventStream]:
    """A live stream as the browser with this session cookie opens it."""
    async with (
        httpx.AsyncClient(cookies={"anlan": session}, timeout=10) as client,
        client.stream("GET", f"{url}/api/live", params={"topics": topics}) as response,
    ):
        yield EventStream(response)


def session_of(browser: Any) -> str:
    """The session cookie of a signed-in browser."""
    return str(browser.cookies["anlan"].value)
