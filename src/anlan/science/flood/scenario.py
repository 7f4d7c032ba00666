"""What a flood run is asked: terrain, water, edges, rain, structures, and how to compute."""

from collections.abc import Mapping
from dataclasses import dataclass, is_dataclass
from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import NDArray

from anlan.kernel.errors import Invalid
from anlan.kernel.fields import Grid
from anlan.kernel.text import LabelledEnum, Text
from anlan.science.flood.checks import number
from anlan.science.flood.edges import Edge, EdgeSegment
from anlan.science.flood.infiltration import GreenAmptSoil
from anlan.science.flood.layout import WallFace
from anlan.science.flood.rainfall import Rain
from anlan.science.flood.structures import Culvert, DikeBreach, Drain, Inflow, Weir

Raster = NDArray[np.float64]
DEPTH_CLASSES_M = (0.15, 0.3, 0.5, 1.0, 2.0)
MOST_FRAME_BYTES = 2**30
HIGHEST_M, LOWEST_M = 9000.0, -500.0


class Scheme(LabelledEnum):
    """How the equations are solved."""

    FIRST_ORDER = "first_order", "浅水方程（一阶）", "Shallow water, first order"
    SECOND_ORDER = "second_order", "浅水方程（二阶）", "Shallow water, second order"
    LOCAL_INERTIAL = "local_inertial", "局部惯性（快速）", "Local inertial (fast)"


class Precision(LabelledEnum):
    """Of the state; the budget of water is always double."""

    SINGLE = "f32", "单精度", "Single"
    DOUBLE = "f64", "双精度", "Double"


