"""Crown fire beside Van Wagner's and Rothermel's equations worked by hand."""

from collections.abc import Iterator
from math import exp, log, sqrt

from anlan.kernel.validation import Case, Certainty
from anlan.science.wildfire.bed import FT_M
from anlan.science.wildfire.crown import (
    Canopy,
    CrownState,
    active_rate_m_s,
    critical_rate_m_s,
    crown_fire,
    thomas_flame_m,
)
from anlan.science.wildfire.fuels import Moisture
from anlan.science.wildfire.rothermel import surface_fire

_SURE = Certainty.SURE
_MODEL = "wildfire.crown"
_WATER = Moisture(0.06, 0.07, 0.08, 0.6, 0.9)


def cases() -> Iterator[Case]:
    source = "Van Wagner 1977, eq. 4, worked by hand: 6 m, 100 %"
    stand = Canopy(18.0, 6.0, 0.12, 0.5, 1.0)
    fire = crown_fire("FM10", _WATER, stand, 10.0)
    target = (0.06 * (460 + 2590)) ** 1.5
    yield Case("intensity that lights the crowns", source, _SURE, target, fire.critical_intensity_kw_m, "kW/m", 1e-6,
               model=_MODEL)  # fmt: skip
    source = "Van Wagner 1977, eq. 9: 3.0 kg/m²/min over 0.12 kg/m³"
    ours = critical_rate_m_s(0.12) * 60
    yield Case("least rate of an active crown fire", source, _SURE, 25.0, ours, "m/min", 1e-9, model=_MODEL)
    source = "Rothermel 1991: 3.34 times fuel model 10 at 0.4 of the wind at 20 ft"
    target = 3.34 * surface_fire("FM10", _WATER, midflame_m_s=0.4 * 10 / 1.15).rate_m_s
    yield Case("active crown fire at 10 m/s", source, _SURE, target, active_rate_m_s(_WATER, 10.0), "m/s", 1e-12,
               model=_MODEL)  # fmt: skip
    source = "Thomas 1963 in Btu, ft and s: 0.2·I^(2/3) for 1000 Btu/ft/s"
    ours = thomas_flame_m(1000 * 1.055056 / FT_M)
    yield Case("flame of a crown fire", source, _SURE, 20 * FT_M, ours, "m", 0.05, model=_MODEL)
    yield from _sheltered()
    yield from _states()


def _sheltered() -> Iterator[Case]:
    """The surface fire under the stand has the wind that the canopy lets through."""
    height = 18 / FT_M
    fill = 0.5 * (12 / 18) / 3
    adjustment = 0.555 / (sqrt(fill * height) * log((20 + 0.36 * height) / (0.13 * height)))
    target = surface_fire("FM10", _WATER, midflame_m_s=10 / 1.15 * adjustment).intensity_kw_m
    ours = crown_fire("FM10", _WATER, Canopy(18.0, 6.0, 0.12), 10.0).surface_intensity_kw_m
    source = "Andrews 2012, eq. 2, worked apart for cover 0.5 and a crown ratio of 2/3"
    yield Case(
        "surface fire under the stand", source, _SURE, target, ours, "kW/m", 1e-6 * target, model=_MODEL
    )


def _states() -> Iterator[Case]:
    """Each state of Scott and Reinhardt 2001 by stands that leave no doubt."""
    source = "Scott and Reinhardt 2001, table of states"
    low, high, dense, thin = 0.5, 12.0, 0.4, 0.02
    for state, base, density in (
        (CrownState.ACTIVE, low, dense),
        (CrownState.PASSIVE, low, thin),
        (CrownState.CONDITIONAL, high, dense),
        (CrownState.SURFACE, high, thin),
    ):
        found = crown_fire("FM10", _WATER, Canopy(18.0, base, density), 12.0).state
        yield Case(f"state: {state.value}", source, _SURE, 1.0, float(found is state), "", 0.0, model=_MODEL)
    # the surface fire's own limit: the intensity at which the transition is exactly one
    fire = crown_fire("FM10", _WATER, Canopy(18.0, 3.0, 0.1), 10.0)
    target = fire.surface_intensity_kw_m ** (2 / 3) / 0.01 / (460 + 2590)
    ours = exp(log(3.0) + 2 / 3 * log(fire.transition))
    source = "Van Wagner 1977, eq. 4, solved for the base that the surface fire just lights"
    yield Case("base of the crowns that is just lit", source, _SURE, target, ours, "m", 1e-9, model=_MODEL)
