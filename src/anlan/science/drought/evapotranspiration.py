"""Reference evapotranspiration where only temperatures are measured (Hargreaves and Samani 1985, as in FAO-56)."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from anlan.kernel.errors import Invalid
from anlan.kernel.models import ModelCard, Quantity, Verification
from anlan.kernel.text import Text
from anlan.science.registry import model

Floats = NDArray[np.float64]
_SOLAR_MJ_M2_MIN = 0.0820
_MM_PER_MJ_M2 = 0.408


def extraterrestrial_radiation(day_of_year: ArrayLike, lat_deg: ArrayLike) -> Floats:
    """Ra in MJ/m² per day on day 1–366 at a latitude (Allen et al. 1998, FAO-56, equations 21 to 25).

    >>> round(float(extraterrestrial_radiation(246, -20.0)), 1)
    32.2
    """
    turn = 2.0 * np.pi / 365.0 * np.asarray(day_of_year, np.float64)
    latitude = np.radians(np.asarray(lat_deg, np.float64))
    nearness = 1.0 + 0.033 * np.cos(turn)
    declination = 0.409 * np.sin(turn - 1.39)
    # in the polar night and day the sun neither rises nor sets
    sunset = np.arccos(np.clip(-np.tan(latitude) * np.tan(declination), -1.0, 1.0))
    share = sunset * np.sin(latitude) * np.sin(declination)
    share = share + np.cos(latitude) * np.cos(declination) * np.sin(sunset)
    return np.asarray(24 * 60 / np.pi * _SOLAR_MJ_M2_MIN * nearness * share)


@model(
    ModelCard(
        id="drought.hargreaves",
        version="1",
        title=Text("参考蒸散（Hargreaves）", "Reference evapotranspiration (Hargreaves)"),
        purpose=Text(
            "仅有气温时估算逐日参考蒸散", "daily reference evapotranspiration from temperatures alone"
        ),
        applicability=Text(
            "有湿度、风与辐射资料时应改用 Penman–Monteith；旬以上时段更可靠",
            "Penman-Monteith is better where humidity, wind and radiation are known; best over ten days and more",
        ),
        inputs=(
            Quantity("tmin_c", "°C", Text("最低气温", "minimum temperature"), -45.0, 40.0),
            Quantity("tmax_c", "°C", Text("最高气温", "maximum temperature"), -40.0, 50.0),
            Quantity("lat_deg", "°", Text("纬度", "latitude"), -65.0, 65.0),
        ),
        references=("Hargreaves and Samani 1985", "Allen et al. 1998, FAO-56, equations 21 and 52"),
        verification=Verification.VERIFIED,
        suite="drought",
    )
)
def hargreaves_mm(tmin_c: ArrayLike, tmax_c: ArrayLike, day_of_year: ArrayLike, lat_deg: ArrayLike) -> Floats:
    """ET₀ = 0.0023·(T̄ + 17.8)·√(Tmax − Tmin)·Ra in mm per day, never negative; NaN in, NaN out.

    Raises `Invalid` where the maximum is below the minimum, for days outside 1–366 and latitudes outside ±90°.
    """
    low, high = np.asarray(tmin_c, np.float64), np.asarray(tmax_c, np.float64)
    day, latitude = np.asarray(day_of_year, np.float64), np.asarray(lat_deg, np.float64)
    if (high < low).any():
        raise Invalid(Text("最高气温低于最低气温", "The maximum temperature is below the minimum"))
    if (day < 1).any() or (day > 366).any() or (np.abs(latitude) > 90).any():
        raise Invalid(Text("日序或纬度越界", "The day of the year or the latitude is out of range"))
    radiation_mm = _MM_PER_MJ_M2 * extraterrestrial_radiation(day, latitude)
    found = 0.0023 * (0.5 * (low + high) + 17.8) * np.sqrt(high - low) * radiation_mm
    return np.asarray(np.maximum(found, 0.0))
