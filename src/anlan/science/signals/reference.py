"""The alarm step in plain Python, one reading at a time, kept for its clearness.

It is the peer of the numba kernel in tests, and was written from the words of
`step`, not from the kernel. It keeps whole histories where the kernel keeps rings.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from anlan.kernel.levels import Condition
from anlan.kernel.quality import Quality

FIRST_TIME_MS = -(2**63)
PLAIN = (Condition.HIGH_HIGH, Condition.HIGH, Condition.LOW, Condition.LOW_LOW)
RATES = (Condition.RISING, Condition.FALLING)


@dataclass(frozen=True)
class Limit:
    """One condition of a point; a no-data condition uses ``on_delay_ms`` alone, as the silence allowed.

    A range is ``threshold`` to ``second``; ``members`` are the numbers of the
    conditions that a combined one counts; ``weekly`` are spans of minutes of
    the week in China, from and until, in which it is in force (None: always).
    """

    number: int
    point: int
    kind: Condition
    threshold: float
    deadband: float = 0.0
    on_delay_ms: int = 0
    off_delay_ms: int = 0
    second: float = math.nan
    window_ms: int = 0
    reference: int | None = None
    reference_stale_ms: int = 600_000
    needed: int = 1
    repeat_count: int = 1
    repeat_window_ms: int = 0
    weekly: tuple[tuple[int, int], ...] | None = None
    from_ms: int = 0
    until_ms: int = 2**63 - 1
    silent: bool = False
    members: tuple[int, ...] = ()

    def crossed(self, value: float) -> bool:
        return value >= self.threshold if self.kind.is_upper else value <= self.threshold

    def normal(self, value: float) -> bool:
        if self.kind.is_upper:
            return value < self.threshold - self.deadband
        return value > self.threshold + self.deadband

    @property
    def is_plain(self) -> bool:
        timed = self.weekly is not None or self.from_ms > 0 or self.until_ms < 2**63 - 1
        return self.kind in PLAIN and self.repeat_count == 1 and not timed

    def in_force(self, at_ms: int) -> bool:
        if not self.from_ms <= at_ms < self.until_ms:
            return False
        if self.weekly is None:
            return True
        local = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=at_ms, hours=8)
        minute = (local.weekday() * 24 + local.hour) * 60 + local.minute
        return any(begin <= minute < end for begin, end in self.weekly)


@dataclass(frozen=True)
class Reading:
    """One reading; times in UTC milliseconds."""

    point: int
    event_ms: int
    value: float
    quality: Quality = Quality.GOOD
    arrived_ms: int = 0


@dataclass(frozen=True)
class Change:
    """A condition that was raised or returned, and the reading's time and value."""

    number: int
    raised: bool
    event_ms: int
    value: float


@dataclass
class _Memory:
    """What one condition remembers."""

    active: bool = False
    since: int | None = None
    crossed: bool = False
    crossings: list[int] = field(default_factory=list)
    anchors: list[tuple[int, float]] = field(default_factory=list)
    band: list[tuple[int, float]] = field(default_factory=list)

    def begin_anew(self) -> None:
        self.since, self.crossed = None, False
        self.crossings, self.anchors, self.band = [], [], []


