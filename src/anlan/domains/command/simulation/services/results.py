"""成果入库: a result stored once, with its files, who is inside, and what follows for those who respond."""

import json
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shapely.geometry import shape

from anlan.domains.command.simulation.actions import actions_for
from anlan.domains.command.simulation.contracts import SimulationView
from anlan.domains.command.simulation.models import Scenario, Simulation
from anlan.domains.command.simulation.people import people_in_zones
from anlan.domains.command.simulation.queries import simulation_view, stored_result
from anlan.domains.command.simulation.services.writing import changed, one_at_a_time
from anlan.domains.command.simulation.states import RUN, ScenarioState
from anlan.domains.monitoring.editing import locked
from anlan.kernel.clock import now
from anlan.kernel.errors import Conflict
from anlan.kernel.ids import new_id
from anlan.kernel.models import Manifest
from anlan.kernel.text import Text
from anlan.platform.commands import current_principal, service
from anlan.platform.files.services import FilePlace, store_file
from anlan.platform.provenance.services import RunPlace, RunSubject, record_run

if TYPE_CHECKING:
    from anlan.domains.command.simulation.computed import Computed

KIND = "simulation"


@service("simulation.store", permission=RUN)
def store_simulation(
    scenario_id: UUID, *, hazard: str, params: dict[str, Any], input_hash: str
) -> SimulationView:
    """Store what the engine makes of *params*; the one that is there already where the question was answered meanwhile.

    Raises `Conflict` when the parameters have another hash with this software than when they were asked.
    """
    from anlan.domains.command.simulation.computed import computed

    scenario = locked(Scenario, scenario_id, RUN)
    one_at_a_time(input_hash)  # two workers with one question: the second finds what the first has stored
    if (stored := stored_result(scenario, input_hash)) is not None:
        return _linked(scenario, stored)
    made = computed(hazard, params, input_hash)
    if made.outcome.input_hash != input_hash:
        raise Conflict(
            Text("模型版本已更新，请重新提交计算", "The models have changed since: ask for the run again")
        )
    return _linked(scenario, _stored(scenario, made, params, input_hash))


def _linked(scenario: Scenario, stored: Simulation) -> SimulationView:
    """The scenario has its result, unless it was edited while this one was computed."""
    if scenario.input_hash == stored.input_hash:
        scenario.state, scenario.simulation = ScenarioState.COMPUTED.value, stored.id
        changed(scenario, "state", "simulation")
    return simulation_view(stored)


def _stored(scenario: Scenario, made: "Computed", params: dict[str, Any], input_hash: str) -> Simulation:
    from anlan.domains.command.simulation.losses import losses_of
    from anlan.science.products import product_files

    id, outcome = new_id(), made.outcome
    files = product_files(outcome, {"computed_at": now().isoformat()})
    summary, zones = json.loads(files["summary.json"]), json.loads(files["zones.geojson"])
    kept = partial(_recorded, id, _place(scenario))
    shapes = {
        one["properties"]["name"]: shape(one["geometry"])
        for one in zones["features"]
        if "rank" in one["properties"]
    }
    figures = {"figures": summary["figures"], "zones": summary["zones"]}
    people, counted = people_in_zones(shapes, input_hash)
    losses, assessed = losses_of(outcome)
    return Simulation.objects.create(
        id=id,
        scenario_id=scenario.id,
        title=scenario.title,
        hazard=outcome.hazard,
        kind=outcome.kind,
        input_hash=input_hash,
        params=params,
        summary={key: value for key, value in summary.items() if key not in ("inputs", "files")},
        zones=zones,
        people=people,
        actions=actions_for(summary),
        files=[_kept(name, files[name], id, scenario) for name in sorted(files)],
        farthest_m=max((zone["farthest_m"] for zone in summary["zones"]), default=0.0),
        run=kept("zones", outcome.manifest, figures, made.elapsed_ms),
        people_run=None if counted is None else kept("people", counted, {"zones": people}),
        losses=losses,
        losses_run=None if assessed is None else kept("losses", assessed, losses or {}),
        computed_at=now(),
        computed_by=current_principal().name,
        thread=scenario.thread,
        timeline=scenario.timeline,
        exercise=scenario.exercise,
        synthetic=scenario.synthetic,
        region=scenario.region,
        zone=scenario.zone,
    )


def _recorded(
    id: UUID,
    place: RunPlace,
    purpose: str,
    manifest: Manifest,
    result: dict[str, Any],
    elapsed_ms: float | None = None,
) -> UUID:
    return record_run(
        manifest, result, RunSubject(KIND, id, purpose), place, valid_at=now(), elapsed_ms=elapsed_ms
    )


def _kept(name: str, content: bytes, id: UUID, scenario: Scenario) -> dict[str, Any]:
    place = FilePlace(scenario.region, scenario.zone, KIND, id, scenario.thread, scenario.synthetic)
    return {"name": name, "bytes": len(content), "file": str(store_file(name, content, place))}


def _place(scenario: Scenario) -> RunPlace:
    return RunPlace(
        scenario.region,
        scenario.zone,
        scenario.thread,
        scenario.timeline,
        scenario.exercise,
        scenario.synthetic,
    )
