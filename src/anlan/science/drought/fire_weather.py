"""Forest fire weather by the tables of LY/T 1172-95: HTZ = A + B + C + D − E."""

from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from anlan.kernel.errors import Invalid
from anlan.kernel.levels import WarningLevel
from anlan.kernel.models import Caveat, ModelCard, Quantity, Verification
from anlan.kernel.text import Text
from anlan.science.packaged import packaged_table
from anlan.science.registry import model

Floats = NDArray[np.float64]
#: rain of a day from which the count of dry days starts again, mm (our own default)
RAIN_DAY_MM = 0.3


@model(
    ModelCard(
        id="drought.fire_weather",
        version="1",
        title=Text("森林火险天气指数", "Forest fire weather index"),
        purpose=Text(
            "由气温、湿度、无雨日数、风与物候给出森林火险天气等级",
            "fire-weather grade from the day's weather",
        ),
        applicability=Text("防火期逐日", "day by day in the fire season"),
        inputs=(
            Quantity("tmax_c", "°C", Text("最高气温", "maximum temperature"), -40.0, 50.0),
            Quantity("rh_min_percent", "%", Text("最小相对湿度", "minimum relative humidity"), 0.0, 100.0),
            Quantity("dry_days", "d", Text("连续无雨日数", "days since rain"), 0.0),
            Quantity("wind_m_s", "m/s", Text("最大风速", "maximum wind speed"), 0.0, 40.0),
            Quantity("season", "", Text("物候订正 E", "season correction E"), 0.0, 20.0),
        ),
        references=("LY/T 1172-95", "Lu Weiwei et al. 2020, World Journal of Forestry 9(3), tables 5 to 9"),
        verification=Verification.VERIFIED,
        suite="drought",
        caveats=(
            Caveat(
                "drought.fire_table_variant",
                Text(
                    "查算表为通行版本，待与 LY/T 1172-95 原表核对",
                    "tables of a variant in use, to be checked with LY/T 1172-95",
                ),
            ),
        ),
    )
)
def fire_index(
    tmax_c: ArrayLike,
    rh_min_percent: ArrayLike,
    dry_days: ArrayLike,
    wind_m_s: ArrayLike,
    season: ArrayLike = 0.0,
) -> Floats:
    """HTZ of the broadcast shape: temperature, dryness, days since rain and wind, less the *season* (E, 0–20).

    NaN in, NaN out. Raises `Invalid` for a temperature outside -80–70 °C, a humidity outside 0–100 %, a wind outside
    0–150 m/s, negative days, and E outside 0–20.

    >>> float(fire_index(28.0, 20.0, 12, 11.0))
    120.0
    """
    temperature, humidity, days, wind, e = np.broadcast_arrays(
        *(np.asarray(part, np.float64) for part in (tmax_c, rh_min_percent, dry_days, wind_m_s, season))
    )
    _within(humidity, 0.0, 100.0, Text("相对湿度须在 0–100 之间", "Relative humidity lies within 0-100 %"))
    _within(temperature, -80.0, 70.0, Text("气温须在 -80–70 ℃ 之间", "Temperature lies within -80 to 70 °C"))
    _within(days, 0.0, np.inf, Text("无雨日数不能为负", "Days since rain cannot be negative"))
    _within(wind, 0.0, 150.0, Text("风速须在 0–150 m/s 之间", "Wind lies within 0-150 m/s"))
    _within(e, 0.0, 20.0, Text("物候订正须在 0–20 之间", "The season correction lies within 0-20"))
    # the class of humidity is of whole per cents: 64.4 % counts as 64
    dryness = 100.0 - np.floor(humidity + 0.5)
    total = _look_up("temperature", temperature, above=True) + _look_up("dryness", dryness)
    total += _look_up("dry_days", days) + _look_up("wind", wind) - e
    missing = np.isnan(temperature) | np.isnan(humidity) | np.isnan(days) | np.isnan(wind) | np.isnan(e)
    return np.asarray(np.where(missing, np.nan, total))


def fire_grade(index: ArrayLike) -> NDArray[np.int8]:
    """Grades 1–5 of HTZ: up to 25, 50, 72, 90 and above; 0 where there is no index.

    >>> fire_grade([25.0, 26.0, 72.0, 73.0, 91.0, float("nan")]).tolist()
    [1, 2, 3, 4, 5, 0]
    """
    values = np.asarray(index, np.float64)
    found = np.zeros(values.shape, np.int8)
    for row in packaged_table("anlan.science.drought", "fire_grades").rows:
        # the standard's bounds are of whole numbers: 25.5 lies above 25
        found += values > float(row["index_from"]) - 1.0
    return np.where(np.isnan(values), np.int8(0), np.maximum(found, 1)).astype(np.int8)


def fire_warning(grade: int) -> WarningLevel | None:
    """The colour of a grade: 3 yellow, 4 orange, 5 red."""
    for row in packaged_table("anlan.science.drought", "fire_grades").rows:
        if int(row["grade"]) == grade and row["warning"]:
            return WarningLevel(row["warning"])
    return None


def days_since_rain(daily_mm: ArrayLike, rain_day_mm: float = RAIN_DAY_MM) -> Floats:
    """Dry days in a row up to and with each day, along the first axis; 0 on a day of rain, NaN where rain is unknown.

    After a day of unknown rain the count goes on as if it had been dry: the most that it
    can be, for a danger of fire must not fall because a gauge was silent.

    >>> days_since_rain([5.0, 0.0, 0.1, 2.0, 0.0]).tolist()
    [0.0, 1.0, 2.0, 0.0, 1.0]
    >>> days_since_rain([5.0, 0.0, float("nan"), 0.0]).tolist()
    [0.0, 1.0, nan, 3.0]
    """
    rain = np.asarray(daily_mm, np.float64)
    if rain.size and np.nanmin(rain, initial=0.0) < 0:
        raise Invalid(Text("降水量不能为负", "Rain cannot be negative"))
    found = np.empty(rain.shape)
    running = np.zeros(rain.shape[1:])
    for day in range(len(rain)):
        running = np.where(rain[day] >= rain_day_mm, 0.0, running + 1.0)
        found[day] = np.where(np.isnan(rain[day]), np.nan, running)
    return found


def _look_up(factor: str, values: Floats, *, above: bool = False) -> Floats:
    """The index of the class that each value falls in; *above*: a bound belongs to the class below it."""
    bounds, indices = _table(factor)
    row = np.searchsorted(bounds, values, side="left" if above else "right") - 1
    return np.asarray(indices[np.clip(row, 0, len(indices) - 1)])


@cache
def _table(factor: str) -> tuple[Floats, Floats]:
    rows = [
        row for row in packaged_table("anlan.science.drought", "fire_weather").rows if row["factor"] == factor
    ]
    return np.array([float(row["from"]) for row in rows]), np.array([float(row["index"]) for row in rows])


def _within(values: Floats, low: float, high: float, words: Text) -> None:
    if (values < low).any() or (values > high).any():
        raise Invalid(words)
