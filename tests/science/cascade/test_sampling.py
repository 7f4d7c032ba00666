"""Samples: reproducible, watched, stoppable, told again; comparable when the graph changes."""

from dataclasses import replace

import numpy as np
import pytest

from anlan.kernel.errors import Invalid
from anlan.kernel.text import Text
from anlan.kernel.validation import Certainty
from anlan.science.cascade import (
    Edge,
    Event,
    Fixed,
    Footprint,
    Gate,
    Given,
    Graph,
    Kind,
    LognormalDelay,
    Measure,
    Uniform,
    fragility,
    replay,
    simulate,
)
from anlan.science.cascade.timeline import timeline
from anlan.science.flood.run import RunCancelled

WORDS = Text("事件", "event")


def sure(chance: float) -> Given:
    return Given(chance, "test", Certainty.SURE)


def farm() -> Graph:
    shaken = Footprint(Measure.PGA, {"a": 0.4, "b": 0.3}, 0.4, 0.4)
    quake = Event("quake", Kind.EARTHQUAKE, WORDS, (shaken,), sure(0.9), Uniform(0.0, 10.0))
    events = (quake, *(Event(name, Kind.LEAK, WORDS) for name in ("a", "b", "fire")))
    curve = fragility("tank_anchored_slight")
    edges = (
        Edge("qa", "quake", "a", curve, ("a",), delay=LognormalDelay(20.0, 0.5)),
        Edge("qb", "quake", "b", curve, ("b",), delay=LognormalDelay(20.0, 0.5)),
        Edge("af", "a", "fire", sure(0.3), delay=Uniform(0.0, 300.0)),
        Edge("bf", "b", "fire", sure(0.3), delay=Uniform(0.0, 300.0)),
    )
    return Graph("farm", WORDS, events, edges)


def test_the_same_seed_gives_the_same_samples_and_another_does_not() -> None:
    one, same, other = (simulate(farm(), 5000, seed).times_s for seed in (7, 7, 8))
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)


def test_a_longer_run_begins_with_the_shorter_one() -> None:
    short, long = simulate(farm(), 5000, 3), simulate(farm(), 12_345, 3)
    assert np.array_equal(short.times_s, long.times_s[:, :5000])
    assert np.array_equal(short.causes, long.causes[:, :5000])


def test_a_sample_told_again_is_the_one_of_the_run() -> None:
    graph = farm()
    samples = simulate(graph, 9000, 5)
    for number in (0, 17, 4095, 4096, 8999):
        story = replay(graph, 5, number)
        happened = {step.event: step.time_s for step in story.steps}
        for place, event in enumerate(graph.events):
            time = samples.times_s[place, number]
            assert happened.get(event.id, np.inf) == time
            cause = samples.causes[place, number]
            if np.isfinite(time):
                edge = next(step.edge for step in story.steps if step.event == event.id)
                assert edge == (graph.edges[cause].id if cause >= 0 else None)
        times = [step.time_s for step in story.steps]
        assert times == sorted(times)


def test_a_story_says_which_draw_decided() -> None:
    graph = farm()
    shaken = next(n for n in range(1000) if len(replay(graph, 5, n).steps) >= 3)
    story = replay(graph, 5, shaken)
    assert ("quake", "pga_g") in story.terms
    for step in story.steps[1:]:
        assert step.edge is not None and 0 <= step.draw < step.chance <= 1


def test_an_edge_keeps_its_draws_when_another_is_added() -> None:
    graph = farm()
    more = Graph(
        "more",
        WORDS,
        (*graph.events, Event("toxic", Kind.TOXIC_CLOUD, WORDS)),
        (Edge("new", "a", "toxic", sure(0.5)), *graph.edges),
    )
    before, after = simulate(graph, 6000, 2), simulate(more, 6000, 2)
    assert np.array_equal(before.times_s, after.times_s[:4])


