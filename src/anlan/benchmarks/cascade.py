"""``anlan bench cascade``: ten thousand samples of a graph of twenty edges, and what a whole report takes.

The peer settles the same draws with scipy: every sample a copy of the graph, the edges that fire as arcs as long as
their delays, first arrivals as shortest paths from all initial events at once. Both must find the same times, or the
measurement fails.
"""

import argparse
import time
import tracemalloc

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from anlan.benchmarks.machine import describe, figure
from anlan.kernel.text import Text
from anlan.kernel.validation import Certainty
from anlan.science.cascade import (
    Edge,
    Event,
    Footprint,
    Given,
    Graph,
    Kind,
    LognormalDelay,
    Measure,
    Settings,
    enumerated,
    fragility,
    run,
    simulate,
)
from anlan.science.cascade.draw import BLOCK, draw
from anlan.science.cascade.plan import Plan

SEED = 20_261_126
_PEER = "scipy.sparse.csgraph.dijkstra over the same draws"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--samples", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=7)


def measure(options: argparse.Namespace) -> dict[str, object]:
    """Ours and the peer in turn, best of the rounds."""
    graph = make_graph()
    ours: list[float] = []
    theirs: list[float] = []
    reports: list[float] = []
    exact: list[float] = []
    for _ in range(options.rounds):
        began = time.perf_counter()
        found = simulate(graph, options.samples, SEED).times_s
        ours.append(time.perf_counter() - began)
        began = time.perf_counter()
        expected = run_scipy(graph, options.samples)
        theirs.append(time.perf_counter() - began)
        if not np.allclose(found, expected, rtol=1e-12):
            raise RuntimeError("ours and the peer disagree on the times of first arrival")
        began = time.perf_counter()
        enumerated(graph)
        exact.append(time.perf_counter() - began)
        began = time.perf_counter()
        run(graph, Settings(options.samples, SEED, exact=0))
        reports.append(time.perf_counter() - began)
    return {
        "name": "cascade",
        "machine": describe(),
        "figures": [
            figure(
                "samples_10k_s",
                min(ours),
                "s",
                "lower",
                peer=_PEER,
                peer_value=min(theirs),
                note=f"{options.samples} samples of {len(graph.events)} events and {len(graph.edges)} edges with "
                "lognormal delays, 5 of them on one shared scatter; wall time with the draws, best of "
                f"{options.rounds}",
            ),
            figure(
                "report_10k_s",
                min(reports),
                "s",
                "lower",
                note="the same with time line, chains and every edge cut in turn for the ranking",
            ),
            figure("exact_s", min(exact), "s", "lower", note="all chances of the same graph by enumeration"),
            figure(
                "samples_peak_mb",
                _memory_mb(graph, options.samples),
                "MB",
                "lower",
                note="allocated by the samples",
            ),
        ],
    }


def make_graph() -> Graph:
    """An earthquake over five tanks, their releases and fires, and fires that spread: 20 edges, no loops."""
    tanks = [f"T{number}" for number in range(5)]
    pga = Footprint(Measure.PGA, dict.fromkeys(tanks, 0.45), between_ln=0.35, within_ln=0.5)
    quake = Event("quake", Kind.EARTHQUAKE, Text("地震", "Earthquake"), (pga,), _given(1.0))
    events, edges = [quake], list[Edge]()
    for place, tank in enumerate(tanks):
        leak, release, fire = (f"{tank}.{what}" for what in ("leak", "release", "fire"))
        for name, kind in ((leak, Kind.LEAK), (release, Kind.RELEASE), (fire, Kind.FIRE)):
            events.append(Event(name, kind, Text(name, name), severity=1.0 + place))
        curve = fragility("tank_anchored_slight")
        edges += [
            Edge(f"{tank}:leaks", "quake", leak, curve, (tank,), delay=LognormalDelay(20.0, 0.3)),
            Edge(f"{tank}:flows", leak, release, _given(0.9), delay=LognormalDelay(120.0, 0.6)),
            Edge(f"{tank}:burns", release, fire, _given(0.2), delay=LognormalDelay(300.0, 0.8)),
        ]
    for number, (one, other) in enumerate(((0, 1), (1, 2), (2, 3), (3, 4), (0, 4))):
        source, target = f"T{one}.fire", f"T{other}.fire"
        edges.append(Edge(f"spreads{number}", source, target, _given(0.4), delay=LognormalDelay(600.0, 0.4)))
    return Graph("bench", Text("测速", "benchmark"), tuple(events), tuple(edges))


def run_scipy(graph: Graph, samples: int) -> NDArray[np.float64]:
    """First arrivals (events, samples) of the draws that ours makes, by shortest paths."""
    plan = Plan(graph)
    count = len(graph.events)
    found = []
    for block in range(-(-samples // BLOCK)):
        made = draw(plan, SEED, block)
        edge, row = np.nonzero(made.fires)
        source = np.array(plan.source)[edge] * BLOCK + row
        target = np.array(plan.target)[edge] * BLOCK + row
        arcs = csr_array((made.delays[edge, row], (source, target)), shape=(count * BLOCK, count * BLOCK))
        first = np.flatnonzero(np.isfinite(made.starts.ravel()))
        found.append(dijkstra(arcs, indices=first, min_only=True).reshape(count, BLOCK))
    return np.concatenate(found, axis=1)[:, :samples]


def _given(chance: float) -> Given:
    return Given(chance, "benchmark", Certainty.OWN_DEFAULT)


def _memory_mb(graph: Graph, samples: int) -> float:
    tracemalloc.start()
    simulate(graph, samples, SEED)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak / 1e6
