"""Puffs in a wind, dose and rooms against the plume and closed forms."""

import math
from collections.abc import Iterator

import numpy as np

from anlan.kernel.crs import LocalFrame
from anlan.kernel.fields import Grid
from anlan.kernel.validation import Case, Certainty
from anlan.science.chemical.dispersion.advected import PuffScenario, advected_puffs
from anlan.science.chemical.dispersion.dose import indoors, shelter_factor, toxic_load
from anlan.science.chemical.dispersion.plume import Plume
from anlan.science.chemical.source.outflow import Profile
from anlan.science.chemical.weather import Stability, Weather, WeatherSeries

_PUFFS = "chemical.advected_puffs"


def cases() -> Iterator[Case]:
    yield from _puffs()
    yield from _doses()


def steady(rate: float, seconds: float) -> Profile:
    """A constant rate."""
    return Profile(np.array([0.0, seconds]), np.full(2, rate), np.zeros(2), "none")


def _puffs() -> Iterator[Case]:
    """1 kg/s for an hour in 4 m/s, class D: the end of the hour against the steady plume."""
    weather = Weather(4.0, 270.0, Stability.D)
    grid = Grid(81, 121, 25.0, -500.0, 1012.5, LocalFrame(106.6, 38.1).name)
    made = advected_puffs(
        PuffScenario(
            steady(1.0, 3600.0),
            WeatherSeries.steady(weather),
            106.6,
            38.1,
            until_s=1800.0,
            step_s=5.0,
            grid=grid,
        )
    )
    plume = Plume(1.0, Weather(4.0, 270.0, Stability.D, mixing_height_m=20_000.0))
    row = 40
    for x in (500.0, 1000.0, 2000.0):
        column = int(np.argmin(np.abs(grid.x_m - x)))
        target = float(plume.at(grid.x_m[column], grid.y_m[row], 1.5)) * 1e6
        ours = float(made.final_mg_m3.values[row, column])
        yield Case(
            f"puffs in a steady wind at {x:g} m",
            "Gaussian plume",
            Certainty.SURE,
            target,
            ours,
            "mg/m³",
            0.03 * target,
            model=_PUFFS,
        )
    yield Case(
        "mass let go in 30 min",
        "1 kg/s × 1800 s",
        Certainty.SURE,
        1800.0,
        made.airborne_kg,
        "kg",
        1e-6,
        model=_PUFFS,
    )


def _doses() -> Iterator[Case]:
    times = np.linspace(0.0, 1800.0, 301)
    ramp = 1000.0 * times / 1800.0
    target = 1000.0**2.75 * 30.0 / 3.75
    ours = float(toxic_load(times, ramp, 2.75))
    yield Case(
        "∫C^2.75 dt of a ramp to 1000 mg/m³ in 30 min",
        "closed form",
        Certainty.SURE,
        target,
        ours,
        "",
        1e-4 * target,
    )
    inside = indoors(times, np.full_like(times, 100.0), 2.0)
    yield Case(
        "indoors after 30 min, 2 air changes",
        "100 (1 − e⁻¹)",
        Certainty.SURE,
        100 * (1 - math.exp(-1)),
        float(inside[-1]),
        "mg/m³",
        1e-9,
    )
    ours = float(np.trapezoid(inside, times) / (100.0 * 1800.0))
    yield Case(
        "dose indoors over outdoors",
        "1 − (1 − e⁻¹)",
        Certainty.SURE,
        math.exp(-1),
        shelter_factor(1800.0, 2.0),
        "",
        1e-12,
    )
    yield Case(
        "the same from the course of time", "closed form", Certainty.SURE, math.exp(-1), ours, "", 1e-4
    )
