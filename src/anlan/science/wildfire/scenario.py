"""What a wildfire run is asked: terrain, fuel, weather, where it begins, lines, and how to compute."""

from collections.abc import Mapping
from dataclasses import dataclass, field, is_dataclass
from hashlib import sha256
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from anlan.kernel.errors import Invalid
from anlan.kernel.fields import Grid
from anlan.kernel.text import LabelledEnum, Text
from anlan.science.guard import within
from anlan.science.wildfire.ellipse import Shape
from anlan.science.wildfire.fuels import Moisture, codes_in, fuel_models
from anlan.science.wildfire.lines import ContainmentLine
from anlan.science.wildfire.rothermel import WindLimit
from anlan.science.wildfire.wang import wang_fuels

Raster = NDArray[np.float64]
HIGHEST_M, LOWEST_M = 9000.0, -500.0
LONGEST_S = 31 * 86_400.0


class SpreadModel(LabelledEnum):
    """Which rate of spread."""

    ROTHERMEL = "rothermel", "Rothermel 地表火", "Rothermel surface fire"
    WANG = "wang_zhengfei", "王正非", "Wang Zhengfei"


@dataclass(frozen=True)
class Weather:
    """Weather from *from_s* on, until the next one.

    Wind at 10 m; *moisture* for Rothermel, temperature and humidity for Wang. Raises `Invalid`.
    """

    from_s: float
    wind_m_s: float
    wind_from_deg: float
    moisture: Moisture | None = None
    temperature_c: float | None = None
    humidity_percent: float | None = None

    def __post_init__(self) -> None:
        within(self.from_s, 0.0, LONGEST_S, Text("天气时刻", "time of the weather"), "s")
        within(self.wind_m_s, 0.0, 60.0, Text("10 米风速", "wind at 10 m"), "m/s")
        within(self.wind_from_deg, -360.0, 720.0, Text("风向", "wind direction"), "°")
        if self.temperature_c is not None:
            within(self.temperature_c, -60.0, 60.0, Text("气温", "temperature"), "°C")
        if self.humidity_percent is not None:
            within(self.humidity_percent, 0.0, 100.0, Text("相对湿度", "relative humidity"), "%")


@dataclass(frozen=True)
class Ignition:
    """A point that is lit at *at_s*, in metres of the grid."""

    x_m: float
    y_m: float
    at_s: float = 0.0


