"""A region day by day: composite index, grades, signals; and the weather of fire."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.kernel.errors import Invalid, NotFound
from anlan.kernel.fields import Grid
from anlan.kernel.levels import WarningLevel
from anlan.science.drought import Drought, Scenario, grade_of_index, run
from anlan.science.drought.evapotranspiration import hargreaves_mm
from anlan.science.drought.fire_weather import days_since_rain, fire_grade, fire_index, fire_warning
from anlan.science.drought.grades import day_of_year, grade_of_soil_moisture, mci, moisture_index, warning_of

WEATHER = Path(__file__).parents[4] / "shared" / "data" / "weather" / "ningxia_city_daily_1980_2018.parquet"
needs_weather = pytest.mark.skipif(
    not WEATHER.is_file(), reason=f"the daily weather is not at hand: {WEATHER}"
)


def made(years: int = 35, cells: int = 4, seed: int = 2) -> Scenario:
    """Daily rain of a semi-arid year with a summer maximum, from a seeded generator."""
    random = np.random.default_rng(seed)
    days = int(years * 365.25)
    summer = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(days) / 365.25)[:, None]
    wet = random.random((days, cells)) < 0.05 + 0.2 * summer
    rain = np.where(wet, random.gamma(0.8, 5.0, (days, cells)), 0.0)
    pet = np.broadcast_to(0.4 + 5.0 * summer, rain.shape).copy()
    return Scenario(date(1981, 1, 1), rain, pet, "seeded", tuple(str(640100 + k) for k in range(cells)))


ORDINARY = made()


def test_half_a_year_without_rain_is_an_extreme_drought_with_a_red_signal() -> None:
    rain = ORDINARY.rain_mm.copy()
    rain[-180:, 0] = 0.0
    result = run(replace(ORDINARY, rain_mm=rain))
    before = run(ORDINARY)
    assert result.mci[-1, 0] < before.mci[-1, 0]
    assert result.grades[-1, 0] >= Drought.SEVERE
    assert result.warnings[0] in (WarningLevel.ORANGE, WarningLevel.RED)
    np.testing.assert_array_equal(result.mci[:, 1], before.mci[:, 1])


def test_indices_of_an_ordinary_climate_are_about_normal() -> None:
    result = run(ORDINARY)
    late = slice(200, None)
    for index in (result.spi90, result.spi150, result.spei90):
        assert abs(np.nanmean(index[late])) < 0.1 and abs(np.nanstd(index[late]) - 1) < 0.1
    assert np.isnan(result.mci[:149]).all() and np.isfinite(result.mci[149:]).all()


def test_the_answer_is_plain_json_and_says_what_it_lacks() -> None:
    short = run(made(years=15))
    said = json.loads(json.dumps(short.as_json(), allow_nan=False))
    codes = {caveat["code"] for caveat in said["manifest"]["caveats"]}
    assert {"drought.short_record", "drought.ka_is_one", "out_of_range.years"} <= codes
    assert sum(said["shares"].values()) == pytest.approx(1.0)
    assert said["cells"][0]["label"] in {"无旱", "轻旱", "中旱", "重旱", "特旱"}
    assert run(made(years=15, seed=3)).manifest.digest != short.manifest.digest


def test_a_grid_of_cells_comes_back_as_fields() -> None:
    grid = Grid(2, 2, 10_000.0, 500_000.0, 4_300_000.0, "EPSG:32648")
    fields = {field.name: field for field in run(replace(ORDINARY, grid=grid, cells=())).fields()}
    assert fields["mci"].values.shape == (2, 2)
    assert set(np.unique(fields["drought_grade"].values)) <= {0, 1, 2, 3, 4}
    assert run(ORDINARY).fields() == ()


def test_days_without_data_are_unknown_and_told() -> None:
    rain = ORDINARY.rain_mm.copy()
    rain[-3, 1] = np.nan
    result = run(replace(ORDINARY, rain_mm=rain))
    assert result.grades[-1, 1] == Drought.UNKNOWN and result.warnings[1] is None
    assert "drought.no_index" in {caveat.code for caveat in result.manifest.caveats}


@pytest.mark.parametrize(
    "changes",
    [
        {"rain_mm": -ORDINARY.rain_mm},
        {"rain_mm": ORDINARY.rain_mm[:10]},
        {"pet_mm": -ORDINARY.pet_mm},
        {"cells": ("640100",)},
        {"reference": (2010, 1990)},
        {"rain_mm": np.empty((0, 4)), "pet_mm": np.empty((0, 4))},
        {"ka": 0.0},
        {"ka": float("nan")},
        {
            "rain_mm": np.where(
                np.arange(ORDINARY.rain_mm.size).reshape(ORDINARY.rain_mm.shape) == 7, -0.1, 1.0
            )
        },
        {"pet_mm": np.where(np.arange(ORDINARY.pet_mm.size).reshape(ORDINARY.pet_mm.shape) == 7, -1.0, 3.0)},
        {"pet_mm": np.full(ORDINARY.pet_mm.shape, np.inf)},
    ],
)
def test_records_that_do_not_fit_are_refused(changes: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        run(replace(ORDINARY, **changes))


def test_an_unknown_region_has_no_weights() -> None:
    with pytest.raises(NotFound):
        mci(0.0, 0.0, 0.0, 0.0, "moon")


@needs_weather
def test_the_drought_of_ningxia_in_the_daily_record() -> None:
    """39 years of five prefectures: potential evapotranspiration as given in the record."""
    import pyarrow.parquet as parquet

    table = parquet.read_table(WEATHER)
    adcode = np.array(table["adcode"].to_pylist())
    codes = tuple(sorted(set(adcode.tolist())))
    columns = {}
    for name in ("precip_mm", "ref_et_mm"):
        values = table[name].to_numpy()
        columns[name] = np.stack([values[adcode == code] for code in codes], axis=1)
    days = np.array(table["date"].to_pylist())[adcode == codes[0]]
    assert (np.sort(days) == days).all()
    rain = columns["precip_mm"]
    result = run(Scenario(date(1980, 1, 1), rain, columns["ref_et_mm"], "CMFD daily 1980-2018", codes))
    assert result.last_day == date(2018, 12, 31)
    late = result.mci[150:]
    assert np.isfinite(late).all()
    # a monitored index is in drought a fair share of the time, and rarely extreme
    assert 0.1 < (result.grades[150:] >= Drought.LIGHT).mean() < 0.6
    assert (result.grades[150:] == Drought.EXTREME).mean() < 0.1
    yinchuan = codes.index("640100")
    wettest = int(np.argmax(rain[:, yinchuan]))
    assert days[wettest] == "2006-07-14" and rain[wettest, yinchuan] == pytest.approx(77.1, abs=0.05)
    assert result.spi30[wettest, yinchuan] > 1.5


@needs_weather
def test_evapotranspiration_from_temperatures_follows_the_record_of_yinchuan() -> None:
    import pyarrow.parquet as parquet

    table = parquet.read_table(WEATHER)
    here = np.array(table["adcode"].to_pylist()) == "640100"
    low, high, given_mm = (table[name].to_numpy()[here] for name in ("tmin_c", "tmax_c", "ref_et_mm"))
    day = np.arange(len(low)) % 365.25 + 1
    found = hargreaves_mm(low, high, day, 38.5)
    assert np.corrcoef(found, given_mm)[0, 1] > 0.8
    assert 0.5 < found.mean() / given_mm.mean() < 1.6


@given(st.floats(-30, 30), st.floats(0, 25), st.integers(1, 366), st.floats(-60, 60))
def test_evapotranspiration_is_never_negative_and_grows_with_heat(
    low: float, span: float, day: int, lat: float
) -> None:
    here = float(hargreaves_mm(low, low + span, day, lat))
    assert here >= 0
    assert hargreaves_mm(low + 3, low + 3 + span, day, lat) >= here - 1e-6


def test_impossible_temperatures_and_days_are_refused() -> None:
    for broken in ((10.0, 5.0, 100, 38.0), (5.0, 10.0, 0, 38.0), (5.0, 10.0, 100, 95.0)):
        with pytest.raises(Invalid):
            hargreaves_mm(*broken)
    assert np.isnan(hargreaves_mm(np.nan, 10.0, 100, 38.0))


@given(st.floats(-6, 6), st.floats(0, 3))
def test_a_drier_index_is_never_a_milder_grade(index: float, drier: float) -> None:
    assert grade_of_index(index - drier) >= grade_of_index(index)


def test_grades_of_soil_moisture_and_of_nothing() -> None:
    assert grade_of_soil_moisture([70, 60, 50, 40, 30, np.nan]).tolist() == [0, 1, 2, 3, 4, -1]
    with pytest.raises(Invalid):
        grade_of_soil_moisture(-1.0)
    with pytest.raises(Invalid):
        moisture_index(-1.0, 3.0)
    assert np.isnan(moisture_index(np.nan, 0.0))


def test_a_week_of_severe_drought_is_orange_and_six_days_are_nothing() -> None:
    assert warning_of([3, 3, 3, 3, 3, 3, 2]) is None
    assert warning_of([0] * 30 + [3] * 7) is WarningLevel.ORANGE
    assert warning_of([4] * 6 + [3]) is WarningLevel.ORANGE
    assert warning_of([]) is None


def test_leap_days_share_the_step_of_the_28th() -> None:
    steps = day_of_year(date(2020, 2, 27), 4)
    assert steps.tolist() == [57, 58, 58, 59]
    assert day_of_year(date(2019, 12, 31), 2).tolist() == [364, 0]


@given(st.floats(-30, 45), st.floats(0, 100), st.integers(0, 60), st.floats(0, 30), st.floats(0, 20))
def test_hotter_drier_longer_windier_is_never_less_dangerous(
    tmax: float, humidity: float, days: int, wind: float, season: float
) -> None:
    here = float(fire_index(tmax, humidity, days, wind, season))
    assert -20 <= here <= 130
    assert fire_index(tmax + 5, humidity, days, wind, season) >= here
    assert fire_index(tmax, max(0.0, humidity - 10), days, wind, season) >= here
    assert fire_index(tmax, humidity, days + 1, wind, season) >= here
    assert fire_index(tmax, humidity, days, wind + 3, season) >= here
    assert 1 <= fire_grade(here) <= 5


@pytest.mark.parametrize(
    ("humidity", "expected"),
    [(65, 0), (64, 4), (55, 4), (54, 8), (45, 8), (35, 12), (34, 16), (25, 16), (24, 20), (0, 20)],
)
def test_classes_of_humidity_as_printed(humidity: float, expected: float) -> None:
    assert float(fire_index(0.0, humidity, 0, 0.0)) == expected


def test_fire_danger_of_missing_and_impossible_weather() -> None:
    assert np.isnan(fire_index(np.nan, 30.0, 3, 2.0))
    assert fire_index([20.0, np.nan], 30.0, 3, 2.0).shape == (2,)
    for broken in (
        (20.0, 101.0, 3, 2.0, 0.0),
        (20.0, 30.0, -1, 2.0, 0.0),
        (20.0, 30.0, 3, -2.0, 0.0),
        (20.0, 30.0, 3, 2.0, 30.0),
        (1e9, 30.0, 3, 2.0, 0.0),
        (20.0, 30.0, 3, 1e9, 0.0),
    ):
        with pytest.raises(Invalid):
            fire_index(*broken)
    assert [fire_warning(grade) for grade in (2, 3, 4, 5)] == [
        None,
        WarningLevel.YELLOW,
        WarningLevel.ORANGE,
        WarningLevel.RED,
    ]


def test_the_count_of_dry_days_restarts_after_rain_alone_and_never_because_a_gauge_was_silent() -> None:
    rain = np.array([1.0, 0.0, 0.2, np.nan, 0.0, 0.3])
    np.testing.assert_array_equal(days_since_rain(rain), [0.0, 1.0, 2.0, np.nan, 4.0, 0.0])
    assert days_since_rain(np.zeros((3, 2))).tolist() == [[1.0, 1.0], [2.0, 2.0], [3.0, 3.0]]
    with pytest.raises(Invalid):
        days_since_rain([-1.0])
