"""The fast mode: the local-inertial approximation, which leaves out the advection of momentum.

Bates, Horritt & Fewtrell (2010) with the q-centred smoothing of de Almeida et al.
(2012): for slow floods over plains. No shocks, no supercritical flow; a dam break
belongs to the full equations.
"""

# mypy: disable-error-code="no-untyped-def,no-untyped-call"

from typing import Any

import numpy as np
from numpy.typing import NDArray

from anlan.science.flood.layout import Real
from anlan.science.flood.numerics import inverse_h73, kernel, larger, smaller, square_root, wide_vectors
from anlan.science.flood.physics import GRAVITY_M_S2
from anlan.science.flood.solver import ShallowWater
from anlan.science.flood.tiles import PAD

_SMOOTHING = 0.8
_AIMED = 0.7


@kernel
def _face_row(h, h2, z, z2, sill, before, here, after, rough, rough2, out, dt, lam, kept, k, n):
    """New discharge per width through the faces between cells and their neighbours (suffix 2)."""
    wide_vectors()
    for i in range(n):
        j = np.uint64(i)
        drop = (h2[j] - h[j]) + (z2[j] - z[j])
        deep = larger(larger(h[j] + z[j], h2[j] + z2[j]) - sill[j], k.zero)
        bar = kept * here[j] + k.half * (k.one - kept) * (before[j] + after[j])
        drag = k.half * (rough[j] + rough2[j]) * dt * larger(here[j], -here[j])
        slowed = k.one + drag * inverse_h73(larger(deep, k.dry), k.third, k.four_thirds)
        flow = (bar - k.g * deep * lam * drop) / slowed
        most = deep * square_root(k.g * deep)
        flow = larger(smaller(flow, most), -most)
        donor = h[j] if flow > k.zero else h2[j]
        out[j] = flow if donor > k.dry else k.zero


@kernel
def _share_row(h, west, east, north, south, share, lam, k, n):
    """How much of the outgoing water a cell really has: at most all of it."""
    wide_vectors()
    for i in range(n):
        j = np.uint64(i)
        leaving = larger(east[j], k.zero) - smaller(west[j], k.zero)
        leaving = lam * (leaving + larger(south[j], k.zero) - smaller(north[j], k.zero))
        part = h[j] / larger(leaving, k.tiny)
        share[j] = smaller(part, k.one)


@kernel
def _cell_row(
    h, west, east, north, south, own, at_west, at_east, at_north, at_south, kept_east, kept_south, p, q, lam, k,
    n, high,
):  # fmt: skip
    """Depths after the step, each flux cut to what its donor has; keeps the cut fluxes and their means."""
    wide_vectors()
    for i in range(n):
        j = np.uint64(i)
        w = west[j] * (at_west[j] if west[j] > k.zero else own[j])
        e = east[j] * (own[j] if east[j] > k.zero else at_east[j])
        a = north[j] * (at_north[j] if north[j] > k.zero else own[j])
        b = south[j] * (own[j] if south[j] > k.zero else at_south[j])
        depth = larger(h[j] - lam * (e - w + b - a), k.zero)
        h[j] = depth
        high = larger(high, depth)
        kept_east[j] = e
        kept_south[j] = b
        p[j] = k.half * (w + e)
        q[j] = k.half * (a + b)
    return high


@kernel
def _faces(
    h, z, sill_x, sill_y, qx, qy, new_x, new_y, rough, rough_step, edges, tiles, chosen, dt, lam, kept, k
):
    edges_x, edges_y = edges
    rows, columns = edges_x.shape[1], edges_y.shape[1]
    for t in range(len(chosen)):
        i0, i1, j0, j1 = tiles[chosen[t]]
        n = j1 - j0
        for i in range(i0, i1):
            r, s = i * rough_step, (i + 1) * rough_step
            _face_row(
                h[i, j0:j1], h[i, j0 + 1 : j1 + 1], z[i, j0:j1], z[i, j0 + 1 : j1 + 1], sill_x[i, j0:j1],
                qx[i, j0 - 1 : j1 - 1], qx[i, j0:j1], qx[i, j0 + 1 : j1 + 1], rough[r, j0:j1],
                rough[r, j0 + 1 : j1 + 1], new_x[i, j0:j1], dt, lam, kept, k, n,
            )  # fmt: skip
            _face_row(
                h[i, j0:j1], h[i + 1, j0:j1], z[i, j0:j1], z[i + 1, j0:j1], sill_y[i, j0:j1],
                qy[i - 1, j0:j1], qy[i, j0:j1], qy[i + 1, j0:j1], rough[r, j0:j1], rough[s, j0:j1],
                new_y[i, j0:j1], dt, lam, kept, k, n,
            )  # fmt: skip
            if j0 == 2:
                new_x[i, 1] = edges_x[0, i - 2]
            if j1 == columns + 2:
                new_x[i, columns + 1] = edges_x[3, i - 2]
            if i == 2:
                for j in range(j0, j1):
                    new_y[1, j] = edges_y[0, j - 2]
            if i == rows + 1:
                for j in range(j0, j1):
                    new_y[i, j] = edges_y[3, j - 2]


