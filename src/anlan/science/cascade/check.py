"""What a graph must keep to, and what is said when it does not: each refusal names the event or edge at fault."""

import math
from collections import Counter

import numpy as np

from anlan.kernel.errors import Invalid
from anlan.kernel.text import Text
from anlan.science.cascade.given import Given
from anlan.science.cascade.graph import Edge, Event, Gate, Graph
from anlan.science.cascade.odds import edge_chances
from anlan.science.cascade.order import a_cycle, groups

_PROBES = np.linspace(-6.0, 6.0, 25)


def check(graph: Graph) -> None:
    """Raises `Invalid`."""
    _names(graph)
    for event in graph.events:
        _event(event)
    for edge in graph.edges:
        _ends(graph, edge)
        _links(graph, edge)
    _causes(graph)
    _cycles(graph)
    _chances(graph)
    _areas(graph)


def _names(graph: Graph) -> None:
    if not graph.events:
        raise _refused("事件图为空", "The graph has no events")
    for what, ids in (
        (Text("事件", "event"), [event.id for event in graph.events]),
        (Text("边", "edge"), [edge.id for edge in graph.edges]),
    ):
        twice = [name for name, times in Counter(ids).items() if times > 1 or not name.strip()]
        if twice:
            raise _refused(
                f"{what.zh}编号重复或为空：{twice[0]!r}",
                f"The id {twice[0]!r} of an {what.en} is empty or used twice",
                id=twice[0],
            )


def _event(event: Event) -> None:
    if not (math.isfinite(event.severity) and event.severity >= 0):
        raise _refused(
            f"事件 {event.id} 的后果值无效", f"The severity of event {event.id} is not valid", event=event.id
        )
    measures = [one.measure for one in event.footprints]
    if len(set(measures)) < len(measures):
        raise _refused(
            f"事件 {event.id} 的同一强度指标有两个影响场",
            f"Event {event.id} has two footprints of one measure",
            event=event.id,
        )
    for one in event.footprints:
        numbers = [*one.at.values(), one.between_ln, one.within_ln]
        if not all(math.isfinite(value) and value >= 0 for value in numbers):
            raise _refused(
                f"事件 {event.id} 的{one.measure.label.zh}含无效值（须为非负有限数）",
                f"The {one.measure.label.en} of event {event.id} holds a value that is negative or not finite",
                event=event.id,
                measure=one.measure.value,
            )


def _ends(graph: Graph, edge: Edge) -> None:
    for end in (edge.source, edge.target):
        if end not in graph.index:
            raise _refused(
                f"边 {edge.id} 指向不存在的事件 {end}",
                f"Edge {edge.id} names an event that there is not: {end}",
                edge=edge.id,
                event=end,
            )
    if edge.source == edge.target:
        raise _refused(f"边 {edge.id} 指向自身", f"Edge {edge.id} leads to its own source", edge=edge.id)


def _links(graph: Graph, edge: Edge) -> None:
    if isinstance(edge.by, Given):
        if edge.at or edge.trigger:
            raise _refused(
                f"边 {edge.id} 的概率为给定值，不能带承灾体或触发强度",
                f"Edge {edge.id} has a given chance: it takes neither targets nor a trigger",
                edge=edge.id,
            )
        return
    measure = edge.by.measure
    footprint = graph[edge.source].footprint(measure)
    if footprint is None:
        raise _refused(
            f"边 {edge.id} 需要{measure.label.zh}，事件 {edge.source} 没有该影响场",
            f"Edge {edge.id} needs {measure.label.en}, of which event {edge.source} has no footprint",
            edge=edge.id,
            measure=measure.value,
        )
    unknown = [target for target in edge.at if target not in footprint.at]
    if unknown or not edge.at:
        raise _refused(
            f"边 {edge.id} 的承灾体不在影响场内：{'、'.join(unknown) or '（未给出）'}",
            f"Edge {edge.id} names targets that the footprint lacks: {', '.join(unknown) or '(none given)'}",
            edge=edge.id,
            targets=unknown,
        )
    if edge.choice and len(edge.at) > 1:
        raise _refused(
            f"互斥边 {edge.id} 只能对应一个承灾体",
            f"Edge {edge.id} is one of a choice: it takes a single target",
            edge=edge.id,
        )
    if edge.trigger and not (math.isfinite(edge.trigger.at_least) and edge.trigger.at_least >= 0):
        raise _refused(
            f"边 {edge.id} 的触发强度无效", f"The trigger of edge {edge.id} is not valid", edge=edge.id
        )


def _causes(graph: Graph) -> None:
    caused = {edge.target for edge in graph.edges}
    for event in graph.events:
        if event.chance is None and event.id not in caused:
            raise _refused(
                f"事件 {event.id} 既无自身概率也无原因，永不发生",
                f"Event {event.id} has neither a chance of its own nor a cause: it never happens",
                event=event.id,
            )
        if event.chance is not None and event.gate is Gate.ALL:
            raise _refused(
                f"事件 {event.id} 要求全部原因成立，不能另有自身概率",
                f"Event {event.id} wants all its causes: it cannot have a chance of its own",
                event=event.id,
            )


def _cycles(graph: Graph) -> None:
    arcs = [(graph.index[edge.source], graph.index[edge.target]) for edge in graph.edges]
    for members in groups(len(graph.events), arcs):
        if len(members) == 1:
            continue
        inside = set(members)
        loose = [
            edge.id
            for edge, (source, target) in zip(graph.edges, arcs, strict=True)
            if source in inside and target in inside and not edge.mutual
        ]
        gated = [graph.events[node].id for node in members if graph.events[node].gate is Gate.ALL]
        if loose or gated:
            loop = [graph.events[node].id for node in a_cycle(members, arcs)]
            raise Invalid(
                Text(f"事件图存在回路：{' → '.join(loop)}", f"The graph has a cycle: {' → '.join(loop)}"),
                next_step=Text(
                    "请删去一条边；若为相互引发的单元，请将回路各边标为 mutual，且不用“全部原因”",
                    "Remove an edge; for units that bring down each other mark every edge of the loop as mutual, "
                    "with gates of any cause",
                ),
                facts={"cycle": loop, "not_mutual": loose},
            )


def _chances(graph: Graph) -> None:
    """Chances between 0 and 1 over the whole scatter of the source, and choices that add up to no more than one."""
    total: dict[tuple[str, str], np.ndarray] = {}
    for edge in graph.edges:
        chance = edge_chances(graph, edge, _PROBES)
        if not (np.isfinite(chance).all() and (chance >= 0).all() and (chance <= 1 + 1e-12).all()):
            raise _refused(
                f"边 {edge.id} 的概率超出 0–1", f"The chance of edge {edge.id} leaves 0 to 1", edge=edge.id
            )
        if edge.choice:
            key = edge.source, edge.choice
            total[key] = total.get(key, np.zeros(len(_PROBES))) + chance
    for (source, choice), chance in total.items():
        if chance.max() > 1 + 1e-9:
            raise _refused(
                f"事件 {source} 的互斥分支 {choice} 概率之和大于 1",
                f"The branches of choice {choice} of event {source} add up to more than one",
                event=source,
                choice=choice,
                total=float(chance.max()),
            )


def _areas(graph: Graph) -> None:
    grids = {event.area.grid for event in graph.events if event.area is not None}
    if len(grids) > 1:
        raise _refused("各事件影响范围的格网不一致", "The areas of the events lie on different grids")


def _refused(zh: str, en: str, **facts: object) -> Invalid:
    return Invalid(
        Text(zh, en), next_step=Text("请修改事件图后重试", "Correct the graph and try again"), facts=facts
    )
