"""Individual risk on a grid: footprints of lethality, turned into every wind and laid on the map.

IR(x, y) = Σ f · p(weather, direction) · P_death(x, y). A footprint is computed once per scenario and weather; a
stamp touches only the cells of its own rectangle. Bands of rows have one writer each, so that the sum is the same
on any number of cores.
"""

from dataclasses import dataclass
from typing import Any

import numba
import numpy as np
from numpy.typing import ArrayLike, NDArray

from anlan.kernel.fields import Field, Grid
from anlan.kernel.models import Caveat, ModelCard, Quantity, Verification
from anlan.kernel.text import Text
from anlan.science import guard
from anlan.science.registry import model

Floats = NDArray[np.float64]
_BAND = 16

CARD = ModelCard(
    id="chemical.individual_risk",
    version="1",
    title=Text("个人风险", "Individual risk"),
    purpose=Text(
        "由场景频率、气象联合频率和致死概率计算个人风险分布",
        "Individual risk from frequencies, weather and lethality",
    ),
    applicability=Text(
        "无防护、全年在场的假想个体；致死概率由后果模型给出",
        "An unprotected person who is always there; lethality from the models",
    ),
    inputs=(
        Quantity("frequency_per_a", "1/a", Text("场景频率", "frequency"), 1e-12, 1.0),
        Quantity("directions", "", Text("风向数", "wind directions"), 8, 72),
    ),
    references=("GB/T 37243-2019 (QRA)", "TNO CPR 18E (Purple Book), chapter 6", "GB 36894-2018"),
    verification=Verification.VERIFIED,
    suite="chemical",
    outputs=(Quantity("individual_risk", "1/a", Text("个人风险", "individual risk")),),
    caveats=(
        Caveat(
            "individual_risk.frequencies",
            Text(
                "基础频率为通用值，须按标准参数库核对",
                "Base frequencies are generic: check them in the standards table",
            ),
        ),
    ),
)


@dataclass(frozen=True)
class Footprints:
    """Lethality 0…1 on small grids in the wind's frame, one per scenario and weather.

    ``values`` (footprints, downwind nodes, crosswind nodes); node i lies at start + i · step metres downwind, node j
    at j · aside metres to either side: footprints are symmetrical about the wind. Outside they are zero.
    """

    values: NDArray[np.float32]
    start_m: Floats
    step_m: Floats
    aside_m: Floats

    def __post_init__(self) -> None:
        count, along, across = self.values.shape
        if not (
            len(self.start_m) == len(self.step_m) == len(self.aside_m) == count and along > 1 and across > 1
        ):
            raise guard.refuse("致死概率足迹的数组不一致", "the arrays of the footprints do not fit together")
        if not ((self.values >= 0) & (self.values <= 1)).all():
            raise guard.refuse("致死概率应在 0 与 1 之间", "lethality must lie between 0 and 1")
        guard.floats("步长", "steps", self.step_m, zero=False)
        guard.floats("步长", "steps", self.aside_m, zero=False)

    @property
    def area_m2(self) -> Floats:
        """∫ lethality dA of each, exactly for bilinear interpolation."""
        along = np.full(self.values.shape[1], 1.0)
        across = np.full(self.values.shape[2], 2.0)
        along[[0, -1]] = 0.5
        across[[0, -1]] = 1.0
        total = np.einsum("kij,i,j->k", self.values.astype(np.float64), along, across)
        return np.asarray(total * self.step_m * self.aside_m, np.float64)


@dataclass(frozen=True)
class Scenarios:
    """Where, how often, and which footprint in each weather: (scenarios,), footprint (scenarios, weathers)."""

    x_m: Floats
    y_m: Floats
    frequency_per_a: Floats
    footprint: NDArray[np.int64]

    def __post_init__(self) -> None:
        guard.floats("场景频率", "frequencies", self.frequency_per_a)
        if not (np.isfinite(self.x_m).all() and np.isfinite(self.y_m).all()):
            raise guard.refuse("场景坐标无效", "the place of a scenario is not a number")
        if not len(self.x_m) == len(self.y_m) == len(self.frequency_per_a) == len(self.footprint):
            raise guard.refuse("场景数组长度不一致", "the arrays of the scenarios differ in length")


