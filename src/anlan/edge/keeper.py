"""The spool behind an event loop: readings of several sources share one durable write."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from anlan.edge.core.pace import Pace
from anlan.edge.core.readings import Reading, columns_of, sheets_of
from anlan.edge.core.spool import Batch, Fill, Lane, Spool, SpoolFull

GATHER_S = 0.05
"""How long readings wait for others to share their write."""
MOST_TOGETHER = 20_000

Result = TypeVar("Result")
_Waiting = tuple[Sequence[Reading], "asyncio.Future[None]"]


class Keeper:
    """Owns *spool* and the one thread that works on it."""

    def __init__(self, spool: Spool, pace: Pace) -> None:
        self._spool, self._pace = spool, pace
        self._thread = ThreadPoolExecutor(1, "spool")
        self._waiting: list[_Waiting] = []
        self._some = asyncio.Event()
        self.news = asyncio.Event()
        """Set when batches have been put."""

    async def take(self, readings: Sequence[Reading]) -> None:
        """Return when *readings* are durable. Raises `SpoolFull`: then nothing of them was kept."""
        if not readings:
            return
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((readings, done))
        self._some.set()
        await done

    async def run(self) -> None:
        """Write what comes, for ever. Ends with an error when the disk is in trouble: nothing is taken after that."""
        while True:
            await self._some.wait()
            await self._pace.rest(GATHER_S)
            together = self._gather()
            try:
                await self._write([one for readings, _ in together for one in readings])
            except SpoolFull as full:
                _settle(together, full)
            except BaseException:
                _settle(together, SpoolFull("the disk is in trouble"))  # they must not take it for kept
                raise
            else:
                _settle(together, None)

    def _gather(self) -> list["_Waiting"]:
        together: list[_Waiting] = []
        room = MOST_TOGETHER
        while self._waiting and (not together or len(self._waiting[0][0]) <= room):
            together.append(self._waiting.pop(0))
            room -= len(together[-1][0])
        if not self._waiting:
            self._some.clear()
        return together

    async def _write(self, readings: Sequence[Reading]) -> None:
        now_ms = self._pace.now_ms()

        def write() -> None:
            sheets = sheets_of(columns_of(readings))
            self._spool.put([Fill(sheet.payload(), len(sheet)) for sheet in sheets], now_ms)

        await self._in_thread(write)
        self.news.set()

    async def oldest(self, lane: Lane, live_from_ms: int, beside: int | None) -> Batch | None:
        return await self._in_thread(lambda: self._spool.oldest(lane, live_from_ms, beside))

    async def acknowledged(self, batch: Batch, rejected: Mapping[str, int]) -> None:
        await self._in_thread(lambda: self._spool.acknowledged(batch, rejected))

    async def set_aside(self, batch: Batch, reason: str) -> None:
        await self._in_thread(lambda: self._spool.set_aside(batch, reason))

    async def renumber(self, batch: Batch) -> None:
        await self._in_thread(lambda: self._spool.renumber(batch))

    async def counts(self) -> dict[str, int]:
        return await self._in_thread(self._spool.counts)

    def close(self) -> None:
        self._thread.shutdown()
        self._spool.close()

    async def _in_thread(self, work: Callable[[], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)


def _settle(together: list[_Waiting], error: Exception | None) -> None:
    for _, done in together:
        if done.done():
            continue
        if error is None:
            done.set_result(None)
        else:
            done.set_exception(error)
