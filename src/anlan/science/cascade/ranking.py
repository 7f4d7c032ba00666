"""Which links matter: how much of the expected consequence goes away when one edge is cut (Fussell and Vesely 1975)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anlan.science.cascade.draw import BLOCK, draw
from anlan.science.cascade.enumeration import enumerated
from anlan.science.cascade.graph import Graph
from anlan.science.cascade.outcomes import Outcomes
from anlan.science.cascade.propagate import propagate
from anlan.science.cascade.sampling import Samples
from anlan.science.cascade.watch import Cancelled, Progress, Watch

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
#: edges times samples that are held at once
_VALUES_AT_ONCE = 4_000_000


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
    graph, watch = samples.graph, Watch(progress, cancelled)
    value, count = _value(graph, event), samples.count
    totals = np.zeros(len(graph.edges) + 1)
    stride = BLOCK * max(1, _VALUES_AT_ONCE // (BLOCK * max(1, len(graph.edges))))
    for first in range(0, count, stride):
        rows = slice(first, min(first + stride, count))
        made = _draws(samples, rows)
        happens = np.isfinite(samples.times_s[:, rows])
        totals[0] += value(Outcomes(graph, happens, np.full(happens.shape[1], 1.0 / count)))
        for number in range(len(graph.edges)):
            watch.ask()
            totals[number + 1] += _lost(samples, rows, made, number, value)
            watch.tell((first + (rows.stop - first) * (number + 1) / len(graph.edges)) / count)
    whole = float(totals[0])
    return _sorted(
        [
            Contribution(edge.id, whole, whole - float(lost))
            for edge, lost in zip(graph.edges, totals[1:], strict=True)
        ]
    )


def _draws(samples: Samples, rows: slice) -> tuple[Floats, Bools, Floats]:
    """Starts, edges that fire and delays of the samples *rows*, which begin a block."""
    blocks = range(rows.start // BLOCK, -(-rows.stop // BLOCK))
    made = [draw(samples.plan, samples.seed, block) for block in blocks]
    starts, fires, delays = (
        np.concatenate([getattr(block, part) for block in made], axis=1)[:, : rows.stop - rows.start]
        for part in ("starts", "fires", "delays")
    )
    return starts, fires, delays


def _lost(
    samples: Samples,
    rows: slice,
    made: tuple[Floats, Bools, Floats],
    edge: int,
    value: Callable[[Outcomes], float],
) -> float:
    """How much of the value goes away in *rows* when *edge* is cut.

    Only samples can change in which the edge brought its target about, or in which the target wanted all its causes.
    """
    plan, target = samples.plan, samples.plan.target[edge]
    causes = samples.causes[target, rows]
    touched = np.flatnonzero(causes >= 0 if plan.all_gates[target] else causes == edge)
    if not len(touched):
        return 0.0
    starts, fires, delays = made
    times, _ = propagate(plan, starts[:, touched], fires[:, touched], delays[:, touched], without=edge)
    weights = np.full(len(touched), 1.0 / samples.count)
    before = np.isfinite(samples.times_s[:, rows][:, touched])
    return value(Outcomes(samples.graph, before, weights)) - value(
        Outcomes(samples.graph, np.isfinite(times), weights)
    )


def _value(graph: Graph, event: str | None) -> Callable[[Outcomes], float]:
    if event is None:
        return lambda outcomes: outcomes.expected_severity
    place = graph.place(event)
    return lambda outcomes: float(outcomes.weights @ outcomes.happens[place])


def _sorted(found: Iterable[Contribution]) -> tuple[Contribution, ...]:
    return tuple(sorted(found, key=lambda one: (-one.share, one.edge)))
