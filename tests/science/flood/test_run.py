"""A scenario in, fields, figures and a manifest out; bad input refused by name."""

import dataclasses
import json
import os
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from anlan.kernel.errors import Invalid
from anlan.kernel.fields import Grid
from anlan.science.flood import (
    Culvert,
    Drain,
    Edge,
    EdgeSegment,
    FloodScenario,
    GreenAmptSoil,
    Hydrograph,
    Inflow,
    Precision,
    RunCancelled,
    Scheme,
    Weir,
    run,
    run_fast,
    steady,
    uniform,
)

GRID = Grid(20, 40, 10.0, 0.0, 200.0, "local:106,38")


def slope(**changes: Any) -> FloodScenario:
    """A short flood down a slope."""
    x = np.repeat(GRID.x_m[None], 20, 0)
    said: dict[str, Any] = {
        "inflows": (Inflow(((10, 38),), Hydrograph((0.0, 60.0, 600.0), (0.0, 15.0, 15.0))),),
        "precision": Precision.DOUBLE,
    }
    return FloodScenario(GRID, 1100 + 0.01 * x, 300.0, **(said | changes))


def test_a_flood_has_depth_speed_arrival_duration_and_danger() -> None:
    result = run(slope(frame_times_s=(100.0, 300.0)))
    depth, arrival = result.fields["depth_max"].values, result.fields["arrival"].values
    assert np.isfinite(depth[10, 38]) and result.summary["depth_max_m"] == pytest.approx(np.nanmax(depth))
    assert (np.isnan(depth) == np.isnan(arrival)).all()
    assert arrival[10, 38] < arrival[10, 25], "downhill later"
    assert set(result.fields) >= {"speed_max", "hazard", "hazard_class", "lasted_0.15", "lasted_2"}
    lasted = result.fields["lasted_0.15"].values
    assert np.nanmax(lasted) <= 300.0 and np.nanmax(lasted) > 100.0
    assert result.frames is not None and result.frames.values.shape == (2, 20, 40)
    assert abs(result.summary["mass_error"]) < 1e-12


def test_the_manifest_tells_runs_apart_and_is_json() -> None:
    one, same, other = run(slope()), run(slope(threads=2, skip_dry_tiles=False)), run(slope(manning=0.05))
    json.dumps(one.manifest.as_json(), allow_nan=False)
    assert one.manifest.digest == same.manifest.digest != other.manifest.digest
    assert np.array_equal(one.fields["depth_max"].values, same.fields["depth_max"].values, equal_nan=True)


def test_rain_soil_drain_and_links_close_the_budget_in_every_scheme() -> None:
    for scheme in Scheme:
        scenario = slope(
            rain=uniform(90.0, 200.0), soil=GreenAmptSoil(3e-6, 0.2, 0.3), drains=(Drain((10, 30), 0.5),),
            links=(Culvert((10, 36), (10, 20), 1100.0, 2.0, 1.0), Weir((3, 5), (3, 8), 1100.0, 5.0)),
            edges=(EdgeSegment("west", Edge.CRITICAL),), scheme=scheme,
        )  # fmt: skip
        summary = run(scenario).summary
        assert abs(summary["mass_error"]) < 1e-12, scheme
        assert summary["rain_m3"] == pytest.approx(0.09 * 200 / 3600 * 80_000)
        assert 0 < summary["infiltrated_m3"] < summary["rain_m3"] + summary["inflow_m3"]
        assert 0 < summary["drained_m3"] <= 150.0


def test_a_curve_number_keeps_back_what_the_handbook_says() -> None:
    scenario = FloodScenario(
        GRID, np.full(GRID.shape, 1100.0), 3600.0, rain=uniform(100.0, 3600.0), curve_number=80.0,
        precision=Precision.DOUBLE,
    )  # fmt: skip
    summary = run(scenario).summary
    assert summary["volume_end_m3"] / 80_000 * 1000 == pytest.approx(50.54, abs=0.01)
    assert abs(summary["mass_error"]) < 1e-12


def test_drizzle_thinner_than_a_film_is_not_lost() -> None:
    for scheme in Scheme:
        scenario = FloodScenario(
            GRID, np.full(GRID.shape, 1100.0), 600.0, rain=uniform(0.004, 600.0), scheme=scheme,
            precision=Precision.DOUBLE,
        )  # fmt: skip
        summary = run(scenario).summary
        assert (
            summary["volume_end_m3"] == pytest.approx(summary["rain_m3"], rel=1e-12)
            and summary["rain_m3"] > 0
        )


def test_a_run_is_told_of_and_stopped() -> None:
    told: list[float] = []
    run(slope(), progress=told.append)
    assert told[-1] == 1.0 and told == sorted(told) and len(told) > 5
    with pytest.raises(RunCancelled):
        run(slope(), cancelled=lambda: True)


