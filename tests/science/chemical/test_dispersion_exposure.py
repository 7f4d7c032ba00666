import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.kernel.crs import LocalFrame
from anlan.kernel.errors import Invalid
from anlan.kernel.fields import Grid
from anlan.science.chemical.dispersion.advected import PuffResult, PuffScenario, advected_puffs
from anlan.science.chemical.dispersion.dose import indoors, shelter_factor, steady_toxic_load, toxic_load
from anlan.science.chemical.source.outflow import Profile
from anlan.science.chemical.weather import Stability, Weather, WeatherSeries

GRID = Grid(161, 161, 25.0, -2012.5, 2012.5, LocalFrame(106.6, 38.1).name)


def release(rate: float = 1.0, seconds: float = 300.0) -> Profile:
    return Profile(np.array([0.0, seconds]), np.full(2, rate), np.zeros(2), "none")


def puffs(weather: WeatherSeries, rate: float = 1.0, **other: float) -> PuffResult:
    options = {"until_s": 600.0, "step_s": 10.0} | other
    return advected_puffs(PuffScenario(release(rate), weather, 106.6, 38.1, grid=GRID, **options))


def steady(speed: float = 3.0, from_deg: float = 270.0, c: Stability = Stability.D) -> WeatherSeries:
    return WeatherSeries.steady(Weather(speed, from_deg, c))


def centre(values: np.ndarray) -> tuple[float, float]:
    total = values.sum()
    return float((values * GRID.x_m[None, :]).sum() / total), float(
        (values * GRID.y_m[:, None]).sum() / total
    )


def test_the_cloud_goes_where_the_wind_blows_and_turns_when_it_turns() -> None:
    east, north = centre(puffs(steady()).final_mg_m3.values)
    assert east > 1000 and abs(north) < 20
    turning = WeatherSeries((0.0, 300.0), (Weather(3.0, 270.0), Weather(3.0, 180.0)))
    east, north = centre(puffs(turning).final_mg_m3.values)
    assert 300 < east < 700 and 700 < north < 1000


@given(st.floats(0, 360))
@settings(max_examples=8, deadline=None)
def test_turning_the_wind_turns_the_field(angle: float) -> None:
    x0, y0 = centre(puffs(steady(2.0)).final_mg_m3.values)
    x1, y1 = centre(puffs(steady(2.0, 270.0 + angle)).final_mg_m3.values)
    assert math.hypot(x1, y1) == pytest.approx(math.hypot(x0, y0), rel=0.02)
    bearing = math.degrees(math.atan2(x1, y1)) - math.degrees(math.atan2(x0, y0))
    assert abs((bearing - angle + 180) % 360 - 180) < 1.5


def test_the_layers_of_a_passing_cloud_hold_what_was_let_go() -> None:
    total = 0.0
    for height in np.linspace(1.25, 98.75, 40):
        scenario = PuffScenario(
            release(seconds=60.0),
            steady(1.5),
            106.6,
            38.1,
            until_s=300.0,
            grid=GRID,
            receptor_m=float(height),
        )
        total += advected_puffs(scenario).final_mg_m3.values.sum() * GRID.cell_area_m2 * 2.5 / 1e6
    assert total == pytest.approx(60.0, rel=0.01)


def test_concentration_and_load_scale_with_the_rate() -> None:
    one, two = puffs(steady(), exponent=2.0), puffs(steady(), 2.0, exponent=2.0)
    assert np.allclose(two.peak_mg_m3.values, 2 * one.peak_mg_m3.values)
    assert np.allclose(two.load.values, 4 * one.load.values)


def test_a_finer_step_changes_little() -> None:
    coarse, fine = puffs(steady(), step_s=10.0), puffs(steady(), step_s=2.0)
    far = np.hypot(GRID.x_m[None, :], GRID.y_m[:, None]) > 400
    top = float(fine.load.values[far].max())
    assert float(np.abs(coarse.load.values - fine.load.values)[far].max()) < 0.05 * top


def test_a_calm_spell_keeps_the_cloud_near_and_says_so() -> None:
    made = puffs(steady(0.0, c=Stability.F))
    assert made.caveats[0].code == "weather.calm"
    assert abs(centre(made.final_mg_m3.values)[0]) < 400
    assert np.all(np.isfinite(made.peak_mg_m3.values))


def test_a_change_of_stability_does_not_shrink_a_puff() -> None:
    unstable = Weather(3.0, 270.0, Stability.B)
    mixed = WeatherSeries((0.0, 320.0), (unstable, Weather(3.0, 270.0, Stability.F)))
    before = puffs(WeatherSeries.steady(unstable), until_s=320.0).final_mg_m3.values
    after = puffs(mixed, until_s=600.0).final_mg_m3.values
    assert after.max() <= before.max()


def test_grids_and_steps_beyond_reason_are_refused() -> None:
    with pytest.raises(Invalid):
        puffs(steady(), step_s=0.001)
    with pytest.raises(Invalid):
        PuffScenario(release(), steady(), 106.6, 38.1, grid=Grid(5000, 5000, 1.0, 0.0, 0.0, GRID.crs))
    with pytest.raises(Invalid):
        puffs(steady(), until_s=-1.0)


@given(st.floats(0.1, 3.5), st.floats(1.0, 1e4), st.floats(60.0, 7200.0))
def test_the_load_of_a_constant_is_its_power_times_minutes(n: float, c: float, seconds: float) -> None:
    times = np.linspace(0.0, seconds, 7)
    assert float(toxic_load(times, np.full(7, c), n)) == pytest.approx(c**n * seconds / 60, rel=1e-9)
    assert float(steady_toxic_load(c, seconds, n)) == pytest.approx(c**n * seconds / 60, rel=1e-12)


@pytest.mark.parametrize(
    ("times", "values"),
    [([0.0], [1.0]), ([0.0, 0.0], [1.0, 1.0]), ([0.0, 1.0], [1.0, math.nan]), ([0.0, 1.0], [1.0, -1.0])],
)
def test_a_broken_course_has_no_load(times: list[float], values: list[float]) -> None:
    with pytest.raises(Invalid):
        toxic_load(times, values, 2.0)


@given(st.floats(0.05, 10.0))
def test_a_room_lags_behind_and_never_exceeds_the_outdoors(changes: float) -> None:
    times = np.linspace(0.0, 7200.0, 241)
    outside = np.where(times < 1800, 100.0, 0.0)
    inside = indoors(times, outside, changes)
    assert np.all(inside >= 0) and inside.max() <= 100.0
    assert inside[60] > inside[20] and inside[-1] > 0
    assert 0 < shelter_factor(1800.0, changes) < 1


def test_a_sealed_room_stays_clean() -> None:
    assert np.all(indoors([0.0, 600.0, 1200.0], [0.0, 50.0, 50.0], 0.0) == 0.0)
