"""The ellipse beside numbers worked by hand."""

from collections.abc import Iterator
from math import exp, pi, sqrt

from anlan.kernel.validation import Case, Certainty
from anlan.science.wildfire.ellipse import Shape, ellipse, length_to_width, rate_in_direction

_SURE = Certainty.SURE


def cases() -> Iterator[Case]:
    yield from _ellipse()


def _ellipse() -> Iterator[Case]:
    model = "wildfire.ellipse"
    source = "Anderson 1983 as in Finney 1998, eq. 13, worked by hand at 5 m/s"
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
