"""Rows that check the grading; the factors are given, since the tables are data."""

from collections.abc import Iterator

from anlan.kernel.validation import Case, Certainty
from anlan.science.major_hazard.grading import CARD, Grading, Holding, Level, grade

NAME = "major_hazard"

_LEVELS = (Level(1, 100.0, True), Level(2, 50.0, True), Level(3, 10.0, True), Level(4, 0.0, True))
_SOURCE = "GB 18218-2018, worked by hand"


def cases() -> Iterator[Case]:
    """R and level of the plan's substances, and the bounds of the levels."""
    worked = (
        ("NH3 200 t, alpha 1.5, beta 2", [Holding("氨", 200, 10, 2)], 1.5, 60.0, 2),
        ("NH4NO3 (<=0.2 %) 500 t, alpha 1, beta 1", [Holding("硝酸铵", 500, 50, 1)], 1.0, 10.0, 3),
        ("KClO3 300 t, alpha 1, beta 1", [Holding("氯酸钾", 300, 100, 1)], 1.0, 3.0, 4),
        (
            "Cl2 10 t and NH3 20 t, alpha 1.2",
            [Holding("氯", 10, 5, 4), Holding("氨", 20, 10, 2)],
            1.2,
            1.2 * (4 * 2 + 2 * 2),
            3,
        ),
    )
    for case, holdings, alpha, r, level in worked:
        found = grade(holdings, alpha, _LEVELS)
        yield _row(f"R: {case}", r, found.r, 1e-9)
        yield _row(f"level: {case}", level, found.level or 0, 0.0)
    yield _row("level at R = 100 exactly", 1, _at(100.0).level or 0, 0.0)
    yield _row("level just below R = 100", 2, _at(99.999).level or 0, 0.0)
    yield _row(
        "no major hazard below S = 1", 0, grade([Holding("氨", 9.99, 10, 2)], 2.0, _LEVELS).level or 0, 0.0
    )


def _at(r: float) -> Grading:
    return grade([Holding("x", r, 1.0, 1.0)], 1.0, _LEVELS)


def _row(case: str, target: float, ours: float, tolerance: float) -> Case:
    return Case(case, _SOURCE, Certainty.SURE, target, ours, "", tolerance, model=CARD.id)
