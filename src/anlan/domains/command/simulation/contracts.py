"""What other apps may know about simulations."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from anlan.domains.command.simulation.states import ScenarioState


@dataclass(frozen=True)
class ScenarioView:
    """A scenario as other apps see it; its place in degrees of WGS-84."""

    id: UUID
    title: str
    hazard: str
    kind: str
    state: ScenarioState
    lon: float
    lat: float
    input_hash: str
    job: UUID | None
    simulation: UUID | None
    incident_id: UUID | None
    thread: UUID | None
    region: str
    zone: str | None
    version: int


@dataclass(frozen=True)
class SimulationView:
    """A stored result as other apps see it."""

    id: UUID
    scenario_id: UUID
    input_hash: str
    computed_at: datetime
    farthest_m: float
    people: dict[str, Any]
    actions: list[dict[str, Any]]
    run: UUID
    people_run: UUID | None
