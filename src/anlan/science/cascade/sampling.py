"""Monte-Carlo: many realisations of a graph, seeded, watched and stoppable; and any one of them told again."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from anlan.kernel.errors import Invalid
from anlan.kernel.text import Text
from anlan.science.cascade.draw import BLOCK, draw
from anlan.science.cascade.graph import Graph
from anlan.science.cascade.odds import Term
from anlan.science.cascade.outcomes import Outcomes
from anlan.science.cascade.plan import Plan
from anlan.science.cascade.propagate import ITSELF, propagate
from anlan.science.cascade.watch import Cancelled, Progress, Watch

Floats = NDArray[np.float64]
MOST_VALUES = 200_000_000


@dataclass(frozen=True)
class Samples:
    """*times_s* and *causes* (events, samples): first arrival (infinite: never) and the edge behind it.

    A cause is the place of the edge in the graph, −1 for an event that happened on its own, −2 for none.
    """

    plan: Plan
    seed: int
    times_s: Floats = field(repr=False)
    causes: NDArray[np.int16] = field(repr=False)

    @property
    def graph(self) -> Graph:
        return self.plan.graph

    @property
    def count(self) -> int:
        return len(self.times_s[0])

    @property
    def outcomes(self) -> Outcomes:
        weights = np.full(self.count, 1.0 / self.count)
        return Outcomes(self.graph, np.isfinite(self.times_s), weights, self.count)


def simulate(
    graph: Graph,
    samples: int = 10_000,
    seed: int = 1,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Samples:
    """*samples* realisations of *graph*; the same seed gives the same ones, and a longer run begins with them.

    *progress* hears the share done, *cancelled* is asked between blocks of 4,096. Raises `Invalid`, `RunCancelled`.
    """
    most = MOST_VALUES // len(graph.events)
    if not _is_whole(samples) or not 1 <= samples <= most:
        raise Invalid(
            Text(
                f"抽样次数须为 1–{most} 之间的整数",
                f"The number of samples is a whole one between 1 and {most}",
            ),
            facts={"samples": str(samples)},
        )
    if not _is_whole(seed) or seed < 0:
        raise Invalid(
            Text("随机种子须为非负整数", "The seed must be a whole number and not negative"),
            facts={"seed": str(seed)},
        )
    plan, watch = Plan(graph), Watch(progress, cancelled)
    times = np.empty((len(graph.events), samples))
    causes = np.empty(times.shape, np.int16)
    for block in range(-(-samples // BLOCK)):
        watch.ask()
        made = draw(plan, seed, block)
        rows = slice(block * BLOCK, min((block + 1) * BLOCK, samples))
        found = propagate(plan, made.starts, made.fires, made.delays)
        times[:, rows], causes[:, rows] = (part[:, : rows.stop - rows.start] for part in found)
        watch.tell(rows.stop / samples)
    return Samples(plan, seed, times, causes)


@dataclass(frozen=True)
class Step:
    """One event of a replayed sample: when, and through which edge with which draw (None: on its own)."""

    event: str
    time_s: float
    edge: str | None
    chance: float
    draw: float | None


@dataclass(frozen=True)
class Story:
    """A sample told again: its shared scatters in standard deviations, and its events in time."""

    seed: int
    sample: int
    terms: dict[Term, float]
    steps: tuple[Step, ...]


def replay(graph: Graph, seed: int, sample: int) -> Story:
    """Sample number *sample* (from 0) of every run of *graph* with *seed*, made again without the others."""
    if not (_is_whole(sample) and _is_whole(seed)) or sample < 0 or seed < 0:
        raise Invalid(
            Text(
                "样本序号与种子须为非负整数", "Sample number and seed must be whole numbers and not negative"
            )
        )
    plan = Plan(graph)
    block, row = divmod(sample, BLOCK)
    made = draw(plan, seed, block)
    one = slice(row, row + 1)
    times, causes = propagate(plan, made.starts[:, one], made.fires[:, one], made.delays[:, one])
    steps = []
    for place in np.argsort(times[:, 0], kind="stable"):
        if not np.isfinite(times[place, 0]):
            break
        event, cause = graph.events[place], int(causes[place, 0])
        if cause == ITSELF:
            chance = event.chance.chance if event.chance else 1.0
            steps.append(Step(event.id, float(times[place, 0]), None, chance, None))
        else:
            edge = graph.edges[cause].id
            chance, uniform = float(made.chances[cause, row]), float(made.uniforms[cause, row])
            steps.append(Step(event.id, float(times[place, 0]), edge, chance, uniform))
    terms = {term: float(made.terms[number, row]) for number, term in enumerate(plan.terms)}
    return Story(seed, sample, terms, tuple(steps))


def _is_whole(number: object) -> bool:
    return isinstance(number, int | np.integer) and not isinstance(number, bool)
