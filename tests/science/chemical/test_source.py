import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.kernel.errors import Invalid
from anlan.science.chemical.seeded import (
    GasReading,
    LeakEstimate,
    combined,
    from_detectors,
    from_level,
    from_pressure,
)
from anlan.science.chemical.source.orifice import critical_ratio, fanno_pipe, gas_orifice, liquid_orifice
from anlan.science.chemical.source.outflow import Phase, Profile
from anlan.science.chemical.source.pipeline import pipeline_rupture
from anlan.science.chemical.source.pool import Ground, Spill, pool_of
from anlan.science.chemical.source.two_phase import airborne_fraction, flash_fraction, two_phase_orifice
from anlan.science.chemical.source.vessel import (
    Tank,
    TankShape,
    catastrophic_rupture,
    gas_blowdown,
    liquefied_drain,
    tank_drain,
)
from anlan.science.chemical.substances import substance
from anlan.science.chemical.weather import Stability, Weather

AMMONIA, CHLORINE, METHANE, PROPANE, METHANOL = "7664-41-7", "7782-50-5", "74-82-8", "74-98-6", "67-56-1"
SHAPES = [
    Tank(TankShape.VERTICAL, 8.0, 10.0),
    Tank(TankShape.HORIZONTAL, 3.0, 12.0),
    Tank(TankShape.SPHERE, 12.0),
]


@given(st.floats(1e-3, 0.5), st.floats(1e5, 1e7), st.floats(0, 40))
def test_more_pressure_or_level_never_leaks_less(hole: float, pressure: float, head: float) -> None:
    base = liquid_orifice(800.0, hole, pressure, head).rate_kg_s
    assert liquid_orifice(800.0, hole, pressure * 1.1, head).rate_kg_s >= base
    assert liquid_orifice(800.0, hole, pressure, head + 1).rate_kg_s >= base


def test_nothing_flows_out_of_a_vessel_under_vacuum() -> None:
    assert liquid_orifice(1000.0, 0.05, 5e4, 0.0).rate_kg_s == 0.0
    assert gas_orifice(0.029, 1.4, 0.05, 5e4, 293.15).rate_kg_s == 0.0
    assert fanno_pipe(0.029, 1.4, 0.05, 5e4, 293.15, 10.0).rate_kg_s == 0.0


@pytest.mark.parametrize("bad", [0.0, -0.1, math.nan, math.inf, 100.0])
def test_an_impossible_hole_is_refused(bad: float) -> None:
    for run in (
        lambda: liquid_orifice(1000.0, bad, 2e5),
        lambda: gas_orifice(0.029, 1.4, bad, 2e5, 293.15),
        lambda: two_phase_orifice(substance(PROPANE), bad, 293.15),
    ):
        with pytest.raises(Invalid, match="hole"):
            run()


def test_gas_flow_is_continuous_where_it_ceases_to_be_choked() -> None:
    edge = 101_325.0 / critical_ratio(1.3)
    below = gas_orifice(0.017, 1.3, 0.05, edge * 0.9999, 293.15)
    above = gas_orifice(0.017, 1.3, 0.05, edge * 1.0001, 293.15)
    assert above.is_choked and not below.is_choked
    assert below.rate_kg_s == pytest.approx(above.rate_kg_s, rel=1e-3)


@given(st.floats(0.01, 500), st.floats(1.2e5, 5e6))
@settings(max_examples=30)
def test_friction_only_ever_takes_flow_away(friction: float, pressure: float) -> None:
    free = fanno_pipe(0.029, 1.4, 0.1, pressure, 300.0, 0.0).rate_kg_s
    less = fanno_pipe(0.029, 1.4, 0.1, pressure, 300.0, friction).rate_kg_s
    more = fanno_pipe(0.029, 1.4, 0.1, pressure, 300.0, friction * 1.5).rate_kg_s
    assert 0 < more <= less * (1 + 1e-9) <= free * (1 + 2e-6)


def test_flashing_flow_lies_between_vapour_and_liquid() -> None:
    one = substance(PROPANE)
    pressure = one.vapour_pressure_pa(293.15)
    liquid = liquid_orifice(one.liquid_density_kg_m3(293.15), 0.02, pressure).rate_kg_s
    gas = gas_orifice(one.molar_mass_kg_mol, 1.13, 0.02, pressure, 293.15).rate_kg_s
    pipe = two_phase_orifice(one, 0.02, 293.15, length_m=0.3)
    assert gas < pipe.rate_kg_s < liquid
    assert pipe.phase is Phase.TWO_PHASE and 0.2 < pipe.vapour_fraction < 0.45
    assert two_phase_orifice(one, 0.02, 293.15, length_m=0.0).rate_kg_s == pytest.approx(liquid, rel=1e-6)


