"""Runs in a straight channel, three cells wide, that several cases share."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from anlan.science.flood.edges import EdgeSegment
from anlan.science.flood.solver import ShallowWater

Floats = NDArray[np.float64]


def centres(length_m: float, cells: int) -> Floats:
    """Where the cells of a channel lie, from its west end."""
    return np.asarray((np.arange(cells) + 0.5) * length_m / cells, np.float64)


def across(line: Floats, rows: int = 3) -> Floats:
    """*line* for each of the rows."""
    return np.repeat(line[None], rows, axis=0)


def dam_break(
    left_m: float, right_m: float, *, length_m: float, cells: int, until_s: float, order: int
) -> Floats:
    """Depths along a flat channel after the dam in its middle went."""
    x = centres(length_m, cells)
    solver = ShallowWater(np.zeros((3, cells)), length_m / cells, order=order)
    solver.set_state(across(np.where(x < length_m / 2, left_m, right_m)))
    run_until(solver, until_s)
    return np.array(solver.depth_m[1], np.float64)


def steady(
    bed: Floats,
    cell_m: float,
    start_m: Floats,
    q_m2_s: float,
    edges: Sequence[EdgeSegment],
    *,
    until_s: float,
    manning: float,
    order: int = 2,
) -> tuple[Floats, Floats]:
    """Depths and discharges per width along a channel at *until_s*, begun with these depths and discharge."""
    solver = ShallowWater(across(bed), cell_m, manning, edges=edges, order=order)
    solver.set_state(across(start_m), across(q_m2_s / start_m))
    run_until(solver, until_s)
    east, _ = solver.velocity_m_s()
    return np.array(solver.depth_m[1]), np.array(solver.depth_m[1] * east[1])


def run_until(
    solver: ShallowWater, until_s: float, watch: Callable[[ShallowWater], Any] | None = None
) -> None:
    """Step to *until_s*."""
    while solver.time_s < until_s * (1 - 1e-12):
        solver.step(until_s - solver.time_s)
        if watch is not None:
            watch(solver)


def relative_l1(ours: Floats, exact: Floats) -> float:
    """The sum of the errors over the sum of the exact values."""
    return float(np.abs(ours - exact).sum() / np.abs(exact).sum())
