"""A person at a browser. Whatever the page complains of, or asks the outside world for, is kept."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, Request, Response, expect

AXE = Path(__file__).resolve().parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
PATIENCE_MS = 20_000
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_FAILED_LOAD = re.compile(r"Failed to load resource: .*(?:status of (\d+)|net::)")
_SLOW_PIXELS = re.compile(r"GL Driver Message .* GPU stall due to ReadPixels")
"""What the graphics driver says of a screenshot that a test itself takes of a map."""

expect.set_options(timeout=PATIENCE_MS)


@dataclass
class Visitor:
    """One browser window, with a session of its own; *origin* is the system's address."""

    origin: str
    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    _expected: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(f"uncaught: {error}"))
        self.context.on("request", self._asked)
        self.context.on("response", self._answered)

    # -- what the browser tells -----------------------------------------------------

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type not in ("error", "warning"):
            return
        if _SLOW_PIXELS.search(message.text):
            return
        failed = _FAILED_LOAD.match(message.text)
        if failed and (failed[1] or "offline") in self._expected:
            return
        self.complaints.append(f"{message.type} at {self.page.url}: {message.text}")

    def _asked(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in ("data", "blob", "about") and address.hostname not in _LOOPBACK:
            self.outside.append(request.url)

    def _answered(self, response: Response) -> None:
        if response.status >= 400 and str(response.status) not in self._expected:
            self.complaints.append(f"{response.status} for {response.url} at {self.page.url}")

    @contextmanager
    def expecting(self, *refusals: int | str) -> Iterator[None]:
        """While inside, these statuses (or ``"offline"``) are what the test is about, and no fault."""
        codes = {str(refusal) for refusal in refusals}
        self._expected |= codes
        try:
            yield
            self.page.wait_for_timeout(200)  # the console lags a little behind the screen
        finally:
            self._expected -= codes

    # -- what a person does -----------------------------------------------------------

    def go(self, path: str) -> None:
        """Open *path* and wait until the screen stands there with its contents."""
        self.page.goto(self.origin + path)
        self.settle()

    def settle(self) -> None:
        expect(self.page.locator("main").first).to_be_visible()
        expect(self.page.locator("[class*=loading]")).to_have_count(0)

    def fill_in_credentials(self, username: str, password: str) -> None:
        self.page.locator("input[name=username]").fill(username)
        self.page.locator("input[name=password]").fill(password)
        self.page.keyboard.press("Enter")

    def main(self) -> Locator:
        return self.page.locator("#screen")

    def api(self, path: str) -> Any:
        """What the API answers to this person's browser."""
        return self.page.evaluate("async path => (await fetch(path)).json()", path)

    # -- what is looked for -------------------------------------------------------------

    def barriers(self) -> list[str]:
        """Serious and critical findings of axe (WCAG 2.1 A and AA) on the screen as it is."""
        if not self.page.evaluate("() => 'axe' in window"):
            self.page.evaluate(AXE.read_text())
        found = self.page.evaluate(
            """async () => (await axe.run(document, {resultTypes: ['violations'], runOnly:
               {type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']}})).violations"""
        )
        return [
            f"{self.page.url} {one['id']} ({one['impact']}): {one['nodes'][0]['html'][:160]}"
            for one in found
            if one["impact"] in ("serious", "critical")
        ]

    def sideways_px(self) -> int:
        """By how much the page is wider than the window."""
        return int(self.page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth"))
