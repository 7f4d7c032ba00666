"""Individual and societal risk, event trees, distances and domino."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.kernel.crs import LocalFrame
from anlan.kernel.errors import Invalid
from anlan.kernel.fields import Grid
from anlan.kernel.validation import Certainty
from anlan.science.chemical.harm.tables import table
from anlan.science.chemical.harm.vulnerability import probit
from anlan.science.chemical.risk import domino
from anlan.science.chemical.risk.distance import Method, Target, conflicts, contours, method
from anlan.science.chemical.risk.domino import Vessel, by_overpressure, by_radiation, cascade
from anlan.science.chemical.risk.events import Branch, Outcome, immediate_ignition, release_tree
from anlan.science.chemical.risk.footprints import round_about, toxic
from anlan.science.chemical.risk.individual import Footprints, Scenarios, deaths, individual_risk, wind_rose
from anlan.science.chemical.risk.societal import Region, fn_curve
from anlan.science.chemical.validation.risk import cases
from anlan.science.chemical.weather import Stability

GRID = Grid(150, 160, 25.0, -2000.0, 1900.0, LocalFrame(106.2, 38.5).name)
PLUMES = toxic(np.array([1.0, 6.0]), 900.0, ((2.0, Stability.F), (5.0, Stability.D)), probit("chlorine"))
ROSE = wind_rose([[1.0, 0.0, 2.0, 0.5, 1.0, 3.0, 0.2, 1.0], [2.0, 1.0, 0.0, 1.0, 0.0, 1.0, 1.0, 0.7]])


def _two() -> Scenarios:
    places = np.array([150.0, -700.0]), np.array([-300.0, 410.0])
    return Scenarios(*places, np.array([1e-5, 4e-6]), np.array([[0, 1], [2, 3]]))


@pytest.mark.parametrize("case", list(cases()), ids=lambda case: case.case)
def test_risks_with_a_closed_form(case) -> None:
    assert case.passed, f"{case.ours} instead of {case.target}"


def test_the_map_agrees_with_every_stamp_written_out() -> None:
    scenarios = _two()
    shares, toward = ROSE
    wanted = np.zeros(GRID.shape)
    for s in range(2):
        dx, dy = GRID.x_m[None, :] - scenarios.x_m[s], GRID.y_m[:, None] - scenarios.y_m[s]
        for w in range(2):
            k = scenarios.footprint[s, w]
            values, step, aside = PLUMES.values[k], PLUMES.step_m[k], PLUMES.aside_m[k]
            for d, bearing in enumerate(np.radians(toward)):
                along = dx * np.sin(bearing) + dy * np.cos(bearing)
                across = np.abs(-dx * np.cos(bearing) + dy * np.sin(bearing))
                u, v = along / step, across / aside
                inside = (u >= 0) & (u <= values.shape[0] - 1) & (v <= values.shape[1] - 1)
                i = np.clip(u.astype(int), 0, values.shape[0] - 2)
                j = np.clip(v.astype(int), 0, values.shape[1] - 2)
                p, q = u - i, v - j
                made = (1 - p) * ((1 - q) * values[i, j] + q * values[i, j + 1])
                made += p * ((1 - q) * values[i + 1, j] + q * values[i + 1, j + 1])
                wanted += scenarios.frequency_per_a[s] * shares[w, d] * np.where(inside, made, 0.0)
    found = individual_risk(GRID, scenarios, PLUMES, shares, toward)
    assert found.values == pytest.approx(wanted, rel=1e-5, abs=1e-15)
    assert found.values.max() > 1e-7


def test_deaths_weighted_by_frequency_are_the_risk_weighted_by_people() -> None:
    people = np.random.default_rng(2).random(GRID.shape)
    risk = individual_risk(GRID, _two(), PLUMES, *ROSE)
    number, often = deaths(GRID, people, _two(), PLUMES, *ROSE)
    assert (number * often).sum() == pytest.approx(float((risk.values * people).sum()), rel=1e-6)


def test_risk_adds_up_over_scenarios() -> None:
    both = _two()
    alone = [
        Scenarios(both.x_m[[s]], both.y_m[[s]], both.frequency_per_a[[s]], both.footprint[[s]])
        for s in range(2)
    ]
    parts = sum(np.asarray(individual_risk(GRID, one, PLUMES, *ROSE).values) for one in alone)
    assert np.asarray(individual_risk(GRID, both, PLUMES, *ROSE).values) == pytest.approx(parts)


def test_an_even_wind_makes_a_map_alike_in_four_quarters() -> None:
    grid = Grid(101, 101, 20.0, -1010.0, 1010.0, GRID.crs)
    one = Scenarios(np.zeros(1), np.zeros(1), np.array([1e-5]), np.zeros((1, 1), np.int64))
    risk = np.asarray(individual_risk(grid, one, PLUMES, *wind_rose([[1.0] * 16], split=2)).values)
    assert np.rot90(risk) == pytest.approx(risk, rel=1e-6, abs=1e-14)


def test_a_wind_from_the_west_carries_the_risk_east() -> None:
    rose = np.zeros((1, 8))
    rose[0, 6] = 1.0  # from 270°
    one = Scenarios(np.zeros(1), np.zeros(1), np.array([1e-5]), np.zeros((1, 1), np.int64))
    risk = np.asarray(individual_risk(GRID, one, PLUMES, *wind_rose(rose)).values)
    weight = risk.sum()
    assert (risk * GRID.x_m[None, :]).sum() / weight > 100
    assert abs((risk * GRID.y_m[:, None]).sum() / weight) < 5


def test_a_source_off_the_map_adds_only_what_reaches_it() -> None:
    far = Scenarios(np.array([9e5]), np.array([0.0]), np.array([1.0]), np.zeros((1, 1), np.int64))
    assert individual_risk(GRID, far, PLUMES, *wind_rose([[1.0] * 8])).values.max() == 0


def test_splitting_the_wind_keeps_its_shares() -> None:
    shares, toward = wind_rose([[1.0, 2.0, 3.0, 4.0]], split=3)
    assert shares.sum() == pytest.approx(1.0)
    assert shares[0, :3].sum() == pytest.approx(0.1)
    assert toward[1] == pytest.approx(180.0)
    assert len(toward) == 12


@pytest.mark.parametrize("wrong", [[[0.0, 0.0]], [[np.nan, 1.0]], [[-1.0, 2.0]]])
def test_a_wind_rose_that_cannot_be_is_refused(wrong) -> None:
    with pytest.raises(Invalid):
        wind_rose(wrong)


def test_footprints_and_scenarios_that_do_not_fit_are_refused() -> None:
    one = np.ones(1)
    with pytest.raises(Invalid):
        Footprints(np.full((1, 3, 3), 1.5, np.float32), one, one, one)
    with pytest.raises(Invalid):
        Footprints(np.zeros((1, 3, 3), np.float32), one, np.zeros(1), one)
    lost = Scenarios(one, one, one, np.full((1, 1), 99))
    with pytest.raises(Invalid):
        individual_risk(GRID, lost, PLUMES, *wind_rose([[1.0] * 8]))
    with pytest.raises(Invalid):
        Scenarios(one, one, np.array([np.nan]), np.zeros((1, 1), np.int64))
    with pytest.raises(Invalid):
        individual_risk(GRID, _two(), PLUMES, *wind_rose([[1.0] * 8]))


@given(st.floats(0.0, 1.0), st.floats(0.0, 1.0), st.floats(0.0, 1.0), st.floats(1e-9, 1.0))
def test_a_tree_loses_no_frequency(immediate: float, delayed: float, explosion: float, often: float) -> None:
    tree = release_tree(immediate, Outcome.FIREBALL, delayed, explosion_share=explosion, toxic=True)
    assert sum(tree.outcomes(often).values()) == pytest.approx(often)


def test_a_tree_whose_shares_do_not_add_up_is_refused() -> None:
    with pytest.raises(Invalid):
        Branch({Outcome.TOXIC: 0.5, Outcome.HARMLESS: 0.4})
    with pytest.raises(Invalid):
        immediate_ignition("solid", 1.0)
    assert immediate_ignition("gas_high", 9.9) < immediate_ignition("gas_high", 10.0)


@given(st.lists(st.tuples(st.floats(0, 500), st.floats(0, 1e-3)), max_size=30))
def test_an_fn_curve_never_rises(pairs) -> None:
    curve = fn_curve([n for n, _ in pairs], [f for _, f in pairs])
    assert (np.diff(curve.frequency_per_a) <= 0).all()
    assert (np.diff(curve.deaths) > 0).all()


def test_societal_regions_at_their_lines() -> None:
    assert fn_curve([10], [0.9e-6]).region() is Region.ACCEPTABLE
    assert fn_curve([10], [2e-6]).region() is Region.ALARP
    assert fn_curve([10], [1.1e-4]).region() is Region.UNACCEPTABLE
    assert fn_curve([1000], [1e-12]).region() is Region.UNACCEPTABLE
    assert fn_curve([], []).region() is Region.ACCEPTABLE


def test_the_standard_chooses_the_method() -> None:
    assert method(explosives=True, toxic_or_flammable_gas=True, sum_q_over_q=5.0) is Method.CONSEQUENCE
    assert method(explosives=False, toxic_or_flammable_gas=True, sum_q_over_q=0.99) is Method.DESIGN_CODE
    assert method(explosives=False, toxic_or_flammable_gas=False, sum_q_over_q=9.0) is Method.DESIGN_CODE
    with pytest.raises(Invalid):
        method(explosives=False, toxic_or_flammable_gas=True, sum_q_over_q=np.nan)


def test_a_school_inside_the_contour_of_its_class_is_found_and_one_outside_is_not() -> None:
    one = Scenarios(np.zeros(1), np.zeros(1), np.array([1e-4]), np.zeros((1, 1), np.int64))
    disc = round_about(lambda r: np.exp(-r / 200), 1800.0)
    risk = individual_risk(GRID, one, disc, *wind_rose([[1.0] * 8]))
    strict, loose = contours(risk, existing=False), contours(risk, existing=True)
    areas = [zone.facts["area_m2"] for zone in strict]
    assert areas == sorted(areas, reverse=True)
    assert all(new.facts["area_m2"] > old.facts["area_m2"] for new, old in zip(strict, loose, strict=True))
    school, works = Target("school", 800.0, 0.0, 1), Target("works", 800.0, 0.0, 3)
    found = conflicts(risk, [works, school], existing=False)
    assert [finding.target.id for finding in found] == ["school"]
    assert found[0].risk_per_a > found[0].limit_per_a
    with pytest.raises(Invalid):
        conflicts(risk, [Target("far", 1e6, 0.0, 1)], existing=False)


def test_below_its_threshold_nothing_escalates() -> None:
    assert by_radiation(14.9, 500.0, Vessel.ATMOSPHERIC) == 0
    assert by_radiation(15.0, 500.0, Vessel.ATMOSPHERIC) > 0
    assert by_radiation(44.0, 500.0, Vessel.PRESSURISED) == 0
    assert by_overpressure([21.9, 22.0], Vessel.ATMOSPHERIC).tolist()[0] == 0
    assert by_radiation(0.0, 500.0, Vessel.ATMOSPHERIC) == 0


@given(st.integers(2, 7), st.integers(0, 10_000))
@settings(max_examples=15, deadline=None)
def test_drawn_and_exact_cascades_agree(count: int, seed: int) -> None:
    attack = np.random.default_rng(seed).random((count, count)) * 0.6
    np.fill_diagonal(attack, 0.0)
    exact = cascade(attack, 0)
    drawn = domino._drawn(attack, 0, 20_000, seed)
    assert exact.number.sum() == pytest.approx(1.0)
    assert exact.unit[0] == pytest.approx(1.0)
    assert drawn.unit == pytest.approx(exact.unit, abs=0.02)
    assert (np.arange(count + 1) * exact.number).sum() == pytest.approx(exact.unit.sum())


def test_no_attack_no_cascade_and_a_sure_one_takes_all() -> None:
    assert cascade(np.zeros((4, 4)), 2).unit.tolist() == [0, 0, 1, 0]
    assert cascade(np.ones((15, 15)), 0, draws=10).unit.tolist() == [1.0] * 15
    with pytest.raises(Invalid):
        cascade([[0.0, 2.0], [0.0, 0.0]], 0)
    with pytest.raises(Invalid):
        cascade([[0.0]], 3)


def test_generic_frequencies_say_that_they_are_to_be_confirmed() -> None:
    for name in ("frequencies", "ignition", "risk_criteria"):
        assert all(row.certainty is not Certainty.SURE and row.source for row in table(name))
