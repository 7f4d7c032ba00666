"""The solvers beside exact solutions of the shallow-water equations."""

from collections.abc import Iterator

import numpy as np

from anlan.kernel.fields import Grid
from anlan.kernel.validation import Case, Certainty
from anlan.science.flood import analytic
from anlan.science.flood.breach import Hydrograph
from anlan.science.flood.edges import Edge, EdgeSegment
from anlan.science.flood.infiltration import GreenAmptSoil
from anlan.science.flood.rainfall import uniform
from anlan.science.flood.run import run, run_fast
from anlan.science.flood.scenario import FloodScenario, Precision, Scheme
from anlan.science.flood.series import Level
from anlan.science.flood.series import steady as held
from anlan.science.flood.solver import ShallowWater
from anlan.science.flood.structures import Inflow
from anlan.science.flood.validation.channels import (
    Floats,
    across,
    centres,
    dam_break,
    relative_l1,
    run_until,
    steady,
)

_MODEL, _FAST = "flood.shallow_water_2d", "flood.local_inertial"
_SURE = Certainty.SURE


def cases() -> Iterator[Case]:
    yield from _dam_breaks()
    yield from _bowls()
    yield from _at_rest()
    yield from _bump_flows()
    yield _macdonald()
    yield from _rain_on_a_plane()
    yield from _budgets()
    yield from _ea_first()


