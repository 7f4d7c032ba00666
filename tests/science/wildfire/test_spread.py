"""Fires over a landscape: the grid leaves no mark, barriers hold, weather turns them, bad ground is refused."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from anlan.kernel.errors import Invalid
from anlan.kernel.fields import Grid
from anlan.science.wildfire import (
    ContainmentLine,
    Ignition,
    Moisture,
    RunCancelled,
    SpreadModel,
    Weather,
    WildfireScenario,
    run,
    surface_fire,
    wang_spread,
)
from anlan.science.wildfire.layout import landscape_of, starts_of
from anlan.science.wildfire.lines import closing_times
from anlan.science.wildfire.run import perimeter_m
from anlan.science.wildfire.stages import stages_of
from anlan.science.wildfire.travel import Workspace, burn

FEW = settings(max_examples=12, deadline=None)
DRY = Moisture(0.05, 0.06, 0.07, 0.6, 0.9)
SIZE, CELL = 121, 20.0
GRID = Grid(SIZE, SIZE, CELL, 500_000.0, 4_000_000.0, "EPSG:32648")
MIDDLE = Ignition(500_000.0 + SIZE * CELL / 2, 4_000_000.0 - SIZE * CELL / 2)


def fire(**changes: Any) -> WildfireScenario:
    """Grass on flat ground, lit in the middle, an hour and a half of light wind."""
    asked = {
        "grid": GRID, "fuel": np.full(GRID.shape, 102), "weather": (Weather(0.0, 3.0, 270.0, DRY),),
        "duration_s": 5400.0, "ignitions": (MIDDLE,),
    }  # fmt: skip
    return WildfireScenario(**(asked | changes))


def arrival(scenario: WildfireScenario) -> NDArray[np.float64]:
    """Arrival times, infinite where nothing burnt."""
    values = np.asarray(run(scenario).fields["arrival"].values, np.float64)
    return np.where(np.isnan(values), np.inf, values)


def mixed_fuel(seed: int) -> NDArray[np.int64]:
    random = np.random.default_rng(seed)
    patches = random.choice([102, 122, 165, 183, 145, 98], (21, 21), p=[0.4, 0.2, 0.1, 0.1, 0.15, 0.05])
    return np.kron(patches, np.ones((6, 6), np.int64))[2:123, 2:123]


def hills(seed: int) -> NDArray[np.float64]:
    random = np.random.default_rng(seed + 7)
    waves = random.uniform(-1, 1, (4, 4))
    y, x = np.meshgrid(np.linspace(0, np.pi, SIZE), np.linspace(0, np.pi, SIZE), indexing="ij")
    heights = sum(waves[i, j] * np.cos(i * y) * np.cos(j * x) for i in range(4) for j in range(4))
    return 1500.0 + 120.0 * np.asarray(heights)


def test_a_fire_in_still_air_is_round() -> None:
    times = arrival(fire(weather=(Weather(0.0, 0.0, 0.0, DRY),), duration_s=60_000.0))
    for turned in (times.T, times[::-1], times[:, ::-1]):
        np.testing.assert_allclose(turned, times, rtol=2e-4)
    ring = np.isfinite(times) & (times > 30_000)
    rows, columns = np.nonzero(ring)
    far = np.hypot(rows - 60, columns - 60)
    speed = far / times[ring]
    assert speed.max() / speed.min() < 1.001


@pytest.mark.parametrize("kind", [1, 6])
def test_wang_s_fire_in_still_air_on_flat_ground_is_round_and_runs_at_the_calm_rate(kind: int) -> None:
    calm = wang_spread(kind, 25.0, 20.0, 0.0)
    asked = fire(
        fuel=np.full(GRID.shape, kind), weather=(Weather(0.0, 0.0, 0.0, None, 25.0, 20.0),),
        model=SpreadModel.WANG, duration_s=800.0 / calm.rate_m_s,
    )  # fmt: skip
    times = arrival(asked)
    rows, columns = np.nonzero(np.isfinite(times) & (times > 0))
    speed = np.hypot(rows - 60, columns - 60) * CELL / times[rows, columns]
    assert speed == pytest.approx(np.full(len(speed), calm.rate_m_s), rel=1e-3)
    assert len(rows) == pytest.approx(np.pi * (800.0 / CELL) ** 2, rel=0.02)


@given(st.sampled_from(list(SpreadModel)), st.integers(1, 8), st.floats(0.0, 0.3), st.floats(0.0, 360.0))
@FEW
def test_no_fire_outruns_its_head_however_weak_the_wind(
    model: SpreadModel, kind: int, wind: float, wind_from: float
) -> None:
    asked = fire(
        fuel=np.full(GRID.shape, kind), model=model, weather=(Weather(0.0, wind, wind_from, DRY, 25.0, 20.0),)
    )
    head = (
        surface_fire(kind, DRY, wind, wind_from).rate_m_s
        if model is SpreadModel.ROTHERMEL
        else wang_spread(kind, 25.0, 20.0, wind).rate_m_s
    )
    times = arrival(asked)
    rows, columns = np.nonzero(np.isfinite(times))
    assert (np.hypot(rows - 60, columns - 60) * CELL <= 1.01 * head * times[rows, columns] + 1.0).all()


@pytest.mark.parametrize("model", list(SpreadModel))
@pytest.mark.parametrize(("wind", "wind_from", "seed"), [(0.0, 0.0, 3), (6.0, 77.0, 5), (11.0, 200.0, 17)])
def test_in_a_mirror_the_fire_is_the_mirrored_fire(
    model: SpreadModel, wind: float, wind_from: float, seed: int
) -> None:
    heights = hills(seed)
    here = fire(
        fuel=np.full(GRID.shape, 2), elevation_m=heights, model=model,
        weather=(Weather(0.0, wind, wind_from, DRY, 25.0, 20.0),),
    )  # fmt: skip
    there = replace(
        here,
        elevation_m=heights[:, ::-1],
        weather=(replace(here.weather[0], wind_from_deg=(360.0 - wind_from) % 360.0),),
    )
    np.testing.assert_allclose(arrival(there), arrival(here)[:, ::-1], rtol=0.01)


@pytest.mark.parametrize("model", list(SpreadModel))
def test_a_finer_grid_burns_the_same_ground(model: SpreadModel) -> None:
    areas = []
    for cells, cell_m in ((61, 40.0), (122, 20.0), (244, 10.0)):
        grid = Grid(cells, cells, cell_m, GRID.west, GRID.north, GRID.crs)
        asked = fire(
            grid=grid, fuel=np.full(grid.shape, 6), model=model,
            weather=(Weather(0.0, 6.0, 250.0, DRY, 25.0, 20.0),),
            duration_s=600.0 / (0.16 if model is SpreadModel.WANG else 0.36),
        )  # fmt: skip
        areas.append(run(asked).summary["burnt_m2"])
    assert areas[0] == pytest.approx(areas[2], rel=0.04) and areas[1] == pytest.approx(areas[2], rel=0.02)


@given(st.integers(0, 10_000), st.integers(1, 3), st.floats(0.0, 12.0), st.floats(0.0, 360.0))
@FEW
def test_turning_the_ground_and_the_wind_turns_the_fire(
    seed: int, turns: int, wind: float, wind_from: float
) -> None:
    """Over mixed fuel and hills, by quarter turns; where fronts meet, a cell may keep the one or the other of two
    arrivals that lie close together.
    """
    fuel, heights = mixed_fuel(seed), hills(seed)
    fuel[58:63, 58:63] = 102
    here = fire(fuel=fuel, elevation_m=heights, weather=(Weather(0.0, wind, wind_from, DRY),))
    there = replace(
        here,
        fuel=np.rot90(fuel, turns),
        elevation_m=np.rot90(heights, turns),
        weather=(Weather(0.0, wind, (wind_from - 90.0 * turns) % 360, DRY),),
    )
    turned, straight = arrival(there), np.rot90(arrival(here), turns)
    well_inside = np.minimum(turned, straight) < 0.95 * here.duration_s
    np.testing.assert_allclose(turned[well_inside], straight[well_inside], rtol=0.03)
    assert (~np.isclose(turned, straight, rtol=1e-3)).mean() < 2e-3


@given(st.floats(0.0, 359.0), st.floats(1.0, 9.0))
@FEW
def test_an_ellipse_lies_as_the_wind_blows_whichever_way_that_is(wind_from: float, wind: float) -> None:
    head = surface_fire("GR2", DRY, wind, wind_from)
    asked = fire(weather=(Weather(0.0, wind, wind_from, DRY),), duration_s=45 * CELL / head.rate_m_s)
    times = arrival(asked)
    rows, columns = np.nonzero(np.isfinite(times))
    east, north = (columns - 60) * CELL, (60 - rows) * CELL
    toward = np.radians(head.toward_deg)
    along = east * np.sin(toward) + north * np.cos(toward)
    across = east * np.cos(toward) - north * np.sin(toward)
    assert along.max() == pytest.approx(45 * CELL, abs=1.5 * CELL)
    width = 45 * CELL * (1 + head.back_m_s / head.rate_m_s) / head.length_over_width
    assert across.max() - across.min() == pytest.approx(width, abs=2.1 * CELL)


@given(st.integers(0, 10_000), st.floats(0.0, 6.0), st.floats(0.2, 3.0))
@FEW
def test_more_wind_from_behind_brings_the_head_sooner(seed: int, wind: float, more: float) -> None:
    fuel = mixed_fuel(seed)
    fuel[55:66, 55:] = 102
    slow, fast = (
        arrival(fire(fuel=fuel, weather=(Weather(0.0, u, 270.0, DRY),))) for u in (wind, wind + more)
    )
    assert (fast[60, 66:] <= slow[60, 66:] * (1 + 1e-4)).all()


@given(st.integers(0, 10_000), st.floats(0.04, 0.2), st.floats(0.01, 0.1))
@FEW
def test_drier_fuel_burns_no_later_anywhere(seed: int, dead: float, more: float) -> None:
    wet, dry = (Moisture(water, water, water, 0.6, 0.9) for water in (dead + more, dead))
    still = [
        fire(fuel=mixed_fuel(seed), weather=(Weather(0.0, 0.0, 0.0, m),), duration_s=20_000.0)
        for m in (wet, dry)
    ]
    late, early = (arrival(one) for one in still)
    assert (early[np.isfinite(late)] <= late[np.isfinite(late)] * (1 + 2e-3) + 1.0).all()


def test_a_fire_runs_uphill_sooner_than_down() -> None:
    up = np.tile(np.linspace(0, 800, SIZE), (SIZE, 1))
    times = arrival(fire(elevation_m=up, weather=(Weather(0.0, 0.0, 0.0, DRY),), duration_s=20_000.0))
    assert times[60, 80] < times[60, 40]
    np.testing.assert_allclose(times, times[::-1], rtol=1e-3)


def test_water_and_a_diagonal_road_of_single_cells_hold_a_fire() -> None:
    fuel = np.full(GRID.shape, 102)
    fuel[np.arange(SIZE), np.arange(SIZE)] = 91
    times = arrival(
        fire(fuel=fuel, ignitions=(replace(MIDDLE, x_m=MIDDLE.x_m + 10 * CELL),), duration_s=40_000.0)
    )
    rows, columns = np.indices(GRID.shape)
    assert np.isfinite(times[columns > rows]).sum() > 2000
    assert np.isinf(times[columns <= rows]).all()


def test_a_line_that_is_built_in_time_holds_and_one_that_is_late_does_not() -> None:
    x, north, south = MIDDLE.x_m + 15 * CELL, GRID.north, GRID.north - SIZE * CELL
    free = arrival(fire())
    meets = free[60, 74]
    held = arrival(fire(lines=(ContainmentLine(((x, north), (x, south)), from_s=meets / 4),)))
    assert np.isinf(held[:, 76:]).all()
    late = arrival(fire(lines=(ContainmentLine(((x, north), (x, south)), from_s=meets * 2),)))
    assert np.array_equal(late, free)
    # a crew from the north at a walking pace closes the north before the fire comes, the middle too late
    crew = arrival(
        fire(lines=(ContainmentLine(((x, north), (x, south)), 0.0, 45 * CELL / meets),), duration_s=9000.0)
    )
    assert np.isinf(crew[:30, 74]).all()
    assert np.isfinite(crew[60, 76])


@given(st.floats(0.0, 360.0))
@FEW
def test_nothing_slips_through_a_line_at_any_angle(angle: float) -> None:
    turn = np.radians(angle)
    away = np.array([np.cos(turn), np.sin(turn)])
    middle = np.array([MIDDLE.x_m, MIDDLE.y_m]) + 9 * CELL * away
    ends = [middle + sign * 200 * CELL * np.array([-away[1], away[0]]) for sign in (-1, 1)]
    line = ContainmentLine(tuple((float(x), float(y)) for x, y in ends))
    times = arrival(fire(lines=(line,), duration_s=20_000.0))
    x, y = np.meshgrid(GRID.x_m, GRID.y_m)
    beyond = (x - middle[0]) * away[0] + (y - middle[1]) * away[1] > 1.5 * CELL
    assert np.isinf(times[beyond]).all()
    assert np.isfinite(times).sum() > 500


def test_a_line_from_beyond_the_horizon_is_followed_only_where_it_matters() -> None:
    """Half the world at sixteen steps a cell would be billions of them."""
    x = MIDDLE.x_m + 9 * CELL
    near = ContainmentLine(((x, 3_990_000.0), (x, 4_010_000.0)))
    far = ContainmentLine(((x, -9e8), (x, 9e8)))
    assert np.array_equal(closing_times((far,), GRID), closing_times((near,), GRID))
    built = ContainmentLine(((x, 3_997_000.0), (x, 9e8)), 60.0, 0.5)
    rows, _, when = built.cells(GRID)
    middles = (GRID.y_m[rows] - 3_997_000.0) / 0.5 + 60.0
    np.testing.assert_allclose(when, middles, atol=CELL / 0.5)
    elsewhere = ContainmentLine(((1e6, 5e6), (2e6, 6e6)))
    assert np.isinf(closing_times((elsewhere,), GRID)).all()


def test_weather_that_only_repeats_itself_changes_nothing() -> None:
    once = arrival(fire())
    thrice = arrival(fire(weather=tuple(Weather(at, 3.0, 270.0, DRY) for at in (0.0, 1111.0, 3456.7))))
    both = np.isfinite(once)
    np.testing.assert_allclose(thrice[both], once[both], rtol=1e-4)


def test_rain_stops_a_fire_and_when_the_fuel_has_dried_it_goes_on_where_it_stood() -> None:
    soaked = Moisture(0.5, 0.5, 0.5, 1.2, 1.5)
    free = arrival(fire())
    wet = arrival(fire(weather=(Weather(0.0, 3.0, 270.0, DRY), Weather(2000.0, 3.0, 270.0, soaked))))
    assert np.array_equal(np.isfinite(wet), free <= 2000.0)
    again = (
        Weather(0.0, 3.0, 270.0, DRY),
        Weather(2000.0, 3.0, 270.0, soaked),
        Weather(5000.0, 3.0, 270.0, DRY),
    )
    resumed = arrival(fire(weather=again, duration_s=8400.0))
    later = (free > 2100.0) & (free < 5000.0)
    assert np.abs(resumed[later] - free[later] - 3000.0).max() < 60.0


def test_fires_lit_one_after_the_other_burn_what_either_reaches_first() -> None:
    other = Ignition(MIDDLE.x_m + 30 * CELL, MIDDLE.y_m + 5 * CELL, 900.0)
    both = arrival(fire(ignitions=(MIDDLE, other)))
    one, two = arrival(fire()), arrival(fire(ignitions=(other,)))
    first = np.minimum(one, two)
    seen = np.isfinite(first)
    assert np.array_equal(np.isfinite(both), seen)
    np.testing.assert_allclose(both[seen], first[seen], atol=5.0)


def test_a_perimeter_that_burns_already_is_where_the_fire_goes_on() -> None:
    burning = np.zeros(GRID.shape, bool)
    burning[50:70, 40:60] = True
    result = run(fire(burning=burning, ignitions=()))
    times = result.fields["arrival"].values
    assert (times[burning] == 0).all()
    assert np.isnan(result.fields["intensity"].values[burning]).all()
    assert times[60, 62] < times[60, 37]


def test_intensity_and_flame_fall_from_the_head_to_the_back() -> None:
    result = run(fire())
    head = surface_fire("GR2", DRY, 3.0, 270.0)
    intensity, rate = result.fields["intensity"].values, result.fields["rate"].values
    assert rate[60, 75] == pytest.approx(head.rate_m_s, rel=2e-3)
    assert intensity[60, 75] == pytest.approx(head.intensity_kw_m, rel=2e-3)
    assert rate[60, 58] == pytest.approx(head.back_m_s, rel=2e-2)
    assert result.summary["flame_max_m"] == pytest.approx(head.flame_m, rel=0.02)


def test_no_heat_without_the_fuel_that_burns() -> None:
    wang = fire(
        model=SpreadModel.WANG,
        fuel=np.full(GRID.shape, 6),
        weather=(Weather(0.0, 5.0, 270.0, None, 25.0, 30.0),),
    )
    result = run(wang)
    assert np.isnan(result.fields["intensity"].values).all()
    assert "wildfire.no_load" in {one.code for one in result.caveats}
    loaded = run(replace(wang, load_kg_m2={6: 0.3}))
    assert loaded.summary["intensity_max_kw_m"] > 0


def test_the_perimeter_of_a_disc_is_that_of_a_circle() -> None:
    rows, columns = np.indices((400, 400))
    disc = np.hypot(rows - 200, columns - 199.5) < 150
    assert perimeter_m(disc, 10.0) == pytest.approx(2 * np.pi * 1500, rel=0.01)


def test_a_run_tells_how_far_it_is_and_can_be_stopped() -> None:
    heard: list[float] = []
    run(fire(), heard.append)
    assert heard[-1] == 1.0 and heard == sorted(heard)
    with pytest.raises(RunCancelled):
        run(fire(), cancelled=lambda: True)


def test_the_same_input_gives_the_same_digest_and_another_wind_another() -> None:
    one, again = run(fire()), run(fire())
    assert one.manifest.digest == again.manifest.digest
    other = run(fire(weather=(Weather(0.0, 3.1, 270.0, DRY),)))
    assert other.manifest.digest != one.manifest.digest


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"elevation_m": np.full(GRID.shape, np.nan)}, "void"),
        ({"elevation_m": np.full(GRID.shape, 1e9)}, "void value"),
        ({"elevation_m": np.zeros((SIZE, SIZE + 4))}, "swapped"),
        ({"fuel": np.full(GRID.shape, 77)}, "unknown fuel"),
        ({"fuel": np.full(GRID.shape, 98)}, "Nothing in the fuel"),
        ({"fuel": np.full(GRID.shape, 102.0)}, "whole numbers"),
        ({"grid": Grid(SIZE, SIZE, 0.001, 106.0, 39.0, "EPSG:4326")}, "projected metres"),
        ({"ignitions": ()}, "no ignition"),
        ({"ignitions": (Ignition(0.0, 0.0),)}, "outside the grid"),
        ({"ignitions": (replace(MIDDLE, at_s=1e6),)}, "time of the ignition"),
        ({"weather": ()}, "begin at 0"),
        ({"weather": (Weather(0.0, 3.0, 0.0),)}, "needs fuel moisture"),
        ({"weather": (Weather(10.0, 3.0, 0.0, DRY),)}, "begin at 0"),
        ({"model": SpreadModel.WANG, "fuel": np.full(GRID.shape, 1)}, "needs temperature"),
        ({"model": SpreadModel.WANG, "fuel": np.full(GRID.shape, 9)}, "unknown fuels"),
        ({"duration_s": -5.0}, "duration"),
        ({"canopy_cover": 60.0}, "canopy cover"),
        ({"rate_factor": 0.0}, "factor on the rate"),
    ],
)
def test_ground_and_weather_that_cannot_be_are_refused_by_name(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(Invalid) as refusal:
        fire(**changes)
    assert said in refusal.value.title.en
    assert refusal.value.title.zh


@pytest.mark.parametrize("speed", [-1.0, np.nan, 300.0])
def test_wind_that_cannot_be_is_refused(speed: float) -> None:
    with pytest.raises(Invalid):
        Weather(0.0, speed, 0.0, DRY)


def test_what_is_doubtful_is_said() -> None:
    def codes(**changes: Any) -> set[str]:
        return {one.code for one in run(fire(**changes)).caveats}

    assert {"wildfire.surface_only", "wildfire.unsheltered"} <= codes()
    assert "wildfire.edge" in codes(duration_s=80_000.0)
    assert "wildfire.no_spread" in codes(fuel=np.where(np.indices(GRID.shape)[1] < 10, 102, 98))
    assert "out_of_range.wind_m_s" in codes(weather=(Weather(0.0, 30.0, 270.0, DRY),))
    line = ContainmentLine(((MIDDLE.x_m, GRID.north), (GRID.west, MIDDLE.y_m)))
    assert "wildfire.lines_hold" in codes(lines=(line,))
    gale = (Weather(0.0, 15.0, 270.0, None, 25.0, 30.0),)
    assert "wildfire.wang_wind_capped" in codes(
        model=SpreadModel.WANG, fuel=np.full(GRID.shape, 6), weather=gale
    )


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_gale_over_mixed_fuel_and_hills_takes_no_cell_up_again_and_again(seed: int) -> None:
    gale = fire(
        fuel=mixed_fuel(seed),
        elevation_m=hills(seed),
        weather=(Weather(0.0, 16.0, 250.0, DRY),),
        duration_s=9000.0,
    )
    land = landscape_of(gale)
    work = Workspace(len(land.fuel))
    assert burn(land, stages_of(gale, land.kinds), starts_of(gale), work)
    assert work.taken < 4 * np.isfinite(work.arrival_s).sum() + 500
