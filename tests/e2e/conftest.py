"""A whole system with the demonstration, and people who meet it through a real Chromium."""

import json
import os
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, sync_playwright
from tests.e2e.rooms import Hand, LeakingPlant, Sessions, leaking_plant, opened_incident
from tests.e2e.visitor import Visitor
from tests.faults.system import System, running_system

DESK = (1440, 900)
PHONE = (390, 844)
Visit = Callable[..., Visitor]


@pytest.fixture(scope="session")
def demonstration() -> Iterator[System]:
    """The system that a newcomer gets from ./start."""
    folder = Path(mkdtemp(prefix="anlan-e2e-", dir="/tmp"))
    folder.chmod(0o711)
    try:
        with running_system(folder / "anlan", "64M", demo=True) as system:
            yield system
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def origin(demonstration: System) -> str:
    return str(demonstration.told["url"]).rstrip("/")


@pytest.fixture(scope="session")
def passwords(demonstration: System) -> dict[str, str]:
    """The generated passwords by account, as ./start prints them."""
    lines = (demonstration.data / "demo" / "logins.txt").read_text().splitlines()
    return {account: password for account, password, *_ in (line.split() for line in lines)}


@pytest.fixture(scope="session")
def sessions(origin: str, passwords: dict[str, str]) -> Callable[[str], list[dict[str, Any]]]:
    """``sessions(account)``: the cookies of a signed-in person; each signs in once."""
    known: dict[str, list[dict[str, Any]]] = {}

    def cookies(account: str) -> list[dict[str, Any]]:
        if account not in known:
            with httpx.Client(base_url=origin, timeout=30) as client:
                client.get("/api/session")
                body = {"username": account, "password": passwords[account]}
                headers = {"X-CSRFToken": client.cookies["csrftoken"]}
                client.post("/api/session", json=body, headers=headers).raise_for_status()
                known[account] = [
                    {"name": name, "value": value, "url": origin} for name, value in client.cookies.items()
                ]
        return known[account]

    return cookies


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The system's own Chromium. Per module: Playwright keeps a loop running that async tests cannot share."""
    path = os.environ.get("ANLAN_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.fail("there is no Chromium; ./check installs it, or name one in ANLAN_CHROMIUM")
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()


def new_visitor(
    chromium: Browser,
    origin: str,
    cookies: Sequence[dict[str, Any]],
    *,
    language: str = "zh-CN",
    theme: str = "dark",
    size: tuple[int, int] = DESK,
) -> Visitor:
    """A window of whom the *cookies* belong to.

    Its clock stands in New York: what the screens show must be China's time all the same.
    """
    context = chromium.new_context(
        viewport={"width": size[0], "height": size[1]},
        locale="zh-CN",
        timezone_id="America/New_York",
        reduced_motion="reduce",
    )
    context.add_cookies(cookies)  # type: ignore[arg-type]
    chosen = {"state": {"theme": theme, "language": language, "muted": True}, "version": 0}
    context.add_init_script(
        "window.localStorage.getItem('anlan-preferences') ?? "
        f"window.localStorage.setItem('anlan-preferences', JSON.stringify({json.dumps(chosen)}))"
    )
    return Visitor(origin, context, context.new_page())


@pytest.fixture
def visit(chromium: Browser, origin: str, sessions: Callable[[str], list[dict[str, Any]]]) -> Iterator[Visit]:
    """``visit(account)``: a window of that person, of nobody without one; faultless to the end of the test."""
    visitors: list[Visitor] = []

    def enter(account: str | None = None, **how: Any) -> Visitor:
        visitor = new_visitor(chromium, origin, sessions(account) if account else (), **how)
        visitors.append(visitor)
        return visitor

    yield enter
    complaints = [complaint for visitor in visitors for complaint in visitor.complaints]
    outside = [url for visitor in visitors for url in visitor.outside]
    for visitor in visitors:
        visitor.context.close()
    assert complaints == []
    assert outside == []


@pytest.fixture(scope="session")
def refused_reading(demonstration: System, origin: str, sessions: Callable[[str], Any]) -> str:
    """The tag of a point that nobody knows, sent once: what the door refuses, and people see as refused data."""
    tag = "TI-999"
    keys = _gateway_keys(demonstration)
    body = {
        "schema": 1,
        "source": "demo-tep",
        "epoch": f"e2e-{time.time_ns():x}",
        "sequence": 0,
        "points": [tag],
        "units": ["°C"],
        "times_ms": [int(time.time() * 1000)],
        "values": [[21.5]],
        "quality": [[0]],
    }
    answer = httpx.post(
        f"{origin}/ingest", json=body, headers={"Authorization": f"Bearer demo-tep:{keys['demo-tep']}"}
    )
    assert answer.status_code == 422 and answer.json()["rejected"], answer.text
    cookies = {cookie["name"]: cookie["value"] for cookie in sessions("weihua")}
    deadline = time.monotonic() + 30
    while not httpx.get(f"{origin}/api/dead-letters", cookies=cookies).json()["items"]:
        assert time.monotonic() < deadline, "the refused reading is nowhere to be seen"
        time.sleep(0.2)
    return tag


@pytest.fixture(scope="session")
def plant(origin: str, sessions: Sessions) -> LeakingPlant:
    """A plant of the region whose ammonia tank farm has raised an alarm."""
    return leaking_plant(Hand(origin, sessions("weihua")), Hand(origin, sessions("kexin")))


@pytest.fixture(scope="session")
def incident(origin: str, sessions: Sessions, plant: LeakingPlant) -> str:
    """The id of an incident with its footprint, at the tank farm of the plant."""
    return opened_incident(Hand(origin, sessions("zhiban")), plant)


def _gateway_keys(system: System) -> dict[str, str]:
    said = json.loads((system.data / "demo" / "gateways.json").read_text())
    return {str(source): str(key) for source, key in said.items()}
