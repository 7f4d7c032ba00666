"""Means over a shared scatter stay right from flat curves to steps."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtr
from scipy.stats import multivariate_normal

from anlan.science.cascade.quadrature import classes, scattered


@given(st.floats(-2.5, 2.5), st.floats(1e-4, 5.0))
def test_the_mean_of_a_normal_curve_is_the_closed_form(middle: float, width: float) -> None:
    weights, values = classes(lambda z: ndtr((z - middle) / width)[None])
    assert weights.sum() == pytest.approx(1.0, abs=1e-13)
    assert float(weights @ values[0]) == pytest.approx(float(ndtr(-middle / np.hypot(1, width))), abs=1e-9)


@given(st.floats(-2.0, 2.0), st.floats(-2.0, 2.0))
def test_two_steps_make_three_classes(one: float, other: float) -> None:
    low, high = sorted((one, other))
    if high - low < 1e-3:
        return
    weights, values = classes(lambda z: np.stack([z >= low, z >= high]).astype(float))
    assert values.shape == (2, 3)
    assert float(weights @ values[0]) == pytest.approx(float(ndtr(-low)), abs=1e-7)
    assert float(weights @ (values[0] * values[1])) == pytest.approx(float(ndtr(-high)), abs=1e-7)


def test_curves_of_one_scatter_are_correlated_as_they_should_be() -> None:
    shifts, width = np.array([0.3, -0.6]), 0.4
    weights, values = classes(lambda z: ndtr((z - shifts[:, None]) / width))
    rho = 1 / (1 + width**2)
    both = multivariate_normal(cov=[[1, rho], [rho, 1]]).cdf(-shifts / np.hypot(1, width))
    assert float(weights @ (values[0] * values[1])) == pytest.approx(float(both), abs=1e-6)


def test_strata_hold_a_threshold_to_half_a_stratum() -> None:
    mean = scattered(lambda i: (np.asarray(i) >= 0.3).astype(float), np.array([0.2, 0.3, 0.5]), 0.4)
    exact = ndtr(np.log(np.array([0.2, 0.3, 0.5]) / 0.3) / 0.4)
    assert np.abs(mean - exact).max() <= 0.5 / 1024 + 1e-12
