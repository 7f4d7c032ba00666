"""Exact enumeration beside closed forms, trees by hand and another program."""

from collections.abc import Iterator
from itertools import permutations
from math import asin, pi

import numpy as np

from anlan.kernel.validation import Case, Certainty
from anlan.science.cascade.chains import likeliest, worst_credible
from anlan.science.cascade.enumeration import enumerated
from anlan.science.cascade.footprint import Footprint, Measure
from anlan.science.cascade.fragility import Lognormal
from anlan.science.cascade.graph import Graph
from anlan.science.cascade.ranking import rank_exactly
from anlan.science.cascade.scenario import CARD
from anlan.science.cascade.validation.small import graph
from anlan.science.chemical.risk import domino

SURE = Certainty.SURE


def cases() -> Iterator[Case]:
    yield from _trees()
    yield from _network()
    yield from _common_cause()
    yield from _domino()
    yield from _chains()


def row(case: str, source: str, target: float, ours: float, tolerance: float = 1e-12, unit: str = "") -> Case:
    return Case(case, source, SURE, float(target), float(ours), unit, float(tolerance), model=CARD.id)


def _trees() -> Iterator[Case]:
    by_hand = "by hand"
    two_stage = graph({"quake>tank": 0.3, "tank>release": 0.9, "release>fire": 0.1}, roots={"quake": 0.2})
    yield row("two-stage tree", by_hand, 0.2 * 0.3 * 0.9 * 0.1, _chance(two_stage, "fire"))
    diamond = graph({"a>b": 0.5, "a>c": 0.4, "b>d": 0.6, "c>d": 0.7}, roots={"a": 1.0})
    yield row("two ways to one event", by_hand, 1 - (1 - 0.3) * (1 - 0.28), _chance(diamond, "d"))
    gate = graph(
        {"drought>fire": 0.8, "wind>fire": 0.5}, roots={"drought": 0.9, "wind": 0.6}, all_of=["fire"]
    )
    yield row("an event that wants both causes", by_hand, 0.9 * 0.8 * 0.6 * 0.5, _chance(gate, "fire"))
    links = {"a>leak": 0.2, "a>burst": 0.5, "leak>fire": 0.1, "burst>fire": 0.4}
    choice = graph(links, roots={"a": 1.0}, choices={"a>leak": "state", "a>burst": "state"})
    yield row("states that exclude each other", by_hand, 0.2 * 0.1 + 0.5 * 0.4, _chance(choice, "fire"))


def _network() -> Iterator[Case]:
    """Five links between two ends, the middle one passable either way."""
    p = 0.9
    links = ("s>a", "s>b", "a>b", "b>a", "a>t", "b>t")
    bridge = graph(dict.fromkeys(links, p), roots={"s": 1.0}, mutual=["a>b", "b>a"])
    target = 2 * p**2 + 2 * p**3 - 5 * p**4 + 2 * p**5
    source = "reliability of the bridge network, 2p² + 2p³ − 5p⁴ + 2p⁵ (Barlow and Proschan 1975)"
    yield row("bridge network with a loop", source, target, _chance(bridge, "t"))


def _common_cause() -> Iterator[Case]:
    """Two targets at their median: both fail with 1/4 + asin(ρ)/2π, ρ the shared part of the variance."""
    source = "Sheppard 1899: orthant of the bivariate normal, 1/4 + asin(ρ)/2π"
    for between, within, beta in ((0.35, 0.45, 0.6), (0.8, 0.0, 0.5), (0.8, 0.0, 0.0), (0.0, 0.5, 0.6)):
        curve = Lognormal(Measure.PGA, 0.3, beta, "validation", SURE)
        shaken = Footprint(Measure.PGA, {"one": 0.3, "two": 0.3}, between, within)
        both = graph(
            {"quake>one": curve, "quake>two": curve, "one>both": 1.0, "two>both": 1.0},
            roots={"quake": 1.0},
            footprints={"quake": shaken},
            at={"quake>one": ("one",), "quake>two": ("two",)},
            all_of=["both"],
        )
        rho = between**2 / (between**2 + within**2 + beta**2)
        name = f"two tanks under one earthquake, shared part {rho:.2f} of the scatter"
        yield row(name, source, 0.25 + asin(rho) / (2 * pi), _chance(both, "both"), 1e-7)


def _domino() -> Iterator[Case]:
    chances = np.random.default_rng(11).random((5, 5)) * 0.6
    np.fill_diagonal(chances, 0.0)
    theirs = domino.cascade(chances, 0)
    links = {f"{i}>{j}": float(chances[i, j]) for i, j in permutations(range(5), 2)}
    ours = enumerated(graph(links, roots={"0": 1.0}, mutual=list(links)))
    source = "chemical.domino, exact cascade of five units that attack each other"
    for unit in range(1, 5):
        chance = ours.chance(str(unit)).value
        yield row(f"domino, unit {unit + 1}", source, float(theirs.unit[unit]), chance)


def _chains() -> Iterator[Case]:
    links = {"a>b": 0.5, "b>c": 0.1, "a>d": 0.004}
    outcomes = enumerated(graph(links, roots={"a": 1.0}, severity={"b": 1.0, "c": 10.0, "d": 100.0}))
    first, worst = likeliest(outcomes), worst_credible(outcomes, 0.01)
    rare = worst_credible(outcomes, 0.001)
    by_hand = "by hand"
    yield row("likeliest chain", by_hand, 0.5 * 0.9 * 0.996, first.chance if first else np.nan)
    yield row("severity that is credible at 0.01", by_hand, 11.0, worst.severity if worst else np.nan)
    # 111 with 0.0002, 101 with 0.0018
    yield row("severity that is credible at 0.001", by_hand, 101.0, rare.severity if rare else np.nan)
    yield row("chance of that or worse", by_hand, 0.004 * 0.5, rare.exceedance if rare else np.nan)
    series = graph({"a>b": 0.5, "b>d": 0.6, "a>c": 0.4, "c>d": 0.7}, roots={"a": 1.0})
    shares = {one.edge: one.share for one in rank_exactly(series, "d")}
    yield row(
        "importance of one of two ways", "Fussell and Vesely, by hand", (0.496 - 0.28) / 0.496, shares["a>b"]
    )


def _chance(one: Graph, event: str) -> float:
    return enumerated(one).chance(event).value