def test_flow_grows_as_the_hole_shortens_and_as_the_liquid_is_padded() -> None:
    one = substance(AMMONIA)
    rates = [
        two_phase_orifice(one, 0.02, 293.15, length_m=length).rate_kg_s for length in (0.0, 0.02, 0.05, 0.1)
    ]
    assert rates == sorted(rates, reverse=True)
    padded = [
        two_phase_orifice(one, 0.02, 293.15, pressure_pa=p).rate_kg_s for p in (8.57e5, 1e6, 1.5e6, 3e6)
    ]
    assert padded == sorted(padded)


def test_subcooled_liquid_does_not_flash_and_superheated_does() -> None:
    one = substance(CHLORINE)
    assert flash_fraction(one, one.boiling_k - 5) == 0.0
    assert 0.1 < flash_fraction(one, 293.15) < 0.25
    assert airborne_fraction(0.0) == 0.0 and airborne_fraction(0.9) == 1.0


@pytest.mark.parametrize("tank", SHAPES, ids=[tank.shape.value for tank in SHAPES])
def test_a_tank_loses_what_was_above_the_hole(tank: Tank) -> None:
    level, hole = 0.8 * tank.height_m, 0.2 * tank.height_m
    drained = tank_drain(tank, 750.0, level, 0.05, hole_height_m=hole)
    wanted = 750.0 * float(tank.liquid_m3(level) - tank.liquid_m3(hole))
    assert drained.total_kg == pytest.approx(wanted, rel=2e-3)
    assert np.all(np.diff(drained.state) <= 0) and drained.state[-1] == pytest.approx(hole)
    assert float(tank.liquid_m3(tank.height_m)) == pytest.approx(tank.volume_m3)


def test_a_tank_that_empties_within_the_period_says_so_and_stops() -> None:
    drained = tank_drain(SHAPES[0], 750.0, 1.0, 0.2, until_s=86_400.0)
    assert [one.code for one in drained.caveats] == ["source.empties"]
    assert float(drained.rate_at(drained.ends_s + 1)) == 0.0
    cut = tank_drain(SHAPES[0], 750.0, 8.0, 0.05, until_s=60.0)
    assert cut.ends_s == 60.0 and not cut.caveats


def test_a_hole_above_the_liquid_leaks_no_liquid() -> None:
    assert tank_drain(SHAPES[0], 750.0, 2.0, 0.05, hole_height_m=3.0).total_kg == 0.0


@pytest.mark.parametrize("isothermal", [True, False])
def test_a_vessel_blows_down_by_the_mass_that_its_pressure_lost(isothermal: bool) -> None:
    run = gas_blowdown(0.016, 1.3, 20.0, 0.03, 3e6, 300.0, isothermal=isothermal)
    density = 3e6 * 0.016 / (8.314462618 * 300)
    left = density * 20.0 * (run.state[-1] / 3e6) ** (1.0 if isothermal else 1 / 1.3)
    assert run.total_kg == pytest.approx(density * 20.0 - left, rel=2e-3)
    assert run.state[-1] == pytest.approx(101_325.0, rel=2e-3)
    assert np.all(np.diff(run.rate_kg_s) <= 1e-9)


def test_a_broken_pipeline_starts_choked_and_dies_away() -> None:
    line = pipeline_rupture(0.016, 1.3, 0.5, 20_000.0, 6e6, 288.15)
    assert line.rate_kg_s[0] > 100 * line.rate_kg_s[-1]
    assert line.state[0] > 1000 * line.state[-1]
    assert np.all(np.diff(line.rate_kg_s) <= 0)


def test_a_burst_vessel_keeps_its_mass_and_a_cold_one_only_makes_a_pool() -> None:
    burst = catastrophic_rupture(substance(CHLORINE), 1000.0, 293.15)
    assert burst.vapour_kg + burst.droplets_kg + burst.pool_kg == pytest.approx(1000.0)
    assert burst.cloud_density_kg_m3 > 3.0
    cold = catastrophic_rupture(substance(METHANOL), 1000.0, 293.15)
    assert cold.pool_kg == 1000.0 and cold.airborne_kg == 0.0
    gas = catastrophic_rupture(substance(METHANE), 10.0, 293.15)
    assert gas.vapour_kg == 10.0


