"""What the wind, the fuel's water and the model's own error might do: many fires, the chance that a place burns."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import islice
from threading import Event, Lock

import numpy as np
from numpy.typing import NDArray

from anlan.kernel.fields import Field
from anlan.kernel.models import Caveat, Manifest, ModelCard, Quantity, Verification, manifest_of
from anlan.kernel.text import Text
from anlan.science.guard import within
from anlan.science.registry import model
from anlan.science.wildfire.doubts import doubts_of
from anlan.science.wildfire.gather import Columns, Tally
from anlan.science.wildfire.intensity import direct_attack_limit_kw_m, flame_length_m
from anlan.science.wildfire.layout import landscape_of, starts_of, tables_of
from anlan.science.wildfire.run import INPUTS, RunCancelled, padded_cells
from anlan.science.wildfire.scenario import Weather, WildfireScenario
from anlan.science.wildfire.stages import stages_of
from anlan.science.wildfire.travel import Cancelled, Landscape, Progress, Start, Workspace, burn

Floats = NDArray[np.float64] | NDArray[np.float32]
MOST_MEMBERS = 10_000


@dataclass(frozen=True)
class FireUncertainty:
    """How well the inputs are known. Raises `Invalid`.

    The wind's speed and the model's rate spread log-normally by geometric standard deviations, the direction, the
    moisture of dead fuel (a share), the humidity (Wang) and the place of the ignitions normally. One draw holds for
    the whole of a member's fire. The defaults are our own.
    """

    wind_gsd: float = 1.3
    wind_sd_deg: float = 15.0
    dead_moisture_sd: float = 0.01
    humidity_sd_percent: float = 8.0
    rate_gsd: float = 1.4
    ignition_sd_m: float = 0.0

    def __post_init__(self) -> None:
        within([self.wind_gsd, self.rate_gsd], 1.0, 5.0, Text("几何标准差", "geometric standard deviation"))
        within(self.wind_sd_deg, 0.0, 180.0, Text("风向标准差", "spread of the wind's direction"), "°")
        within(
            self.dead_moisture_sd, 0.0, 0.2, Text("含水率标准差（比值）", "spread of dead moisture (a share)")
        )
        within(self.humidity_sd_percent, 0.0, 50.0, Text("湿度标准差", "spread of humidity"), "%")
        within(self.ignition_sd_m, 0.0, 1e5, Text("起火点标准差", "spread of the ignition"), "m")


CARD = ModelCard(
    id="wildfire.ensemble",
    version="1",
    title=Text("林草火集合推演", "Ensemble of wildfires"),
    purpose=Text(
        "在风、含水率与模型误差不确定时给出燃烧概率、到达时间、火线强度与火焰长度",
        "burn probability, arrival, intensity and flame length when wind, moisture and the model are uncertain",
    ),
    applicability=Text(
        "同 wildfire.spread；概率只含所给的不确定性", "as wildfire.spread; the chances cover what was drawn"
    ),
    inputs=(*INPUTS, Quantity("members", "", Text("集合成员数", "members"), 50, 2000)),
    references=(
        "Finney et al. 2011, Environ. Model. Assess. 16 (burn probability)",
        "Cruz and Alexander 2013, Environ. Model. Softw. 47 (error of rates of spread)",
    ),
    verification=Verification.VERIFIED,
    suite="wildfire",
    outputs=(
        Quantity("probability", "", Text("燃烧概率", "burn probability"), 0.0, 1.0),
        Quantity("arrival_mean", "s", Text("平均到达时间", "mean arrival")),
        Quantity("intensity_mean", "kW/m", Text("平均火线强度", "mean intensity")),
        Quantity("flame_max", "m", Text("最大火焰长度", "greatest flame length")),
    ),
    caveats=(
        Caveat(
            "wildfire.spread_of_inputs",
            Text(
                "不确定性幅度为本系统默认，应按当地资料调整",
                "how uncertain the inputs are is our own default, to be set by local records",
            ),
        ),
    ),
)


@dataclass(frozen=True)
class WildfireEnsemble:
    """Fields over the grid, conditional means NaN where no member burnt; *areas_m2* by member."""

    fields: dict[str, Field]
    areas_m2: NDArray[np.float64]
    summary: dict[str, float]
    manifest: Manifest
    caveats: tuple[Caveat, ...]


@dataclass(frozen=True)
class _Member:
    """One draw of what is uncertain."""

    weather: tuple[Weather, ...]
    starts: tuple[Start, ...]
    rate_factor: float


@model(CARD)
def run_ensemble(
    scenario: WildfireScenario,
    known: FireUncertainty,
    *,
    members: int = 200,
    seed: int = 0,
    threads: int = 1,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> WildfireEnsemble:
    """The ensemble of *scenario*. The number of *threads* changes no bit: sums are of whole numbers.

    Raises `Invalid`, and `RunCancelled` when *cancelled* says so between or within members.
    """
    within(members, 1, MOST_MEMBERS, Text("集合成员数", "members"))
    within(threads, 1, 256, Text("线程数", "number of threads"))
    land = landscape_of(scenario)
    tally, areas = _Crew(scenario, land, progress, cancelled).burn_all(
        draw(scenario, known, members, seed), members, threads
    )
    fields = _fields(scenario, land, tally.columns, members)
    summary = _summary(scenario, land, areas, tally.columns)
    inputs = scenario.as_inputs() | {
        "known": {name: getattr(known, name) for name in known.__dataclass_fields__},
        "members": members,
        "cell_m": scenario.grid.cell_m,
        "wind_m_s": max(one.wind_m_s for one in scenario.weather),
        "steepest": summary["steepest"],
    }
    caveats = doubts_of(scenario, fields["arrival_min"].values, summary)
    manifest = manifest_of(CARD, inputs, tables=tables_of(scenario), seed=seed, caveats=caveats)
    return WildfireEnsemble(fields, areas, summary, manifest, manifest.caveats)


def draw(scenario: WildfireScenario, known: FireUncertainty, members: int, seed: int) -> Iterator[_Member]:
    """The members, the same for the same seed; a member does not depend on how many follow it."""
    cell = scenario.grid.cell_m
    for number in range(members):
        random = np.random.Generator(np.random.PCG64([seed, number]))
        normal = random.standard_normal(5)
        speed, rate = known.wind_gsd ** normal[0], known.rate_gsd ** normal[1]
        turn = known.wind_sd_deg * normal[2]
        weather = tuple(
            replace(
                one,
                wind_m_s=min(one.wind_m_s * speed, 60.0),
                wind_from_deg=(one.wind_from_deg + turn) % 360,
                moisture=one.moisture.shifted(known.dead_moisture_sd * normal[3]) if one.moisture else None,
                humidity_percent=_humid(one.humidity_percent, known.humidity_sd_percent * normal[4]),
            )
            for one in scenario.weather
        )
        shift = known.ignition_sd_m / cell * random.standard_normal((len(scenario.ignitions), 2))
        rows, columns = scenario.grid.shape
        starts = tuple(
            Start(
                float(np.clip(one.row + by[0], 0.0, rows - 1e-6)),
                float(np.clip(one.column + by[1], 0.0, columns - 1e-6)),
                one.at_s,
            )
            for one, by in zip(starts_of(scenario), shift, strict=True)
        )
        yield _Member(weather, starts, float(rate))


def _humid(humidity: float | None, shift: float) -> float | None:
    return None if humidity is None else float(np.clip(humidity + shift, 0.0, 100.0))


class _Crew:
    """Threads that take members from one list, each with arrays of its own."""

    def __init__(
        self,
        scenario: WildfireScenario,
        land: Landscape,
        progress: Progress | None,
        cancelled: Cancelled | None,
    ) -> None:
        self.scenario, self.land, self.progress, self.cancelled = scenario, land, progress, cancelled
        self.burning = padded_cells(scenario.burning, land)
        self._lock, self._stop, self._done = Lock(), Event(), 0

    def burn_all(
        self, members: Iterator[_Member], count: int, threads: int
    ) -> tuple[Tally, NDArray[np.float64]]:
        """The tally of all members, and the area that each burnt."""
        self.areas = np.zeros(count)
        self.numbered = enumerate(members)
        with ThreadPoolExecutor(min(threads, count)) as pool:
            tallies = list(pool.map(lambda _: self._work(), range(min(threads, count))))
        if self._stop.is_set():
            raise RunCancelled()
        for other in tallies[1:]:
            tallies[0].add(other)
        return tallies[0], self.areas

    def _work(self) -> Tally:
        land = self.land
        work, tally = Workspace(len(land.fuel)), Tally(len(land.fuel))
        while taken := self._next():
            number, one = taken
            stages = stages_of(self.scenario, land.kinds, one.weather, one.rate_factor)
            if not burn(land, stages, one.starts, work, burning=self.burning, cancelled=self._stopped):
                break
            burnt = tally.take(work, land.columns + 2)
            self.areas[number] = burnt * self.scenario.grid.cell_area_m2
            self._tell()
        return tally

    def _next(self) -> tuple[int, _Member] | None:
        if self._stopped():
            return None
        with self._lock:
            return next(islice(self.numbered, 1), None)

    def _stopped(self) -> bool:
        if self.cancelled is not None and self.cancelled():
            self._stop.set()
        return self._stop.is_set()

    def _tell(self) -> None:
        with self._lock:
            self._done += 1
            if self.progress is not None:
                self.progress(self._done / len(self.areas))


def _fields(scenario: WildfireScenario, land: Landscape, tally: Columns, members: int) -> dict[str, Field]:
    never, cold = tally.burnt == 0, tally.heated == 0
    burnt, heated = np.maximum(tally.burnt, 1), np.maximum(tally.heated, 1)
    made: dict[str, Field] = {}

    def put(name: str, unit: str, label: Text, values: Floats, gone: NDArray[np.bool_] | None) -> None:
        kept = values if gone is None else np.where(gone, np.nan, values)
        made[name] = Field(name, unit, label, scenario.grid, np.array(land.inner(kept), np.float32))

    put("probability", "", Text("燃烧概率", "Burn probability"), tally.burnt / members, None)
    put("arrival_mean", "s", Text("平均到达时间", "Mean arrival"), tally.arrival_ms / 1e3 / burnt, never)
    put("arrival_min", "s", Text("最早到达时间", "Earliest arrival"), tally.first_s, never)
    put("intensity_mean", "kW/m", Text("平均火线强度", "Mean intensity"), tally.heat_w_m / 1e3 / heated, cold)
    put("intensity_max", "kW/m", Text("最大火线强度", "Greatest intensity"), tally.most_kw_m, cold)
    put("flame_mean", "m", Text("平均火焰长度", "Mean flame length"), tally.flame_mm / 1e3 / heated, cold)
    put(
        "flame_max", "m", Text("最大火焰长度", "Greatest flame length"), flame_length_m(tally.most_kw_m), cold
    )
    words = Text("不得直接扑打的概率", "Chance of no direct attack")
    put("no_attack", "", words, tally.beyond / members, None)
    return made


def _summary(
    scenario: WildfireScenario, land: Landscape, areas: NDArray[np.float64], tally: Columns
) -> dict[str, float]:
    low, middle, high = np.quantile(areas, [0.1, 0.5, 0.9])
    return {
        "burnt_mean_m2": float(areas.mean()),
        "burnt_p10_m2": float(low),
        "burnt_p50_m2": float(middle),
        "burnt_p90_m2": float(high),
        "intensity_max_kw_m": float(tally.most_kw_m.max()),
        "flame_max_m": float(flame_length_m(tally.most_kw_m.max())),
        "no_attack_kw_m": direct_attack_limit_kw_m(),
        "burnt_cells": float(areas.sum() / scenario.grid.cell_area_m2),
        "steepest": float(np.sqrt((land.ground[:, 0] ** 2 + land.ground[:, 1] ** 2).max())),
    }
