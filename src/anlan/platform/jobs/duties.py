"""What a system does again and again without being asked: declared by apps, done in turn by the worker.

A duty keeps nothing in memory that it would miss after a restart, and doing it once too
often changes nothing: it looks at the tables and brings them up to date.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from anlan.kernel.text import Text
from anlan.platform.commands import acting_as, service_principal

log = logging.getLogger(__name__)

FIRST_AGAIN_S, LAST_AGAIN_S = 5.0, 60.0
"""How soon a duty that has failed is tried again: twice as long after each further failure, never longer than this."""
InThread = Callable[[Callable[[], Any]], Awaitable[Any]]


@dataclass(frozen=True)
class Duty:
    """*run* is called every *every*, acting as the service principal ``worker``, outside of a transaction."""

    code: str
    title: Text
    every: timedelta
    run: Callable[[], object]

    def __post_init__(self) -> None:
        if self.every <= timedelta(0):
            raise ValueError(f"duty {self.code}: the interval must be positive")


_duties: dict[str, Duty] = {}


def register_duty(duty: Duty) -> None:
    """Declare *duty*; call it in `AppConfig.ready`. The same code twice is refused."""
    if duty.code in _duties:
        raise ValueError(f"duty {duty.code} is declared twice")
    _duties[duty.code] = duty


def registered_duties() -> dict[str, Duty]:
    """All declared duties, by code."""
    return dict(_duties)


def do_duty(duty: Duty) -> None:
    """Do *duty* now, as the worker does it."""
    with acting_as(service_principal("worker")):
        duty.run()


class DutyRound:
    """Does each duty when its time has come, one after the other; a failing one does not hold up the others."""

    def __init__(
        self,
        in_thread: InThread,
        duties: dict[str, Duty],
        clock: Callable[[], float] = time.monotonic,
        do: Callable[[Duty], None] = do_duty,
    ) -> None:
        self._in_thread, self._duties, self._clock, self._do = in_thread, duties, clock, do
        self._due = dict.fromkeys(duties, clock())
        self._troubles: dict[str, str] = {}
        self._failed: dict[str, int] = {}
        self._took_s: dict[str, float] = {}

    def health(self) -> dict[str, object]:
        """Of each duty done so far, its title, the seconds it took last, and what was in its way."""
        last = [
            {
                "title": {"zh": self._duties[code].title.zh, "en": self._duties[code].title.en},
                "took_s": took_s,
                "trouble": self._troubles.get(code, ""),
            }
            for code, took_s in self._took_s.items()
        ]
        return {"ok": not self._troubles, "last": last}

    async def once(self) -> None:
        """Do what is due. The next time counts from the end: a slow duty leaves room for the others.

        One that failed is tried again soon, then ever later: what a database that was away
        for a moment has cost is made good in seconds, not at the next turn of a month.
        """
        for code, duty in self._duties.items():
            if self._clock() < self._due[code]:
                continue
            began = self._clock()
            try:
                await self._in_thread(partial(self._do, duty))
                self._troubles.pop(code, None)
                self._failed.pop(code, None)
            except Exception as error:
                if code not in self._troubles:
                    log.warning("duty %s failed: %s", code, error, exc_info=True)
                self._troubles[code] = type(error).__name__
                self._failed[code] = self._failed.get(code, 0) + 1
            self._took_s[code] = round(self._clock() - began, 2)
            self._due[code] = self._clock() + self._pause_s(code)

    def _pause_s(self, code: str) -> float:
        every_s = self._duties[code].every.total_seconds()
        failed = self._failed.get(code, 0)
        return min(every_s, LAST_AGAIN_S, FIRST_AGAIN_S * 2.0 ** min(failed - 1, 30)) if failed else every_s

    async def run(self, look_s: float = 1.0) -> None:
        """Until cancelled."""
        while True:
            await self.once()
            await asyncio.sleep(look_s)
