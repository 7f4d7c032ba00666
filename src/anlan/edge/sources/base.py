"""What the sources share: points made ready for use, counters, and the loop that starts again."""

import logging
import math
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass, field

from anlan.edge.core.config import Point
from anlan.edge.core.guards import ClockGuard, ScaleGuard
from anlan.edge.core.pace import Backoff, Pace
from anlan.edge.core.readings import Reading
from anlan.edge.core.spool import SpoolFull
from anlan.kernel.quality import Quality
from anlan.kernel.units import convert

log = logging.getLogger(__name__)

MOST_STRANGERS = 100
_UNREADABLE_KEPT = 20
_OCTETS_KEPT = 200

Take = Callable[[Sequence[Reading]], Awaitable[None]]
"""Returns when the readings are durable; raises `SpoolFull` when they were not kept."""


@dataclass
class Fare:
    """How a source fares: *counts* by what happened, *strangers* who called and are not declared."""

    name: str
    kind: str
    connected: bool = False
    trouble: str = ""
    counts: Counter[str] = field(default_factory=Counter)
    strangers: Counter[str] = field(default_factory=Counter)
    clocks: dict[str, ClockGuard] = field(default_factory=dict)
    scales: dict[str, ScaleGuard] = field(default_factory=dict)
    unreadable: deque[dict[str, object]] = field(default_factory=lambda: deque(maxlen=_UNREADABLE_KEPT))

    def stranger(self, who: str) -> None:
        """Count one who is not declared; of ever new names only so many are kept."""
        self.counts["refused"] += 1
        if who in self.strangers or len(self.strangers) < MOST_STRANGERS:
            self.strangers[who] += 1

    def told(self) -> dict[str, object]:
        """For the status."""
        clocks = {
            who: {
                "offset_s": guard.offset_s,
                "not_believed": guard.faults,
                "last": [asdict(one) for one in guard.last],
            }
            for who, guard in self.clocks.items()
            if guard.faults or guard.offset_s is not None
        }
        suspicious = {tag: guard.suspicious for tag, guard in self.scales.items() if guard.suspicious}
        return {
            "name": self.name,
            "kind": self.kind,
            "connected": self.connected,
            "trouble": self.trouble,
            "counts": dict(self.counts),
            "strangers": dict(self.strangers),
            "clocks": clocks,
            "suspicious_values": suspicious,
            "unreadable": list(self.unreadable),
        }


class Desk:
    """Turns what a source hears of its points into readings that are checked and durable."""

    def __init__(self, fare: Fare, take: Take, pace: Pace) -> None:
        self.fare, self._take, self._pace = fare, take, pace

    def reading(
        self,
        point: Point,
        raw: float,
        quality: Quality,
        event_ms: int | None,
        clock: ClockGuard | None = None,
    ) -> Reading | None:
        """The reading of *point*; None for a value that is none. Without *event_ms* it is of now."""
        arrived_ms = self._pace.now_ms()
        value = raw * point.scale + point.offset
        if point.device_unit is not None:
            value = convert(value, point.device_unit, point.unit)
        if not math.isfinite(value):
            self.fare.counts["not_finite"] += 1
            return None
        reading = Reading(point.tag, point.unit, arrived_ms if event_ms is None else event_ms, value, quality)
        if clock is not None:
            reading = clock.pass_on(reading, arrived_ms)
        if point.range is not None:
            guard = self.fare.scales.setdefault(point.tag, ScaleGuard(*point.range))
            reading = guard.pass_on(reading)
        return reading

    def now_ms(self) -> int:
        return self._pace.now_ms()

    def unreadable(self, reason: str, octets: bytes) -> None:
        """Count a message that is none, and keep the beginning of the last ones for a person to look at."""
        self.fare.counts["unreadable"] += 1
        beginning = octets[:_OCTETS_KEPT]
        said = beginning.decode("ascii") if beginning.isascii() else beginning.hex()
        self.fare.unreadable.append({"at_ms": self._pace.now_ms(), "reason": reason, "said": said})

    async def keep(self, readings: Sequence[Reading]) -> bool:
        """Whether *readings* are durable now. When not, the device must not be acknowledged."""
        try:
            await self._take(readings)
        except SpoolFull as full:
            self.fare.counts["not_kept"] += len(readings)
            self.fare.trouble = f"spool: {full}"
            return False
        self.fare.counts["readings"] += len(readings)
        if self.fare.trouble.startswith("spool:"):
            self.fare.trouble = ""
        return True


async def again_and_again(
    fare: Fare,
    session: Callable[[], Awaitable[None]],
    pace: Pace,
    backoff: Backoff,
    troubles: tuple[type[Exception], ...],
) -> None:
    """Run *session* for ever: when it ends in one of *troubles*, say so, wait and start again."""
    while True:
        try:
            await session()
        except troubles as trouble:
            words = f"{type(trouble).__name__}: {trouble}".rstrip(": ")[:200]
            if words != fare.trouble:
                log.warning("%s: %s", fare.name, words)
            fare.trouble = words
            fare.counts["broken_off"] += 1
        if fare.connected:
            backoff.worked()
        fare.connected = False
        await pace.rest(backoff.failed())
