"""Inputs at the door: a number that cannot be right is refused with words, never carried on."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from anlan.kernel.errors import Invalid
from anlan.kernel.text import Text
from anlan.science.chemical.checks import require

_CORRECT = Text("请核对输入数据", "Check the input")


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
