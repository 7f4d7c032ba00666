"""Sampling and enumeration agree on graphs of every kind; what is independent stays so."""

from itertools import permutations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.kernel.text import Text
from anlan.kernel.validation import Certainty
from anlan.science.cascade import (
    Edge,
    Event,
    Footprint,
    Gate,
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
from anlan.science.cascade.enumeration import TooManyHistories
from anlan.science.cascade.scenario import Method
from anlan.science.chemical.risk.domino import cascade

WORDS = Text("事件", "event")
SEEDS = st.integers(0, 100_000)


def sure(chance: float) -> Given:
    return Given(chance, "test", Certainty.SURE)


def random_graph(seed: int) -> Graph:
    """Six to nine events with shared scatter, gates, choices and, half of the time, a loop."""
    rng = np.random.default_rng(seed)
    count = int(rng.integers(6, 10))
    names = [f"e{number}" for number in range(count)]
    shaken = Footprint(
        Measure.PGA, {"a": 0.3, "b": 0.5}, float(rng.uniform(0, 0.7)), float(rng.uniform(0, 0.5))
    )
    events = [Event(names[0], Kind.EARTHQUAKE, WORDS, (shaken,), sure(1.0))]
    edges = []
    for place in range(1, count):
        sources = rng.choice(place, size=min(place, int(rng.integers(1, 4))), replace=False)
        gate = Gate.ALL if rng.random() < 0.2 and place < count - 2 else Gate.ANY
        own = sure(0.3) if gate is Gate.ANY and rng.random() < 0.15 else None
        events.append(Event(names[place], Kind.OTHER, WORDS, chance=own, gate=gate, severity=float(place)))
        for source in sources:
            name = f"{source}>{place}"
            if source == 0 and rng.random() < 0.7:
                target = "ab"[int(rng.integers(2))]
                edges.append(Edge(name, names[0], names[place], fragility("tank_anchored_slight"), (target,)))
            else:
                choice = "one" if source and rng.random() < 0.3 else ""
                edges.append(
                    Edge(
                        name,
                        names[source],
                        names[place],
                        sure(float(rng.uniform(0.05, 0.11 if choice else 0.9))),
                        delay=LognormalDelay(60.0, 0.5),
                        choice=choice,
                    )
                )
    if rng.random() < 0.5:
        last, other = names[-1], names[-2]
        edges += [
            Edge("there", last, other, sure(0.6), mutual=True),
            Edge("back", other, last, sure(0.5), mutual=True),
        ]
        edges = [edge for edge in edges if edge.id != f"{count - 2}>{count - 1}"]
    return Graph("random", WORDS, tuple(events), tuple(edges))


@given(SEEDS)
@settings(max_examples=25)
def test_drawn_chances_agree_with_exact_ones(seed: int) -> None:
    graph = random_graph(seed)
    exact, drawn = enumerated(graph), simulate(graph, 20_000, seed).outcomes
    for event in graph.events:
        chance = exact.chance(event.id).value
        error = 5 * np.sqrt(max(chance * (1 - chance), 1e-4) / 20_000)
        assert drawn.chance(event.id).value == pytest.approx(chance, abs=error), event.id
    assert exact.weights.sum() == pytest.approx(1.0, abs=1e-12)


@given(st.integers(2, 6), SEEDS)
@settings(max_examples=15)
def test_units_that_attack_each_other_cascade_as_in_the_chemical_engine(count: int, seed: int) -> None:
    chances = np.random.default_rng(seed).random((count, count)) * 0.7
    np.fill_diagonal(chances, 0.0)
    events = tuple(
        Event(str(i), Kind.FIRE, WORDS, chance=sure(1.0) if i == 0 else None) for i in range(count)
    )
    edges = tuple(
        Edge(f"{i}>{j}", str(i), str(j), sure(float(chances[i, j])), mutual=True)
        for i, j in permutations(range(count), 2)
    )
    found = enumerated(Graph("domino", WORDS, events, edges))
    ours = [found.chance(str(unit)).value for unit in range(count)]
    assert ours == pytest.approx(cascade(chances, 0).unit.tolist(), abs=1e-12)


@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=8))
def test_independence_limit_chances_of_separate_links_multiply(chances: list[float]) -> None:
    """Without a scatter in common any set of targets fails with the product of the single chances."""
    quake = Event("quake", Kind.EARTHQUAKE, WORDS, chance=sure(1.0))
    tanks = tuple(Event(f"t{i}", Kind.LEAK, WORDS) for i in range(len(chances)))
    edges = tuple(Edge(f"q{i}", "quake", f"t{i}", sure(chance)) for i, chance in enumerate(chances))
    found = enumerated(Graph("apart", WORDS, (quake, *tanks), edges))
    for pattern in product([False, True], repeat=min(len(chances), 4)):
        rows = np.ones(len(found.weights), np.bool_)
        expected = 1.0
        for place, fails in enumerate(pattern):
            rows &= found.happens[1 + place] == fails
            expected *= chances[place] if fails else 1 - chances[place]
        assert found.of(rows).value == pytest.approx(expected, abs=1e-12)


