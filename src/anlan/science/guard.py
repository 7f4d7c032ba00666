"""The engines' door: an input that makes no sense is refused with words, before any arithmetic."""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from anlan.kernel.errors import Invalid
from anlan.kernel.text import Text

_CORRECT = Text("请核对输入数据", "Check the input")


def require(
    value: float,
    name: Text,
    *,
    low: float = 0.0,
    high: float = math.inf,
    unit: str = "",
    open_low: bool = True,
) -> float:
    """*value* as a float when it is finite and in low…high; *open_low* excludes *low* itself.

    >>> require(2.5, Text("风速", "wind speed"), unit="m/s")
    2.5

    Raises `Invalid`, which names the quantity and the range.
    """
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    inside = (low < number if open_low else low <= number) and number <= high
    if math.isfinite(number) and inside:
        return number
    span = _span(low, high, unit, open_low)
    raise Invalid(
        Text(f"{name.zh}不合理：应{span.zh}", f"The {name.en} makes no sense: it must be {span.en}"),
        next_step=Text(f"请更正{name.zh}后重新计算", f"Correct the {name.en} and run again"),
        facts={"value": None if not math.isfinite(number) else number, "unit": unit},
    )


def _span(low: float, high: float, unit: str, open_low: bool) -> Text:
    tail = f" {unit}" if unit else ""
    zh_low, en_low = ("大于", "above") if open_low else ("不小于", "at least")
    zh = f"{zh_low} {low:g}{tail}" if math.isfinite(low) else "为有限数"
    en = f"{en_low} {low:g}{tail}" if math.isfinite(low) else "finite"
    if math.isfinite(high):
        zh += f"且不大于 {high:g}{tail}"
        en += f" and at most {high:g}{tail}"
    return Text(zh, en)


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


def refuse(zh: str, en: str, **facts: object) -> Invalid:
    """The error to raise for an input that cannot be right."""
    return Invalid(Text(zh, en), next_step=_CORRECT, facts=facts)


def positive(
    zh: str, en: str, value: float, *, unit: str = "", zero: bool = False, at_most: float = np.inf
) -> float:
    """*value* when it is finite, above zero (or zero too) and at most *at_most*; otherwise `Invalid`."""
    return require(value, Text(zh, en), high=at_most, unit=unit, open_low=not zero)


def floats(zh: str, en: str, values: ArrayLike, *, zero: bool = True) -> NDArray[np.float64]:
    """*values* as an array of finite numbers, none negative (nor zero when *zero* is false); otherwise `Invalid`."""
    array = np.asarray(values, np.float64)
    fine = np.isfinite(array) & ((array >= 0) if zero else (array > 0))
    if not fine.all():
        worst = array[~fine].flat[0]
        raise refuse(
            f"{zh}含有无效值 {worst:g}",
            f"{en} holds a value that cannot be ({worst:g})",
            count=int((~fine).sum()),
        )
    return array


def places(*coordinates: ArrayLike) -> tuple[NDArray[np.float64], ...]:
    """Coordinates in metres, broadcast to one shape; `Invalid` unless all are finite."""
    arrays = [np.asarray(one, np.float64) for one in np.broadcast_arrays(*coordinates)]
    if not all(np.isfinite(one).all() for one in arrays):
        raise refuse("坐标含有无效值", "a coordinate is not a number")
    return tuple(arrays)
