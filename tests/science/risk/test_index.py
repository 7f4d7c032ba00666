"""The risk index: it adds up, it never falls when things get worse, and no mean hides the worst."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from anlan.kernel.errors import Invalid
from anlan.kernel.levels import RiskLevel
from anlan.kernel.validation import Case
from anlan.science.risk import (
    LEVELS,
    NEVER,
    Alarms,
    Facts,
    Group,
    Tags,
    blind_tags,
    code_of,
    fold_tags,
    held_levels,
    levels_of,
    rising_tags,
    roll_up,
    toxic_tags,
    unit_indices,
    weights_from,
)
from anlan.science.risk.validation import cases

Ints = NDArray[np.int64]
TagRow = tuple[int, float, float, float, int]
FactRow = tuple[int, Group, float]
ChildRow = tuple[int, int, int, float]
W = weights_from({})
UNITS = 3

tag_rows = st.lists(
    st.tuples(
        st.integers(0, UNITS - 1),
        st.sampled_from([0.5, 0.7, 0.9, 1.0]),
        st.sampled_from([0.5, 1.0, 2.0, 2.5]),
        st.floats(0, 90_000),
        st.integers(1, 40),
    ),
    max_size=12,
)
fact_rows = st.lists(
    st.tuples(
        st.integers(0, UNITS - 1), st.sampled_from(list(Group)), st.sampled_from([2.0, 5.0, 10.0, 40.0])
    ),
    max_size=8,
)
child_rows = st.lists(
    st.tuples(st.integers(0, 1), st.integers(0, 10_000), st.integers(0, 4), st.sampled_from([1.0, 2.0, 4.0])),
    max_size=40,
)


def tags_of(rows: list[TagRow]) -> Tags:
    unit, weight, severity, open_s, raises = zip(*rows, strict=True) if rows else ((), (), (), (), ())
    return Tags(
        np.array(unit, np.int64),
        np.array(weight, float),
        np.array(severity, float),
        np.array(open_s, float),
        np.array(raises, np.int64),
        np.arange(len(rows)),
    )


def facts_of(rows: list[FactRow]) -> Facts:
    unit, group, points = zip(*rows, strict=True) if rows else ((), (), ())
    return Facts(np.array(unit, np.int64), np.array(group, np.int64), np.array(points, float))


def children_of(rows: list[ChildRow]) -> tuple[Ints, Ints, Ints, NDArray[np.float64]]:
    parent, index, level, weight = zip(*rows, strict=True) if rows else ((), (), (), ())
    columns = (np.array(column, np.int64) for column in (parent, index, level))
    first, second, third = columns
    return first, second, third, np.array(weight, float)


@pytest.mark.parametrize("case", list(cases()), ids=lambda case: case.case)
def test_validation_case(case: Case) -> None:
    assert case.passed, f"{case.ours} instead of {case.target}"


@given(tag_rows, fact_rows)
def test_the_contributions_of_a_unit_add_up_to_its_index_to_the_last_hundredth(
    tags: list[TagRow], facts: list[FactRow]
) -> None:
    found = unit_indices(UNITS, tags_of(tags), facts_of(facts), W)
    summed = np.zeros(UNITS, np.int64)
    np.add.at(summed, tags_of(tags).unit, found.of_tag)
    np.add.at(summed, facts_of(facts).unit, found.of_fact)
    assert summed.tolist() == found.index.tolist()
    assert (found.of_tag >= 0).all() and (found.of_fact >= 0).all()
    assert ((found.index >= 0) & (found.index <= 10_000)).all()


@given(tag_rows, fact_rows, st.tuples(st.integers(0, UNITS - 1), st.floats(0, 90_000), st.integers(1, 40)))
def test_one_more_alarm_never_lowers_an_index(
    tags: list[TagRow], facts: list[FactRow], more: tuple[int, float, int]
) -> None:
    unit, open_s, raises = more
    before = unit_indices(UNITS, tags_of(tags), facts_of(facts), W).index
    after = unit_indices(UNITS, tags_of([*tags, (unit, 0.7, 1.0, open_s, raises)]), facts_of(facts), W).index
    assert (after >= before).all()


@given(tag_rows.filter(bool), st.floats(0, 7200))
def test_an_alarm_that_stands_longer_never_lowers_an_index(tags: list[TagRow], longer: float) -> None:
    aged = [
        (unit, weight, severity, open_s + longer, raises) for unit, weight, severity, open_s, raises in tags
    ]
    nothing = facts_of([])
    before = unit_indices(UNITS, tags_of(tags), nothing, W).index
    assert (unit_indices(UNITS, tags_of(aged), nothing, W).index >= before).all()


@given(child_rows)
def test_a_parent_s_index_is_the_sum_of_what_its_children_give_and_its_colour_hides_none(
    rows: list[ChildRow],
) -> None:
    parent, index, level, weight = children_of(rows)
    found = roll_up(2, parent, index, level, weight, W)
    for one in range(2):
        children = parent == one
        assert found.of_child[children].sum() == found.index[one]
        if children.any():
            assert found.worst_level[one] == level[children].max() == level[found.worst[one]]
            assert index[children].min() <= found.index[one] + 1
            assert found.index[one] <= index[children].max() + 1
        else:
            assert (found.worst[one], found.worst_level[one], found.index[one]) == (-1, 0, 0)


@given(child_rows.filter(bool), st.data())
def test_a_worse_child_never_lowers_its_parent(rows: list[ChildRow], data: st.DataObject) -> None:
    parent, index, level, weight = children_of(rows)
    which = data.draw(st.integers(0, len(rows) - 1))
    worse = index.copy()
    worse[which] = data.draw(st.integers(int(index[which]), 10_000))
    before = roll_up(2, parent, index, level, weight, W).index
    assert (roll_up(2, parent, worse, level, weight, W).index >= before).all()


def test_one_red_unit_among_a_hundred_green_ones_makes_the_county_red() -> None:
    index = np.array([8_500] + [0] * 100)
    found = roll_up(1, np.zeros(101, np.int64), index, levels_of(index, W), np.ones(101), W)
    assert LEVELS[found.worst_level[0]] is RiskLevel.MAJOR
    assert found.worst[0] == 0
    assert LEVELS[levels_of(found.index, W)[0]] is RiskLevel.GENERAL  # the index alone would say yellow


def test_colours_begin_exactly_at_their_figure() -> None:
    codes = levels_of(np.array([0, 1_999, 2_000, 3_999, 4_000, 5_999, 6_000, 7_999, 8_000, 10_000]), W)
    assert codes.tolist() == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]


def test_a_level_rises_at_once_and_falls_only_after_thirty_minutes_below_each_colour() -> None:
    since = np.full((1, 4), NEVER)
    story = {0: 4, 5: 3, 20: 1, 34: 1, 35: 1, 49: 1, 50: 1}
    stands = []
    for minute, reached in story.items():
        level, since = held_levels(np.array([reached]), since, 60.0 * minute, W)
        stands.append(int(level[0]))
    # below red from 5 on, below orange and yellow from 20 on
    assert stands == [4, 4, 4, 4, 3, 3, 1]


def test_time_in_which_nobody_looked_does_not_let_a_level_fall() -> None:
    level, since = held_levels(np.array([4]), np.full((1, 4), NEVER), 0.0, W)
    level, since = held_levels(np.array([0]), since, 36_000.0, W)
    assert level.tolist() == [4]
    level, since = held_levels(np.array([0]), since, 36_000.0 + 1800.0, W)
    assert level.tolist() == [0]


def test_a_short_return_starts_the_thirty_minutes_anew() -> None:
    since = np.full((1, 4), NEVER)
    for minute, reached in ((0, 4), (1, 0), (29, 4), (30, 0), (59, 0)):
        level, since = held_levels(np.array([reached]), since, 60.0 * minute, W)
    assert level.tolist() == [4]
    level, since = held_levels(np.array([0]), since, 3600.0, W)
    assert level.tolist() == [0]


def test_alarms_of_one_tag_fold_into_its_gravest() -> None:
    alarms = Alarms(
        np.array([0, 1, 0, 0]),
        np.array([1.0, 0.5, 2.0, 2.0]),
        np.array([900.0, 5.0, 10.0, 60.0]),
        np.array([3, 1, 1, 2]),
    )
    tags = fold_tags(alarms, np.array([4, 7]), np.array([0.7, 0.5]))
    assert tags.severity.tolist() == [2.0, 0.5]
    assert tags.open_s.tolist() == [900.0, 5.0]
    assert tags.raises.tolist() == [6, 1]
    assert tags.leading.tolist() == [3, 1]


def test_two_toxic_detectors_of_one_unit_within_ten_minutes_are_a_reason_for_red() -> None:
    unit = np.array([0, 0, 1, 1, 2])
    raised = np.array([0.0, 600.0, 0.0, 601.0, 10.0])
    assert toxic_tags(unit, raised, 600.0).tolist() == [True, True, False, False, False]
    silent = np.array([0.0, np.nan, np.nan, np.nan, np.nan])
    assert not toxic_tags(unit, silent, 600.0).any()


def test_two_variables_above_hh_and_rising_are_a_reason_for_red_two_of_one_kind_are_not() -> None:
    unit, rising = np.array([0, 0, 1, 1, 2]), np.array([True, True, True, True, False])
    assert rising_tags(unit, np.array([1, 2, 1, 1, 2]), rising, 3).tolist() == [
        True,
        True,
        False,
        False,
        False,
    ]


def test_a_first_level_source_with_an_open_alarm_that_has_gone_blind_is_red() -> None:
    unit = np.array([0, 0, 1])
    found = blind_tags(
        unit, np.array([True, False]), np.array([True, False, True]), np.array([7201.0, 9e9, 9e9]), 7200.0
    )
    assert found.tolist() == [True, False, False]


def test_weights_that_cannot_hold_are_refused_in_words() -> None:
    for wrong in ({"colour.low": 50.0}, {"rollup.max": 0.9}, {"dynamic.scale": 0.0}, {"kind.level": -1.0}):
        with pytest.raises(Invalid) as refused:
            weights_from(wrong)
        assert next(iter(wrong)).partition(".")[0] in str(refused.value.facts)


def test_a_level_and_its_code_belong_together() -> None:
    assert [code_of(level) for level in LEVELS] == [0, 1, 2, 3, 4]
