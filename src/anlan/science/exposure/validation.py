"""Rows that check the count of people: closed forms, and the census that must come back whole."""

from collections.abc import Iterator

import numpy as np
from shapely.geometry import box

from anlan.kernel.validation import Case, Certainty
from anlan.science.exposure.people import CARD, PopulationGrid, count_people, spread_census

NAME = "exposure"
_SOURCE = "closed form"


def cases() -> Iterator[Case]:
    """Shares of cells, the sum of all cells, and the census spread by weight."""
    chance = np.random.default_rng(1)
    persons = chance.uniform(0, 500, (2, 30, 40))
    grid = PopulationGrid(persons, 105.0, 39.0, 0.05)
    everything = count_people(grid, box(105.0, 37.5, 107.0, 39.0))
    yield _row("all cells", float(persons[0].sum()), everything.best, 1e-6)
    quarter = count_people(grid, box(105.0, 38.975, 105.025, 39.0))
    yield _row("a quarter of one cell", float(persons[0, 0, 0]) / 4, quarter.best, 1e-9)
    low, high = sorted(float(persons[variant, 0, 0]) / 4 for variant in (0, 1))
    yield _row("low of the range", low, quarter.low, 1e-9)
    yield _row("high of the range", high, quarter.high, 1e-9)
    cover = np.array([[13, 10], [12, 16]])
    spread = spread_census(
        [(box(106.0, 37.9, 106.1, 38.0), 1000.0)], cover, {13: 8.0, 12: 2.0}, 106.0, 38.0, 0.05
    )
    yield _row("urban cell of 8 parts in 10", 800.0, float(spread[0, 0]), 1e-9)
    yield _row("crop cell of 2 parts in 10", 200.0, float(spread[1, 0]), 1e-9)
    yield _row("the district's census comes back", 1000.0, float(spread.sum()), 1e-9)


def _row(case: str, target: float, ours: float, tolerance: float) -> Case:
    return Case(case, _SOURCE, Certainty.SURE, target, ours, "persons", tolerance, model=CARD.id)
