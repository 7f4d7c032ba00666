"""The relay: carries what PostgreSQL and the broker owe each other.

Events of the outbox go to EVT at least once, in the order of their commits; audit
rows are sealed every second; TELE is purged up to what all its readers have passed;
dead letters come into PostgreSQL; the broker's list of gateway logins follows the
table. Each duty goes on when another one fails.
"""

import asyncio
import json
import logging
import os
import threading
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import msgspec
import psycopg
from django.db import connection
from nats.aio.client import Client
from pydantic_core import to_json

from anlan.adapters.nats import (
    DEAD,
    TELE,
    NatsEvents,
    NatsLogReader,
    StreamLimits,
    connect,
    ensure_streams,
    purge_passed,
)
from anlan.domains.monitoring.points.contracts import DeadLetterItem
from anlan.kernel.clock import now
from anlan.platform.audit.sealing import seal_once
from anlan.platform.commands import acting_as, service_principal, transaction_as
from anlan.ports.telemetry import LogEntry, LogFull, LogUnavailable
from anlan.server.streams import WINDOW_SHARE, stream_limits
from anlan.server.supervisor.secrets import write_private

log = logging.getLogger(__name__)

T = TypeVar("T")

BATCH = 500
TOGETHER = 64
SEAL_LIMIT = 2000
KEPT = timedelta(days=7)
_POLL_S = 1.0
_BEHIND_S = 0.02
_RETRY_S = 1.0
_SEAL_S = 1.0
_PURGE_S = 5.0
_LOGINS_S = 1.0
_FORGET_S = 600.0
_WAITING_SQL = """
    SELECT position, id, topic, at, thread, region, zone, permission, timeline, exercise, data
    FROM outbox_outboxevent
    WHERE published_at IS NULL AND xid < pg_snapshot_xmin(pg_current_snapshot())
    ORDER BY position LIMIT %s"""
_IS_WAITING_SQL = "SELECT EXISTS (SELECT 1 FROM outbox_outboxevent WHERE published_at IS NULL)"
_PUBLISHED_SQL = "UPDATE outbox_outboxevent SET published_at = %s WHERE position = ANY (%s)"
_FORGET_SQL = "DELETE FROM outbox_outboxevent WHERE published_at < %s"


@dataclass(frozen=True)
class Waiting:
    """An event of the outbox that is not in EVT yet."""

    position: int
    id: UUID
    topic: str
    payload: bytes


@dataclass(frozen=True)
class RelaySettings:
    """Where the stores are, how large TELE may grow, and who reads it."""

    nats_url: str
    database_url: str
    data: Path
    limits: StreamLimits
    readers: tuple[str, ...]

    @classmethod
    def from_environment(cls) -> "RelaySettings":
        given = os.environ
        partitions = int(given.get("ANLAN_PARTITIONS", "1"))
        return cls(
            nats_url=given["NATS_URL"],
            database_url=given["DATABASE_URL"],
            data=Path(given["ANLAN_DATA"]),
            limits=stream_limits(),
            readers=("historian", *(f"evaluator-{partition}" for partition in range(partitions))),
        )


