"""The courier: carries what waits in the spool to the door, live data first.

Two lanes share one link. What was put less than `LIVE_S` ago is live and goes at once, in order; what an outage has
left behind follows in order beside it, and its lane is busy for at most a share of the time, so that a backlog of
three days never delays the reading of this second. While the link is in trouble both wait, longer each time.
"""

import asyncio
import logging
import random
from dataclasses import dataclass

from anlan.edge.core.pace import Backoff, Pace
from anlan.edge.core.readings import body_of
from anlan.edge.core.spool import Batch, Lane, SpoolFull
from anlan.edge.door import DoorClient, Fate, Reply, Trouble, Verdict, clock_offset_ms, verdict
from anlan.edge.keeper import Keeper

log = logging.getLogger(__name__)

LIVE_S = 30.0
LOOK_S = 1.0
"""An idle lane looks again after so long; live data wakes its lane by itself."""


@dataclass
class Link:
    """How the way to the door fares."""

    trouble: str = ""
    resume_at: float = 0.0
    last_answer_ms: int | None = None
    door_clock_ahead_ms: int | None = None


class Courier:
    """Carries for *source* from *keeper* to *door*."""

    def __init__(
        self,
        keeper: Keeper,
        door: DoorClient,
        source: str,
        pace: Pace,
        *,
        backlog_share: float = 0.5,
        backoff: Backoff | None = None,
    ) -> None:
        self._keeper, self._door, self._source, self._pace = keeper, door, source, pace
        self._rest_per_busy = (1 - backlog_share) / backlog_share
        self._backoff = backoff or Backoff(random.SystemRandom())
        self._on_its_way: dict[Lane, int] = {}
        self.link = Link()

    async def run(self) -> None:
        """Carry for ever."""
        async with asyncio.TaskGroup() as lanes:
            lanes.create_task(self._serve_live())
            lanes.create_task(self._serve_backlog())

    async def _serve_live(self) -> None:
        while True:
            await self._pace.rest(max(0.0, self.link.resume_at - self._pace.seconds()))
            self._keeper.news.clear()
            if not await self._carry(Lane.LIVE):
                await self._pace.rest(LOOK_S, self._keeper.news)

    async def _serve_backlog(self) -> None:
        while True:
            await self._pace.rest(max(0.0, self.link.resume_at - self._pace.seconds()))
            began = self._pace.seconds()
            if await self._must_yield() or not await self._carry(Lane.BACKLOG):
                await self._pace.rest(LOOK_S)
            else:
                await self._pace.rest((self._pace.seconds() - began) * self._rest_per_busy)

    async def _must_yield(self) -> bool:
        """With the link in trouble, live data is what tries it first."""
        return bool(self.link.trouble) and await self._oldest(Lane.LIVE) is not None

    async def _carry(self, lane: Lane) -> bool:
        """Send the lane's first batch; False when there is none."""
        batch = await self._oldest(lane)
        if batch is None:
            return False
        self._on_its_way[lane] = batch.sequence
        try:
            await self._send(batch)
        finally:
            del self._on_its_way[lane]
        return True

    async def _oldest(self, lane: Lane) -> Batch | None:
        """The lane's first batch that the other lane has not under way: it may have aged from one into the other."""
        other = Lane.BACKLOG if lane is Lane.LIVE else Lane.LIVE
        live_from_ms = self._pace.now_ms() - round(LIVE_S * 1000)
        return await self._keeper.oldest(lane, live_from_ms, self._on_its_way.get(other))

    async def _send(self, batch: Batch) -> None:
        body = body_of(batch.payload, self._source, batch.epoch, batch.sequence)
        try:
            reply = await self._door.post(body)
        except Trouble as trouble:
            self._fail(Verdict(Fate.AGAIN, reason=str(trouble)))
            return
        self._heard(reply)
        found = verdict(reply)
        if found.fate is Fate.AGAIN:
            self._fail(found)
            return
        try:
            await self._settle(batch, found)
        except SpoolFull as full:
            self._fail(
                Verdict(Fate.AGAIN, reason=f"spool: {full}")
            )  # sent again, the door knows it as a duplicate
            return
        self._backoff.worked()
        if self.link.trouble:
            log.info("the door takes batches again")
        self.link.trouble = ""

    async def _settle(self, batch: Batch, found: Verdict) -> None:
        if found.fate is Fate.TAKEN:
            await self._keeper.acknowledged(batch, found.rejected)
        elif found.fate is Fate.ANEW:
            await self._keeper.renumber(batch)
        else:
            log.error("batch %s/%s is set aside: %s", batch.epoch, batch.sequence, found.reason)
            await self._keeper.set_aside(batch, found.reason)

    def _heard(self, reply: Reply) -> None:
        now_ms = self._pace.now_ms()
        self.link.last_answer_ms = now_ms
        self.link.door_clock_ahead_ms = clock_offset_ms(reply, now_ms)

    def _fail(self, found: Verdict) -> None:
        waiting = self._backoff.failed(found.wait_s)
        if found.reason != self.link.trouble:
            log.warning("the door does not take batches: %s", found.reason)
        self.link.trouble = found.reason
        self.link.resume_at = self._pace.seconds() + waiting
