"""What makes a unit red whatever its index says (decision 0007, our own design)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Overrides:
    """Which tags bring their unit to red, by the rule."""

    toxic: NDArray[np.bool_]
    rising: NDArray[np.bool_]
    blind: NDArray[np.bool_]

    def red_units(self, unit: NDArray[np.int64], units: int) -> NDArray[np.bool_]:
        """The units that are red by any rule; *unit* is by tag."""
        red = np.zeros(units, np.bool_)
        red[unit[self.toxic | self.rising | self.blind]] = True
        return red


def toxic_tags(
    unit: NDArray[np.int64], second_level_s: NDArray[np.float64], within_s: float
) -> NDArray[np.bool_]:
    """Toxic detectors of one unit that went to the second level within *within_s* of another one.

    *second_level_s* is when each tag's open second-level alarm was raised, in seconds of any clock;
    NaN for a tag without one, or that is no toxic detector.
    """
    found = np.zeros(len(unit), np.bool_)
    rows = np.flatnonzero(np.isfinite(second_level_s))
    order = rows[np.lexsort((second_level_s[rows], unit[rows]))]
    near = (np.diff(unit[order]) == 0) & (np.diff(second_level_s[order]) <= within_s)
    found[order[:-1][near]] = True
    found[order[1:][near]] = True
    return found


def rising_tags(
    unit: NDArray[np.int64], variable: NDArray[np.int64], rising: NDArray[np.bool_], units: int
) -> NDArray[np.bool_]:
    """Tags that are above HH and still *rising*, of a unit where two different variables do so.

    *variable* is the number of what each tag measures.
    """
    rows = np.flatnonzero(rising)
    pairs = np.unique(np.column_stack([unit[rows], variable[rows]]), axis=0)
    variables = np.bincount(pairs[:, 0], minlength=units)
    return rising & (variables[unit] >= 2)


def blind_tags(
    unit: NDArray[np.int64],
    first_level: NDArray[np.bool_],
    alarm_open: NDArray[np.bool_],
    silent_s: NDArray[np.float64],
    longer_than_s: float,
) -> NDArray[np.bool_]:
    """Tags of a first-level source whose alarm about the process is open and whose data are lost.

    *first_level* is by unit, the rest by tag; *silent_s* is how long nothing has come in.
    """
    return first_level[unit] & alarm_open & (silent_s > longer_than_s)
