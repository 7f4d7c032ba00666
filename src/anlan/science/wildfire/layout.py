"""From a scenario to the arrays of the kernels: the padded landscape, a table of fuels for each stage."""

import numpy as np
from numpy.typing import NDArray

from anlan.science.wildfire import rays
from anlan.science.wildfire.bed import FT_M, fuel_beds
from anlan.science.wildfire.ellipse import Shape
from anlan.science.wildfire.fuels import fuel_models, fuel_rows, fuel_table
from anlan.science.wildfire.intensity import HEAT_KJ_KG
from anlan.science.wildfire.lines import closing_times
from anlan.science.wildfire.rothermel import WindLimit
from anlan.science.wildfire.scenario import SpreadModel, Weather, WildfireScenario
from anlan.science.wildfire.travel import Landscape, Stage, Start
from anlan.science.wildfire.wang import (
    MOST_WIND_M_S,
    SLOPE_FACTOR,
    SLOPE_POWER,
    WIND_POWER,
    beaufort,
    calm_rate_m_min,
    wang_fuels,
    wang_table,
)
from anlan.science.wildfire.wind import TEN_METRES_OVER_TWENTY_FEET, wind_adjustment

Floats = NDArray[np.float64]


def landscape_of(scenario: WildfireScenario) -> Landscape:
    """The ground as the kernels see it."""
    grid = scenario.grid
    present = _kinds(scenario)
    if scenario.model is SpreadModel.ROTHERMEL:
        depth = np.array([one.depth_ft * FT_M for one in fuel_models().values()])[fuel_rows(scenario.fuel)]
        shelter = wind_adjustment(depth, scenario.canopy_cover, scenario.canopy_height_m)
        burns = depth > 0
    else:
        shelter, burns = np.ones(grid.shape), scenario.fuel > 0
    rank = np.searchsorted(present, np.where(burns, scenario.fuel, present[0]))
    fuel = np.where(burns, rank, rays.UNBURNABLE).astype(np.uint8)
    rise_e, rise_n = scenario.rise
    ground = np.zeros((grid.rows + 2, grid.columns + 2, 3), np.float32)
    for place, values in enumerate((rise_e, rise_n, shelter)):
        ground[1:-1, 1:-1, place] = values
    closed = np.zeros(1, np.float32)
    if scenario.lines:
        times = np.pad(closing_times(scenario.lines, grid), 1, constant_values=np.inf)
        closed = times.ravel().astype(np.float32)
    return Landscape(
        grid.rows,
        grid.columns,
        grid.cell_m,
        np.pad(fuel, 1, constant_values=rays.UNBURNABLE).ravel(),
        ground.reshape(-1, 3),
        closed,
        rays.ROTHERMEL_MODE if scenario.model is SpreadModel.ROTHERMEL else rays.WANG_MODE,
    )


def stages_of(scenario: WildfireScenario) -> list[Stage]:
    """The weather as stages that end with the run."""
    begun = [one for one in scenario.weather if one.from_s < scenario.duration_s]
    ends = [*(one.from_s for one in begun[1:]), scenario.duration_s]
    return [
        Stage(one.from_s, end, _table(scenario, one), _wind(scenario, one))
        for one, end in zip(begun, ends, strict=True)
    ]


def starts_of(scenario: WildfireScenario) -> list[Start]:
    """The ignitions as fractional rows and columns; one at the very end burns nothing."""
    grid = scenario.grid
    return [
        Start((grid.north - one.y_m) / grid.cell_m, (one.x_m - grid.west) / grid.cell_m, one.at_s)
        for one in scenario.ignitions
    ]


def tables_of(scenario: WildfireScenario) -> dict[str, str]:
    """The packaged tables that a run of *scenario* leans on, with their versions."""
    table = fuel_table() if scenario.model is SpreadModel.ROTHERMEL else wang_table()
    return {table.name: table.version}


def _kinds(scenario: WildfireScenario) -> NDArray[np.int64]:
    """The fuels that burn somewhere, rising: the rows of a stage's table."""
    known = fuel_models() if scenario.model is SpreadModel.ROTHERMEL else wang_fuels()
    burnable = [n for n in known if scenario.model is SpreadModel.WANG or fuel_models()[n].burns]
    return np.intersect1d(scenario.fuel, burnable).astype(np.int64)


def _table(scenario: WildfireScenario, weather: Weather) -> Floats:
    kinds = _kinds(scenario)
    table = np.zeros((len(kinds), 6))
    if scenario.model is SpreadModel.ROTHERMEL:
        if weather.moisture is None:
            raise ValueError("a scenario of Rothermel's model has moisture")
        bed = fuel_beds([fuel_models()[int(kind)] for kind in kinds], weather.moisture)
        limit = bed.wind_limit_m_s if scenario.limit is WindLimit.ROTHERMEL else np.full(len(kinds), np.inf)
        columns = (bed.calm_m_s, bed.wind_factor, bed.wind_power, bed.slope_factor, limit, bed.heat_kj_m2)
        table[:] = np.stack(columns, 1)
    else:
        if weather.temperature_c is None or weather.humidity_percent is None:
            raise ValueError("a scenario of Wang's model has temperature and humidity")
        calm = (
            calm_rate_m_min(weather.temperature_c, beaufort(weather.wind_m_s), weather.humidity_percent) / 60
        )
        table[:, rays.CALM] = [calm * wang_fuels()[int(kind)].factor for kind in kinds]
        table[:, rays.FACTOR], table[:, rays.POWER] = WIND_POWER, SLOPE_POWER
        table[:, rays.RISING], table[:, rays.LIMIT] = SLOPE_FACTOR, np.inf
        loads = [scenario.load_kg_m2.get(int(kind), np.nan) for kind in kinds]
        table[:, rays.HEAT] = np.asarray(loads) * HEAT_KJ_KG
    table[:, rays.CALM] *= scenario.rate_factor
    return table


def _wind(scenario: WildfireScenario, weather: Weather) -> Floats:
    """East and north of the wind that the kernels use, and whether Anderson's ellipse is wanted."""
    speed = weather.wind_m_s / TEN_METRES_OVER_TWENTY_FEET
    if scenario.model is SpreadModel.WANG:
        speed = min(weather.wind_m_s, MOST_WIND_M_S)
    toward = np.radians(weather.wind_from_deg) + np.pi
    anderson = 1.0 if scenario.shape is Shape.ANDERSON else 0.0
    return np.array([speed * np.sin(toward), speed * np.cos(toward), anderson])
