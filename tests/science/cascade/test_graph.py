"""What makes an event graph: every mistake is refused with words that name the event or edge."""

from dataclasses import replace

import numpy as np
import pytest

from anlan.kernel.errors import Invalid, NotFound
from anlan.kernel.fields import Field, Grid
from anlan.kernel.text import Text
from anlan.kernel.validation import Certainty
from anlan.science.cascade import (
    Area,
    Edge,
    Event,
    Fixed,
    Footprint,
    Gate,
    Given,
    Graph,
    Kind,
    Lognormal,
    LognormalDelay,
    Measure,
    Triangular,
    Trigger,
    Uniform,
    enumerated,
    fragility,
)

WORDS = Text("事件", "event")
SHAKING = Footprint(Measure.PGA, {"tank": 0.4})
QUAKE = Event("quake", Kind.EARTHQUAKE, WORDS, (SHAKING,), Given(1.0, "scenario"))
LEAK, FIRE = Event("leak", Kind.LEAK, WORDS), Event("fire", Kind.FIRE, WORDS)
LEAKS = Edge("leaks", "quake", "leak", fragility("tank_anchored_slight"), ("tank",))
BURNS = Edge("burns", "leak", "fire", Given(0.1, "records"))


def graph(*edges: Edge, events: tuple[Event, ...] = (QUAKE, LEAK, FIRE)) -> Graph:
    return Graph("test", WORDS, events, edges or (LEAKS, BURNS))


def refused(*edges: Edge, events: tuple[Event, ...] = (QUAKE, LEAK, FIRE)) -> Invalid:
    with pytest.raises(Invalid) as caught:
        graph(*edges, events=events)
    assert caught.value.title.zh and caught.value.next_step.zh
    return caught.value


def test_a_cycle_is_refused_and_spelled_out() -> None:
    back = Edge("back", "fire", "leak", Given(0.5, "records"))
    problem = refused(LEAKS, BURNS, back)
    assert set(problem.facts["cycle"]) == {"leak", "fire"}  # type: ignore[call-overload]
    assert "→" in problem.title.en


def test_units_that_attack_each_other_are_a_loop_that_is_meant() -> None:
    both = replace(BURNS, mutual=True), Edge("back", "fire", "leak", Given(0.5, "records"), mutual=True)
    assert enumerated(graph(LEAKS, *both)).chance("leak").value > 0
    gated = QUAKE, replace(LEAK, gate=Gate.ALL), FIRE
    assert "cycle" in refused(LEAKS, *both, events=gated).facts


def test_edges_between_events_that_are_not_there_are_refused() -> None:
    assert refused(LEAKS, replace(BURNS, target="flood")).facts["event"] == "flood"
    assert refused(LEAKS, replace(BURNS, source="leak", target="leak")).facts["edge"] == "burns"
    assert refused(LEAKS, replace(LEAKS, id="leaks"), BURNS).facts["id"] == "leaks"


def test_unknown_targets_are_named() -> None:
    assert refused(replace(LEAKS, at=("tank", "sphere")), BURNS).facts["targets"] == ["sphere"]
    assert refused(replace(LEAKS, at=()), BURNS).facts["targets"] == []


def test_a_curve_for_wind_cannot_read_shaking() -> None:
    wrong = replace(LEAKS, by=fragility("transmission_line_wind"))
    assert refused(wrong, BURNS).facts["measure"] == "wind_m_s"


@pytest.mark.parametrize("chance", [-0.1, 1.1, float("nan"), float("inf")])
def test_chances_outside_zero_to_one_are_refused(chance: float) -> None:
    with pytest.raises(Invalid):
        Given(chance, "records")


def test_a_curve_that_leaves_zero_to_one_is_refused_by_its_edge() -> None:
    class Broken(Lognormal):
        def blurred(self, intensity: object, within_ln: float) -> np.ndarray:
            return 1.2 * np.ones(np.shape(intensity))

    broken = Broken(Measure.PGA, 0.3, 0.6, "test", Certainty.UNSURE)
    assert refused(replace(LEAKS, by=broken), BURNS).facts["edge"] == "leaks"


def test_branches_of_a_choice_add_up_to_no_more_than_one() -> None:
    one = Edge("one", "quake", "leak", Given(0.7, "records"), choice="state")
    other = Edge("other", "quake", "fire", Given(0.4, "records"), choice="state")
    assert refused(one, other).facts["total"] == pytest.approx(1.1)


