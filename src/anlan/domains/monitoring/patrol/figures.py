"""The bulletin's figures: from enterprises to places, and ranks; pure functions."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, fields
from typing import TypeVar

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True)
class Figures:
    """What is counted of one enterprise, or of all of a place.

    *unresolved* counts points with an alarm of the window that is not closed, *longest_h* how long the oldest
    of them has waited; *committed* are those of *required* that submitted today's commitment in time.
    """

    enterprises: int = 0
    points: int = 0
    online: int = 0
    required: int = 0
    committed: int = 0
    unresolved: int = 0
    longest_h: float = 0.0
    warnings_open: int = 0
    warnings_waiting: int = 0
    circulars_waiting: int = 0
    discrepancies: int = 0

    @property
    def online_rate(self) -> float | None:
        """Share of points that are heard of; None where there are none."""
        return self.online / self.points if self.points else None

    @property
    def commitment_rate(self) -> float | None:
        """Share of commitments submitted in time; None where none is required."""
        return self.committed / self.required if self.required else None


def added_up(parts: Iterable[Figures]) -> Figures:
    """The figures of a place: sums, and the longest wait of all.

    >>> added_up([Figures(points=3, online=2, longest_h=1.5), Figures(points=1, online=1, longest_h=4.0)]).online_rate
    0.75
    """
    every = list(parts)
    sums = {one.name: sum(getattr(part, one.name) for part in every) for one in fields(Figures)}
    return Figures(**{**sums, "longest_h": max((part.longest_h for part in every), default=0.0)})


def ranked(rates: Mapping[K, float | None]) -> dict[K, int | None]:
    """Ranks from 1 for the highest rate; equal rates share one, and who has no rate has no rank.

    >>> ranked({"a": 0.9, "b": 1.0, "c": 0.9, "d": None, "e": 0.5})
    {'a': 2, 'b': 1, 'c': 2, 'd': None, 'e': 4}
    """
    known = sorted((rate for rate in rates.values() if rate is not None), reverse=True)
    return {key: None if rate is None else known.index(rate) + 1 for key, rate in rates.items()}
