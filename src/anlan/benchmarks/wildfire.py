"""``anlan bench wildfire``: burnt cells per processor second beside pyretechnics, and 200 members over a million cells.

- ``pyretechnics_ratio``: the spread alone on both sides, over a landscape that is laid out already, one thread, in
  turn; the lesser of a small even fire and a large one through patches of fuel. pyretechnics lives in
  ``.peers/pyretechnics``, made from ``requirements/peers/pyretechnics.lock``.
- ``run_cells_per_s``: the large fire from the scenario to its fields, checks and manifest included.
- ``ensemble_s``: wall time of 200 members over hills and patches of fuel, on all processors.
"""

import argparse
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from numpy.typing import NDArray

from anlan.benchmarks.machine import describe, figure
from anlan.benchmarks.peers import Peer, how_to_make, peer_python
from anlan.kernel.fields import Grid
from anlan.science.wildfire import (
    FireUncertainty,
    Ignition,
    Moisture,
    Weather,
    WildfireScenario,
    run,
    run_ensemble,
)
from anlan.science.wildfire.layout import landscape_of, starts_of
from anlan.science.wildfire.stages import stages_of
from anlan.science.wildfire.travel import Workspace, burn

SEED = 20_261_126
_PEER = "pyretechnics 2026.10.20, spread_fire_with_phi_field()"
_CELL_M = 30.0
_WATER = Moisture(0.06, 0.07, 0.08, 0.6, 0.9)
_WEATHER = {
    "wind_speed_10m": 20.0, "upwind_direction": 270.0, "fuel_moisture_dead_1hr": 0.06,
    "fuel_moisture_dead_10hr": 0.07, "fuel_moisture_dead_100hr": 0.08, "fuel_moisture_live_herbaceous": 0.6,
    "fuel_moisture_live_woody": 0.9,
}  # fmt: skip


