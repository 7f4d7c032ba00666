"""Puffs carried by a wind that changes: concentration, peak and toxic load over a grid."""

from dataclasses import dataclass
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from anlan.kernel.crs import LocalFrame
from anlan.kernel.errors import Invalid
from anlan.kernel.fields import Field, Grid
from anlan.kernel.models import Caveat, ModelCard, Quantity, Verification
from anlan.kernel.text import Text
from anlan.science.chemical.dispersion.sigmas import Curves, sigma_y, sigma_z
from anlan.science.chemical.source.outflow import Profile
from anlan.science.chemical.weather import Stability, Terrain, WeatherSeries
from anlan.science.chemical.weather.weather import CALM, REFERENCE_HEIGHT_M
from anlan.science.guard import require
from anlan.science.registry import model

Array = NDArray[np.float64]
_LOOK_UP = 4096
_FARTHEST_M = 200_000.0
_OPTIONS: dict[str, Any] = {"cache": True, "nogil": True, "error_model": "numpy"}
_MOST_CELLS, _MOST_PUFFS = 4_000_000, 20_000


@dataclass(frozen=True)
class PuffScenario:
    """A release of any course (*profile*) from a point in a changing wind, looked at until *until_s*.

    Puffs are let go every *step_s*, which is also the step in time of peak and load.
    """

    profile: Profile
    weather: WeatherSeries
    lon: float
    lat: float
    height_m: float = 0.0
    until_s: float = 3600.0
    step_s: float = 10.0
    grid: Grid | None = None
    exponent: float = 1.0
    receptor_m: float = 1.5

    def __post_init__(self) -> None:
        require(self.until_s, Text("计算时段", "period"), high=864_000.0, unit="s")
        require(self.step_s, Text("时间步长", "time step"), high=self.until_s, unit="s")
        require(self.height_m, Text("泄漏高度", "release height"), high=2000.0, unit="m", open_low=False)
        require(self.exponent, Text("毒性指数 n", "toxic exponent n"), high=10.0)
        if self.grid is not None and self.grid.rows * self.grid.columns > _MOST_CELLS:
            raise Invalid(
                Text("网格过大", "The grid has too many cells: take larger cells or a smaller area")
            )
        if self.until_s / self.step_s > _MOST_PUFFS:
            raise Invalid(Text("时间步过多", "There are too many time steps: take a longer step"))


@dataclass(frozen=True)
class PuffResult:
    """Highest concentration and toxic load over a grid, and the cloud at the end of the period."""

    peak_mg_m3: Field
    load: Field
    final_mg_m3: Field
    airborne_kg: float
    caveats: tuple[Caveat, ...]


@model(
    ModelCard(
        id="chemical.advected_puffs",
        version="1",
        title=Text("变风场烟团", "Puffs in a changing wind"),
        purpose=Text(
            "风向风速随时间变化、泄漏速率变化时的浓度场与毒性负荷",
            "Concentration and toxic load where the wind or the release changes over time",
        ),
        applicability=Text(
            "中性气体、平坦地形、全区同一风场；重气近场不适用",
            "Neutral gas, flat ground, one wind over the whole area; not for the near field of dense gas",
        ),
        inputs=(
            Quantity("until_s", "s", Text("计算时段", "period"), 10.0, 86_400.0),
            Quantity("step_s", "s", Text("时间步长", "time step"), 1.0, 120.0),
            Quantity("height_m", "m", Text("泄漏高度", "release height"), 0.0, 300.0),
        ),
        references=(
            "Turner, EPA AP-26 (1970); Scire et al., CALPUFF user's guide (2000), section 2.1 (slug and puff sums)",
        ),
        verification=Verification.VERIFIED,
        suite="chemical",
    )
)
def advected_puffs(scenario: PuffScenario) -> PuffResult:
    """Sum of Gaussian puffs with σ by the distance each has travelled, σx = σy.

    In a steady wind the sum is the plume of the same parameters. In a calm the puffs drift at half a
    metre a second in the given direction: the direction is not to be trusted, which a caveat says.
    """
    grid = scenario.grid or default_grid(scenario)
    times = np.arange(0.0, scenario.until_s + 0.5 * scenario.step_s, scenario.step_s)
    middles = times[:-1] + scenario.step_s / 2
    steps = scenario.weather.steps(middles, max(scenario.height_m, REFERENCE_HEIGHT_M))
    masses = np.diff(scenario.profile.released_kg(times))
    across, up = _tables(scenario.weather.weather[0].terrain)
    peak, load, final = (np.zeros(grid.shape) for _ in range(3))
    _sum_puffs(
        masses,
        steps.east_m_s,
        steps.north_m_s,
        steps.stability,
        scenario.step_s,
        scenario.height_m,
        scenario.receptor_m,
        across,
        up,
        _FARTHEST_M,
        grid.x_m,
        grid.y_m,
        scenario.exponent,
        peak,
        load,
        final,
    )
    said = (CALM,) if scenario.weather.has_calm else ()
    return PuffResult(
        Field("peak", "mg/m³", Text("最高浓度", "highest concentration"), grid, peak),
        Field("toxic_load", "(mg/m³)ⁿ·min", Text("毒性负荷", "toxic load"), grid, load),
        Field("final", "mg/m³", Text("时段末浓度", "concentration at the end"), grid, final),
        float(masses.sum()),
        said,
    )


