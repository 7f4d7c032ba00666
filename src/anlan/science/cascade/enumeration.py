"""Exact chances of small graphs: every decision is followed both ways, and only where its source has happened.

Written apart from the sampler, so that the two check each other: this one never looks at times.
"""

from math import prod

import numpy as np
from numpy.typing import NDArray

from anlan.kernel.errors import Invalid
from anlan.kernel.text import Text
from anlan.science.cascade.graph import Graph
from anlan.science.cascade.odds import edge_chances
from anlan.science.cascade.outcomes import Outcomes, distinct
from anlan.science.cascade.plan import Plan
from anlan.science.cascade.quadrature import classes

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
MOST_HISTORIES = 2**20
_MERGE_FROM = 4096


def enumerated(graph: Graph, *, most: int = MOST_HISTORIES, without: int | None = None) -> Outcomes:
    """Chances of all outcomes, exactly; a scatter that targets share is integrated over to 1e-7 (see `classes`).

    *without* leaves out the edge of that place in the graph. Raises `TooManyHistories` when more than *most*
    would have to be followed at once: draw samples then.
    """
    tree = _Tree(Plan(graph), most, without)
    for members in tree.plan.groups:
        tree.settle(members)
    return Outcomes(graph, tree.happens, tree.weights / tree.weights.sum()).merged


class TooManyHistories(Invalid):
    """The graph is too large to enumerate."""

    code = "too_many_histories"


class _Tree:
    """Histories side by side: what has happened, and just now; edges that fire; classes of the scatters; chances."""

    def __init__(self, plan: Plan, most: int, without: int | None) -> None:
        self.plan, self._most, self._without = plan, most, without
        own = [event.chance.chance if event.chance else 0.0 for event in plan.graph.events]
        ways = [[state for state in (True, False) if (p if state else 1 - p) > 0] for p in own]
        self._tables: dict[int, Floats] = {}
        shares = [self._classes(number) for number in range(len(plan.terms))]
        counts = [*(len(one) for one in ways), *(len(one) for one in shares)]
        self._hold(prod(counts))
        grid = _combinations(counts)
        self.happens: Bools = np.stack([np.array(one)[grid[n]] for n, one in enumerate(ways)])
        self.scatter: NDArray[np.int16] = grid[len(ways) :]
        chances = np.array(own)[:, None]
        self.weights: Floats = np.where(self.happens, chances, 1 - chances).prod(axis=0)
        for row, share in zip(self.scatter, shares, strict=True):
            self.weights = self.weights * share[row]
        self.fires: Bools = np.zeros((len(plan.graph.edges), len(self.weights)), np.bool_)
        self.fresh: Bools = np.zeros_like(self.happens)
        self._settled: set[int] = set()
        self._undecided = set(range(len(plan.graph.edges)))

    def _classes(self, term: int) -> Floats:
        """Weights of the classes of a shared scatter; what each edge makes of them goes to the tables."""
        edges = [edge for edge, number in enumerate(self.plan.term_of) if number == term]
        graph = self.plan.graph
        weights, values = classes(
            lambda z: np.stack([edge_chances(graph, graph.edges[edge], z) for edge in edges])
        )
        self._tables |= dict(zip(edges, values, strict=True))
        return weights

    def settle(self, members: list[int]) -> None:
        """Whether each of *members* happens, and every edge that leaves those that do.

        In a loop the newly reached are asked in turn until nobody new is.
        """
        inside = set(members)
        for event in members:
            into = [edge for edge in self.plan.into[event] if self.plan.source[edge] not in inside]
            if self.plan.all_gates[event]:
                self.happens[event] = self.fires[into].all(axis=0)
            else:
                self.happens[event] |= self.fires[into].any(axis=0)
            self.fresh[event] = self.happens[event]
            self._settled.add(event)
        while self.fresh[members].any():
            for event in members:
                self._ask(event, inside)
                self.forget()
        self._undecided -= {edge for edge, source in enumerate(self.plan.source) if source in inside}

    def forget(self) -> None:
        """Put together histories that differ in nothing that still matters."""
        if len(self.weights) < _MERGE_FROM:
            return
        for number, term in enumerate(self.scatter):
            if not any(self.plan.term_of[edge] == number for edge in self._undecided):
                term[:] = 0
        waiting = [edge for edge, target in enumerate(self.plan.target) if target not in self._settled]
        bits = np.packbits(np.concatenate([self.happens, self.fresh, self.fires[waiting]]), axis=0)
        low, high = ((self.scatter >> shift & 255).astype(np.uint8) for shift in (0, 8))
        self._take(*distinct(np.concatenate([bits, low, high]), self.weights))

    def _ask(self, event: int, inside: set[int]) -> None:
        """Decide the edges that leave *event* where it has just been reached."""
        for edges in self.plan.decisions:
            if self.plan.source[edges[0]] != event:
                continue
            asked = self.fresh[event].copy()
            if len(edges) == 1 and self.plan.target[edges[0]] in inside:
                asked &= ~self.happens[self.plan.target[edges[0]]]
            self._decide(edges, asked)
            for edge in edges:
                target = self.plan.target[edge]
                if target in inside:
                    self.fresh[target] |= self.fires[edge] & ~self.happens[target]
                    self.happens[target] |= self.fires[edge]
                    self.fires[edge] = False
        self.fresh[event] = False

    def _decide(self, edges: list[int], asked: Bools) -> None:
        """Split the histories *asked* into those in which one of *edges* fires, and those in which none does."""
        rows, idle = np.flatnonzero(asked), np.flatnonzero(~asked)
        left = self.weights[rows].copy()
        takes, shares, fired = [idle], [self.weights[idle]], [np.full(len(idle), -1)]
        for edge in edges:
            if edge == self._without:
                continue
            term = self.plan.term_of[edge]
            chance = self.plan.chances[edge] if term is None else self._tables[edge][self.scatter[term, rows]]
            part = self.weights[rows] * chance
            left -= part
            takes, shares, fired = [*takes, rows], [*shares, part], [*fired, np.full(len(rows), edge)]
        share = np.concatenate([*shares, left])
        edge_of = np.concatenate([*fired, np.full(len(rows), -1)])
        alive = share > 0
        self._hold(int(alive.sum()))
        self._take(np.concatenate([*takes, rows])[alive], share[alive])
        new = np.flatnonzero(edge_of[alive] >= 0)
        self.fires[edge_of[alive][new], new] = True

    def _take(self, rows: NDArray[np.intp], weights: Floats) -> None:
        self.happens, self.fresh, self.fires = (
            part[:, rows] for part in (self.happens, self.fresh, self.fires)
        )
        self.scatter, self.weights = self.scatter[:, rows], weights

    def _hold(self, histories: int) -> None:
        if histories > self._most:
            raise TooManyHistories(
                Text(
                    f"事件图过大，精确枚举超过 {self._most} 条历程",
                    f"The graph is too large to enumerate: more than {self._most} histories",
                ),
                next_step=Text("请改用蒙特卡洛抽样", "Draw samples instead"),
                facts={"histories": histories, "most": self._most},
            )


def _combinations(counts: list[int]) -> NDArray[np.int16]:
    """Every choice of one of each, (len(counts), product).

    >>> _combinations([2, 3]).tolist()
    [[0, 0, 0, 1, 1, 1], [0, 1, 2, 0, 1, 2]]
    """
    place = np.arange(prod(counts))
    found = np.empty((len(counts), len(place)), np.int16)
    for row in reversed(range(len(counts))):
        place, found[row] = np.divmod(place, counts[row])
    return found
