"""The solver keeps what water keeps: rest, mass, symmetry, and the result of a computation without short cuts."""

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from anlan.kernel.errors import Invalid
from anlan.science.flood import rows
from anlan.science.flood.edges import Edge, EdgeSegment
from anlan.science.flood.inertial import LocalInertial
from anlan.science.flood.layout import Layout
from anlan.science.flood.physics import GRAVITY_M_S2, constants
from anlan.science.flood.series import steady
from anlan.science.flood.solver import ShallowWater
from anlan.science.flood.structures import DikeBreach, wall_between

Raster = NDArray[np.float64]
FEW = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
seeds = st.integers(0, 2**32 - 1)
orders = st.sampled_from([1, 2])


def wild_bed(seed: int, shape: tuple[int, int] = (23, 41)) -> Raster:
    """Hills, pits and cliffs."""
    random = np.random.default_rng(seed)
    smooth = np.cumsum(np.cumsum(random.normal(0, 0.05, shape), 0), 1)
    return np.asarray(1100 + smooth + random.uniform(0, 1.5, shape), np.float64)


def puddles(seed: int, shape: tuple[int, int] = (23, 41)) -> Raster:
    random = np.random.default_rng(seed + 1)
    return np.asarray(random.uniform(0, 2, shape) * (random.uniform(0, 1, shape) > 0.5), np.float64)


def advance(solver: ShallowWater, steps: int) -> ShallowWater:
    for _ in range(steps):
        solver.step(5.0)
    return solver


@given(seeds, orders)
@FEW
def test_a_lake_with_islands_stays_at_rest(seed: int, order: int) -> None:
    bed = wild_bed(seed)
    level = float(np.quantile(bed, 0.7))
    solver = ShallowWater(bed, 10.0, 0.0, order=order)
    solver.set_state(np.maximum(level - bed, 0))
    advance(solver, 60)
    assert max(np.abs(part).max() for part in solver.velocity_m_s()) < 1e-12


@given(seeds, orders)
@FEW
def test_no_drop_is_lost_and_none_made_on_wild_terrain(seed: int, order: int) -> None:
    solver = ShallowWater(wild_bed(seed), 10.0, 0.03, order=order)
    solver.set_state(puddles(seed))
    began = solver.volume_m3
    advance(solver, 120)
    assert abs(solver.volume_m3 / began - 1) < 1e-12
    assert solver.depth_m.min() >= 0


@given(seeds)
@FEW
def test_the_fast_mode_keeps_the_mass_too(seed: int) -> None:
    solver = LocalInertial(wild_bed(seed), 10.0, 0.03)
    solver.set_state(puddles(seed))
    began = solver.volume_m3
    advance(solver, 120)
    assert abs(solver.volume_m3 / began - 1) < 1e-12
    assert solver.depth_m.min() >= 0


@pytest.mark.parametrize(
    "turn", [np.fliplr, np.flipud, np.rot90], ids=["east-west", "north-south", "quarter turn"]
)
@pytest.mark.parametrize("order", [1, 2])
def test_a_flood_on_turned_terrain_is_the_turned_flood(turn: Any, order: int) -> None:
    bed, depth = wild_bed(5, (24, 24)), puddles(5, (24, 24))
    results = []
    for z, h in ((bed, depth), (turn(bed), turn(depth))):
        solver = ShallowWater(np.ascontiguousarray(z), 10.0, 0.03, order=order)
        solver.set_state(h)
        results.append(np.array(advance(solver, 40).depth_m))
    assert np.abs(turn(results[0]) - results[1]).max() < 1e-11


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("threads", [1, 2])
def test_leaving_out_dry_tiles_changes_not_a_bit(order: int, threads: int) -> None:
    bed = wild_bed(9, (70, 90)) + 0.05 * np.arange(90)
    depth = np.zeros((70, 90))
    depth[30:40, 80:88] = 3.0
    results = []
    for skip in (True, False):
        layout = Layout(70, 90, 16, 16)
        solver = ShallowWater(bed, 10.0, 0.03, order=order, skip_dry=skip, layout=layout, threads=threads)
        solver.set_state(depth)
        advance(solver, 150)
        results.append(
            (solver.time_s, *(np.array(part[layout.inner]) for part in solver.padded), solver.cell_steps)
        )
    first, second = results
    assert first[0] == second[0]
    assert all(np.array_equal(a, b) for a, b in zip(first[1:4], second[1:4], strict=True))
    assert first[4] < 0.7 * second[4], "the short cut must really skip"


