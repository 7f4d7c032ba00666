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
from anlan.science.products import Outcome, no_report
from anlan.science.simulators import calculated, simulator


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
    return _offered.get().get(input_hash) or Computed(
        calculated(no_report, hazard=hazard, params=params, given=files_of_params(hazard, params))
    )


def files_of_params(hazard: str, params: Mapping[str, Any]) -> dict[str, bytes]:
    """The files that the parameters name, read in the principal's scope before anything is computed."""
    engine = simulator(hazard)
    with read_scope():
        return given_for(engine, made_params(dict(params), engine.Params))
