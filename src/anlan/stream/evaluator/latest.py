"""Latest values on their way out: to live screens every second, to the table every two."""

import msgspec
import numpy as np
from numpy.typing import NDArray

from anlan.science.signals import State

SUBJECT = "live.latest"


class Dirty:
    """The points whose latest value has changed since it was last taken."""

    def __init__(self) -> None:
        self._marked = np.zeros(0, np.bool_)

    def mark(self, point: NDArray[np.int32]) -> None:
        """Note these points, in any order and number."""
        if not len(point):
            return
        highest = int(point.max())
        if highest >= len(self._marked):
            grown = np.zeros(max(highest + 1, 2 * len(self._marked)), np.bool_)
            grown[: len(self._marked)] = self._marked
            self._marked = grown
        self._marked[point] = True

    def take(self) -> NDArray[np.int32]:
        """The points noted, ascending; none of them is noted any more."""
        points = np.flatnonzero(self._marked).astype(np.int32)
        self._marked[points] = False
        return points


def live_message(state: State, point: NDArray[np.int32]) -> bytes:
    """Columns of the latest readings of *point* as JSON; a value that is no number is null."""
    values = state.latest_value[point]
    numbers = [
        number if finite else None
        for number, finite in zip(values.tolist(), np.isfinite(values).tolist(), strict=True)
    ]
    return msgspec.json.encode(
        {
            "point": point.tolist(),
            "event_ms": state.latest_ms[point].tolist(),
            "arrived_ms": state.latest_arrived_ms[point].tolist(),
            "value": numbers,
            "quality": state.latest_quality[point].tolist(),
        }
    )