def _two_tanks(between_ln: float) -> tuple[float, float]:
    """Chance that both leak, and the product of the single chances."""
    shaken = Footprint(Measure.PGA, {"a": 0.25, "b": 0.4}, between_ln, 0.3)
    quake = Event("quake", Kind.EARTHQUAKE, WORDS, (shaken,), sure(1.0))
    tanks = [Event(name, Kind.LEAK, WORDS) for name in "ab"]
    curve = fragility("tank_anchored_slight")
    edges = tuple(Edge(name, "quake", name, curve, (name,)) for name in "ab")
    found = enumerated(Graph("two", WORDS, (quake, *tanks), edges))
    both = found.of(found.happens[1] & found.happens[2]).value
    return both, found.chance("a").value * found.chance("b").value


@given(st.floats(0.05, 1.0))
@settings(max_examples=15)
def test_a_scatter_in_common_makes_targets_fail_together(between_ln: float) -> None:
    both, product_of_chances = _two_tanks(between_ln)
    assert both > product_of_chances
    weaker, its_product = _two_tanks(between_ln / 2)
    assert weaker - its_product < both - product_of_chances


def test_the_less_is_shared_the_nearer_to_independence() -> None:
    apart = [both - product for both, product in map(_two_tanks, (0.5, 0.1, 0.01, 0.0))]
    assert apart == sorted(apart, reverse=True)
    assert apart[-1] == pytest.approx(0.0, abs=1e-12) and apart[-2] < 1e-3


@given(SEEDS, st.floats(0.0, 1.0))
@settings(max_examples=20)
def test_a_likelier_link_makes_no_event_less_likely(seed: int, raised: float) -> None:
    graph = random_graph(seed)
    plain = [edge for edge in graph.edges if isinstance(edge.by, Given) and not edge.choice]
    if not plain:
        return
    edge = plain[seed % len(plain)]
    chance = edge.by.chance + (1 - edge.by.chance) * raised  # type: ignore[union-attr]
    more = tuple(
        Edge(e.id, e.source, e.target, sure(chance), mutual=e.mutual) if e is edge else e for e in graph.edges
    )
    before, after = enumerated(graph), enumerated(Graph("more", WORDS, graph.events, more))
    for event in graph.events:
        assert after.chance(event.id).value >= before.chance(event.id).value - 1e-12


def test_a_graph_too_large_to_enumerate_says_so() -> None:
    events = [Event("root", Kind.OTHER, WORDS, chance=sure(1.0))]
    events += [Event(f"n{i}", Kind.OTHER, WORDS) for i in range(30)]
    edges = tuple(Edge(f"e{i}", "root", f"n{i}", sure(0.5)) for i in range(30))
    with pytest.raises(TooManyHistories) as caught:
        enumerated(Graph("wide", WORDS, tuple(events), edges))
    assert "抽样" in caught.value.next_step.zh
    wide = Graph("wide", WORDS, tuple(events), edges)
    result = run(wide, Settings(2000))
    assert result.method is Method.SAMPLED and result.chances["n3"].value == pytest.approx(0.5, abs=0.06)
