"""What the index is computed from, as columns: alarms, the tags they fold into, facts of units."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Alarms:
    """Alarms of the window, one row each, all columns of equal length.

    *tag* is the row's tag (0 … tags−1), *severity* its L, *open_s* for how long it has been
    open in seconds (0 once it is closed) and *raises* how often it was raised in the window.
    """

    tag: NDArray[np.int64]
    severity: NDArray[np.float64]
    open_s: NDArray[np.float64]
    raises: NDArray[np.int64]


@dataclass(frozen=True)
class Tags:
    """Tags with an alarm in the window.

    *unit* is the tag's unit (0 … units−1), *kind_weight* its w_type, *severity* the gravest L,
    *open_s* the longest time that an alarm has been open, *raises* how often alarms were raised,
    and *leading* the row of the alarm that a screen shows for the tag.
    """

    unit: NDArray[np.int64]
    kind_weight: NDArray[np.float64]
    severity: NDArray[np.float64]
    open_s: NDArray[np.float64]
    raises: NDArray[np.int64]
    leading: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.unit)


class Group(IntEnum):
    """What a fact of a unit counts towards: the static score, or the management score."""

    STATIC = 0
    MANAGEMENT = 1


@dataclass(frozen=True)
class Facts:
    """Facts of units, one row each: the unit, what it counts towards, and its points."""

    unit: NDArray[np.int64]
    group: NDArray[np.int64]
    points: NDArray[np.float64]


def fold_tags(alarms: Alarms, unit: NDArray[np.int64], kind_weight: NDArray[np.float64]) -> Tags:
    """Fold *alarms* into their tags; *unit* and *kind_weight* are by tag, each of which has an alarm.

    The leading alarm is the gravest, of equals the one that is open longest.
    """
    tags = len(unit)
    severity, open_s = np.zeros(tags), np.zeros(tags)
    np.maximum.at(severity, alarms.tag, alarms.severity)
    np.maximum.at(open_s, alarms.tag, alarms.open_s)
    raises = np.bincount(alarms.tag, alarms.raises, tags).astype(np.int64)
    order = np.lexsort((-alarms.open_s, -alarms.severity, alarms.tag))
    first = np.searchsorted(alarms.tag[order], np.arange(tags))
    return Tags(unit, kind_weight, severity, open_s, raises, order[first])
