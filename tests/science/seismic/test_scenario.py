"""A report comes in at three in the morning: the footprint, and what it says about itself."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.kernel.errors import Invalid
from anlan.kernel.fields import Grid
from anlan.science.seismic import Exposure, FatalityRelation, Scenario, SeismicResult, packaged_matrix, run
from anlan.science.seismic.casualties import density_factor, homeless, night_share
from anlan.science.seismic.damage import DamageMatrix, spread

CHINA = timezone(timedelta(hours=8))
AT_3 = datetime(2026, 1, 10, 3, 0, tzinfo=CHINA)
AT_15 = datetime(2026, 1, 10, 15, 0, tzinfo=CHINA)
YINCHUAN = Scenario("yc", 7.0, 106.2, 38.5, 15.0, AT_3, strike_deg=25.0)
MATRIX = packaged_matrix()


def villages(count: int = 400, seed: int = 3) -> Exposure:
    """Villages scattered over northern Ningxia in three counties, made by a seeded generator."""
    random = np.random.default_rng(seed)
    return Exposure(
        random.uniform(105.4, 107.0, count),
        random.uniform(37.8, 39.2, count),
        random.integers(0, 3, count),
        ("640104", "640122", "640221"),
        random.gamma(2.0, 500.0, count),
        random.gamma(1.0, 200.0, count),
        MATRIX.classes,
        random.gamma(1.0, 8000.0, (count, len(MATRIX.classes))),
        np.array([3000.0, 2200.0, 1500.0, 800.0]),
        "seeded villages",
    )


VILLAGES = villages()
GRID = Grid(40, 40, 5000.0, 500_000.0, 4_360_000.0, "EPSG:32648")


def assessed(scenario: Scenario, exposure: Exposure = VILLAGES) -> SeismicResult:
    result = run(scenario, exposure, GRID)
    assert result.impact is not None
    return result


def test_night_and_afternoon_differ_in_deaths_and_in_nothing_that_shakes() -> None:
    night, day = assessed(YINCHUAN), assessed(replace(YINCHUAN, time=AT_15))
    assert night.impact.total.deaths.central > 2 * day.impact.total.deaths.central
    assert night.impact.total.deaths.high > day.impact.total.deaths.high
    assert night.impact.total.deaths.low > day.impact.total.deaths.low
    assert night.isoseismals == day.isoseismals
    np.testing.assert_array_equal(night.intensity.values, day.intensity.values)
    assert night.impact.total.loss_yuan == day.impact.total.loss_yuan
    assert night.impact.total.area_m2 == day.impact.total.area_m2
    assert night.impact.total.deaths_by_hour == day.impact.total.deaths_by_hour
    assert night.impact.total.deaths_by_hour[3] == pytest.approx(night.impact.total.deaths.central)
    assert night.impact.total.deaths_by_hour[15] == pytest.approx(day.impact.total.deaths.central)


def test_a_revised_magnitude_is_version_two_and_version_one_stays_as_it_was() -> None:
    first = assessed(YINCHUAN)
    before = json.dumps(first.as_json(), sort_keys=True)
    second = assessed(YINCHUAN.revised(magnitude=7.4))
    assert (first.scenario.version, second.scenario.version) == (1, 2)
    assert second.impact.total.loss_yuan.central > first.impact.total.loss_yuan.central
    assert second.manifest.digest != first.manifest.digest
    assert json.dumps(first.as_json(), sort_keys=True) == before
    assert assessed(YINCHUAN).as_json() == first.as_json()


def test_both_zones_of_ningxia_are_shown() -> None:
    north = run(YINCHUAN)
    south = run(replace(YINCHUAN, lon=105.6, lat=36.6))
    assert (north.set_id, north.envelope_set_id) == ("dongbu_2015", "qingzang_2015")
    assert (south.set_id, south.envelope_set_id) == ("qingzang_2015", "dongbu_2015")
    assert north.envelope and north.envelope != north.isoseismals
    assert "seismic.zone_probable" in {caveat.code for caveat in north.manifest.caveats}


def test_counties_add_up_to_the_total() -> None:
    impact = assessed(YINCHUAN).impact
    for name in ("severe", "destroyed", "intact"):
        assert sum(one.area_m2[name] for one in impact.counties) == pytest.approx(impact.total.area_m2[name])
    assert sum(one.loss_yuan.central for one in impact.counties) == pytest.approx(
        impact.total.loss_yuan.central
    )
    assert sum(one.deaths.central for one in impact.counties) == pytest.approx(impact.total.deaths.central)
    assert sum(one.population for one in impact.counties) == pytest.approx(VILLAGES.population.sum())
    assert impact.cell_deaths.sum() == pytest.approx(impact.total.deaths.central)
    assert sum(impact.total.area_m2.values()) == pytest.approx(VILLAGES.floor_area_m2.sum(), rel=1e-6)


@settings(max_examples=15)
@given(st.floats(5.5, 7.8), st.floats(0.1, 0.6))
def test_a_stronger_earthquake_costs_more_of_everything(magnitude: float, more: float) -> None:
    weak = assessed(replace(YINCHUAN, magnitude=magnitude)).impact.total
    strong = assessed(replace(YINCHUAN, magnitude=magnitude + more)).impact.total
    assert strong.loss_yuan.central > weak.loss_yuan.central
    assert strong.deaths.central >= weak.deaths.central
    assert strong.homeless >= weak.homeless
    for impact in (weak, strong):
        assert 0 <= impact.deaths.low <= impact.deaths.central <= impact.deaths.high <= impact.population
        assert impact.loss_yuan.low <= impact.loss_yuan.central <= impact.loss_yuan.high
        assert 0 <= impact.homeless <= impact.population


def test_deaths_are_the_same_whatever_the_order_of_the_places() -> None:
    order = np.random.default_rng(0).permutation(len(VILLAGES))
    columns = ("lon", "lat", "county", "population", "density_per_km2", "floor_area_m2")
    shuffled = replace(VILLAGES, **{name: getattr(VILLAGES, name)[order] for name in columns})
    one, other = assessed(YINCHUAN).impact.total, assessed(YINCHUAN, shuffled).impact.total
    assert one.deaths.central == pytest.approx(other.deaths.central)
    assert one.deaths.high == pytest.approx(other.deaths.high)


def test_the_band_is_wide_and_the_same_for_the_same_seed() -> None:
    total = assessed(YINCHUAN).impact.total
    assert total.deaths.high > 5 * total.deaths.low
    assert assessed(YINCHUAN).impact.total == total
    assert assessed(replace(YINCHUAN, relation=FatalityRelation.YIN)).impact.total.deaths != total.deaths


def test_soft_ground_is_hit_harder() -> None:
    soft = replace(VILLAGES, vs30_m_s=np.full(len(VILLAGES), 220.0))
    assert (
        assessed(YINCHUAN, soft).impact.total.loss_yuan.central
        > assessed(YINCHUAN).impact.total.loss_yuan.central
    )
    assert (
        run(replace(YINCHUAN, vs30_m_s=220.0)).intensity.values[200, 0]
        > run(YINCHUAN).intensity.values[200, 0]
    )


def test_an_unknown_strike_is_drawn_as_circles_unless_a_fault_runs_by() -> None:
    blind = replace(YINCHUAN, strike_deg=None)
    circles = run(blind)
    assert circles.shape.value == "circle"
    assert "seismic.strike_unknown" in {caveat.code for caveat in circles.manifest.caveats}
    trace = np.array([[106.25, 38.0], [106.25, 39.0]])
    along = run(blind, faults=[trace])
    assert along.shape.value == "ellipse" and (along.strike_deg + 90) % 180 == pytest.approx(90.0, abs=0.1)
    assert "seismic.strike_of_trace" in {caveat.code for caveat in along.manifest.caveats}
    far = np.array([[109.25, 38.0], [109.25, 39.0]])
    assert run(blind, faults=[far]).shape.value == "circle"


def test_a_line_source_stretches_the_lines_along_the_rupture() -> None:
    line = run(replace(YINCHUAN, magnitude=8.0, line_source=True))
    facts = line.isoseismals[0].facts
    # half of 10^(−2.44 + 0.59·8) km of Wells and Coppersmith
    assert facts["semi_long_km"] - facts["semi_short_km"] == pytest.approx(95.3, abs=0.1)


def test_the_grid_holds_the_epicentre_at_its_peak_and_every_figure_is_finite() -> None:
    result = run(YINCHUAN)
    for field in (result.intensity, result.pga):
        assert field.grid.crs == "EPSG:32648"
        assert np.isfinite(field.values).all()
        row, column = np.unravel_index(field.values.argmax(), field.values.shape)
        assert abs(row - 200) < 12 and abs(column - 200) < 12
    assert result.intensity.values.max() == pytest.approx(result.peak_intensity, abs=0.1)


def test_a_grid_of_ones_own_is_used_and_a_local_frame_refused() -> None:
    grid = Grid(10, 20, 1000.0, 600_000.0, 4_270_000.0, "EPSG:32648")
    assert run(YINCHUAN, grid=grid).intensity.values.shape == (10, 20)
    with pytest.raises(Invalid):
        run(YINCHUAN, grid=replace(grid, crs="local:106.2,38.5"))


@pytest.mark.parametrize(
    "changes",
    [
        {"magnitude": -1.0},
        {"magnitude": 11.0},
        {"magnitude": float("nan")},
        {"depth_km": -5.0},
        {"depth_km": float("inf")},
        {"lon": 38.5, "lat": 106.2},
        {"lon": float("nan")},
        {"strike_deg": 400.0},
        {"vs30_m_s": 0.0},
        {"seed": -1},
        {"version": 0},
        {"fault_within_km": float("nan")},
        {"time": datetime(2026, 1, 1)},  # noqa: DTZ001 - the missing zone is the point
    ],
)
def test_impossible_reports_are_refused(changes: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        run(replace(YINCHUAN, **changes))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"magnitude": 3.0}, "out_of_range.magnitude"),
        ({"magnitude": 9.2}, "out_of_range.magnitude"),
        ({"depth_km": 120.0}, "out_of_range.depth_km"),
        ({"lon": -118.0, "lat": 34.0}, "seismic.outside_china"),
        ({"lon": 2.3, "lat": 48.9}, "seismic.no_zone"),
        ({"magnitude": 9.2, "zone_set": "zhongqiang_2015"}, "seismic.axes_cross"),
    ],
)
def test_doubtful_reports_are_answered_with_a_caveat(changes: dict[str, object], code: str) -> None:
    result = run(replace(YINCHUAN, **changes))
    assert 1.0 <= result.peak_intensity <= 12.0
    assert code in {caveat.code for caveat in result.manifest.caveats}
    assert np.isfinite(result.intensity.values).all()


def test_without_people_there_are_lines_and_a_caveat() -> None:
    columns = ("lon", "lat", "county", "population", "density_per_km2", "floor_area_m2")
    empty = replace(VILLAGES, **{name: getattr(VILLAGES, name)[:0] for name in columns})
    for exposure in (None, empty):
        result = run(YINCHUAN, exposure)
        assert result.impact is None and result.isoseismals
        assert "seismic.no_exposure" in {caveat.code for caveat in result.manifest.caveats}


@pytest.mark.parametrize(
    "changes",
    [
        {"population": np.full(400, -1.0)},
        {"population": np.full(400, np.nan)},
        {"population": np.ones(7)},
        {"county": np.full(400, 3)},
        {"county": np.full(400, 1.5)},
        {"lon": VILLAGES.lat, "lat": VILLAGES.lon},
        {"price_yuan_m2": np.ones(2)},
        {"classes": ("a", "b", "c", "d")},
    ],
)
def test_a_broken_exposure_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        run(YINCHUAN, replace(VILLAGES, **changes))


def test_the_manifest_names_every_table_that_decided() -> None:
    manifest = assessed(YINCHUAN).manifest
    assert {"attenuation", "zones", "damage_matrix", "fatality", "night_factor"} <= set(manifest.tables)
    assert manifest.inputs["exposure"] == "seeded villages"
    assert json.loads(json.dumps(manifest.as_json()))["seed"] == 1


def test_an_edited_matrix_changes_the_loss_and_the_manifest() -> None:
    weaker = DamageMatrix(MATRIX.classes, MATRIX.titles, 6, MATRIX.shares[:, [1, 2, 3, 4, 4]], "local 1")
    edited = run(YINCHUAN, VILLAGES, matrix=weaker)
    assert edited.impact.total.loss_yuan.central > assessed(YINCHUAN).impact.total.loss_yuan.central
    assert edited.manifest.tables["damage_matrix"] == "local 1"
    with pytest.raises(Invalid):
        DamageMatrix(MATRIX.classes, MATRIX.titles, 6, 0.9 * MATRIX.shares, "broken")


@given(st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_damage_shares_add_up_and_grow_worse_together(one: float, other: float) -> None:
    low, high = spread(min(one, other)), spread(max(one, other))
    assert low.sum() == pytest.approx(1.0)
    worse_low, worse_high = low[::-1].cumsum(), high[::-1].cumsum()
    assert (worse_high >= worse_low - 1e-9).all()


def test_hours_densities_and_households() -> None:
    assert night_share(2.0) == 1.0 and night_share(12.0) == 0.0 and 0 < night_share(21.0) < 1
    assert Scenario("x", 5.0, 106.0, 38.0, 10.0, datetime(2026, 1, 1, 19, 0, tzinfo=UTC)).local_hour == 3.0
    assert density_factor([0.0, 49.9, 50.0, 500.0]).tolist() == [0.8, 0.8, 1.0, 1.2]
    for wrong in (-1.0, float("nan")):
        with pytest.raises(Invalid):
            density_factor([100.0, wrong])
    assert homeless(0.0, 0.0, 0.0, 120.0, 3.2, 50.0) == 0.0
    for broken in ((-1.0, 0.0, 0.0, 120.0, 3.2, 0.0), (1.0, 0.0, 0.0, 0.0, 3.2, 0.0)):
        with pytest.raises(Invalid):
            homeless(*broken)
    with pytest.raises(Invalid):
        night_share(25.0)
