"""``anlan bench rules``: evaluations per second of one core.

One evaluation is one active condition brought up to date with one sweep, in
which every point reads once: a condition over two points counts once. The mix
is 70 % limits, 15 % rates of change and durations, 10 % combinations of two
points, 5 % frozen values and no-data, and at least 1 % of evaluations change
their condition. A limit that stays as it is costs little, as a point's limits
are looked at together (`State.calm_low`): that is part of the step, and the
peers find the same transitions, or the measurement fails.

The peers are the same rules over whole columns in numpy, in its best case (all
points at the same times, so that it needs neither sorting nor rings of their
own), and the plain Python reference on a small part of the load.
"""

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anlan.benchmarks.machine import describe, figure
from anlan.kernel.levels import Condition
from anlan.science.signals import KINDS, NEVER, Readings, Rules, compile_rules, new_state, step
from anlan.science.signals.reference import Bench, Limit, Reading

SEED = 20_251_124
BLOCK = 10
"""Points that make one block of the mix, with 40 conditions."""
WINDOW_MS = 10_000
SAMPLING_MS = 1_000
_LIMITS = ((Condition.HIGH_HIGH, 2.5, 0), (Condition.HIGH, 1.8, 1_000), (Condition.LOW, -1.8, 0))
_DEADBAND, _OFF_DELAY_MS = 0.2, 0


@dataclass(frozen=True)
class Load:
    """*sweeps* readings of each point, one second apart, against four conditions per point on average."""

    limits: list[Limit]
    rules: Rules
    values: NDArray[np.float64]

    @property
    def evaluations(self) -> int:
        return len(self.values) * len(self.limits)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--points", type=int, default=100_000)
    parser.add_argument("--sweeps", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=3)


