"""Figures of the engine that are not physics: each with its source and certainty in ``data/constants.csv``."""

from dataclasses import dataclass

from anlan.kernel.text import Text
from anlan.kernel.validation import Certainty
from anlan.science.packaged import packaged_table

_PACKAGE = "anlan.science.cascade"
#: the tables that decide a run, for its manifest
VERSIONS = {
    f"cascade.{name}": packaged_table(_PACKAGE, name).version for name in ("fragilities", "constants")
}


@dataclass(frozen=True)
class Constant:
    """A figure, what it is and where it comes from."""

    key: str
    value: float
    unit: str
    label: Text
    source: str
    certainty: Certainty


def constant(key: str) -> Constant:
    """The figure called *key*.

    >>> constant("credible_chance").value
    0.001
    """
    row = next(row for row in packaged_table(_PACKAGE, "constants").rows if row["key"] == key)
    label = Text(row["zh"], row["en"])
    return Constant(key, float(row["value"]), row["unit"], label, row["source"], Certainty(row["certainty"]))
