"""Where a scenario stands, and what can be done with it."""

from anlan.kernel.text import LabelledEnum, Text
from anlan.platform.workflow import Transition, Workflow

READ = "simulation.read"
MANAGE = "simulation.manage"
RUN = "simulation.run"


class ScenarioState(LabelledEnum):
    """Whether there is a result for the scenario as it now is."""

    DRAFT = "draft", "未计算", "Not computed"
    COMPUTED = "computed", "已有结果", "Computed"


class Hazard(LabelledEnum):
    """What is simulated."""

    CHEMICAL = "chemical", "危险化学品事故", "Chemical accident"
    SEISMIC = "seismic", "地震", "Earthquake"
    SLOPE = "slope", "浅层滑坡", "Shallow slides"
    FLOOD = "flood", "洪水", "Flood"
    WILDFIRE = "wildfire", "林草火灾", "Wildfire"
    CASCADE = "cascade", "灾害链", "Cascade"

    @property
    def place(self) -> str:
        """The section of the parameters that holds longitude and latitude."""
        return {"chemical": "site", "cascade": "site", "seismic": "earthquake"}.get(self.value, "terrain")


SCENARIO_WORKFLOW = Workflow(
    ScenarioState,
    (
        Transition(
            event="run",
            source=frozenset(ScenarioState),
            target=None,
            label=Text("开始计算", "Run"),
            permission=RUN,
        ),
    ),
)
