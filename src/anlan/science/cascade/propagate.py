"""Who sets off whom: times of first arrival and their causes, for many realisations at once."""

import numpy as np
from numpy.typing import NDArray

from anlan.science.cascade.plan import Plan

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
#: the cause of an event that happened on its own, and of one that did not happen
ITSELF, NEVER = -1, -2


def propagate(
    plan: Plan, starts: Floats, fires: Bools, delays: Floats, without: int | None = None
) -> tuple[Floats, NDArray[np.int16]]:
    """Seconds at which each event first happens (infinite: never) and the edge that brought it about.

    *starts* (events, rows) is infinite where an event does not happen on its own, *fires* and *delays* are
    (edges, rows). An event with several causes takes the earliest, one that wants all of them the latest. The edge
    *without* counts as cut.
    """
    times = starts.copy()
    causes = np.where(np.isfinite(starts), ITSELF, NEVER).astype(np.int16)
    for members in plan.groups:
        inside = set(members)
        for event in members:
            for edge in plan.into[event]:
                if plan.source[edge] not in inside and edge != without and not plan.all_gates[event]:
                    _any(plan, edge, times, causes, fires, delays)
        if len(members) > 1:
            loop = [
                e for event in members for e in plan.into[event] if plan.source[e] in inside and e != without
            ]
            moved = inside
            while moved:  # delays are not negative: each round settles one more unit of every way
                moved = {
                    plan.target[edge]
                    for edge in loop
                    if plan.source[edge] in moved and _any(plan, edge, times, causes, fires, delays)
                }
        elif plan.all_gates[members[0]]:
            _all(plan, members[0], times, causes, fires, delays, without)
    return times, causes


def _any(
    plan: Plan, edge: int, times: Floats, causes: NDArray[np.int16], fires: Bools, delays: Floats
) -> bool:
    source, target = plan.source[edge], plan.target[edge]
    arrives = np.where(fires[edge], times[source] + delays[edge], np.inf)
    earlier = arrives < times[target]
    times[target] = np.where(earlier, arrives, times[target])
    causes[target][earlier] = edge
    return bool(earlier.any())


def _all(
    plan: Plan,
    event: int,
    times: Floats,
    causes: NDArray[np.int16],
    fires: Bools,
    delays: Floats,
    without: int | None,
) -> None:
    times[event] = -np.inf
    for edge in plan.into[event]:
        arrives = np.where(fires[edge], times[plan.source[edge]] + delays[edge], np.inf)
        if edge == without:
            arrives = np.full_like(arrives, np.inf)
        later = arrives > times[event]
        times[event] = np.where(later, arrives, times[event])
        causes[event][later] = edge
    causes[event][~np.isfinite(times[event])] = NEVER
