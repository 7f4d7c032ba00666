"""Neighbouring releases give neighbouring zones: no hole, no cliff, none that shrinks when more comes out."""

import itertools

import numpy as np
import pytest

from anlan.kernel.crs import LocalFrame
from anlan.kernel.fields import Grid
from anlan.science.chemical.dispersion.engines import Spread, spread_of
from anlan.science.chemical.dispersion.outline import reach_of
from anlan.science.chemical.dispersion.plume import Plume
from anlan.science.chemical.dispersion.source_state import source_state
from anlan.science.chemical.footprint import ToxicRelease, concentration_field, density_of
from anlan.science.chemical.substances import substance
from anlan.science.chemical.weather import Stability, Weather

BENZENE, CHLORINE, AMMONIA, PROPANE, OXIDE = "71-43-2", "7782-50-5", "7664-41-7", "74-98-6", "75-21-8"
RATES = (0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0)
PER_PPM = 101_325 / (8.314 * 298.15) / 1e6


def spread(cas, rate, wind, stability, droplets=0.0, seconds=600.0, averaging=600.0) -> Spread:
    one, air = substance(cas), Weather(wind, 270.0, Stability(stability))
    release = ToxicRelease(
        cas, rate, seconds, 106.0, 38.0, air, averaging_s=averaging, liquid_fraction=droplets
    )
    state = source_state(one, air, None, droplets)
    return spread_of(release, one, state, density_of(release, state))


def level_kg_m3(cas, ppm):
    return ppm * PER_PPM * substance(cas).molar_mass_kg_mol


@pytest.mark.parametrize(("stability", "wind"), [("B", 2.0), ("D", 3.0), ("D", 8.0), ("E", 3.0), ("F", 2.0)])
@pytest.mark.parametrize(
    ("cas", "droplets", "ppm"),
    [
        (PROPANE, 0.0, 21_000),
        (PROPANE, 0.5, 21_000),
        (CHLORINE, 0.0, 20),
        (CHLORINE, 0.8, 20),
        (AMMONIA, 0.8, 1100),
        (BENZENE, 0.0, 12_000),
        (OXIDE, 0.0, 30_000),
    ],
)
def test_zones_of_dense_gas_grow_with_the_rate_and_without_a_leap(cas, droplets, ppm, stability, wind):
    level = level_kg_m3(cas, ppm)
    reaches = [
        reach_of(spread(cas, rate, wind, stability, droplets).centreline, level).far_m for rate in RATES
    ]
    assert all(reach > 0 for reach in reaches)
    for less, more in itertools.pairwise(reaches):
        assert 0.98 * less <= more <= 4.0 * less


def test_vapour_over_a_benzene_pool_burns_on_a_calm_night():
    """It began on a footprint too small for the flow, thinned out to half a per cent, and no zone was drawn."""
    made = spread(BENZENE, 1.0, 1.0, "F", averaging=20.0)
    zone = reach_of(made.centreline, level_kg_m3(BENZENE, 12_000)).far_m
    assert 40 < zone < 160


def test_a_small_jet_of_liquid_chlorine_is_not_strode_over():
    """At 1 kg/s the first step was longer than the jet, and left nothing of it."""
    made = spread(CHLORINE, 1.0, 3.0, "D", droplets=0.8)
    plume = Plume(1.0, Weather(3.0, 270.0, Stability.D), 0.0, 600.0)
    x = np.array([300.0, 1000.0, 3000.0])
    assert np.all(made.centreline(x) > 0.5 * plume.at(x))
    assert "dense.shallow_layer_lost" not in {caveat.code for caveat in made.caveats}


def test_a_sudden_cloud_in_a_storm_has_a_zone_about_its_source():
    made = spread(CHLORINE, 3.0, 30.0, "A", seconds=30.0)
    assert reach_of(made.centreline, level_kg_m3(CHLORINE, 20)).far_m > 5


def test_over_its_source_the_cloud_is_as_wide_as_its_level_says():
    made = spread(BENZENE, 1.0, 1.0, "F", averaging=20.0)
    level, x = level_kg_m3(BENZENE, 12_000), np.array([10.0, 25.0, 40.0])
    width = made.half_width(x, level)
    assert np.all(width > 0)
    assert made.places(x, width) == pytest.approx(level, rel=0.02)


def test_ammonia_mist_is_heavy_though_its_vapour_is_light():
    air = Weather(2.0, 270.0, Stability.F)
    vapour = source_state(substance(AMMONIA), air)
    mist = source_state(substance(AMMONIA), air, None, 0.16)
    assert vapour.weighs_kg_m3 < air.air_density_kg_m3
    assert mist.density_kg_m3 < air.air_density_kg_m3 < mist.weighs_kg_m3


def test_a_light_mist_goes_by_the_plume_with_the_dense_curves_beside_it():
    made = spread(AMMONIA, 7.6, 2.0, "F", droplets=0.16)
    assert "dense.light_mist" in {caveat.code for caveat in made.caveats}
    assert made.second is not None
    thick = spread(AMMONIA, 7.6, 2.0, "F", droplets=0.45)
    level = level_kg_m3(AMMONIA, 1100)
    ratio = reach_of(made.centreline, level).far_m / reach_of(thick.centreline, level).far_m
    assert 1.0 < ratio < 1.6


def test_in_unstable_air_the_neutral_curves_do_not_outreach_a_plume():
    made = spread(BENZENE, 1.0, 2.0, "A")
    plume = Plume(1.0, Weather(2.0, 270.0, Stability.A), 0.0, 600.0)
    x = np.geomspace(5.0, 2000.0, 20)
    assert made.second is not None
    assert np.all(made.second(x) <= plume.at(x) * (1 + 1e-9))


def test_no_place_holds_more_than_pure_gas():
    air = Weather(1.0, 270.0, Stability.F)
    near = Grid(40, 40, 2.0, -40.0, 40.0, LocalFrame(106.0, 38.0).name)
    field = concentration_field(ToxicRelease(AMMONIA, 10.0, 600.0, 106.0, 38.0, air), near)
    pure = 1e6 * substance(AMMONIA).gas_density_kg_m3(air.temperature_k)
    assert 0.5 * pure < np.max(field.values) <= pure * (1 + 1e-9)


@pytest.mark.parametrize("cas", ["98-82-8", "4484-72-4"])
@pytest.mark.parametrize(("stability", "wind"), [("C", 4.0), ("D", 5.0), ("F", 2.0)])
def test_a_trace_of_vapour_spreads_as_a_plume_however_much_of_it_there_is(cas, stability, wind):
    """The less vapour the air held the heavier its cloud counted: from some rate on cumene reached half as far, and
    dodecyltrichlorosilane, whose saturated air is thinner than its limit, nowhere."""
    level = substance(cas).find_endpoint("aegl", 2).mg_m3(293.15, 101_325.0) / 1e6
    reaches = [
        reach_of(spread(cas, rate, wind, stability).centreline, level).far_m for rate in (0.5, 7.9, 8.3, 60.0)
    ]
    assert reaches == sorted(reaches) and reaches[0] > 10
