"""The weather of a scenario as the kernels see it: for each stage a table of fuels and a wind."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from anlan.science.wildfire import rays
from anlan.science.wildfire.bed import fuel_beds
from anlan.science.wildfire.ellipse import Shape
from anlan.science.wildfire.fuels import fuel_models
from anlan.science.wildfire.intensity import HEAT_KJ_KG
from anlan.science.wildfire.rothermel import WindLimit
from anlan.science.wildfire.scenario import SpreadModel, Weather, WildfireScenario
from anlan.science.wildfire.travel import Stage
from anlan.science.wildfire.wang import (
    MOST_WIND_M_S,
    SLOPE_FACTOR,
    SLOPE_POWER,
    WIND_POWER,
    beaufort,
    calm_rate_m_min,
    wang_fuels,
)
from anlan.science.wildfire.wind import TEN_METRES_OVER_TWENTY_FEET

Floats = NDArray[np.float64]


def stages_of(
    scenario: WildfireScenario,
    kinds: NDArray[np.int64],
    weather: Sequence[Weather] | None = None,
    rate_factor: float = 1.0,
) -> list[Stage]:
    """*weather*, or else the scenario's own, as stages that end with the run; *rate_factor* comes on top of its own."""
    begun = [one for one in weather or scenario.weather if one.from_s < scenario.duration_s]
    ends = [*(one.from_s for one in begun[1:]), scenario.duration_s]
    return [
        Stage(one.from_s, end, _table(scenario, one, kinds, rate_factor), _wind(scenario, one))
        for one, end in zip(begun, ends, strict=True)
    ]


def _table(
    scenario: WildfireScenario, weather: Weather, kinds: NDArray[np.int64], rate_factor: float
) -> Floats:
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
    table[:, rays.CALM] *= scenario.rate_factor * rate_factor
    return table


def _wind(scenario: WildfireScenario, weather: Weather) -> Floats:
    """East and north of the wind that the kernels use, and whether Anderson's ellipse is wanted."""
    speed = weather.wind_m_s / TEN_METRES_OVER_TWENTY_FEET
    if scenario.model is SpreadModel.WANG:
        speed = min(weather.wind_m_s, MOST_WIND_M_S)
    toward = np.radians(weather.wind_from_deg) + np.pi
    anderson = 1.0 if scenario.shape is Shape.ANDERSON else 0.0
    return np.array([speed * np.sin(toward), speed * np.cos(toward), anderson])
