"""Plumes and puffs against printed problems, golden numbers and closed forms."""

import math
from collections.abc import Iterator

import numpy as np

from anlan.kernel.validation import Case, Certainty
from anlan.science.chemical.dispersion.plume import Plume, passage
from anlan.science.chemical.dispersion.puff import Puff
from anlan.science.chemical.dispersion.sigmas import Curves
from anlan.science.chemical.weather import Stability, Weather

_PLUME, _PUFF = "chemical.gaussian_plume", "chemical.gaussian_puff"
_TURNER = "Turner, EPA AP-26 (1970)"


def cases() -> Iterator[Case]:
    yield from _golden()
    yield from _turner()
    yield from _closed_forms()


def _golden() -> Iterator[Case]:
    """1 kg/s, 1 km, ground centreline, worked by hand: Q/(π u σy σz) with Briggs' open-country values."""
    for stability, wind, sy, sz, sheet in (
        (Stability.D, 2.0, 80 / math.sqrt(1.1), 60 / math.sqrt(2.5), 55.0),
        (Stability.F, 1.5, 40 / math.sqrt(1.1), 16 / 1.3, 452.0),
    ):
        made = Plume(1.0, Weather(wind, 0.0, stability))
        ours = float(made.at(1000.0)) * 1e6
        name = f"1 kg/s at 1 km, Briggs open {stability.value}, {wind:g} m/s"
        yield Case(
            name, "domain sheet, golden number", Certainty.SURE, sheet, ours, "mg/m³", 0.5, model=_PLUME
        )
        target = 1e6 / (math.pi * wind * sy * sz)
        yield Case(
            f"{name}, closed form", "Briggs 1973", Certainty.SURE, target, ours, "mg/m³", 1e-6, model=_PLUME
        )


def _turner() -> Iterator[Case]:
    """The book's curves were read by eye; the fits differ from its readings by a few per cent.

    Problem 2 gives the wind at the effective height (60 m): the profile must not raise it again.
    """
    dump = Plume(3e-3, Weather(7.0, 0.0, Stability.D), curves=Curves.PASQUILL_GIFFORD)
    across, up = (float(value) for value in dump.sigmas(3000.0))
    yield _printed("problem 1: burning dump, 3 km", 1.1e-5, float(dump.at(3000.0)) * 1e3, "g/m³", 0.1e-5)
    yield _printed("problem 1: σy at 3 km, D", 190.0, across, "m", 8.0)
    yield _printed("problem 1: σz at 3 km, D", 65.0, up, "m", 2.0)
    stack = Plume(80e-3, Weather(6.0 / 6.0**0.15, 0.0, Stability.D), 60.0, curves=Curves.PASQUILL_GIFFORD)
    across, up = (float(value) for value in stack.sigmas(500.0))
    yield _printed("problem 2: stack of 60 m, 500 m", 3.3e-5, float(stack.at(500.0)) * 1e3, "g/m³", 0.4e-5)
    yield _printed("problem 2: σy at 500 m, D", 36.0, across, "m", 1.0)
    yield _printed("problem 2: σz at 500 m, D", 18.5, up, "m", 0.5)


def _printed(case: str, target: float, ours: float, unit: str, tolerance: float) -> Case:
    return Case(case, _TURNER, Certainty.PROBABLE, target, ours, unit, tolerance, model=_PLUME)


def _closed_forms() -> Iterator[Case]:
    plume = Plume(2.5, Weather(4.0, 0.0, Stability.C), 20.0)
    y, z = np.linspace(-900, 900, 1201), np.linspace(0, 900, 1201)
    flux = plume.at(2000.0, y[None, :], z[:, None]) * plume.wind_m_s
    ours = float(np.trapezoid(np.trapezoid(flux, y, axis=1), z))
    yield Case(
        "mass flux through a plane at 2 km",
        "continuity: Q",
        Certainty.SURE,
        2.5,
        ours,
        "kg/s",
        5e-3,
        model=_PLUME,
    )
    puff = Puff(100.0, Weather(3.0, 0.0, Stability.D))
    x, y, z = np.linspace(600, 1200, 121), np.linspace(-300, 300, 121), np.linspace(0, 150, 301)
    cloud = puff.at(x[None, None, :], y[None, :, None], z[:, None, None], 300.0)
    ours = float(np.trapezoid(np.trapezoid(np.trapezoid(cloud, x, axis=2), y, axis=1), z))
    yield Case(
        "mass in a puff after 300 s", "continuity: Q", Certainty.SURE, 100.0, ours, "kg", 0.05, model=_PUFF
    )
    target = 100.0 / ((2 * math.pi) ** 1.5 * (0.06 * 900**0.92) ** 2 * 0.15 * 900**0.70) * 2
    ours = float(puff.at(900.0, 0.0, 0.0, 300.0))
    yield Case(
        "centre of a puff at 900 m",
        "CCPS 1999, equation 2.53",
        Certainty.SURE,
        target,
        ours,
        "kg/m³",
        1e-9,
        model=_PUFF,
    )
    ours = float(passage(1200.0, 600.0, 1.0, 5.0))
    yield Case("average of a long passage", "limit", Certainty.SURE, 1.0, ours, "", 1e-9, model=_PLUME)
