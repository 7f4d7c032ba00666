"""A leak rate read from the plant's own instruments: falling level, falling pressure, gas detectors."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import t as student
from scipy.stats import theilslopes

from anlan.kernel.crs import LocalFrame
from anlan.kernel.errors import Invalid
from anlan.kernel.models import Caveat, ModelCard, Quantity, Verification
from anlan.kernel.text import Text
from anlan.science.chemical.dispersion.plume import Plume
from anlan.science.chemical.source.vessel import Tank
from anlan.science.chemical.substances.concentration import GAS_CONSTANT
from anlan.science.chemical.weather import Weather
from anlan.science.guard import require
from anlan.science.registry import model

Array = NDArray[np.float64]
_FEWEST = 5
_MODEL_SPREAD = math.log(2.0)
_CONFIDENCE = 0.9


@dataclass(frozen=True)
class LeakEstimate:
    """A leak rate with a 90 % interval, and from how many readings of what it was made."""

    rate_kg_s: float
    low_kg_s: float
    high_kg_s: float
    basis: str
    readings: int
    caveats: tuple[Caveat, ...] = ()

    @property
    def is_leak(self) -> bool:
        """Whether the whole interval lies above zero."""
        return self.low_kg_s > 0


@dataclass(frozen=True)
class GasReading:
    """One detector: place in degrees, height over ground, and concentration in mg/m³ (0: below detection)."""

    lon: float
    lat: float
    mg_m3: float
    height_m: float = 1.5


@model(
    ModelCard(
        id="chemical.alarm_seeded",
        version="1",
        title=Text("由监测数据反推泄漏速率", "Leak rate from the readings"),
        purpose=Text(
            "由液位、压力下降和气体探测读数估计泄漏速率及其区间",
            "Leak rate and its interval from falling level or pressure and from gas detectors",
        ),
        applicability=Text(
            "时段内泄漏与进出料近似恒定；探测点在下风向烟羽内",
            "Leak and known flows roughly constant over the window; detectors inside the plume",
        ),
        inputs=(Quantity("readings", "", Text("有效读数个数", "valid readings"), _FEWEST, 1e7),),
        references=(
            "Sen, J. Am. Stat. Assoc. 63 (1968) 1379 (median of pairwise slopes)",
            "mass balance: leak = −dm/dt + known inflow − known outflow",
        ),
        verification=Verification.VERIFIED,
        suite="chemical",
    )
)
def from_level(
    times_s: ArrayLike,
    level_m: ArrayLike,
    tank: Tank,
    density_kg_m3: float,
    *,
    inflow_kg_s: float = 0.0,
    outflow_kg_s: float = 0.0,
) -> LeakEstimate:
    """Leak = −d(ρV)/dt + known inflow − known outflow, from the robust slope of the liquid's mass.

    Readings that are not numbers are left out. Raises `Invalid` for fewer than five readings or no span.
    """
    density = require(density_kg_m3, Text("液体密度", "liquid density"), high=2e4, unit="kg/m³")
    times, levels = _clean(times_s, level_m)
    if np.any(levels < -1e-9) or np.any(levels > tank.height_m * 1.001):
        raise Invalid(Text("液位超出罐的高度", "A level lies outside the tank"))
    mass = density * tank.liquid_m3(levels)
    return _balance(times, mass, inflow_kg_s, outflow_kg_s, "level")


def from_pressure(
    times_s: ArrayLike,
    pressure_pa: ArrayLike,
    volume_m3: float,
    temperature_k: ArrayLike,
    molar_mass_kg_mol: float,
    *,
    compressibility: float = 1.0,
    inflow_kg_s: float = 0.0,
    outflow_kg_s: float = 0.0,
) -> LeakEstimate:
    """As `from_level`, with the gas mass p V M/(Z R T); temperature one number or one per reading."""
    volume = require(volume_m3, Text("容积", "volume"), high=1e7, unit="m³")
    molar = require(molar_mass_kg_mol, Text("摩尔质量", "molar mass"), high=1.0, unit="kg/mol")
    kelvin = np.broadcast_to(np.asarray(temperature_k, np.float64), np.shape(times_s))
    mass = np.asarray(pressure_pa, np.float64) * volume * molar / (compressibility * GAS_CONSTANT * kelvin)
    times, clean = _clean(times_s, mass)
    if np.any(clean <= 0):
        raise Invalid(
            Text("压力和温度应大于零（绝压、开尔文）", "Pressure and temperature must be above zero")
        )
    return _balance(times, clean, inflow_kg_s, outflow_kg_s, "pressure")


def from_mass(times_s: ArrayLike, mass_kg: ArrayLike, basis: str) -> LeakEstimate:
    """As `from_level`, from the mass itself: of a vessel whose shape is not known, by the share that is left in it."""
    times, mass = _clean(times_s, mass_kg)
    if np.any(mass < 0):
        raise Invalid(Text("质量读数不能为负", "A mass cannot be negative"))
    return _balance(times, mass, 0.0, 0.0, basis)


def from_detectors(
    readings: Sequence[GasReading],
    source_lon: float,
    source_lat: float,
    weather: Weather,
    height_m: float = 0.0,
) -> LeakEstimate:
    """Rate for which a plume of 1 kg/s, scaled, meets the detectors: the median of their logarithms.

    Detectors that a plume would reach with less than 10⁻⁴ of its centreline say nothing and are left out,
    and so are zeros. The interval joins their spread to the model's own factor of two.
    """
    plume = Plume(1.0, weather, height_m)
    frame = LocalFrame(source_lon, source_lat)
    angle = math.radians(weather.toward_deg)
    logs, silent = [], 0
    for one in readings:
        if not (math.isfinite(one.mg_m3) and one.mg_m3 >= 0):
            continue
        x, y = (float(v) for v in frame.to_xy(one.lon, one.lat))
        along, across = x * math.sin(angle) + y * math.cos(angle), x * math.cos(angle) - y * math.sin(angle)
        unit = float(plume.at(along, across, one.height_m)) * 1e6
        if along <= 1.0 or unit < 1e-4 * float(plume.at(along, 0.0, height_m)) * 1e6:
            continue
        if one.mg_m3 == 0:
            silent += 1
        else:
            logs.append(math.log(one.mg_m3 / unit))
    if not logs:
        raise Invalid(
            Text("没有位于下风向烟羽内的有效探测读数", "No detector inside the plume has a valid reading"),
            next_step=Text("请核对风向和探测点位置", "Check the wind direction and the detectors' places"),
        )
    middle = float(np.median(logs))
    scatter = 1.4826 * float(np.median(np.abs(np.asarray(logs) - middle))) if len(logs) > 1 else _MODEL_SPREAD
    spread = 1.645 * math.hypot(scatter / math.sqrt(len(logs)), _MODEL_SPREAD)
    said = (_INVERSE, _SILENT) if silent else (_INVERSE,)
    return LeakEstimate(
        math.exp(middle), math.exp(middle - spread), math.exp(middle + spread), "detectors", len(logs), said
    )


def combined(estimates: Sequence[LeakEstimate]) -> LeakEstimate:
    """Several estimates as one: the mean of the logarithms, weighted by their precision; only leaks count.

    Where two intervals do not meet, a caveat says so and the interval spans both.
    """
    leaks = [one for one in estimates if one.rate_kg_s > 0 and one.high_kg_s > 0]
    if not leaks:
        raise Invalid(Text("没有可用的泄漏估计", "There is no estimate of a leak to combine"))
    if len(leaks) == 1:
        return leaks[0]
    logs = np.array([math.log(one.rate_kg_s) for one in leaks])
    spreads = np.array([_log_spread(one) for one in leaks])
    weights = 1 / spreads**2
    middle = float(np.sum(weights * logs) / np.sum(weights))
    half = 1.645 / math.sqrt(float(np.sum(weights)))
    low, high = math.exp(middle - half), math.exp(middle + half)
    said = tuple(dict.fromkeys(caveat for one in leaks for caveat in one.caveats))
    if max(one.low_kg_s for one in leaks) > min(one.high_kg_s for one in leaks):
        said = (*said, _DISAGREE)
        low = min(low, *(one.low_kg_s if one.low_kg_s > 0 else one.rate_kg_s / 2 for one in leaks))
        high = max(high, *(one.high_kg_s for one in leaks))
    basis = "+".join(one.basis for one in leaks)
    return LeakEstimate(math.exp(middle), low, high, basis, sum(one.readings for one in leaks), said)


def _log_spread(one: LeakEstimate) -> float:
    low = one.low_kg_s if one.low_kg_s > 0 else one.rate_kg_s**2 / one.high_kg_s
    return max(math.log(one.high_kg_s / min(low, one.rate_kg_s)) / (2 * 1.645), 1e-3)


def _clean(times_s: ArrayLike, values: ArrayLike) -> tuple[Array, Array]:
    times, column = np.asarray(times_s, np.float64), np.asarray(values, np.float64)
    if times.shape != column.shape or times.ndim != 1:
        raise Invalid(Text("时刻与读数个数不一致", "Times and readings differ in number"))
    good = np.isfinite(times) & np.isfinite(column)
    if good.sum() < _FEWEST:
        raise Invalid(
            Text(f"有效读数不足 {_FEWEST} 个", f"There are fewer than {_FEWEST} valid readings"),
            next_step=Text("请加长时段", "Take a longer window"),
        )
    if np.ptp(times[good]) <= 0:
        raise Invalid(
            Text("读数时刻相同，无法求变化率", "The readings have one time only: no rate can be found")
        )
    return times[good], column[good]


def _balance(times: Array, mass: Array, inflow: float, outflow: float, basis: str) -> LeakEstimate:
    """Robust slope of a mass, turned into a leak by the known flows."""
    for flow in (inflow, outflow):
        require(flow, Text("已知流量", "known flow"), high=1e6, unit="kg/s", open_low=False)
    slope, low, high = _robust_slope(times, mass)
    net = inflow - outflow
    said = (_NO_LEAK,) if -low + net <= 0 or -high + net <= 0 else ()
    return LeakEstimate(-slope + net, -high + net, -low + net, basis, len(times), said)


def _robust_slope(times: Array, values: Array) -> tuple[float, float, float]:
    """Sen's slope; its interval the wider of Sen's rank interval and one from the scatter, widened for
    readings that repeat each other (lag-1 correlation r: n is worth n (1−r)/(1+r))."""
    if len(times) > 600:
        keep = np.unique(np.linspace(0, len(times) - 1, 600).astype(int))
        times, values = times[keep], values[keep]
    found = theilslopes(values, times, alpha=_CONFIDENCE)
    slope = float(found.slope)
    rest = values - slope * times
    rest = rest - np.median(rest)
    scatter = 1.4826 * float(np.median(np.abs(rest)))
    lag = float(np.corrcoef(rest[1:], rest[:-1])[0, 1]) if np.std(rest) > 0 else 0.0
    lag = min(max(lag if math.isfinite(lag) else 0.0, 0.0), 0.95)
    worth = max(len(times) * (1 - lag) / (1 + lag), 3.0)
    error = scatter / (float(np.std(times)) * math.sqrt(worth))
    half = float(student.ppf(0.5 + _CONFIDENCE / 2, worth - 1)) * error
    return slope, min(float(found.low_slope), slope - half), max(float(found.high_slope), slope + half)


def scaled(estimate: LeakEstimate, run: Callable[[float], float]) -> tuple[float, float, float]:
    """A result at the low, middle and high rate (rates at or below zero count as none: 0)."""
    rates = (estimate.low_kg_s, estimate.rate_kg_s, estimate.high_kg_s)
    low, middle, high = (run(rate) if rate > 0 else 0.0 for rate in rates)
    return low, middle, high


_NO_LEAK = Caveat(
    "seeded.may_be_none",
    Text("区间包含零：读数不足以断定泄漏", "The interval includes zero: the readings do not prove a leak"),
)
_INVERSE = Caveat(
    "seeded.inverse_plume",
    Text(
        "由探测读数反推，风向偏差会使结果偏低",
        "Inferred from detectors: an error in wind direction makes it too low",
    ),
)
_SILENT = Caveat(
    "seeded.silent_detector",
    Text("烟羽内有探测点无读数，请核对其状态", "A detector inside the plume reads nothing: check it"),
)
_DISAGREE = Caveat(
    "seeded.disagree",
    Text("各来源估计不一致，区间已取并集", "The sources disagree: the interval spans them all"),
)
