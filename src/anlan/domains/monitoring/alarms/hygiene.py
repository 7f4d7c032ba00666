"""Quality of alarms as pure functions of their time lines: chattering, fleeting, stale, and what to do next.

The three notions are those of EEMUA 191 and ISA-18.2; the figures come from a table of
standards and are given to these functions. No I/O.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Behaviour:
    """The figures by which an alarm is judged.

    *chatter_count* activations within *chatter_within* are chattering; an activation that lasts less than
    *fleeting_below* is fleeting; one that lasts longer than *stale_after* is stale.
    """

    chatter_count: int
    chatter_within: timedelta
    fleeting_below: timedelta
    stale_after: timedelta


def chattering(activations: Sequence[datetime], behaviour: Behaviour) -> list[bool]:
    """For each of *activations* (ascending): whether it is at least the n-th within the span that ends with it.

    >>> at = [datetime(2026, 1, 1, 0, 0, second) for second in (0, 20, 40, 59)]
    >>> chattering(at, Behaviour(3, timedelta(minutes=1), timedelta(seconds=10), timedelta(days=1)))
    [False, False, True, True]
    """
    nth = behaviour.chatter_count
    return [
        index + 1 >= nth and at - activations[index + 1 - nth] <= behaviour.chatter_within
        for index, at in enumerate(activations)
    ]


def fleeting(raised_at: datetime, returned_at: datetime, behaviour: Behaviour) -> bool:
    """Whether an activation had gone before anybody could act."""
    return returned_at - raised_at < behaviour.fleeting_below


def stale(active_since: datetime, at: datetime, behaviour: Behaviour) -> bool:
    """Whether an alarm that is active since *active_since* has stood too long by *at*."""
    return at - active_since > behaviour.stale_after


@dataclass(frozen=True)
class FloodFigures:
    """More than *count* announced alarms within *within* are a flood.

    It has subsided once fewer than *end_count* come within *end_within*.
    """

    count: int
    within: timedelta
    end_count: int
    end_within: timedelta


def flood_begins(arrivals: Sequence[datetime], figures: FloodFigures) -> datetime | None:
    """From which of *arrivals* (ascending) on the newest ones make a flood, if they do.

    >>> at = [datetime(2026, 1, 1, 0, 0, second) for second in (0, 30, 31, 32)]
    >>> figures = FloodFigures(2, timedelta(seconds=5), 1, timedelta(minutes=1))
    >>> flood_begins(at, figures).second, flood_begins(at[:3], figures)
    (30, None)
    """
    for first in range(len(arrivals) - figures.count - 1, -1, -1):
        last = arrivals[first + figures.count]
        if last - arrivals[first] <= figures.within:
            return arrivals[bisect_left(arrivals, last - figures.within)]
    return None


def gateway_lost(silent: int, watched: int, least: int, share: float) -> bool:
    """Whether so many of a gateway's *watched* points are *silent* that the gateway itself is taken to be lost.

    >>> gateway_lost(8, 10, 3, 0.8), gateway_lost(7, 10, 3, 0.8), gateway_lost(2, 2, 3, 0.8)
    (True, False, False)
    """
    return silent >= least and silent >= share * watched