def test_progress_rises_to_one_and_a_run_can_be_stopped() -> None:
    heard: list[float] = []
    simulate(farm(), 20_000, 1, heard.append)
    assert heard == sorted(heard) and heard[-1] == 1.0 and len(heard) == 5
    with pytest.raises(RunCancelled):
        simulate(farm(), 20_000, 1, cancelled=lambda: True)
    asked = iter([False, False, True])
    with pytest.raises(RunCancelled):
        simulate(farm(), 20_000, 1, cancelled=lambda: next(asked))


@pytest.mark.parametrize(
    ("samples", "seed"),
    [(0, 1), (10**9, 1), (10, -1), (2.5, 1), (float("nan"), 1), (True, 1), (10, 2.5), (10, float("nan"))],
)
def test_impossible_numbers_of_samples_are_refused(samples: int, seed: int) -> None:
    with pytest.raises(Invalid) as caught:
        simulate(farm(), samples, seed)
    assert caught.value.title.zh and caught.value.title.en


def test_an_event_takes_its_earliest_cause_and_a_gate_its_last() -> None:
    events = [
        Event("root", Kind.OTHER, WORDS, chance=sure(1.0)),
        *(Event(n, Kind.OTHER, WORDS) for n in "ab"),
    ]
    edges = [
        Edge("ra", "root", "a", sure(1.0), delay=Fixed(10.0)),
        Edge("rb", "root", "b", sure(1.0), delay=Fixed(20.0)),
        Edge("ax", "a", "x", sure(1.0), delay=Fixed(1.0)),
        Edge("bx", "b", "x", sure(1.0), delay=Fixed(2.0)),
    ]
    for gate, time, cause in ((Gate.ANY, 11.0, 2), (Gate.ALL, 22.0, 3)):
        last = Event("x", Kind.OTHER, WORDS, gate=gate)
        found = simulate(Graph("gates", WORDS, (*events, last), tuple(edges)), 10)
        assert (found.times_s[3] == time).all() and (found.causes[3] == cause).all()
    never = [*edges[:3], replace(edges[3], by=sure(0.0))]
    last = Event("x", Kind.OTHER, WORDS, gate=Gate.ALL)
    assert np.isinf(simulate(Graph("gates", WORDS, (*events, last), tuple(never)), 10).times_s[3]).all()


def test_in_a_loop_the_first_to_arrive_counts() -> None:
    """Three tanks in a ring, the first on fire: the way round by the third is quicker to the second."""
    events = tuple(Event(f"t{n}", Kind.FIRE, WORDS, chance=sure(1.0) if n == 0 else None) for n in range(3))
    seconds = {(0, 1): 900.0, (0, 2): 200.0, (2, 1): 300.0, (1, 2): 50.0, (1, 0): 5.0, (2, 0): 5.0}
    edges = tuple(
        Edge(f"{i}{j}", f"t{i}", f"t{j}", sure(1.0), delay=Fixed(wait), mutual=True)
        for (i, j), wait in seconds.items()
    )
    found = simulate(Graph("ring", WORDS, events, edges), 4)
    assert found.times_s[:, 0].tolist() == [0.0, 500.0, 200.0]


def test_the_time_line_counts_only_samples_in_which_the_event_happens() -> None:
    graph = farm()
    samples = simulate(graph, 8000, 4)
    for arrival in timeline(samples):
        times = samples.times_s[graph.index[arrival.event]]
        assert arrival.samples == np.isfinite(times).sum()
        if arrival.median_s is not None and arrival.early_s is not None and arrival.late_s is not None:
            assert arrival.early_s <= arrival.median_s <= arrival.late_s < np.inf
    impossible = Graph(
        "never", WORDS, graph.events, (*graph.edges[:2], *(replace(e, by=sure(0.0)) for e in graph.edges[2:]))
    )
    last = timeline(simulate(impossible, 100))[-1]
    assert last.event == "fire" and last.samples == 0 and last.median_s is None
