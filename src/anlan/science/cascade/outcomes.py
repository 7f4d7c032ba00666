"""What came of all realisations: patterns of events with their weights, drawn or enumerated alike."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from anlan.science.cascade.graph import Graph

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
_CONFIDENCE = 0.95


@dataclass(frozen=True)
class Estimate:
    """A chance with its 95 % interval; the ends agree with it when it was not drawn."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Outcomes:
    """*happens* (events, rows) with *weights* (rows,) that add up to one; *drawn* samples, or 0: enumerated."""

    graph: Graph
    happens: Bools
    weights: Floats
    drawn: int = 0

    def chance(self, event: str) -> Estimate:
        """The marginal chance of an event. Raises `NotFound`."""
        return self.of(self.happens[self.graph.place(event)])

    def of(self, rows: Bools) -> Estimate:
        """The chance of whatever holds in *rows*."""
        share = min(1.0, max(0.0, float(self.weights @ rows)))
        if self.drawn:  # a whole number of samples
            share = round(share * self.drawn) / self.drawn
        return Estimate(share, *(wilson(share, self.drawn) if self.drawn else (share, share)))

    @cached_property
    def severity(self) -> Floats:
        """The consequence of each row: the severities of its events, or in a graph without any the number of events
        that followed from others.
        """
        weighted = [
            event.severity if self.graph.is_weighted else float(event.chance is None)
            for event in self.graph.events
        ]
        return np.asarray(np.array(weighted) @ self.happens, np.float64)

    @property
    def expected_severity(self) -> float:
        return float(self.weights @ self.severity)

    @cached_property
    def merged(self) -> "Outcomes":
        """The distinct patterns, likeliest first."""
        first, weights = distinct(np.packbits(self.happens, axis=0), self.weights)
        order = np.lexsort((first, -weights))
        return Outcomes(self.graph, self.happens[:, first[order]], weights[order], self.drawn)


def distinct(keys: NDArray[np.uint8], weights: Floats) -> tuple[NDArray[np.intp], Floats]:
    """The first row of each distinct column of *keys* (bytes, rows), and the weight of all that equal it.

    >>> distinct(np.array([[7, 3, 7]], np.uint8), np.array([0.25, 0.5, 0.25]))[1].tolist()
    [0.5, 0.5]
    """
    rows = np.ascontiguousarray(keys.T).view(np.dtype((np.void, keys.shape[0]))).ravel()
    _, first, place = np.unique(rows, return_index=True, return_inverse=True)
    total = np.bincount(place.ravel(), weights=weights, minlength=len(first))
    return first, np.asarray(total, np.float64)


def wilson(share: float, drawn: int, confidence: float = _CONFIDENCE) -> tuple[float, float]:
    """Wilson's interval of a share among *drawn* samples (Wilson 1927); never outside 0…1.

    >>> [round(end, 4) for end in wilson(0.1, 100)]
    [0.0552, 0.1744]
    """
    z = float(ndtri(0.5 + confidence / 2))
    centre = (share + z * z / (2 * drawn)) / (1 + z * z / drawn)
    half = z / (1 + z * z / drawn) * np.sqrt(share * (1 - share) / drawn + z * z / (4 * drawn * drawn))
    # rounding must not put the share itself outside
    return max(0.0, min(share, float(centre - half))), min(1.0, max(share, float(centre + half)))
