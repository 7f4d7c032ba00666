"""Crown fire: lower crowns light sooner, denser ones carry sooner, and what cannot be is refused."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.kernel.errors import Invalid
from anlan.science.wildfire import Canopy, CrownState, Moisture, crown_fire

DRY = Moisture(0.05, 0.06, 0.07, 0.6, 0.8)


@given(st.floats(0.5, 8.0), st.floats(0.1, 4.0), st.floats(0.7, 1.5))
def test_higher_and_wetter_crowns_are_harder_to_light(base: float, more: float, water: float) -> None:
    low, high = (crown_fire("TU5", DRY, Canopy(20.0, b, 0.1, 0.5, water), 8.0) for b in (base, base + more))
    assert high.critical_intensity_kw_m > low.critical_intensity_kw_m
    wet = crown_fire("TU5", DRY, Canopy(20.0, base, 0.1, 0.5, water + 0.2), 8.0)
    assert wet.transition < low.transition


@given(st.floats(0.0, 20.0), st.floats(0.5, 5.0), st.floats(0.03, 0.4))
def test_wind_and_dense_crowns_carry_an_active_fire(wind: float, more: float, density: float) -> None:
    here = crown_fire("TU5", DRY, Canopy(20.0, 2.0, density), wind)
    assert crown_fire("TU5", DRY, Canopy(20.0, 2.0, density), wind + more).activity > here.activity
    assert crown_fire("TU5", DRY, Canopy(20.0, 2.0, density * 1.1), wind).activity > here.activity


def test_an_active_crown_fire_outruns_the_surface_fire_and_is_hotter() -> None:
    fire = crown_fire("TU5", DRY, Canopy(20.0, 1.0, 0.25), 12.0)
    calm = crown_fire("TL1", DRY, Canopy(20.0, 8.0, 0.05), 1.0)
    assert fire.state is CrownState.ACTIVE and calm.state is CrownState.SURFACE
    assert fire.rate_m_s == fire.active_rate_m_s
    assert fire.active_intensity_kw_m > 4 * fire.surface_intensity_kw_m
    assert "wildfire.crown_underpredicts" in {one.code for one in fire.manifest.caveats}


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Canopy(10.0, 12.0, 0.1),
        lambda: Canopy(10.0, 2.0, 5.0),
        lambda: Canopy(10.0, 2.0, 0.1, 60.0),
        lambda: Canopy(10.0, 2.0, 0.1, 0.5, 100.0),
        lambda: crown_fire("TU5", DRY, Canopy(10.0, 2.0, 0.1), -1.0),
    ],
)
def test_stands_that_cannot_be_are_refused(wrong: Any) -> None:
    with pytest.raises(Invalid):
        wrong()
