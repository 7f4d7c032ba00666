"""Fires over a grid beside shapes and travel times known in closed form."""

from collections.abc import Iterator
from dataclasses import replace
from math import erf, log, sqrt

import numpy as np
from numpy.typing import NDArray

from anlan.kernel.fields import Grid
from anlan.kernel.validation import Case, Certainty
from anlan.science.wildfire.ellipse import eccentricity, ellipse
from anlan.science.wildfire.ensemble import FireUncertainty, run_ensemble
from anlan.science.wildfire.fuels import Moisture
from anlan.science.wildfire.lines import ContainmentLine
from anlan.science.wildfire.rothermel import SurfaceFire, surface_fire
from anlan.science.wildfire.run import run
from anlan.science.wildfire.scenario import Ignition, SpreadModel, Weather, WildfireScenario
from anlan.science.wildfire.wang import wang_spread

Floats = NDArray[np.float64]
_SURE = Certainty.SURE
_MODEL = "wildfire.spread"
_CELL, _SIZE = 30.0, 301
_GRID = Grid(_SIZE, _SIZE, _CELL, 0.0, _SIZE * _CELL, "local:106,38")
_MIDDLE = _SIZE * _CELL / 2
_WATER = Moisture(0.06, 0.07, 0.08, 0.6, 0.9)
_SPAN = 100 * _CELL


def cases() -> Iterator[Case]:
    for name, wind, wind_from in (
        ("circle, no wind", 0.0, 0.0),
        ("ellipse, wind along the rows", 4.0, 270.0),
        ("ellipse, wind across the rows at 22.5°", 4.0, 247.5),
        ("long ellipse, gale from 200°", 14.0, 200.0),
    ):
        yield from _shape(name, wind, wind_from)
    yield from _slope()
    yield from _strips()
    yield from _turning_wind()
    yield from _round_a_line()
    yield from _wang()
    yield from _ensemble()


def scenario(wind: float, wind_from: float, duration_s: float, fuel: int = 102) -> WildfireScenario:
    """GR2 on flat ground, lit in the middle."""
    return WildfireScenario(
        _GRID,
        np.full(_GRID.shape, fuel),
        (Weather(0.0, wind, wind_from, _WATER),),
        duration_s,
        (Ignition(_MIDDLE, _MIDDLE),),
    )


def offsets() -> tuple[Floats, Floats]:
    """East and north of each cell's centre from the ignition, m."""
    return np.meshgrid(_GRID.x_m - _MIDDLE, _GRID.y_m - _MIDDLE)


def travel_s(fire: SurfaceFire, east: Floats, north: Floats) -> Floats:
    """Time to each place in even conditions: the polar form of the ellipse about its rear focus."""
    e = float(eccentricity(fire.length_over_width))
    toward = np.arctan2(east, north) - np.radians(fire.toward_deg)
    return np.asarray(np.hypot(east, north) * (1 - e * np.cos(toward)) / (fire.rate_m_s * (1 - e)))


def _shape(name: str, wind: float, wind_from: float) -> Iterator[Case]:
    fire = surface_fire("GR2", _WATER, wind, wind_from)
    asked = scenario(wind, wind_from, _SPAN / fire.rate_m_s)
    result = run(asked)
    exact = travel_s(fire, *offsets())
    arrival = np.asarray(result.fields["arrival"].values, np.float64)
    both = np.isfinite(arrival) & (exact <= asked.duration_s)
    late = np.abs(arrival[both] - exact[both]).max() * fire.rate_m_s / _CELL
    source = "closed form: an ellipse from its rear focus"
    yield Case(f"{name}: largest error of arrival", source, _SURE, 0.0, float(late), "cells of the head", 0.05,
               model=_MODEL)  # fmt: skip
    area = ellipse(fire.rate_m_s, fire.length_over_width, asked.duration_s).area_m2
    ours = result.summary["burnt_m2"] / area
    yield Case(f"{name}: area over the ellipse's", source, _SURE, 1.0, ours, "", 0.002, model=_MODEL)
    outside = np.isfinite(arrival) != (exact <= asked.duration_s)
    share = float(outside.sum() / both.sum())
    yield Case(
        f"{name}: cells burnt wrongly or not at all", source, _SURE, 0.0, share, "", 0.002, model=_MODEL
    )


def _slope() -> Iterator[Case]:
    """An even slope of 0.5 that rises to the north-east; rates are along the slope, the map is flat."""
    slope, upward = 0.5, np.radians(50.0)
    east, north = offsets()
    along = east * np.sin(upward) + north * np.cos(upward)
    fire = surface_fire("GR2", _WATER, 0.0, 0.0, slope, 230.0)
    stretch = np.sqrt(1 + slope**2)
    across = east * np.cos(upward) - north * np.sin(upward)
    exact = travel_s(replace(fire, toward_deg=0.0), across, along * stretch)
    asked = replace(scenario(0.0, 0.0, _SPAN / fire.rate_m_s), elevation_m=4000 + slope * along)
    arrival = np.asarray(run(asked).fields["arrival"].values, np.float64)
    both = np.isfinite(arrival)
    late = float(np.abs(arrival[both] - exact[both]).max() * fire.rate_m_s / _CELL)
    source = "closed form: the ellipse laid on a tilted plane, seen from above"
    yield Case(
        "even slope: largest error of arrival",
        source,
        _SURE,
        0.0,
        late,
        "cells of the head",
        0.05,
        model=_MODEL,
    )