def measure(options: argparse.Namespace) -> dict[str, object]:
    """Ours and the peers in turn, best of the rounds."""
    load = make_load(options.points, options.sweeps)
    small = make_load(max(BLOCK, options.points // 500), min(options.sweeps, 30))
    plain_s, plain = _timed(run_python, small)
    if not run_ours(small) == run_numpy(small) == plain:
        raise RuntimeError("ours, numpy and plain Python disagree on transitions of the small load")
    ours: list[float] = []
    peers: list[float] = []
    found: set[tuple[int, int]] = set()
    for _ in range(options.rounds):
        for run, times in ((run_ours, ours), (run_numpy, peers)):
            seconds, transitions = _timed(run, load)
            times.append(seconds)
            found.add(transitions)
    if len(found) != 1:
        raise RuntimeError(f"ours and numpy disagree on transitions (number, sum of events): {found}")
    changes = next(iter(found))[0]
    share = changes / load.evaluations
    note = (
        f"{options.points} points, {len(load.limits)} conditions, {options.sweeps} sweeps, {changes} transitions "
        f"({share:.1%}) found by both, processor time, best of {options.rounds}"
    )
    per_s = load.evaluations / min(ours)
    return {
        "name": "rules",
        "machine": describe(),
        "figures": [
            figure(
                "evaluations_per_s_core",
                per_s,
                "1/s",
                "higher",
                peer="the same rules over whole columns in numpy",
                peer_value=load.evaluations / min(peers),
                note=note,
            ),
            figure(
                "evaluations_per_s_core_beside_python",
                per_s,
                "1/s",
                "higher",
                peer="the same rules in plain Python (science.signals.reference)",
                peer_value=small.evaluations / plain_s,
                note=f"the peer on {small.values.shape[1]} points and {len(small.values)} sweeps",
            ),
        ],
    }


def _timed(run: Callable[[Load], tuple[int, int]], load: Load) -> tuple[float, tuple[int, int]]:
    began = time.process_time()
    found = run(load)
    return time.process_time() - began, found


def make_load(points: int, sweeps: int) -> Load:
    """Signals that cross their limits now and then; the same for the same size."""
    random = np.random.default_rng(SEED)
    limits: list[Limit] = []
    for first in range(0, points - points % BLOCK, BLOCK):
        limits += _block(first, 4 * first)
    values = np.empty((sweeps, points))
    level = random.normal(0, 0.8, points)
    for sweep in range(sweeps):
        level = 0.8 * level + random.normal(0, 0.55, points)
        values[sweep] = np.where(np.arange(points) % BLOCK == BLOCK - 1, np.round(level), level)
    return Load(limits, _compiled(limits), values)


def _block(point: int, number: int) -> list[Limit]:
    """Forty conditions of ten points: 28 limits, 6 rates and durations, 4 combinations, 2 others."""
    made: list[Limit] = []

    def add(at: int, kind: Condition, threshold: float, **more: object) -> int:
        made.append(Limit(number + len(made), point + at, kind, threshold, **more))  # type: ignore[arg-type]
        return number + len(made) - 1

    def add_limit(at: int, which: int) -> int:
        kind, threshold, on_delay_ms = _LIMITS[which]
        figures = {"deadband": _DEADBAND, "on_delay_ms": on_delay_ms, "off_delay_ms": _OFF_DELAY_MS}
        return add(at, kind, threshold, **figures)

    for at in range(BLOCK):
        for which in range(3 if at < BLOCK - 2 else 2):
            add_limit(at, which)
    highs = [one.number for one in made if one.kind is Condition.HIGH]
    for at in range(3):
        add(at, Condition.RISING, 12.0, deadband=2.0, window_ms=WINDOW_MS)
        add(at + 3, Condition.LOW_LOW, -1.2, deadband=_DEADBAND, on_delay_ms=5_000)
    for pair in range(4):
        members = (highs[2 * pair], highs[2 * pair + 1])
        add(2 * pair, Condition.COMBINED, np.nan, needed=1 + pair % 2, members=members)
    add(BLOCK - 1, Condition.FROZEN, 0.0, window_ms=2_000, needed=3)
    add(BLOCK - 2, Condition.NO_DATA, np.nan, on_delay_ms=60_000)
    return made


def _compiled(limits: list[Limit]) -> Rules:
    return compile_rules(
        1,
        [one.number for one in limits],
        [one.point for one in limits],
        [KINDS.index(one.kind) for one in limits],
        [one.threshold for one in limits],
        [one.deadband for one in limits],
        [one.on_delay_ms for one in limits],
        [one.off_delay_ms for one in limits],
        window_ms=[one.window_ms for one in limits],
        needed=[one.needed for one in limits],
        members=[(member, one.number) for one in limits for member in one.members],
    )


def run_ours(load: Load) -> tuple[int, int]:
    """The product's step: number of transitions, and a sum that tells different ones apart."""
    state = new_state(load.rules)
    point = np.arange(load.values.shape[1], dtype=np.int32)
    quality = np.zeros(len(point), np.uint8)
    found, mark = 0, 0
    for sweep, values in enumerate(load.values):
        at = np.full(len(point), _moment(sweep), np.int64)
        changed = step(state, load.rules, Readings(point, at, at, values, quality))
        found += len(changed)
        mark += int((changed.event_ms * (2 * changed.condition.astype(np.int64) + changed.raised)).sum())
    return found, mark


def run_python(load: Load) -> tuple[int, int]:
    """The reference, reading by reading."""
    bench = Bench(load.limits)
    found, mark = 0, 0
    for sweep, values in enumerate(load.values.tolist()):
        at = _moment(sweep)
        for point, value in enumerate(values):
            for change in bench.read(Reading(point, at, value, arrived_ms=at)):
                found += 1
                mark += change.event_ms * (2 * change.number + change.raised)
    return found, mark


def run_numpy(load: Load) -> tuple[int, int]:
    """The peer: whole columns, one sweep after the other."""
    columns = _Columns(load.rules, load.values.shape[1])
    found, mark = 0, 0
    for sweep, values in enumerate(load.values):
        at = _moment(sweep)
        for rows, raised in columns.sweep(at, values):
            found += len(rows)
            told = 2 * load.rules.condition[rows].astype(np.int64) + raised
            mark += int((at * told).sum())
    return found, mark


def _moment(sweep: int) -> int:
    return SAMPLING_MS * (sweep + 1)


_Changed = tuple[NDArray[np.int64], NDArray[np.bool_]]
"""Rows that changed, and whether each now holds."""


class _Columns:
    """The rules by kind, each as columns; with the guards of event time, quality and latest values."""

    def __init__(self, rules: Rules, points: int) -> None:
        self.rules = rules
        self.active = np.zeros(len(rules), np.bool_)
        self._pending = np.full(len(rules), NEVER, np.int64)
        self._evaluated = np.full(points, NEVER, np.int64)
        self._latest_ms, self._latest = self._evaluated.copy(), np.full(points, np.nan)
        self._quality = np.zeros(points, np.uint8)

        def rows(*kinds: Condition) -> NDArray[np.int64]:
            return np.flatnonzero(np.isin(rules.kind, [KINDS.index(kind) for kind in kinds]))

        upper = (Condition.HIGH, Condition.HIGH_HIGH)
        self._limits = rows(*upper, Condition.LOW, Condition.LOW_LOW)
        self._sign = np.where(np.isin(self._limits, rows(*upper)), 1.0, -1.0)
        self._rising, self._frozen = rows(Condition.RISING), rows(Condition.FROZEN)
        self._silent = rows(Condition.NO_DATA)
        self._combined = rows(Condition.COMBINED)
        self._anchors: list[tuple[int, NDArray[np.float64]]] = []
        self._band_since = np.full(len(self._frozen), NEVER, np.int64)
        self._band_value = np.full(len(self._frozen), np.nan)
        self._band_count = np.zeros(len(self._frozen), np.int64)
        self._members = self._members_in_order()
        self._held = np.zeros(len(self._combined), np.int64)

    def sweep(self, at: int, values: NDArray[np.float64]) -> list[_Changed]:
        """What changes; combined conditions twice over, as the first of their points reads before the second."""
        newer = at >= self._latest_ms
        self._latest_ms[newer], self._latest[newer] = at, values[newer]
        usable = (self._quality != 2) & np.isfinite(values) & (at > self._evaluated)
        self._evaluated[usable] = at
        before = self.active.copy()
        changed = [
            self._sweep_limits(at, values, usable),
            self._sweep_rates(at, values, usable),
            self._sweep_frozen(at, values, usable),
            self._silent[self.active[self._silent]],
        ]
        self.active[changed[-1]] = False
        return [*((rows, self.active[rows]) for rows in changed), *self._sweep_combined(before)]

    def _sweep_limits(
        self, at: int, values: NDArray[np.float64], usable: NDArray[np.bool_]
    ) -> NDArray[np.int64]:
        rules, rows = self.rules, self._limits
        value, threshold = self._sign * values[rules.point[rows]], self._sign * rules.threshold[rows]
        normal = value < threshold - rules.deadband[rows]
        return self._delayed(rows, at, usable, np.where(self.active[rows], normal, value >= threshold))

    def _sweep_rates(
        self, at: int, values: NDArray[np.float64], usable: NDArray[np.bool_]
    ) -> NDArray[np.int64]:
        """All points read at the same times, so they share the times of their anchors."""
        rules, rows = self.rules, self._rising
        current = values[rules.point[rows]]
        old = [anchor for anchor in self._anchors if at - anchor[0] >= WINDOW_MS]
        if not self._anchors or 6 * (at - self._anchors[-1][0]) >= WINDOW_MS:
            self._anchors.append((at, current))
        if not old:
            return np.empty(0, np.int64)
        anchored_ms, anchored = old[-1]
        self._anchors = self._anchors[len(old) - 1 :]
        rate = (current - anchored) * 60_000 / (at - anchored_ms)
        falls = rate < rules.threshold[rows] - rules.deadband[rows]
        return self._delayed(
            rows, at, usable, np.where(self.active[rows], falls, rate >= rules.threshold[rows])
        )

    def _sweep_frozen(
        self, at: int, values: NDArray[np.float64], usable: NDArray[np.bool_]
    ) -> NDArray[np.int64]:
        """The load's bands have no width: a value stays, or it does not."""
        rules, rows = self.rules, self._frozen
        current = values[rules.point[rows]]
        anew = current != self._band_value
        self._band_since[anew], self._band_value[anew], self._band_count[anew] = at, current[anew], 0
        self._band_count += 1
        others = rows - rules.limits
        still = (self._band_count >= rules.needed[others]) & (
            at - self._band_since >= rules.window_ms[others]
        )
        return self._delayed(rows, at, usable, still != self.active[rows])

    def _delayed(
        self, rows: NDArray[np.int64], at: int, usable: NDArray[np.bool_], moving: NDArray[np.bool_]
    ) -> NDArray[np.int64]:
        considered = usable[self.rules.point[rows]]
        pending = self._pending[rows]
        pending[considered & ~moving] = NEVER
        moving = moving & considered
        pending[moving & (pending == NEVER)] = at
        delay = np.where(self.active[rows], self.rules.off_delay_ms[rows], self.rules.on_delay_ms[rows])
        flips = moving & (at - pending >= delay)
        pending[flips] = NEVER
        self._pending[rows] = pending
        self.active[rows[flips]] ^= True
        return rows[flips]

    def _members_in_order(self) -> NDArray[np.int64]:
        """The two members of each combined condition, that of the lower point first; shape (2, n)."""
        parents = np.repeat(np.arange(len(self.rules)), np.diff(self.rules.parent_first))
        order = np.lexsort((self.rules.point[parents], self.rules.parent))
        members: NDArray[np.int64] = parents[order].reshape(-1, 2).T
        return members

    def _sweep_combined(self, before: NDArray[np.bool_]) -> list[_Changed]:
        needed = self.rules.needed[self._combined - self.rules.limits]
        changed = []
        for members in self._members:
            self._held += self.active[members].astype(np.int64) - before[members]
            flips = (self._held >= needed) != self.active[self._combined]
            rows = self._combined[flips]
            self.active[rows] ^= True
            changed.append((rows, self.active[rows]))
        return changed
