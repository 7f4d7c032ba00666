"""The fuel of a parameter file on the grid of its terrain."""

from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import NDArray

from anlan.kernel.errors import Problem
from anlan.kernel.fields import Grid
from anlan.kernel.text import Text
from anlan.science.params import refused_at
from anlan.science.terrain.asked import Given
from anlan.science.terrain.codes import read_codes
from anlan.science.wildfire.fuels import fuel_models
from anlan.science.wildfire.scenario import SpreadModel
from anlan.science.wildfire.simulation.params import EvenFuel, FuelBelts, FuelFile, Params
from anlan.science.wildfire.wang import wang_fuels

Codes = NDArray[np.integer[Any]]


def fuel_of(asked: Params, grid: Grid, height_m: NDArray[np.float64], given: Given) -> Codes:
    """Numbers of fuels over *grid*. Raises `Invalid` about ``$.fuel``."""
    fuel = asked.fuel
    if isinstance(fuel, FuelFile):
        codes = _file(fuel, grid, given)
    else:
        codes = _belts(fuel, height_m) if isinstance(fuel, FuelBelts) else np.full(grid.shape, fuel.number)
    known = {0, *wang_fuels()} if asked.model is SpreadModel.WANG else set(fuel_models())
    unknown = sorted(set(np.unique(codes).tolist()) - known)[:8]
    if unknown:
        raise refused_at("$.fuel", Text(f"未知的可燃物代码 {unknown}", f"the fuels {unknown} are not known"))
    return codes


def fuel_digest(fuel: EvenFuel | FuelBelts | FuelFile, given: Given) -> str:
    """What of a raster of fuel goes into a hash of the question: its content."""
    return sha256(_content(fuel, given)).hexdigest() if isinstance(fuel, FuelFile) else ""


def _belts(fuel: FuelBelts, height_m: NDArray[np.float64]) -> Codes:
    floors = [belt.from_m for belt in fuel.belts]
    if any(np.diff(floors) <= 0):
        raise refused_at("$.fuel.belts", Text("起始高程应递增", "the heights must rise"))
    numbers = np.array([belt.number for belt in fuel.belts], np.int16)
    return np.asarray(numbers[np.maximum(np.searchsorted(floors, height_m, side="right") - 1, 0)])


def _file(fuel: FuelFile, grid: Grid, given: Given) -> Codes:
    content = _content(fuel, given)
    try:
        return read_codes(content, grid)
    except Problem as problem:
        raise refused_at("$.fuel", problem.title) from problem


def _content(fuel: FuelFile, given: Given) -> bytes:
    content = given.get(fuel.file)
    if content is None:
        raise refused_at("$.fuel.file", Text(f"没有文件 {fuel.file}", f"the file {fuel.file} is not there"))
    return content
