"""``anlan bench drought``: SPI per pixel beside the package spei, and how far the two indices differ."""

import argparse
import time
import tracemalloc
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from anlan.benchmarks.machine import describe, figure
from anlan.benchmarks.peers import Peer, how_to_make, peer_python
from anlan.science.drought import running_total, spei, spi

SEED = 20_261_125
_SCALE = 3
_PEER = "spei 0.8.2, spi()"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--months", type=int, default=720)
    parser.add_argument("--pixels", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)


def measure(options: argparse.Namespace) -> dict[str, object]:
    """Ours over a grid and the peer over single series, in turn; best of the rounds."""
    rain = _grid(options.months, options.pixels)
    season = np.arange(options.months) % 12
    spi(rain[:, :2], season)
    spei(rain[:, :2], season)
    python = peer_python("spei")
    own, others, differences, free = [], [], [], []
    peer = Peer(python, Path(__file__).with_name("peer_spei.py")) if python else None
    for number in range(options.rounds):
        own.append(_time(rain, season))
        if peer is None:
            continue
        asked = {"seed": SEED + number, "months": options.months}
        answer = peer.ask(asked | {"fit": "free"})
        others.append(answer["cpu_s"])
        ours = _series(SEED + number, options.months)
        free.append(np.abs(ours - answer["spi"]))
        differences.append(np.abs(ours - peer.ask(asked | {"fit": "origin"})["spi"]).max())
    if peer is not None:
        peer.__exit__(None, None, None)
    return {
        "name": "drought",
        "machine": describe(),
        "figures": _figures(options, min(own), others, differences, free, _memory_mb(rain, season)),
    }


def _figures(
    options: argparse.Namespace,
    own_s: float,
    others: list[float],
    differences: list[float],
    free: list[NDArray[np.float64]],
    peak_mb: float,
) -> list[dict[str, object]]:
    missing = how_to_make("spei")
    note = f"SPI-{_SCALE} of {options.months} months, pixels per processor second, {options.pixels} pixels against one"
    apart = (
        "same two-parameter gamma; the peer's own default moves the origin too and differs by "
        f"{np.mean(free):.2g} in the mean, {np.max(free):.2g} at most"
        if free
        else missing
    )
    rate, other = options.pixels / own_s, 1.0 / min(others) if others else None
    return [
        figure("pixels_per_cpu_s", rate, "1/s", "higher", peer=_PEER, peer_value=other, note=note),
        figure("spei_ratio", rate / other if other else None, "", "higher", note=note if other else missing),
        figure(
            "spi_difference", max(differences) if differences else None, "", "lower", peer=_PEER, note=apart
        ),
        figure(
            "spi_peak_mb",
            peak_mb,
            "MB",
            "lower",
            note=f"allocated beyond the totals of {options.pixels} pixels",
        ),
    ]


def _grid(months: int, pixels: int) -> NDArray[np.float64]:
    rain = np.random.default_rng(SEED).gamma(1.5, 25.0, (months, pixels))
    return running_total(rain, _SCALE)


def _series(seed: int, months: int) -> NDArray[np.float64]:
    """Ours for the series that the peer makes from the same seed."""
    rain = np.random.default_rng(seed).gamma(1.5, 25.0, months)
    return spi(running_total(rain, _SCALE), np.arange(months) % 12)[_SCALE - 1 :]


def _time(totals: NDArray[np.float64], season: NDArray[np.int64]) -> float:
    began = time.process_time()
    spi(totals, season)
    return time.process_time() - began


def _memory_mb(totals: NDArray[np.float64], season: NDArray[np.int64]) -> float:
    tracemalloc.start()
    spi(totals, season)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak / 1e6
