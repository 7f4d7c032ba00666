"""Societal risk: the F-N curve and the lines that it is held against."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from anlan.kernel.text import LabelledEnum
from anlan.science import guard
from anlan.science.chemical.harm.tables import Table, table

Floats = NDArray[np.float64]


class Region(LabelledEnum):
    """Where an F-N curve lies."""

    ACCEPTABLE = "acceptable", "可接受区", "Acceptable"
    ALARP = "alarp", "尽可能降低区", "As low as reasonably practicable"
    UNACCEPTABLE = "unacceptable", "不可接受区", "Unacceptable"


@dataclass(frozen=True)
class FNCurve:
    """F of N or more deaths a year, at the whole numbers *deaths*."""

    deaths: Floats
    frequency_per_a: Floats

    @property
    def expected_per_a(self) -> float:
        """Potential loss of life of deaths of one or more, Σ F(N) over N = 1, 2, …, for whole numbers of deaths."""
        steps = np.diff(np.append(0.0, self.deaths))
        return float((self.frequency_per_a * steps).sum())

    def region(self, rows: Table | None = None) -> Region:
        """The worst region that the curve enters (GB 36894-2018; table ``risk_criteria``)."""
        lines = rows or table("risk_criteria")
        upper, lower, limit = (
            lines[f"societal_{name}"].number("value") for name in ("upper", "lower", "limit")
        )
        some = self.frequency_per_a > 0
        if (some & ((self.frequency_per_a > upper / self.deaths) | (self.deaths >= limit))).any():
            return Region.UNACCEPTABLE
        if (some & (self.frequency_per_a > lower / self.deaths)).any():
            return Region.ALARP
        return Region.ACCEPTABLE


def fn_curve(deaths: ArrayLike, frequency_per_a: ArrayLike) -> FNCurve:
    """The curve from events of *deaths* (rounded) and *frequency_per_a*.

    >>> fn_curve([1, 10, 10], [1e-4, 1e-5, 2e-5]).frequency_per_a.round(7).tolist()
    [0.00013, 3e-05]
    """
    number = np.rint(guard.floats("死亡人数", "deaths", deaths))
    often = guard.floats("频率", "frequencies", frequency_per_a)
    if number.shape != often.shape:
        raise guard.refuse("死亡人数与频率长度不一致", "deaths and frequencies differ in length")
    kept = (number >= 1) & (often > 0)
    levels, place = np.unique(number[kept], return_inverse=True)
    each = np.bincount(place, weights=often[kept], minlength=len(levels))
    return FNCurve(levels, np.asarray(each[::-1].cumsum()[::-1], np.float64))
