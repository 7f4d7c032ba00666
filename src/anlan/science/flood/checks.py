"""Refusals that say which number is wrong and what it may be."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from anlan.kernel.errors import Invalid
from anlan.kernel.text import Text


def number(
    value: float,
    zh: str,
    en: str,
    *,
    low: float = -math.inf,
    high: float = math.inf,
    above: float = -math.inf,
) -> float:
    """*value* when it is finite, *low* … *high* and greater than *above*. Raises `Invalid`."""
    if math.isfinite(value) and low <= value <= high and value > above:
        return float(value)
    least = f"> {above:g}" if above > -math.inf else f"≥ {low:g}" if low > -math.inf else ""
    most = f"≤ {high:g}" if high < math.inf else ""
    span = ", ".join(part for part in (least, most) if part) or "finite"
    raise Invalid(
        Text(f"{zh}无效：{value:g}（要求 {span}）", f"{en} is not valid: {value:g} (wanted {span})"),
        facts={"value": str(value)},
    )


def series(
    times_s: Sequence[float], values: Sequence[float], zh: str, en: str, *, low: float = -math.inf
) -> None:
    """Times that rise and as many values, all finite, the values at least *low*. Raises `Invalid`."""
    times = numbers(times_s, f"{zh}的时刻", f"A time of {en}")
    found = numbers(values, zh, en, low=low)
    if times.ndim != 1 or times.shape != found.shape or not times.size or (np.diff(times) <= 0).any():
        raise Invalid(
            Text(
                f"{zh}的时刻须递增，且与数值一一对应",
                f"The times of {en} must rise, with one value for each",
            )
        )


def numbers(values: ArrayLike, zh: str, en: str, *, low: float = -math.inf) -> NDArray[np.float64]:
    """*values* when all are finite and at least *low*. Raises `Invalid`."""
    array = np.asarray(values, np.float64)
    wrong = ~(np.isfinite(array) & (array >= low))
    if wrong.any():
        number(float(array[wrong].flat[0]), zh, en, low=low)
    return array
