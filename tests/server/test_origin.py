"""Browser, front, web, relay and back over the live channel: the whole way, in real processes."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import httpx
import pytest
from tests.server.conftest import LIMITS, LINGWU, listening, new_person, running_front
from tests.server.test_relay import tell

from anlan.server.relay import Relay, RelaySettings
from anlan.server.supervisor.nats import EmbeddedNats
from anlan.server.supervisor.postgres import APP_ROLE, EmbeddedPostgres

NOWHERE = "unix:/nonexistent/anlan.sock"


@pytest.fixture
async def origin(
    db: EmbeddedPostgres, broker: EmbeddedNats, streams: Any, tmp_path: Path
) -> AsyncIterator[str]:
    """The address of a front with web and relay behind it."""
    socket = Path(mkdtemp(prefix="anlan-web-", dir="/tmp")) / "web.sock"
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--uds", str(socket)]
    command += ["--log-level", "warning", "anlan.server.wsgi:application"]
    web = subprocess.Popen(command, env={**os.environ, "NATS_URL": broker.url})
    relay = Relay(RelaySettings(broker.url, db.url(APP_ROLE, "anlan_test"), tmp_path, LIMITS, ("historian",)))
    relaying = asyncio.create_task(relay.run())
    (tmp_path / "index.html").write_text("<!doctype html><title>安澜</title>")
    try:
        async with running_front(broker.url, tmp_path, f"unix:{socket}", NOWHERE) as url:
            # the first answer waits until all of the API is loaded
            async with httpx.AsyncClient(base_url=url, timeout=60) as client, asyncio.timeout(60):
                while (await client.get("/api/session")).status_code == 502:
                    await asyncio.sleep(0.1)
            yield url
    finally:
        relaying.cancel()
        with suppress(asyncio.CancelledError):
            await relaying
        web.terminate()
        web.wait(20)


async def test_sign_in_listen_and_hear_what_a_service_committed(origin: str) -> None:
    person = await asyncio.to_thread(_made)
    async with httpx.AsyncClient(base_url=origin, headers={"Origin": origin}) as client:
        page = await client.get("/alarms", headers={"Accept": "text/html"})
        assert page.status_code == 200 and "安澜" in page.text
        assert (await client.get("/api/session")).status_code == 204
        credentials = {"username": person.username, "password": person.password}
        without_token = await client.post("/api/session", json=credentials)
        assert (without_token.status_code, without_token.json()["code"]) == (403, "csrf_failed")
        token = {"X-CSRFToken": client.cookies["csrftoken"]}
        signed = await client.post("/api/session", json=credentials, headers=token)
        assert signed.status_code == 200, signed.text
        assert "system.status" in signed.json()["permissions"]
        meta = (await client.get("/api/meta")).json()
        assert LINGWU in {region["code"] for region in meta["regions"]}
        assert (await client.get("/api/status")).status_code == 200
        async with listening(origin, client.cookies["anlan"], "alarm") as stream:
            assert (await stream.next()).event == "hello"
            await asyncio.to_thread(tell, "raised at Lingwu")
            heard = await stream.next()
            assert heard.data["data"] == {"name": "raised at Lingwu"}
            token = {"X-CSRFToken": client.cookies["csrftoken"]}
            assert (await client.delete("/api/session", headers=token)).status_code == 204
            assert await stream.next(10) is None
        assert (await client.get("/api/meta")).status_code == 401


def _made() -> Any:
    from django.db import connection

    try:
        return new_person("zhang", "local_bureau", LINGWU)
    finally:
        connection.close()
