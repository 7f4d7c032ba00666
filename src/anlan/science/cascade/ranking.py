"""Which links matter: how much of the expected consequence goes away when one edge is cut (Fussell and Vesely 1975)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from anlan.kernel.errors import NotFound
from anlan.kernel.text import Text
from anlan.science.cascade.draw import BLOCK, draw
from anlan.science.cascade.enumeration import enumerated
from anlan.science.cascade.graph import Graph
from anlan.science.cascade.outcomes import Outcomes
from anlan.science.cascade.propagate import propagate
from anlan.science.cascade.sampling import Samples
from anlan.science.cascade.watch import Cancelled, Progress, Watch


@dataclass(frozen=True)
class Contribution:
    """Expected consequence as it is and *without* the edge; *share* is the part that hangs on it, 0…1."""

    edge: str
    value: float
    without: float

    @property
    def share(self) -> float:
        return (self.value - self.without) / self.value if self.value > 0 else 0.0


def rank_exactly(
    graph: Graph,
    event: str | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> tuple[Contribution, ...]:
    """By enumeration, greatest first: of the expected severity, or of the chance of *event*.

    Raises `Invalid`, `NotFound`, `RunCancelled`.
    """
    value, watch = _value(graph, event), Watch(progress, cancelled)
    whole, found = value(enumerated(graph)), []
    for number, edge in enumerate(graph.edges):
        watch.ask()
        found.append(Contribution(edge.id, whole, value(enumerated(graph, without=number))))
        watch.tell((number + 1) / len(graph.edges))
    return _sorted(found)


def rank_by_samples(
    samples: Samples,
    event: str | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> tuple[Contribution, ...]:
    """By samples, each edge cut in the very same draws, so that differences are not luck.

    Raises `NotFound`, `RunCancelled`.
    """
    graph, plan, watch = samples.graph, samples.plan, Watch(progress, cancelled)
    value, totals = _value(graph, event), np.zeros(len(graph.edges) + 1)
    for block in range(-(-samples.count // BLOCK)):
        watch.ask()
        made, rows = draw(plan, samples.seed, block), min(BLOCK, samples.count - block * BLOCK)
        parts = made.starts[:, :rows], made.fires[:, :rows], made.delays[:, :rows]
        for number in range(len(graph.edges) + 1):
            times, _ = propagate(plan, *parts, without=number - 1 if number else None)
            weights = np.full(rows, 1.0 / samples.count)
            totals[number] += value(Outcomes(graph, np.isfinite(times), weights))
        watch.tell(min(1.0, (block + 1) * BLOCK / samples.count))
    return _sorted(
        [
            Contribution(edge.id, float(totals[0]), float(totals[number + 1]))
            for number, edge in enumerate(graph.edges)
        ]
    )


def _value(graph: Graph, event: str | None) -> Callable[[Outcomes], float]:
    if event is None:
        return lambda outcomes: outcomes.expected_severity
    if event not in graph.index:
        raise NotFound(
            Text(f"事件图中没有事件 {event}", f"The graph has no event {event}"),
            facts={"known": sorted(graph.index)},
        )
    place = graph.index[event]
    return lambda outcomes: float(outcomes.weights @ outcomes.happens[place])


def _sorted(found: Iterable[Contribution]) -> tuple[Contribution, ...]:
    return tuple(sorted(found, key=lambda one: (-one.share, one.edge)))
