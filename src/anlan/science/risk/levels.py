"""Four colours, and how long one stands after the index has fallen."""

import numpy as np
from numpy.typing import NDArray

from anlan.kernel.levels import RiskLevel
from anlan.science.risk.weights import Weights

LEVELS: tuple[RiskLevel | None, ...] = (
    None,
    RiskLevel.LOW,
    RiskLevel.GENERAL,
    RiskLevel.CONSIDERABLE,
    RiskLevel.MAJOR,
)
"""Levels by their code: 0 is below the lowest colour."""

NEVER = -np.inf
"""Below a colour since ever."""

_ABOVE = np.inf


def code_of(level: RiskLevel | None) -> int:
    """The code of a level, the gravest the highest.

    >>> code_of(RiskLevel.MAJOR), code_of(None)
    (4, 0)
    """
    return LEVELS.index(level)


def levels_of(index: NDArray[np.int64], weights: Weights) -> NDArray[np.int64]:
    """The code of each index (hundredths of a point) by itself."""
    ladder = [weights[f"colour.{level.value}"] for level in LEVELS if level is not None]
    return np.searchsorted(np.round(100.0 * np.array(ladder)), index, side="right").astype(np.int64)


def held_levels(
    reached: NDArray[np.int64], below_since_s: NDArray[np.float64], now_s: float, weights: Weights
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The codes that stand, and since when each object is below each colour.

    *reached* (N) are the codes by the present figures; *below_since_s* (N, 4), in seconds of any
    clock, what the last call gave back, `NEVER` at first. A level rises at once. It falls below a
    colour only when it has been seen below that colour for the whole holding time: time in which
    nobody looked does not count.
    """
    at_or_above = reached[:, None] >= np.arange(1, len(LEVELS))
    just_fallen = np.isposinf(below_since_s)
    since = np.where(at_or_above, _ABOVE, np.where(just_fallen, now_s, below_since_s))
    stands = at_or_above | (now_s - since < 60.0 * weights["colour.hold_min"])
    return stands.sum(axis=1).astype(np.int64), since
