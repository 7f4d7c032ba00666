"""Live events reach exactly those who may see them, and a stream never lies about being live."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from tests.server.conftest import (
    LINGWU,
    NINGXIA,
    YANCHI,
    browser_of,
    listening,
    new_person,
    running_front,
    session_of,
)
from tests.server.world import in_thread, new_county

from anlan.adapters.nats import NatsEvents
from anlan.kernel.ids import new_id
from anlan.server.supervisor.nats import EmbeddedNats

SEE = "system.status"
NOWHERE = "unix:/nonexistent/anlan.sock"


@pytest.fixture
async def origin(db: Any, broker: EmbeddedNats, streams: Any, tmp_path: Path) -> AsyncIterator[str]:
    async with running_front(broker.url, tmp_path, NOWHERE, NOWHERE) as url:
        yield url


@pytest.fixture
def events(streams: Any) -> NatsEvents:
    return NatsEvents(streams)


async def signed_in(username: str, role: str = "local_bureau", **grant: str) -> tuple[str, Any]:
    """The session of a new officer, and the browser to sign out with."""

    def work() -> Any:
        from django.db import connection

        try:
            return browser_of(new_person(username, role, **grant))
        finally:
            connection.close()

    browser = await asyncio.to_thread(work)
    return session_of(browser), browser


async def happens(
    events: NatsEvents, region: str, *, zone: str | None = None, permission: str = SEE, topic: str = "alarm"
) -> str:
    """An event of a new object; its id."""
    id = str(new_id())
    said = {
        "id": str(new_id()),
        "topic": topic,
        "at": "2026-05-01T00:00:00Z",
        "thread": None,
        "region": region,
        "zone": zone,
        "permission": permission,
        "timeline": None,
        "exercise": False,
        "data": {"id": id, "version": 1},
    }
    await events.append(topic, msgspec.json.encode(said), said["id"])
    return id


async def test_each_county_hears_its_own_and_the_region_hears_all(origin: str, events: NatsEvents) -> None:
    lingwu, _ = await signed_in("lingwu", region=LINGWU)
    yanchi, _ = await signed_in("yanchi", region=YANCHI)
    bureau, _ = await signed_in("bureau", region=NINGXIA)
    async with (
        listening(origin, lingwu, "alarm") as at_lingwu,
        listening(origin, yanchi, "alarm") as at_yanchi,
        listening(origin, bureau, "alarm") as at_bureau,
    ):
        for stream in (at_lingwu, at_yanchi, at_bureau):
            assert (await stream.next()).event == "hello"
        first = await happens(events, LINGWU)
        second = await happens(events, YANCHI)
        heard = await at_lingwu.next()
        assert (heard.event, heard.data["n"], heard.data["data"]["id"]) == ("patch", 1, first)
        assert heard.id == str(heard.data["sequence"])
        heard = await at_yanchi.next()
        assert (heard.data["n"], heard.data["data"]["id"]) == (1, second)
        both = [await at_bureau.next(), await at_bureau.next()]
        assert [(frame.data["n"], frame.data["data"]["id"]) for frame in both] == [(1, first), (2, second)]
        assert await at_lingwu.silence()
        assert await at_yanchi.silence(0.1)


async def test_ningdong_hears_its_zone_and_not_the_rest_of_lingwu(origin: str, events: NatsEvents) -> None:
    ningdong, _ = await signed_in("ningdong", "park", zone="ningdong")
    async with listening(origin, ningdong, "alarm") as stream:
        await stream.next()
        await happens(events, LINGWU)
        inside = await happens(events, LINGWU, zone="ningdong")
        assert (await stream.next()).data["data"]["id"] == inside


async def test_latest_values_reach_those_who_asked_and_may_see_the_point(origin: str, streams: Any) -> None:
    ours = await asyncio.to_thread(in_thread, new_county, LINGWU, "OURS", 1)
    theirs = await asyncio.to_thread(in_thread, new_county, YANCHI, "THEIRS", 2)
    officer, _ = await signed_in("reader", region=LINGWU)
    both = f"point:{ours.point_number},point:{theirs.point_number}"
    latest = {
        "point": [ours.point_number, theirs.point_number, 999],
        "event_ms": [1000, 2000, 3000],
        "value": [None, 2.5, 3.5],
        "quality": [2, 0, 0],
    }
    async with listening(origin, officer, both) as stream, listening(origin, officer, "alarm") as other:
        await stream.next()
        await other.next()
        await streams.publish("live.latest", msgspec.json.encode(latest))
        heard = await stream.next()
        assert (heard.event, heard.data) == (
            "latest",
            {"n": 1, "points": [[ours.point_number, 1000, None, 2]]},
        )
        assert await other.silence()


async def test_who_cannot_keep_up_is_told_to_fetch_anew_and_counts_on(db: Any) -> None:
    """Frames that were dropped take no number: the first one after the reset follows on the last read."""
    from anlan.platform.commands import Principal
    from anlan.server.front.audience import Admission
    from anlan.server.front.live import MAX_WAITING, Listener

    nobody = Principal(None, "x", "user", frozenset(), "")
    slow = Listener(Admission("s", nobody, frozenset()), frozenset(), frozenset(), 7)
    slow.tell(b"", b'"first":1}')
    assert b'{"n":1,"first":1}' in (await slow.frames() or b"")
    for _ in range(MAX_WAITING + 1):
        slow.tell(b"", b'"lost":1}')
    slow.tell(b"", b'"next":1}')
    taken = (await slow.frames() or b"").decode()
    assert taken.startswith("event: reset") and '{"n":2,"next":1}' in taken and "lost" not in taken


async def test_without_the_permission_or_the_topic_nothing_is_heard(origin: str, events: NatsEvents) -> None:
    officer, _ = await signed_in("officer", region=NINGXIA)
    async with listening(origin, officer, "alarm") as stream:
        await stream.next()
        await happens(events, LINGWU, permission="identity.manage_users")
        await happens(events, LINGWU, topic="limit")
        assert await stream.silence()


async def test_nobody_listens_without_a_session(origin: str) -> None:
    for session in ("", "forged" * 5):
        async with listening(origin, session, "alarm") as stream:
            assert stream.response.status_code == 401
            assert stream.response.headers["content-type"] == "application/problem+json"
            body = msgspec.json.decode(await stream.response.aread())
            assert body["code"] == "not_signed_in" and body["title"]["zh"] and body["title"]["en"]


async def test_signing_out_ends_the_stream(origin: str, events: NatsEvents) -> None:
    session, browser = await signed_in("leaver", region=LINGWU)
    async with listening(origin, session, "alarm") as stream:
        await stream.next()
        left = await asyncio.to_thread(browser.delete, "/api/session")
        assert left.status_code == 204
        assert await stream.next(10) is None
    async with listening(origin, session, "alarm") as stream:
        assert stream.response.status_code == 401


async def test_a_changed_grant_changes_what_an_open_stream_tells(origin: str, events: NatsEvents) -> None:
    from anlan.platform.accounts.services import grant_role
    from anlan.platform.commands import acting_as, service_principal

    person = await asyncio.to_thread(new_person, "mover", "local_bureau", YANCHI)
    session = session_of(await asyncio.to_thread(browser_of, person))

    def widen() -> None:
        with acting_as(service_principal("demo")):
            grant_role(person.id, "local_bureau", region=LINGWU)

    async with listening(origin, session, "alarm") as stream:
        await stream.next()
        await asyncio.to_thread(widen)
        assert (await stream.next(10)).event == "reset"
        id = await happens(events, LINGWU)
        heard = await stream.next()
        assert (heard.data["n"], heard.data["data"]["id"]) == (1, id)


async def test_a_stream_ends_when_events_can_no_longer_be_followed(db: Any, tmp_path: Path) -> None:
    from tests.server.conftest import LIMITS

    from anlan.adapters.nats import connect, ensure_streams
    from anlan.server.supervisor.nats import temporary_nats

    with temporary_nats() as broker:
        client = await connect(broker.url, "test")
        await ensure_streams(client, LIMITS)
        await client.close()
        session, _ = await signed_in("watcher", region=LINGWU)
        async with running_front(broker.url, tmp_path, NOWHERE, NOWHERE) as url:
            async with listening(url, session, "alarm") as stream:
                await stream.next()
                broker.stop()
                assert await stream.next(10) is None
            async with listening(url, session, "alarm") as stream:
                assert stream.response.status_code == 503


async def test_a_process_behind_that_is_down_is_told_as_a_problem(origin: str) -> None:
    async with httpx.AsyncClient(base_url=origin) as client:
        for path in ("/api/alarms", "/ingest"):
            answer = await client.post(path, content=b"{}")
            assert answer.status_code == 502
            assert answer.headers["retry-after"] == "2"
            assert answer.json()["title"] == {
                "zh": "后台服务正在恢复",
                "en": "The service behind this is coming back",
            }
            assert "default-src 'none'" in answer.headers["content-security-policy"]
