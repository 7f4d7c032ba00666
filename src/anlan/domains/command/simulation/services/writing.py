"""What every service of scenarios does: save, count the version, tell the screens."""

from anlan.domains.command.simulation.models import Scenario
from anlan.domains.command.simulation.states import READ
from anlan.platform.commands import record_thread
from anlan.platform.outbox import emit

TOPIC = "scenario"


def changed(scenario: Scenario, *fields: str) -> None:
    """Save *fields*, count the version, and tell the screens."""
    scenario.version += 1
    scenario.save(update_fields=[*fields, "version"])
    told(scenario)


def told(scenario: Scenario) -> None:
    """Tell the screens that a scenario is there or has changed."""
    if scenario.thread is not None:
        record_thread(scenario.thread)
    emit(
        TOPIC,
        {
            "id": scenario.id,
            "version": scenario.version,
            "state": scenario.state,
            "job": scenario.job,
            "simulation": scenario.simulation,
        },
        thread=scenario.thread,
        region=scenario.region,
        zone=scenario.zone,
        permission=READ,
        timeline=scenario.timeline,
        exercise=scenario.exercise,
    )