def _strips() -> Iterator[Case]:
    """A line of fire through two fuels, no wind: the times of the strips add."""
    asked = scenario(0.0, 0.0, 500_000.0)
    asked.fuel[:, 40:] = 122
    burning = np.zeros(_GRID.shape, bool)
    burning[:, 0] = True
    result = run(replace(asked, burning=burning, ignitions=()))
    one, other = (surface_fire(fuel, _WATER).rate_m_s for fuel in (102, 122))
    target = 39.5 * _CELL / one + 60.5 * _CELL / other
    ours = float(result.fields["arrival"].values[150, 100])
    source = "closed form: times of the strips add"
    yield Case("front through two fuels", source, _SURE, target, ours, "s", 1e-3 * target, model=_MODEL)


def _turning_wind() -> Iterator[Case]:
    """A line of fire with the wind behind it, which turns round after a while: the head becomes a back."""
    ahead, against = (surface_fire("GR2", _WATER, 3.0, wind_from) for wind_from in (270.0, 90.0))
    turn = 70.3 * _CELL / ahead.rate_m_s
    then = (Weather(0.0, 3.0, 270.0, _WATER), Weather(turn, 3.0, 90.0, _WATER))
    burning = np.zeros(_GRID.shape, bool)
    burning[:, 0] = True
    end = turn + 30 * _CELL / against.back_m_s
    result = run(replace(scenario(3.0, 270.0, end), weather=then, burning=burning, ignitions=()))
    source = "closed form: head until the wind turns, back afterwards"
    target = turn + (90 - 70.3) * _CELL / against.back_m_s
    ours = float(result.fields["arrival"].values[150, 90])
    yield Case("front when the wind turns", source, _SURE, target, ours, "s", 5e-3 * target, model=_MODEL)


def _round_a_line() -> Iterator[Case]:
    """No wind, a line north of the ignition that ends to the east of it: the fire goes round the end."""
    line = ContainmentLine(((0.0, _MIDDLE + 20 * _CELL), (_MIDDLE + 30 * _CELL, _MIDDLE + 20 * _CELL)))
    asked = replace(scenario(0.0, 0.0, 300_000.0), lines=(line,))
    arrival = run(asked).fields["arrival"].values
    rate = surface_fire("GR2", _WATER).rate_m_s
    # the last cell of the line is column 180, row 130: the way bends about its south-eastern, then north-eastern corner
    legs = (np.hypot(30.5, 19.5), 1.0, np.hypot(30.5, 19.5))
    source = "closed form: the shortest way about the end of the line"
    target, ours = float(sum(legs)) * _CELL / rate, float(arrival[110, 150])
    yield Case(
        "round the end of a containment line", source, _SURE, target, ours, "s", 0.02 * target, model=_MODEL
    )
    crossed = float(np.isfinite(arrival[130, :180]).sum())
    yield Case("cells of the line that burnt", source, _SURE, 0.0, crossed, "", 0.0, model=_MODEL)


def _wang() -> Iterator[Case]:
    """Head and back of Wang's fire in a wind of 5 m/s."""
    spread = wang_spread("steppe", 25.0, 30.0, 5.0)
    back = spread.rate_m_s / spread.wind_factor**2
    asked = replace(
        scenario(5.0, 270.0, 100 * _CELL / spread.rate_m_s, fuel=6),
        model=SpreadModel.WANG,
        weather=(Weather(0.0, 5.0, 270.0, None, 25.0, 30.0),),
    )
    arrival = run(asked).fields["arrival"].values[150]
    source = "closed form: R0·Ks·Kw ahead, R0·Ks/Kw behind"
    for name, column, rate in (("head", 240, spread.rate_m_s), ("back", 140, back)):
        target = abs(column - 150) * _CELL / rate
        yield Case(f"Wang: {name}", source, _SURE, target, float(arrival[column]), "s", 0.005 * target,
                   model=_MODEL)  # fmt: skip


def _ensemble() -> Iterator[Case]:
    """No wind, and only the model's rate uncertain: log-normal, so the chance that a distance is reached is known."""
    model, members, gsd = "wildfire.ensemble", 400, 1.4
    rate = surface_fire("GR2", _WATER).rate_m_s
    asked = scenario(0.0, 0.0, 60 * _CELL / rate)
    known = FireUncertainty(1.0, 0.0, 0.0, 0.0, gsd)
    found = run_ensemble(asked, known, members=members, seed=5)
    source = "closed form: 1 − Φ(ln(r/Rt)/ln GSD); tolerance of three standard errors"
    for cells in (45, 60, 80):
        target = 0.5 - 0.5 * erf(log(cells / 60) / log(gsd) / sqrt(2))
        ours = float(found.fields["probability"].values[150, 150 + cells])
        tolerance = 3 * sqrt(target * (1 - target) / members)
        yield Case(
            f"chance to burn {cells} cells away", source, _SURE, target, ours, "", tolerance, model=model
        )
    sure = run_ensemble(asked, FireUncertainty(1.0, 0.0, 0.0, 0.0, 1.0), members=3)
    alone = np.isfinite(run(asked).fields["arrival"].values)
    apart = float(np.abs(sure.fields["probability"].values - alone).max())
    source = "nothing uncertain: every member is the single run"
    yield Case("ensemble without uncertainty", source, _SURE, 0.0, apart, "", 0.0, model=model)
