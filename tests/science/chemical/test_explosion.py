"""Blast, vapour clouds, vessels and dust."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.kernel.errors import Invalid
from anlan.science.chemical.explosion import blast, cloud, dust, tnt, vessel
from anlan.science.chemical.harm.vulnerability import probit
from anlan.science.chemical.validation.explosion import cases

CURVES = sorted(blast.CURVES)


@pytest.mark.parametrize("case", [case for case in cases() if case.was_run], ids=lambda case: case.case)
def test_published_explosions(case) -> None:
    assert case.passed or not case.gates, f"{case.ours} instead of {case.target}"


@given(st.sampled_from(CURVES), st.floats(0.5, 500.0), st.floats(1.001, 4.0))
def test_the_blast_falls_with_distance(curve: str, near: float, factor: float) -> None:
    assert blast.CURVES[curve](factor * near) < blast.CURVES[curve](near) * 1.005


@given(st.sampled_from(CURVES), st.floats(1.0, 1e6), st.floats(0.5, 500.0))
def test_the_distance_to_a_level_has_that_level(curve: str, charge: float, level: float) -> None:
    made = tnt.TntExplosion(charge, curve)
    # the pieces of Kingery's fit meet to half a per cent
    assert float(made.overpressure_kpa(made.distance_m(level))) == pytest.approx(level, rel=6e-3)


@given(st.floats(10.0, 1e6), st.floats(1.5, 100.0))
def test_eight_times_the_charge_reaches_twice_as_far(charge: float, level: float) -> None:
    near, far = tnt.TntExplosion(charge), tnt.TntExplosion(8 * charge)
    assert far.distance_m(level) == pytest.approx(2 * near.distance_m(level), rel=1e-6)


def test_three_curves_agree_to_a_factor_near_two_in_the_far_field() -> None:
    z = np.geomspace(4, 60, 30)
    values = np.stack([curve(z) for curve in blast.CURVES.values()])
    assert (values.max(axis=0) / values.min(axis=0)).max() < 2.1


@pytest.mark.parametrize("wrong", [np.nan, -5.0, 0.0, np.inf])
def test_a_charge_that_cannot_be_is_refused(wrong: float) -> None:
    with pytest.raises(Invalid):
        tnt.TntExplosion(wrong)
    with pytest.raises(Invalid):
        tnt.vapour_cloud_charge_kg(wrong, 46e6)
    with pytest.raises(Invalid):
        blast.distance_m(wrong, 100.0)


def test_an_unknown_curve_is_refused() -> None:
    with pytest.raises(Invalid):
        tnt.TntExplosion(10.0, "guess")


def test_the_pressure_at_the_charge_itself_is_finite() -> None:
    for curve in blast.CURVES.values():
        assert np.isfinite(curve(0.0))


def test_a_facing_wall_feels_at_least_twice_the_incident_pressure() -> None:
    z = np.geomspace(0.3, 300, 60)
    assert (blast.kingery_reflected_kpa(z) >= 1.95 * blast.kingery_kpa(z)).all()
    assert (np.diff(blast.kingery_arrival_ms(z)) > 0).all()
    assert (blast.kingery_impulse_kpa_ms(z, 8.0) == 2 * blast.kingery_impulse_kpa_ms(z)).all()


def test_windows_break_farther_away_than_lungs() -> None:
    charge = tnt.TntExplosion(1000.0)
    assert charge.harm(60.0, probit("glass_breakage")) > 0.9
    assert charge.harm(60.0) < 0.01


@given(st.floats(1e8, 1e13), st.integers(1, 9), st.floats(1.0, 1e4))
def test_a_stronger_class_is_never_weaker(energy: float, strength: int, distance: float) -> None:
    weak = cloud.CloudExplosion.of_strength(energy, strength).overpressure_kpa(distance)
    strong = cloud.CloudExplosion.of_strength(energy, strength + 1).overpressure_kpa(distance)
    assert strong >= weak > 0


def test_a_weak_cloud_never_reaches_a_strong_level() -> None:
    weak = cloud.CloudExplosion.of_strength(1e10, 2)
    assert weak.distance_m(5.0) == 0.0
    assert float(weak.overpressure_kpa(weak.distance_m(1.0))) == pytest.approx(1.0)
    with pytest.raises(Invalid):
        cloud.CloudExplosion.of_strength(1e10, 11)


@given(st.floats(2e5, 1e8), st.floats(0.1, 1e4), st.floats(1.1, 1.66))
def test_isentropic_work_lies_below_brode(pressure: float, volume: float, gamma: float) -> None:
    assert (
        0
        < vessel.energy_isentropic_j(pressure, volume, gamma)
        <= vessel.energy_brode_j(pressure, volume, gamma)
    )


def test_drag_shortens_the_flight_of_a_fragment() -> None:
    free = vessel.range_without_drag_m(150.0)
    heavy = vessel.range_with_drag_m(150.0, 500.0, 0.3)
    light = vessel.range_with_drag_m(150.0, 5.0, 0.3)
    assert light < heavy < free


def test_a_vessel_below_the_ambient_pressure_does_not_burst() -> None:
    with pytest.raises(Invalid):
        vessel.VesselBurst(9e4, 1.0)
    burst = vessel.VesselBurst(2e6, 20.0, shell_kg=4000.0)
    assert burst.distance_m(5000.0) == 0.0
    assert float(burst.overpressure_kpa(0.0)) <= 2000.0
    assert burst.distance_m(5.0) > burst.distance_m(16.0) > 0


def test_a_stronger_dust_or_weaker_vessel_needs_more_vent() -> None:
    base = dust.vent_area_m2(150.0, 9.0, 0.4, 0.1, 20.0)
    assert dust.vent_area_m2(250.0, 9.0, 0.4, 0.1, 20.0) > base
    assert dust.vent_area_m2(150.0, 9.0, 0.25, 0.1, 20.0) > base
    assert dust.vent_area_m2(150.0, 9.0, 0.4, 0.1, 20.0, 5.0) > base
    assert dust.dust_class(0.0) is dust.DustClass.ST0
    assert dust.dust_class(301.0) is dust.DustClass.ST3
    with pytest.raises(Invalid):
        dust.vent_area_m2(150.0, 9.0, 0.05, 0.1, 20.0)


@pytest.mark.parametrize("curve", CURVES)
def test_no_blast_curve_rises_with_distance(curve: str) -> None:
    """The pieces of Swisdak's fit do not meet at 23.8 m/kg^⅓: the outer one began above the inner one's end."""
    pressure = blast.CURVES[curve](np.geomspace(0.21, 2000.0, 5000))
    assert np.all(np.isfinite(pressure)) and np.all(np.diff(pressure) <= 0)
