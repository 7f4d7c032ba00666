"""Live events to browsers: one stream of EVT and one of latest values, handed to many listeners.

Each listener gets only what its session may see; a counter per connection lets the
browser notice a gap. A listener that cannot keep up is told to fetch anew instead of
being fed from memory without end. When the events themselves cannot be followed every
stream is ended: a silent stream must not look like a quiet day.
"""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs

import msgspec
from django.conf import settings
from django.db import Error as DatabaseError
from nats.aio.client import Client

from anlan.adapters.nats import EVT, NatsBus, NatsLogReader, connect
from anlan.kernel.errors import Invalid, NotSignedIn, Problem, Unavailable
from anlan.kernel.text import Text
from anlan.platform.commands import Principal
from anlan.ports.telemetry import LogBehind, LogEntry, LogUnavailable
from anlan.server.front.answers import Receive, Scope, Send, problem_answer
from anlan.server.front.audience import Admission, admit, lapsed

log = logging.getLogger(__name__)

LATEST_SUBJECT = "live.latest"
BEAT_S = 15.0
CHECK_S = 2.0
UNCHECKED_S = 30.0
MAX_WAITING = 1000
MAX_LISTENERS = 5000
MAX_TOPICS = 400
_RETRY_S = 0.5
_READ_LIMIT = 512
_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]
_BEAT = b": beat\n\n"
_RESET = b"event: reset\ndata: {}\n\n"


class LiveUnavailable(Unavailable):
    """Events cannot be followed right now."""

    code = "live_unavailable"
    title = Text("实时通道暂不可用", "Live updates are not available right now")
    next_step = Text("系统会自动重连，页面数据可手动刷新", "It reconnects by itself; pages can be refreshed")


class Envelope(msgspec.Struct, frozen=True):
    """An event of EVT as the relay publishes it, and who may hear of it."""

    id: str
    topic: str
    at: str
    thread: str | None
    region: str
    zone: str | None
    permission: str
    timeline: str | None
    exercise: bool
    data: msgspec.Raw


class LatestColumns(msgspec.Struct, frozen=True):
    """Latest values as the evaluator publishes them: columns of equal length."""

    point: list[int]
    event_ms: list[int]
    value: list[float | None]
    quality: list[int]


class Listener:
    """One connection: what it wants, what it may, and the frames waiting for it."""

    def __init__(
        self, admission: Admission, topics: frozenset[str], wanted: frozenset[int], sequence: int
    ) -> None:
        self.hello = b'event: hello\ndata: {"sequence":%d}\n\n' % sequence
        self.session = admission.session
        self.principal = admission.principal
        self.points = admission.points
        self.topics = topics
        self.wanted = wanted
        self.wake = asyncio.Event()
        self.ended = False
        self._waiting: deque[bytes] = deque()
        self._n = 0

    def hears(self, event: Envelope) -> bool:
        return event.topic in self.topics and may_hear(self.principal, event)

    def tell(self, head: bytes, rest: bytes) -> None:
        """Queue the frame ``HEAD{"n":N,REST``; beyond the bound all waiting is replaced by a reset."""
        if len(self._waiting) >= MAX_WAITING:
            self.reset()
            return
        self._n += 1
        self._waiting.append(b'%bdata: {"n":%d,%b\n\n' % (head, self._n, rest))
        self.wake.set()

    def reset(self) -> None:
        """Let the browser fetch its snapshots anew; frames it has not got are not numbered."""
        self._n -= len(self._waiting) - self._waiting.count(_RESET)
        self._waiting.clear()
        self._waiting.append(_RESET)
        self.wake.set()

    def admit_again(self, admission: Admission) -> None:
        """Go on with changed rights."""
        self.principal, self.points = admission.principal, admission.points
        self.reset()

    def end(self) -> None:
        self.ended = True
        self.wake.set()

    async def frames(self) -> bytes | None:
        """All frames that wait, a heartbeat when none came for long, None at the end."""
        try:
            async with asyncio.timeout(BEAT_S):
                await self.wake.wait()
        except TimeoutError:
            return _BEAT
        self.wake.clear()
        if self.ended:
            return None
        taken = b"".join(self._waiting)
        self._waiting.clear()
        return taken


