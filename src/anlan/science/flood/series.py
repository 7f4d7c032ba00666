"""A level or another number over time, held before the first and after the last entry."""

from dataclasses import dataclass

import numpy as np

from anlan.science.flood.checks import series


@dataclass(frozen=True)
class Level:
    """*values* at *times_s*, linear between them. Raises `Invalid`.

    >>> Level((0.0, 10.0), (1.0, 2.0))(25.0)
    2.0
    """

    times_s: tuple[float, ...]
    values: tuple[float, ...]

    def __post_init__(self) -> None:
        series(self.times_s, self.values, "过程", "the series")

    def __call__(self, time_s: float) -> float:
        return float(np.interp(time_s, self.times_s, self.values))


def steady(value: float) -> Level:
    """The same at all times."""
    return Level((0.0,), (value,))
