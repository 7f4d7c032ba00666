"""Rothermel's head beside another program, beside Anderson's printed table and beside limits known in closed form."""

from collections.abc import Iterator
from math import sqrt

import numpy as np

from anlan.kernel.validation import Case, Certainty
from anlan.science.packaged import packaged_table
from anlan.science.wildfire.bed import FT_M, fuel_beds
from anlan.science.wildfire.ellipse import Shape
from anlan.science.wildfire.fuels import Moisture, cured_share, fuel_model
from anlan.science.wildfire.intensity import attack_class, byram_intensity_kw_m, flame_length_m
from anlan.science.wildfire.rothermel import WindLimit, surface_fire
from anlan.science.wildfire.wind import wind_adjustment

_SURE, _PROBABLE = Certainty.SURE, Certainty.PROBABLE
_ROTHERMEL = "wildfire.rothermel"
_PEER = "pyretechnics 2026.10.20, its own coefficients and loads to four digits"
_ANDERSON = "Anderson 1982, INT-122, as transcribed; dead 8 %, live 100 %, 5 mi/h at midflame height, flat"
_CHAIN_H = 20.1168 / 3600
#: fuel model → chains an hour, flame length in feet
_PRINTED = {
    1: (78.0, 4.0), 3: (104.0, 12.0), 5: (18.0, 4.0), 6: (32.0, 6.0),
    8: (1.6, 1.0), 10: (7.9, 4.8), 11: (6.0, 3.5), 13: (13.5, 10.5),
}  # fmt: skip


def cases() -> Iterator[Case]:
    yield from _regression()
    yield from _all_models()
    yield from _printed()
    yield from _parts()
    yield from _byram()


def _regression() -> Iterator[Case]:
    fire = surface_fire(
        "GR2", Moisture(0.06, 0.07, 0.08, 0.60, 0.90), 20 / 3.6, 270.0, 0.1, 180.0,
        limit=WindLimit.ROTHERMEL, shape=Shape.ROTHERMEL,
    )  # fmt: skip
    for name, target, ours, unit, tolerance in (
        ("head", 8.3034, fire.rate_m_s * 60, "m/min", 0.01),
        ("flame length", 1.1922, fire.flame_m, "m", 0.005),
        ("intensity", 381.0, fire.intensity_kw_m, "kW/m", 1.0),
    ):
        case = f"GR2, wind 20 km/h at 10 m across a slope of 0.1: {name}"
        yield Case(case, "pyretechnics, regression", _SURE, target, ours, unit, tolerance, model=_ROTHERMEL)


def _all_models() -> Iterator[Case]:
    """The worst of each set over three weathers, one of them on a slope."""
    worst: dict[tuple[str, str], float] = {}
    for row in packaged_table("anlan.science.wildfire", "pyretechnics_heads").rows:
        value = {name: float(text) for name, text in row.items()}
        water = Moisture(*(value[n] for n in ("dead_1h", "dead_10h", "dead_100h", "live_herb", "live_woody")))
        slope = 0.2 if value["wind_m_s"] == 4.0 else 0.0
        fire = surface_fire(
            int(value["fuel"]),
            water,
            wind_from_deg=270.0,
            slope=slope,
            aspect_deg=180.0,
            midflame_m_s=value["wind_m_s"],
        )
        kind = fuel_model(int(value["fuel"])).set
        for name, ours, theirs in (
            ("head", fire.rate_m_s * 60, value["rate_m_min"]),
            ("intensity", fire.intensity_kw_m, value["intensity_kw_m"]),
        ):
            apart = abs(ours / theirs - 1) if theirs > 0 else abs(ours)
            worst[kind, name] = max(worst.get((kind, name), 0.0), apart)
    for (kind, name), apart in worst.items():
        case = f"{name} of every model of {kind}, largest relative difference"
        note = "loads printed in ton/acre and in lb/ft² differ in the third digit"
        yield Case(case, _PEER, _SURE, 0.0, float(apart), "", 0.025, model=_ROTHERMEL, note=note)


def _printed() -> Iterator[Case]:
    water = Moisture(0.08, 0.08, 0.08, 1.0, 1.0)
    note = "printed values are of nomograms; pyretechnics gives our numbers for the same input"
    for number, (chains, feet) in _PRINTED.items():
        fire = surface_fire(number, water, midflame_m_s=5 * 0.44704)
        chains_ours, feet_ours = fire.rate_m_s / _CHAIN_H, fire.flame_m / FT_M
        for name, target, ours, unit in (
            ("head", chains, chains_ours, "ch/h"),
            ("flame", feet, feet_ours, "ft"),
        ):
            yield Case(
                f"FM{number} {name}", _ANDERSON, _PROBABLE, target, ours, unit, 0.05 * target, False, _ROTHERMEL, note
            )  # fmt: skip


