"""编制情景、开始计算: writing scenarios and asking for their results."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from shapely.geometry import Point

from anlan.domains.command.incidents.queries import find_incident
from anlan.domains.command.simulation.contracts import ScenarioView
from anlan.domains.command.simulation.models import Scenario
from anlan.domains.command.simulation.queries import open_job, scenario_view, stored_result
from anlan.domains.command.simulation.services.writing import Matter, changed, now_of, written
from anlan.domains.command.simulation.states import MANAGE, RUN, SCENARIO_WORKFLOW, Hazard, ScenarioState
from anlan.domains.monitoring.editing import locked, refuse_field, require_place, require_text
from anlan.domains.monitoring.weather.contracts import WeatherView
from anlan.domains.monitoring.weather.queries import weather_at
from anlan.kernel.errors import Invalid
from anlan.kernel.text import Text
from anlan.platform.commands import current_principal, decide_there, service
from anlan.platform.geo.divisions import county_of
from anlan.platform.jobs.contracts import JobPlace
from anlan.platform.jobs.services import request_job
from anlan.platform.resources.editing import Stale
from anlan.science.simulators import cases_of

JOB = "simulation.run"


@service("simulation.create_scenario", permission=MANAGE)
def create_scenario(
    *,
    title: str,
    start_from: str | None = None,
    hazard: Hazard = Hazard.CHEMICAL,
    params: str = "",
    lon: float | None = None,
    lat: float | None = None,
    region: str | None = None,
    use_weather: bool = True,
    incident_id: UUID | None = None,
) -> ScenarioView:
    """Write a scenario from a worked case (*start_from*), or from *params* (the text of a parameter file of *hazard*).

    The place is *lon*, *lat*, else the incident's, else that of the parameters; the weather of an accident, a fire and
    a tank farm is the county's of the hour unless *use_weather* is false. Raises `InvalidFields` by field.
    """
    from anlan.domains.command.simulation import asking

    name, hazard = require_text("title", title, 2), Hazard(hazard)
    if params.strip():
        said = asking.from_text(params)
    elif start_from:
        hazard = _hazard_of(start_from)
        said = asking.from_case(hazard, start_from)
    else:
        raise refuse_field(
            "start_from", "请选择算例，或填写参数文件", "Choose a worked case, or give a file of parameters"
        )
    said["name"] = {"zh": name, "en": name}
    said, matter = _matter(hazard, said, lon, lat, region, incident_id)
    decide_there(MANAGE, matter.region, matter.zone)
    source, synthetic = "", False
    if use_weather and asking.takes_weather(hazard, said):
        known = _weather(matter)
        said, source, synthetic = (
            asking.with_weather(hazard, said, known),
            known.source[:120],
            known.synthetic,
        )
    return scenario_view(written(hazard, said, matter, weather_source=source, synthetic=synthetic))


@service("simulation.update_scenario", permission=MANAGE)
def update_scenario(scenario_id: UUID, *, version: int, changes: dict[str, Any]) -> ScenarioView:
    """Change the title or the parameters; a result of other parameters is no longer that of the scenario."""
    from anlan.domains.command.simulation import asking

    scenario = locked(Scenario, scenario_id, MANAGE)
    if scenario.version != version:
        raise Stale(facts={"version": scenario.version})
    said: Mapping[str, Any] = scenario.params
    if "params" in changes:
        said = asking.from_text(changes["params"])
        scenario.weather_source = ""
    if "title" in changes:
        scenario.title = require_text("title", changes["title"], 2)[:200]
    name = {"zh": scenario.title, "en": scenario.title}
    made = asking.asked(Hazard(scenario.hazard), {**said, "name": name})
    if made.input_hash != scenario.input_hash:
        scenario.state, scenario.simulation, scenario.job = ScenarioState.DRAFT.value, None, None
    scenario.params, scenario.kind, scenario.input_hash = made.params, made.kind, made.input_hash
    scenario.geometry = Point(made.lon, made.lat)
    fields = ("title", "params", "kind", "input_hash", "geometry", "weather_source")
    changed(scenario, *fields, "state", "simulation", "job")
    return scenario_view(scenario)


@service("simulation.run_scenario", permission=RUN)
def run_scenario(scenario_id: UUID) -> ScenarioView:
    """Ask for the result: the stored one where the same question was answered before, else a job.

    A second request while the job is under way is the same job.
    """
    scenario = locked(Scenario, scenario_id, RUN)
    SCENARIO_WORKFLOW.require("run", scenario, current_principal())
    stored = stored_result(scenario)
    if stored is not None:
        scenario.state, scenario.simulation = ScenarioState.COMPUTED.value, stored.id
        changed(scenario, "state", "simulation")
        return scenario_view(scenario)
    job = open_job(scenario)
    if job is None:
        job = request_job(
            JOB,
            {
                "scenario_id": str(scenario.id),
                "hazard": scenario.hazard,
                "params": scenario.params,
                "input_hash": scenario.input_hash,
            },
            JobPlace(
                scenario.region,
                scenario.zone,
                "scenario",
                scenario.id,
                scenario.thread,
                scenario.timeline,
                scenario.exercise,
            ),
            Text(f"模拟推演：{scenario.title}", f"Simulation: {scenario.title}"),
        )
    scenario.job = job
    changed(scenario, "job")
    return scenario_view(scenario)


def _hazard_of(case: str) -> Hazard:
    """What a worked case is about. Raises `InvalidFields`."""
    for hazard in Hazard:
        if case in cases_of(hazard.value).names():
            return hazard
    raise refuse_field("start_from", f"没有名为 {case} 的算例", f"There is no case called {case}")


def _matter(
    hazard: Hazard,
    said: dict[str, Any],
    lon: float | None,
    lat: float | None,
    region: str | None,
    incident_id: UUID | None,
) -> tuple[dict[str, Any], Matter]:
    """*said* at its place, with an incident's substance where the case has one; and where the scenario belongs."""
    from anlan.domains.command.simulation import asking

    if (lon is None) != (lat is None):
        raise refuse_field(
            "lat" if lat is None else "lon", "经度和纬度须同时填写", "Give longitude and latitude"
        )
    incident = None if incident_id is None else find_incident(incident_id)
    if lon is not None and lat is not None:
        said = asking.moved(said, hazard, lon, lat)
    elif incident is not None:
        said = asking.moved(said, hazard, incident.lon, incident.lat)
    if incident is not None:
        scenario = said.get("scenario")
        if incident.cas and isinstance(scenario, dict) and "substance" in scenario:
            said = {**said, "scenario": {**scenario, "substance": incident.cas}}
        return said, Matter(
            incident.region,
            incident.zone,
            incident.id,
            incident.thread,
            incident.timeline,
            incident.exercise,
            incident.synthetic,
        )
    place = region or county_at(said.get(hazard.place))
    require_place(place)
    return said, Matter(place)


def county_at(site: object) -> str:
    """The county of a section with longitude and latitude. Raises `InvalidFields` where it cannot be told."""
    said = site if isinstance(site, Mapping) else {}
    lon, lat = said.get("lon"), said.get("lat")
    if isinstance(lon, int | float) and isinstance(lat, int | float):
        found = county_of(lon, lat)
        if found is not None:
            return found
    raise refuse_field(
        "region",
        "无法由坐标判定所在县，请选择行政区划",
        "The county cannot be told from the place: choose it",
    )


def _weather(matter: Matter) -> WeatherView:
    """The county's weather of the hour. Raises `Invalid` where there is none."""
    known = weather_at(matter.region, now_of(matter.timeline))
    if known is None:
        raise Invalid(
            Text("没有该县近 6 小时的气象数据", "There is no weather of this county of the last six hours"),
            next_step=Text(
                "请取消“采用实时气象”，按参数中的气象计算",
                "Switch off “weather of the hour” to use the parameters' own",
            ),
        )
    return known