class Bench:
    """The conditions of a few points, stepped one reading at a time; all clocks are the live one."""

    def __init__(
        self, limits: Sequence[Limit], late_after_ms: int = 600_000, ahead_ms: int = 360_000
    ) -> None:
        self._limits = sorted(
            limits,
            key=lambda one: (one.kind is Condition.COMBINED, not one.is_plain, one.point, one.number),
        )
        self._of_point: dict[int, list[Limit]] = {}
        by_number = {one.number: one for one in limits}
        for one in self._limits:
            for point in {by_number[member].point for member in one.members} or {one.point}:
                self._of_point.setdefault(point, []).append(one)
        self._memory = {one.number: _Memory() for one in limits}
        self._late_after_ms, self._ahead_ms = late_after_ms, ahead_ms
        self._evaluated: dict[int, int] = {}
        self._heard: dict[int, int] = {}
        self._latest: dict[int, Reading] = {}

    @property
    def active(self) -> set[int]:
        """Numbers of the conditions that hold."""
        return {number for number, memory in self._memory.items() if memory.active}

    def read(self, reading: Reading) -> list[Change]:
        """Step by one reading."""
        ahead = reading.event_ms > reading.arrived_ms + self._ahead_ms
        latest = self._latest.get(reading.point)
        repeated = self._evaluated.get(reading.point) == reading.event_ms
        if not ahead and (
            latest is None
            or reading.event_ms > latest.event_ms
            or (reading.event_ms == latest.event_ms and not repeated)
        ):
            self._latest[reading.point] = reading
        if reading.event_ms < reading.arrived_ms - self._late_after_ms:
            return []
        self._heard[reading.point] = max(self._heard.get(reading.point, FIRST_TIME_MS), reading.arrived_ms)
        evaluate = not ahead and self._may_evaluate(reading)
        if evaluate:
            self._evaluated[reading.point] = reading.event_ms
        changes: list[Change] = []
        touched = False
        for limit in self._of_point.get(reading.point, []):
            if limit.kind is Condition.COMBINED:
                changed = (evaluate or touched) and self._combines(limit, reading.event_ms)
            elif limit.kind is Condition.NO_DATA:
                changed = self._memory[limit.number].active
                touched |= changed
            else:
                changed = evaluate and self._decides(limit, reading)
            if changed:
                changes += self._flip(limit, reading.event_ms, reading.value)
        return changes

    def silence(self, now_ms: int) -> list[Change]:
        """Step by the passing of arrival time."""
        flipped = [limit for limit in self._limits if self._falls(limit, now_ms)]
        changes = []
        for limit in flipped:
            changes += self._flip(limit, now_ms, math.nan)
            if not self._memory[limit.number].active and limit.kind is not Condition.NO_DATA:
                self._memory[limit.number].begin_anew()
        for limit in flipped:
            for parent in sorted(self._limits, key=lambda one: (one.point, one.number)):
                if limit.number in parent.members and self._combines(parent, now_ms):
                    changes += self._flip(parent, now_ms, math.nan)
        return changes

    def _falls(self, limit: Limit, now_ms: int) -> bool:
        memory = self._memory[limit.number]
        in_force = limit.in_force(now_ms)
        if limit.kind is not Condition.NO_DATA:
            return memory.active and not in_force
        listened = now_ms if memory.since is None else memory.since
        memory.since = listened
        heard = max(self._heard.get(limit.point, listened), listened)
        if memory.active:
            return not in_force
        return in_force and now_ms - heard > limit.on_delay_ms

    def _may_evaluate(self, reading: Reading) -> bool:
        usable = reading.quality is not Quality.BAD and math.isfinite(reading.value)
        last = self._evaluated.get(reading.point)
        return usable and (last is None or reading.event_ms > last)

    def _decides(self, limit: Limit, reading: Reading) -> bool:
        memory = self._memory[limit.number]
        if not limit.in_force(reading.event_ms):
            held = memory.active
            memory.begin_anew()
            return held
        if limit.repeat_count == 1:
            return self._lasts(limit, memory.active, reading.event_ms, self._says(limit, reading))
        if not self._lasts(limit, memory.crossed, reading.event_ms, self._says(limit, reading)):
            return False
        memory.crossed = not memory.crossed
        if not memory.crossed:
            return memory.active
        memory.crossings.append(reading.event_ms)
        counted = memory.crossings[-limit.repeat_count :]
        enough = len(counted) == limit.repeat_count
        return enough and reading.event_ms - counted[0] <= limit.repeat_window_ms

    def _lasts(self, limit: Limit, holds: bool, at_ms: int, says: bool | None) -> bool:
        """Whether what the reading *says* (True: change, None: nothing) has lasted for its delay."""
        memory = self._memory[limit.number]
        if says is None:
            return False
        if not says:
            memory.since = None
            return False
        memory.since = at_ms if memory.since is None else memory.since
        if at_ms - memory.since < (limit.off_delay_ms if holds else limit.on_delay_ms):
            return False
        memory.since = None
        return True

    def _says(self, limit: Limit, reading: Reading) -> bool | None:
        memory = self._memory[limit.number]
        holds = memory.crossed if limit.repeat_count > 1 else memory.active
        said = self._measured(limit, reading, holds)
        return None if holds and reading.quality is Quality.UNCERTAIN else said

    def _measured(self, limit: Limit, reading: Reading, holds: bool) -> bool | None:
        if limit.kind in PLAIN:
            return limit.normal(reading.value) if holds else limit.crossed(reading.value)
        told: dict[Condition, Callable[[Limit, Reading], float | None]] = {
            Condition.RISING: lambda limit, reading: self._rate(limit, reading),
            Condition.FALLING: lambda limit, reading: _negative(self._rate(limit, reading)),
            Condition.DEVIATION: self._apart,
        }
        if limit.kind in told:
            measure = told[limit.kind](limit, reading)
            if measure is None:
                return None
            return measure < limit.threshold - limit.deadband if holds else measure >= limit.threshold
        if limit.kind is Condition.FROZEN:
            frozen = self._is_frozen(limit, reading)
            return None if frozen is None else frozen != holds
        return self._is_out_of_range(limit, reading, holds)

    def _rate(self, limit: Limit, reading: Reading) -> float | None:
        anchors = self._memory[limit.number].anchors
        if anchors and reading.event_ms - anchors[-1][0] > 2 * limit.window_ms:
            anchors.clear()
        old = [one for one in anchors if reading.event_ms - one[0] >= limit.window_ms]
        if not anchors or 6 * (reading.event_ms - anchors[-1][0]) >= limit.window_ms:
            anchors.append((reading.event_ms, reading.value))
        if not old:
            return None
        at_ms, value = old[-1]
        return (reading.value - value) * 60_000 / (reading.event_ms - at_ms)

    def _usable(self, point: int | None, limit: Limit, at_ms: int) -> float | None:
        newest = self._latest.get(-1 if point is None else point)
        if newest is None or abs(at_ms - newest.event_ms) > limit.reference_stale_ms:
            return None
        if newest.quality in (Quality.BAD, Quality.UNCERTAIN) or not math.isfinite(newest.value):
            return None
        return newest.value

    def _apart(self, limit: Limit, reading: Reading) -> float | None:
        reference = self._usable(limit.reference, limit, reading.event_ms)
        return None if reference is None else abs(reading.value - reference)

    def _is_frozen(self, limit: Limit, reading: Reading) -> bool | None:
        memory = self._memory[limit.number]
        if limit.reference is not None:
            running = self._usable(limit.reference, limit, reading.event_ms)
            if running is None:
                return None
            if running < 0.5:
                memory.band = []
                return False
        if memory.band and reading.event_ms - memory.band[-1][0] > limit.window_ms:
            memory.band = []
        values = [reading.value, *(value for _, value in memory.band)]
        if max(values) - min(values) > limit.threshold:
            memory.band = []
        memory.band.append((reading.event_ms, reading.value))
        lasted = reading.event_ms - memory.band[0][0]
        return lasted >= limit.window_ms and len(memory.band) >= limit.needed

    def _is_out_of_range(self, limit: Limit, reading: Reading, holds: bool) -> bool:
        low = -math.inf if math.isnan(limit.threshold) else limit.threshold
        high = math.inf if math.isnan(limit.second) else limit.second
        beyond = max(low - reading.value, reading.value - high)
        latest = self._latest[reading.point]
        if beyond > 0 and latest.event_ms == reading.event_ms and latest.quality is Quality.GOOD:
            self._latest[reading.point] = Reading(
                latest.point, latest.event_ms, latest.value, Quality.UNCERTAIN, latest.arrived_ms
            )
        return beyond <= -limit.deadband if holds else beyond > 0

    def _combines(self, limit: Limit, at_ms: int) -> bool:
        memory = self._memory[limit.number]
        if not limit.in_force(at_ms):
            held = memory.active
            memory.begin_anew()
            return held
        enough = sum(self._memory[number].active for number in limit.members) >= limit.needed
        return self._lasts(limit, memory.active, at_ms, enough != memory.active)

    def _flip(self, limit: Limit, at_ms: int, value: float) -> list[Change]:
        memory = self._memory[limit.number]
        memory.active = not memory.active
        return [] if limit.silent else [Change(limit.number, memory.active, at_ms, value)]


def _negative(rate: float | None) -> float | None:
    return None if rate is None else -rate