@dataclass(frozen=True)
class FloodScenario:
    """A flood to compute over *bed_m* (rows, columns; m, row 0 north) of *grid*, for *duration_s*.

    *manning* s/m^(1/3) and *initial_depth_m* are numbers or rasters; instead of a depth,
    *initial_level_m* (a number or a raster, NaN where dry) fills the bed up to a level. Edges
    are closed but for *edges*. *curve_number* replaces *soil* for the losses of rain.
    *frame_times_s* asks for depths at these times. *threads* does not change the result.
    """

    grid: Grid
    bed_m: Raster
    duration_s: float
    manning: float | Raster = 0.035
    initial_depth_m: float | Raster = 0.0
    initial_level_m: float | Raster | None = None
    edges: tuple[EdgeSegment, ...] = ()
    inflows: tuple[Inflow, ...] = ()
    rain: Rain | None = None
    soil: GreenAmptSoil | None = None
    curve_number: float | Raster | None = None
    walls: tuple[WallFace, ...] = ()
    dike_breaches: tuple[DikeBreach, ...] = ()
    links: tuple[Weir | Culvert, ...] = ()
    drains: tuple[Drain, ...] = ()
    scheme: Scheme = Scheme.SECOND_ORDER
    precision: Precision = Precision.SINGLE
    frame_times_s: tuple[float, ...] = ()
    wet_depth_m: float = 0.01
    threads: int = 1
    skip_dry_tiles: bool = True

    def __post_init__(self) -> None:
        number(self.duration_s, "模拟时长", "The duration", above=0, high=366 * 86_400.0)
        number(self.wet_depth_m, "淹没判定水深", "The depth that counts as wet", above=0, high=1)
        number(self.threads, "线程数", "The number of threads", low=1, high=256)
        self._check_bed()
        self._check_raster("manning", self.manning, Text("糙率", "Manning's n"), 0.0, 1.0)
        self._check_raster(
            "initial_depth_m", self.initial_depth_m, Text("初始水深", "The initial depth"), 0.0, 500.0
        )
        self._check_level()
        if self.curve_number is not None:
            self._check_raster(
                "curve_number", self.curve_number, Text("曲线数", "The curve number"), 1.0, 100.0
            )
        if self.curve_number is not None and self.soil is not None:
            raise _invalid(
                "曲线数与 Green–Ampt 只能选一种", "Choose the curve number or Green–Ampt, not both"
            )
        if self.rain and self.rain.share is not None and self.rain.share.shape != self.grid.shape:
            raise _invalid(
                "雨量栅格与地形栅格大小不一致", "The raster of rain has another shape than the terrain"
            )
        self._check_places()
        self._check_frames()

    @property
    def depth_m(self) -> Raster:
        """The initial depths, from the depth or the level."""
        if self.initial_level_m is None:
            return np.asarray(np.broadcast_to(self.initial_depth_m, self.grid.shape), np.float64)
        level = np.broadcast_to(np.asarray(self.initial_level_m, np.float64), self.grid.shape)
        return np.asarray(np.where(np.isnan(level), 0.0, np.maximum(level - self.bed_m, 0.0)), np.float64)

    def as_inputs(self) -> dict[str, Any]:
        """The scenario as JSON values; rasters by shape and SHA-256. What cannot change the result is left out."""
        said = {name: getattr(self, name) for name in self.__dataclass_fields__}
        for name in ("threads", "skip_dry_tiles"):
            said.pop(name)
        return {name: _described(value) for name, value in said.items()}

    def _check_bed(self) -> None:
        bed = np.asarray(self.bed_m)
        if bed.shape != self.grid.shape:
            raise _invalid(
                f"地形栅格为 {bed.shape}，与网格 {self.grid.shape} 不一致",
                f"The terrain has shape {bed.shape}, its grid {self.grid.shape}",
            )
        if not np.all(np.isfinite(bed)):
            count = int((~np.isfinite(bed)).sum())
            raise Invalid(
                Text(f"地形中有 {count} 个无效像元", f"The terrain has {count} void cells"),
                next_step=Text("请先填补空值，或换用完整的地形", "Fill the voids or use a complete terrain"),
                facts={"void_cells": count},
            )
        if bed.max() > HIGHEST_M or bed.min() < LOWEST_M:
            raise _invalid(
                f"地形高程超出 {LOWEST_M:g}–{HIGHEST_M:g} m，请核对单位与空值",
                f"Heights outside {LOWEST_M:g}–{HIGHEST_M:g} m: check the unit and the void value",
            )

    def _check_level(self) -> None:
        """NaN is a cell without water; a level is a height of the land, of the terrain or of one row of it."""
        if self.initial_level_m is None:
            return
        known = np.asarray(self.initial_level_m, np.float64)
        fits = known.ndim <= 2 and all(
            ours in (1, wanted)
            for ours, wanted in zip(known.shape[::-1], self.grid.shape[::-1], strict=False)
        )
        if not fits:
            raise _invalid(
                "初始水位栅格与地形栅格大小不一致", "The initial level: another shape than the terrain"
            )
        wrong = (known < LOWEST_M) | (known > HIGHEST_M)
        if wrong.any():
            number(float(known[wrong].flat[0]), "初始水位", "The initial level", low=LOWEST_M, high=HIGHEST_M)

    def _check_raster(self, name: str, value: float | Raster, label: Text, low: float, high: float) -> None:
        values = np.asarray(value, np.float64)
        if values.ndim and values.shape != self.grid.shape:
            raise _invalid(
                f"{label.zh}栅格与地形栅格大小不一致", f"{label.en}: another shape than the terrain"
            )
        if not np.all(np.isfinite(values)):
            raise _invalid(f"{label.zh}含无效值", f"{label.en} holds void values")
        for extreme in (values.min(), values.max()):
            number(float(extreme), label.zh, label.en, low=low, high=high)

    def _check_places(self) -> None:
        cells = [cell for one in self.inflows for cell in one.cells]
        cells += [one.cell for one in self.drains]
        cells += [cell for one in self.links for cell in (one.one, one.other)]
        outside = [
            cell for cell in cells if not (0 <= cell[0] < self.grid.rows and 0 <= cell[1] < self.grid.columns)
        ]
        if outside or any(not one.cells for one in self.inflows):
            raise _invalid(
                f"构筑物或入流位于网格之外：{outside}", f"Structures or inflows outside the grid: {outside}"
            )
        for segment in self.edges:
            needs = segment.kind in (Edge.STAGE, Edge.DISCHARGE, Edge.NORMAL)
            if needs and segment.series is None:
                raise _invalid("边界缺少水位、流量或比降", "An edge lacks its level, discharge or slope")

    def _check_frames(self) -> None:
        if len(self.frame_times_s) * self.grid.rows * self.grid.columns * 4 > MOST_FRAME_BYTES:
            raise Invalid(
                Text("请求的过程帧过多，超出内存上限", "So many frames do not fit the memory bound"),
                next_step=Text("请减少帧数或加大栅格间距", "Ask for fewer frames or a coarser grid"),
            )
        if any(not 0 <= at <= self.duration_s for at in self.frame_times_s) or list(
            self.frame_times_s
        ) != sorted(self.frame_times_s):
            raise _invalid(
                "过程帧时间须递增且不超过模拟时长", "Frame times must rise and lie within the duration"
            )


def _described(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return {
            "shape": list(value.shape),
            "sha256": sha256(np.ascontiguousarray(value, np.float64).tobytes()).hexdigest(),
        }
    if is_dataclass(value) and not isinstance(value, type):
        kind = type(value).__name__
        return {"kind": kind} | {
            name: _described(getattr(value, name)) for name in value.__dataclass_fields__
        }
    if isinstance(value, tuple | list):
        return [_described(one) for one in value]
    if isinstance(value, Mapping):
        return {str(key): _described(one) for key, one in value.items()}
    return value


def _invalid(zh: str, en: str) -> Invalid:
    return Invalid(Text(zh, en))
