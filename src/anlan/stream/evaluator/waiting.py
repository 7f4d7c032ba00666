"""Readings that wait until those that happened before them have come."""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from anlan.science.signals import Readings, Rules


@dataclass(frozen=True)
class Waiting:
    """Readings held back, and until when (live clock); ``newest_ms`` is the newest arrival seen.

    A gateway whose readings are held for h is evaluated in the order of its
    events, as if nothing had been disordered, when each comes within h of its
    event; so are rules over points of several such gateways. A reading that
    comes later than that goes on at once, and none waits longer than h.
    """

    readings: Readings
    due_ms: NDArray[np.int64]
    newest_ms: int

    def __len__(self) -> int:
        return len(self.due_ms)

    def take(
        self, readings: Readings, hold_ms: NDArray[np.int64], arrived_ms: int, rules: Rules
    ) -> tuple[Readings, "Waiting"]:
        """Take the readings of one entry; what goes on now, in order, and what waits then.

        *hold_ms* says for each how long its gateway's readings are held; those
        with 0 go on behind what is released.
        """
        held = hold_ms > 0
        newest_ms = max(self.newest_ms, arrived_ms)
        ours = rows_of(readings, held)
        due_ms = ours.arrived_ms + np.maximum(0, hold_ms[held] - age_ms(ours, rules))
        waiting = Waiting(joined([self.readings, ours]), np.concatenate([self.due_ms, due_ms]), newest_ms)
        released, rest = waiting.release(newest_ms)
        return joined([released, rows_of(readings, ~held)]), rest

    def release(self, now_ms: int) -> tuple[Readings, "Waiting"]:
        """What is due at *now_ms*, in the order of the events, and what goes on waiting."""
        due = self.due_ms <= now_ms
        released = rows_of(self.readings, due)
        order = np.lexsort((released.point, released.event_ms))
        rest = Waiting(rows_of(self.readings, ~due), self.due_ms[~due], self.newest_ms)
        return rows_of(released, order), rest


def nothing_waits() -> Waiting:
    """The beginning."""
    return Waiting(joined([]), np.empty(0, np.int64), 0)


def rows_of(readings: Readings, rows: NDArray[np.bool_] | NDArray[np.int64]) -> Readings:
    """Some of the readings, by mask or by index."""
    return Readings(*(getattr(readings, field.name)[rows] for field in fields(Readings)))


def joined(blocks: list[Readings]) -> Readings:
    """All readings of *blocks*, one after the other."""
    if len(blocks) == 1:
        return blocks[0]
    return Readings(
        np.concatenate([np.empty(0, np.int32), *(one.point for one in blocks)]),
        np.concatenate([np.empty(0, np.int64), *(one.event_ms for one in blocks)]),
        np.concatenate([np.empty(0, np.int64), *(one.arrived_ms for one in blocks)]),
        np.concatenate([np.empty(0, np.float64), *(one.value for one in blocks)]),
        np.concatenate([np.empty(0, np.uint8), *(one.quality for one in blocks)]),
    )


def age_ms(readings: Readings, rules: Rules) -> NDArray[np.int64]:
    """How long ago, by the live clock, each had happened when it arrived; none in the future."""
    known = readings.point < rules.points
    clock = np.zeros(len(readings), np.int16)
    clock[known] = rules.clock[readings.point[known]]
    rate = rules.clock_rate[clock]
    shown_ms = rules.clock_origin_ms[clock] + (readings.arrived_ms - rules.clock_anchor_ms[clock]) * rate
    behind_ms = np.maximum(0, shown_ms - readings.event_ms)
    return (behind_ms / np.where(rate > 0, rate, 1.0)).astype(np.int64)