def test_the_loop_for_deep_water_finds_the_fluxes_of_the_general_one() -> None:
    random = np.random.default_rng(5)
    cells = [
        np.stack([random.uniform(2.1, 4, 64), *random.uniform(-8, 8, (2, 64)), random.uniform(0, 2, 64)])
        for _ in range(2)
    ]
    found = []
    for loop in (rows.faces, rows.deep_faces):
        fluxes = np.zeros((4, 64))
        top = loop(*cells[0], *cells[1], *fluxes, constants(np.dtype(float)), 64, 0.0)
        found.append((top, fluxes))
    assert found[0][0] == pytest.approx(found[1][0], rel=1e-13)
    assert np.allclose(found[0][1], found[1][1], rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(("order", "courant"), [(1, 0.8), (2, 0.55)])
def test_closed_edges_do_not_shorten_the_step_of_still_water(order: int, courant: float) -> None:
    solver = ShallowWater(np.zeros((5, 7)), 10.0, order=order)
    solver.set_state(2.0)
    wave_m_s = np.sqrt(GRAVITY_M_S2 * 2.0)
    assert solver.step(100.0) == pytest.approx(courant * 10.0 / (2 * wave_m_s), rel=1e-12)


@pytest.mark.parametrize("kind", [Edge.OPEN, Edge.CRITICAL, Edge.NORMAL])
def test_what_leaves_through_an_edge_is_what_the_grid_lost(kind: Edge) -> None:
    bed = np.repeat(0.01 * np.arange(40)[None], 6, 0)
    series = steady(0.01) if kind is Edge.NORMAL else None
    solver = ShallowWater(bed, 10.0, 0.03, edges=(EdgeSegment("west", kind, series=series),))
    solver.set_state(np.full(bed.shape, 0.4))
    began = solver.volume_m3
    advance(solver, 200)
    assert solver.budget.edges_m3 < -0.1 * began
    assert abs(solver.volume_m3 - began - solver.budget.edges_m3) < 1e-10 * began


def test_a_discharge_enters_in_full() -> None:
    solver = ShallowWater(
        np.repeat(-0.001 * np.arange(30)[None], 4, 0), 10.0, 0.03,
        edges=(EdgeSegment("west", Edge.DISCHARGE, series=steady(12.0)),),
    )  # fmt: skip
    while solver.time_s < 100.0:
        solver.step(100.0 - solver.time_s)
    assert solver.volume_m3 == pytest.approx(1200.0, rel=1e-12)


def test_single_precision_resolves_a_millimetre_on_a_high_plateau() -> None:
    bed = np.full((8, 40), 3000.0)
    depth = np.zeros(bed.shape)
    depth[:, :20] = 0.002
    pair = []
    for dtype in (np.float32, np.float64):
        solver = ShallowWater(bed, 1.0, 0.0, dtype=dtype)
        solver.set_state(depth)
        pair.append(np.array(advance(solver, 60).depth_m, np.float64))
    assert np.abs(pair[0] - pair[1]).max() < 1e-6


def test_what_no_water_can_run_over_is_refused() -> None:
    flat, hole = np.zeros((4, 5)), np.zeros((4, 5))
    hole[1, 2] = np.nan
    for bed, cell, manning in ((hole, 10.0, 0.03), (flat, 0.0, 0.03), (flat, 10.0, -0.03)):
        with pytest.raises(Invalid):
            ShallowWater(bed, cell, manning)
    for state in ((-1.0,), (np.nan,), (1.0, np.nan), (1.0, 0.0, np.inf)):
        with pytest.raises(Invalid):
            ShallowWater(flat, 10.0).set_state(*state)


def test_a_wall_holds_the_water_until_the_dike_breaks() -> None:
    bed = np.zeros((12, 40))
    dike = wall_between((0, 20), (11, 20), 2.0)
    solver = ShallowWater(bed, 5.0, 0.03, walls=dike)
    depth = np.zeros(bed.shape)
    depth[:, :20] = 1.5
    solver.set_state(depth)
    advance(solver, 50)
    assert solver.depth_m[:, 20:].max() == 0.0
    assert max(np.abs(part).max() for part in solver.velocity_m_s()) < 1e-12
    breach = DikeBreach(dike[5:7], 0.0, 0.0, 60.0)
    solver.rebuild_walls([*dike[:5], *dike[7:], *breach.at(1e9)])
    advance(solver, 50)
    assert solver.depth_m[5:7, 20].min() > 0.05 and solver.volume_m3 == pytest.approx(
        1.5 * 240 * 25, rel=1e-12
    )


def test_water_above_the_crest_goes_over_it() -> None:
    solver = ShallowWater(np.zeros((4, 30)), 5.0, 0.03, walls=wall_between((0, 15), (3, 15), 1.0))
    depth = np.zeros((4, 30))
    depth[:, :15] = 1.5
    solver.set_state(depth)
    advance(solver, 400)
    assert solver.depth_m[:, 15:].max() > 0.05
    assert solver.depth_m[:, :15].min() > 0.9


def test_faster_water_reaches_the_far_end_sooner() -> None:
    arrivals = []
    for manning in (0.02, 0.06):
        solver = ShallowWater(np.zeros((3, 60)), 5.0, manning)
        depth = np.zeros((3, 60))
        depth[:, :20] = 2.0
        solver.set_state(depth)
        while solver.depth_m[1, 50] < 0.01:
            solver.step(1.0)
        arrivals.append(solver.time_s)
    assert arrivals[0] < arrivals[1]
