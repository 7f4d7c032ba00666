"""What the engine has made of a scenario, handed from the job to the service that stores it.

It is no argument of the service: it follows from the parameters alone, so that a replay, which has only
these, computes it again.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from anlan.domains.command.simulation.asking import given_for
from anlan.platform.commands import read_scope
from anlan.science.params import made_params
from anlan.science.products import Outcome, Step, no_report
from anlan.science.simulators import simulated, simulator


@dataclass(frozen=True)
class Computed:
    """An outcome, and how long it took where that was measured."""

    outcome: Outcome
    elapsed_ms: float | None = None


_offered: ContextVar[Mapping[str, Computed]] = ContextVar("anlan_simulation_computed", default={})  # noqa: B039


@contextmanager
def offering(input_hash: str, made: Computed) -> Iterator[None]:
    """Within the block `computed` finds *made*."""
    token = _offered.set({input_hash: made})
    try:
        yield
    finally:
        _offered.reset(token)


def computed(hazard: str, params: Mapping[str, Any], input_hash: str) -> Computed:
    """What is offered for *input_hash*, else computed now."""
    return _offered.get().get(input_hash) or Computed(compute(hazard, params))


def compute(hazard: str, params: Mapping[str, Any], report: Step = no_report) -> Outcome:
    """Run the engine; files that the parameters name are read in the principal's scope, before it begins."""
    engine = simulator(hazard)
    asked = made_params(dict(params), engine.Params)
    with read_scope():
        given = given_for(engine, asked)
    return simulated(engine, asked, report, given)