def may_hear(principal: Principal, event: Envelope) -> bool:
    """Whether *principal* holds the event's permission where the event happened."""
    return principal.may(event.permission, event.region, event.zone)


class Live:
    """``GET /api/live`` as an ASGI app; `run` follows the events."""

    def __init__(self, nats_url: str) -> None:
        self._nats_url = nats_url
        self._listeners: set[Listener] = set()
        self._threads = ThreadPoolExecutor(4, thread_name_prefix="live")
        self._sequence: int | None = None
        self._events = 0
        self._checked_at = time.monotonic()

    def health(self) -> dict[str, object]:
        return {
            "listeners": len(self._listeners),
            "following": self._sequence is not None,
            "sequence": self._sequence,
            "events": self._events,
        }

    # -- one connection ------------------------------------------------------

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            listener = await self._admitted(scope)
        except Problem as problem:
            await problem_answer(problem)(scope, receive, send)
            return
        leaving = asyncio.create_task(_until_gone(receive, listener))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
            await send({"type": "http.response.body", "body": listener.hello, "more_body": True})
            while (frames := await listener.frames()) is not None:
                await send({"type": "http.response.body", "body": frames, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        except OSError:
            return  # the browser has left in the middle of a frame
        finally:
            self._listeners.discard(listener)
            leaving.cancel()

    async def _admitted(self, scope: Scope) -> Listener:
        """Authenticate and add the listener; its hello names the event from which it hears all."""
        if scope["method"] != "GET":
            raise Invalid(Text("实时通道只能读取", "Live updates can only be read"))
        topics, points = _topics(scope["query_string"])
        session = _cookie(scope["headers"], str(settings.SESSION_COOKIE_NAME))
        if not session:
            raise NotSignedIn
        if self._sequence is None or len(self._listeners) >= MAX_LISTENERS:
            raise LiveUnavailable
        admission = await self._in_thread(admit, session, points)
        if self._sequence is None:
            raise LiveUnavailable
        listener = Listener(admission, topics, points, self._sequence)
        self._listeners.add(listener)
        return listener

    async def _in_thread(self, work: Any, *arguments: Any) -> Any:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work, *arguments)
        except DatabaseError as error:
            raise LiveUnavailable from error

    # -- what comes in -------------------------------------------------------

    async def run(self) -> None:
        """Follow events and latest values, and check sessions, for ever."""
        client = await connect(self._nats_url, "front")
        await NatsBus(client).subscribe(LATEST_SUBJECT, self._on_latest)
        try:
            await asyncio.gather(self._follow(client), self._check_for_ever())
        finally:
            self.close_all()
            await client.close()

    def close_all(self) -> None:
        """End every stream; the browsers come again by themselves."""
        for listener in self._listeners:
            listener.end()

    async def _follow(self, client: Client) -> None:
        reader = NatsLogReader(client, EVT, "evt.>", "front")
        while True:
            try:
                place = await reader.last_sequence()
                await reader.seek(place)
                self._sequence = place
                while True:
                    self.publish(await reader.read(_READ_LIMIT, 1.0))
            except (LogUnavailable, LogBehind) as error:
                if self._sequence is not None:
                    log.warning("events cannot be followed: %s", error)
                self._sequence = None
                self.close_all()
            await asyncio.sleep(_RETRY_S)

    def publish(self, entries: Iterable[LogEntry]) -> None:
        """Hand events of EVT to those who may hear them."""
        for entry in entries:
            if self._sequence is not None and entry.sequence > self._sequence + 1:
                for listener in self._listeners:
                    listener.reset()
            self._sequence = entry.sequence
            try:
                event = msgspec.json.decode(entry.payload, type=Envelope)
            except msgspec.MsgspecError as error:
                log.error("event %d cannot be read: %s", entry.sequence, error)
                continue
            self._events += 1
            self._tell(entry.sequence, event)

    def _tell(self, sequence: int, event: Envelope) -> None:
        hearing = [listener for listener in self._listeners if listener.hears(event)]
        if not hearing:
            return
        shown = {
            "sequence": sequence,
            "id": event.id,
            "topic": event.topic,
            "at": event.at,
            "thread": event.thread,
            "timeline": event.timeline,
            "exercise": event.exercise,
            "data": event.data,
        }
        head, rest = b"id: %d\nevent: patch\n" % sequence, msgspec.json.encode(shown)[1:]
        for listener in hearing:
            listener.tell(head, rest)

    async def _on_latest(self, subject: str, payload: bytes) -> None:
        try:
            latest = read_latest(payload)
        except msgspec.MsgspecError as error:
            log.error("latest values cannot be read: %s", error)
            return
        self.publish_latest(latest)

    def publish_latest(self, latest: LatestColumns) -> None:
        """Hand latest values to those who asked for their points and may see them."""
        values: dict[int, bytes] = {}
        rows = zip(latest.point, latest.event_ms, latest.value, latest.quality, strict=True)
        followed = frozenset().union(*(listener.points for listener in self._listeners))
        for point, *rest in rows:
            if point in followed:
                values[point] = msgspec.json.encode([point, *rest])  # NaN becomes null
        for listener in self._listeners if values else ():
            mine = [values[point] for point in listener.points if point in values]
            if mine:
                listener.tell(b"event: latest\n", b'"points":[%b]}' % b",".join(mine))

    # -- whether they still may ------------------------------------------------

    async def _check_for_ever(self) -> None:
        self._checked_at = time.monotonic()
        while True:
            await asyncio.sleep(CHECK_S)
            try:
                await self.check()
                self._checked_at = time.monotonic()
            except LiveUnavailable:
                # rights that nobody can confirm for long are no rights
                if time.monotonic() - self._checked_at > UNCHECKED_S:
                    self.close_all()

    async def check(self) -> None:
        """End the streams of sessions that ended; renew those whose rights changed."""
        listeners = list(self._listeners)
        if not listeners:
            return
        gone = await self._in_thread(lapsed, {one.session: one.principal.scope_token for one in listeners})
        for listener in listeners:
            if listener.session in gone.sessions:
                listener.end()
            elif listener.principal.scope_token in gone.tokens:
                await self._renew(listener)

    async def _renew(self, listener: Listener) -> None:
        try:
            listener.admit_again(await self._in_thread(admit, listener.session, listener.wanted))
        except NotSignedIn:
            listener.end()


def read_latest(payload: bytes) -> LatestColumns:
    """Columns from JSON or msgpack; raises `msgspec.MsgspecError`."""
    decode = msgspec.json.decode if payload[:1] == b"{" else msgspec.msgpack.decode
    return decode(payload, type=LatestColumns)


async def _until_gone(receive: Receive, listener: Listener) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    listener.end()


def _topics(query: bytes) -> tuple[frozenset[str], frozenset[int]]:
    """The topics asked for; ``point:N`` asks for the latest values of point number N."""
    given = ",".join(parse_qs(query.decode("latin-1")).get("topics", [])).split(",")
    asked = frozenset(topic for topic in given if topic)
    points = frozenset(
        int(topic.removeprefix("point:"))
        for topic in asked
        if topic.startswith("point:") and topic[6:].isascii() and topic[6:].isdigit() and len(topic) < 16
    )
    if not asked or len(asked) > MAX_TOPICS:
        raise Invalid(
            Text(f"请订阅 1 至 {MAX_TOPICS} 个主题", f"Ask for one to {MAX_TOPICS} topics"),
            facts={"topics": len(asked)},
        )
    return asked, frozenset(point for point in points if point < 2**31)


def _cookie(headers: Iterable[tuple[bytes, bytes]], name: str) -> str:
    for key, value in headers:
        if key == b"cookie":
            try:
                found = SimpleCookie(value.decode("latin-1")).get(name)
            except CookieError:
                return ""
            return found.value if found else ""
    return ""
