"""Refusals that say which number is wrong and what it may be."""

import math

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


def numbers(values: ArrayLike, zh: str, en: str, *, low: float = -math.inf) -> NDArray[np.float64]:
    """*values* when all are finite and at least *low*. Raises `Invalid`."""
    array = np.asarray(values, np.float64)
    wrong = ~(np.isfinite(array) & (array >= low))
    if wrong.any():
        number(float(array[wrong].flat[0]), zh, en, low=low)
    return array
