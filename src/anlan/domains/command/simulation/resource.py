"""Scenarios and their results on the generic screens."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Schema

from anlan.domains.command.simulation import permissions
from anlan.domains.command.simulation.services import create_scenario, run_scenario, update_scenario
from anlan.domains.command.simulation.states import MANAGE, READ, SCENARIO_WORKFLOW, Hazard, ScenarioState
from anlan.kernel.text import LabelledEnum, Text
from anlan.platform.resources import Column, Filter, Group, Related, Resource, labelled, register
from anlan.platform.resources.common import REGION_FILTER, SORTED_REGION, SYNTHETIC
from anlan.science.simulators import cases_of

GROUP = Text("指挥决策", "Command")
_HAZARD = Column("hazard", Text("灾种", "Hazard"), kind="enum", enum=Hazard, width=140)
_WHOSE = (
    SORTED_REGION,
    Column("exercise", Text("演练", "Exercise"), kind="bool", width=80),
    SYNTHETIC,
)
_HAZARD_FILTER = Filter("hazard", _HAZARD.title, kind="enum", enum=Hazard)


def _worked_cases() -> type[LabelledEnum]:
    """The worked cases by their titles, for the form."""
    cases = [(cases_of(hazard.value), name) for hazard in Hazard for name in cases_of(hazard.value).names()]
    names = [(name, json.loads(case.content(name))["name"]) for case, name in cases]
    members: Any = [(name.upper(), (name, said["zh"], said["en"])) for name, said in names]
    made: Any = LabelledEnum("WorkedCase", members)
    made.__doc__ = "A worked case to start from."
    return made  # type: ignore[no-any-return]


WorkedCase: Any = _worked_cases()


class ScenarioOut(Schema):
    """A scenario as a row."""

    id: UUID
    title: str
    hazard: Hazard
    kind: str = labelled("情景类型", "Kind of scenario")
    state: ScenarioState
    lon: float = labelled("经度", "Longitude", unit="°")
    lat: float = labelled("纬度", "Latitude", unit="°")
    input_hash: str = labelled("输入哈希", "Input hash")
    job: UUID | None
    simulation: UUID | None
    revises: UUID | None
    incident_id: UUID | None
    created_at: datetime
    created_by: str = labelled("编制人", "Written by")
    region: str
    zone: str | None
    exercise: bool
    synthetic: bool
    version: int

    @staticmethod
    def resolve_lon(row: object) -> float:
        """Degrees east of the place."""
        return float(row.geometry.x)  # type: ignore[attr-defined]

    @staticmethod
    def resolve_lat(row: object) -> float:
        """Degrees north of the place."""
        return float(row.geometry.y)  # type: ignore[attr-defined]


class ScenarioDetail(ScenarioOut):
    """A scenario with its parameters, as the text of a parameter file."""

    weather_source: str = labelled("气象来源", "Weather from")
    params: str = labelled("参数文件", "Parameters")

    @staticmethod
    def resolve_params(row: object) -> str:
        """The text of the file."""
        return json.dumps(row.params, ensure_ascii=False, indent=2)  # type: ignore[attr-defined]


class SimulationOut(Schema):
    """A result as a row."""

    id: UUID
    scenario_id: UUID
    title: str
    hazard: Hazard
    kind: str = labelled("情景类型", "Kind of scenario")
    farthest_m: float = labelled("最远影响距离", "Farthest", unit="m")
    computed_at: datetime
    computed_by: str = labelled("计算人", "Computed by")
    input_hash: str = labelled("输入哈希", "Input hash")
    run: UUID
    people_run: UUID | None
    losses_run: UUID | None
    region: str
    zone: str | None
    exercise: bool
    synthetic: bool


class SimulationDetail(SimulationOut):
    """A result with its figures, what lies inside its zones, what follows, and its files."""

    summary: dict[str, Any]
    impact: dict[str, Any]
    losses: dict[str, Any] | None
    actions: list[dict[str, Any]]
    files: list[dict[str, Any]]

    @staticmethod
    def resolve_impact(row: Any) -> dict[str, Any]:
        """What lies inside, within the asking person's scope."""
        from anlan.domains.command.simulation.impact import impact_of

        return impact_of(row)


