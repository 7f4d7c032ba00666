"""A graph as arrays and an order: what sampling and enumeration both go by."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from anlan.science.cascade.graph import Gate, Graph
from anlan.science.cascade.odds import Term, edge_chances, shared_chances, shared_term
from anlan.science.cascade.order import groups

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Plan:
    """The graph with its events in groups, causes first; a group of several is a loop of mutual edges."""

    graph: Graph

    @cached_property
    def source(self) -> list[int]:
        """The event that each edge comes from."""
        return [self.graph.index[edge.source] for edge in self.graph.edges]

    @cached_property
    def target(self) -> list[int]:
        """The event that each edge leads to."""
        return [self.graph.index[edge.target] for edge in self.graph.edges]

    @cached_property
    def groups(self) -> list[list[int]]:
        return groups(len(self.graph.events), zip(self.source, self.target, strict=True))

    @cached_property
    def into(self) -> list[list[int]]:
        """The edges into each event."""
        found: list[list[int]] = [[] for _ in self.graph.events]
        for edge, target in enumerate(self.target):
            found[target].append(edge)
        return found

    @cached_property
    def all_gates(self) -> list[bool]:
        return [event.gate is Gate.ALL for event in self.graph.events]

    @cached_property
    def terms(self) -> list[Term]:
        """The shared scatters that some edge hangs on, in the order of the edges."""
        found = (shared_term(self.graph, edge) for edge in self.graph.edges)
        return list(dict.fromkeys(term for term in found if term is not None))

    @cached_property
    def term_of(self) -> list[int | None]:
        """The shared scatter of each edge, by its place in `terms`."""
        found = (shared_term(self.graph, edge) for edge in self.graph.edges)
        return [None if term is None else self.terms.index(term) for term in found]

    @cached_property
    def chances(self) -> list[float]:
        """The chance of each edge with the shared scatter at zero."""
        return [float(edge_chances(self.graph, edge, 0.0)) for edge in self.graph.edges]

    @cached_property
    def curves(self) -> dict[int, Callable[[Floats], Floats]]:
        """The chance as a function of the shared scatter, for the edges that have one."""
        return {
            number: shared_chances(self.graph, edge)
            for number, edge in enumerate(self.graph.edges)
            if self.term_of[number] is not None
        }

    @cached_property
    def decisions(self) -> list[list[int]]:
        """Edges that are decided by one draw: the branches of a choice together, each other edge alone.

        In the order of the groups of their sources.
        """
        rank = {event: place for place, group in enumerate(self.groups) for event in group}
        found: dict[tuple[int, str, str], list[int]] = {}
        for number, edge in enumerate(self.graph.edges):
            key = self.source[number], edge.choice, "" if edge.choice else edge.id
            found.setdefault(key, []).append(number)
        return sorted(found.values(), key=lambda edges: rank[self.source[edges[0]]])

    def stream(self, edges: list[int]) -> str:
        """The name of the draws that decide *edges*: it does not change when other edges come or go."""
        first = self.graph.edges[edges[0]]
        return f"choice:{first.source}:{first.choice}" if first.choice else f"edge:{first.id}"