def _parts() -> Iterator[Case]:
    """Limits that the equations have in closed form."""
    source = "Scott and Burgan 2005, RMRS-GTR-153: two thirds cured at 60 % moisture"
    yield Case(
        "cured share of herb", source, _SURE, 2 / 3, float(cured_share(0.6)), "", 1e-12, model=_ROTHERMEL
    )
    source = "Andrews 2012, RMRS-GTR-266, eq. 6, worked by hand for 1 ft"
    target = float(1.83 / np.log(20.36 / 0.13))
    yield Case("wind adjustment in the open", source, _SURE, target, float(wind_adjustment(FT_M)), "", 1e-12,
               model=_ROTHERMEL)  # fmt: skip
    source = "Andrews 2012, eq. 2, worked by hand: cover 0.6, 60 ft"
    target = float(0.555 / (sqrt(0.2 * 60) * np.log((20 + 0.36 * 60) / (0.13 * 60))))
    ours = float(wind_adjustment(FT_M, 0.6, 60 * FT_M))
    yield Case("wind adjustment under a canopy", source, _SURE, target, ours, "", 1e-12, model=_ROTHERMEL)
    source = "moisture at extinction: η_M = 0"
    fire = surface_fire("FM1", Moisture(0.12, 0.12, 0.12), 5.0)
    yield Case("nothing spreads at the moisture of extinction", source, _SURE, 0.0, fire.rate_m_s, "m/s", 1e-12,
               model=_ROTHERMEL)  # fmt: skip
    yield from _hand_worked()


def _hand_worked() -> Iterator[Case]:
    """Fuel model 3 has one class: every step of Rothermel 1972 can be written down."""
    load, depth, sigma, water, extinction = 3.01 * 2000 / 43560, 2.5, 1500.0, 0.08, 0.25
    beta = load / depth / 32
    optimum = 3.348 * sigma**-0.8189
    a = 133 * sigma**-0.7913
    velocity = (
        sigma**1.5 / (495 + 0.0594 * sigma**1.5) * (beta / optimum) ** a * np.exp(a * (1 - beta / optimum))
    )
    r = water / extinction
    damping = 1 - 2.59 * r + 5.11 * r**2 - 3.52 * r**3
    reaction = velocity * load * (1 - 0.0555) * 8000 * damping * 0.174 * 0.01**-0.19
    flux = np.exp((0.792 + 0.681 * sqrt(sigma)) * (beta + 0.1)) / (192 + 0.2595 * sigma)
    calm = reaction * flux / (load / depth * np.exp(-138 / sigma) * (250 + 1116 * water))
    bed = fuel_beds([fuel_model(3)], Moisture(water, water, water))
    source = "Rothermel 1972, eq. 52 with Albini 1976, worked apart for one size class"
    ours = float(bed.calm_m_s[0]) / FT_M * 60
    yield Case("FM3 without wind", source, _SURE, float(calm), ours, "ft/min", 1e-9, model=_ROTHERMEL)
    ours = float(bed.wind_limit_m_s[0]) / FT_M * 60
    source = "Rothermel 1972, limit of the wind"
    yield Case(
        "FM3 limit of the wind", source, _SURE, 0.9 * float(reaction), ours, "ft/min", 1e-6, model=_ROTHERMEL
    )


def _byram() -> Iterator[Case]:
    model = "wildfire.intensity"
    source = "Byram 1959, worked by hand"
    ours = float(byram_intensity_kw_m(0.5, 0.2, 18_000.0))
    yield Case("intensity of 0.5 kg/m² at 0.2 m/s", source, _SURE, 1800.0, ours, "kW/m", 1e-9, model=model)
    source = "Byram 1959 in Btu, ft and s: L = 0.45·I^0.46 for 100 Btu/ft/s"
    ours = float(flame_length_m(100 * 1.055056 / FT_M))
    yield Case(
        "flame length in both units", source, _SURE, 0.45 * 100**0.46 * FT_M, ours, "m", 0.005, model=model
    )
    source = "the plan: above 4000 kW/m no direct attack"
    yield Case(
        "class just above 4000 kW/m", source, _PROBABLE, 3, float(attack_class(4000.1)), "", 0, model=model
    )
