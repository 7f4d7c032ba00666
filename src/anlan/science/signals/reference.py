"""The alarm step in plain Python, object by object: what the kernel is checked against.

Written from the rules in `step`, not from the kernel; slow and obvious.
"""

import math
from dataclasses import dataclass

from anlan.kernel.levels import Condition
from anlan.kernel.quality import Quality


@dataclass(frozen=True)
class Limit:
    """One condition of one point; units as in `Rules`."""

    number: int
    point: int
    kind: Condition
    threshold: float = math.nan
    deadband: float = 0.0
    on_delay_ms: int = 0
    off_delay_ms: int = 0

    def crossed(self, value: float) -> bool:
        return value >= self.threshold if self.kind.is_upper else value <= self.threshold

    def normal(self, value: float) -> bool:
        if self.kind.is_upper:
            return value < self.threshold - self.deadband
        return value > self.threshold + self.deadband


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


class Bench:
    """The conditions of a few points, stepped one reading at a time."""

    def __init__(self, limits: list[Limit]) -> None:
        self._limits = sorted(limits, key=lambda limit: (limit.point, limit.number))
        self._active: set[int] = set()
        self._since: dict[int, int] = {}
        self._evaluated: dict[int, int] = {}
        self._heard: dict[int, int] = {}

    @property
    def active(self) -> set[int]:
        """Numbers of the conditions that hold."""
        return set(self._active)

    def read(self, reading: Reading) -> list[Change]:
        """Step by one reading."""
        self._heard[reading.point] = max(self._heard.get(reading.point, -(2**63)), reading.arrived_ms)
        evaluate = self._may_evaluate(reading)
        if evaluate:
            self._evaluated[reading.point] = reading.event_ms
        changes = []
        for limit in self._limits:
            if limit.point != reading.point:
                continue
            if limit.kind is Condition.NO_DATA:
                changed = limit.number in self._active
            else:
                changed = evaluate and self._decides(limit, reading)
            if changed:
                changes.append(self._flip(limit, reading.event_ms, reading.value))
        return changes

    def silence(self, now_ms: int) -> list[Change]:
        """Step by the passing of arrival time."""
        changes = []
        for limit in self._limits:
            if limit.kind is not Condition.NO_DATA:
                continue
            listened = self._since.setdefault(limit.number, now_ms)
            heard = max(self._heard.get(limit.point, listened), listened)
            if limit.number not in self._active and now_ms - heard > limit.on_delay_ms:
                changes.append(self._flip(limit, now_ms, math.nan))
        return changes

    def _may_evaluate(self, reading: Reading) -> bool:
        usable = reading.quality is not Quality.BAD and math.isfinite(reading.value)
        last = self._evaluated.get(reading.point)
        return usable and (last is None or reading.event_ms > last)

    def _decides(self, limit: Limit, reading: Reading) -> bool:
        holds = limit.number in self._active
        moving = limit.normal(reading.value) if holds else limit.crossed(reading.value)
        if not moving:
            self._since.pop(limit.number, None)
            return False
        since = self._since.setdefault(limit.number, reading.event_ms)
        return reading.event_ms - since >= (limit.off_delay_ms if holds else limit.on_delay_ms)

    def _flip(self, limit: Limit, at_ms: int, value: float) -> Change:
        self._active ^= {limit.number}
        if limit.kind is not Condition.NO_DATA:
            self._since.pop(limit.number, None)
        return Change(limit.number, limit.number in self._active, at_ms, value)