@dataclass(frozen=True)
class WildfireScenario:
    """A fire to compute over *grid* for *duration_s*.

    *fuel* (rows, columns) holds numbers of fuel models (Rothermel) or kinds (Wang, 0 where nothing burns);
    *elevation_m* None is flat ground. The fire begins at *ignitions* and in the cells of *burning*. *weather* rises
    in time and begins at 0. Under a canopy of *canopy_cover* (0–1) and *canopy_height_m* the wind is weaker
    (Rothermel). *load_kg_m2* (kind → fuel consumed) gives intensities under Wang. *rate_factor* multiplies every
    rate. Raises `Invalid`.
    """

    grid: Grid
    fuel: NDArray[np.integer]
    weather: tuple[Weather, ...]
    duration_s: float
    ignitions: tuple[Ignition, ...] = ()
    burning: NDArray[np.bool_] | None = None
    elevation_m: Raster | None = None
    lines: tuple[ContainmentLine, ...] = ()
    model: SpreadModel = SpreadModel.ROTHERMEL
    canopy_cover: float | Raster = 0.0
    canopy_height_m: float | Raster = 0.0
    load_kg_m2: Mapping[int, float] = field(default_factory=dict)
    limit: WindLimit = WindLimit.NONE
    shape: Shape = Shape.ANDERSON
    rate_factor: float = 1.0

    def __post_init__(self) -> None:
        within(self.duration_s, 1.0, LONGEST_S, Text("模拟时长", "duration"), "s")
        within(
            self.grid.cell_m,
            0.5,
            5000.0,
            Text("栅格间距（须为投影坐标的米）", "cell size (projected metres)"),
            "m",
        )
        within(self.rate_factor, 0.05, 20.0, Text("速度调整系数", "factor on the rate"))
        for raster in (self.fuel, self.burning, self.elevation_m, self.canopy_cover, self.canopy_height_m):
            self._check_shape(raster)
        self._check_fuel()
        self._check_elevation()
        self._check_weather()
        self._check_beginning()
        within(self.canopy_cover, 0.0, 1.0, Text("郁闭度", "canopy cover"))
        within(self.canopy_height_m, 0.0, 120.0, Text("林冠高度", "height of the canopy"), "m")
        for load in self.load_kg_m2.values():
            within(load, 0.0, 100.0, Text("有效可燃物载量", "fuel consumed"), "kg/m²")

    @property
    def rise(self) -> tuple[Raster, Raster]:
        """Gradient of the terrain to the east and north (Horn 1981), 0 on flat ground."""
        if self.elevation_m is None:
            return np.zeros(self.grid.shape), np.zeros(self.grid.shape)
        z = np.pad(np.asarray(self.elevation_m, np.float64), 1, mode="edge")
        down = z[:-2] + 2 * z[1:-1] + z[2:]
        across = z[:, :-2] + 2 * z[:, 1:-1] + z[:, 2:]
        # at an edge the padding repeats the border: the difference then spans one cell, not two
        columns = np.full(self.grid.columns, 2.0)
        columns[[0, -1]] = 1.0
        rows = np.full(self.grid.rows, 2.0)
        rows[[0, -1]] = 1.0
        east = (down[:, 2:] - down[:, :-2]) / (4 * columns * self.grid.cell_m)
        north = (across[:-2] - across[2:]) / (4 * rows[:, None] * self.grid.cell_m)
        return east, north

    def as_inputs(self) -> dict[str, Any]:
        """The scenario as JSON values; rasters by shape and SHA-256."""
        return {name: _described(getattr(self, name)) for name in self.__dataclass_fields__}

    def _check_shape(self, raster: Any) -> None:
        shape = np.shape(raster)
        if shape and shape != self.grid.shape:
            raise _invalid(
                f"栅格大小 {shape} 与网格 {self.grid.shape} 不一致（行、列是否颠倒？）",
                f"A raster has shape {shape}, the grid {self.grid.shape} (are rows and columns swapped?)",
            )

    def _check_fuel(self) -> None:
        if not np.issubdtype(self.fuel.dtype, np.integer):
            raise _invalid("可燃物栅格须为整数代码", "The fuel raster must hold whole numbers")
        present = codes_in(self.fuel)
        wang = self.model is SpreadModel.WANG
        known = {0, *wang_fuels()} if wang else set(fuel_models())
        unknown = sorted(set(present.tolist()) - known)[:8]
        if unknown:
            raise Invalid(
                Text(f"可燃物栅格中有未知代码 {unknown}", f"The fuel raster holds unknown fuels {unknown}"),
                next_step=Text(
                    "请使用 Anderson 13 或 Scott-Burgan 40 的编号，不燃处用 91–99；王正非模型用 1–8，不燃处用 0",
                    "Use the numbers of the 13 and 40 models, 91-99 where nothing burns; under Wang 1-8, and 0",
                ),
                facts={"codes": unknown},
            )
        if not any(n > 0 if wang else fuel_models()[n].burns for n in present.tolist()):
            raise _invalid("可燃物栅格中没有可燃像元", "Nothing in the fuel raster burns")

    def _check_elevation(self) -> None:
        if self.elevation_m is None:
            return
        bed = np.asarray(self.elevation_m, np.float64)
        void = int((~np.isfinite(bed)).sum())
        if void:
            raise Invalid(
                Text(f"地形中有 {void} 个无效像元", f"The terrain has {void} void cells"),
                next_step=Text("请先填补空值，或换用完整的地形", "Fill the voids or use a complete terrain"),
                facts={"void_cells": void},
            )
        if bed.max() > HIGHEST_M or bed.min() < LOWEST_M:
            raise _invalid(
                f"地形高程超出 {LOWEST_M:g}–{HIGHEST_M:g} m，请核对单位与空值",
                f"Heights outside {LOWEST_M:g}–{HIGHEST_M:g} m: check the unit and the void value",
            )

    def _check_weather(self) -> None:
        times = [one.from_s for one in self.weather]
        if not times or times[0] != 0.0 or any(b <= a for a, b in pairwise(times)):
            raise _invalid("天气须从 0 时刻开始且时间递增", "The weather must begin at 0 and rise in time")
        for one in self.weather:
            if self.model is SpreadModel.ROTHERMEL and one.moisture is None:
                raise _invalid("Rothermel 模型需要可燃物含水率", "The Rothermel model needs fuel moisture")
            if self.model is SpreadModel.WANG and (one.temperature_c is None or one.humidity_percent is None):
                raise _invalid(
                    "王正非模型需要气温与相对湿度", "The Wang model needs temperature and humidity"
                )

    def _check_beginning(self) -> None:
        if not self.ignitions and (self.burning is None or not np.any(self.burning)):
            raise _invalid("没有起火点", "There is no ignition")
        for one in self.ignitions:
            within([one.x_m, one.y_m], -1e9, 1e9, Text("起火点坐标", "coordinates of the ignition"), "m")
            within(one.at_s, 0.0, self.duration_s, Text("起火时间", "time of the ignition"), "s")
            if self.grid.cell_of(one.x_m, one.y_m) is None:
                raise _invalid(
                    f"起火点（{one.x_m:g}, {one.y_m:g}）在网格之外",
                    f"The ignition ({one.x_m:g}, {one.y_m:g}) lies outside the grid",
                )


def _described(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        digest = sha256(np.ascontiguousarray(value, np.float64).tobytes()).hexdigest()
        return {"shape": list(value.shape), "sha256": digest}
    if is_dataclass(value) and not isinstance(value, type):
        said = {name: _described(getattr(value, name)) for name in value.__dataclass_fields__}
        return {"kind": type(value).__name__} | said
    if isinstance(value, tuple | list):
        return [_described(one) for one in value]
    if isinstance(value, Mapping):
        return {str(key): _described(one) for key, one in value.items()}
    return value


def _invalid(zh: str, en: str) -> Invalid:
    return Invalid(Text(zh, en))
