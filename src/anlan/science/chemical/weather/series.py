"""Weather that changes during a release: a step function of time."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anlan.kernel.errors import Invalid
from anlan.kernel.text import Text
from anlan.science.chemical.weather.stability import Stability
from anlan.science.chemical.weather.weather import CALM_M_S, Weather


@dataclass(frozen=True)
class WeatherSeries:
    """*weather[i]* holds from ``times_s[i]`` (seconds after the release began) to the next; the last for ever.

    Raises `Invalid` unless the times rise from 0 and there is one weather for each.
    """

    times_s: tuple[float, ...]
    weather: tuple[Weather, ...]

    def __post_init__(self) -> None:
        times = np.asarray(self.times_s, np.float64)
        fits = len(times) == len(self.weather) > 0 and times[0] == 0 and bool(np.all(np.isfinite(times)))
        if not fits or bool(np.any(np.diff(times) <= 0)):
            raise Invalid(
                Text(
                    "气象序列的时刻应从 0 起严格递增，且逐一对应",
                    "The weather's times must rise from 0, one for each entry",
                )
            )

    @classmethod
    def steady(cls, weather: Weather) -> "WeatherSeries":
        return cls((0.0,), (weather,))

    @classmethod
    def of(cls, times_s: Sequence[float], weather: Sequence[Weather]) -> "WeatherSeries":
        return cls(tuple(float(t) for t in times_s), tuple(weather))

    def at(self, time_s: float) -> Weather:
        """The weather in force at a time (before 0: the first)."""
        row = int(np.searchsorted(np.asarray(self.times_s), time_s, side="right")) - 1
        return self.weather[max(row, 0)]

    def steps(self, times_s: NDArray[np.float64], height_m: float) -> "Steps":
        """Carrying wind at *height_m* as columns for the given times."""
        found = [self.at(float(t)) for t in times_s]
        speed = np.array([max(float(one.wind_at(height_m)), CALM_M_S * 0.5) for one in found])
        toward = np.radians([one.toward_deg for one in found])
        return Steps(
            speed * np.sin(toward),
            speed * np.cos(toward),
            np.array([one.stability.rank for one in found], np.int64),
        )

    @property
    def has_calm(self) -> bool:
        return any(one.is_calm for one in self.weather)

    @property
    def worst_stability(self) -> Stability:
        return max((one.stability for one in self.weather), key=lambda one: one.rank)


@dataclass(frozen=True)
class Steps:
    """Eastward and northward wind in m/s and stability index, all of shape (times,)."""

    east_m_s: NDArray[np.float64]
    north_m_s: NDArray[np.float64]
    stability: NDArray[np.int64]
