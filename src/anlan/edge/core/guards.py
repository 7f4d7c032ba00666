"""What a source's word is checked against before it is believed: its clock, and the scale of its values.

Nothing is thrown away here. A time that cannot be right gives way to the time of arrival and the value becomes
uncertain; a value that jumped as if its unit had changed becomes uncertain. Uncertain values still raise alarms: the
pressure that falls to a thousandth may be a changed unit, or a vessel that has burst.
"""

import math
from collections import deque
from dataclasses import dataclass, field

from anlan.edge.core.readings import Reading
from anlan.kernel.quality import Quality

AHEAD_S = 60.0
BEHIND_S = 40 * 86_400.0
"""How late a device may hand in what it kept: a gauge that was cut off for a month still counts."""
_KEPT = 20
_LIKENESS = 0.2


@dataclass(frozen=True)
class ClockFault:
    """One reading whose time was not believed; both times in UTC milliseconds."""

    tag: str
    device_ms: int
    arrived_ms: int


@dataclass
class ClockGuard:
    """The clock of one source, held against ours."""

    ahead_s: float = AHEAD_S
    behind_s: float = BEHIND_S
    faults: int = 0
    last: deque[ClockFault] = field(default_factory=lambda: deque(maxlen=_KEPT))
    offset_s: float | None = None
    """How far the source's newest time was ahead of its arrival, last time."""

    def heard(self, device_ms: int, arrived_ms: int) -> None:
        """Note what the device's clock says at an arrival."""
        self.offset_s = (device_ms - arrived_ms) / 1000

    def pass_on(self, reading: Reading, arrived_ms: int) -> Reading:
        """*reading*, or the same at its arrival and uncertain when its own time cannot be right."""
        self.heard(reading.event_ms, arrived_ms)
        offset_ms = reading.event_ms - arrived_ms
        if -self.behind_s * 1000 <= offset_ms <= self.ahead_s * 1000:
            return reading
        self.faults += 1
        self.last.append(ClockFault(reading.tag, reading.event_ms, arrived_ms))
        return reading._replace(event_ms=arrived_ms, quality=doubted(reading.quality))


@dataclass
class ScaleGuard:
    """One point's scale. Protocols without units cannot say that kPa became MPa; a jump by a thousand says so.

    *low* to *high* is what the instrument can measure. Only values above a hundredth of that are compared: below
    it a factor of a thousand is noise.
    """

    low: float
    high: float
    suspicious: int = 0
    _trusted: float | None = None

    def pass_on(self, reading: Reading) -> Reading:
        """*reading*, uncertain when it is out of the instrument's range, or jumped by a factor of a thousand."""
        outside = not self.low <= reading.value <= self.high
        if outside or self._jumped(reading.value):
            self.suspicious += 1
            return reading._replace(quality=doubted(reading.quality))
        if reading.quality is not Quality.BAD:
            self._trusted = reading.value
        return reading

    def _jumped(self, value: float) -> bool:
        floor = (self.high - self.low) / 100
        last = self._trusted
        if last is None or value == 0 or max(abs(last), abs(value)) < floor or last * value <= 0:
            return False
        return abs(abs(math.log10(value / last)) - 3) < _LIKENESS


def doubted(quality: Quality) -> Quality:
    """*quality*, but no better than uncertain."""
    return quality if quality is Quality.BAD else Quality.UNCERTAIN
