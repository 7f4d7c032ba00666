"""Between the ends of what was given: the chances of all events with every given chance low, and with every one high.

More of any cause makes no event less likely, so these are the ends of all that lies between.
"""

from dataclasses import replace

from anlan.science.cascade.given import Given, Level
from anlan.science.cascade.graph import Edge, Event, Graph


def has_range(graph: Graph) -> bool:
    """Whether any chance of the graph was given with a range."""
    given = [event.chance for event in graph.events if event.chance is not None]
    for edge in graph.edges:
        one = edge.by.given if isinstance(edge.by, Level) else edge.by
        if isinstance(one, Given):
            given.append(one)
    return any(one.is_range for one in given)


def at_end(graph: Graph, *, high: bool) -> Graph:
    """The graph with every given chance at one end of its range. Raises `Invalid` when a choice then exceeds one."""

    def event_at(event: Event) -> Event:
        return replace(event, chance=event.chance.at_end(high=high)) if event.chance else event

    def edge_at(edge: Edge) -> Edge:
        if isinstance(edge.by, Given):
            return replace(edge, by=edge.by.at_end(high=high))
        if isinstance(edge.by, Level):
            return replace(edge, by=replace(edge.by, given=edge.by.given.at_end(high=high)))
        return edge

    return replace(graph, events=tuple(map(event_at, graph.events)), edges=tuple(map(edge_at, graph.edges)))
