"""The risk index against figures worked by hand from its definition.

There is no published index to compare with: the ministry's weights are not public. What can be
checked is that the program computes what its definition says; the targets are sums on paper.
"""

import math
from collections.abc import Iterator

import numpy as np

from anlan.kernel.models import ModelCard
from anlan.kernel.validation import Case, Certainty
from anlan.science.risk.columns import Facts, Group, Tags
from anlan.science.risk.levels import NEVER, held_levels, levels_of
from anlan.science.risk.rollup import ROLL_UP_CARD, roll_up
from anlan.science.risk.unit import CARD, unit_indices
from anlan.science.risk.weights import weights_from

NAME = "risk"
_SOURCE = "worked by hand from the definition"
_WEIGHTS = weights_from({})


def cases() -> Iterator[Case]:
    """All cases; points of the index, minutes of the holding time."""
    yield from _units()
    yield from _parents()
    yield from _holding()


def _units() -> Iterator[Case]:
    nothing = Facts(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))
    # w 1.0 · L 2.5 · T min(1 + 30/30, 3) = 2 · N min(1 + 10/10, 2) = 2 gives s = 10, D = 100·(1 − e⁻²) = 86.4665
    gas = _tag(kind_weight=1.0, severity=2.5, open_min=30.0, raises=11)
    yield _case(
        "toxic gas at its second level for 30 min, 11 alarms", 0.45 * 86.4665, _index(gas, nothing), "分"
    )
    first = Facts(np.array([0]), np.array([int(Group.STATIC)]), np.array([40.0]))
    yield _case("the same at a level-1 source: 0.4·40 more", 16.0 + 0.45 * 86.4665, _index(gas, first), "分")
    late = _tag(kind_weight=0.7, severity=1.0, open_min=600.0, raises=1)
    # T is cut at 3: s = 0.7·1·3·1 = 2.1
    yield _case(
        "temperature high, open for ten hours: T is cut at 3",
        45.0 * (1.0 - math.exp(-2.1 / 5.0)),
        _index(late, nothing),
        "分",
    )
    managing = Facts(np.zeros(6, np.int64), np.full(6, int(Group.MANAGEMENT)), np.full(6, 5.0))
    quiet = Tags(*(np.zeros(0, kind) for kind in (np.int64, float, float, float, np.int64, np.int64)))
    yield _case("six management facts of 5: cut at 20", 20.0, _index(quiet, managing), "分")


def _parents() -> Iterator[Case]:
    # max 100; the top ten of a hundred are 100 and nine of 10: 19; mean 10.9: 50 + 5.7 + 2.18
    index = np.array([10_000] + [1_000] * 99)
    found = roll_up(1, np.zeros(100, np.int64), index, levels_of(index, _WEIGHTS), np.ones(100), _WEIGHTS)
    yield _case("one child of 100 among 99 of 10: index", 57.88, found.index[0] / 100.0, "分", ROLL_UP_CARD)
    yield _case(
        "one child of 100 among 99 of 10: colour of the worst",
        4.0,
        float(found.worst_level[0]),
        "1",
        ROLL_UP_CARD,
    )
    # weights 4 and 1: max 60, top of one 60, mean (4·60 + 1·20)/5 = 52: 30 + 18 + 10.4
    index = np.array([6_000, 2_000])
    two = roll_up(1, np.zeros(2, np.int64), index, levels_of(index, _WEIGHTS), np.array([4.0, 1.0]), _WEIGHTS)
    yield _case("60 with weight 4 beside 20 with weight 1", 58.4, two.index[0] / 100.0, "分", ROLL_UP_CARD)


def _holding() -> Iterator[Case]:
    """Red until minute 10, then below 20: every colour has been left for 30 minutes at minute 41."""
    since = np.full((1, 4), NEVER)
    fallen = math.nan
    for minute in range(120):
        reached = np.array([4 if minute <= 10 else 0])
        level, since = held_levels(reached, since, 60.0 * minute, _WEIGHTS)
        if level[0] == 0 and math.isnan(fallen):
            fallen = float(minute)
    yield _case("red up to minute 10, nothing from minute 11 on: falls at", 41.0, fallen, "min")


def _tag(kind_weight: float, severity: float, open_min: float, raises: int) -> Tags:
    return Tags(
        np.array([0]),
        np.array([kind_weight]),
        np.array([severity]),
        np.array([60.0 * open_min]),
        np.array([raises]),
        np.array([0]),
    )


def _index(tags: Tags, facts: Facts) -> float:
    return float(unit_indices(1, tags, facts, _WEIGHTS).index[0]) / 100.0


def _case(case: str, target: float, ours: float, unit: str, about: ModelCard = CARD) -> Case:
    return Case(case, _SOURCE, Certainty.SURE, target, ours, unit, 0.005, model=about.id)
