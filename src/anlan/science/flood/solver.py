"""The 2-D shallow-water solver: state, time step, budget of water.

Godunov finite volumes on a raster: HLLC fluxes shared by the two cells of a face,
well-balanced on any bed, implicit Manning friction, wet and dry. First order, or
second order by limited slopes and the strong-stability-preserving Runge-Kutta
method of Shu & Osher (1988). A step that would empty a cell below nothing is taken
again with half its length, so that water is never clipped away.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from anlan.science.flood.checks import number, numbers
from anlan.science.flood.edges import SIDES, Edge, EdgeSegment, conveyance_shares, edge_fluxes, surround
from anlan.science.flood.layout import Layout, Real, WallFace, steepest_rows, wall_rows
from anlan.science.flood.physics import DRY_M, GRAVITY_M_S2, constants
from anlan.science.flood.stages import average_tiles
from anlan.science.flood.tiles import SCRATCH_ROWS, SPARE, advance_first, advance_second

_AIMED = {1: 0.8, 2: 0.55}
_ALLOWED = {1: 0.95, 2: 0.65}
_TRIES = 40


@dataclass
class Budget:
    """Cubic metres that have crossed the edges inwards (net) and were put in or taken out by sources."""

    edges_m3: float = 0.0
    sources_m3: float = 0.0


class ShallowWater:
    """State and stepping of one grid.

    *bed_m* (rows, columns) with row 0 north; *manning* n in s/m^(1/3), a number or a
    raster; *edges* are closed where no segment says otherwise. *dtype* float32 or
    float64: beds are kept as offsets from the lowest one, so that f32 resolves
    depths of a millimetre on any mountain. *skip_dry* leaves out tiles that no
    water can reach in a step: the result is the same to the last bit. Raises `Invalid`
    for a bed, cell or roughness that no water can run over.
    """

    def __init__(
        self,
        bed_m: NDArray[np.float64],
        cell_m: float,
        manning: ArrayLike = 0.0,
        *,
        edges: Sequence[EdgeSegment] = (),
        walls: Sequence[WallFace] = (),
        dtype: Any = np.float64,
        order: int = 1,
        threads: int = 1,
        skip_dry: bool = True,
        layout: Layout | None = None,
    ) -> None:
        numbers(bed_m, "河床高程", "The bed")
        self.dtype, self.order, self.cell_m = (
            np.dtype(dtype),
            order,
            number(cell_m, "网格", "The cell", above=0),
        )
        self.layout = layout or Layout(*bed_m.shape)
        self.skip_dry, self.threads = skip_dry, threads
        self.datum_m = float(bed_m.min())
        self.k = constants(self.dtype)
        self.bed = self._padded(bed_m - self.datum_m)
        surround(self.bed, *bed_m.shape)
        self._deep = steepest_rows(self.bed, self.layout) + 2 * self.k.dry
        self._state = [[self.layout.zeros(self.dtype) for _ in range(3)] for _ in range(order + 1)]
        self.tiles = self.layout.tiles
        self.highest = np.zeros(len(self.tiles), self.dtype)
        self._active = np.zeros(len(self.tiles), np.bool_)
        self._stirred = np.zeros(len(self.tiles), np.bool_)
        self._set_roughness(numbers(manning, "糙率", "Manning's n", low=0))
        self._edges = _Sides(edges, self)
        self.walls_of = list(walls)
        self.rebuild_walls(self.walls_of)
        width = min(self.layout.tile_columns, self.layout.shape[1]) + SPARE + 16
        self._scratch = [np.zeros((SCRATCH_ROWS, width), self.dtype) for _ in range(threads)]
        self._pool = ThreadPoolExecutor(threads) if threads > 1 else None
        self.time_s, self.steps, self.rejected, self.cell_steps = 0.0, 0, 0, 0
        self.budget = Budget()
        self._speed, self._caution = 0.0, 1.0
        self.source_speed_m_s = 0.0

    # -- state -----------------------------------------------------------------------------------------
    @property
    def padded(self) -> list[Real]:
        """Depth (m) and the momenta east and south (m²/s), padded; what sources may write."""
        return self._state[0]

    @property
    def depth_m(self) -> Real:
        """A view of the depths, (rows, columns)."""
        return self._state[0][0][self.layout.inner]

    def velocity_m_s(self) -> tuple[Real, Real]:
        """Velocities east and north, zero where dry."""
        h, p, q = (part[self.layout.inner] for part in self._state[0])
        safe = np.where(h > DRY_M, h, 1)
        return np.where(h > DRY_M, p / safe, 0), np.where(h > DRY_M, -q / safe, 0)

    def set_state(self, depth_m: ArrayLike, east_m_s: ArrayLike = 0.0, north_m_s: ArrayLike = 0.0) -> None:
        """Begin from these depths and velocities. Raises `Invalid` where one is unknown or a depth negative."""
        numbers(east_m_s, "流速", "The velocity")
        numbers(north_m_s, "流速", "The velocity")
        h, p, q = self._state[0]
        inner = self.layout.inner
        h[inner] = numbers(depth_m, "水深", "The depth", low=0)
        p[inner] = np.where(h[inner] > DRY_M, h[inner] * np.asarray(east_m_s), 0)
        q[inner] = np.where(h[inner] > DRY_M, -h[inner] * np.asarray(north_m_s), 0)
        for other in self._state[1:]:
            for part, own in zip(other, self._state[0], strict=True):
                part[:] = own
        self.touched()

    def touched(self, rows: ArrayLike | None = None, columns: ArrayLike | None = None) -> None:
        """Say that sources changed depths, in these cells or anywhere."""
        if rows is not None and columns is not None:
            r, c = np.asarray(rows, np.int64), np.asarray(columns, np.int64)
            tile = r // self.layout.tile_rows * self.layout.tile_shape[1] + c // self.layout.tile_columns
            np.maximum.at(self.highest, tile, self.depth_m[r, c])
            self._stirred[tile] = True
            return
        self._stirred[:] = True
        for index, (i0, i1, j0, j1) in enumerate(self.tiles):
            self.highest[index] = self._state[0][0][i0:i1, j0:j1].max()

    @property
    def volume_m3(self) -> float:
        return float(self.depth_m.sum(dtype=np.float64)) * self.cell_m**2

    @property
    def wet_tiles(self) -> NDArray[np.bool_]:
        return np.asarray(self.highest > self.k.dry)

    # -- stepping --------------------------------------------------------------------------------------
    def step(self, longest_s: float) -> float:
        """Advance by one step of at most *longest_s*; returns its length in s."""
        self._edges.refresh(self.time_s, self)
        dt = min(longest_s, self._stable_s(self._speed))
        for _ in range(_TRIES):
            accepted, speed = self._attempt(dt)
            if accepted:
                self._speed = speed
                self._stirred[:] = False
                self._caution = min(1.0, self._caution * 1.05)
                self.time_s += dt
                self.steps += 1
                self.budget.edges_m3 += self._edges.net_inflow_m2_s * self.cell_m * dt
                return dt
            self.rejected += 1
            fits = self._stable_s(speed)
            if fits >= dt:
                self._caution *= 0.7
                fits = 0.5 * dt
            self._speed, dt = speed, min(fits, longest_s)
        raise FloatingPointError(f"no stable step at {self.time_s} s: {speed} m/s, last tried {dt} s")

    def _stable_s(self, speed: float) -> float:
        speed = max(speed, self._edges.speed_m_s, self.source_speed_m_s)
        aimed = _AIMED[self.order] * self._caution
        return aimed * self.cell_m / speed if speed > 0 else np.inf

    def _attempt(self, dt: float) -> tuple[bool, float]:
        """One try; on success the new state is in place. Also the speed that limits the step."""
        if self.order == 1:
            return self._attempt_first(dt)
        return self._attempt_second(dt)

    def _attempt_first(self, dt: float) -> tuple[bool, float]:
        active = self._choose(self.wet_tiles)
        highest = self.highest.copy()
        speed, least = self._advance(advance_first, 0, 1, np.flatnonzero(active), highest, dt)
        if not self._acceptable(speed, least, dt):
            return False, speed
        self.highest = highest
        self._state.reverse()
        return True, speed

    def _attempt_second(self, dt: float) -> tuple[bool, float]:
        active = self._choose(self.wet_tiles)
        highest = self.highest.copy()
        speed, least = self._advance(advance_second, 0, 1, np.flatnonzero(active), highest, dt)
        if not self._acceptable(speed, least, dt):
            return False, speed
        first_edges = self._edges.net_inflow_m2_s
        both = active | (self.layout.near(highest > self.k.dry) if self.skip_dry else True)
        self._edges.refresh(self.time_s + dt, self, self._state[1])
        later, least = self._advance(advance_second, 1, 2, np.flatnonzero(both), highest, dt)
        if not self._acceptable(later, least, dt):
            self._copy(np.flatnonzero(both & ~active), 0, (1, 2))
            self._edges.refresh(self.time_s, self)
            return False, max(speed, later)
        self._edges.net_inflow_m2_s = 0.5 * (first_edges + self._edges.net_inflow_m2_s)
        average_tiles(*self._state[0], *self._state[2], self.tiles, np.flatnonzero(both), highest, self.k)
        self._active = both
        self.highest = highest
        self._state = [self._state[2], self._state[0], self._state[1]]
        return True, max(speed, later)

    def _acceptable(self, speed: float, least: float, dt: float) -> bool:
        return bool(dt * speed <= _ALLOWED[self.order] * self.cell_m) and least >= 0

    def _choose(self, wet: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """The tiles to advance; those that fall asleep get the present state into every buffer."""
        active = self.layout.near(wet) if self.skip_dry else np.ones_like(wet)
        # a source may have left less than a film in a sleeping tile: every buffer must get it
        active |= self._edges.tiles | self._stirred
        self._copy(np.flatnonzero(self._active & ~active), 0, range(1, len(self._state)))
        self._active = active
        return active

    def _copy(self, tiles: NDArray[np.int64], source: int, targets: Sequence[int] | range) -> None:
        for i0, i1, j0, j1 in self.tiles[tiles]:
            for target in targets:
                for part, own in zip(self._state[target], self._state[source], strict=True):
                    part[i0:i1, j0:j1] = own[i0:i1, j0:j1]

    def _advance(
        self, advance: Any, source: int, target: int, chosen: NDArray[np.int64], highest: Real, dt: float
    ) -> tuple[float, float]:
        lam, step = self.dtype.type(dt / self.cell_m), self.dtype.type(dt)

        def run(part: Any, scratch: Any) -> Any:  # written out, its types would be built anew at every step
            return advance(
                *self._state[source], self.bed, *self._state[target], self.rough, self._rough_step, self.walls,
                self._edges.x, self._edges.y, self.tiles, self._deep, part, highest, scratch, lam, step, self.k,
            )  # fmt: skip

        self.cell_steps += len(chosen) * self.layout.tile_rows * self.layout.tile_columns
        if self._pool is None or len(chosen) < 2 * self.threads:
            found = [run(chosen, self._scratch[0])]
        else:
            found = list(self._pool.map(run, np.array_split(chosen, self.threads), self._scratch))
        speeds = max(one[0] for one in found) + max(one[1] for one in found)
        return float(speeds), float(min(one[2] for one in found))

    # -- set-up ----------------------------------------------------------------------------------------
    def rebuild_walls(self, faces: Sequence[WallFace]) -> None:
        """Stand these walls and no others."""
        self.walls = wall_rows(faces, self.layout, self.datum_m, self.dtype)

    def _padded(self, values: ArrayLike) -> Real:
        out = self.layout.zeros(self.dtype)
        out[self.layout.inner] = values
        return out

    def _set_roughness(self, manning: NDArray[np.float64]) -> None:
        """g·n² per cell, or one row of it for all."""
        self.manning = np.broadcast_to(manning, (self.layout.rows, self.layout.columns))
        drag = GRAVITY_M_S2 * manning**2
        if manning.ndim == 0:
            self.rough: Real = np.full((1, self.layout.shape[1]), drag, self.dtype)
            self._rough_step = 0
        else:
            self.rough, self._rough_step = self._padded(drag), 1


class _Sides:
    """The segments of the four edges, and their fluxes as the tiles want them."""

    def __init__(self, segments: Sequence[EdgeSegment], solver: ShallowWater) -> None:
        rows, columns = solver.layout.rows, solver.layout.columns
        self.x, self.y = np.zeros((6, rows), solver.dtype), np.zeros((6, columns), solver.dtype)
        self.net_inflow_m2_s, self.speed_m_s = 0.0, 0.0
        self.segments = tuple(segments)
        self._length = {"west": rows, "east": rows, "north": columns, "south": columns}
        shape = (len(SIDES), max(rows, columns))
        self._kinds, self._values = np.zeros(shape, np.int64), np.zeros(shape)
        self._given, self._manning = np.zeros(shape), np.ones(shape)
        self.tiles = np.zeros(len(solver.tiles), np.bool_)
        for index, side in enumerate(SIDES):
            line = np.maximum(solver.manning[_inner_line(side)], 1e-4)
            self._manning[index, : len(line)] = line
        for one in self.segments:
            index = SIDES.index(one.side)
            self._kinds[index, one.first : one.last] = int(one.kind)
            self._given[index, one.first : one.last] = one.depth_m
            if one.kind in (Edge.STAGE, Edge.DISCHARGE):
                self._wake(one, solver)

    def _wake(self, one: EdgeSegment, solver: ShallowWater) -> None:
        """Tiles along an inflow are never left out."""
        for cell in range(self._length[one.side])[one.first : one.last]:
            row = cell if one.side in ("west", "east") else (0 if one.side == "north" else -1)
            column = cell if one.side in ("north", "south") else (0 if one.side == "west" else -1)
            self.tiles[solver.layout.tile_of(row % solver.layout.rows, column % solver.layout.columns)] = True

    def refresh(self, time_s: float, solver: ShallowWater, state: list[Real] | None = None) -> None:
        """The fluxes at *time_s* of the present (or the given) state."""
        h, p, q = state or solver.padded
        for one in self.segments:
            if one.series is not None:
                self._evaluate(one, one.series(time_s), h, solver)
        self.net_inflow_m2_s, most = edge_fluxes(
            h, p, q, solver.bed, self._kinds, self._values, self._given, self._manning, self.x, self.y
        )
        # a critical inflow of q m²/s moves at u + c = 2 (g q)^(1/3), and so fast it may spread across
        self.speed_m_s = 4 * (GRAVITY_M_S2 * most) ** (1 / 3)

    def _evaluate(self, one: EdgeSegment, now: float, h: Real, solver: ShallowWater) -> None:
        value = self._values[SIDES.index(one.side), : self._length[one.side]]
        part = slice(one.first, one.last)
        if one.kind is Edge.STAGE:
            value[part] = now - solver.datum_m
        elif one.kind is Edge.DISCHARGE:
            depth = h[solver.layout.inner][_inner_line(one.side)].astype(np.float64)
            value[part] = now / solver.cell_m * conveyance_shares(depth[part])
        else:
            value[part] = now


def _inner_line(side: str) -> Any:
    return {
        "west": np.s_[:, 0],
        "east": np.s_[:, -1],
        "north": np.s_[0, :],
        "south": np.s_[-1, :],
    }[side]
