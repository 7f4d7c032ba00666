"""What a person takes in: dose, toxic load, and what comes through the walls."""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from anlan.kernel.errors import Invalid
from anlan.kernel.text import Text
from anlan.science.guard import require

Array = NDArray[np.float64]


def toxic_load(times_s: ArrayLike, concentration: ArrayLike, exponent: float) -> Array:
    """∫ Cⁿ dt over the first axis, times in seconds; in (unit of C)ⁿ · min, as probits want it.

    *concentration* has shape (times, …). Linear in C between rows; exact for a constant.

    >>> float(toxic_load([0.0, 600.0], [1000.0, 1000.0], 2.0))
    10000000.0
    """
    times, values = np.asarray(times_s, np.float64), np.asarray(concentration, np.float64)
    power = require(exponent, Text("毒性指数 n", "toxic exponent n"), high=10.0)
    if (
        times.ndim != 1
        or len(times) < 2
        or values.shape[:1] != times.shape
        or bool(np.any(np.diff(times) <= 0))
    ):
        raise Invalid(
            Text("时刻应递增并与浓度逐一对应", "Times must rise, one for each row of concentrations")
        )
    if not np.all(np.isfinite(values)) or bool(np.any(values < 0)):
        raise Invalid(Text("浓度应为非负数", "Concentrations must be numbers of zero and more"))
    steps = np.diff(times).reshape(-1, *(1 for _ in values.shape[1:])) / 60.0
    # three-point Gauss-Legendre on each linear piece: exact to n = 5
    total = np.zeros(values.shape[1:])
    for at, weight in ((0.5 - math.sqrt(0.15), 5 / 18), (0.5, 8 / 18), (0.5 + math.sqrt(0.15), 5 / 18)):
        total = total + weight * np.sum(steps * (values[:-1] * (1 - at) + values[1:] * at) ** power, axis=0)
    return np.asarray(total, np.float64)


def steady_toxic_load(concentration: ArrayLike, duration_s: float, exponent: float) -> Array:
    """Cⁿ t of a constant exposure, t in minutes."""
    minutes = require(duration_s, Text("暴露时间", "exposure"), unit="s") / 60.0
    power = require(exponent, Text("毒性指数 n", "toxic exponent n"), high=10.0)
    return np.asarray(np.maximum(np.asarray(concentration, np.float64), 0.0) ** power * minutes, np.float64)


def indoors(times_s: ArrayLike, outdoors: ArrayLike, air_changes_per_h: float) -> Array:
    """Concentration in a well-mixed room by single-zone balance, dC/dt = λ (C_out − C), from clean air.

    Exact for an outdoor concentration that is linear between rows; shapes as in `toxic_load`
    (ASHRAE Handbook of Fundamentals, chapter 16; no deposition or filtering, which is on the safe side).

    >>> inside = indoors([0.0, 3600.0], [100.0, 100.0], 1.0)
    >>> round(float(inside[-1]), 2)
    63.21
    """
    times, values = np.asarray(times_s, np.float64), np.asarray(outdoors, np.float64)
    rate = (
        require(air_changes_per_h, Text("换气次数", "air changes"), high=100.0, unit="1/h", open_low=False)
        / 3600
    )
    if times.ndim != 1 or values.shape[:1] != times.shape or bool(np.any(np.diff(times) <= 0)):
        raise Invalid(
            Text("时刻应递增并与浓度逐一对应", "Times must rise, one for each row of concentrations")
        )
    inside = np.zeros_like(values)
    for i, step in enumerate(np.diff(times)):
        kept = math.exp(-rate * step)
        slope = (values[i + 1] - values[i]) / step
        lag = slope / rate if rate > 0 else 0.0
        forced = values[i + 1] - lag - (values[i] - lag) * kept
        inside[i + 1] = inside[i] * kept + forced if rate > 0 else inside[i]
    return inside


def shelter_factor(duration_s: float, air_changes_per_h: float) -> float:
    """Dose indoors over outdoors while a steady cloud passes: 1 − (1 − e^(−λt))/(λt); the room must be
    aired when the cloud has gone, or the dose catches up."""
    seconds = require(duration_s, Text("持续时间", "duration"), unit="s")
    changes = (
        require(air_changes_per_h, Text("换气次数", "air changes"), high=100.0, unit="1/h") * seconds / 3600
    )
    return 1 + math.expm1(-changes) / changes
