"""The job of a simulation: compute outside any transaction, and outside this process, then store in one.

A job that is interrupted, by a restart or the death of its worker, comes again and begins anew: its parameters, files
and seed are its record, and the same question gives the same result to the last byte.
"""

import time
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from anlan.domains.command.simulation.states import RUN
from anlan.kernel.text import Text
from anlan.platform.jobs import JobHandle, JobKind, register_job

_COMPUTING = 0.9
"""The share of the progress that the engine has; the rest is what lies inside."""


def register_jobs() -> None:
    """Declare the job."""
    register_job(JobKind("simulation.run", Text("灾害模拟", "Simulation"), RUN, _run))


def _run(
    handle: JobHandle, *, scenario_id: str, hazard: str, params: dict[str, Any], input_hash: str
) -> Mapping[str, Any]:
    # the engine with its libraries, which only a process that computes is to load
    from anlan.domains.command.simulation.computed import Computed, files_of_params, offering
    from anlan.domains.command.simulation.services import store_simulation
    from anlan.science.simulators import calculated

    began = time.perf_counter()
    made = handle.compute(
        calculated,
        lambda share, words: handle.progress(_COMPUTING * share, words),
        hazard=hazard,
        params=params,
        given=files_of_params(hazard, params),
    )
    handle.progress(_COMPUTING, Text("统计影响范围内的人员与目标", "counting who and what lies inside"))
    elapsed_ms = (time.perf_counter() - began) * 1000
    with offering(input_hash, Computed(made, elapsed_ms)):
        stored = store_simulation(UUID(scenario_id), hazard=hazard, params=params, input_hash=input_hash)
    return {"simulation": str(stored.id), "farthest_m": stored.farthest_m}
