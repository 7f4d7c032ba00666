"""The four chains of the region: what makes them worse makes them likelier, and what is given is said."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.kernel.errors import Invalid
from anlan.kernel.fields import Grid
from anlan.kernel.validation import Certainty
from anlan.science.cascade import Given, Graph, Kind, Measure, Settings, enumerated, run
from anlan.science.cascade.builders import (
    Barrier,
    Crossing,
    FireWeather,
    Ignition,
    Line,
    Park,
    Pond,
    Quake,
    Site,
    Slope,
    Sphere,
    Storm,
    Tailings,
    Tank,
    Valley,
    Wind,
    barrier_lake,
    steppe_fire,
    tailings,
    tank_farm,
)
from anlan.science.cascade.builders.barrier_dam import failure_chance
from anlan.science.cascade.builders.tailings import closing_rain_mm
from anlan.science.chemical.explosion.vessel import VesselBurst
from anlan.science.chemical.fire.pool import PoolFire
from anlan.science.chemical.risk.domino import Vessel, by_radiation, time_to_failure_s
from anlan.science.flood.catchment import rational_peak_m3_s
from anlan.science.seismic.bssa14 import Region, ground_motion
from anlan.science.wildfire.wang import wang_spread

SITE = Site(8.0, 300.0)
EAST = Wind(6.0, 90.0)


def tank(name: str, x_m: float, y_m: float = 0.0, **more: object) -> Tank:
    plain = Tank(name, x_m, y_m, 20.0, 3000.0, "gasoline", 32.0, True, SITE, 10.0)
    return replace(plain, **more)  # type: ignore[arg-type]


def chance(graph: Graph, event: str) -> float:
    return enumerated(graph).chance(event).value


def named(graph: Graph, prefix: str) -> set[str]:
    return {edge.id for edge in graph.edges if prefix in edge.id}


# -- tank farm ------------------------------------------------------------------------------------------------
def test_shaking_is_that_of_the_seismic_engine_and_its_scatter_is_kept_whole() -> None:
    graph = tank_farm(Quake(7.0), [tank("T1", 0.0), tank("T2", 40.0)], EAST)
    footprint = graph["earthquake"].footprint(Measure.PGA)
    assert footprint is not None
    mean, sigma = ground_motion("PGA", 7.0, 8.0, 300.0, region=Region.HIGH_Q)
    assert footprint.at["T1"] == pytest.approx(float(np.exp(mean)))
    assert np.hypot(footprint.between_ln, footprint.within_ln) == pytest.approx(float(sigma))
    far = tank_farm(Quake(7.0), [tank("T1", 0.0), tank("T2", 40_000.0)], EAST)["earthquake"].footprints[0]
    assert far.between_ln < footprint.between_ln and far.within_ln > footprint.within_ln


def test_an_unanchored_tank_is_the_weaker_one() -> None:
    graph = tank_farm(Quake(7.0), [tank("T1", 0.0), tank("T2", 200.0, anchored=False)], EAST)
    found = enumerated(graph)
    for state in ("leak", "rupture", "release", "fire"):
        assert found.chance(f"T2.{state}").value > found.chance(f"T1.{state}").value
    release = found.chance("T1.leak").value + found.chance("T1.rupture").value
    assert found.chance("T1.release").value == pytest.approx(release)


def test_fire_runs_down_the_wind_in_the_time_that_the_vessel_stands() -> None:
    graph = tank_farm(Quake(7.0), [tank("T1", 0.0), tank("T2", 38.0)], EAST)
    assert named(graph, ">") == {"T1>T2"}
    edge = graph.edges[graph.edge_index["T1>T2"]]
    heat = float(PoolFire.of("gasoline", 32.0, wind_m_s=6.0).radiation_kw_m2(28.0, 0.0))
    assert graph["T1.fire"].footprints[0].at["T2"] == pytest.approx(heat)
    ttf = float(time_to_failure_s(heat, 3000.0, Vessel.ATMOSPHERIC))
    assert edge.delay.quantile([0.1, 0.9]).tolist() == pytest.approx([ttf, ttf])
    alone = 0.065 * chance(graph, "T2.release")
    escalated = chance(graph, "T1.fire") * float(by_radiation(heat, 3000.0, Vessel.ATMOSPHERIC))
    assert alone < chance(graph, "T2.fire") < alone + escalated


def test_in_the_other_wind_the_other_tank_is_in_danger() -> None:
    graph = tank_farm(Quake(7.0), [tank("T1", 0.0), tank("T2", 38.0)], Wind(6.0, 270.0))
    assert named(graph, ">") == {"T2>T1"}


def test_tanks_far_apart_do_not_set_each_other_on_fire() -> None:
    assert not named(tank_farm(Quake(7.0), [tank("T1", 0.0), tank("T2", 400.0)], EAST), ">")


@given(st.floats(5.0, 7.8), st.floats(0.05, 0.6))
@settings(max_examples=10)
def test_a_stronger_earthquake_makes_every_event_likelier(magnitude: float, more: float) -> None:
    tanks = [tank("T1", 0.0), tank("T2", 38.0, anchored=False)]
    weak, strong = (enumerated(tank_farm(Quake(m), tanks, EAST)) for m in (magnitude, magnitude + more))
    for event in ("T1.rupture", "T1.release", "T1.fire", "T2.release", "T2.fire"):
        assert strong.chance(event).value > weak.chance(event).value


def test_fires_carry_their_area_and_the_worst_chain_burns_both() -> None:
    grid = Grid(80, 80, 5.0, -200.0, 200.0, "local:106,38")
    lit = Ignition(Given(0.5, "drill", Certainty.OWN_DEFAULT))
    graph = tank_farm(Quake(7.5), [tank("T1", 0.0), tank("T2", 38.0)], EAST, lit, grid=grid)
    result = run(graph, Settings(2000))
    assert result.union is not None and result.union.mean_area_m2 > 0
    assert result.worst is not None and result.worst.severity == 20.0
    assert {"T1.fire", "T2.fire"} <= {link.event for link in result.worst.links}


def test_two_tanks_in_one_place_are_refused() -> None:
    with pytest.raises(Invalid):
        tank_farm(Quake(7.0), [tank("T1", 0.0), tank("T2", 0.0)], EAST)
    with pytest.raises(Invalid):
        tank_farm(Quake(7.0), [], EAST)


SPHERE = Sphere("S1", 36.0, 0.0, 12.0, 900.0, 400.0, 1.9e6, 1.13, SITE, 50.0)


def test_a_hot_fire_bursts_a_sphere_and_the_blast_ruptures_what_the_fire_did_not_reach() -> None:
    tanks = [tank("T1", 0.0, fuel="butane"), tank("T2", 36.0, -48.0)]
    plain, graph = tank_farm(Quake(7.0), tanks, EAST), tank_farm(Quake(7.0), tanks, EAST, spheres=[SPHERE])
    assert named(graph, ">") == {"T1>S1", "S1>T1", "S1>T2"}
    heat = graph["T1.fire"].footprints[0].at["S1"]
    burst = chance(graph, "T1.fire") * float(by_radiation(heat, 900.0, Vessel.PRESSURISED))
    assert chance(graph, "S1.burst") == pytest.approx(burst, rel=0.01)
    assert chance(graph, "T2.fire") > chance(plain, "T2.fire")
    vessel = VesselBurst(1.9e6, 400.0, 1.13)
    away = 48.0 - 10.0
    assert graph["S1.burst"].footprints[0].at["T2"] == pytest.approx(float(vessel.overpressure_kpa(away)))


def test_a_sphere_beyond_the_heat_stands_and_a_cooler_pool_does_not_burst_it() -> None:
    far = replace(SPHERE, x_m=200.0)
    tanks = [tank("T1", 0.0, fuel="butane")]
    assert chance(tank_farm(Quake(7.0), tanks, EAST, spheres=[far]), "S1.release") > 0
    with_far = tank_farm(Quake(7.0), tanks, EAST, spheres=[far])
    assert "T1>S1" not in named(with_far, ">")
    assert "T1>S1" not in named(tank_farm(Quake(7.0), [tank("T1", 0.0)], EAST, spheres=[SPHERE]), ">")
    assert "S1.burst" not in with_far.index
    near = tank_farm(Quake(7.0), tanks, EAST, spheres=[SPHERE])
    codes = {caveat.code for caveat in run(near, Settings(500)).manifest.caveats}
    assert {"spheres.vapour_only", "vessel_burst.share", "cascade.unsure.S1:opens"} <= codes


# -- tailings -------------------------------------------------------------------------------------------------
POND = Pond(1.2, 0.85, 60_000.0, 2.0)
DAM = Tailings(POND, Given(0.3, "panel"), 2e5, 12.0)
ROAD = Crossing("G109", Valley(4000.0, 40.0, 0.01, 0.04), 2.0, 30.0, 0.6, 12.0)


def storm(rain_mm: float, scatter_ln: float = 0.4) -> Storm:
    return Storm(rain_mm, 6.0, scatter_ln)


def test_the_pond_overtops_with_even_chance_at_its_critical_rain() -> None:
    critical = POND.critical_rain_mm(6.0)
    assert chance(tailings(storm(critical), DAM, [ROAD]), "overtopping") == pytest.approx(0.5, abs=1e-6)
    sure = replace(DAM, runoff_scatter_ln=0.0)
    assert chance(tailings(storm(critical * 1.01, 0.0), sure, [ROAD]), "overtopping") == pytest.approx(1.0)
    assert chance(tailings(storm(critical * 0.99, 0.0), sure, [ROAD]), "overtopping") == 0.0


def test_blocked_drainage_and_more_rain_make_it_worse() -> None:
    blocked = replace(DAM, pond=replace(POND, drainage_m3_s=0.0))
    usual = chance(tailings(storm(70.0), DAM, [ROAD]), "G109.cut")
    assert chance(tailings(storm(70.0), blocked, [ROAD]), "G109.cut") > usual
    assert chance(tailings(storm(90.0), DAM, [ROAD]), "G109.cut") > usual


def test_the_flash_flood_alone_closes_a_low_road() -> None:
    low = replace(ROAD, above_bed_m=0.2)
    rain = closing_rain_mm(low, 6.0)
    peak = rational_peak_m3_s(0.6, rain / 6.0, 30.0)
    assert low.valley.depth_m(peak) == pytest.approx(0.5)
    safe = replace(DAM, breaches=Given(0.0, "panel"))
    assert chance(tailings(storm(rain * 1.05, 0.0), safe, [low]), "G109.cut") == pytest.approx(1.0)
    assert chance(tailings(storm(rain * 0.95, 0.0), safe, [low]), "G109.cut") == 0.0


def test_the_wave_of_the_breach_comes_after_it_has_formed_and_travelled() -> None:
    result = run(
        tailings(storm(200.0, 0.1), replace(DAM, breaches=Given(1.0, "drill")), [ROAD]), Settings(500)
    )
    when = {arrival.event: arrival for arrival in result.arrivals}
    assert when["overtopping"].median_s < when["breach"].median_s < when["G109.cut"].median_s  # type: ignore[operator]
    codes = {caveat.code for caveat in result.manifest.caveats}
    assert {"pond_balance.drainage", "breach.regression", "valley_flood.no_attenuation"} <= codes
    assert "cascade.given.overtopping:breach" in codes


# -- steppe fire ----------------------------------------------------------------------------------------------
DRY = FireWeather(31.0, 18.0, 14.0, 11.0)
LINE = Line("L1", 3000.0, Given(0.5, "ensemble"), Given(0.4, "operator"), 24.0, (10.0, 40.0))
LIKELY = Given(0.9, "forecast"), Given(0.6, "forecast"), Given(0.2, "records")


def test_a_fire_wants_drought_and_wind_together() -> None:
    graph = steppe_fire(DRY, *LIKELY, [LINE])
    assert graph["danger"].footprints[0].at["steppe"] >= 73.0
    assert chance(graph, "fire") == pytest.approx(0.9 * 0.6 * 0.2)
    assert chance(steppe_fire(DRY, Given(0.0, "forecast"), *LIKELY[1:], [LINE]), "fire") == 0.0


def test_below_the_grade_no_fire_starts_and_only_the_wind_threatens_the_line() -> None:
    mild = replace(DRY, rh_min_percent=80.0, dry_days=1.0, tmax_c=10.0)
    graph = steppe_fire(mild, *LIKELY, [LINE])
    assert chance(graph, "fire") == 0.0 and chance(graph, "L1.out") > 0
    still = steppe_fire(mild, *LIKELY, [replace(LINE, gust_m_s=1.0)])
    assert chance(still, "L1.out") == pytest.approx(0.0, abs=1e-12)


def test_the_line_is_reached_within_the_range_of_the_spread() -> None:
    found = run(steppe_fire(DRY, *LIKELY, [LINE], within_h=0.01), Settings(3000))
    when = {arrival.event: arrival for arrival in found.arrivals}["L1.reached"]
    assert 3000 / 40 * 60 < (when.early_s or 0) < (when.late_s or 0) < 3000 / 10 * 60 + 36


def test_without_a_range_the_fire_comes_at_the_rate_of_its_head() -> None:
    plain = replace(LINE, spread_m_min=None)
    result = run(steppe_fire(DRY, *LIKELY, [plain], within_h=0.001), Settings(2000))
    when = {arrival.event: arrival for arrival in result.arrivals}["L1.reached"]
    rate_m_s = wang_spread("steppe", 31.0, 18.0, 11.0).rate_m_s
    assert when.median_s == pytest.approx(3000.0 / rate_m_s, abs=4.0)
    assert "wildfire.wang_transcribed" in {caveat.code for caveat in result.manifest.caveats}
    frozen = FireWeather(-20.0, 90.0, 14.0, 0.0)
    with pytest.raises(Invalid):
        steppe_fire(frozen, *LIKELY, [plain])


def test_what_is_given_about_the_line_is_said() -> None:
    codes = {caveat.code for caveat in run(steppe_fire(DRY, *LIKELY, [LINE]), Settings(500)).manifest.caveats}
    assert {"cascade.given.fire:L1", "cascade.given.L1:trips", "cascade.unsure.wind:L1"} <= codes
    assert {"cascade.given.danger:fire", "cascade.given.drought", "cascade.given.wind"} <= codes
    with pytest.raises(Invalid):
        steppe_fire(DRY, *LIKELY, [LINE], from_grade=6)
    with pytest.raises(Invalid):
        steppe_fire(DRY, *LIKELY, [])


# -- barrier lake ---------------------------------------------------------------------------------------------
SLOPES = [Slope("S1", 0.0, 0.0, Site(5.0, 500.0), 0.10), Slope("S2", 900.0, 0.0, Site(9.0, 450.0), 0.06)]
BARRIER = Barrier(120.0, 35.0, 200.0, 150.0, 3e6, 25.0, Given(0.4, "survey"))
PARKS = [
    Park("P1", Valley(12_000.0, 120.0, 0.006, 0.04), 3.0, 0.5, 800.0),
    Park("P2", Valley(25_000.0, 300.0, 0.004, 0.04), 2.0, 0.5, 300.0),
]


def test_a_slope_alone_is_never_likelier_to_slide_than_the_records_allow() -> None:
    found = chance(barrier_lake(Quake(7.5), SLOPES[:1], BARRIER, PARKS), "landslide")
    assert 0 < found <= 0.335
    assert chance(barrier_lake(Quake(7.5), SLOPES, BARRIER, PARKS), "landslide") > found


def test_soil_decides_the_critical_acceleration() -> None:
    soil = {
        "slope_deg": 35.0,
        "depth_m": 8.0,
        "cohesion_pa": 2e4,
        "friction_deg": 32.0,
        "unit_weight_n_m3": 17e3,
    }
    dry = Slope.of_soil("S", 0.0, 0.0, SITE, **soil)
    wet = Slope.of_soil("S", 0.0, 0.0, SITE, **soil, pore_pressure_pa=3e4)
    assert 0 <= wet.critical_g < dry.critical_g
    sliding = [chance(barrier_lake(Quake(6.5), [one], BARRIER, PARKS), "landslide") for one in (dry, wet)]
    assert sliding[1] > sliding[0]


def test_the_lake_fails_by_the_regression_unless_someone_answers_for_another_chance() -> None:
    graph = barrier_lake(Quake(7.0), SLOPES, BARRIER, PARKS)
    expected = 0.4 * failure_chance(120.0, 35.0, 200.0, 150.0)
    assert chance(graph, "breach") == pytest.approx(chance(graph, "landslide") * expected)
    drained = replace(BARRIER, fails=Given(0.05, "spillway dug"))
    assert chance(barrier_lake(Quake(7.0), SLOPES, drained, PARKS), "breach") == pytest.approx(
        chance(graph, "landslide") * 0.4 * 0.05
    )


def test_parks_share_the_peak_that_floods_them() -> None:
    found = enumerated(barrier_lake(Quake(7.0), SLOPES, BARRIER, PARKS))
    first, second = (found.happens[found.graph.index[f"{park}.flooded"]] for park in ("P1", "P2"))
    breach = found.chance("breach").value
    both, one, other = (found.of(rows).value / breach for rows in (first & second, first, second))
    assert both == pytest.approx(min(one, other), abs=1e-6)
    assert both > one * other


def test_a_park_on_high_ground_stays_dry() -> None:
    high = [replace(PARKS[0], above_bed_m=40.0)]
    assert chance(barrier_lake(Quake(7.5), SLOPES, BARRIER, high), "P1.flooded") < 1e-6


def test_half_of_the_dams_that_fail_do_so_within_ten_days() -> None:
    result = run(barrier_lake(Quake(7.5), SLOPES, BARRIER, PARKS), Settings(20_000))
    when = {arrival.event: arrival for arrival in result.arrivals}
    lasts = (when["breach"].median_s or 0) - (when["lake"].median_s or 0)
    assert lasts == pytest.approx(10 * 86_400, rel=0.1)
    assert "breach.regression" in {caveat.code for caveat in result.manifest.caveats}


@pytest.mark.parametrize("change", [{"height_m": 0.0}, {"catchment_km2": -1.0}, {"lake_m3": float("nan")}])
def test_dams_that_cannot_be_are_refused(change: dict[str, float]) -> None:
    with pytest.raises(Invalid):
        barrier_lake(Quake(7.0), SLOPES, replace(BARRIER, **change), PARKS)


@pytest.mark.parametrize(
    "make", [lambda: Valley(1e3, 0.0, 0.01, 0.04), lambda: Valley(1e3, 50.0, -0.01, 0.04)]
)
def test_valleys_that_do_not_fall_are_refused(make: object) -> None:
    with pytest.raises(Invalid):
        make()  # type: ignore[operator]


def test_every_event_of_the_chains_has_words_in_both_languages() -> None:
    for graph in (
        tank_farm(Quake(7.0), [tank("T1", 0.0)], EAST),
        tailings(storm(70.0), DAM, [ROAD]),
        steppe_fire(DRY, *LIKELY, [LINE]),
        barrier_lake(Quake(7.0), SLOPES, BARRIER, PARKS),
    ):
        assert graph.title.zh and graph.title.en and graph.severity_unit.zh
        assert all(
            event.label.zh and event.label.en and isinstance(event.kind, Kind) for event in graph.events
        )


def test_inputs_outside_a_model_are_told_by_the_event_that_used_them() -> None:
    far = replace(tank("T1", 0.0), site=Site(500.0, 100.0))
    codes = {
        caveat.code for caveat in run(tank_farm(Quake(9.0), [far], EAST), Settings(500)).manifest.caveats
    }
    assert {"out_of_range.rjb_km", "out_of_range.vs30_m_s", "out_of_range.magnitude"} <= codes
    small = replace(BARRIER, height_m=2.0, lake_m3=500.0)
    codes = {
        caveat.code
        for caveat in run(barrier_lake(Quake(7.0), SLOPES, small, PARKS), Settings(500)).manifest.caveats
    }
    assert {"out_of_range.height_m", "out_of_range.volume_m3", "barrier_lake.peak"} <= codes
