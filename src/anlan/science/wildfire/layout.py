"""From a scenario to the arrays of the kernels: the padded landscape, and where the fire begins."""

import numpy as np
from numpy.typing import NDArray

from anlan.science.wildfire import rays
from anlan.science.wildfire.bed import FT_M
from anlan.science.wildfire.fuels import codes_in, fuel_models, fuel_table
from anlan.science.wildfire.lines import closing_times
from anlan.science.wildfire.scenario import SpreadModel, WildfireScenario
from anlan.science.wildfire.travel import Landscape, Start
from anlan.science.wildfire.wang import wang_fuels, wang_table
from anlan.science.wildfire.wind import wind_adjustment


def landscape_of(scenario: WildfireScenario) -> Landscape:
    """The ground as the kernels see it."""
    grid, burnable = scenario.grid, burning_kinds(scenario.model)
    present = codes_in(scenario.fuel)
    kinds = np.intersect1d(present, burnable)
    rank = np.full(int(present[-1]) + 1, rays.UNBURNABLE, np.uint8)
    rank[kinds] = np.arange(len(kinds))
    fuel = np.pad(rank[scenario.fuel], 1, constant_values=rays.UNBURNABLE)
    ground = np.zeros((grid.rows + 2, grid.columns + 2, 3), np.float32)
    if scenario.elevation_m is not None:
        ground[1:-1, 1:-1, 0], ground[1:-1, 1:-1, 1] = scenario.rise
    ground[1:-1, 1:-1, 2] = _shelter(scenario, kinds, fuel[1:-1, 1:-1])
    closed = np.zeros(1, np.float32)
    if scenario.lines:
        times = np.pad(closing_times(scenario.lines, grid), 1, constant_values=np.inf)
        closed = times.ravel().astype(np.float32)
    mode = rays.ROTHERMEL_MODE if scenario.model is SpreadModel.ROTHERMEL else rays.WANG_MODE
    return Landscape(
        grid.rows, grid.columns, grid.cell_m, fuel.ravel(), ground.reshape(-1, 3), closed, mode, kinds
    )


def burning_kinds(model: SpreadModel) -> NDArray[np.int64]:
    """The numbers of a model's fuels that burn, rising."""
    if model is SpreadModel.WANG:
        return np.array(sorted(wang_fuels()), np.int64)
    return np.array([number for number, one in fuel_models().items() if one.burns], np.int64)


def starts_of(scenario: WildfireScenario) -> list[Start]:
    """The ignitions as fractional rows and columns; one at the very end burns nothing."""
    grid = scenario.grid
    return [
        Start((grid.north - one.y_m) / grid.cell_m, (one.x_m - grid.west) / grid.cell_m, one.at_s)
        for one in scenario.ignitions
    ]


def tables_of(scenario: WildfireScenario) -> dict[str, str]:
    """The packaged tables that a run of *scenario* leans on, with their versions."""
    table = fuel_table() if scenario.model is SpreadModel.ROTHERMEL else wang_table()
    return {table.name: table.version}


def _shelter(
    scenario: WildfireScenario, kinds: NDArray[np.int64], fuel: NDArray[np.uint8]
) -> NDArray[np.floating]:
    """Midflame wind over the wind at 20 ft, cell by cell; 1 under Wang, who takes the wind as it is."""
    if scenario.model is SpreadModel.WANG:
        return np.ones(scenario.grid.shape, np.float32)
    depth = np.zeros(256)
    depth[: len(kinds)] = [fuel_models()[int(kind)].depth_ft * FT_M for kind in kinds]
    if not np.any(scenario.canopy_cover) or not np.any(scenario.canopy_height_m):
        return wind_adjustment(depth).astype(np.float32)[fuel]
    return wind_adjustment(depth[fuel], scenario.canopy_cover, scenario.canopy_height_m)
