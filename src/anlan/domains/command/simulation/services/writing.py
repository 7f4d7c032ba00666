"""What every service of scenarios does: write one, save changes, count the version, tell the screens."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from shapely.geometry import Point

from anlan.domains.command.simulation.models import Scenario
from anlan.domains.command.simulation.states import READ, Hazard
from anlan.kernel import clock
from anlan.kernel.ids import new_id
from anlan.platform.commands import current_principal, record_thread
from anlan.platform.outbox import emit
from anlan.platform.threads.queries import clock_of_timeline

TOPIC = "scenario"


@dataclass(frozen=True)
class Matter:
    """Where a scenario belongs, and what it is about."""

    region: str
    zone: str | None = None
    incident_id: UUID | None = None
    thread: UUID | None = None
    timeline: UUID | None = None
    exercise: bool = False
    synthetic: bool = False


def written(
    hazard: Hazard,
    said: dict[str, Any],
    matter: Matter,
    *,
    weather_source: str = "",
    synthetic: bool = False,
    revises: UUID | None = None,
) -> Scenario:
    """A new scenario of the parameters *said*, called as these are. Raises `InvalidFields` about ``params``."""
    from anlan.domains.command.simulation import asking

    made = asking.asked(hazard, said)
    scenario = Scenario.objects.create(
        id=new_id(),
        title=made.params["name"]["zh"][:200],
        hazard=hazard.value,
        kind=made.kind,
        params=made.params,
        input_hash=made.input_hash,
        geometry=Point(made.lon, made.lat),
        weather_source=weather_source,
        revises=revises,
        incident_id=matter.incident_id,
        thread=matter.thread,
        timeline=matter.timeline,
        exercise=matter.exercise,
        synthetic=matter.synthetic or synthetic,
        created_at=now_of(matter.timeline),
        created_by=current_principal().name,
        region=matter.region,
        zone=matter.zone,
    )
    told(scenario)
    return scenario


def one_at_a_time(word: str) -> None:
    """Whoever else asks for *word* waits until this transaction has ended, and finds what it has done."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"simulation {word}"])


def now_of(timeline: UUID | None) -> datetime:
    """The time on the clock of *timeline*, or the live one."""
    return clock.now() if timeline is None else clock_of_timeline(timeline).now()


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
