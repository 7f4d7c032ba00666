"""The rate of spread of Wang Zhengfei (王正非) 1983, with the direction terms of Mao Xianmin (毛贤敏) 1993.

R = R0·Ks·Kw·Kφ in m/min; R0 = 0.03·T + 0.05·W + 0.01·(100 − RH) − 0.3 with the day's highest temperature T (°C), the
wind force W (Beaufort) and the relative humidity RH (%); Kw = exp(0.1783·v) with v in m/s; Kφ = exp(3.533·(tan φ)^1.2).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from anlan.kernel.errors import Invalid
from anlan.kernel.models import Caveat, Manifest, ModelCard, Quantity, Verification, manifest_of
from anlan.kernel.text import Text
from anlan.kernel.validation import Certainty
from anlan.science.guard import within
from anlan.science.packaged import PackagedTable, packaged_table
from anlan.science.registry import model

Floats = NDArray[np.float64]
WIND_POWER = 0.1783
SLOPE_FACTOR, SLOPE_POWER = 3.533, 1.2
MOST_WIND_M_S, MOST_SLOPE_DEG = 12.0, 60.0
#: v = 0.836·B^1.5 (WMO scale of Beaufort)
_BEAUFORT = 0.836
_WIND = Text("风速", "wind speed")
CARD = ModelCard(
    id="wildfire.wang_zhengfei",
    version="1",
    title=Text("王正非林火蔓延", "Wang Zhengfei fire spread"),
    purpose=Text(
        "由气温、湿度、风力、可燃物类型与坡度给出林火蔓延速度",
        "rate of spread from temperature, humidity, wind, kind of fuel and slope",
    ),
    applicability=Text(
        "坡度不超过 60°、风速不超过 12 m/s；超过 12 m/s 按 12 m/s 计",
        "slopes up to 60° and winds up to 12 m/s; stronger winds count as 12 m/s",
    ),
    inputs=(
        Quantity("temperature_c", "°C", Text("日最高气温", "highest temperature of the day"), 0.0, 45.0),
        Quantity("humidity_percent", "%", Text("相对湿度", "relative humidity"), 5.0, 100.0),
        Quantity("wind_m_s", "m/s", Text("风速", "wind speed"), 0.0, MOST_WIND_M_S),
        Quantity("slope_deg", "°", Text("坡度", "slope"), 0.0, MOST_SLOPE_DEG),
    ),
    references=("Wang Zhengfei 1983, 山地林火蔓延", "Mao Xianmin 1993, 风和地形对林火蔓延速度的作用"),
    verification=Verification.UNVERIFIED,
    suite="wildfire",
    outputs=(Quantity("rate_m_s", "m/s", Text("蔓延速度", "rate of spread"), 0.0),),
    caveats=(
        Caveat(
            "wildfire.wang_transcribed",
            Text(
                "公式与系数取自公开转载，待与原文核对；通行版本间常数项不一致",
                "formula and factors from public transcriptions, to be checked with the papers; versions in use differ "
                "in the constant",
            ),
        ),
    ),
)


@dataclass(frozen=True)
class WangFuel:
    """A kind of fuel and its factor Ks."""

    number: int
    code: str
    label: Text
    factor: float
    source: str
    certainty: Certainty


@dataclass(frozen=True)
class WangSpread:
    """The rate uphill with the wind, and its parts."""

    rate_m_s: float
    calm_m_min: float
    wind_factor: float
    slope_factor: float
    manifest: Manifest


def wang_table() -> PackagedTable:
    return packaged_table("anlan.science.wildfire", "wang_fuels")


@cache
def wang_fuels() -> Mapping[int, WangFuel]:
    """The kinds of fuel by number.

    >>> wang_fuels()[6].code
    'steppe'
    """
    return {
        int(row["number"]): WangFuel(
            int(row["number"]),
            row["code"],
            Text(row["label_zh"], row["label_en"]),
            float(row["ks"]),
            row["source"],
            Certainty(row["certainty"]),
        )
        for row in wang_table().rows
    }


def beaufort(wind_m_s: float) -> int:
    """The force of a wind, v = 0.836·B^1.5 rounded, 0–12. Raises `Invalid`.

    >>> [beaufort(v) for v in (0.2, 5.0, 12.0)]
    [0, 3, 6]
    """
    wind = float(within(wind_m_s, 0.0, 100.0, _WIND, "m/s"))
    return int(min(np.floor((wind / _BEAUFORT) ** (2 / 3) + 0.5), 12))


def calm_rate_m_min(temperature_c: float, force: float, humidity_percent: float) -> float:
    """R0, 0 where the formula falls below. Raises `Invalid`.

    >>> round(calm_rate_m_min(20.0, 3, 40.0), 9)
    1.05
    """
    within(temperature_c, -60.0, 60.0, Text("气温", "temperature"), "°C")
    within(force, 0.0, 12.0, Text("风力等级", "wind force"))
    within(humidity_percent, 0.0, 100.0, Text("相对湿度", "relative humidity"), "%")
    return max(0.03 * temperature_c + 0.05 * force + 0.01 * (100.0 - humidity_percent) - 0.3, 0.0)


def wind_factor(wind_m_s: ArrayLike) -> Floats:
    """Kw, the wind held at 12 m/s. Raises `Invalid` for a wind that is unknown, negative or beyond any storm.

    >>> round(float(wind_factor(5.0)), 4)
    2.4388
    """
    wind = within(wind_m_s, 0.0, 100.0, _WIND, "m/s")
    return np.exp(WIND_POWER * np.minimum(wind, MOST_WIND_M_S))


def slope_factor(slope_deg: ArrayLike) -> Floats:
    """Kφ uphill; downhill it is the inverse. Raises `Invalid` beyond 60°.

    >>> round(float(slope_factor(20.0)), 3)
    2.859
    """
    slope = within(slope_deg, 0.0, MOST_SLOPE_DEG, Text("坡度", "slope"), "°")
    return np.exp(SLOPE_FACTOR * np.tan(np.radians(slope)) ** SLOPE_POWER)


@model(CARD)
def wang_spread(
    kind: int | str,
    temperature_c: float,
    humidity_percent: float,
    wind_m_s: float,
    slope_deg: float = 0.0,
    *,
    force: float | None = None,
) -> WangSpread:
    """The rate uphill with the wind in fuel *kind* (number or code). Raises `Invalid`.

    *force* is the Beaufort force where it is known apart from the wind speed.
    """
    fuel = next((one for one in wang_fuels().values() if kind in (one.number, one.code)), None)
    if fuel is None:
        raise Invalid(
            Text(f"没有可燃物类型 {kind}", f"There is no kind of fuel {kind}"), facts={"fuel": str(kind)}
        )
    wind = float(within(wind_m_s, 0.0, 100.0, _WIND, "m/s"))
    calm = calm_rate_m_min(temperature_c, beaufort(wind) if force is None else force, humidity_percent)
    by_wind, by_slope = float(wind_factor(wind)), float(slope_factor(slope_deg))
    inputs = {
        "fuel": fuel.code, "temperature_c": temperature_c, "humidity_percent": humidity_percent, "wind_m_s": wind,
        "slope_deg": slope_deg, "force": force,
    }  # fmt: skip
    manifest = manifest_of(CARD, inputs, tables={"wang_fuels": wang_table().version})
    return WangSpread(calm * fuel.factor * by_wind * by_slope / 60.0, calm, by_wind, by_slope, manifest)
