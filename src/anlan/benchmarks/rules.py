"""``anlan bench rules``: evaluations per second of one core.

One evaluation is one reading against one active condition. The peer is the same
step written with numpy over whole columns, in its best case: sweeps in which
every point reads exactly once, so that it needs no sorting. Both must find the
same transitions, or the measurement fails.
"""

import argparse
import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anlan.benchmarks.machine import describe, figure
from anlan.kernel.levels import Condition
from anlan.science.signals import KINDS, NEVER, Readings, Rules, compile_rules, new_state, step

SEED = 20_251_124
_LEVELS = (
    (Condition.HIGH_HIGH, 2.5, 0),
    (Condition.HIGH, 1.8, 2_000),
    (Condition.LOW, -1.8, 2_000),
    (Condition.LOW_LOW, -2.5, 0),
)
_DEADBAND, _OFF_DELAY_MS = 0.2, 1_000


@dataclass(frozen=True)
class Load:
    """*sweeps* readings of each point, one second apart, against four conditions per point."""

    rules: Rules
    values: NDArray[np.float64]

    @property
    def evaluations(self) -> int:
        return len(self.values) * len(self.rules)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--points", type=int, default=20_000)
    parser.add_argument("--sweeps", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=3)


def measure(options: argparse.Namespace) -> dict[str, object]:
    """Ours and the peer in turn, best of the rounds."""
    load = make_load(options.points, options.sweeps)
    small = make_load(100, 5)
    run_ours(small)
    run_numpy(small)
    ours: list[float] = []
    peers: list[float] = []
    found: set[tuple[int, int]] = set()
    for _ in range(options.rounds):
        for run, times in ((run_ours, ours), (run_numpy, peers)):
            began = time.process_time()
            found.add(run(load))
            times.append(time.process_time() - began)
    if len(found) != 1:
        raise RuntimeError(f"ours and the peer disagree on transitions (number, sum of events): {found}")
    raised = next(iter(found))[0]
    return {
        "name": "rules",
        "machine": describe(),
        "figures": [
            figure(
                "evaluations_per_s_core",
                load.evaluations / min(ours),
                "1/s",
                "higher",
                peer="the same step over whole columns in numpy",
                peer_value=load.evaluations / min(peers),
                note=f"{options.points} points x 4 conditions x {options.sweeps} sweeps, {raised} transitions "
                f"found by both, processor time, best of {options.rounds}",
            )
        ],
    }


def make_load(points: int, sweeps: int) -> Load:
    """Random walks that cross their limits now and then; the same for the same size."""
    random = np.random.default_rng(SEED)
    count = points * len(_LEVELS)
    rules = compile_rules(
        1,
        np.arange(count),
        np.repeat(np.arange(points), len(_LEVELS)),
        np.tile([KINDS.index(kind) for kind, _, _ in _LEVELS], points),
        np.tile([threshold for _, threshold, _ in _LEVELS], points),
        np.full(count, _DEADBAND),
        np.tile([delay for _, _, delay in _LEVELS], points),
        np.full(count, _OFF_DELAY_MS),
    )
    steps = random.normal(0, 0.35, (sweeps, points))
    values = np.empty((sweeps, points))
    level = random.normal(0, 0.8, points)
    for sweep in range(sweeps):
        level = 0.95 * level + steps[sweep]
        values[sweep] = level
    return Load(rules, values)


def run_ours(load: Load) -> tuple[int, int]:
    """The product's step: number of transitions, and a sum that tells different ones apart."""
    state = new_state(load.rules)
    point = np.arange(load.values.shape[1], dtype=np.int32)
    quality = np.zeros(len(point), np.uint8)
    found, mark = 0, 0
    for sweep, values in enumerate(load.values):
        at = np.full(len(point), 1000 * (sweep + 1), np.int64)
        changed = step(state, load.rules, Readings(point, at, at, values, quality))
        found += len(changed)
        mark += int((changed.event_ms * (2 * changed.condition.astype(np.int64) + changed.raised)).sum())
    return found, mark


def run_numpy(load: Load) -> tuple[int, int]:
    """The peer, with the same duties: guard of event time, quality, latest values, limits and delays."""
    rules, points = load.rules, load.values.shape[1]
    upper = np.isin(rules.kind, [index for index, kind in enumerate(KINDS) if kind.is_upper])
    sign = np.where(upper, 1.0, -1.0)
    threshold = sign * rules.threshold
    normal_below = threshold - rules.deadband
    active = np.zeros(len(rules), np.bool_)
    pending = np.full(len(rules), NEVER, np.int64)
    evaluated = np.full(points, NEVER, np.int64)
    latest_ms, latest = evaluated.copy(), np.full(points, np.nan)
    quality = np.zeros(points, np.uint8)
    found, mark = 0, 0
    for sweep, values in enumerate(load.values):
        at = np.full(points, 1000 * (sweep + 1), np.int64)
        newer = at >= latest_ms
        latest_ms[newer], latest[newer] = at[newer], values[newer]
        usable = (quality != 2) & np.isfinite(values) & (at > evaluated)
        evaluated[usable] = at[usable]
        value, moment = sign * values[rules.point], at[rules.point]
        moving = np.where(active, value < normal_below, value >= threshold)
        considered = usable[rules.point]
        pending[considered & ~moving] = NEVER
        moving &= considered
        starts = moving & (pending == NEVER)
        pending[starts] = moment[starts]
        delay = np.where(active, rules.off_delay_ms, rules.on_delay_ms)
        flips = moving & (moment - pending >= delay)
        active ^= flips
        pending[flips] = NEVER
        rows = np.flatnonzero(flips)
        found += len(rows)
        mark += int((moment[rows] * (2 * rules.condition[rows].astype(np.int64) + active[rows])).sum())
    return found, mark
