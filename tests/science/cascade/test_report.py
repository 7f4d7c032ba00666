"""What a run reports: chances, chains, ranking, union, and what it must say about itself."""

import json
from dataclasses import replace
from math import pi

import numpy as np
import pytest

from anlan.kernel.errors import Invalid, NotFound
from anlan.kernel.fields import Grid
from anlan.kernel.models import canonical_json
from anlan.kernel.text import Text
from anlan.kernel.validation import Certainty
from anlan.science.cascade import (
    Area,
    Edge,
    Event,
    Fixed,
    Footprint,
    Given,
    Graph,
    InFire,
    Kind,
    Measure,
    Settings,
    enumerated,
    fragility,
    run,
)
from anlan.science.cascade.chains import likeliest, worst_credible
from anlan.science.cascade.outcomes import wilson
from anlan.science.cascade.ranking import rank_by_samples, rank_exactly
from anlan.science.cascade.sampling import simulate
from anlan.science.cascade.scenario import Method
from anlan.science.cascade.timeline import chance_within
from anlan.science.cascade.union import union
from anlan.science.flood.run import RunCancelled

WORDS = Text("事件", "event")
GRID = Grid(100, 100, 10.0, -500.0, 500.0, "local:106,38")


def sure(chance: float) -> Given:
    return Given(chance, "test", Certainty.SURE)


def chain(*, areas: bool = False) -> Graph:
    """A quake that opens a tank; its fire may spread to a greater one."""
    disc = (lambda x: Area.of_disc(GRID, x, 0.0, 100.0)) if areas else (lambda x: None)
    shaken = Footprint(Measure.PGA, {"tank": 0.3}, 0.4, 0.3)
    events = (
        Event("quake", Kind.EARTHQUAKE, WORDS, (shaken,), sure(1.0)),
        Event("leak", Kind.LEAK, WORDS, severity=1.0),
        Event("fire", Kind.FIRE, WORDS, severity=10.0, area=disc(0.0)),
        Event("second", Kind.FIRE, WORDS, severity=100.0, area=disc(150.0)),
    )
    edges = (
        Edge("leaks", "quake", "leak", fragility("tank_anchored_slight"), ("tank",), delay=Fixed(30.0)),
        Edge("lit", "leak", "fire", Given(0.2, "expert"), delay=Fixed(60.0)),
        Edge("spreads", "fire", "second", Given(0.02, "expert"), delay=Fixed(900.0)),
    )
    return Graph("chain", WORDS, events, edges, Text("人", "persons"))


def test_the_likeliest_chain_is_the_leak_alone() -> None:
    found = run(chain()).likeliest
    assert found is not None
    assert [link.event for link in found.links] == ["quake", "leak"]
    assert [link.edge for link in found.links] == [None, "leaks"]
    assert found.links[1].median_s == 30.0
    assert found.chance == pytest.approx(0.5 * 0.8, abs=1e-7)


def test_the_worst_credible_chain_hangs_on_what_counts_as_credible() -> None:
    graph = chain()
    outcomes = enumerated(graph)
    for threshold, severity in ((0.3, 1.0), (0.05, 11.0), (0.0015, 111.0)):
        found = worst_credible(outcomes, threshold)
        assert found is not None and found.severity == severity and found.exceedance >= threshold
    assert worst_credible(outcomes, 0.6) is None
    result = run(graph, Settings(credible=0.0015))
    worst = result.worst
    assert result.as_json()["credible"] == 0.0015
    assert worst is not None and [link.median_s for link in worst.links] == [0.0, 30.0, 90.0, 990.0]


def test_a_graph_in_which_nothing_follows_has_no_chain() -> None:
    graph = chain()
    dead = Graph(
        "dead", WORDS, graph.events, (replace(graph.edges[0], by=sure(0.0), at=()), *graph.edges[1:])
    )
    assert likeliest(enumerated(dead)) is None and worst_credible(enumerated(dead), 0.01) is None


