"""The chance of each edge given the scatter that the targets of its source share."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from anlan.science.cascade.fragility import Fragility
from anlan.science.cascade.given import Given
from anlan.science.cascade.quadrature import scattered

if TYPE_CHECKING:
    from anlan.science.cascade.graph import Edge, Graph

Floats = NDArray[np.float64]
#: event and measure whose targets share a scatter
Term = tuple[str, str]
_KNOTS = np.linspace(-8.0, 8.0, 1025)


def edge_chances(graph: "Graph", edge: "Edge", term: ArrayLike) -> Floats:
    """The chance that *edge* fires once its source has happened, at values *term* of the shared normal z.

    Over several targets 1 − ∏(1 − p): the edge fires when any of them gives way.
    """
    z = np.asarray(term, np.float64)
    if isinstance(edge.by, Given):
        return np.full(z.shape, edge.by.chance)
    footprint = graph[edge.source].footprint(edge.by.measure)
    if footprint is None:
        raise KeyError(edge.by.measure)
    spared = np.ones(z.shape)
    for target in edge.at:
        seen = footprint.at[target] * np.exp(footprint.between_ln * z)
        spared *= 1.0 - _at_target(edge, edge.by, seen, footprint.within_ln)
    return np.asarray(1.0 - spared, np.float64)


def shared_term(graph: "Graph", edge: "Edge") -> Term | None:
    """The scatter in common with other edges that the chance of *edge* hangs on; None where there is none."""
    if isinstance(edge.by, Given):
        return None
    footprint = graph[edge.source].footprint(edge.by.measure)
    is_shared = footprint is not None and footprint.between_ln > 0
    return (edge.source, edge.by.measure.value) if is_shared else None


def shared_chances(graph: "Graph", edge: "Edge") -> Callable[[Floats], Floats]:
    """`edge_chances` for many values of z: straight between knots 1/64 apart where each value would need a quadrature.

    What a quadrature has smoothed is right to 10⁻⁵ between the knots.
    """
    if isinstance(edge.by, Given) or not _needs_quadrature(graph, edge):
        return lambda term: edge_chances(graph, edge, term)
    values = edge_chances(graph, edge, _KNOTS)
    return lambda term: np.interp(term, _KNOTS, values)


def _needs_quadrature(graph: "Graph", edge: "Edge") -> bool:
    if isinstance(edge.by, Given):
        return False
    footprint = graph[edge.source].footprint(edge.by.measure)
    scatters = footprint is not None and footprint.within_ln > 0
    return scatters and (edge.trigger is not None or not edge.by.is_closed)


def _at_target(edge: "Edge", curve: Fragility, intensity: Floats, within_ln: float) -> Floats:
    if edge.trigger is None:
        return curve.blurred(intensity, within_ln)
    at_least = edge.trigger.at_least

    def triggered(values: ArrayLike) -> Floats:
        return np.where(np.asarray(values) >= at_least, curve.probability(values), 0.0)

    return scattered(triggered, intensity, within_ln)
