"""Water that enters and leaves between the steps: rain, soil, inflows, drains, culverts and weirs.

Each process books what it moved in cubic metres, in double precision, so that the
budget of a run closes whatever the precision of the state.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from anlan.science.flood.ground import curve_row, rain_row, settle_row, soak_row
from anlan.science.flood.infiltration import GreenAmptSoil
from anlan.science.flood.layout import Real
from anlan.science.flood.physics import DRY_M, GRAVITY_M_S2
from anlan.science.flood.rainfall import Rain
from anlan.science.flood.solver import ShallowWater
from anlan.science.flood.structures import Culvert, Drain, Inflow, Weir
from anlan.science.flood.tiles import PAD

INITIAL_ABSTRACTION = 0.2


@dataclass
class Booked:
    """Cubic metres since the beginning, positive where the name says."""

    rain_m3: float = 0.0
    infiltrated_m3: float = 0.0
    inflow_m3: float = 0.0
    drained_m3: float = 0.0

    @property
    def net_m3(self) -> float:
        return self.rain_m3 + self.inflow_m3 - self.infiltrated_m3 - self.drained_m3


@dataclass
class Ground:
    """Rain and soil over the whole grid; applied at intervals, so that f32 does not lose small increments."""

    solver: ShallowWater
    rain: Rain | None
    soil: GreenAmptSoil | None
    curve_number: NDArray[np.float64] | None
    interval_s: float
    booked: Booked
    _since_s: float = 0.0
    _soaked: Real = field(init=False)

    def __post_init__(self) -> None:
        layout, dtype = self.solver.layout, self.solver.dtype
        self._soaked = layout.zeros(np.dtype(dtype))
        self._share = layout.zeros(np.dtype(dtype))
        self._share[layout.inner] = 1.0 if self.rain is None or self.rain.share is None else self.rain.share
        self._storage = layout.zeros(np.dtype(dtype))
        if self.curve_number is not None:
            self._storage[layout.inner] = 25.4 / self.curve_number - 0.254
        self._share_total = float(self._share[layout.inner].sum(dtype=np.float64))

    def longest_s(self, now_s: float) -> float:
        """How far the next step may go."""
        change = self.rain.next_change_s(now_s) - now_s if self.rain else np.inf
        return min(self.interval_s, change) if self.rain or self.soil else np.inf

    def apply(self, now_s: float, *, at_once: bool = False) -> None:
        """Catch up to *now_s*, when the interval has passed or *at_once*."""
        span = now_s - self._since_s
        if not (self.rain or self.soil) or span <= 0 or (span < self.interval_s * 0.999 and not at_once):
            return
        before = self.rain.fallen_mm(self._since_s) / 1000 if self.rain else 0.0
        depth = (self.rain.fallen_mm(now_s) / 1000 if self.rain else 0.0) - before
        self._since_s = now_s
        area = self.solver.cell_m**2
        self.booked.rain_m3 += depth * self._share_total * area
        self._rows(before, depth, span)
        self.booked.infiltrated_m3 = (
            float(self._soaked[self.solver.layout.inner].sum(dtype=np.float64)) * area
        )
        self.solver.touched()

    def _rows(self, before: float, depth: float, span: float) -> None:
        solver, k = self.solver, self.solver.k
        real = solver.dtype.type
        n, first = solver.layout.columns, PAD
        h, p, q = solver.padded
        for i in range(PAD, PAD + solver.layout.rows):
            row = h[i, first : first + n]
            share, soaked = self._share[i, first : first + n], self._soaked[i, first : first + n]
            if self.curve_number is not None:
                storage = self._storage[i, first : first + n]
                curve_row(
                    row, soaked, share, storage, real(before), real(depth), real(INITIAL_ABSTRACTION), k, n
                )
            elif depth > 0:
                rain_row(row, share, real(depth), n)
            if self.soil is not None:
                conducted = real(self.soil.conductivity_m_s * span)
                soak_row(row, soaked, conducted, real(self.soil.pull_m), k, n)
            settle_row(row, p[i, first : first + n], q[i, first : first + n], k, n)


@dataclass
class Works:
    """Inflows, drains, culverts and weirs; applied after every step."""

    solver: ShallowWater
    inflows: Sequence[Inflow]
    drains: Sequence[Drain]
    links: Sequence[Weir | Culvert]
    booked: Booked

    @property
    def is_idle(self) -> bool:
        return not (self.inflows or self.drains or self.links)

    def speed_m_s(self, now_s: float) -> float:
        """How fast the inflows may spread: 4 (g q)^(1/3) for q per width of the cells that they enter."""
        widths = self.solver.cell_m
        flows = [abs(one.discharge(now_s)) / (len(one.cells) ** 0.5 * widths) for one in self.inflows]
        return float(4 * (GRAVITY_M_S2 * max(flows, default=0.0)) ** (1 / 3))

    def apply(self, now_s: float, dt: float) -> None:
        """What crosses in the step of *dt* that ended at *now_s*."""
        area, depth = self.solver.cell_m**2, self.solver.depth_m
        for one in self.inflows:
            volume = 0.5 * (one.discharge(now_s - dt) + one.discharge(now_s)) * dt
            rows, columns = np.asarray(one.cells).T
            depth[rows, columns] += volume / len(one.cells) / area
            self.booked.inflow_m3 += volume
            self.solver.touched(rows, columns)
        for drain in self.drains:
            taken = min(drain.capacity_m3_s * dt / area, max(float(depth[drain.cell]), 0.0))
            self.booked.drained_m3 += self._move(drain.cell, -taken) * -area
        for link in self.links:
            self._link(link, dt)

    def _link(self, link: Weir | Culvert, dt: float) -> None:
        solver, depth = self.solver, self.solver.depth_m
        bed = solver.bed[solver.layout.inner]
        one, other = (float(bed[cell] + depth[cell]) + solver.datum_m for cell in (link.one, link.other))
        source, target = (link.one, link.other) if one >= other else (link.other, link.one)
        wanted = abs(link.flow_m3_s(one, other)) * dt / solver.cell_m**2
        moved = min(wanted, 0.5 * abs(one - other), max(float(depth[source]), 0.0))
        self._move(source, -moved)
        self._move(target, moved)

    def _move(self, cell: tuple[int, int], change: float) -> float:
        """Change a depth; returns what it really changed by, in this precision."""
        solver = self.solver
        before = float(solver.depth_m[cell])
        solver.depth_m[cell] = max(before + change, 0.0)
        if solver.depth_m[cell] <= DRY_M:
            for part in solver.padded[1:]:
                part[cell[0] + PAD, cell[1] + PAD] = 0
        solver.touched([cell[0]], [cell[1]])
        return float(solver.depth_m[cell]) - before
