"""The validation suite of the wildfire engine: `anlan validate wildfire`."""

from collections.abc import Iterator

from anlan.kernel.validation import Case
from anlan.science.wildfire.validation import brands, crowns, fires, formulas, heads

NAME = "wildfire"


def cases() -> Iterator[Case]:
    yield from heads.cases()
    yield from formulas.cases()
    yield from fires.cases()
    yield from crowns.cases()
    yield from brands.cases()
