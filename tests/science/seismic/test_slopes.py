"""Slopes under shaking."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.kernel.errors import Invalid
from anlan.science.seismic.newmark import (
    critical_acceleration_m_s2,
    displacement_m,
    landslide_probability,
    rigid_block_m,
)


def stepwise(motion: np.ndarray, step_s: float, limit: float, parts: int = 2000) -> float:
    """The block by brute force: many small steps, Euler's midpoint."""
    fine = np.interp(
        np.linspace(0, len(motion) - 1, (len(motion) - 1) * parts + 1), np.arange(len(motion)), motion
    )
    h = step_s / parts
    speed = moved = 0.0
    for net in fine - limit:
        if speed <= 0 and net <= 0:
            continue
        new = max(0.0, speed + net * h)
        moved += 0.5 * (speed + new) * h
        speed = new
    return moved + speed * speed / (2 * limit)


@given(st.lists(st.floats(-6.0, 6.0), min_size=2, max_size=6), st.floats(0.3, 3.0))
def test_the_block_agrees_with_many_small_steps(motion: list[float], limit: float) -> None:
    shaking = np.array(motion)
    exact = float(rigid_block_m(shaking, 0.1, limit))
    assert exact == pytest.approx(stepwise(shaking, 0.1, limit), rel=0.01, abs=2e-4)


@given(st.floats(0.5, 3.0), st.integers(0, 1000))
def test_a_stronger_slope_slides_less(limit: float, seed: int) -> None:
    motion = 3.0 * np.random.default_rng(seed).standard_normal(200)
    weak, strong = rigid_block_m(np.stack([motion, motion]), 0.02, [limit, 1.2 * limit])
    assert weak >= strong >= 0


def test_shaking_below_the_critical_acceleration_moves_nothing() -> None:
    assert float(rigid_block_m(np.full(50, 0.99), 0.01, 1.0)) == 0.0
    assert float(displacement_m(1.0)) == 0.0
    assert float(displacement_m(3.0, 7.0)) == 0.0


def test_a_slope_that_does_not_stand_has_no_critical_acceleration() -> None:
    assert float(critical_acceleration_m_s2(0.9, 30.0)) == 0.0
    assert float(displacement_m(0.0)) == np.inf
    assert float(landslide_probability(np.inf)) == pytest.approx(0.335)


@given(st.floats(0.01, 0.98))
def test_displacement_and_chance_fall_with_the_ratio(ratio: float) -> None:
    more, less = displacement_m([ratio, ratio + 0.01])
    assert more > less
    assert 0 <= landslide_probability(less) <= landslide_probability(more) <= 0.335


def test_impossible_slopes_are_refused() -> None:
    with pytest.raises(Invalid):
        displacement_m(-0.1)
    with pytest.raises(Invalid):
        rigid_block_m([1.0, 2.0], 0.0, 1.0)
    with pytest.raises(Invalid):
        rigid_block_m([1.0, np.nan], 0.1, 1.0)
    with pytest.raises(Invalid):
        rigid_block_m([1.0, 2.0], 0.1, 0.0)


@pytest.mark.parametrize("unknown", [np.nan, -1.0])
def test_what_is_not_known_of_a_slope_gives_no_number(unknown: float) -> None:
    for ask in (
        lambda: critical_acceleration_m_s2(unknown, 30.0),
        lambda: critical_acceleration_m_s2(1.5, unknown),
        lambda: landslide_probability([0.1, unknown]),
        lambda: displacement_m([0.5, unknown]),
        lambda: displacement_m(0.5, unknown),
    ):
        with pytest.raises(Invalid) as caught:
            ask()
        assert caught.value.title.zh and caught.value.title.en


def test_flat_ground_has_no_critical_acceleration_that_could_be_reached() -> None:
    assert float(critical_acceleration_m_s2(np.inf, 0.0)) == np.inf