def _dam_breaks() -> Iterator[Case]:
    length, cells, until = 10.0, 500, 6.0
    x = centres(length, cells)
    for order, bound in ((1, 0.01), (2, 0.005)):
        ours = dam_break(0.005, 0.001, length_m=length, cells=cells, until_s=until, order=order)
        exact, _ = analytic.stoker(x, until, 0.005, 0.001, 5.0)
        name = f"Stoker, order {order}"
        yield _case(f"{name}: L1 of the depth", "Stoker 1957", 0.0, relative_l1(ours, exact), "", bound)
        middle = 0.5 * (0.001 + 2.53936e-3)
        shock = float(x[np.flatnonzero(ours > middle)[-1]] + length / cells / 2)
        yield _case(f"{name}: place of the shock", "Stoker 1957", 6.25978, shock, "m", 2 * length / cells)
        plateau = float(ours[(x > 5.1) & (x < 6.0)].mean())
        yield _case(f"{name}: depth behind the shock", "Stoker 1957", 2.53936e-3, plateau, "m", 2e-5)
        ours = dam_break(0.005, 0.0, length_m=length, cells=cells, until_s=until, order=order)
        exact, _ = analytic.ritter(x, until, 0.005, 5.0)
        yield _case(f"Ritter, order {order}: L1", "Ritter 1892", 0.0, relative_l1(ours, exact), "", bound)
        at_dam = float(0.5 * (ours[cells // 2 - 1] + ours[cells // 2]))
        yield _case(f"Ritter, order {order}: depth at the dam", "Ritter 1892", 2.22222e-3, at_dam, "m", 6e-5)


def _bowls() -> Iterator[Case]:
    x, y, bed, cell = _bowl(200)
    period = analytic.thacker_period_s(1.0, 0.1, planar=True)
    yield _case("Thacker, planar: period", "Thacker 1981", 4.48570, period, "s", 1e-4)
    start = analytic.thacker_planar(x, y, 0.0, 1.0, 0.1, 0.5)
    solver = ShallowWater(bed, cell, order=2)
    solver.set_state(*start)
    run_until(solver, 3 * period)
    error = relative_l1(np.asarray(solver.depth_m), start[0])
    yield _case("Thacker, planar: L1 after 3 periods at 200²", "Thacker 1981", 0.0, error, "", 0.03)
    x, y, bed, cell = _bowl(100)
    start = analytic.thacker_radial(x, y, 0.0, 1.0, 0.1, 0.8)
    solver = ShallowWater(bed, cell, order=2)
    solver.set_state(*start)
    period = analytic.thacker_period_s(1.0, 0.1, planar=False)
    run_until(solver, period)
    error = relative_l1(np.asarray(solver.depth_m), start[0])
    yield _case("Thacker, radial: L1 after 1 period at 100²", "Thacker 1981", 0.0, error, "", 0.04)


def _bowl(size: int) -> tuple[Floats, Floats, Floats, float]:
    """Coordinates about the middle of a square of 4 m, the bed, the cell."""
    cell = 4.0 / size
    at = (np.arange(size) + 0.5) * cell - 2.0
    x, y = np.meshgrid(at, at[::-1])
    return x, y, analytic.bowl(x, y, 1.0, 0.1), cell


def _at_rest() -> Iterator[Case]:
    x = centres(25.0, 200)
    bed = analytic.bump(x)
    for order in (1, 2):
        for name, level in (("drowned", 0.5), ("an island", 0.1)):
            solver = ShallowWater(across(bed), 0.125, order=order)
            solver.set_state(across(np.maximum(level - bed, 0)))
            run_until(solver, 5.0)
            fastest = max(float(np.abs(part).max()) for part in solver.velocity_m_s())
            yield _case(
                f"Lake at rest over the bump, {name}, order {order}", "exact", 0.0, fastest, "m/s", 1e-12
            )


def _bump_flows() -> Iterator[Case]:
    cells = 125
    cell = 25.0 / cells
    x = centres(25.0, cells)
    bed = analytic.bump(x)
    source = "Goutal & Maurel 1997; Bernoulli"
    for name, q, leaving, until in (
        ("subcritical", 4.42, 2.0, 50.0), ("transcritical", 1.53, None, 50.0), ("with a jump", 0.18, 0.33, 200.0),
    ):  # fmt: skip
        exact = analytic.bump_flow(x, q, leaving)
        out = (
            EdgeSegment("east", Edge.OPEN)
            if leaving is None
            else EdgeSegment("east", Edge.STAGE, series=held(leaving))
        )
        into = EdgeSegment("west", Edge.DISCHARGE, series=held(q * 3 * cell))
        start = np.maximum((leaving or 0.66) - bed, 0.05)
        depth, flow = steady(bed, cell, start, q, (into, out), until_s=until, manning=0.0)
        yield _case(f"Bump, {name}: L1 of the depth", source, 0.0, relative_l1(depth, exact), "", 0.01)
        away = np.ones(cells, bool) if leaving != 0.33 else (x < 11) | (x > 13)
        worst = float(np.abs(flow[away] / q - 1).max())
        yield _case(f"Bump, {name}: discharge uniform", source, 0.0, worst, "", 0.01)


def _macdonald() -> Case:
    x = centres(1000.0, 100)
    depth, bed = analytic.macdonald(x)
    leaving = float(analytic.macdonald(np.array([1000.0]))[0][0])
    edges = (
        EdgeSegment("west", Edge.DISCHARGE, series=held(2.0 * 3 * 10.0)),
        EdgeSegment("east", Edge.STAGE, series=held(leaving)),
    )
    ours, _ = steady(bed, 10.0, depth, 2.0, edges, until_s=900.0, manning=0.033)
    return _case(
        "MacDonald, subcritical with friction: L1",
        "MacDonald et al. 1997",
        0.0,
        relative_l1(ours, depth),
        "",
        0.01,
    )


def _rain_on_a_plane() -> Iterator[Case]:
    """Kinematic wave before the equilibrium: q = α (R t)^(5/3) at the outlet, α = √S/n."""
    rain, slope, manning, width = 60e-3 / 3600, 0.01, 0.035, 3 * 10.0
    until = 3600.0
    target = width * np.sqrt(slope) / manning * rain ** (5 / 3) * until ** (8 / 3) * 3 / 8
    grid = Grid(3, 200, 10.0, 0.0, 30.0, "local:106,38")
    for scheme, model, bound in ((Scheme.SECOND_ORDER, _MODEL, 0.01), (Scheme.LOCAL_INERTIAL, _FAST, 0.02)):
        scenario = FloodScenario(
            grid, across(1100 + slope * grid.x_m), until, manning, rain=uniform(60.0, until), scheme=scheme,
            edges=(EdgeSegment("west", Edge.NORMAL, series=held(slope)),), precision=Precision.DOUBLE,
        )  # fmt: skip
        result = run(scenario) if model == _MODEL else run_fast(scenario)
        ours = -result.summary["edges_net_m3"]
        yield Case(
            f"Rain on a plane, {scheme.value}: what ran off", "Chow, Maidment & Mays 1988, ch. 9 (kinematic wave)",
            _SURE, float(target), ours, "m³", float(bound * target), model=model,
        )  # fmt: skip


def _budgets() -> Iterator[Case]:
    grid = Grid(40, 60, 10.0, 0.0, 400.0, "local:106,38")
    x, y = np.meshgrid(grid.x_m, grid.y_m)
    bed = 1100 + 0.005 * x + 0.5 * np.sin(x / 37) * np.cos(y / 29)
    for scheme in Scheme:
        scenario = FloodScenario(
            grid, bed, 600.0, rain=uniform(80, 400), soil=GreenAmptSoil(2e-6, 0.2, 0.3),
            inflows=(Inflow(((20, 55),), Hydrograph((0.0, 100.0, 600.0), (0.0, 20.0, 5.0))),),
            scheme=scheme, precision=Precision.DOUBLE,
        )  # fmt: skip
        model = _FAST if scheme is Scheme.LOCAL_INERTIAL else _MODEL
        error = run(scenario).summary["mass_error"]
        yield Case(
            f"Budget of water with rain, soil and inflow, {scheme.value}", "conservation", _SURE, 0.0, error, "",
            1e-12, model=model,
        )  # fmt: skip


def _ea_first() -> Iterator[Case]:
    """EA test 1 rebuilt from its description: the pond keeps the level of the sill."""
    grid = Grid(10, 70, 10.0, 0.0, 100.0, "local:106,38")
    x = grid.x_m
    bed = np.interp(x, [0, 300, 450, 700], [9.0, 10.05, 10.25, 9.3])
    stage = Level((0.0, 1800.0, 7200.0, 9000.0), (9.7, 10.35, 10.35, 9.7))
    scenario = FloodScenario(
        grid, across(bed, 10), 14_400.0, 0.03, initial_level_m=np.where(x < 300, 9.7, np.nan),
        edges=(EdgeSegment("west", Edge.STAGE, series=stage),), precision=Precision.DOUBLE,
        scheme=Scheme.FIRST_ORDER, frame_times_s=(14_400.0,),
    )  # fmt: skip
    result = run(scenario)
    assert result.frames is not None  # noqa: S101 - asked for above
    level = float(bed[-1] + result.frames.values[0][5, -1])
    yield Case(
        "EA T1 rebuilt approximately: level kept in the pond", "UK EA SC120002 (2013), test 1", Certainty.PROBABLE,
        10.25, level, "m", 0.02, gates=False, model=_MODEL,
    )  # fmt: skip


def _case(case: str, source: str, target: float, ours: float, unit: str, tolerance: float) -> Case:
    return Case(case, source, _SURE, target, ours, unit, tolerance, model=_MODEL)
