"""What all sources say: a rate now, or a rate over time."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from anlan.kernel.models import Caveat
from anlan.kernel.text import LabelledEnum, Text
from anlan.science.guard import require

Array = NDArray[np.float64]
_HOLE = Text("孔径", "hole diameter")
_COEFFICIENT = Text("流量系数", "discharge coefficient")
SHARP_LIQUID = 0.61
SHARP_GAS = 0.85


class Phase(LabelledEnum):
    """What comes out."""

    LIQUID = "liquid", "液相", "liquid"
    GAS = "gas", "气相", "gas"
    TWO_PHASE = "two_phase", "两相", "two-phase"


@dataclass(frozen=True)
class Outflow:
    """The flow through an opening at one moment: rate, state at the opening, and reservations.

    *vapour_fraction* is the mass fraction of vapour after expansion to the air's pressure.
    """

    rate_kg_s: float
    phase: Phase
    velocity_m_s: float
    exit_pressure_pa: float
    is_choked: bool = False
    vapour_fraction: float = 0.0
    caveats: tuple[Caveat, ...] = ()


@dataclass(frozen=True)
class Profile:
    """A rate over time, linear between rows and zero outside: columns *times_s*, *rate_kg_s*, *state*.

    *state* is the quantity that drives it (level in metres, pressure in pascals, pool mass in kilograms).
    """

    times_s: Array
    rate_kg_s: Array
    state: Array
    state_name: str
    caveats: tuple[Caveat, ...] = ()

    @property
    def total_kg(self) -> float:
        return float(np.trapezoid(self.rate_kg_s, self.times_s))

    @property
    def ends_s(self) -> float:
        return float(self.times_s[-1])

    def rate_at(self, time_s: ArrayLike) -> Array:
        """The rate at a time; zero before the beginning and after the end."""
        times = np.asarray(time_s, np.float64)
        return np.interp(times, self.times_s, self.rate_kg_s, left=0.0, right=0.0)

    def released_kg(self, time_s: ArrayLike) -> Array:
        """What has come out by a time."""
        times = np.clip(np.asarray(time_s, np.float64), self.times_s[0], self.times_s[-1])
        steps, rate = np.diff(self.times_s), self.rate_kg_s
        done = np.concatenate([[0.0], np.cumsum((rate[1:] + rate[:-1]) / 2 * steps)])
        row = np.clip(np.searchsorted(self.times_s, times, side="right") - 1, 0, len(steps) - 1)
        past = times - self.times_s[row]
        slope = np.diff(rate)[row] / steps[row]
        return np.asarray(done[row] + rate[row] * past + slope * past**2 / 2, np.float64)

    def mean_rate_kg_s(self, duration_s: float) -> float:
        """Mean over the first *duration_s* seconds, those after its end counted as zero."""
        seconds = require(duration_s, Text("持续时间", "duration"), unit="s")
        return float(self.released_kg(self.times_s[0] + seconds)) / seconds

    def batches(self, parts: int) -> tuple[Array, Array]:
        """The release cut into *parts* of equal duration: middle times in s, masses in kg."""
        edges = np.linspace(self.times_s[0], self.times_s[-1], parts + 1)
        return (edges[1:] + edges[:-1]) / 2, np.diff(self.released_kg(edges))


def hole_area_m2(diameter_m: float) -> float:
    """Area of a round hole."""
    diameter = require(diameter_m, _HOLE, high=5.0, unit="m")
    return float(np.pi * diameter**2 / 4)


def checked_coefficient(value: float) -> float:
    """A discharge coefficient between 0 and 1."""
    return require(value, _COEFFICIENT, high=1.0)
