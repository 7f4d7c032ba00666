"""The door of the engine: an input that makes no sense is refused with words, before any arithmetic."""

import math

from anlan.kernel.errors import Invalid
from anlan.kernel.text import Text


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