class Relay:
    """The relay as a process: `run` works until it is cancelled. Django must be set up before."""

    def __init__(self, settings: RelaySettings) -> None:
        self._settings = settings
        self._threads = ThreadPoolExecutor(4, thread_name_prefix="relay")
        self._woken = asyncio.Event()
        self._stopping = threading.Event()
        self._done = {"published": 0, "sealed": 0, "purged": 0, "dead_letters": 0}
        self._troubles: dict[str, str] = {}

    @classmethod
    def from_environment(cls) -> "Relay":
        return cls(RelaySettings.from_environment())

    def health(self) -> dict[str, object]:
        """What the health file says: what was done, and which duties are in trouble now."""
        return {"ok": not self._troubles, **self._done, "troubles": dict(self._troubles)}

    async def run(self) -> None:
        """Do all duties until cancelled."""
        client = await connect(self._settings.nats_url, "relay")
        events = NatsEvents(client)
        threading.Thread(
            target=self._listen, args=(asyncio.get_running_loop(),), name="outbox", daemon=True
        ).start()
        try:
            await self._until_it_works("streams", lambda: self._ensure_streams(client))
            await asyncio.gather(
                self._for_ever("outbox", lambda: self._publish(events)),
                self._for_ever("sealing", self._seal, _SEAL_S),
                self._for_ever("purge", lambda: self._purge(client), _PURGE_S),
                self._for_ever("dead_letters", self._dead_letters_of(client)),
                self._for_ever("logins", self._write_logins, _LOGINS_S),
                self._for_ever("forgetting", self._forget, _FORGET_S),
            )
        finally:
            self._stopping.set()
            self._threads.shutdown(wait=False, cancel_futures=True)
            await client.close()

    # -- how a duty runs -------------------------------------------------------

    async def _for_ever(self, duty: str, turn: Callable[[], Awaitable[None]], pause_s: float = 0.0) -> None:
        """The pause is no part of a turn: a duty that works again is out of trouble before it rests."""
        while True:
            await self._until_it_works(duty, turn)
            await asyncio.sleep(pause_s)

    async def _until_it_works(self, duty: str, turn: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await turn()
            except Exception as error:  # noqa: BLE001 - one duty in trouble must not end the others
                said = f"{type(error).__name__}: {error}".splitlines()[0]
                if self._troubles.get(duty) != said:
                    log.warning("%s: %s", duty, said)
                self._troubles[duty] = said
                await asyncio.sleep(_RETRY_S)
            else:
                self._troubles.pop(duty, None)
                return

    async def _in_thread(self, work: Callable[..., T], *arguments: Any) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, _closing, work, *arguments)

    async def _ensure_streams(self, client: Client) -> None:
        await ensure_streams(client, self._settings.limits)

    # -- outbox ----------------------------------------------------------------

    async def _publish(self, events: NatsEvents) -> None:
        """One turn: publish what waits, or sleep until something is written."""
        waiting = await self._in_thread(read_waiting, BATCH)
        if waiting:
            self._done["published"] += await publish(events, waiting, self._mark)
            return
        if await self._in_thread(is_waiting):
            await asyncio.sleep(_BEHIND_S)  # committed, but an older transaction is still open
            return
        try:
            async with asyncio.timeout(_POLL_S):
                await self._woken.wait()
        except TimeoutError:
            return
        finally:
            self._woken.clear()

    async def _mark(self, positions: Sequence[int]) -> None:
        await self._in_thread(mark_published, positions)

    def _listen(self, loop: asyncio.AbstractEventLoop) -> None:
        """Wake the relay at each NOTIFY; without a connection the poll goes on alone."""
        while not self._stopping.is_set():
            try:
                with psycopg.connect(self._settings.database_url, autocommit=True) as listening:
                    listening.execute("LISTEN outbox")
                    while not self._stopping.is_set():
                        for _ in listening.notifies(timeout=_POLL_S, stop_after=1):
                            loop.call_soon_threadsafe(self._woken.set)
            except (psycopg.Error, RuntimeError):
                self._stopping.wait(_RETRY_S)

    async def _forget(self) -> None:
        await self._in_thread(forget_published, now() - KEPT)

    # -- the other duties --------------------------------------------------------

    async def _seal(self) -> None:
        while (sealed := await self._in_thread(seal_once, SEAL_LIMIT)) > 0:
            self._done["sealed"] += sealed
            if sealed < SEAL_LIMIT:
                break

    async def _purge(self, client: Client) -> None:
        window = int(self._settings.limits.tele_bytes * WINDOW_SHARE)
        try:
            self._done["purged"] += await purge_passed(client, TELE, self._settings.readers, window)
        except LogUnavailable:
            await self._ensure_streams(client)  # a store that was replaced has no streams yet
            raise

    def _dead_letters_of(self, client: Client) -> Callable[[], Awaitable[None]]:
        reader = NatsLogReader(client, DEAD, "dead.>", "relay")
        placed = False

        async def turn() -> None:
            nonlocal placed
            try:
                if not placed:
                    # a mark beyond the end is another log's: begin anew, letters are stored once by their key
                    await reader.seek(min(await reader.mark(), await reader.last_sequence()))
                    placed = True
                entries = await reader.read(BATCH, _POLL_S)
                if not entries:
                    return
                await self._in_thread(store_dead_letters, entries)
            except BaseException:
                placed = False
                raise
            self._done["dead_letters"] += len(entries)
            await reader.passed(entries[-1].sequence)

        return turn

    async def _write_logins(self) -> None:
        await self._in_thread(write_logins, self._settings.data / "nats" / "gateways.json")