def default_grid(scenario: PuffScenario, cells: int = 400) -> Grid:
    """A square about the source that the wind's run of the period fits into (at most 40 km a side)."""
    farthest = max(float(one.wind_at(REFERENCE_HEIGHT_M)) for one in scenario.weather.weather)
    half = min(max(1.2 * farthest * scenario.until_s, 500.0), 20_000.0)
    name = LocalFrame(scenario.lon, scenario.lat).name
    return Grid(cells, cells, 2 * half / cells, -half, half, name)


def _tables(terrain: Terrain) -> tuple[Array, Array]:
    """σy and σz by class and the square root of the distance, shape (6, look-up)."""
    x = (np.linspace(0, 1, _LOOK_UP) ** 2) * _FARTHEST_M
    curves = Curves.of(terrain)
    across = np.stack([np.maximum(sigma_y(x, one, curves), 0.1) for one in Stability])
    up = np.stack([np.maximum(sigma_z(x, one, curves), 0.1) for one in Stability])
    return across, up


@numba.njit(**_OPTIONS)
def _sum_puffs(  # type: ignore[no-untyped-def]
    masses,
    east,
    north,
    stability,
    step_s,
    height,
    receptor,
    table_y,
    table_z,
    farthest,
    x,
    y,
    exponent,
    peak,
    load,
    final,
):
    """March in time; each puff grows along its class's curve by what it travels in a step: it keeps its σ
    when the class changes, by the virtual distance of the new curve."""
    count = len(masses)
    px, py = np.zeros(count), np.zeros(count)
    run_y, run_z = np.zeros(count), np.zeros(count)
    before = np.full(count, -1, np.int64)
    gx, gy = np.zeros(len(x)), np.zeros(len(y))
    scale = (table_y.shape[1] - 1) / np.sqrt(farthest)
    for k in range(count):
        final[:, :] = 0.0
        c = stability[k]
        speed = np.sqrt(east[k] ** 2 + north[k] ** 2)
        for p in range(k + 1):
            if masses[p] <= 0.0:
                continue
            part = 0.5 if p == k else 1.0  # let go in the middle of its step
            if before[p] >= 0 and before[p] != c:
                run_y[p] = _distance(table_y[c], _at(table_y[before[p]], run_y[p], scale), scale)
                run_z[p] = _distance(table_z[c], _at(table_z[before[p]], run_z[p], scale), scale)
            before[p] = c
            px[p] += east[k] * step_s * part
            py[p] += north[k] * step_s * part
            run_y[p] = min(run_y[p] + speed * step_s * part, farthest)
            run_z[p] = min(run_z[p] + speed * step_s * part, farthest)
            sy, sz = _at(table_y[c], run_y[p], scale), _at(table_z[c], run_z[p], scale)
            up = np.exp(-0.5 * ((receptor - height) / sz) ** 2) + np.exp(
                -0.5 * ((receptor + height) / sz) ** 2
            )
            weight = 1e6 * masses[p] * up / ((2.0 * np.pi) ** 1.5 * sy * sy * sz)
            _add(final, gx, gy, x, y, px[p], py[p], sy, weight)
        for i in range(final.shape[0]):
            for j in range(final.shape[1]):
                value = final[i, j]
                if value > 0.0:
                    peak[i, j] = max(peak[i, j], value)
                    load[i, j] += value**exponent * step_s / 60.0


@numba.njit(**_OPTIONS)
def _at(column, distance, scale):  # type: ignore[no-untyped-def]
    """A column of a table at a distance."""
    place = np.sqrt(distance) * scale
    i = min(int(place), len(column) - 2)
    return column[i] + (column[i + 1] - column[i]) * (place - i)


@numba.njit(**_OPTIONS)
def _distance(column, sigma, scale):  # type: ignore[no-untyped-def]
    """The distance at which a rising column reaches a value."""
    low, high = 0, len(column) - 1
    if sigma >= column[high]:
        return (high / scale) ** 2
    while high - low > 1:
        middle = (low + high) // 2
        if column[middle] <= sigma:
            low = middle
        else:
            high = middle
    rise = column[high] - column[low]
    place = low + ((sigma - column[low]) / rise if rise > 0.0 else 0.0)
    return (max(place, 0.0) / scale) ** 2


@numba.njit(**_OPTIONS)
def _add(out, gx, gy, x, y, x0, y0, sigma, weight):  # type: ignore[no-untyped-def]
    """Add one round puff within five σ: the outer product of two rows of exponentials."""
    reach, cell = 5.0 * sigma, abs(x[1] - x[0]) if len(x) > 1 else 1.0
    j0 = max(int(np.ceil((x0 - reach - x[0]) / cell)), 0)
    j1 = min(int(np.floor((x0 + reach - x[0]) / cell)) + 1, len(x))
    i0 = max(int(np.ceil((y[0] - y0 - reach) / cell)), 0)
    i1 = min(int(np.floor((y[0] - y0 + reach) / cell)) + 1, len(y))
    for j in range(j0, j1):
        gx[j] = np.exp(-0.5 * ((x[j] - x0) / sigma) ** 2)
    for i in range(i0, i1):
        gy[i] = weight * np.exp(-0.5 * ((y[i] - y0) / sigma) ** 2)
    for i in range(i0, i1):
        factor = gy[i]
        for j in range(j0, j1):
            out[i, j] += factor * gx[j]
