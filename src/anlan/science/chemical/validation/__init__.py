"""Validation of the chemical engine: the parts' cases, one suite."""

from collections.abc import Callable, Iterator

from anlan.kernel.validation import Case
from anlan.science.chemical.validation.dispersion import cases as dispersion_cases
from anlan.science.chemical.validation.substances import cases as substances_cases

NAME = "chemical"

PARTS: tuple[Callable[[], Iterator[Case]], ...] = (
    substances_cases,
    dispersion_cases,
)


def cases() -> Iterator[Case]:
    for part in PARTS:
        yield from part()
