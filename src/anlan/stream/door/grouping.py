"""Grouping: several batches share one durable write.

A batch that comes alone is written at once. While a write is under way those
that follow are collected, for at most `GROUP_WAIT_S` and at most a frame's
worth, and several writes may be under way together.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from anlan.ports.telemetry import LogFull, LogUnavailable, TelemetryLog
from anlan.stream.contract import MAX_READINGS, Checked
from anlan.stream.frames import BatchMark, Frame, encode

GROUP_WAIT_S = 0.02
WRITES_IN_FLIGHT = 8
MAX_BATCHES = 2000


@dataclass(frozen=True)
class Arrival:
    """One checked batch with its identity and its arrival at the door (UTC milliseconds)."""

    gateway: int
    epoch: str
    sequence: int
    arrived_ms: int
    readings: Checked


def frame_of(arrivals: Sequence[Arrival]) -> Frame:
    """The frame that holds *arrivals* in their order."""
    marks, offset = [], 0
    for one in arrivals:
        marks.append(BatchMark(one.gateway, one.epoch, one.sequence, offset, len(one.readings)))
        offset += len(one.readings)
    return Frame(
        min(one.arrived_ms for one in arrivals),
        tuple(marks),
        np.concatenate([one.readings.point for one in arrivals]),
        np.concatenate([one.readings.event_ms for one in arrivals]),
        np.concatenate([one.readings.value for one in arrivals]),
        np.concatenate([one.readings.quality for one in arrivals]),
    )


OnWritten = Callable[[Exception | None], None]
"""Told once when the write has ended: None when it is durable, else `LogFull` or `LogUnavailable`."""
_Waiting = tuple[Arrival, OnWritten]


class Grouper:
    """Collects arrivals and appends them to one log; counts both."""

    def __init__(self, log: TelemetryLog) -> None:
        self._log = log
        self.batches = 0
        self.writes = 0
        self._waiting: deque[_Waiting] = deque()
        self._readings = 0
        self._overdue = False
        self._timer: asyncio.TimerHandle | None = None
        self._writes: set[asyncio.Task[None]] = set()

    def add(self, arrival: Arrival, on_written: OnWritten) -> None:
        """Take *arrival* into the next write."""
        self._waiting.append((arrival, on_written))
        self._readings += len(arrival.readings)
        self._write_if_due()

    async def drain(self) -> None:
        """Wait until nothing is waiting or under way."""
        while self._waiting or self._writes:
            self._overdue = True
            self._write_if_due()
            await asyncio.wait(self._writes)

    def _write_if_due(self) -> None:
        while self._waiting and len(self._writes) < WRITES_IN_FLIGHT:
            if self._writes and not self._overdue and self._readings < MAX_READINGS:
                self._start_timer()
                return
            self._overdue = False
            self._start_write(self._take_frame())

    def _start_timer(self) -> None:
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(GROUP_WAIT_S, self._on_timer)

    def _on_timer(self) -> None:
        self._timer = None
        self._overdue = bool(self._waiting)
        self._write_if_due()

    def _take_frame(self) -> list[_Waiting]:
        taken: list[_Waiting] = []
        room = MAX_READINGS
        while self._waiting and len(taken) < MAX_BATCHES and len(self._waiting[0][0].readings) <= room:
            taken.append(self._waiting.popleft())
            room -= len(taken[-1][0].readings)
        self._readings -= MAX_READINGS - room
        return taken

    def _start_write(self, taken: list[_Waiting]) -> None:
        task = asyncio.get_running_loop().create_task(self._write(taken))
        self._writes.add(task)
        task.add_done_callback(self._on_written)

    def _on_written(self, task: "asyncio.Task[None]") -> None:
        self._writes.discard(task)
        self._overdue = True
        self._write_if_due()

    async def _write(self, taken: list[_Waiting]) -> None:
        failure: Exception | None = LogUnavailable("the write was given up")
        self.batches += len(taken)
        self.writes += 1
        try:
            await self._log.append(encode(frame_of([arrival for arrival, _ in taken])))
            failure = None
        except (LogFull, LogUnavailable) as error:
            failure = error
        except Exception as error:
            failure = LogUnavailable(repr(error))
            raise
        finally:
            for _, on_written in taken:
                on_written(failure)
