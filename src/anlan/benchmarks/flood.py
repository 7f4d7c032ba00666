"""``anlan bench flood``: the shallow-water kernel beside the memory's own speed and beside ANUGA.

- ``stream_ratio``: cells times 28 bytes (what a cell of f32 must move at the least), over the
  bytes of the STREAM triad, both per processor second of as many threads at once, in turn.
  Wall time would say more of the machine's other guests than of the kernel, and so would a mean:
  as STREAM has it, the best single pass counts, of the triad and of the solver alike.
- ``anuga_ratio``: processor time of ANUGA over ours at equal L1 error of the depth, on
  Ritter's dam break and Thacker's planar bowl, one thread each. Both programs run a ladder
  of resolutions, the best of the rounds of each rung; ours is read off at ANUGA's best error,
  between the two rungs beside it in log error and log time. Ours is of second order and f32,
  in which a scenario runs unless told otherwise; the errors are the same in f64.
  ANUGA lives in ``.peers/anuga``, made from ``requirements/peers/anuga.lock``.
- ``wet_tile_speedup``: a flood that wets little of a large grid, with and without the short cut.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from numba import njit
from numpy.typing import NDArray

from anlan.benchmarks.machine import describe, figure
from anlan.science.flood import analytic
from anlan.science.flood.solver import ShallowWater

BYTES_PER_CELL = 28
_PEER = Path(".peers/anuga/bin/python")
_LADDERS = {"ritter": ((100, 200, 300), (50, 100)), "thacker": ((40, 70, 90), (25, 50))}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--size", type=int, default=2048, help="cells along each side of the speed test")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--peer", type=Path, default=_PEER, help="Python of the environment that holds ANUGA")
    parser.add_argument("--only", choices=("speed", "anuga", "tiles"), default=None)


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """Every part in turn; best of the rounds."""
    figures: list[dict[str, object]] = []
    if options.only in (None, "speed"):
        figures += _speed(options)
    if options.only in (None, "tiles"):
        figures += _tiles(options)
    if options.only in (None, "anuga"):
        figures += _anuga(options)
    peak_mb = psutil.Process().memory_info().rss / 1e6
    figures.append(figure("resident_mb", peak_mb, "MB", "lower", note="of this process at the end"))
    return {"name": "flood", "machine": describe(), "figures": figures}


# -- speed ---------------------------------------------------------------------------------------------------
def _speed(options: argparse.Namespace) -> list[dict[str, object]]:
    solvers = {
        name: _busy(options.size, dtype, order, options.threads)
        for name, dtype, order in (
            ("f32", np.float32, 1), ("f64", np.float64, 1), ("f32_second", np.float32, 2),
        )
    }  # fmt: skip
    wall: dict[str, list[float]] = {name: [] for name in solvers}
    cpu: dict[str, list[float]] = {name: [] for name in solvers}
    stream: list[float] = []
    for _ in range(options.rounds):
        stream.append(_triad(options.threads))
        for name, solver in solvers.items():
            in_wall, in_cpu = _timed(solver)
            wall[name].append(in_wall)
            cpu[name].append(in_cpu)
    bound = max(stream) / BYTES_PER_CELL
    best = max(cpu["f32"])
    note = f"{options.size}² cells all wet, friction on, {options.threads} threads, best of {options.rounds}"
    said = (
        f"{best / 1e6:.0f} Mcell per processor second of {bound / 1e6:.0f} that a triad of "
        f"{max(stream) / 1e9:.1f} GB allows at 28 B per cell; {max(wall['f32']) / 1e6:.0f} Mcell/s of wall time"
    )
    return [
        figure(
            "stream_ratio", best / bound, "", "higher",
            note=f"{said}; {note}",
        ),
        figure("cells_per_s_f32", max(cpu["f32"]), "1/s", "higher", note="first order, per processor second"),
        figure("cells_per_s_f64", max(cpu["f64"]), "1/s", "higher", note="first order, per processor second"),
        figure(
            "cells_per_s_f32_second", max(cpu["f32_second"]), "1/s", "higher",
            note="second order, cells and stages per processor second",
        ),
    ]  # fmt: skip


def _busy(size: int, dtype: Any, order: int, threads: int) -> ShallowWater:
    """A deep lake with waves in every direction over hills."""
    y, x = np.mgrid[0:size, 0:size]
    bed = np.sin(x / 40) * np.cos(y / 60)
    solver = ShallowWater(bed, 10.0, 0.03, dtype=dtype, order=order, threads=threads)
    solver.set_state(
        3.0 + 0.3 * np.sin(x / 25) * np.sin(y / 35) - bed, 0.3 * np.cos(y / 50), 0.2 * np.sin(x / 70)
    )
    for _ in range(2):
        solver.step(1.0)
    return solver


def _timed(solver: ShallowWater, steps: int = 8) -> tuple[float, float]:
    """Cells per second of the wall's and of the processor's clock, each of its best step."""
    wall, cpu = 0.0, 0.0
    for _ in range(steps):
        began, spent, before = time.perf_counter(), time.process_time(), solver.cell_steps
        solver.step(1.0)
        cells = solver.cell_steps - before
        wall = max(wall, cells / (time.perf_counter() - began))
        cpu = max(cpu, cells / (time.process_time() - spent))
    return wall, cpu


@njit(fastmath=True, nogil=True)
def _triad_part(a, b, c, factor):  # type: ignore[no-untyped-def]
    for i in range(len(a)):
        a[i] = b[i] + factor * c[i]


def _triad(threads: int, words: int = 40_000_000) -> float:
    """Bytes per processor second of a = b + s·c on 960 MB by all threads (McCalpin's STREAM), best of four."""
    arrays = [np.full(words, float(value)) for value in range(3)]
    cuts = np.linspace(0, words, threads + 1).astype(int)
    parts = [[part[low:high] for part in arrays] for low, high in pairwise(cuts)]
    triad: Any = _triad_part
    best = np.inf
    with ThreadPoolExecutor(threads) as pool:
        for _ in range(4):
            began = time.process_time()
            list(pool.map(lambda part: triad(*part, 3.0), parts))
            best = min(best, time.process_time() - began)
    return 24 * words / best


# -- tiles ---------------------------------------------------------------------------------------------------
def _tiles(options: argparse.Namespace) -> list[dict[str, object]]:
    times: dict[bool, float] = {True: np.inf, False: np.inf}
    depths: dict[bool, NDArray[Any]] = {}
    for _ in range(options.rounds):
        for skip in (True, False):
            solver = _valley_flood(skip)
            began = time.process_time()
            for _ in range(60):
                solver.step(10.0)
            times[skip] = min(times[skip], time.process_time() - began)
            depths[skip] = np.array(solver.depth_m)
    if not np.array_equal(depths[True], depths[False]):
        raise RuntimeError("leaving out dry tiles changed the result")
    wet = float((depths[True] > 0).mean())
    return [
        figure(
            "wet_tile_speedup", times[False] / times[True], "", "higher",
            note=f"1536² cells, dam break in a valley, {100 * wet:.1f} % wet at the end, same to the last bit",
        )
    ]  # fmt: skip


def _valley_flood(skip: bool) -> ShallowWater:
    y, x = np.mgrid[0:1536, 0:1536]
    bed = 0.05 * np.abs(y - 768) - 0.02 * x
    depth = np.where((x < 60) & (np.abs(y - 768) < 60), np.maximum(10.0 - 0.05 * np.abs(y - 768), 0), 0.0)
    solver = ShallowWater(bed, 10.0, 0.035, dtype=np.float32, skip_dry=skip)
    solver.set_state(depth)
    return solver


# -- ANUGA ---------------------------------------------------------------------------------------------------
def _anuga(options: argparse.Namespace) -> list[dict[str, object]]:
    runs: dict[str, Callable[[int], tuple[float, float]]] = {"ritter": _ritter, "thacker": _thacker}
    for run in runs.values():
        run(20)  # compiled before anything is timed
    found = []
    for name, run in runs.items():
        ours: list[tuple[float, float]] = []
        theirs: list[tuple[float, float]] = []
        sizes, peer_sizes = _LADDERS[name]
        for size, peer_size in zip(sizes, (*peer_sizes, None), strict=True):
            ours.append(min(run(size) for _ in range(options.rounds)))
            if peer_size is not None and options.peer.exists():
                theirs.append(min(_peer(options.peer, name, peer_size) for _ in range(options.rounds)))
        found.append(_compared(name, ours, theirs))
    ratios = [one["ratio"] for one in found if one["ratio"] is not None]
    least = min(float(ratio) for ratio in ratios) if ratios else None  # type: ignore[arg-type]
    note = "the lesser of the two cases" if ratios else f"ANUGA is not at {options.peer}"
    return [*found, figure("anuga_ratio", least, "", "higher", note=note)]


def _compared(
    name: str, ours: list[tuple[float, float]], theirs: list[tuple[float, float]]
) -> dict[str, object]:
    """Processor seconds of both at the least error that ANUGA reached, ours read off its own ladder."""
    if not theirs:
        return figure(
            f"cpu_s_{name}", ours[-1][1], "s", "lower", peer="ANUGA DE1", note="the peer is missing"
        )
    error, peer_s = min(theirs)
    errors, spent = np.log(np.asarray(sorted(ours))).T
    at_equal = float(np.exp(np.interp(np.log(error), errors, spent)))
    ladder = "; ".join(f"{e:.2e} in {s:.3g} s" for e, s in ours)
    other = "; ".join(f"{e:.2e} in {s:.3g} s" for e, s in theirs)
    return figure(
        f"cpu_s_{name}", at_equal, "s", "lower", peer="ANUGA DE1", peer_value=peer_s,
        note=f"at an L1 error of {error:.2e}; ours {ladder}; ANUGA {other}",
    )  # fmt: skip


def _ritter(cells: int) -> tuple[float, float]:
    """L1 of the depth and processor time: 2000 m, 10 m of water, 50 s, a strip as wide as ANUGA's."""
    length, until = 2000.0, 50.0
    x = (np.arange(cells) + 0.5) * length / cells
    rows = max(cells // 20, 1)
    solver = ShallowWater(np.zeros((rows, cells)), length / cells, order=2, dtype=np.float32)
    solver.set_state(np.repeat(np.where(x < length / 2, 10.0, 0.0)[None], rows, 0))
    cpu_s = _until(solver, until)
    exact, _ = analytic.ritter(x, until, 10.0, length / 2)
    return _error(solver.depth_m[0], exact), cpu_s


def _thacker(cells: int) -> tuple[float, float]:
    """L1 after one period of the planar bowl (a 1 m, h0 0.1 m, η 0.5, 4 m square)."""
    cell = 4.0 / cells
    at = (np.arange(cells) + 0.5) * cell - 2.0
    x, y = np.meshgrid(at, at[::-1])
    start = analytic.thacker_planar(x, y, 0.0, 1.0, 0.1, 0.5)
    solver = ShallowWater(analytic.bowl(x, y, 1.0, 0.1), cell, order=2, dtype=np.float32)
    solver.set_state(*start)
    cpu_s = _until(solver, analytic.thacker_period_s(1.0, 0.1, planar=True))
    return _error(solver.depth_m, start[0]), cpu_s


def _until(solver: ShallowWater, until_s: float) -> float:
    began = time.process_time()
    while solver.time_s < until_s * (1 - 1e-12):
        solver.step(until_s - solver.time_s)
    return time.process_time() - began


def _error(ours: NDArray[Any], exact: NDArray[np.float64]) -> float:
    return float(np.abs(ours - exact).sum() / np.abs(exact).sum())


def _peer(python: Path, case: str, size: int) -> tuple[float, float]:
    """The same case in ANUGA, in its own environment, one thread."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    env |= {"OMP_NUM_THREADS": "1"}
    done = subprocess.run(  # noqa: S603 - our own script in the peer's environment
        [str(python.absolute()), "-c", _ANUGA, case, str(size)], env=env, capture_output=True, text=True, timeout=900,
        cwd=os.environ.get("TMPDIR", "/tmp"),  # noqa: S108 - ANUGA writes logs where it runs
    )  # fmt: skip
    if done.returncode:
        sys.stderr.write(done.stderr[-2000:])
        raise RuntimeError(f"ANUGA failed on {case} {size}")
    error, cpu_s = json.loads(done.stdout.strip().splitlines()[-1])
    return float(error), float(cpu_s)


_ANUGA = """
import json, sys, time
import numpy as np
import anuga
case, n = sys.argv[1], int(sys.argv[2])
g = 9.81
if case == "ritter":
    length, until = 2000.0, 50.0
    domain = anuga.rectangular_cross_domain(n, max(n // 20, 1), len1=length, len2=length / n * max(n // 20, 1))
    bed = lambda x, y: 0 * x
    start = lambda x, y: np.where(x < length / 2, 10.0, 0.0)
    def exact(x, y):
        c, s = np.sqrt(g * 10.0), (x - length / 2) / until
        return np.where(s <= -c, 10.0, np.where(s < 2 * c, (2 * c - s) ** 2 / (9 * g), 0.0))
else:
    until = 2 * np.pi / np.sqrt(2 * g * 0.1)
    domain = anuga.rectangular_cross_domain(n, n, len1=4.0, len2=4.0, origin=(-2.0, -2.0))
    bed = lambda x, y: -0.1 * (1 - x * x - y * y)
    plane = lambda x, y: 0.05 * (2 * x - 0.5)
    start = lambda x, y: np.maximum(plane(x, y), bed(x, y))
    exact = lambda x, y: np.maximum(plane(x, y) - bed(x, y), 0)
domain.set_flow_algorithm("DE1")
domain.store = False
domain.set_quantity("elevation", bed, location="centroids")
domain.set_quantity("friction", 0.0)
domain.set_quantity("stage", start, location="centroids")
if case == "thacker":
    height = domain.quantities["stage"].centroid_values - domain.quantities["elevation"].centroid_values
    domain.set_quantity("ymomentum", numeric=0.0)
    speed = 0.5 * np.sqrt(2 * g * 0.1)
    domain.quantities["ymomentum"].centroid_values[:] = height * speed
wall = anuga.Reflective_boundary(domain)
domain.set_boundary({"left": wall, "right": wall, "top": wall, "bottom": wall})
began = time.process_time()
for _ in domain.evolve(yieldstep=until, finaltime=until):
    pass
spent = time.process_time() - began
x, y = domain.centroid_coordinates.T
if case == "thacker" and abs(x.min() + 2.0) > 1.0:
    x, y = x - 2.0, y - 2.0
depth = domain.quantities["stage"].centroid_values - domain.quantities["elevation"].centroid_values
area = domain.areas
target = exact(x, y)
print(json.dumps([float((np.abs(depth - target) * area).sum() / (target * area).sum()), spent]))
"""
