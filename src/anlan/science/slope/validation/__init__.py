"""The slope engine beside closed forms and published curves."""

from collections.abc import Iterator
from math import atan, cos, degrees, log, radians, sin, tan

import numpy as np
from scipy.optimize import brentq

from anlan.kernel.levels import WarningLevel
from anlan.kernel.validation import Case, Certainty
from anlan.science.slope.failure import failure_time
from anlan.science.slope.grading import LADDER, aggregate
from anlan.science.slope.infinite import infiltration_m, safety_factor, seepage_pressure_pa
from anlan.science.slope.rain import curve, effective_rain_mm, threshold_ratio
from anlan.science.slope.scenario import Scenario, assess

NAME = "slope"
_SURE, _PROBABLE = Certainty.SURE, Certainty.PROBABLE
_DAY_S = 86_400.0


def cases() -> Iterator[Case]:
    yield from _infinite()
    yield from _green_ampt()
    yield from _failure()
    yield from _monitoring()
    yield from _rain()
    yield from _cascade()


def _infinite() -> Iterator[Case]:
    model = "slope.infinite"
    source = "closed form: FS = tan φ / tan β for dry sand"
    target = tan(radians(34)) / tan(radians(28))
    ours = float(safety_factor(0.0, 34.0, 18e3, 3.0, 28.0))
    yield Case("dry cohesionless slope", source, _SURE, target, ours, "", 1e-12, model=model)
    source = "closed form: FS = (1 − γw/γ)·tan φ / tan β with water to the surface"
    target = (1 - 9810 / 20e3) * tan(radians(34)) / tan(radians(15))
    ours = float(safety_factor(0.0, 34.0, 20e3, 3.0, 15.0, seepage_pressure_pa(3.0, 15.0)))
    yield Case("seepage parallel to the slope", source, _SURE, target, ours, "", 1e-12, model=model)
    beta, depth = radians(40), 2.5
    weight = 19e3 * depth
    target = (6e3 + weight * cos(beta) ** 2 * tan(radians(30))) / (weight * sin(beta) * cos(beta))
    ours = float(safety_factor(6e3, 30.0, 19e3, depth, 40.0))
    source = "Skempton and DeLory 1957, with cohesion, worked by hand"
    yield Case("dry slope with cohesion", source, _SURE, target, ours, "", 1e-12, model=model)


def _green_ampt() -> Iterator[Case]:
    """Steady rain of 20 mm/h for 3 h on a soil of K 5 mm/h, suction 0.11 m, deficit 0.3; in metres and hours."""
    k, rain, storage = 0.005, 0.02, 0.11 * 0.3
    at_ponding = storage * k / (rain - k)
    ponding_h = at_ponding / rain

    def miss(total: float) -> float:
        return (
            total
            - at_ponding
            - storage * log((storage + total) / (storage + at_ponding))
            - k * (3 - ponding_h)
        )

    target = brentq(miss, at_ponding, 0.06)
    ours = infiltration_m(np.full(18, rain / 3600), 600.0, k / 3600, storage)
    source = "Mein and Larson 1973: ponding time, then the implicit equation by bisection"
    yield Case(
        "infiltration under steady rain",
        source,
        _SURE,
        target,
        float(ours[-1]),
        "m",
        1e-9,
        model="slope.infinite",
    )


def _failure() -> Iterator[Case]:
    times = np.arange(30.0) * _DAY_S
    life = 45.0 * _DAY_S
    found = failure_time(times, 2.0 / (life - times))
    source = "Fukuzono 1985 with α = 2: 1/v is a line that meets zero at the failure"
    for name, ours in (("time", found.time_s), ("early end", found.early_s), ("late end", found.late_s)):
        case = f"inverse velocity, exact creep, {name}"
        days = float(ours if ours is not None else np.nan) / _DAY_S
        yield Case(case, source, _SURE, 45.0, days, "d", 1e-6, model="slope.inverse_velocity")


def _monitoring() -> Iterator[Case]:
    """A point that creeps at 2 mm/d, then at 12 mm/d, without noise."""
    model = "slope.monitoring"
    times = np.arange(60.0) * _DAY_S
    path = np.where(times < 40 * _DAY_S, 0.002 * times / _DAY_S, 0.08 + 0.012 * (times / _DAY_S - 40))
    direction = np.array([0.6, 0.0, -0.8])
    result = assess(Scenario("GP1", times, path[:, None] * direction, 0.0005, steady_m_s=0.002 / _DAY_S))
    source = "the motion that was put in"
    rate = result.velocity_m_s * _DAY_S * 1000
    yield Case("velocity at the end", source, _SURE, 12.0, rate, "mm/d", 0.05, model=model)
    target = degrees(atan(12 / 2))
    angle = result.angle_deg if result.angle_deg is not None else float("nan")
    source = "Xu Qiang et al. 2009: arctan(v / v₀)"
    yield Case("improved tangent angle", source, _PROBABLE, target, angle, "°", 0.05, model=model)


def _rain() -> Iterator[Case]:
    model = "slope.rain_threshold"
    for name, target in (("caine_1980", 4.29), ("guzzetti_2008", 0.543)):
        chosen = curve(name)
        ours = float(chosen.intensity_mm_h(24.0))
        yield Case(f"{name} at 24 h", chosen.source, _PROBABLE, target, ours, "mm/h", 0.005, model=model)
    hourly = np.zeros(48)
    hourly[12:18] = 10.0
    ratio, _ = threshold_ratio(hourly, "caine_1980")
    target = 10.0 / (14.82 * 6**-0.39)
    source = "six hours of 10 mm/h over Caine's intensity at six hours"
    yield Case(
        "largest exceedance of a storm", source, _SURE, target, float(ratio.max()), "", 1e-12, model=model
    )
    ours = float(effective_rain_mm(np.full(400, 5.0))[-1])
    source = "closed form: R/(1 − k) of steady rain"
    yield Case("effective rain in the long run", source, _SURE, 5 / 0.16, ours, "mm", 1e-6, model=model)


def _cascade() -> Iterator[Case]:
    blue, yellow, orange, red = LADDER
    source = "GB 39496-2020, 5.5.4"
    wanted: tuple[tuple[str, list[WarningLevel], WarningLevel], ...] = (
        ("three blue points stay blue", [blue] * 3, blue),
        ("four blue points make yellow", [blue] * 4, yellow),
        ("three yellow points make orange", [yellow] * 3, orange),
        ("two orange points make red", [orange] * 2, red),
    )
    for case, points, target in wanted:
        level = aggregate({"displacement": points}).level
        ours = LADDER.index(level) if level is not None else -1
        yield Case(
            f"tailings: {case}",
            source,
            _PROBABLE,
            LADDER.index(target),
            ours,
            "grade",
            0.0,
            model="slope.tailings_cascade",
        )
