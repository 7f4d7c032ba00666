"""The shape of a fire on even ground in a steady wind: an ellipse that starts from its rear focus.

In that shape the time along a way v is F(v) = (|v| − e·d·v)/p, with d the direction of the head, e the eccentricity and
p = R(1 − e): the time in still air less a linear gift of the wind. F is a Randers metric; `travel` marches by it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from anlan.kernel.models import ModelCard, Quantity, Verification
from anlan.kernel.text import LabelledEnum, Text
from anlan.science.guard import within
from anlan.science.registry import model

Floats = NDArray[np.float64]
#: longer ellipses are not believed (Finney 1998, RMRS-RP-4)
LONGEST = 8.0
_MPH = 0.44704


class Shape(LabelledEnum):
    """How length over width follows from the effective wind at midflame height."""

    ANDERSON = "anderson_1983", "Anderson 1983（Finney 修正）", "Anderson 1983 (as set right by Finney 1998)"
    ROTHERMEL = "rothermel_1991", "Rothermel 1991", "Rothermel 1991"


CARD = ModelCard(
    id="wildfire.ellipse",
    version="1",
    title=Text("椭圆火场", "Elliptical fire"),
    purpose=Text(
        "均匀条件下火场的形状、面积与周长",
        "shape, area and perimeter of a fire on even ground in a steady wind",
    ),
    applicability=Text("风、坡度、可燃物均匀的初起火", "a young fire in even fuel, wind and slope"),
    inputs=(
        Quantity("effective_wind_m_s", "m/s", Text("等效风速", "effective wind"), 0.0, 13.0),
        Quantity("head_m_s", "m/s", Text("火头速度", "rate of the head"), 0.0, 10.0),
    ),
    references=(
        "Anderson 1983, INT-305",
        "Finney 1998, RMRS-RP-4",
        "Rothermel 1991, INT-438, eq. 9",
        "Alexander 1985, 8th Conference on Fire and Forest Meteorology",
    ),
    verification=Verification.VERIFIED,
    suite="wildfire",
)


def length_to_width(effective_wind_m_s: ArrayLike, shape: Shape = Shape.ANDERSON) -> Floats:
    """Length over width, 1 in still air, at most 8.

    >>> [round(float(length_to_width(2.2352, one)), 3) for one in Shape]
    [1.59, 2.25]
    """
    wind = within(effective_wind_m_s, 0.0, 200.0, Text("等效风速", "effective wind"), "m/s")
    if shape is Shape.ANDERSON:
        # no wind needs more than the cap: the exponential is kept from overflowing
        bounded = np.minimum(wind, 20.0)
        found = 0.936 * np.exp(0.2566 * bounded) + 0.461 * np.exp(-0.1548 * bounded) - 0.397
    else:
        found = 1.0 + 0.25 * wind / _MPH
    return np.clip(found, 1.0, LONGEST)


def eccentricity(length_over_width: ArrayLike) -> Floats:
    """e = √(1 − (W/L)²)."""
    return np.sqrt(1.0 - np.asarray(length_over_width, np.float64) ** -2.0)


@dataclass(frozen=True)
class Ellipse:
    """A fire after *time_s*: semi-axes, and how far its centre lies ahead of the ignition, in metres."""

    half_length_m: float
    half_width_m: float
    centre_m: float

    @property
    def area_m2(self) -> float:
        return float(np.pi * self.half_length_m * self.half_width_m)

    @property
    def perimeter_m(self) -> float:
        """Ramanujan's second approximation, better than 1e-4 up to length over width of 8."""
        a, b = self.half_length_m, self.half_width_m
        h = ((a - b) / (a + b)) ** 2 if a > 0 else 0.0
        return float(np.pi * (a + b) * (1 + 3 * h / (10 + np.sqrt(4 - 3 * h))))


@model(CARD)
def ellipse(head_m_s: float, length_over_width: float, time_s: float) -> Ellipse:
    """The fire from a point after *time_s*, when its head runs at *head_m_s*. Raises `Invalid`.

    >>> ellipse(1.0, 1.0, 60.0).half_width_m
    60.0
    """
    head = float(within(head_m_s, 0.0, 50.0, Text("火头速度", "rate of the head"), "m/s"))
    ratio = float(within(length_over_width, 1.0, 20.0, Text("长宽比", "length over width")))
    time = float(within(time_s, 0.0, 31 * 86_400.0, Text("时间", "time"), "s"))
    e = float(eccentricity(ratio))
    half = head * time / (1.0 + e)
    return Ellipse(half, half / ratio, half * e)


def rate_in_direction(head_m_s: ArrayLike, length_over_width: ArrayLike, off_head_deg: ArrayLike) -> Floats:
    """Rate of the way (not of the front) at an angle off the head: R(1 − e)/(1 − e·cos θ)."""
    e = eccentricity(length_over_width)
    turn = np.cos(np.radians(np.asarray(off_head_deg, np.float64)))
    return np.asarray(np.asarray(head_m_s) * (1 - e) / (1 - e * turn))
