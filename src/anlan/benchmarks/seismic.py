"""``anlan bench seismic``: sites per processor second of BSSA14 beside OpenQuake, and a million-cell footprint."""

import argparse
import time
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from anlan.benchmarks.machine import describe, figure
from anlan.benchmarks.peers import Peer, how_to_make, peer_python
from anlan.science.seismic import Exposure, Scenario, packaged_matrix, run
from anlan.science.seismic.bssa14 import Mechanism, ground_motion

SEED = 20_261_125
_MAGNITUDE = 7.0
_SCENARIO = Scenario(
    "bench", _MAGNITUDE, 106.2, 38.5, 15.0, datetime(2026, 1, 9, 19, 0, tzinfo=UTC), strike_deg=25.0
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--sites", type=int, default=1_000_000)
    parser.add_argument("--cells", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)


def measure(options: argparse.Namespace) -> dict[str, object]:
    """Ours and the peer in turn, best of the rounds; both must give the same sums."""
    ours, theirs, note = _ground_motion(options.sites, options.rounds)
    exposure = make_exposure(options.cells)
    run(_SCENARIO, make_exposure(1000))
    wall, cpu = _footprint(exposure, options.rounds)
    peak_mb = _footprint_memory(exposure)
    return {
        "name": "seismic",
        "machine": describe(),
        "figures": [
            figure(
                "sites_per_cpu_s",
                options.sites / ours,
                "1/s",
                "higher",
                peer="OpenQuake 3.25.1, BooreEtAl2014.compute",
                peer_value=options.sites / theirs if theirs else None,
                note=note,
            ),
            figure(
                "footprint_s",
                wall,
                "s",
                "lower",
                note=f"{options.cells} cells of 4 building classes: intensity, loss, deaths with a band, 22 counties, "
                f"lines and two fields of 400 x 400; wall time, best of {options.rounds}",
            ),
            figure(
                "footprint_cpu_s",
                cpu,
                "s",
                "lower",
                note="processor time of the same, for a machine that is busy",
            ),
            figure("footprint_peak_mb", peak_mb, "MB", "lower", note="allocated beyond the exposure itself"),
        ],
    }


def _ground_motion(sites: int, rounds: int) -> tuple[float, float | None, str]:
    """Best processor seconds of ours and of the peer (None without one), and the note."""
    random = np.random.default_rng(SEED)
    rjb, vs30 = random.uniform(0.0, 300.0, sites), random.uniform(160.0, 1400.0, sites)
    ground_motion("PGA", _MAGNITUDE, rjb[:8], vs30[:8], Mechanism.STRIKE_SLIP)
    python = peer_python("openquake")
    if python is None:
        own = [_time_ours(rjb, vs30)[0] for _ in range(rounds)]
        return min(own), None, how_to_make("openquake")
    own, other = [], []
    with Peer(python, Path(__file__).with_name("peer_openquake.py")) as peer:
        asked = {"seed": SEED, "magnitude": _MAGNITUDE}
        peer.ask(asked | {"sites": 1000})
        for _ in range(rounds):
            spent, mean, sigma = _time_ours(rjb, vs30)
            answer = peer.ask(asked | {"sites": sites})
            _agree(mean, answer["mean"])
            _agree(sigma, answer["sigma"])
            own.append(spent)
            other.append(answer["cpu_s"])
    note = f"median and sigma of PGA at {sites} sites, M {_MAGNITUDE}, processor time, best of {rounds}, same sums"
    return min(own), min(other), note


def _time_ours(rjb: np.ndarray, vs30: np.ndarray) -> tuple[float, float, float]:
    began = time.process_time()
    mean, sigma = ground_motion("PGA", _MAGNITUDE, rjb, vs30, Mechanism.STRIKE_SLIP)
    return time.process_time() - began, float(mean.sum()), float(sigma.sum())


def _agree(ours: float, theirs: float) -> None:
    if abs(ours - theirs) > 1e-10 * abs(theirs):
        raise RuntimeError(f"ours and the peer disagree: {ours} and {theirs}")


def make_exposure(cells: int) -> Exposure:
    """Cells over Ningxia with skewed people and floor areas; the same for the same size."""
    random = np.random.default_rng(SEED)
    classes = packaged_matrix().classes
    side = max(1, round(cells**0.5))
    rows = np.arange(cells) // side / side
    people = random.gamma(0.3, 25.0, cells)
    return Exposure(
        104.3 + 3.3 * (np.arange(cells) % side) / side,
        35.3 + 4.0 * rows,
        np.minimum((22 * rows).astype(np.int64), 21),
        tuple(f"{code}" for code in range(640101, 640123)),
        people,
        people / 0.15,
        classes,
        people[:, None] * random.uniform(5.0, 15.0, (cells, len(classes))),
        np.array([3000.0, 2200.0, 1500.0, 800.0]),
        f"seeded cells, seed {SEED}",
    )


def _footprint(exposure: Exposure, rounds: int) -> tuple[float, float]:
    """Best wall and processor seconds."""
    walls, cpus = [], []
    for _ in range(rounds):
        began, spent = time.perf_counter(), time.process_time()
        run(_SCENARIO, exposure)
        walls.append(time.perf_counter() - began)
        cpus.append(time.process_time() - spent)
    return min(walls), min(cpus)


def _footprint_memory(exposure: Exposure) -> float:
    tracemalloc.start()
    run(_SCENARIO, exposure)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak / 1e6
