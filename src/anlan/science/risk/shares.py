"""Splitting scores so that what is shown adds up to what is shown."""

import numpy as np
from numpy.typing import NDArray


def whole_hundredths(
    owner: NDArray[np.int64], points: NDArray[np.float64], owners: int, cap: float
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Each owner's total and its parts, both in whole hundredths, the parts adding up exactly.

    *points* (not negative) belong to *owner* (0 … owners−1). The total is rounded half up and cut
    at *cap* points; the parts keep their proportions and get the hundredths that rounding leaves
    over by the largest remainder, of equals the earlier one.
    """
    raw = 100.0 * np.bincount(owner, points, owners)
    total = np.minimum(np.floor(raw + 0.5), 100.0 * cap).astype(np.int64)
    scale = np.divide(total, raw, out=np.zeros(owners), where=raw > 0)
    exact = 100.0 * points * scale[owner]
    parts = np.floor(exact).astype(np.int64)
    missing = total - np.bincount(owner, parts, owners).astype(np.int64)
    order = np.lexsort((parts - exact, owner))
    place = np.empty(len(owner), np.int64)
    place[order] = np.arange(len(owner)) - np.searchsorted(owner[order], owner[order])
    return total, parts + (place < missing[owner])
