"""Small counters for health reports."""

import time
from collections import deque

import numpy as np

WINDOW_S = 10


class RateMeter:
    """Events per second over the last ten whole seconds."""

    def __init__(self) -> None:
        self._seconds: deque[tuple[int, int]] = deque(maxlen=WINDOW_S + 1)
        self.total = 0

    def add(self, count: int) -> None:
        """Count *count* events now."""
        second = int(time.monotonic())
        self.total += count
        if self._seconds and self._seconds[-1][0] == second:
            count += self._seconds.pop()[1]
        self._seconds.append((second, count))

    def per_second(self) -> float:
        """The mean rate; the second that is running is left out."""
        now = int(time.monotonic())
        counted = sum(count for second, count in self._seconds if now - WINDOW_S <= second < now)
        return counted / WINDOW_S


class LatencyMeter:
    """The last thousand durations, in milliseconds."""

    def __init__(self) -> None:
        self._kept: deque[float] = deque(maxlen=1000)

    def add(self, duration_ms: float) -> None:
        """Keep *duration_ms*."""
        self._kept.append(duration_ms)

    def quantile(self, share: float) -> float | None:
        """The *share* quantile (0–1), or None when nothing was measured."""
        if not self._kept:
            return None
        return round(float(np.quantile(np.array(self._kept), share)), 1)
