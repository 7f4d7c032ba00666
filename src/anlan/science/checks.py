"""Refusals at the door: which input is wrong, how many cells of it, and what it may be."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from anlan.kernel.errors import Invalid
from anlan.kernel.text import Text


def within(values: ArrayLike, low: float, high: float, label: Text, unit: str = "") -> NDArray[np.float64]:
    """*values* as an array of finite numbers from *low* to *high*, both included. Raises `Invalid`."""
    array = np.asarray(values, np.float64)
    wrong = ~((array >= low) & (array <= high))
    if not wrong.any():
        return array
    worst, count = float(array[wrong].flat[0]), int(wrong.sum())
    span = f"{low:g}–{high:g} {unit}".strip()
    raise Invalid(
        Text(
            f"{label.zh}无效：{worst:g}（应在 {span}）", f"{label.en} is not valid: {worst:g} (wanted {span})"
        ),
        facts={"value": str(worst), "count": count, "low": low, "high": high},
    )
