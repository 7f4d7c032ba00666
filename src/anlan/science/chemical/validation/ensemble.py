"""Rows for the ensemble; closed forms of a single plume and of chances with one thing unsure."""

import math
from collections.abc import Iterator
from statistics import NormalDist

import numpy as np

from anlan.kernel.crs import LocalFrame
from anlan.kernel.fields import Grid
from anlan.kernel.validation import Case, Certainty
from anlan.science.chemical.ensemble import CARD, Ensemble, Uncertainty, run
from anlan.science.chemical.weather import Stability

SURE = Certainty.SURE
_GRID = Grid(101, 201, 20.0, -2010.0, 1010.0, LocalFrame(106.0, 38.0).name)
# a source on a cell's centre; 2,000 m downwind of it is one too
_SOURCE = (-2000.0, 0.0)


def cases() -> Iterator[Case]:
    still = _one(Stability.D, 3.0, 1800.0)
    for x, y in ((500.0, 0.0), (2000.0, 0.0), (2000.0, 160.0), (3000.0, -200.0)):
        exact = _plume(x, y, 3.0)
        ours = _at(still, x, y)
        yield _case(
            f"one plume, class D, x {x:g} m, y {y:g} m",
            "Gaussian plume, Briggs open country",
            exact,
            ours,
            1e-3,
        )
    puff = _one(Stability.D, 3.0, 20.0)
    sigma = 0.08 * 2000 / math.sqrt(1.2)
    exact = _plume(2000.0, 0.0, 3.0) * math.erf(3.0 * 20 / (2 * math.sqrt(2) * sigma))
    ours = _at(puff, 2000.0, 0.0)
    yield _case("peak of 20 s of release at 2 km", "Palazzi: C erf(uT/(2√2 σx))", exact, ours, 1e-3)
    yield from _arrival(still)
    yield from _chances()


def _arrival(still: Ensemble) -> Iterator[Case]:
    half = _plume(2000.0, 0.0, 3.0) / 2
    made = _one(Stability.D, 3.0, 7200.0, level=half)
    row, column = _cell(2000.0, 0.0)
    ours = float(made.arrival.values[row, column])
    yield Case(
        "half the steady plume arrives",
        "with the mean wind: x/u",
        SURE,
        2000 / 3,
        ours,
        "s",
        2.0,
        model=CARD.id,
    )
    early = _one(Stability.D, 3.0, 7200.0, level=0.0227501 * 2 * half)
    ours = float(early.arrival.values[row, column])
    exact = (2000 - 2 * 0.08 * 2000 / math.sqrt(1.2)) / 3
    yield Case("2.3 % of it arrives", "two σx ahead: (x − 2σx)/u", SURE, exact, ours, "s", 3.0, model=CARD.id)


def _chances() -> Iterator[Case]:
    level = _plume(1500.0, 0.0, 3.0) * 1.3
    known = _known(Stability.D, 3.0, 1800.0, rate_gsd=1.8)
    made = run(known, _GRID, _SOURCE, (level,), members=20_000, seed=7)
    row, column = _cell(1500.0, 0.0)
    exact = 1 - NormalDist().cdf(math.log(1.3) / math.log(1.8))
    ours = float(made.exceedance[0].values[row, column])
    error = 4 * math.sqrt(exact * (1 - exact) / 20_000)
    yield Case(
        "chance with the rate unsure",
        "Φ(ln(C/c)/ln gsd), ± 4/√N",
        SURE,
        exact,
        ours,
        "",
        error,
        model=CARD.id,
    )
    known = _known(Stability.D, 3.0, 1800.0, wind_sd_deg=12.0)
    level = _plume(1500.0, 150.0, 3.0)
    made = run(known, _GRID, _SOURCE, (level,), members=20_000, seed=11)
    # on the axis the plume exceeds the level for directions that leave the place within the isopleth
    low, high = 0.0, 0.5
    for _ in range(60):
        middle = (low + high) / 2
        inside = _plume(1500 * math.cos(middle), 1500 * math.sin(middle), 3.0) >= level
        low, high = (middle, high) if inside else (low, middle)
    exact = 2 * NormalDist().cdf(math.degrees(low) / 12.0) - 1
    ours = float(made.exceedance[0].values[row, column])
    error = 4 * math.sqrt(exact * (1 - exact) / 20_000) + 1e-3
    yield Case(
        "chance with the direction unsure",
        "share of directions, ± 4/√N",
        SURE,
        exact,
        ours,
        "",
        error,
        model=CARD.id,
    )


def _plume(x: float, y: float, wind: float) -> float:
    """Class D in open country from the ground, 5 kg/s, mg/m³."""
    across = 0.08 * x / math.sqrt(1 + 1e-4 * x)
    upward = 0.06 * x / math.sqrt(1 + 1.5e-3 * x)
    return 1e6 * 5.0 / (math.pi * wind * across * upward) * math.exp(-(y**2) / (2 * across**2))


def _known(stability: Stability, wind: float, duration: float, **more: float) -> Uncertainty:
    fixed: dict[str, float] = {"rate_gsd": 1.0, "wind_gsd": 1.0, "wind_sd_deg": 0.0} | more
    return Uncertainty(5.0, duration, wind, 270.0, {stability: 1.0}, **fixed)  # type: ignore[arg-type]


def _one(stability: Stability, wind: float, duration: float, level: float = 1.0) -> Ensemble:
    return run(_known(stability, wind, duration), _GRID, _SOURCE, (level,), members=1, seed=1)


def _cell(x: float, y: float) -> tuple[int, int]:
    found = _GRID.cell_of(_SOURCE[0] + x, _SOURCE[1] + y)
    if found is None:
        raise ValueError("the place lies outside the grid")
    return found


def _at(made: Ensemble, x: float, y: float) -> float:
    row, column = _cell(x, y)
    return float(np.float64(made.peak.values[row, column]))


def _case(name: str, source: str, exact: float, ours: float, share: float) -> Case:
    return Case(name, source, SURE, exact, ours, "mg/m³", share * exact, model=CARD.id)
