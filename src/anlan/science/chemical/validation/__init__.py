"""Validation of the chemical engine: the parts' cases, one suite."""

from collections.abc import Callable, Iterator

from anlan.kernel.validation import Case
from anlan.science.chemical.validation.dense import cases as dense_cases
from anlan.science.chemical.validation.dispersion import cases as dispersion_cases
from anlan.science.chemical.validation.ensemble import cases as ensemble_cases
from anlan.science.chemical.validation.explosion import cases as explosion_cases
from anlan.science.chemical.validation.exposure import cases as exposure_cases
from anlan.science.chemical.validation.fire import cases as fire_cases
from anlan.science.chemical.validation.risk import cases as risk_cases
from anlan.science.chemical.validation.source import cases as source_cases
from anlan.science.chemical.validation.substances import cases as substances_cases
from anlan.science.chemical.validation.trials import cases as trials_cases
from anlan.science.chemical.validation.vulnerability import cases as vulnerability_cases

NAME = "chemical"

PARTS: tuple[Callable[[], Iterator[Case]], ...] = (
    substances_cases,
    source_cases,
    dispersion_cases,
    dense_cases,
    trials_cases,
    exposure_cases,
    vulnerability_cases,
    fire_cases,
    explosion_cases,
    ensemble_cases,
    risk_cases,
)


def cases() -> Iterator[Case]:
    for part in PARTS:
        yield from part()
