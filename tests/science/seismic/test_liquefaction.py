"""Liquefaction by GB 50011-2010: what makes it likelier, where the grades change, and what is refused."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.kernel.errors import Invalid
from anlan.science.seismic.liquefaction import Blow, LiquefactionGrade, critical_blows, liquefaction

DEPTH = st.floats(1.0, 19.0)


def site(*blows: float, water_m: float = 2.0, pga_g: float = 0.20):
    """Layers of 2 m from 3 m down, one test in the middle of each."""
    tests = [Blow(3.0 + 2 * n, one, 2.0, 3.0 + 2 * n) for n, one in enumerate(blows)]
    return liquefaction(tests, water_m, pga_g)


@given(DEPTH, st.floats(0.0, 8.0), st.floats(0.10, 0.38), st.floats(0.005, 0.02))
def test_stronger_shaking_and_higher_water_ask_for_denser_sand(depth, water, pga, more) -> None:
    here = critical_blows(depth, water, pga)
    assert critical_blows(depth, water, pga + more) > here or np.isclose(here, 0, atol=1e-9) or here < 0
    assert critical_blows(depth, water + 0.5, pga) < here


@given(DEPTH, st.floats(3.0, 15.0))
def test_clay_in_silt_makes_it_safer_and_sand_counts_as_three_per_cent(depth, clay) -> None:
    assert critical_blows(depth, 2.0, 0.2, clay) <= critical_blows(depth, 2.0, 0.2)
    assert critical_blows(depth, 2.0, 0.2, 0.0) == critical_blows(depth, 2.0, 0.2)


def test_a_later_design_group_asks_for_more() -> None:
    one, two, three = (float(critical_blows(6.0, 2.0, 0.2, group=group)) for group in (1, 2, 3))
    assert two / one == pytest.approx(0.95 / 0.80) and three / one == pytest.approx(1.05 / 0.80)


def test_a_dense_site_is_safe_and_a_loose_one_is_graded_by_its_index() -> None:
    dense = site(40, 40, 40)
    assert dense.grade is LiquefactionGrade.NONE and dense.index == 0.0 and not any(dense.liquefies)
    slight, severe = site(9, 40, 40), site(2, 2, 2)
    assert slight.grade is LiquefactionGrade.SLIGHT and 0 < slight.index <= 6
    assert severe.grade is LiquefactionGrade.SEVERE and severe.index > 18
    assert site(8, 8, 30).grade is LiquefactionGrade.MODERATE


def test_as_many_blows_as_the_critical_ones_still_liquefy() -> None:
    critical = float(critical_blows(3.0, 2.0, 0.2))
    edge = site(critical)
    assert edge.liquefies == (True,) and edge.index == pytest.approx(0.0, abs=1e-12)
    assert edge.grade is LiquefactionGrade.SLIGHT


@pytest.mark.parametrize(
    "asked",
    [
        lambda: critical_blows(5.0, 2.0, 0.05),
        lambda: critical_blows(25.0, 2.0, 0.2),
        lambda: critical_blows(5.0, -1.0, 0.2),
        lambda: critical_blows(float("nan"), 2.0, 0.2),
        lambda: liquefaction([], 2.0, 0.2),
        lambda: site(-1.0),
    ],
)
def test_what_the_code_does_not_cover_is_refused(asked) -> None:
    with pytest.raises(Invalid):
        asked()
