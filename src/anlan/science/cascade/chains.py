"""The chains that a report names: the likeliest course of events, and the worst that is still credible."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anlan.science.cascade.outcomes import Outcomes
from anlan.science.cascade.sampling import Samples

#: a worst chain drawn from fewer samples than this beyond the threshold is a chance find
FEW_SAMPLES = 10


@dataclass(frozen=True)
class Link:
    """An event of a chain, the edge that most often brings it about there (None: itself), and its median time."""

    event: str
    edge: str | None
    median_s: float | None


@dataclass(frozen=True)
class Chain:
    """One outcome: exactly these events, in their order, and no others.

    *chance* is that of exactly this outcome, *exceedance* that of a consequence as great or greater.
    """

    links: tuple[Link, ...]
    chance: float
    severity: float
    exceedance: float


def likeliest(outcomes: Outcomes, samples: Samples | None = None) -> Chain | None:
    """The most probable outcome in which something follows from something; None when nothing ever does."""
    merged = outcomes.merged
    caused = np.array([event.chance is None for event in outcomes.graph.events])
    follows = np.flatnonzero(merged.happens[caused].any(axis=0) & (merged.weights > 0))
    return _chain(merged, int(follows[0]), samples) if len(follows) else None


def worst_credible(outcomes: Outcomes, threshold: float, samples: Samples | None = None) -> Chain | None:
    """The worst outcome of which, or of something as bad, the chance is at least *threshold*.

    Its severity is the greatest s with P(S ≥ s) ≥ *threshold*; of several outcomes that severe the most probable.
    None when the threshold leaves only "nothing happens".
    """
    merged = outcomes.merged
    order = np.argsort(-merged.severity, kind="stable")
    beyond = np.cumsum(merged.weights[order])
    levels = merged.severity[order]
    # the chance of a level is that of all outcomes that reach it
    last = np.searchsorted(-levels, -levels * (1 - 1e-12), side="right") - 1
    credible = np.flatnonzero(beyond[last] >= threshold - 1e-12)
    if not len(credible) or not levels[credible[0]] > 0:
        return None
    return _chain(merged, int(order[credible[0]]), samples)


def _chain(merged: Outcomes, row: int, samples: Samples | None) -> Chain:
    pattern, graph = merged.happens[:, row], merged.graph
    events = np.flatnonzero(pattern)
    edges: dict[int, str | None] = {}
    medians: dict[int, float] = {}
    if samples is not None:
        same = (np.isfinite(samples.times_s) == pattern[:, None]).all(axis=0)
        for event in events if same.any() else ():
            edges[int(event)] = _usual(samples.causes[event][same], samples)
            medians[int(event)] = float(np.median(samples.times_s[event][same]))
    ordered = sorted((int(event) for event in events), key=lambda event: (medians.get(event, 0.0), event))
    links = tuple(Link(graph.events[e].id, edges.get(e), medians.get(e)) for e in ordered)
    severity = float(merged.severity[row])
    exceedance = float(merged.weights[merged.severity >= severity * (1 - 1e-12)].sum())
    return Chain(links, float(merged.weights[row]), severity, min(1.0, exceedance))


def _usual(causes: NDArray[np.int16], samples: Samples) -> str | None:
    values, counts = np.unique(causes, return_counts=True)
    cause = int(values[np.argmax(counts)])
    return samples.graph.edges[cause].id if cause >= 0 else None