def wind_rose(shares: ArrayLike, split: int = 1) -> tuple[Floats, Floats]:
    """Shares (weathers, directions *from*, clockwise from north) made to add up to one, and the bearings *towards*.

    *split* divides each direction into that many, so that narrow footprints leave no spokes.
    """
    given = guard.floats("风频", "wind rose", np.atleast_2d(np.asarray(shares, np.float64)))
    if given.sum() <= 0:
        raise guard.refuse("风频之和应大于零", "the wind rose is empty")
    if split < 1:
        raise guard.refuse("细分数应不小于 1", "the split is at least 1")
    count = given.shape[1] * split
    sector = 360 / given.shape[1]
    offset = (np.arange(count) % split - (split - 1) / 2) * sector / split
    bearing = np.repeat(np.arange(given.shape[1]) * sector, split) + offset + 180
    return np.repeat(given, split, axis=1) / given.sum() / split, np.asarray(bearing % 360, np.float64)


@model(CARD)
def individual_risk(
    grid: Grid, scenarios: Scenarios, footprints: Footprints, shares: Floats, toward_deg: Floats
) -> Field:
    """IR in 1/a; *shares* (weathers, directions) and *toward_deg* as `wind_rose` gives them."""
    _check(scenarios, footprints, shares, toward_deg)
    risk = np.zeros(grid.shape)
    angle = np.radians(toward_deg)
    lay: Any = _lay
    lay(
        float(grid.x_m[0]),
        float(grid.y_m[0]),
        grid.cell_m,
        *_arrays(scenarios, footprints),
        np.ascontiguousarray(shares),
        np.sin(angle),
        np.cos(angle),
        risk,
    )
    return Field("individual_risk", "1/a", Text("个人风险", "individual risk"), grid, risk)


def deaths(
    grid: Grid,
    people: Floats,
    scenarios: Scenarios,
    footprints: Footprints,
    shares: Floats,
    toward_deg: Floats,
) -> tuple[Floats, Floats]:
    """(N, f): expected deaths and frequency of each scenario, weather and direction; *people* per cell of *grid*."""
    _check(scenarios, footprints, shares, toward_deg)
    crowd = guard.floats("人口", "people", people)
    if crowd.shape != grid.shape:
        raise guard.refuse("人口栅格与计算网格不一致", "the grid of people does not fit")
    angle = np.radians(toward_deg)
    killed = np.zeros((len(scenarios.x_m), *shares.shape))
    kill: Any = _kill
    kill(
        float(grid.x_m[0]),
        float(grid.y_m[0]),
        grid.cell_m,
        *_arrays(scenarios, footprints),
        np.sin(angle),
        np.cos(angle),
        np.ascontiguousarray(crowd),
        killed,
    )
    often = scenarios.frequency_per_a[:, None, None] * shares
    return killed.ravel(), np.asarray(often.ravel(), np.float64)


def _check(scenarios: Scenarios, footprints: Footprints, shares: Floats, toward_deg: Floats) -> None:
    if scenarios.footprint.shape != (len(scenarios.x_m), shares.shape[0]) or shares.shape[1] != len(
        toward_deg
    ):
        raise guard.refuse(
            "场景、气象与风频数组不一致", "scenarios, weathers and the wind rose do not fit together"
        )
    if scenarios.footprint.size and not 0 <= scenarios.footprint.min() <= scenarios.footprint.max() < len(
        footprints.step_m
    ):
        raise guard.refuse("场景指向不存在的足迹", "a scenario names a footprint that is not there")


def _arrays(scenarios: Scenarios, footprints: Footprints) -> Any:
    return (
        np.asarray(scenarios.x_m, np.float64),
        np.asarray(scenarios.y_m, np.float64),
        np.asarray(scenarios.frequency_per_a, np.float64),
        np.ascontiguousarray(scenarios.footprint),
        np.ascontiguousarray(footprints.values),
        np.asarray(footprints.start_m, np.float64),
        np.asarray(footprints.step_m, np.float64),
        np.asarray(footprints.aside_m, np.float64),
    )


@numba.njit(cache=True, nogil=True)
def _columns(along, east, across, north, near, far, wide, columns):  # type: ignore[no-untyped-def]
    """First and last column of a row inside the rectangle near ≤ along ≤ far, |across| ≤ wide."""
    low, high = 0.0, columns - 1.0
    for rate, value, least, most in ((east, along, near, far), (-north, across, -wide, wide)):
        if abs(rate) < 1e-12:
            if value < least or value > most:
                return 0, -1
            continue
        one, other = (least - value) / rate, (most - value) / rate
        low, high = max(low, np.ceil(min(one, other))), min(high, np.floor(max(one, other)))
    return int(low), int(max(high, -1.0))


