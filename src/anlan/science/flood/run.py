"""The entry of the flood engine: a scenario in, fields and figures out."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from anlan.kernel.errors import Problem
from anlan.kernel.fields import Field
from anlan.kernel.models import Caveat, Manifest, ModelCard, Quantity, Verification, manifest_of
from anlan.kernel.text import Text
from anlan.science.flood.ground import observe_tiles
from anlan.science.flood.hazard import hazard_class
from anlan.science.flood.inertial import LocalInertial
from anlan.science.flood.layout import Real
from anlan.science.flood.scenario import DEPTH_CLASSES_M, FloodScenario, Precision, Scheme
from anlan.science.flood.solver import ShallowWater
from anlan.science.flood.sources import Booked, Ground, Works
from anlan.science.flood.tables import VERSIONS, debris_factors
from anlan.science.registry import model

Progress = Callable[[float], None]
Cancelled = Callable[[], bool]


class RunCancelled(Problem):
    """The run was stopped by whoever asked for it."""

    code = "cancelled"
    status = 409
    title = Text("模拟已取消", "The simulation was cancelled")
    next_step = Text("如需结果，请重新提交", "Submit it again if the result is needed")


@dataclass(frozen=True)
class FloodResult:
    """What a run gives back. *summary* holds plain numbers; *fields* and *frames* are rasters."""

    fields: dict[str, Field]
    frames: Field | None
    summary: dict[str, float]
    manifest: Manifest
    caveats: tuple[Caveat, ...] = field(default=())


_INPUTS = (
    Quantity("cell_m", "m", Text("栅格间距", "cell size"), 0.001, 100.0),
    Quantity("duration_s", "s", Text("模拟时长", "duration"), 0.0, 30 * 86_400.0),
    Quantity("manning", "s/m^(1/3)", Text("糙率", "Manning's n"), 0.0, 0.2),
    Quantity("steepest", "", Text("最大坡度", "steepest slope"), 0.0, 1.0),
)
_OUTPUTS = (
    Quantity("depth_max", "m", Text("最大水深", "greatest depth")),
    Quantity("speed_max", "m/s", Text("最大流速", "greatest speed")),
    Quantity("arrival", "s", Text("到达时间", "arrival time")),
    Quantity("hazard", "", Text("人员危险度", "hazard rating")),
)
SHALLOW_WATER = ModelCard(
    id="flood.shallow_water_2d",
    version="1",
    title=Text("二维浅水洪水演进", "Two-dimensional shallow-water flood"),
    purpose=Text(
        "溃坝、山洪、内涝的淹没范围、水深、流速与到达时间",
        "Extent, depth, speed and arrival of dam breaks, flash floods and inundation",
    ),
    applicability=Text(
        "静水压力近似、清水、定床；地形分辨率须能刻画河道与堤防",
        "Hydrostatic clear water over a fixed bed; the terrain must resolve channels and dikes",
    ),
    inputs=_INPUTS,
    references=(
        "Toro, Spruce & Speares 1994, Shock Waves 4 (HLLC)",
        "Audusse et al. 2004, SIAM J. Sci. Comput. 25 (hydrostatic reconstruction)",
        "Chen & Noelle 2017, SIAM J. Numer. Anal. 55, eq. 2.14–2.18",
        "Shu & Osher 1988, J. Comput. Phys. 77 (time stepping)",
    ),
    verification=Verification.VERIFIED,
    suite="flood",
    outputs=_OUTPUTS,
    caveats=(
        Caveat(
            "flood.clear_water",
            Text("未计泥沙、漂浮物与冲刷", "Sediment, debris and erosion are not computed"),
        ),
    ),
)
LOCAL_INERTIAL = ModelCard(
    id="flood.local_inertial",
    version="1",
    title=Text("局部惯性快速洪水", "Fast flood, local inertial"),
    purpose=Text("大范围缓流漫滩的快速估算", "A fast estimate of slow floods over plains"),
    applicability=Text(
        "缓流（Fr < 1）；不适用于溃坝波与陡坡急流",
        "Subcritical flow (Fr < 1); not for dam-break waves or steep streams",
    ),
    inputs=(*_INPUTS[:3], Quantity("steepest", "", Text("最大坡度", "steepest slope"), 0.0, 0.1)),
    references=(
        "Bates, Horritt & Fewtrell 2010, J. Hydrol. 387",
        "de Almeida et al. 2012, Water Resour. Res. 48",
    ),
    verification=Verification.VERIFIED,
    suite="flood",
    outputs=_OUTPUTS,
    caveats=(
        Caveat(
            "flood.no_shocks",
            Text(
                "忽略对流惯性：溃坝波、急流与水跃不可信",
                "Without advection: dam-break waves, rapids and jumps are not to be trusted",
            ),
        ),
    ),
)


@model(SHALLOW_WATER)
def run(
    scenario: FloodScenario, progress: Progress | None = None, cancelled: Cancelled | None = None
) -> FloodResult:
    """Compute *scenario*; *progress* hears the share done, *cancelled* is asked between steps.

    Raises `RunCancelled`. The local-inertial scheme answers under its own card.
    """
    return _Run(scenario).until_the_end(progress, cancelled)


@model(LOCAL_INERTIAL)
def run_fast(
    scenario: FloodScenario, progress: Progress | None = None, cancelled: Cancelled | None = None
) -> FloodResult:
    """`run` with the local-inertial scheme, whatever the scenario says."""
    import dataclasses

    return run(dataclasses.replace(scenario, scheme=Scheme.LOCAL_INERTIAL), progress, cancelled)


class _Run:
    """One run: the solver, what feeds it, and what is watched."""

    def __init__(self, scenario: FloodScenario) -> None:
        self.scenario, self.booked = scenario, Booked()
        self.solver = _solver_of(scenario)
        self.solver.set_state(scenario.depth_m)
        self.began_m3 = self.solver.volume_m3
        interval = min(5.0, scenario.duration_s / 500)
        numbers = scenario.curve_number
        self.ground = Ground(
            self.solver,
            scenario.rain,
            scenario.soil,
            None
            if numbers is None
            else np.broadcast_to(np.asarray(numbers, np.float64), scenario.grid.shape),
            interval,
            self.booked,
        )
        self.works = Works(self.solver, scenario.inflows, scenario.drains, scenario.links, self.booked)
        self.watch = _Watch(self.solver, scenario, min(1.0, scenario.duration_s / 1000))
        self.frames: list[NDArray[np.float32]] = []

    def until_the_end(self, progress: Progress | None, cancelled: Cancelled | None) -> FloodResult:
        began, told, solver = time.process_time(), 0.0, self.solver
        end = self.scenario.duration_s
        pending = [*self.scenario.frame_times_s]
        self.watch.look(at_once=True)
        while solver.time_s < end * (1 - 1e-12):
            while pending and pending[0] <= solver.time_s * (1 + 1e-12):
                self._frame(pending.pop(0))
            if cancelled is not None and cancelled():
                raise RunCancelled(facts={"time_s": solver.time_s})
            self._step(min([end, *pending[:1]]) - solver.time_s)
            if progress is not None and solver.time_s / end - told >= 0.005:
                told = solver.time_s / end
                progress(min(told, 1.0))
        for at in pending:
            self._frame(at)
        self.watch.look(at_once=True)
        if progress is not None:
            progress(1.0)
        return self._result(time.process_time() - began)

    def _step(self, longest_s: float) -> None:
        solver, scenario = self.solver, self.scenario
        if scenario.dike_breaches:
            solver.rebuild_walls(_walls_at(scenario, solver.time_s))
            longest_s = min([longest_s, *(one.time_s / 50 for one in scenario.dike_breaches)])
        if not self.works.is_idle:
            solver.source_speed_m_s = self.works.speed_m_s(solver.time_s + min(longest_s, 1.0))
        dt = solver.step(min(longest_s, self.ground.longest_s(solver.time_s), 60.0))
        if not self.works.is_idle:
            self.works.apply(solver.time_s, dt)
        self.ground.apply(solver.time_s, at_once=longest_s - dt < 1e-9 * max(solver.time_s, 1.0))
        self.watch.look()

    def _frame(self, at_s: float) -> None:
        self.frames.append(self.solver.depth_m.astype(np.float32))

    def _result(self, cpu_s: float) -> FloodResult:
        scenario = self.scenario
        fields = self.watch.fields()
        summary = self._summary(fields, cpu_s)
        caveats = self._caveats(summary)
        card = LOCAL_INERTIAL if scenario.scheme is Scheme.LOCAL_INERTIAL else SHALLOW_WATER
        inputs = scenario.as_inputs() | {
            "cell_m": scenario.grid.cell_m,
            "manning_most": float(np.max(scenario.manning)),
            "steepest": _steepest(scenario),
        }
        manifest = manifest_of(card, inputs, tables=VERSIONS, caveats=caveats)
        return FloodResult(fields, self._frames(), summary, manifest, manifest.caveats)

    def _frames(self) -> Field | None:
        if not self.frames:
            return None
        label = Text("水深过程", "Depth over time")
        times = self.scenario.frame_times_s
        return Field("depth", "m", label, self.scenario.grid, np.stack(self.frames), times)

    def _summary(self, fields: dict[str, Field], cpu_s: float) -> dict[str, float]:
        solver, area = self.solver, self.scenario.grid.cell_area_m2
        put_in = self.began_m3 + solver.budget.edges_m3 + self.booked.net_m3
        moved = self.began_m3 + abs(solver.budget.edges_m3) + self.booked.rain_m3 + self.booked.inflow_m3
        depth = fields["depth_max"].values
        return {
            "flooded_km2": float(np.isfinite(depth).sum()) * area / 1e6,
            "depth_max_m": float(np.nanmax(depth)) if np.isfinite(depth).any() else 0.0,
            "speed_max_m_s": float(np.nan_to_num(fields["speed_max"].values).max()),
            "volume_begin_m3": self.began_m3,
            "volume_end_m3": solver.volume_m3,
            "edges_net_m3": solver.budget.edges_m3,
            "rain_m3": self.booked.rain_m3,
            "infiltrated_m3": self.booked.infiltrated_m3,
            "inflow_m3": self.booked.inflow_m3,
            "drained_m3": self.booked.drained_m3,
            "mass_error": (solver.volume_m3 - put_in) / moved if moved > 0 else 0.0,
            "steps": float(solver.steps),
            "rejected_steps": float(solver.rejected),
            "cpu_s": cpu_s,
        }

    def _caveats(self, summary: dict[str, float]) -> tuple[Caveat, ...]:
        found = []
        bound = 1e-9 if self.scenario.precision is Precision.DOUBLE else 1e-4
        if abs(summary["mass_error"]) > bound:
            found.append(
                Caveat("flood.mass", Text("水量平衡误差偏大", "The budget of water does not close well"))
            )
        if self.watch.wets_edge():
            found.append(
                Caveat(
                    "flood.edge",
                    Text(
                        "洪水到达计算边界，边界附近结果不可信",
                        "Water reached the edge of the grid: near it the result is not to be trusted",
                    ),
                )
            )
        return tuple(found)


class _Watch:
    """Maxima, arrival and duration, looked at every *interval_s* at the most."""

    def __init__(self, solver: ShallowWater, scenario: FloodScenario, interval_s: float) -> None:
        self.solver, self.scenario, self.interval_s = solver, scenario, interval_s
        layout = solver.layout
        single = np.dtype(np.float32) if scenario.precision is Precision.SINGLE else np.dtype(np.float64)
        self.depth, self.speed, self.rating = (layout.zeros(single) for _ in range(3))
        self.arrival = layout.zeros(single) - single.type(1)
        self.lasted = np.zeros((len(DEPTH_CLASSES_M), *layout.shape), single)
        self._leasts = np.asarray(DEPTH_CLASSES_M, single)
        self._debris = np.asarray(debris_factors(), single)
        self._seen_s = 0.0

    def look(self, *, at_once: bool = False) -> None:
        """Look now when the interval has passed, or *at_once*."""
        solver = self.solver
        span = solver.time_s - self._seen_s
        if span < self.interval_s and not at_once:
            return
        real = solver.dtype.type
        chosen = np.flatnonzero(solver.wet_tiles)
        observe_tiles(
            *solver.padded,
            solver.tiles,
            chosen,
            self.depth,
            self.speed,
            self.rating,
            self.arrival,
            self.lasted,
            self._leasts,
            real(solver.time_s),
            real(span),
            real(self.scenario.wet_depth_m),
            self._debris,
            solver.k,
        )
        self._seen_s = solver.time_s

    def wets_edge(self) -> bool:
        """Whether water stood at an edge that is closed."""
        depth = self.depth[self.solver.layout.inner]
        lines = {"west": depth[:, 0], "east": depth[:, -1], "north": depth[0], "south": depth[-1]}
        for one in self.scenario.edges:
            lines[one.side] = lines[one.side].copy()
            lines[one.side][one.first : one.last] = 0
        return any(bool((line >= self.scenario.wet_depth_m).any()) for line in lines.values())

    def fields(self) -> dict[str, Field]:
        """The fields; NaN where water never reached the depth that counts as wet."""
        inner = self.solver.layout.inner
        never = self.arrival[inner] < 0
        named = {
            "depth_max": ("m", Text("最大水深", "Greatest depth"), self.depth[inner]),
            "speed_max": ("m/s", Text("最大流速", "Greatest speed"), self.speed[inner]),
            "arrival": ("s", Text("洪水到达时间", "Arrival of the water"), self.arrival[inner]),
            "hazard": ("", Text("人员危险度", "Hazard rating to people"), self.rating[inner]),
        }
        for index, depth in enumerate(DEPTH_CLASSES_M):
            label = Text(f"水深不小于 {depth:g} m 的历时", f"Time with at least {depth:g} m")
            named[f"lasted_{depth:g}"] = ("s", label, self.lasted[index][inner])
        made = {name: self._field(name, *parts, never) for name, parts in named.items()}
        grades = np.where(never, np.nan, hazard_class(self.rating[inner]).astype(np.float32))
        label = Text("人员危险等级（0 低、1 中、2 较高、3 极高）", "Hazard class (0 low … 3 extreme)")
        made["hazard_class"] = self._field("hazard_class", "", label, grades, never)
        return made

    def _field(self, name: str, unit: str, label: Text, values: Any, never: NDArray[np.bool_]) -> Field:
        kept: Real = np.where(never, np.asarray(np.nan, values.dtype), values)
        return Field(name, unit, label, self.scenario.grid, kept)


def _solver_of(scenario: FloodScenario) -> ShallowWater:
    made = LocalInertial if scenario.scheme is Scheme.LOCAL_INERTIAL else ShallowWater
    return made(
        np.asarray(scenario.bed_m, np.float64),
        scenario.grid.cell_m,
        scenario.manning,
        edges=scenario.edges,
        walls=_walls_at(scenario, 0.0),
        dtype=np.float32 if scenario.precision is Precision.SINGLE else np.float64,
        order=2 if scenario.scheme is Scheme.SECOND_ORDER else 1,
        threads=scenario.threads,
        skip_dry=scenario.skip_dry_tiles,
    )


def _walls_at(scenario: FloodScenario, now_s: float) -> list[Any]:
    """The walls as they stand; a face of a dike that breaks takes its sinking crest."""
    sinking = [face for one in scenario.dike_breaches for face in one.at(now_s)]
    broken = {(face.row, face.column, face.west) for face in sinking}
    standing = [face for face in scenario.walls if (face.row, face.column, face.west) not in broken]
    return [*standing, *sinking]


def _steepest(scenario: FloodScenario) -> float:
    bed, cell = scenario.bed_m, scenario.grid.cell_m
    steps = [np.abs(np.diff(bed, axis=axis)).max(initial=0.0) for axis in (0, 1)]
    return float(max(steps) / cell)
