"""Firebrands: further with a hotter fire, nowhere without wind, and never a number for what cannot be."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.kernel.errors import Invalid
from anlan.science.wildfire import spotting


@given(st.floats(100.0, 10_000.0), st.floats(10.0, 5000.0), st.floats(1.0, 25.0), st.floats(0.0, 30.0))
def test_a_hotter_fire_throws_further(intensity: float, more: float, wind: float, cover: float) -> None:
    assert spotting(intensity + more, wind, cover).distance_m > spotting(intensity, wind, cover).distance_m


@given(st.floats(500.0, 10_000.0), st.floats(2.0, 20.0), st.floats(0.5, 5.0))
def test_a_stronger_wind_bends_the_column_and_still_carries_further(
    intensity: float, wind: float, more: float
) -> None:
    here, there = spotting(intensity, wind), spotting(intensity, wind + more)
    assert there.firebrand_height_m < here.firebrand_height_m
    assert there.distance_m > here.distance_m


def test_without_wind_or_fire_nothing_flies() -> None:
    assert spotting(5000.0, 0.0).distance_m == spotting(0.0, 10.0).distance_m == 0.0


@pytest.mark.parametrize(
    ("intensity", "wind", "cover"), [(-1.0, 5.0, 0.0), (1e3, math.nan, 0.0), (1e3, 5.0, 900.0)]
)
def test_what_cannot_be_is_refused(intensity: float, wind: float, cover: float) -> None:
    with pytest.raises(Invalid):
        spotting(intensity, wind, cover)