def test_without_severities_the_number_of_events_that_follow_counts() -> None:
    graph = chain()
    plain = replace(graph, events=tuple(replace(event, severity=0.0) for event in graph.events))
    assert set(enumerated(plain).severity) == {0.0, 1.0, 2.0, 3.0}


def test_cutting_the_only_way_takes_it_all_and_the_ranking_is_the_same_drawn_or_exact() -> None:
    graph = chain()
    exact = {one.edge: one.share for one in rank_exactly(graph)}
    drawn = {one.edge: one.share for one in rank_by_samples(simulate(graph, 40_000))}
    assert exact["leaks"] == pytest.approx(1.0) and drawn["leaks"] == pytest.approx(1.0)
    assert drawn == pytest.approx(exact, abs=0.03)
    of_fire = {one.edge: one.share for one in rank_exactly(graph, "fire")}
    assert of_fire == pytest.approx({"leaks": 1.0, "lit": 1.0, "spreads": 0.0})
    for ask in (
        lambda: rank_exactly(graph, "flood"),
        lambda: run(graph, Settings(event="flood")),
        lambda: enumerated(graph).chance("flood"),
        lambda: chance_within(simulate(graph, 10), "flood", 60.0),
    ):
        with pytest.raises(NotFound):
            ask()


def test_the_union_counts_an_overlap_once() -> None:
    graph = chain(areas=True)
    found = union(enumerated(graph))
    assert found is not None
    values = np.asarray(found.chance.values)
    row, column = GRID.cell_of(1.0, 1.0) or (0, 0)
    assert values[row, column] == pytest.approx(0.1, abs=1e-7)
    # the second fire never burns without the first
    row, column = GRID.cell_of(240.0, 1.0) or (0, 0)
    assert values[row, column] == pytest.approx(0.1 * 0.02, abs=1e-7)
    assert values.max() == pytest.approx(0.1, abs=1e-7)
    assert found.area_05_m2 == 0.0 and found.area_95_m2 == pytest.approx(pi * 100**2, rel=0.02)
    assert union(enumerated(chain())) is None


def test_the_union_does_not_mind_how_the_chances_were_found() -> None:
    graph = chain(areas=True)
    drawn, exact = union(simulate(graph, 30_000).outcomes), union(enumerated(graph))
    assert drawn is not None and exact is not None
    assert np.abs(np.asarray(drawn.chance.values) - np.asarray(exact.chance.values)).max() < 0.01


def test_the_outline_of_the_union_encloses_what_it_says() -> None:
    found = union(enumerated(chain(areas=True)))
    assert found is not None
    likely, rare = found.outline(0.05), found.outline(0.001)
    assert likely.facts["area_m2"] == pytest.approx(pi * 100**2, rel=0.03)
    assert rare.facts["area_m2"] > 1.2 * likely.facts["area_m2"]
    assert found.outline(0.5).is_empty


def test_the_chance_within_a_time_rises_to_the_chance_of_the_event() -> None:
    samples = simulate(chain(), 20_000)
    within = [chance_within(samples, "fire", seconds).value for seconds in (0.0, 89.0, 90.0, 1e6)]
    assert within[0] == within[1] == 0.0
    assert within[2] == within[3] == samples.outcomes.chance("fire").value > 0


def test_exceedance_falls_from_all_to_the_worst() -> None:
    found = run(chain()).exceedance
    severities, chances = zip(*found, strict=True)
    assert list(severities) == sorted(severities)
    assert chances[0] == pytest.approx(1.0) and list(chances) == sorted(chances, reverse=True)
    expected = sum(s * p for (s, _), p in zip(found, -np.diff([*chances, 0.0]), strict=True))
    assert run(chain()).expected_severity == pytest.approx(expected)


def test_small_graphs_are_exact_and_large_ones_drawn_with_an_interval() -> None:
    exact, drawn = run(chain()), run(chain(), Settings(exact=0))
    assert exact.method is Method.EXACT and drawn.method is Method.SAMPLED
    assert exact.chances["leak"].low == exact.chances["leak"].high
    for event, one in drawn.chances.items():
        assert one.low <= one.value <= one.high
        assert one.low - 0.02 <= exact.chances[event].value <= one.high + 0.02


