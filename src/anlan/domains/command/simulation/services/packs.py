"""情景包: the scenarios of a pack, written at once."""

from uuid import UUID

from anlan.domains.command.simulation.contracts import ScenarioView
from anlan.domains.command.simulation.queries import scenario_view
from anlan.domains.command.simulation.services.scenarios import county_at
from anlan.domains.command.simulation.services.writing import Matter, written
from anlan.domains.command.simulation.states import MANAGE, Hazard
from anlan.domains.monitoring.editing import require_place
from anlan.platform.commands import decide_there, service


@service("simulation.create_pack", permission=MANAGE)
def create_pack(*, name: str, region: str | None = None, terrain: UUID | None = None) -> list[ScenarioView]:
    """The scenarios of the pack *name*, all or none, in the county of each unless *region* names one for all.

    *terrain* is the id of a stored raster that takes the place of terrains given by a formula. Raises `NotFound`.
    """
    from anlan.science.packs import member_params, read_pack

    pack = read_pack(name)
    made = []
    for member in pack.members:
        hazard = Hazard(member.hazard)
        said = member_params(pack, member, None if terrain is None else str(terrain))
        place = region or county_at(said.get(hazard.place))
        require_place(place)
        decide_there(MANAGE, place, None)
        made.append(scenario_view(written(hazard, said, Matter(place))))
    return made
