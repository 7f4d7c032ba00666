"""Levels at which a zone is drawn: radiation bands, overpressure limits, escalation thresholds.

The numbers live in ``data/thresholds.csv``; GB/T 37243 overpressure limits are marked
*probable* there until they are read against the standard.
"""

from dataclasses import dataclass

from anlan.kernel.text import Text
from anlan.kernel.validation import Certainty
from anlan.science.chemical.harm.tables import Table, table


@dataclass(frozen=True)
class Threshold:
    """A level of *quantity* in *unit*, what happens at it, and where it is written."""

    key: str
    quantity: str
    value: float
    unit: str
    label: Text
    source: str
    certainty: Certainty


def thresholds(quantity: str, levels: Table | None = None) -> tuple[Threshold, ...]:
    """The levels of *quantity* (``radiation``, ``overpressure``, ``domino_radiation``), highest first.

    >>> [level.value for level in thresholds("radiation")]
    [37.5, 25.0, 12.5, 4.0, 1.6]
    """
    found = [
        Threshold(
            row.key, quantity, row.number("value"), row.columns["unit"], row.label, row.source, row.certainty
        )
        for row in (levels or table("thresholds")).where("quantity", quantity)
    ]
    return tuple(sorted(found, key=lambda level: -level.value))
