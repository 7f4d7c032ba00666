"""The one entry: a graph in; chances, time line, chains, ranking and union out, with a manifest."""

import math
from dataclasses import asdict, dataclass, field
from typing import Any

from anlan.kernel.errors import Invalid
from anlan.kernel.models import Caveat, Manifest, ModelCard, Quantity, Verification, manifest_of
from anlan.kernel.text import LabelledEnum, Text
from anlan.science.cascade.bounds import at_end, has_range
from anlan.science.cascade.caveats import caveats_of
from anlan.science.cascade.chains import FEW_SAMPLES, Chain, likeliest, worst_credible
from anlan.science.cascade.constants import VERSIONS, constant
from anlan.science.cascade.enumeration import MOST_HISTORIES, TooManyHistories, enumerated
from anlan.science.cascade.graph import Graph
from anlan.science.cascade.outcomes import Estimate, Outcomes
from anlan.science.cascade.ranking import Contribution, rank_by_samples, rank_exactly
from anlan.science.cascade.sampling import Samples, simulate
from anlan.science.cascade.timeline import Arrival, timeline
from anlan.science.cascade.union import Union, union
from anlan.science.cascade.watch import Cancelled, Progress, Watch
from anlan.science.registry import model


class Method(LabelledEnum):
    """How the chances were found; times always come from samples."""

    EXACT = "exact", "精确枚举", "enumerated exactly"
    SAMPLED = "sampled", "蒙特卡洛抽样", "drawn by Monte-Carlo"


@dataclass(frozen=True)
class Settings:
    """*credible* is the chance from which a chain counts as credible; *event* whose chance is ranked, else severity.

    *exact* is the number of histories up to which chances are enumerated; 0 draws in any case.
    """

    samples: int = 10_000
    seed: int = 1
    credible: float = field(default_factory=lambda: constant("credible_chance").value)
    event: str | None = None
    exact: int = 2**16

    def __post_init__(self) -> None:
        if not (math.isfinite(self.credible) and 0 < self.credible < 1):
            raise Invalid(
                Text("可信概率阈值须在 0 与 1 之间", "The credible chance lies between 0 and 1"),
                facts={"credible": str(self.credible)},
            )
        if not 0 <= self.exact <= MOST_HISTORIES:
            raise Invalid(
                Text("枚举上限无效", "The limit of histories is not valid"), facts={"exact": self.exact}
            )


@dataclass(frozen=True)
class CascadeResult:
    """*chances* by event; *samples* tell times and can be replayed; *exceedance* is P(S ≥ s) of the severity s.

    *worst* is the worst chain of a chance of at least *credible*.
    *bounds* are the chances with every given chance at the low and at the high end; empty when none has a range.
    """

    graph: Graph
    method: Method
    chances: dict[str, Estimate]
    bounds: dict[str, tuple[float, float]]
    arrivals: tuple[Arrival, ...]
    likeliest: Chain | None
    worst: Chain | None
    credible: float
    ranking: tuple[Contribution, ...]
    union: Union | None
    expected_severity: float
    exceedance: tuple[tuple[float, float], ...]
    samples: Samples = field(repr=False)
    outcomes: Outcomes = field(repr=False)
    manifest: Manifest = field(repr=False)

    def as_json(self) -> dict[str, Any]:
        """The summary as JSON values; the union's field is stored apart."""
        return {
            "graph": self.graph.id,
            "method": self.method.value,
            "chances": {event: asdict(one) for event, one in self.chances.items()},
            "bounds": {event: list(ends) for event, ends in self.bounds.items()},
            "arrivals": [asdict(one) for one in self.arrivals],
            "likeliest": asdict(self.likeliest) if self.likeliest else None,
            "worst": asdict(self.worst) if self.worst else None,
            "credible": self.credible,
            "ranking": [{**asdict(one), "share": one.share} for one in self.ranking],
            "union": {k: v for k, v in vars(self.union).items() if k != "chance"} if self.union else None,
            "expected_severity": self.expected_severity,
            "exceedance": [list(one) for one in self.exceedance],
            "manifest": self.manifest.as_json(),
        }