@dataclass(frozen=True)
class _Fire:
    """A fire of both programs: *size*² cells, fuel by patches of 20 cells, lit a quarter in from the west."""

    name: str
    size: int
    minutes: int
    mixed: bool

    @property
    def patches(self) -> NDArray[np.int64]:
        count = -(-self.size // 20)
        if not self.mixed:
            return np.full((count, count), 102)
        random = np.random.default_rng(SEED)
        return random.choice([102, 101, 122, 161], (count, count), p=[0.5, 0.2, 0.2, 0.1])

    @property
    def cell(self) -> tuple[int, int]:
        return self.size // 2, self.size // 4

    @property
    def scenario(self) -> WildfireScenario:
        row, column = self.cell
        fuel = np.kron(self.patches, np.ones((20, 20), np.int64))[: self.size, : self.size]
        grid = Grid(self.size, self.size, _CELL_M, 0.0, self.size * _CELL_M, "local:106.2,35.6")
        start = Ignition((column + 0.5) * _CELL_M, (self.size - row - 0.5) * _CELL_M)
        weather = Weather(0.0, 20 / 3.6, 270.0, _WATER)
        return WildfireScenario(grid, fuel, (weather,), self.minutes * 60.0, (start,))

    @property
    def request(self) -> dict[str, Any]:
        row, column = self.cell
        return {
            "rows": self.size, "columns": self.size, "cell_m": _CELL_M, "minutes": self.minutes, "row": row,
            "column": column, "fuel": self.patches.tolist(), "patch": 20, "weather": _WEATHER,
        }  # fmt: skip


_FIRES = (_Fire("small", 300, 180, mixed=False), _Fire("large", 600, 1440, mixed=True))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--members", type=int, default=200)
    parser.add_argument("--size", type=int, default=1000, help="cells along each side of the ensemble")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--only", choices=("peer", "ensemble"), default=None)


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """Ours and the peer in turn, best of the rounds; then the ensemble once."""
    figures: list[dict[str, object]] = []
    if options.only in (None, "peer"):
        figures += _beside_the_peer(options.rounds)
    if options.only in (None, "ensemble"):
        figures += _ensemble(options)
    peak_mb = psutil.Process().memory_info().rss / 1e6
    figures.append(figure("resident_mb", peak_mb, "MB", "lower", note="of this process at the end"))
    return {"name": "wildfire", "machine": describe(), "figures": figures}


def _beside_the_peer(rounds: int) -> list[dict[str, object]]:
    python = peer_python("pyretechnics")
    peer = Peer(python, Path(__file__).with_name("peer_pyretechnics.py")) if python else None
    found, whole = [], 0.0
    for fire in _FIRES:
        _spread(fire)
        own, others, cells, theirs = [], [], 0, 0
        for _ in range(rounds):
            cells, spent = _spread(fire)
            own.append(cells / spent)
            if peer is not None:
                answer = peer.ask(fire.request)
                theirs = int(answer["burnt"])
                others.append(theirs / answer["cpu_s"])
        whole = max(_whole(fire) for _ in range(rounds))
        found.append(_compared(fire, max(own), max(others) if others else None, cells, theirs))
    if peer is not None:
        peer.__exit__(None, None, None)
    ratios = [float(str(one["ratio"])) for one in found if one["ratio"] is not None]
    note = (
        "burnt cells per processor second, the lesser of the fires" if ratios else how_to_make("pyretechnics")
    )
    return [
        *found,
        figure("pyretechnics_ratio", min(ratios) if ratios else None, "", "higher", note=note),
        figure(
            "run_cells_per_s",
            whole,
            "1/s",
            "higher",
            note="the large fire, from scenario to fields and manifest",
        ),
    ]


def _compared(fire: _Fire, own: float, other: float | None, cells: int, theirs: int) -> dict[str, object]:
    note = f"{fire.size}² cells of {_CELL_M:g} m, {fire.minutes} min, {cells} cells burnt"
    if other is not None:
        note += f", {theirs} by the peer"
    return figure(
        f"cells_per_s_{fire.name}", own, "1/s", "higher", peer=_PEER, peer_value=other,
        note=note if other is not None else how_to_make("pyretechnics"),
    )  # fmt: skip


def _spread(fire: _Fire) -> tuple[int, float]:
    """Cells burnt, and processor time of the spread; landscape and arrays are laid out, as the peer's are."""
    scenario = fire.scenario
    land, starts = landscape_of(scenario), starts_of(scenario)
    work = Workspace(len(land.fuel))
    began = time.process_time()
    burn(land, stages_of(scenario, land.kinds), starts, work)
    spent = time.process_time() - began
    return int(np.isfinite(work.arrival_s).sum()), spent


def _whole(fire: _Fire) -> float:
    """Burnt cells per processor second of a whole run."""
    scenario = fire.scenario
    began = time.process_time()
    result = run(scenario)
    return result.summary["burnt_m2"] / _CELL_M**2 / (time.process_time() - began)


def _ensemble(options: argparse.Namespace) -> list[dict[str, object]]:
    scenario = _hills(options.size)
    run_ensemble(scenario, FireUncertainty(), members=1)
    began, cpu = time.perf_counter(), time.process_time()
    found = run_ensemble(
        scenario, FireUncertainty(), members=options.members, seed=SEED, threads=options.threads
    )
    wall_s, cpu_s = time.perf_counter() - began, time.process_time() - cpu
    cells = found.summary["burnt_cells"]
    share = cells / options.members / options.size**2
    most = found.areas_m2.max() / (options.size * _CELL_M) ** 2
    note = (
        f"{options.members} members, {options.size}² cells on hills, {options.threads} threads; a member burns "
        f"{share:.0%} of the grid in the mean, {most:.0%} at most; {cpu_s:.0f} s of processor time"
    )
    return [
        figure("ensemble_s", wall_s, "s", "lower", note=note),
        figure("ensemble_cells_per_s", cells / cpu_s, "1/s", "higher", note="burnt cells of all members"),
    ]


def _hills(size: int) -> WildfireScenario:
    """Hills, patches of five fuels with some water, two days, a wind that turns on the second."""
    random = np.random.default_rng(SEED)
    x, y = np.meshgrid(np.linspace(0, 1, size), np.linspace(0, 1, size))
    height = np.full((size, size), 1800.0)
    for _ in range(24):
        east, north, turn = random.uniform(-9, 9, 3)
        height += 60 * np.cos(2 * np.pi * (east * x + north * y) + turn)
    count = -(-size // 20)
    patches = random.choice([102, 101, 122, 161, 183, 98], (count, count), p=[0.4, 0.2, 0.2, 0.1, 0.05, 0.05])
    fuel = np.kron(patches, np.ones((20, 20), np.int64))[:size, :size]
    grid = Grid(size, size, _CELL_M, 0.0, size * _CELL_M, "local:106.2,35.6")
    fuel[size // 2 - 5 : size // 2 + 5, size // 3 - 5 : size // 3 + 5] = 102
    start = Ignition((size // 3 + 0.5) * _CELL_M, (size - size // 2 - 0.5) * _CELL_M)
    weather = (Weather(0.0, 5.0, 250.0, _WATER), Weather(86_400.0, 4.0, 310.0, _WATER))
    return WildfireScenario(grid, fuel, weather, 2 * 86_400.0, (start,), elevation_m=height)
