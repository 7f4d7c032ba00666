"""The plant of the incidents, its weather and people, and a scenario there."""

import json

import pytest
from tests.domains.command.incidents.conftest import LAT, LON, NOW, alarm, incident, people, plant, weather

from anlan.kernel.clock import FixedClock, use_clock
from anlan.platform.commands import acting_as, service_principal

__all__ = ["alarm", "incident", "people", "plant", "weather"]


@pytest.fixture
def told():
    """The parameters of the ammonia pipe in town, at the plant, as a person would write them."""
    from anlan.science.chemical.cases import case_content

    said = json.loads(case_content("ammonia_cold_store"))
    said["site"] = {"lon": LON, "lat": LAT, "terrain": "open"}
    said["weather"] = {"wind_m_s": 2.0, "wind_from_deg": 315.0, "stability": "F"}
    return said


@pytest.fixture
def write():
    """``write(title, **fields)``: a scenario by a modeller of Lingwu, or by another principal."""

    def new(title="液氨管线泄漏", by=None, **fields):
        from anlan.domains.command.simulation.services import create_scenario

        given = {"region": "640181", "use_weather": False, **fields}
        with acting_as(by or service_principal("demo")), use_clock(FixedClock(NOW)):
            return create_scenario(title=title, **given)

    return new


@pytest.fixture
def compute():
    """``compute(scenario)``: ask for the result and do the job here; the result's id."""

    def done(scenario, by=None):
        from anlan.domains.command.simulation.running import _run
        from anlan.domains.command.simulation.services import run_scenario
        from anlan.platform.commands import read_scope
        from anlan.platform.jobs.models import Job

        person = by or service_principal("demo")
        with acting_as(person), use_clock(FixedClock(NOW)):
            asked = run_scenario(scenario.id)
            if asked.simulation is not None:
                return asked.simulation
            with read_scope():
                arguments = Job.objects.get(id=asked.job).arguments
            return _run(Quiet(), **arguments)["simulation"]

    return done


class Quiet:
    """A job's handle that keeps what it is told."""

    def __init__(self):
        self.told = []

    def progress(self, share, words):
        self.told.append((share, words))

    def compute(self, work, report, **arguments):
        return work(report, **arguments)
