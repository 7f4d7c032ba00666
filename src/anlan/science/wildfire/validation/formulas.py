"""Wang Zhengfei's formula and the ellipse beside numbers worked by hand."""

from collections.abc import Iterator
from math import exp, pi, radians, sqrt, tan

from anlan.kernel.validation import Case, Certainty
from anlan.science.wildfire.ellipse import Shape, ellipse, length_to_width, rate_in_direction
from anlan.science.wildfire.wang import wang_spread

_SURE, _PROBABLE = Certainty.SURE, Certainty.PROBABLE


def cases() -> Iterator[Case]:
    yield from _wang()
    yield from _ellipse()


def _wang() -> Iterator[Case]:
    model = "wildfire.wang_zhengfei"
    source = "Wang Zhengfei 1983 as transcribed: T 20 °C, force 3, humidity 40 %, wind 5 m/s, slope 20°"
    spread = wang_spread("pine_stand", 20.0, 40.0, 5.0, 20.0, force=3)
    for name, target, ours, unit, tolerance in (
        ("R0", 1.05, spread.calm_m_min, "m/min", 1e-9),
        ("Kw", 2.4389, spread.wind_factor, "", 5e-4),
        ("Kφ", 2.859, spread.slope_factor, "", 5e-3),
        ("rate with Ks 1", 7.32, spread.rate_m_s * 60, "m/min", 0.02),
    ):
        yield Case(name, source, _PROBABLE, target, ours, unit, tolerance, model=model)
    source = "worked apart: pasture, T 30 °C, humidity 20 %, wind 8 m/s (force 5), slope 10°"
    target = 2.0 * (0.9 + 0.25 + 0.8 - 0.3) * exp(0.1783 * 8) * exp(3.533 * tan(radians(10)) ** 1.2)
    ours = wang_spread("steppe", 30.0, 20.0, 8.0, 10.0).rate_m_s * 60
    yield Case("steppe with wind and slope", source, _PROBABLE, target, ours, "m/min", 1e-9, model=model)
    source = "domain sheet: the formula holds up to 12 m/s, above counts as 12 m/s"
    ours = wang_spread("steppe", 30.0, 20.0, 25.0, force=6).wind_factor
    yield Case("wind held at 12 m/s", source, _PROBABLE, exp(0.1783 * 12), ours, "", 1e-12, model=model)


def _ellipse() -> Iterator[Case]:
    model = "wildfire.ellipse"
    source = "Anderson 1983 as in Finney 1998, worked by hand at 5 m/s"
    target = 0.936 * exp(0.2566 * 5) + 0.461 * exp(-0.1548 * 5) - 0.397
    ours = float(length_to_width(5.0))
    yield Case("length over width, Anderson", source, _SURE, target, ours, "", 1e-12, model=model)
    source = "Rothermel 1991, eq. 9: 1 + 0.25·U (mi/h), at 8 mi/h"
    ours = float(length_to_width(8 * 0.44704, Shape.ROTHERMEL))
    yield Case("length over width, Rothermel", source, _SURE, 3.0, ours, "", 1e-12, model=model)
    fire = ellipse(0.5, 3.0, 3600.0)
    source = "closed form: head + back = 2a, width = length/3"
    e = sqrt(1 - 1 / 9)
    long = 1800 * (1 + (1 - e) / (1 + e)) / 2
    yield Case(
        "area after an hour", source, _SURE, pi * long * long / 3, fire.area_m2, "m²", 1e-3, model=model
    )
    ours = float(rate_in_direction(0.5, 3.0, 180.0))
    yield Case("rate of the back", source, _SURE, 0.5 * (1 - e) / (1 + e), ours, "m/s", 1e-12, model=model)