@kernel
def _shares(h, new_x, new_y, share, tiles, chosen, lam, k):
    for t in range(len(chosen)):
        i0, i1, j0, j1 = tiles[chosen[t]]
        for i in range(i0, i1):
            _share_row(
                h[i, j0:j1], new_x[i, j0 - 1 : j1 - 1], new_x[i, j0:j1], new_y[i - 1, j0:j1], new_y[i, j0:j1],
                share[i, j0:j1], lam, k, j1 - j0,
            )  # fmt: skip


@kernel
def _cells(h, new_x, new_y, share, qx, qy, p, q, tiles, chosen, highest, lam, k):
    for t in range(len(chosen)):
        i0, i1, j0, j1 = tiles[chosen[t]]
        high = k.zero
        for i in range(i0, i1):
            high = _cell_row(
                h[i, j0:j1], new_x[i, j0 - 1 : j1 - 1], new_x[i, j0:j1], new_y[i - 1, j0:j1], new_y[i, j0:j1],
                share[i, j0:j1], share[i, j0 - 1 : j1 - 1], share[i, j0 + 1 : j1 + 1], share[i - 1, j0:j1],
                share[i + 1, j0:j1], qx[i, j0:j1], qy[i, j0:j1], p[i, j0:j1], q[i, j0:j1], lam, k, j1 - j0, high,
            )  # fmt: skip
        highest[chosen[t]] = high


class LocalInertial(ShallowWater):
    """The solver's state and stepping with the local-inertial fluxes; same arguments, one thread."""

    def __init__(
        self, bed_m: NDArray[np.float64], cell_m: float, manning: Any = 0.03, **options: Any
    ) -> None:
        options.update(order=1, threads=1)
        super().__init__(bed_m, cell_m, manning, **options)
        self._flow = [[self.layout.zeros(self.dtype) for _ in range(2)] for _ in range(2)]
        self._share = np.ones(self.layout.shape, self.dtype)
        self.deepest_m = 0.0

    def rebuild_walls(self, faces: Any) -> None:
        """Sills of the faces: the higher bed, or the crest of a wall on it."""
        super().rebuild_walls(faces)
        self._sill_x, self._sill_y = self.bed.copy(), self.bed.copy()
        self._sill_x[:, :-1] = np.maximum(self.bed[:, :-1], self.bed[:, 1:])
        self._sill_y[:-1] = np.maximum(self.bed[:-1], self.bed[1:])
        for face in faces:
            sill, row, column = (
                (self._sill_x, face.row, face.column - 1)
                if face.west
                else (self._sill_y, face.row - 1, face.column)
            )
            crest = max(float(sill[row + PAD, column + PAD]), face.crest_m - self.datum_m)
            sill[row + PAD, column + PAD] = crest

    def _stable_s(self, speed: float) -> float:
        speed = max(speed, self._edges.speed_m_s, self.source_speed_m_s)
        return _AIMED * self.cell_m / speed if speed > 0 else np.inf

    def _attempt(self, dt: float) -> tuple[bool, float]:
        # the criterion is √(g h) of the deepest water before the step, known beforehand
        speed = float(np.sqrt(GRAVITY_M_S2 * max(float(self.highest.max()), 0.0)))
        if dt * speed > 1.0001 * _AIMED * self.cell_m:
            return False, speed
        active = np.flatnonzero(self._choose(self.wet_tiles))
        (qx, qy), (new_x, new_y) = self._flow
        h, p, q = self.padded
        real, k = self.dtype.type, self.k
        lam = real(dt / self.cell_m)
        self.cell_steps += len(active) * self.layout.tile_rows * self.layout.tile_columns
        _faces(
            h, self.bed, self._sill_x, self._sill_y, qx, qy, new_x, new_y, self.rough, self._rough_step,
            (self._edges.x, self._edges.y), self.tiles, active, real(dt), lam, real(_SMOOTHING), k,
        )  # fmt: skip
        _shares(h, new_x, new_y, self._share, self.tiles, active, lam, k)
        _cells(h, new_x, new_y, self._share, qx, qy, p, q, self.tiles, active, self.highest, lam, k)
        self._book_edges(qx, qy)
        return True, speed

    def _book_edges(self, qx: Real, qy: Real) -> None:
        """The net inflow as it was really taken: outflow is cut like that of any face."""
        rows, columns = self.layout.inner
        last_row, last_column = PAD + self.layout.rows - 1, PAD + self.layout.columns - 1
        west = np.where(self._edges.x[0] > 0, self._edges.x[0], self._edges.x[0] * self._share[rows, PAD])
        north = np.where(self._edges.y[0] > 0, self._edges.y[0], self._edges.y[0] * self._share[PAD, columns])
        net = west.sum(dtype=np.float64) + north.sum(dtype=np.float64)
        net -= qx[rows, last_column].sum(dtype=np.float64) + qy[last_row, columns].sum(dtype=np.float64)
        self._edges.net_inflow_m2_s = float(net)

    def _choose(self, wet: NDArray[np.bool_]) -> NDArray[np.bool_]:
        asleep = self._active.copy()
        active = super()._choose(wet)
        for i0, i1, j0, j1 in self.tiles[np.flatnonzero(asleep & ~active)]:
            for pair in self._flow:
                for part in pair:
                    part[i0:i1, j0:j1] = 0
        return active
