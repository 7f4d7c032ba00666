"""The run itself: a chain in; chances, times, chains, ranking and the union of its footprints out."""

from dataclasses import asdict, replace
from typing import Any

import numpy as np

from anlan.kernel.errors import NotFound
from anlan.kernel.models import ModelCard
from anlan.kernel.text import Text
from anlan.science.cascade.chains import Chain
from anlan.science.cascade.graph import Graph
from anlan.science.cascade.scenario import CARD, CascadeResult, Settings
from anlan.science.cascade.scenario import run as run_graph
from anlan.science.cascade.simulation.graphs import graph_of
from anlan.science.cascade.simulation.params import Params
from anlan.science.cascade.union import Union
from anlan.science.params import plain_params, read_params, refused_at
from anlan.science.products import Outcome, Step, Zone, no_report
from anlan.science.products.outlines import outline_of
from anlan.science.products.result import input_hash

ENGINE = f"cascade-simulation/1, {CARD.id}/{CARD.version}"
_SHARES = (0.5, 0.1, 0.01)


def read(content: bytes) -> Params:
    """The parameters of a file. Raises `Invalid` with the path of the field that is wrong."""
    return read_params(content, Params)


def hash_of(asked: Params) -> str:
    """By what a result is stored: the same for the same question to the same software."""
    return input_hash("cascade", ENGINE, plain_params(asked))


def check(asked: Params) -> None:
    """Refuse at once what a run would refuse before it computes: the graph is made and thrown away."""
    graph = graph_of(asked)
    if asked.event is not None:
        try:
            graph.place(asked.event)
        except NotFound as problem:
            raise refused_at("$.event", problem.title) from problem


def simulate(asked: Params, report: Step = no_report) -> Outcome:
    """The chain that is asked for; *report* hears how far it is and stops the run by raising. Raises `Invalid`."""
    report(0.0, Text("建立事件图", "building the graph"))
    check(asked)
    graph = graph_of(asked)
    settings = Settings(asked.samples, asked.seed, asked.credible, asked.event)
    words = Text("推演事件链", "following the chain")
    made = run_graph(graph, settings, lambda share: report(0.05 + 0.85 * share, words))
    report(0.92, Text("绘制影响范围", "outlining what is reached"))
    outcome = _outcome(asked, graph, made)
    report(1.0, Text("完成", "done"))
    return outcome


def _outcome(asked: Params, graph: Graph, made: CascadeResult) -> Outcome:
    plain = plain_params(asked)
    inputs = {key: value for key, value in plain.items() if key not in ("name", "note")}
    figures = {f"chance_{event}": one.value for event, one in made.chances.items()}
    figures["expected_severity"] = made.expected_severity
    if made.union is not None:
        figures |= {
            name: getattr(made.union, name)
            for name in ("mean_area_m2", "area_05_m2", "area_50_m2", "area_95_m2")
        }
    return Outcome(
        "cascade",
        str(plain["chain"]["kind"]),
        Text(asked.name.zh, asked.name.en),
        (asked.site.lon, asked.site.lat),
        plain,
        hash_of(asked),
        () if made.union is None else _zones(made.union),
        () if made.union is None else (made.union.chance,),
        figures,
        replace(made.manifest, inputs=dict(made.manifest.inputs) | {"params": inputs}),
        _cards(graph),
        {"cascade": _said(graph, made)},
    )


def _zones(union: Union) -> tuple[Zone, ...]:
    """Where anything at all arrives with at least each chance, the surest first."""
    chance = union.chance
    values = np.asarray(chance.values, np.float64)
    return tuple(
        Zone(
            outline_of(
                values >= share,
                chance.grid,
                f"chance_{share:g}",
                "",
                share,
                Text(
                    f"受任一事件影响的概率不小于 {share:.0%}", f"reached with a chance of {share:.0%} or more"
                ),
            ),
            "chance",
            "classes of the platform",
            "own_default",
        )
        for share in _SHARES
    )


def _cards(graph: Graph) -> tuple[ModelCard, ...]:
    """The models of the chain, each once: the graph's, then those behind its events and edges."""
    behind = [card for event in graph.events for card in event.backed_by]
    behind += [edge.model for edge in graph.edges if edge.model is not None]
    return tuple({card.id: card for card in (CARD, *behind)}.values())


def _said(graph: Graph, made: CascadeResult) -> dict[str, Any]:
    """The graph with its labels, and what was found, for screens that draw it."""
    arrivals = {one.event: one for one in made.arrivals}
    events = [
        {
            "id": event.id,
            "kind": event.kind.value,
            "label": _both(event.label),
            "severity": event.severity,
            "chance": asdict(made.chances[event.id]),
            "range": list(made.bounds.get(event.id, ())),
            "arrival_s": [getattr(arrivals[event.id], name) for name in ("early_s", "median_s", "late_s")],
        }
        for event in graph.events
    ]
    edges = [
        {
            "id": edge.id,
            "source": edge.source,
            "target": edge.target,
            "model": edge.model.id if edge.model else None,
            "ground": edge.by.source,
            "certainty": edge.by.certainty.value,
        }
        for edge in graph.edges
    ]
    return {
        "title": _both(graph.title),
        "method": made.method.value,
        "method_label": _both(made.method.label),
        "severity_unit": _both(graph.severity_unit),
        "events": events,
        "edges": edges,
        "likeliest": _chain(made.likeliest),
        "worst_credible": _chain(made.worst),
        "credible": made.credible,
        "ranking": [asdict(one) | {"share": one.share} for one in made.ranking],
        "exceedance": [list(one) for one in made.exceedance],
    }


def _chain(chain: Chain | None) -> dict[str, Any] | None:
    return None if chain is None else asdict(chain)


def _both(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}