async def publish(
    events: NatsEvents, waiting: Sequence[Waiting], mark: Callable[[Sequence[int]], Awaitable[None]]
) -> int:
    """Publish in order and mark what EVT has stored; returns how many.

    Several are under way at once. When one fails, those behind it go out again
    later: EVT knows them by their id for two minutes, consumers for ever. Raises
    `LogFull` or `LogUnavailable` after marking what came before the failure.
    """
    done = 0
    for start in range(0, len(waiting), TOGETHER):
        some = waiting[start : start + TOGETHER]
        outcomes = await asyncio.gather(
            *(events.append(one.topic, one.payload, str(one.id)) for one in some), return_exceptions=True
        )
        failure = next((outcome for outcome in outcomes if isinstance(outcome, BaseException)), None)
        stored = len(some) if failure is None else outcomes.index(failure)
        if stored:
            await mark([one.position for one in some[:stored]])
            done += stored
        if failure is not None:
            if not isinstance(failure, LogFull | LogUnavailable):
                log.error("an event could not be published", exc_info=failure)
            raise failure
    return done


def read_waiting(limit: int) -> list[Waiting]:
    """Events of ended transactions in the order of writing, none of which an older one can still precede."""
    with transaction_as(service_principal("relay")), connection.cursor() as cursor:
        cursor.execute(_WAITING_SQL, [limit])
        names = [column.name for column in cursor.description or ()][1:]
        return [
            Waiting(row[0], row[1], row[2], event_bytes(dict(zip(names, row[1:], strict=True))))
            for row in cursor.fetchall()
        ]


def event_bytes(fields: dict[str, Any]) -> bytes:
    """The event as EVT holds it: JSON with what a recipient must have to hear of it."""
    if isinstance(fields["data"], str):
        fields["data"] = json.loads(fields["data"])
    return to_json(fields, inf_nan_mode="null")


def is_waiting() -> bool:
    """Whether any event is unpublished, publishable yet or not."""
    with transaction_as(service_principal("relay")), connection.cursor() as cursor:
        cursor.execute(_IS_WAITING_SQL)
        return bool((cursor.fetchone() or (False,))[0])


def mark_published(positions: Sequence[int]) -> None:
    """Say that EVT holds these events."""
    with transaction_as(service_principal("relay")), connection.cursor() as cursor:
        cursor.execute(_PUBLISHED_SQL, [now(), list(positions)])


def forget_published(before: datetime) -> None:
    """Delete events published before then; the objects, their audit and EVT tell the story."""
    with transaction_as(service_principal("relay")), connection.cursor() as cursor:
        cursor.execute(_FORGET_SQL, [before])


def store_dead_letters(entries: Sequence[LogEntry]) -> None:
    """Bring entries of DEAD into PostgreSQL, once each."""
    from anlan.domains.monitoring.points.services import record_dead_letters

    items = [dead_letter(entry) for entry in entries]
    with acting_as(service_principal("relay")):
        record_dead_letters(items)


def dead_letter(entry: LogEntry) -> DeadLetterItem:
    """The entry as the table takes it; one that cannot be read is kept as it is."""
    try:
        said = msgspec.json.decode(entry.payload, type=dict[str, Any])
        at = datetime.fromisoformat(said["at"])
        first = (said.get("items") or [{}])[0]
        payload = said.get("body") or msgspec.json.encode(said.get("items") or []).decode()
        return DeadLetterItem(
            key=f"{entry.sequence}-{said['at']}",
            at=at,
            source=str(said.get("source") or ""),
            reason=str(said.get("reason") or ""),
            detail=str(said.get("detail") or ""),
            tag=str(first.get("tag") or ""),
            count=max(1, int(said.get("count") or 1)),
            payload=payload,
        )
    except (msgspec.MsgspecError, KeyError, TypeError, ValueError, AttributeError):
        return DeadLetterItem(
            key=f"{entry.sequence}-unreadable",
            at=now(),
            source="",
            reason="unreadable",
            payload=entry.payload.decode("utf-8", "replace"),
        )


def write_logins(path: Path) -> None:
    """Write the enabled gateways' logins for the broker, when they have changed."""
    from anlan.domains.monitoring.points.registry import DatabasePointRegistry

    logins = sorted(DatabasePointRegistry("door").broker_logins(), key=lambda login: login.source)
    text = json.dumps([{"source": login.source, "bcrypt": login.key_bcrypt} for login in logins])
    if not path.exists() or path.read_text() != text:
        write_private(path, text)


def _closing(work: Callable[..., T], *arguments: Any) -> T:
    """Run *work* and give the thread's connection back to the pool."""
    try:
        return work(*arguments)
    finally:
        connection.close()
