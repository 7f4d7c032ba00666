"""Time as the collector's loops see it, so that tests can let ten minutes pass at once."""

import asyncio
import time
from typing import Protocol


class Pace(Protocol):
    """Tells the time and waits."""

    def now_ms(self) -> int:
        """UTC milliseconds of the wall clock."""
        ...

    def seconds(self) -> float:
        """Seconds that only go forward."""
        ...

    async def rest(self, seconds: float, unless: asyncio.Event | None = None) -> None:
        """Wait so long, or until *unless* is set."""
        ...


class RealPace:
    """The machine's own clocks."""

    def now_ms(self) -> int:
        return time.time_ns() // 1_000_000

    def seconds(self) -> float:
        return time.monotonic()

    async def rest(self, seconds: float, unless: asyncio.Event | None = None) -> None:
        if unless is None:
            await asyncio.sleep(seconds)
            return
        try:
            async with asyncio.timeout(seconds):
                await unless.wait()
        except TimeoutError:
            pass


class Backoff:
    """How long to wait before the next try: twice as long each time, with jitter, so that sites do not come in step."""

    def __init__(self, random: "Random", first_s: float = 1.0, most_s: float = 60.0) -> None:
        self._random, self._first_s, self._most_s = random, first_s, most_s
        self._tries = 0

    def failed(self, asked_s: float | None = None) -> float:
        """The seconds to wait after one more failure; *asked_s* is what the other side asked for at least."""
        waiting = min(self._most_s, self._first_s * 2.0 ** min(self._tries, 30))
        self._tries += 1
        jitter = self._random.uniform(0.5, 1.0)
        return max(waiting * jitter, (asked_s or 0.0) * (2 - jitter))

    def worked(self) -> None:
        self._tries = 0


class Random(Protocol):
    """What jitter is drawn from."""

    def uniform(self, a: float, b: float, /) -> float: ...
