"""Rain: series in time, fields in space, and design storms from a depth and a duration."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anlan.kernel.errors import Invalid
from anlan.kernel.text import Text

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Rain:
    """Rain that falls at *mm_h*[i] from *times_s*[i] until the next time; nothing before the first.

    The last rate must be zero or *times_s* have one more entry, the end. *share* is a
    raster of factors (rows, columns), 1 where None.
    """

    times_s: tuple[float, ...]
    mm_h: tuple[float, ...]
    share: NDArray[np.float64] | None = None

    def __post_init__(self) -> None:
        if len(self.times_s) != len(self.mm_h) + 1 or np.any(np.diff(self.times_s) <= 0):
            raise _invalid("雨强序列的时间须递增，且比雨强多一个（结束时间）",
                           "The times of rain must rise, one more of them (the end) than rates")  # fmt: skip
        rates = np.asarray(self.mm_h, np.float64)
        if not np.all(np.isfinite(rates)) or np.any(rates < 0) or not np.all(np.isfinite(self.times_s)):
            raise _invalid("雨强须为有限的非负数", "Rain rates must be finite and not negative")
        if np.any(rates > MOST_MM_H):
            raise _invalid(f"雨强超过 {MOST_MM_H:.0f} mm/h，请核对单位",
                           f"A rain rate above {MOST_MM_H:.0f} mm/h: check the unit")  # fmt: skip
        if self.share is not None and (not np.all(np.isfinite(self.share)) or np.any(self.share < 0)):
            raise _invalid("雨量分布栅格含无效值", "The raster of rain holds invalid values")

    @property
    def depth_mm(self) -> float:
        """What falls where the share is 1."""
        return float(np.dot(self.mm_h, np.diff(self.times_s)) / 3600)

    def fallen_mm(self, until_s: float) -> float:
        """What has fallen where the share is 1 until *until_s*.

        >>> Rain((0.0, 3600.0), (60.0,)).fallen_mm(1800.0)
        30.0
        """
        width = np.clip(until_s, self.times_s[:-1], self.times_s[1:]) - np.asarray(self.times_s[:-1])
        return float(np.dot(self.mm_h, width) / 3600)

    def next_change_s(self, now_s: float) -> float:
        """When the rate changes next; infinity when it does no more."""
        later = [at for at in self.times_s if at > now_s + 1e-9]
        return min(later, default=np.inf)


MOST_MM_H = 2500.0
"""Above the heaviest minutes ever recorded: a unit must be wrong."""


def uniform(mm_h: float, duration_s: float) -> Rain:
    """Steady rain."""
    return Rain((0.0, duration_s), (mm_h,))


def triangular(depth_mm: float, duration_s: float, *, peak: float = 0.375, steps: int = 60) -> Rain:
    """A triangle of *depth_mm* whose peak lies at the fraction *peak* of the duration (Yen & Chow 1980)."""
    _check_storm(depth_mm, duration_s, peak, steps)
    edges = np.linspace(0, 1, steps + 1)
    inside = np.where(edges <= peak, edges**2 / peak, 1 - (1 - edges) ** 2 / (1 - peak))
    return _from_mass(depth_mm, duration_s, inside)


def chicago(
    depth_mm: float, duration_s: float, *, peak: float = 0.4, b_min: float = 10.0, c: float = 0.75,
    steps: int = 60,
) -> Rain:  # fmt: skip
    """The storm of Keifer & Chu (1957) for i = A/(t + b)^c (t in minutes), scaled to *depth_mm*.

    The mass within *s* minutes around the peak, split *peak* before and the rest
    after, is that of the duration s: A·s/(s + b)^c. *b_min* and *c* belong to the
    local storm formula; the defaults are our own and must be replaced by it.
    """
    _check_storm(depth_mm, duration_s, peak, steps)
    minutes = duration_s / 60
    edges = np.linspace(0, minutes, steps + 1)
    crest = peak * minutes

    def mass(span: Floats) -> Floats:
        return np.asarray(span / (span + b_min) ** c, np.float64)

    before = peak * mass((crest - np.minimum(edges, crest)) / peak)
    after = (1 - peak) * mass((np.maximum(edges, crest) - crest) / (1 - peak))
    total = mass(np.array([minutes]))[0]
    return _from_mass(depth_mm, duration_s, (peak * total - before + after) / total)


def alternating_block(depths_mm: list[float], block_s: float) -> Rain:
    """Blocks from the depths of 1, 2, 3 … *block_s*: the greatest in the middle, the next by turns
    after and before it (Chow, Maidment & Mays 1988, §14.4).

    >>> alternating_block([30.0, 45.0, 54.0], 3600.0).mm_h
    (9.0, 30.0, 15.0)
    """
    if not depths_mm or np.any(np.diff([0.0, *depths_mm]) < 0):
        raise _invalid("各历时雨量须为正且不减", "The depths must be positive and must not fall")
    blocks = sorted(np.diff([0.0, *depths_mm]).tolist(), reverse=True)
    order: list[float] = []
    for index, block in enumerate(blocks):
        if index % 2:
            order.append(block)
        else:
            order.insert(0, block)
    times = tuple(block_s * index for index in range(len(order) + 1))
    return Rain(times, tuple(block * 3600 / block_s for block in order))


def _from_mass(depth_mm: float, duration_s: float, inside: Floats) -> Rain:
    times = np.linspace(0, duration_s, len(inside))
    rates = np.maximum(np.diff(inside), 0.0) * depth_mm / (np.diff(times) / 3600)
    return Rain(tuple(times.tolist()), tuple(rates.tolist()))


def _check_storm(depth_mm: float, duration_s: float, peak: float, steps: int) -> None:
    if not (depth_mm >= 0 and duration_s > 0 and 0 < peak < 1 and steps >= 2):
        raise _invalid("设计暴雨参数无效：雨量非负、历时为正、雨峰系数在 0 与 1 之间",
                       "A design storm wants a depth, a duration and a peak between 0 and 1")  # fmt: skip


def _invalid(zh: str, en: str) -> Invalid:
    return Invalid(Text(zh, en))
