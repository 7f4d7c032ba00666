"""The front process: one origin for files, live events, the API and the gateways' door."""

import asyncio
import logging
import os
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import uvicorn

from anlan.kernel.errors import NotFound
from anlan.server.front.answers import (
    App,
    Receive,
    Scope,
    Send,
    problem_answer,
    with_problems,
    with_security_headers,
)
from anlan.server.front.live import Live
from anlan.server.front.proxy import Backend
from anlan.server.front.static import StaticFiles

STATIC = Path(__file__).resolve().parents[1] / "static"
WEB_BODY_BYTES = 8 * 1024 * 1024
DOOR_BODY_BYTES = 8 * 1024 * 1024
GRACE_S = 5


def front_app(*, static: App, web: App, door: App, live: App) -> App:
    """The routes of the origin, every answer of which carries our security headers."""

    async def route(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1000})
            return
        await _behind(scope["path"])(scope, receive, send)

    def _behind(path: str) -> App:
        if path == "/api/live":
            return live
        if path.startswith("/api/"):
            return web
        if path == "/ingest" or path.startswith("/ingest/"):
            return door
        if path == "/api":
            return problem_answer(NotFound())
        return static

    return with_security_headers(with_problems(route))


@dataclass(frozen=True)
class FrontSettings:
    """Where the front listens and what lies behind it."""

    host: str
    port: int
    web_url: str
    door_url: str
    nats_url: str
    https: bool
    static: Path = STATIC

    @classmethod
    def from_environment(cls) -> "FrontSettings":
        given = os.environ
        return cls(
            host=given.get("ANLAN_FRONT_HOST", "127.0.0.1"),
            port=int(given["ANLAN_FRONT_PORT"]),
            web_url=given["ANLAN_WEB_URL"],
            door_url=given["ANLAN_DOOR_URL"],
            nats_url=given["NATS_URL"],
            https=given.get("ANLAN_TLS", "0") not in ("", "0", "false", "no"),
            static=Path(given.get("ANLAN_STATIC", "") or STATIC),
        )


class _Server(uvicorn.Server):
    """Ends the event streams when told to stop: open ones would hold the process up."""

    def __init__(self, live: Live, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._live = live

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._live.close_all()
        super().handle_exit(sig, frame)


class Front:
    """The front as a process: `run` serves until told to stop. Django must be set up before."""

    def __init__(self, settings: FrontSettings) -> None:
        logging.getLogger("uvicorn.access").propagate = False  # one line per request helps nobody
        self._live = Live(settings.nats_url)
        web = Backend("web", settings.web_url, WEB_BODY_BYTES, https=settings.https)
        door = Backend("door", settings.door_url, DOOR_BODY_BYTES, https=settings.https)
        self._backends = (web, door)
        app = front_app(static=StaticFiles(settings.static), web=web, door=door, live=self._live)
        self._server = _Server(
            self._live,
            uvicorn.Config(
                app,
                host=settings.host,
                port=settings.port,
                http="h11",
                ws="none",
                lifespan="off",
                log_config=None,
                # the socket's own address: what a browser claims in X-Forwarded-For is dropped in the proxy
                proxy_headers=False,
                server_header=False,
                timeout_keep_alive=75,
                timeout_graceful_shutdown=GRACE_S,
                backlog=2048,
            ),
        )

    @classmethod
    def from_environment(cls) -> "Front":
        return cls(FrontSettings.from_environment())

    def health(self) -> dict[str, object]:
        """What the health file says; the process is well once it listens, NATS or not."""
        return {"ok": self._server.started, **self._live.health()}

    async def run(self) -> None:
        """Serve until SIGTERM or SIGINT; open event streams are ended first."""
        live = asyncio.create_task(self._live.run())
        try:
            await self._server.serve()
        finally:
            live.cancel()
            await asyncio.gather(live, return_exceptions=True)
            for backend in self._backends:
                backend.close()

    def stop(self) -> None:
        """Ask `run` to end."""
        self._live.close_all()
        self._server.should_exit = True


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