def test_a_chance_that_is_given_needs_a_ground() -> None:
    with pytest.raises(Invalid):
        Given(0.5, " ")
    for low, high in ((0.6, 0.9), (0.1, 0.4), (-0.1, 0.9), (0.1, 1.1), (float("nan"), 0.9)):
        with pytest.raises(Invalid):
            Given(0.5, "records", low=low, high=high)


def test_events_without_any_cause_and_gates_with_a_chance_are_refused() -> None:
    orphan = Event("flood", Kind.FLOOD, WORDS)
    assert refused(LEAKS, BURNS, events=(QUAKE, LEAK, FIRE, orphan)).facts["event"] == "flood"
    odd = replace(FIRE, gate=Gate.ALL, chance=Given(0.1, "records"))
    assert refused(LEAKS, BURNS, events=(QUAKE, LEAK, odd)).facts["event"] == "fire"


@pytest.mark.parametrize("value", [-0.1, float("nan"), float("inf")])
def test_intensities_and_scatters_that_cannot_be_are_refused(value: float) -> None:
    bad = replace(QUAKE, footprints=(replace(SHAKING, at={"tank": value}),))
    assert refused(LEAKS, BURNS, events=(bad, LEAK, FIRE)).facts["event"] == "quake"
    bad = replace(QUAKE, footprints=(replace(SHAKING, within_ln=value),))
    assert refused(LEAKS, BURNS, events=(bad, LEAK, FIRE)).facts["event"] == "quake"
    assert refused(LEAKS, BURNS, events=(QUAKE, LEAK, replace(FIRE, severity=value))).facts["event"] == "fire"


def test_a_given_chance_takes_no_targets_and_no_trigger() -> None:
    assert refused(LEAKS, replace(BURNS, at=("tank",))).facts["edge"] == "burns"
    assert refused(LEAKS, replace(BURNS, trigger=Trigger(1.0))).facts["edge"] == "burns"


def test_areas_lie_on_one_grid_and_fit_it() -> None:
    grid, other = Grid(4, 4, 10.0, 0.0, 40.0, "local:106,38"), Grid(4, 4, 20.0, 0.0, 80.0, "local:106,38")
    leak = replace(LEAK, area=Area.of_disc(grid, 20.0, 20.0, 10.0))
    fire = replace(FIRE, area=Area.of_disc(other, 20.0, 20.0, 10.0))
    refused(LEAKS, BURNS, events=(QUAKE, leak, fire))
    with pytest.raises(Invalid):
        Area(grid, np.zeros((2, 2), np.bool_))
    depth = Field("depth", "m", WORDS, grid, np.full((4, 4), np.nan))
    assert Area.of_field(depth, 0.3).area_m2 == 0.0


def test_below_its_trigger_nothing_follows() -> None:
    for at_least, follows in ((0.39, True), (0.41, False)):
        edge = replace(LEAKS, trigger=Trigger(at_least))
        assert (enumerated(graph(edge, BURNS)).chance("leak").value > 0) is follows


def test_several_targets_give_way_together_or_apart() -> None:
    many = replace(QUAKE, footprints=(Footprint(Measure.PGA, {"a": 0.2, "b": 0.3}),))
    edge = replace(LEAKS, at=("a", "b"))
    one, other = fragility("tank_anchored_slight").probability([0.2, 0.3])
    found = enumerated(graph(edge, BURNS, events=(many, LEAK, FIRE))).chance("leak").value
    assert found == pytest.approx(1 - (1 - one) * (1 - other), abs=1e-12)


def test_delays_that_run_backwards_are_refused() -> None:
    for make in (
        lambda: Fixed(-1.0),
        lambda: Uniform(2.0, 1.0),
        lambda: Triangular(0.0, 3.0, 2.0),
        lambda: LognormalDelay(0.0, 1.0),
        lambda: Fixed(float("nan")),
    ):
        with pytest.raises(Invalid):
            make()


@pytest.mark.parametrize(
    "delay", [Uniform(5.0, 9.0), Triangular(1.0, 2.0, 8.0), LognormalDelay(30.0, 0.7), Fixed(4.0)]
)
def test_quantiles_of_delays_rise_with_their_share(delay: Uniform) -> None:
    seconds = delay.quantile(np.linspace(0.001, 0.999, 200))
    assert (np.diff(seconds) >= 0).all() and (seconds >= 0).all()


def test_a_curve_that_is_not_published_is_not_found() -> None:
    with pytest.raises(NotFound):
        fragility("bridge_made_of_paper")
