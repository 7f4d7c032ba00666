"""Who sets off whom: times of first arrival and their causes, for many realisations at once."""

import numpy as np
from numpy.typing import NDArray

from anlan.science.cascade.plan import Plan

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Causes = NDArray[np.int16]
#: the cause of an event that happened on its own, and of one that did not happen
ITSELF, NEVER = -1, -2


def propagate(
    plan: Plan, starts: Floats, fires: Bools, delays: Floats, without: int | None = None
) -> tuple[Floats, Causes]:
    """Seconds at which each event first happens (infinite: never) and the edge that brought it about.

    *starts* (events, rows) is infinite where an event does not happen on its own, *fires* and *delays* are
    (edges, rows). An event with several causes takes the earliest, one that wants all of them the latest. The edge
    *without* counts as cut.
    """
    front = _Front(plan, starts, fires, delays, without)
    for members in plan.groups:
        inside = set(members)
        for event in members:
            if plan.all_gates[event]:
                front.wait_for_all(event)
                continue
            for edge in plan.into[event]:
                if plan.source[edge] not in inside:
                    front.arrive(edge)
        if len(members) > 1:
            front.go_round(inside)
    return front.times, front.causes


class _Front:
    """What is known so far of all realisations."""

    def __init__(self, plan: Plan, starts: Floats, fires: Bools, delays: Floats, without: int | None) -> None:
        self._plan, self._fires, self._delays, self._without = plan, fires, delays, without
        self.times = starts.copy()
        self.causes: Causes = np.where(np.isfinite(starts), ITSELF, NEVER).astype(np.int16)

    def arrive(self, edge: int) -> bool:
        """Let the target of *edge* happen by it where that is earlier; whether it is anywhere."""
        target, times = self._plan.target[edge], self._arrivals(edge)
        earlier = times < self.times[target]
        self.times[target] = np.where(earlier, times, self.times[target])
        self.causes[target][earlier] = edge
        return bool(earlier.any())

    def wait_for_all(self, event: int) -> None:
        """Let *event* happen with the last of its causes, where none is missing."""
        self.times[event] = -np.inf
        for edge in self._plan.into[event]:
            times = self._arrivals(edge)
            later = times > self.times[event]
            self.times[event] = np.where(later, times, self.times[event])
            self.causes[event][later] = edge
        self.causes[event][np.isinf(self.times[event])] = NEVER

    def go_round(self, members: set[int]) -> None:
        """Settle a loop: delays are not negative, so that each round settles one more event of every way."""
        source, target = self._plan.source, self._plan.target
        loop = [edge for event in members for edge in self._plan.into[event] if source[edge] in members]
        moved = members
        while moved:
            moved = {target[edge] for edge in loop if source[edge] in moved and self.arrive(edge)}

    def _arrivals(self, edge: int) -> Floats:
        if edge == self._without:
            return np.full(len(self.times[0]), np.inf)
        source = self.times[self._plan.source[edge]]
        return np.where(self._fires[edge], source + self._delays[edge], np.inf)