def test_intervals_stay_within_zero_and_one() -> None:
    for share, drawn in ((0.0, 10), (1.0, 10), (0.5, 1)):
        low, high = wilson(share, drawn)
        assert 0.0 <= low <= share <= high <= 1.0


def test_given_links_are_told_and_sourced_ones_bring_their_caveats() -> None:
    codes = {caveat.code for caveat in run(chain()).manifest.caveats}
    assert {"cascade.given.lit", "cascade.given.spreads", "fragility.class", "cascade.synergy"} <= codes
    assert "cascade.given.leaks" not in codes


def test_an_intensity_outside_the_model_is_told() -> None:
    hot = Event("fire", Kind.FIRE, WORDS, (Footprint(Measure.RADIATION, {"t": 200.0}),), sure(1.0))
    edge = Edge("heats", "fire", "second", InFire(50_000.0), ("t",))
    result = run(Graph("hot", WORDS, (hot, Event("second", Kind.FIRE, WORDS)), (edge,)))
    codes = {caveat.code for caveat in result.manifest.caveats}
    assert {"out_of_range.radiation_kw_m2", "out_of_range.volume_m3", "domino.mitigation"} <= codes


def test_too_few_samples_for_the_threshold_are_told() -> None:
    drawn = run(chain(), Settings(samples=1000, exact=0))
    assert "cascade.few_samples" in {caveat.code for caveat in drawn.manifest.caveats}


def test_the_manifest_makes_the_run_again_and_tells_runs_apart() -> None:
    one, same = run(chain()), run(chain())
    assert one.manifest.digest == same.manifest.digest
    assert one.manifest.seed == 1 and set(one.manifest.tables) == {"cascade.fragilities", "cascade.constants"}
    assert run(chain(), Settings(seed=2)).manifest.digest != one.manifest.digest
    assert run(chain(areas=True)).manifest.digest != one.manifest.digest
    canonical_json(one.as_json())
    json.dumps(one.as_json(), allow_nan=False)


def test_progress_of_a_report_rises_to_one_and_it_can_be_stopped() -> None:
    heard: list[float] = []
    run(chain(), Settings(exact=0), heard.append)
    assert heard == sorted(heard) and heard[-1] == pytest.approx(1.0)
    asked = iter([False] * 4 + [True] * 10)
    with pytest.raises(RunCancelled):
        run(chain(), Settings(exact=0), cancelled=lambda: next(asked))


@pytest.mark.parametrize("credible", [0.0, 1.0, float("nan")])
def test_a_threshold_that_is_no_chance_is_refused(credible: float) -> None:
    with pytest.raises(Invalid):
        Settings(credible=credible)


def test_ranges_that_were_given_bound_the_chances() -> None:
    graph = chain()
    doubtful = replace(
        graph,
        edges=(
            graph.edges[0],
            replace(graph.edges[1], by=Given(0.2, "expert", low=0.1, high=0.5)),
            graph.edges[2],
        ),
    )
    for settings in (Settings(), Settings(exact=0)):
        result = run(doubtful, settings)
        low, high = result.bounds["fire"]
        assert low < result.chances["fire"].value < high
        assert result.bounds["leak"] == pytest.approx((result.chances["leak"].value,) * 2, abs=1e-12)
    exact = run(doubtful)
    assert exact.bounds["fire"] == pytest.approx((0.05, 0.25), abs=1e-7)
    assert exact.bounds["second"] == pytest.approx((0.001, 0.005), abs=1e-7)
    assert run(graph).bounds == {}


def test_a_range_that_makes_a_choice_exceed_one_is_refused() -> None:
    graph = chain()
    edges = (
        Edge("one", "quake", "leak", Given(0.5, "expert", low=0.4, high=0.7), choice="state"),
        Edge("other", "quake", "fire", Given(0.4, "expert"), choice="state"),
        graph.edges[2],
    )
    with pytest.raises(Invalid):
        run(replace(graph, edges=edges))
