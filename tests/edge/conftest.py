"""Time that passes when the test says so, a door that says what the test wants, and a spool between them."""

import asyncio
import heapq
import itertools
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from anlan.edge.core.pace import Backoff
from anlan.edge.core.readings import Reading
from anlan.edge.core.spool import Bounds, Spool
from anlan.edge.courier import Courier
from anlan.edge.door import DoorClient
from anlan.edge.keeper import Keeper

NOON_MS = 1_790_000_000_000
SOURCE, KEY = "tank-farm", "key-of-the-tank-farm"


class Hour:
    """A `Pace` whose time stands still until the test lets it pass; tasks that rest are woken in their order."""

    def __init__(self) -> None:
        self._now_s = 0.0
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._count = itertools.count()

    def now_ms(self) -> int:
        return NOON_MS + round(self._now_s * 1000)

    def seconds(self) -> float:
        return self._now_s

    async def rest(self, seconds: float, unless: asyncio.Event | None = None) -> None:
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._now_s + seconds, next(self._count), woken))
        if unless is None:
            await woken
            return
        event = asyncio.ensure_future(unless.wait())
        await asyncio.wait([woken, event], return_when=asyncio.FIRST_COMPLETED)
        event.cancel()
        if not woken.done():
            woken.cancel()

    async def pass_until(self, second: float, resting: int) -> None:
        """Let time pass to *second*; before each step wait until *resting* tasks rest, so that none is left behind."""
        while True:
            await self._settle(resting)
            if not self._sleepers or self._sleepers[0][0] > second:
                self._now_s = second
                return
            at, _, woken = heapq.heappop(self._sleepers)
            self._now_s = max(self._now_s, at)
            if not woken.done():
                woken.set_result(None)

    async def _settle(self, resting: int) -> None:
        async with asyncio.timeout(20):
            while True:
                self._sleepers = [one for one in self._sleepers if not one[2].done()]
                heapq.heapify(self._sleepers)
                if len(self._sleepers) >= resting:
                    return
                await asyncio.sleep(0.001)


@dataclass
class Answer:
    status: int = 200
    body: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)


def taken(batch: dict) -> Answer:
    """What the door says of a batch that it has stored."""
    count = sum(value is not None for row in batch["values"] for value in row)
    return Answer(body=json.dumps({"accepted": count, "rejected": [], "rejected_total": 0}).encode())


def refused(status: int, code: str, **headers: str) -> Answer:
    said = {"accepted": 0, "rejected": [], "rejected_total": 0, "code": code, "message": code}
    return Answer(
        status, json.dumps(said).encode(), {name.replace("_", "-"): value for name, value in headers.items()}
    )


@dataclass
class StandInDoor:
    """A real HTTP server on a port of its own; *answer* says what it answers to a batch."""

    url: str = ""
    batches: list[dict] = field(default_factory=list)
    stored: dict[tuple[str, int], dict] = field(default_factory=dict)
    requests: int = 0
    answer: Callable[[dict], Answer | Awaitable[Answer]] = taken

    def readings(self) -> set[tuple[str, int, float]]:
        """Tag, time and value of everything acknowledged."""
        return {
            (tag, at, value)
            for batch in self.stored.values()
            for at, row in zip(batch["times_ms"], batch["values"], strict=True)
            for tag, value in zip(batch["points"], row, strict=True)
            if value is not None
        }

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await self._head(reader):
                length = next(
                    int(line.split(b":")[1]) for line in head if line.lower().startswith(b"content-length")
                )
                batch = json.loads(await reader.readexactly(length))
                self.requests += 1
                self.batches.append(batch)
                answer = self.answer(batch)
                if not isinstance(answer, Answer):
                    answer = await answer
                if answer.status == 200:
                    self.stored[batch["epoch"], batch["sequence"]] = batch
                body = answer.body or b""
                extra = "".join(f"{name}: {value}\r\n" for name, value in answer.headers.items())
                writer.write(
                    f"HTTP/1.1 {answer.status} X\r\nContent-Length: {len(body)}\r\n{extra}\r\n".encode()
                    + body
                )
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    @staticmethod
    async def _head(reader: asyncio.StreamReader) -> list[bytes]:
        try:
            return (await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")
        except asyncio.IncompleteReadError:
            return []


@pytest.fixture
async def door() -> AsyncIterator[StandInDoor]:
    stand_in = StandInDoor()
    server = await asyncio.start_server(stand_in.serve, "127.0.0.1", 0)
    stand_in.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/ingest"
    yield stand_in
    server.close()


@pytest.fixture
def hour() -> Hour:
    return Hour()


class Middle:
    """Always the same jitter."""

    def uniform(self, a: float, b: float, /) -> float:
        return (a + b) / 2


@asynccontextmanager
async def collecting(
    folder: Path, door: StandInDoor, pace: Hour, *, epoch: str = "start-1", bounds: Bounds | None = None
) -> AsyncIterator[tuple[Keeper, Courier]]:
    """Keeper and courier on the spool in *folder*, running: two of their tasks rest when there is nothing to do."""
    keeper = Keeper(Spool(folder, epoch, bounds), pace)
    client = DoorClient(door.url, SOURCE, KEY, patience_s=0.5)
    courier = Courier(keeper, client, SOURCE, pace, backoff=Backoff(Middle()))
    tasks = [asyncio.create_task(keeper.run()), asyncio.create_task(courier.run())]
    try:
        yield keeper, courier
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await client.close()
        keeper.close()


def reading(second: float, value: float = 20.0, tag: str = "T-101") -> Reading:
    """A temperature *second* seconds after noon."""
    return Reading(tag, "°C", NOON_MS + round(second * 1000), value)
