"""Reads of simulations that are more than a filter. Call them inside a service or `read_scope`."""

from uuid import UUID

from anlan.domains.command.simulation.contracts import ScenarioView, SimulationView
from anlan.domains.command.simulation.models import Scenario, Simulation
from anlan.domains.command.simulation.states import ScenarioState
from anlan.platform.jobs import JobState
from anlan.platform.jobs.models import Job
from anlan.platform.scope.reading import visible


def find_simulation(simulation_id: UUID) -> SimulationView:
    """The result, or `NotFound` when there is none that the principal may see."""
    return simulation_view(visible(Simulation.objects.all(), simulation_id))


def stored_result(scenario: Scenario, input_hash: str | None = None) -> Simulation | None:
    """The result of the same question (the scenario's own, unless another is named) in the same place."""
    return Simulation.objects.filter(
        region=scenario.region,
        zone=scenario.zone,
        timeline=scenario.timeline,
        input_hash=input_hash or scenario.input_hash,
    ).first()


def open_job(scenario: Scenario) -> UUID | None:
    """The job that is computing the scenario as it now is, if there is one."""
    return (
        Job.objects.filter(
            subject_kind="scenario",
            subject_id=scenario.id,
            state__in=(JobState.QUEUED.value, JobState.RUNNING.value),
            cancel_requested=False,
            arguments__input_hash=scenario.input_hash,
        )
        .values_list("id", flat=True)
        .first()
    )


def scenario_view(row: Scenario) -> ScenarioView:
    """The contract of a row."""
    return ScenarioView(
        id=row.id,
        title=row.title,
        hazard=row.hazard,
        kind=row.kind,
        state=ScenarioState(row.state),
        lon=row.geometry.x,
        lat=row.geometry.y,
        input_hash=row.input_hash,
        job=row.job,
        simulation=row.simulation,
        incident_id=row.incident_id,
        thread=row.thread,
        region=row.region,
        zone=row.zone,
        version=row.version,
    )


def simulation_view(row: Simulation) -> SimulationView:
    """The contract of a row."""
    return SimulationView(
        id=row.id,
        scenario_id=row.scenario_id,
        input_hash=row.input_hash,
        computed_at=row.computed_at,
        farthest_m=row.farthest_m,
        people=dict(row.people),
        actions=list(row.actions),
        run=row.run,
        people_run=row.people_run,
    )