@numba.njit(inline="always")
def _look_up(values, u, v):  # type: ignore[no-untyped-def]
    """Bilinear, for 0 ≤ u, v inside the nodes."""
    i = min(int(u), values.shape[0] - 2)
    j = min(int(v), values.shape[1] - 2)
    p, q = u - i, v - j
    near = values[i, j] + q * (values[i, j + 1] - values[i, j])
    beyond = values[i + 1, j] + q * (values[i + 1, j + 1] - values[i + 1, j])
    return near + p * (beyond - near)


@numba.njit(cache=True, parallel=True, nogil=True, error_model="numpy")
def _lay(  # type: ignore[no-untyped-def]
    west,
    north_edge,
    cell,
    x,
    y,
    frequency,
    footprint,
    values,
    start,
    step,
    aside,
    shares,
    sines,
    cosines,
    risk,
):
    """Add every stamp to *risk*; *west* and *north_edge* are the first cell's centre."""
    rows, columns = risk.shape
    bands = (rows + _BAND - 1) // _BAND
    long, broad = values.shape[1] - 1, values.shape[2] - 1
    for band in numba.prange(bands):
        first = band * _BAND
        last = min(rows, first + _BAND) - 1
        top, bottom = north_edge - first * cell, north_edge - last * cell
        for s in range(len(x)):
            for w in range(shares.shape[0]):
                k = footprint[s, w]
                near, far, wide = start[k], start[k] + long * step[k], broad * aside[k]
                extent = max(abs(near), abs(far)) + wide
                if y[s] + extent < bottom or y[s] - extent > top:
                    continue
                for d in range(len(sines)):
                    weight = frequency[s] * shares[w, d]
                    sine, cosine = sines[d], cosines[d]
                    reach_low = min(near * cosine, far * cosine) - wide * abs(sine)
                    reach_high = max(near * cosine, far * cosine) + wide * abs(sine)
                    if weight <= 0.0 or y[s] + reach_high < bottom or y[s] + reach_low > top:
                        continue
                    for row in range(first, last + 1):
                        dx, dy = west - x[s], north_edge - row * cell - y[s]
                        along = dx * sine + dy * cosine
                        across = -dx * cosine + dy * sine
                        low, high = _columns(
                            along, cell * sine, across, cell * cosine, near, far, wide, columns
                        )
                        for j in range(low, high + 1):
                            u = (along + j * cell * sine - near) / step[k]
                            v = abs(across - j * cell * cosine) / aside[k]
                            risk[row, j] += weight * _look_up(values[k], max(u, 0.0), v)


@numba.njit(cache=True, parallel=True, nogil=True, error_model="numpy")
def _kill(  # type: ignore[no-untyped-def]
    west,
    north_edge,
    cell,
    x,
    y,
    frequency,
    footprint,
    values,
    start,
    step,
    aside,
    sines,
    cosines,
    people,
    killed,
):
    """Σ people · lethality of every stamp."""
    rows, columns = people.shape
    long, broad = values.shape[1] - 1, values.shape[2] - 1
    for s in numba.prange(len(x)):
        for w in range(footprint.shape[1]):
            k = footprint[s, w]
            near, far, wide = start[k], start[k] + long * step[k], broad * aside[k]
            for d in range(len(sines)):
                sine, cosine = sines[d], cosines[d]
                reach_low = min(near * cosine, far * cosine) - wide * abs(sine)
                reach_high = max(near * cosine, far * cosine) + wide * abs(sine)
                first = max(0, int(np.floor((north_edge - y[s] - reach_high) / cell)))
                last = min(rows - 1, int(np.ceil((north_edge - y[s] - reach_low) / cell)))
                total = 0.0
                for row in range(first, last + 1):
                    dx, dy = west - x[s], north_edge - row * cell - y[s]
                    along = dx * sine + dy * cosine
                    across = -dx * cosine + dy * sine
                    low, high = _columns(along, cell * sine, across, cell * cosine, near, far, wide, columns)
                    for j in range(low, high + 1):
                        if people[row, j] > 0.0:
                            u = (along + j * cell * sine - near) / step[k]
                            v = abs(across - j * cell * cosine) / aside[k]
                            total += people[row, j] * _look_up(values[k], max(u, 0.0), v)
                killed[s, w, d] = total
