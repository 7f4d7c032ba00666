"""The loop that escalates what has fallen due; it keeps nothing in memory, so it can die at any moment."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from anlan.kernel.errors import NotFound
from anlan.platform.commands import acting_as, read_scope, service_principal
from anlan.platform.deadlines.queries import timelines_with_deadlines
from anlan.platform.deadlines.services import escalate_due

log = logging.getLogger(__name__)

InThread = Callable[[Callable[[], Any]], Awaitable[Any]]


def tick(worker: str = "worker") -> int:
    """Escalate everything that is due on every timeline; how many steps were taken."""
    taken = 0
    with acting_as(service_principal(worker)):
        with read_scope():
            timelines = timelines_with_deadlines()
        for timeline in timelines:
            try:
                taken += escalate_due(timeline)
            except NotFound:
                log.warning("deadlines run on timeline %s, which is gone", timeline)
    return taken


class Ticker:
    """Ticks every *every_s* seconds until cancelled; outages of the database are waited out."""

    def __init__(self, in_thread: InThread, every_s: float = 1.0) -> None:
        self._in_thread, self._every_s = in_thread, every_s
        self._taken = 0
        self._trouble = ""

    def health(self) -> dict[str, object]:
        """How many steps were taken since the start, and what is in the way."""
        return {"ok": not self._trouble, "steps_taken": self._taken, "trouble": self._trouble}

    async def run(self) -> None:
        while True:
            try:
                self._taken += await self._in_thread(tick)
                self._trouble = ""
            except Exception as error:  # noqa: BLE001 - whatever the trouble, the next tick tries again
                if not self._trouble:
                    log.warning("deadlines cannot be looked at: %s", error)
                self._trouble = type(error).__name__
            await asyncio.sleep(self._every_s)
