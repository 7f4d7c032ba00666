"""Readings on their way: one by one from the sources, as tables of times × tags to the door."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from anlan.kernel.quality import Quality

MAX_CELLS = 20_000
"""Cells of a table, holes included: half of what the door takes in one batch."""
MAX_TAGS = 2_000


class Reading(NamedTuple):
    """One value of *tag* in *unit* (None: the unit is not claimed) at *event_ms*, UTC milliseconds."""

    tag: str
    unit: str | None
    event_ms: int
    value: float
    quality: Quality = Quality.GOOD


@dataclass(frozen=True)
class Columns:
    """N readings as columns; *tag* counts into *tags*, *units* goes with *tags*."""

    tags: Sequence[str]
    units: Sequence[str] | None
    tag: NDArray[np.int32]
    event_ms: NDArray[np.int64]
    value: NDArray[np.float64]
    quality: NDArray[np.uint8]


@dataclass(frozen=True)
class Sheet:
    """Readings as a table of T times × P tags, as the batch contract has it.

    *origin* (T, P) tells which of the columns' readings stands in a cell; -1 in a hole.
    """

    tags: list[str]
    units: list[str] | None
    times_ms: NDArray[np.int64]
    values: NDArray[np.float64]
    quality: NDArray[np.uint8]
    origin: NDArray[np.int64]

    def __len__(self) -> int:
        return int(np.count_nonzero(self.origin >= 0))

    def payload(self) -> bytes:
        """The part of the batch's JSON that does not depend on its identity; holes are ``null``."""
        content: dict[str, Any] = {
            "points": self.tags,
            "times_ms": self.times_ms.tolist(),
            "values": self.values.tolist(),  # NaN is written as null
        }
        if self.units is not None:
            content["units"] = self.units
        if self.quality.any():
            content["quality"] = self.quality.tolist()
        return msgspec.json.encode(content)


def body_of(payload: bytes, source: str, epoch: str, sequence: int) -> bytes:
    """The batch of *payload* with its identity, ready to be posted.

    >>> body_of(b'{"points":["T-101"]}', "tank-farm", "boot-1", 7)
    b'{"schema":1,"source":"tank-farm","epoch":"boot-1","sequence":7,"points":["T-101"]}'
    """
    identity = {"schema": 1, "source": source, "epoch": epoch, "sequence": sequence}
    return msgspec.json.encode(identity)[:-1] + b"," + payload[1:]


def columns_of(readings: Sequence[Reading]) -> Columns:
    """The columns of *readings*, in their order. The unit of a tag is its first reading's."""
    place: dict[str, int] = {}
    units: list[str | None] = []
    for one in readings:
        if one.tag not in place:
            place[one.tag] = len(place)
            units.append(one.unit)
    claimed = None if None in units else [unit or "" for unit in units]
    return Columns(
        list(place),
        claimed,
        np.array([place[one.tag] for one in readings], np.int32),
        np.array([one.event_ms for one in readings], np.int64),
        np.array([one.value for one in readings], np.float64),
        np.array([int(one.quality) for one in readings], np.uint8),
    )


def sheets_of(columns: Columns) -> Iterator[Sheet]:
    """Tables that hold every reading once, as few as keep to the bounds.

    A reading that says what another of its tag and time says is left out; one that says something else comes in a
    later table, so that the door takes the later word.
    """
    yield from _sheets(columns, np.arange(len(columns.tag)))


def _sheets(columns: Columns, rows: NDArray[np.int64]) -> Iterator[Sheet]:
    if not len(rows):
        return
    times, at = np.unique(columns.event_ms[rows], return_inverse=True)
    tags, of = np.unique(columns.tag[rows], return_inverse=True)
    if len(times) * len(tags) > MAX_CELLS or len(tags) > MAX_TAGS:
        # by tag, then time: halves share as few tags as can be, so that their tables have few holes
        ordered = rows[np.lexsort((columns.event_ms[rows], columns.tag[rows]))]
        middle = len(ordered) // 2
        yield from _sheets(columns, np.sort(ordered[:middle]))
        yield from _sheets(columns, np.sort(ordered[middle:]))
        return
    cell = at * len(tags) + of
    _, first = np.unique(cell, return_index=True)
    yield _sheet(columns, rows[first], times, tags, cell[first])
    yield from _sheets(columns, rows[_says_otherwise(columns, rows, cell, first)])


def _sheet(
    columns: Columns,
    rows: NDArray[np.int64],
    times: NDArray[np.int64],
    tags: NDArray[np.int32],
    cell: NDArray[np.int64],
) -> Sheet:
    shape = len(times), len(tags)
    values = np.full(shape, np.nan)
    quality = np.zeros(shape, np.uint8)
    origin = np.full(shape, -1, np.int64)
    values.ravel()[cell] = columns.value[rows]
    quality.ravel()[cell] = columns.quality[rows]
    origin.ravel()[cell] = rows
    names = [columns.tags[index] for index in tags.tolist()]
    units = None if columns.units is None else [columns.units[index] for index in tags.tolist()]
    return Sheet(names, units, times, values, quality, origin)


def _says_otherwise(
    columns: Columns, rows: NDArray[np.int64], cell: NDArray[np.int64], first: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Places in *rows* of readings that differ from the first one of their cell."""
    if len(first) == len(rows):
        return np.empty(0, np.int64)
    leader = rows[first][np.searchsorted(cell[first], cell)]
    differs = (columns.value[rows] != columns.value[leader]) | (
        columns.quality[rows] != columns.quality[leader]
    )
    return np.flatnonzero(differs)
