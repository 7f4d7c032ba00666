"""The published fragilities that ship with the package: rows of ``data/fragilities.csv``."""

from collections.abc import Mapping
from functools import cache

from anlan.kernel.errors import NotFound
from anlan.kernel.text import Text
from anlan.kernel.validation import Certainty
from anlan.science.cascade.footprint import Measure
from anlan.science.cascade.fragility import Lognormal
from anlan.science.packaged import packaged_table


def fragility(key: str) -> Lognormal:
    """The published curve called *key* in ``data/fragilities.csv``. Raises `NotFound`.

    >>> fragility("tank_anchored_extensive").median
    1.25
    """
    found = fragilities().get(key)
    if found is None:
        raise NotFound(
            Text(f"易损性表中没有 {key}", f"The table of fragilities has no row {key}"),
            next_step=Text("请在表中补充，或直接给定概率", "Add the row, or give the chance directly"),
            facts={"known": sorted(fragilities())},
        )
    return found


@cache
def fragilities() -> dict[str, Lognormal]:
    """Every published curve by key."""
    return {row["key"]: _of(row) for row in packaged_table("anlan.science.cascade", "fragilities").rows}


def _of(row: Mapping[str, str]) -> Lognormal:
    measure, one, other = Measure(row["measure"]), float(row["one"]), float(row["other"])
    said = row["source"], Certainty(row["certainty"]), row["key"]
    return (
        Lognormal.of_probit(measure, one, other, *said)
        if row["form"] == "probit"
        else Lognormal(measure, one, other, *said)
    )