CARD = ModelCard(
    id="cascade.graph",
    version="1",
    title=Text("灾害链事件图", "Cascade of hazards (event graph)"),
    purpose=Text(
        "由事件、影响场、易损性与延迟组成的有向图，给出各次生事件概率、到达时间、最可能链与最不利可信链",
        "Chances and times of secondary events, the likeliest and the worst credible chain, "
        "from a graph of events, footprints, fragilities and delays",
    ),
    applicability=Text(
        "给定情景下的条件概率；除同一事件内的共同离散外，各边相互独立；每个事件至多发生一次",
        "Chances on condition of the scenario; edges are independent but for the scatter that targets of one event "
        "share; each event happens at most once",
    ),
    inputs=(
        Quantity("samples", "", Text("抽样次数", "samples"), 500, 2_000_000),
        Quantity("credible", "", Text("可信概率阈值", "credible chance"), 1e-6, 0.5),
    ),
    references=(
        "Cozzani, Antonioni, Landucci et al., J. Loss Prev. Process Ind. 28 (2014) 10-22 (cascading Natech events)",
        "Gill and Malamud, Rev. Geophys. 52 (2014) 680-722 (interacting hazards)",
        "Wilson, J. Am. Stat. Assoc. 22 (1927) 209-212 (interval)",
        "Fussell, IEEE Trans. Reliab. 24 (1975) 169-174 (importance)",
    ),
    verification=Verification.VERIFIED,
    suite="cascade",
    outputs=(Quantity("probability", "", Text("概率", "probability"), 0.0, 1.0),),
    caveats=(
        Caveat(
            "cascade.synergy",
            Text(
                "多个事件同时作用于同一目标时按相互独立计算，未计协同效应与应急处置",
                "Several events that act on one target count as independent attacks: no synergy, no response",
            ),
        ),
    ),
)


@model(CARD)
def run(
    graph: Graph,
    settings: Settings | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> CascadeResult:
    """Follow *graph*: chances exactly where it is small enough, else drawn; times and causes always drawn.

    Raises `Invalid`, `NotFound` for an event to rank that is not there, and `RunCancelled` when *cancelled* says so.
    """
    chosen = settings or Settings()
    if chosen.event is not None:
        graph.place(chosen.event)
    watch = Watch(progress, cancelled)
    samples = simulate(graph, chosen.samples, chosen.seed, watch.part(0.0, 0.2), cancelled)
    outcomes, method = _outcomes(graph, samples, chosen)
    rest = watch.part(0.2, 1.0)
    ranking = (
        rank_exactly(graph, chosen.event, rest, cancelled)
        if method is Method.EXACT
        else rank_by_samples(samples, chosen.event, rest, cancelled)
    )
    return CascadeResult(
        graph,
        method,
        {event.id: outcomes.chance(event.id) for event in graph.events},
        _bounds(graph, chosen, method, cancelled),
        timeline(samples),
        likeliest(outcomes, samples),
        worst_credible(outcomes, chosen.credible, samples),
        chosen.credible,
        ranking,
        union(outcomes),
        outcomes.expected_severity,
        _exceedance(outcomes),
        samples,
        outcomes,
        _manifest(graph, chosen, method),
    )


def _outcomes(graph: Graph, samples: Samples, chosen: Settings) -> tuple[Outcomes, Method]:
    if chosen.exact:
        try:
            return enumerated(graph, most=chosen.exact), Method.EXACT
        except TooManyHistories:
            pass  # the samples stand
    return samples.outcomes, Method.SAMPLED


def _bounds(
    graph: Graph, chosen: Settings, method: Method, cancelled: Cancelled | None
) -> dict[str, tuple[float, float]]:
    """Found as the chances were, in the same draws where they are drawn."""
    if not has_range(graph):
        return {}
    ends = []
    for high in (False, True):
        one = at_end(graph, high=high)
        if method is Method.EXACT:
            ends.append(enumerated(one))
        else:
            ends.append(simulate(one, chosen.samples, chosen.seed, cancelled=cancelled).outcomes)
    low, high_end = ends
    return {event.id: (low.chance(event.id).value, high_end.chance(event.id).value) for event in graph.events}


def _exceedance(outcomes: Outcomes) -> tuple[tuple[float, float], ...]:
    """P(S ≥ s) at the severities that occur, rising."""
    merged = outcomes.merged
    levels: dict[float, float] = {}
    for severity, weight in zip(merged.severity, merged.weights, strict=True):
        key = float(f"{severity:.12g}")
        levels[key] = levels.get(key, 0.0) + float(weight)
    total, found = 0.0, []
    for severity in sorted(levels, reverse=True):
        total += levels[severity]
        found.append((severity, min(1.0, total)))
    return tuple(reversed(found))


def _manifest(graph: Graph, chosen: Settings, method: Method) -> Manifest:
    inputs = {"graph": graph.as_json(), "method": method.value, **asdict(chosen)}
    said = caveats_of(graph)
    if method is Method.SAMPLED and chosen.samples * chosen.credible < FEW_SAMPLES:
        said.append(
            Caveat(
                "cascade.few_samples",
                Text(
                    f"抽样 {chosen.samples} 次不足以判断概率 {chosen.credible:g} 的最不利链",
                    f"{chosen.samples} samples are too few for a worst chain at a chance of {chosen.credible:g}",
                ),
            )
        )
    return manifest_of(CARD, inputs, tables=VERSIONS, seed=chosen.seed, caveats=tuple(said))
