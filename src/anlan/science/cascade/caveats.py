"""What must be said with a result of a graph: reservations of its models, chances that were given, ranges left."""

from anlan.kernel.models import Caveat
from anlan.kernel.text import Text
from anlan.kernel.validation import Certainty
from anlan.science.cascade.given import Given, Level
from anlan.science.cascade.graph import Edge, Event, Graph


def caveats_of(graph: Graph) -> list[Caveat]:
    """In the order of the edges and then of the events; the same one may come more than once."""
    said = [caveat for edge in graph.edges for caveat in _of_edge(graph, edge)]
    return said + [caveat for event in graph.events for caveat in _of_event(event)]


def _of_edge(graph: Graph, edge: Edge) -> list[Caveat]:
    said = [*(edge.model.caveats if edge.model else ()), *edge.caveats, *_doubt(graph, edge)]
    if isinstance(edge.by, Given) or edge.by.card is None:
        return said
    footprint = graph[edge.source].footprint(edge.by.measure)
    for target in edge.at if footprint else ():
        said += edge.by.card.out_of_range(edge.by.model_inputs(footprint.at[target]))  # type: ignore[union-attr]
    return said


def _doubt(graph: Graph, edge: Edge) -> list[Caveat]:
    """That a chance was given, or that the figures behind it are to be confirmed."""
    source, target = graph[edge.source].label, graph[edge.target].label
    if edge.model is None or isinstance(edge.by, Level):
        if edge.by.certainty is Certainty.SURE:
            return []
        return [
            Caveat(
                f"cascade.given.{edge.id}",
                Text(
                    f"“{source.zh} → {target.zh}”的概率为给定值（{edge.by.source}）",
                    f"The chance of '{source.en} to {target.en}' was given ({edge.by.source})",
                ),
            )
        ]
    if edge.by.certainty not in (Certainty.UNSURE, Certainty.OWN_DEFAULT):
        return []
    return [
        Caveat(
            f"cascade.unsure.{edge.id}",
            Text(
                f"“{source.zh} → {target.zh}”的参数有待核实（{edge.by.source}）",
                f"The figures behind '{source.en} to {target.en}' are to be confirmed ({edge.by.source})",
            ),
        )
    ]


def _of_event(event: Event) -> list[Caveat]:
    said = [*(caveat for card in event.backed_by for caveat in card.caveats), *event.caveats]
    if event.chance is not None and event.chance.certainty is not Certainty.SURE:
        words = Text(
            f"“{event.label.zh}”的概率为给定值（{event.chance.source}）",
            f"The chance of '{event.label.en}' was given ({event.chance.source})",
        )
        said.append(Caveat(f"cascade.given.{event.id}", words))
    return said