def test_the_fast_mode_answers_under_its_own_card() -> None:
    result = run_fast(slope())
    assert result.manifest.model == "flood.local_inertial"
    assert "flood.no_shocks" in [one.code for one in result.caveats]


def test_water_at_a_closed_edge_is_said() -> None:
    result = run(slope(initial_depth_m=0.2))
    assert "flood.edge" in [one.code for one in result.caveats]
    steep = np.repeat(1100 + 3.0 * GRID.x_m[None], 20, 0)
    result = run(FloodScenario(GRID, steep, 10.0))
    assert "out_of_range.steepest" in [one.code for one in result.caveats]
    assert result.summary["flooded_km2"] == 0.0


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"duration_s": 0.0}, "duration"),
        ({"duration_s": float("nan")}, "duration"),
        ({"manning": -0.01}, "Manning"),
        ({"manning": np.full((3, 3), 0.03)}, "shape"),
        ({"initial_depth_m": float("nan")}, "void values"),
        ({"inflows": (Inflow(((99, 0),), Hydrograph((0.0,), (1.0,))),)}, "outside the grid"),
        ({"edges": (EdgeSegment("west", Edge.STAGE),)}, "lacks"),
        ({"curve_number": 80.0, "soil": GreenAmptSoil(1e-6, 0.1, 0.3)}, "not both"),
        ({"frame_times_s": (200.0, 100.0)}, "rise"),
    ],
)
def test_a_wrong_number_is_refused_by_name(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(Invalid, match=words):
        dataclasses.replace(slope(), **changes)


def test_terrain_with_voids_or_of_the_wrong_unit_is_refused() -> None:
    bed = np.full(GRID.shape, 1100.0)
    bed[3, 3] = np.nan
    with pytest.raises(Invalid, match="1 void cells"):
        FloodScenario(GRID, bed, 10.0)
    with pytest.raises(Invalid, match="check the unit"):
        FloodScenario(GRID, np.full(GRID.shape, 110_000.0), 10.0)


def test_a_stage_fills_a_bay_up_to_its_level() -> None:
    scenario = FloodScenario(
        GRID, np.full(GRID.shape, 1100.0), 1500.0, edges=(EdgeSegment("west", Edge.STAGE, series=steady(1101.0)),),
        precision=Precision.DOUBLE, frame_times_s=(1500.0,),
    )  # fmt: skip
    frames = run(scenario).frames
    assert frames is not None and np.abs(frames.values[0] - 1.0).max() < 0.05


_ON_THE_SIMULATOR = """
import numpy as np
from anlan.science.flood import gpu
from anlan.science.flood.physics import constants
from anlan.science.flood.solver import ShallowWater
bed = np.random.default_rng(3).uniform(0, 0.4, (12, 12))
depth = np.zeros((12, 12)); depth[5:8, 5:8] = 1.0
solver = ShallowWater(bed, 1.0, 0.03); solver.set_state(depth)
padded = np.full((16, 16), gpu.HIGH_M); padded[2:-2, 2:-2] = bed - bed.min()
first = np.zeros((16, 16)); first[2:-2, 2:-2] = depth
state = [gpu.to_device(part) for part in (first, 0 * first, 0 * first)]
out = [gpu.to_device(0 * first) for _ in range(3)]
drag = gpu.to_device(np.full((16, 16), 9.81 * 0.03**2))
for _ in range(4):
    dt = solver.step(0.02)
    gpu.advance(state, gpu.to_device(padded), drag, out, dt, 1.0, constants(np.dtype(float)))
    state, out = out, state
print(np.abs(state[0].copy_to_host()[2:-2, 2:-2] - solver.depth_m).max())
"""


def test_the_gpu_kernel_steps_as_the_processor_does() -> None:
    """On numba's simulator of CUDA: the same numbers, thread by thread."""
    env = os.environ | {"NUMBA_ENABLE_CUDASIM": "1"}
    done = subprocess.run(
        [sys.executable, "-c", _ON_THE_SIMULATOR], env=env, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    assert float(done.stdout) < 1e-12


def test_the_gpu_kernel_on_a_real_gpu() -> None:
    from anlan.science.flood import gpu

    if not gpu.is_available():
        pytest.skip("no CUDA device here: the kernel was checked on the simulator only")
    first = np.zeros((20, 20), np.float32)
    first[8:12, 8:12] = 1.0
    bed = np.full((20, 20), gpu.HIGH_M, np.float32)
    bed[2:-2, 2:-2] = 0.0
    state = [gpu.to_device(part) for part in (first, 0 * first, 0 * first)]
    out = [gpu.to_device(0 * first) for _ in range(3)]
    from anlan.science.flood.physics import constants

    gpu.advance(
        state, gpu.to_device(bed), gpu.to_device(0 * first), out, 0.05, 1.0, constants(np.dtype(np.float32))
    )
    assert out[0].copy_to_host().sum() == pytest.approx(16.0, rel=1e-5)