def test_nothing_is_released_after_the_end() -> None:
    profile = Profile(np.array([0.0, 60.0]), np.array([1.0, 1.0]), np.zeros(2), "x")
    assert float(profile.released_kg(1e6)) == 60.0 and float(profile.released_kg(30.0)) == 30.0
    assert profile.mean_rate_kg_s(120.0) == 0.5


@given(st.integers(1, 12))
def test_batches_hold_the_whole_release(parts: int) -> None:
    profile = Profile(np.array([0.0, 10.0, 100.0]), np.array([5.0, 3.0, 0.0]), np.zeros(3), "x")
    times, masses = profile.batches(parts)
    assert masses.sum() == pytest.approx(profile.total_kg)
    assert len(times) == parts and np.all(masses >= 0)


@pytest.mark.parametrize(
    ("cas", "spill"),
    [
        (AMMONIA, Spill(rate_kg_s=10.0, duration_s=600.0, liquid_k=239.0)),
        (METHANOL, Spill(mass_kg=5000.0, bund_area_m2=200.0)),
        (CHLORINE, Spill(mass_kg=1000.0, ground=Ground.SOIL)),
        (METHANOL, Spill(mass_kg=5000.0, bund_area_m2=200.0, ground=Ground.INSULATED)),
    ],
)
def test_a_pool_keeps_its_mass_and_stays_in_its_bund(cas: str, spill: Spill) -> None:
    made = pool_of(substance(cas), spill, Weather(3.0, 0.0), until_s=3600.0)
    assert made.evaporated_kg + made.mass_kg[-1] == pytest.approx(spill.total_kg, rel=1e-9)
    assert made.area_m2.max() <= spill.bund_area_m2
    assert np.all(np.isfinite(made.rate_kg_s)) and np.all(made.rate_kg_s >= 0)
    assert np.all(made.temperature_k <= substance(cas).boiling_k + 1e-6)


def test_the_heat_of_a_deep_ammonia_pool_balances() -> None:
    one, start = substance(AMMONIA), 239.0
    spill = Spill(mass_kg=50_000.0, bund_area_m2=100.0, liquid_k=start)
    made = pool_of(one, spill, Weather(2.0, 0.0), until_s=3600.0)
    latent, heat = one.heat_of_vaporisation_j_kg(start), one.liquid_heat_capacity_j_kg_k(start)
    cooled = float(np.mean(made.mass_kg)) * heat * (start - made.temperature_k[-1])
    gained = made.ground_heat_j + made.air_heat_j
    assert made.evaporated_kg * latent == pytest.approx(gained + cooled, rel=0.01)


def test_a_pool_in_a_calm_and_one_that_dries_say_so() -> None:
    made = pool_of(substance(CHLORINE), Spill(mass_kg=5.0), Weather(0.0, 0.0), until_s=7200.0)
    assert {one.code for one in made.caveats} == {"source.pool_calm", "source.pool_dry"}
    with pytest.raises(Invalid):
        Spill()
    with pytest.raises(Invalid):
        Spill(mass_kg=10.0, bund_area_m2=0.0)


def test_a_stronger_wind_evaporates_more() -> None:
    spill = Spill(mass_kg=5000.0, bund_area_m2=200.0)
    rates = [pool_of(substance(METHANOL), spill, Weather(u, 0.0)).evaporated_kg for u in (1.0, 3.0, 10.0)]
    assert rates == sorted(rates)


def noisy_level(leak_kg_s: float, seed: int, outliers: int = 0) -> tuple[np.ndarray, np.ndarray, Tank]:
    rng = np.random.default_rng(seed)
    tank = Tank(TankShape.VERTICAL, 6.0, 10.0)
    times = np.arange(0.0, 1200.0, 15.0)
    level = 6.0 - leak_kg_s / (680.0 * math.pi * 9.0) * times + rng.normal(0, 0.002, len(times))
    level[rng.choice(len(times), outliers, replace=False)] = 9.9
    return times, level, tank


def test_the_interval_holds_the_leak_about_nine_times_in_ten() -> None:
    held = 0
    for seed in range(60):
        times, level, tank = noisy_level(1.5, seed)
        found = from_level(times, level, tank, 680.0)
        held += found.low_kg_s <= 1.5 <= found.high_kg_s
    assert held >= 50


def test_stuck_high_readings_do_not_move_the_estimate() -> None:
    times, level, tank = noisy_level(3.0, 7, outliers=8)
    level[3] = math.nan
    found = from_level(times, level, tank, 680.0)
    assert found.rate_kg_s == pytest.approx(3.0, rel=0.1) and found.is_leak
    assert found.readings == len(times) - 1


