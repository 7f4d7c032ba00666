"""Monte-Carlo: its error, its interval, its times, and the union of areas."""

from collections.abc import Iterator
from math import pi, sqrt

import numpy as np

from anlan.kernel.fields import Grid
from anlan.kernel.text import Text
from anlan.kernel.validation import Case, Certainty
from anlan.science.cascade.delay import Uniform
from anlan.science.cascade.enumeration import enumerated
from anlan.science.cascade.footprint import Area
from anlan.science.cascade.graph import Edge, Event, Graph, Kind
from anlan.science.cascade.sampling import simulate
from anlan.science.cascade.scenario import CARD
from anlan.science.cascade.timeline import timeline
from anlan.science.cascade.union import union
from anlan.science.cascade.validation.small import given, graph

_RUNS, _SAMPLES = 60, 1000


def cases() -> Iterator[Case]:
    yield from _error()
    yield from _times()
    yield from _union()


def _row(case: str, source: str, target: float, ours: float, tolerance: float, unit: str = "") -> Case:
    return Case(
        case, source, Certainty.SURE, float(target), float(ours), unit, float(tolerance), model=CARD.id
    )


def _error() -> Iterator[Case]:
    tree = graph({"a>b": 0.3, "b>c": 0.5, "a>c": 0.1}, roots={"a": 0.8})
    exact = enumerated(tree).chance("c").value
    found = [simulate(tree, _SAMPLES, seed).outcomes.chance("c") for seed in range(_RUNS)]
    error = sqrt(float(np.mean([(one.value - exact) ** 2 for one in found])))
    ours = error / sqrt(exact * (1 - exact) / _SAMPLES)
    yield _row(f"error of {_SAMPLES} samples over √(p(1−p)/N)", "binomial law", 1.0, ours, 0.3)
    held = float(np.mean([one.low <= exact <= one.high for one in found]))
    yield _row("share of 95 % intervals that hold the exact chance", "Wilson 1927", 0.95, held, 0.08)
    many = simulate(tree, 200_000, 3).outcomes.chance("c").value
    tolerance = 4 * sqrt(exact * (1 - exact) / 200_000)
    yield _row("200,000 samples beside the exact chance", "enumeration", exact, many, tolerance)


def _times() -> Iterator[Case]:
    """Two steps of 0 to 1 h one after the other, and two such causes of one event side by side."""
    hour = Uniform(0.0, 3600.0)
    both = {"a>b": hour, "b>c": hour, "a>d": hour, "e>d": hour}
    tree = graph(dict.fromkeys(both, 1.0), roots={"a": 1.0, "e": 1.0}, delays=both)
    found = {one.event: one for one in timeline(simulate(tree, 40_000, 5))}
    source = "sum and least of two uniform delays"
    yield _row("median of two delays in a row", source, 3600.0, found["c"].median_s or np.nan, 30.0, "s")
    target = 3600.0 * (1 - sqrt(0.5))
    yield _row("median of the first of two causes", source, target, found["d"].median_s or np.nan, 20.0, "s")
    target = 3600.0 * sqrt(2 * 0.05)
    yield _row("5 % quantile of two delays in a row", source, target, found["c"].early_s or np.nan, 30.0, "s")


def _union() -> Iterator[Case]:
    grid = Grid(400, 400, 5.0, -1000.0, 1000.0, "local:106,38")
    discs = {"b": Area.of_disc(grid, -200.0, 0.0, 300.0), "c": Area.of_disc(grid, 200.0, 0.0, 300.0)}
    words = Text("事件", "event")
    events = [Event("a", Kind.OTHER, words, chance=given(1.0))]
    events += [Event(name, Kind.FIRE, words, area=area) for name, area in discs.items()]
    edges = (Edge("ab", "a", "b", given(0.5)), Edge("ac", "a", "c", given(0.2)))
    found = union(enumerated(Graph("union", words, tuple(events), edges)))
    if found is None:
        raise RuntimeError("the graph has areas")
    row, column = grid.cell_of(1.0, 1.0) or (0, 0)
    middle = float(np.asarray(found.chance.values)[row, column])
    yield _row("chance where two areas overlap", "1 − (1 − p)(1 − q)", 0.6, middle, 1e-12)
    # two discs of radius r at 2c: the lens is 2r² acos(c/r) − 2c √(r² − c²)
    lens = 2 * 300**2 * np.arccos(200 / 300) - 2 * 200 * sqrt(300**2 - 200**2)
    target = (0.5 + 0.2) * pi * 300**2 - 0.5 * 0.2 * lens
    yield _row(
        "mean area of the union", "two discs and their lens", target, found.mean_area_m2, 0.005 * target, "m²"
    )
