"""The housekeeping of the history: roll-ups brought on, sizes looked at."""

import asyncio
import logging
from collections.abc import Mapping
from time import monotonic

from anlan.kernel.errors import Unavailable
from anlan.ports.history import ROLLED_UP, Historian, Resolution, Size

log = logging.getLogger(__name__)

EVERY_S: Mapping[Resolution, float] = {Resolution.MINUTE: 60, Resolution.HOUR: 300, Resolution.DAY: 3600}
"""How often each roll-up is brought on. Charts take from readings what it has not seen yet."""


class Keeper:
    """Brings the roll-ups on, each *every_s* seconds and all soon after the start."""

    def __init__(self, historian: Historian, every_s: Mapping[Resolution, float] = EVERY_S) -> None:
        self._historian, self._every_s = historian, every_s
        self._first = min(every_s.values())
        self._rolled: dict[Resolution, float] = {}
        self._sizes: list[Size] = []
        self._failed = False

    async def run(self) -> None:
        """Keep on until cancelled. An outage of the history is waited out: the next pass does what this one left."""
        await asyncio.sleep(self._first)
        while True:
            try:
                await self._pass()
                self._failed = False
            except Unavailable as error:
                log.warning("the roll-ups wait: the history is unavailable: %s", error.facts)
                self._failed = True
            await asyncio.sleep(self._first)

    async def _pass(self) -> None:
        for resolution in ROLLED_UP:
            if monotonic() - self._rolled.get(resolution, -1e9) < self._every_s[resolution]:
                continue
            begun = monotonic()
            while await asyncio.to_thread(self._historian.roll_up, resolution):
                await asyncio.sleep(0)
            self._rolled[resolution] = begun
        self._sizes = await asyncio.to_thread(self._historian.sizes)

    def health(self) -> dict[str, object]:
        """Seconds since each roll-up was brought on (null before the first time), and bytes on disk by table."""
        now = monotonic()
        ages = {
            resolution.name.lower(): round(now - self._rolled[resolution])
            if resolution in self._rolled
            else None
            for resolution in ROLLED_UP
        }
        return {
            "roll_ups_ok": not self._failed,
            "rolled_up_s_ago": ages,
            "stored_rows": {size.name: size.rows for size in self._sizes},
            "disk_bytes": {size.name: size.bytes for size in self._sizes},
        }
