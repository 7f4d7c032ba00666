"""The validation suite of the flood engine: `anlan validate flood`."""

from collections.abc import Iterator

from anlan.kernel.validation import Case, Certainty, not_run
from anlan.science.flood.validation import formulas, solutions

NAME = "flood"

_EA = "UK Environment Agency SC120002 (2013), benchmarking of 2D hydraulic models"
_MALPASSET = "Hervouet & Petitjean 1999, J. Hydraul. Res. 37"
_ARRIVALS_S = {"A": 100.0, "B": 1240.0, "C": 1420.0}


def cases() -> Iterator[Case]:
    """Exact solutions and closed forms, then what cannot be run without its data."""
    yield from solutions.cases()
    yield from formulas.cases()
    for name, arrival in _ARRIVALS_S.items():
        yield not_run(
            f"Malpasset, arrival at transformer {name}", _MALPASSET, Certainty.PROBABLE, arrival, "s",
            "its mesh and roughness are not at hand", model="flood.shallow_water_2d",
        )  # fmt: skip
    for name in (
        "T2 depressions",
        "T3 momentum",
        "T4 speed",
        "T5 valley",
        "T6A dam break",
        "T6B dam break",
        "T8A rain",
    ):
        yield not_run(
            f"EA {name}", _EA, Certainty.PROBABLE, 0.0, "m", "its terrain and reference levels are not at hand",
            model="flood.shallow_water_2d",
        )  # fmt: skip