class ScenarioForm(Schema):
    """What a new scenario needs."""

    title: str = labelled("标题", "Title", min_length=2, max_length=200)
    start_from: WorkedCase | None = labelled("以算例为基础", "Start from a worked case", default=None)
    hazard: Hazard = labelled("灾种（填写参数文件时）", "Hazard (of the parameters)", default=Hazard.CHEMICAL)
    lon: float | None = labelled(
        "经度（WGS-84）", "Longitude (WGS-84)", default=None, unit="°", ge=-180, le=180
    )
    lat: float | None = labelled("纬度（WGS-84）", "Latitude (WGS-84)", default=None, unit="°", ge=-85, le=85)
    region: str | None = labelled("行政区划", "Region", default=None, widget="region")
    use_weather: bool = labelled(
        "采用该县实时气象（危化事故、林草火灾、罐区灾害链）",
        "Use the county's weather of the hour (chemical accidents, wildfires, tank farms)",
        default=True,
    )
    incident_id: UUID | None = labelled("所属事件", "Incident", default=None, link="incident")
    params: str = labelled(
        "参数文件（可选，代替算例）",
        "Parameters (optional, in place of a case)",
        default="",
        max_length=20_000,
        widget="textarea",
    )


class ScenarioEdit(Schema):
    """What of a scenario can be changed."""

    title: str = labelled("标题", "Title", min_length=2, max_length=200)
    params: str = labelled("参数文件", "Parameters", max_length=20_000, widget="textarea")


def register_all() -> None:
    """Declare permissions and resources."""
    permissions.register_all()
    register(_scenarios())
    register(_simulations())


def _scenarios() -> Resource:
    from anlan.domains.command.simulation.models import Scenario

    return Resource(
        name="scenario",
        plural="scenarios",
        title=Text("推演情景", "Scenarios"),
        model=Scenario,
        out=ScenarioOut,
        detail=ScenarioDetail,
        icon="run",
        group=GROUP,
        synthetic="synthetic",
        read_permission=READ,
        write_permission=MANAGE,
        order=("-created_at", "id"),
        columns=(
            Column("title", Text("标题", "Title")),
            _HAZARD,
            Column("state", Text("状态", "State"), kind="enum", enum=ScenarioState, width=100),
            Column("created_at", Text("编制时间", "Written"), kind="time", width=170, sortable=True),
            Column("created_by", Text("编制人", "Written by"), width=140),
            *_WHOSE,
        ),
        filters=(
            Filter("state", Text("状态", "State"), kind="enum", enum=ScenarioState),
            _HAZARD_FILTER,
            REGION_FILTER,
            Filter("incident_id", Text("事件", "Incident"), kind="link", link="incident"),
            Filter("created_at", Text("编制时间", "Written"), kind="time"),
        ),
        search=("title", "kind"),
        detail_groups=(
            Group(Text("情景", "Scenario"), ("title", "hazard", "kind", "state")),
            Group(Text("地点与气象", "Place and weather"), ("region", "lon", "lat", "weather_source")),
            Group(Text("参数", "Parameters"), ("params", "input_hash")),
        ),
        related=(
            Related("simulation", "scenario_id", Text("推演结果", "Results")),
            Related("job", "subject_id", Text("后台任务", "Jobs")),
        ),
        form=ScenarioForm,
        edit_form=ScenarioEdit,
        create=create_scenario,
        update=update_scenario,
        actions=SCENARIO_WORKFLOW,
        handlers={"run": run_scenario},
    )


def _simulations() -> Resource:
    from anlan.domains.command.simulation.models import Simulation

    return Resource(
        name="simulation",
        plural="simulations",
        title=Text("推演结果", "Simulation results"),
        model=Simulation,
        out=SimulationOut,
        detail=SimulationDetail,
        icon="run",
        group=GROUP,
        synthetic="synthetic",
        read_permission=READ,
        order=("-computed_at", "id"),
        columns=(
            Column("title", Text("标题", "Title")),
            _HAZARD,
            Column(
                "farthest_m",
                Text("最远影响距离", "Farthest"),
                kind="number",
                unit="m",
                width=140,
                sortable=True,
            ),
            Column("computed_at", Text("计算时间", "Computed"), kind="time", width=170, sortable=True),
            Column("computed_by", Text("计算人", "Computed by"), width=140),
            *_WHOSE,
        ),
        filters=(
            _HAZARD_FILTER,
            REGION_FILTER,
            Filter("scenario_id", Text("情景", "Scenario"), kind="link", link="scenario"),
            Filter("computed_at", Text("计算时间", "Computed"), kind="time"),
        ),
        search=("title", "kind", "input_hash"),
        detail_groups=(
            Group(Text("结果", "Result"), ("title", "hazard", "kind", "farthest_m")),
            Group(Text("来源", "Origin"), ("computed_at", "computed_by", "region", "input_hash")),
        ),
        related=(Related("run", "subject_id", Text("计算记录", "Runs")),),
    )