def test_known_flows_are_set_off_and_a_quiet_tank_is_no_leak() -> None:
    times, level, tank = noisy_level(4.0, 3)
    found = from_level(times, level, tank, 680.0, outflow_kg_s=4.0)
    assert found.rate_kg_s == pytest.approx(0.0, abs=0.3)
    assert not found.is_leak and found.caveats[0].code == "seeded.may_be_none"


def test_readings_that_cannot_tell_a_rate_are_refused() -> None:
    tank = Tank(TankShape.VERTICAL, 6.0, 10.0)
    for times, level in (
        ([0.0, 1.0], [5.0, 5.0]),
        ([0.0] * 6, [5.0] * 6),
        ([0.0, 1, 2, 3, 4], [math.nan] * 5),
        ([0.0, 1, 2, 3, 4], [5.0] * 4),
        ([0.0, 1, 2, 3, 4], [5.0, 5.0, 5.0, 5.0, 99.0]),
    ):
        with pytest.raises(Invalid):
            from_level(times, level, tank, 680.0)
    with pytest.raises(Invalid):
        from_pressure([0.0, 1, 2, 3, 4], [-1.0] * 5, 10.0, 293.15, 0.017)


def test_detectors_downwind_give_the_rate_back() -> None:
    from anlan.kernel.crs import LocalFrame
    from anlan.science.chemical.dispersion.plume import Plume

    weather, frame = Weather(3.0, 270.0, Stability.D), LocalFrame(106.6, 38.1)
    plume = Plume(0.8, weather)
    readings = []
    for x, y in ((100.0, 0.0), (200.0, 15.0), (300.0, -20.0), (-50.0, 0.0)):
        lon, lat = frame.to_lonlat(x, y)
        readings.append(GasReading(float(lon), float(lat), float(plume.at(x, y, 1.5)) * 1e6))
    found = from_detectors(readings, 106.6, 38.1, weather)
    assert found.readings == 3 and found.rate_kg_s == pytest.approx(0.8, rel=1e-3)
    assert found.low_kg_s < 0.4 < 1.6 < found.high_kg_s
    with pytest.raises(Invalid, match="plume"):
        from_detectors(readings, 106.6, 38.1, Weather(3.0, 90.0, Stability.D))


def test_agreeing_estimates_sharpen_and_disagreeing_ones_are_flagged() -> None:
    level, gas = LeakEstimate(1.0, 0.5, 2.0, "level", 10), LeakEstimate(1.2, 0.6, 2.4, "detectors", 3)
    both = combined([level, gas])
    assert 1.0 < both.rate_kg_s < 1.2 and both.high_kg_s / both.low_kg_s < 4.0
    odd = combined([level, LeakEstimate(20.0, 10.0, 40.0, "detectors", 3)])
    assert odd.low_kg_s <= 0.5 and odd.high_kg_s >= 40.0
    assert "seeded.disagree" in {one.code for one in odd.caveats}
    with pytest.raises(Invalid):
        combined([])


def test_a_sphere_of_propane_loses_its_liquid_and_slows_as_the_level_falls() -> None:
    one, tank = substance(PROPANE), Tank(TankShape.SPHERE, 6.0)
    drained = liquefied_drain(one, tank, 5.0, 0.05, 293.15)
    wanted = one.liquid_density_kg_m3(293.15) * float(tank.liquid_m3(5.0))
    assert drained.total_kg == pytest.approx(wanted, rel=1e-3)
    assert np.all(np.diff(drained.rate_kg_s) <= 1e-9)
    assert liquefied_drain(one, tank, 1.0, 0.05, 293.15, hole_height_m=2.0).total_kg == 0.0
    with pytest.raises(Invalid, match="superheated"):
        liquefied_drain(one, tank, 5.0, 0.05, 225.0)


@pytest.mark.parametrize("length", [0.0, 0.05, 0.1, 0.5])
@pytest.mark.parametrize("cas", [AMMONIA, CHLORINE, PROPANE])
def test_a_padded_liquid_that_just_begins_to_boil_leaves_no_faster_than_before(cas, length) -> None:
    """It left 1/0.61 times as fast as soon as it could flash."""
    one = substance(cas)
    rates = [
        two_phase_orifice(one, 0.02, one.boiling_k + above, pressure_pa=6e5, length_m=length).rate_kg_s
        for above in (-2.0, -0.1, 0.1, 2.0, 10.0, 20.0)
    ]
    for colder, warmer in itertools.pairwise(rates):
        assert 0.9 * colder < warmer < 1.001 * colder
