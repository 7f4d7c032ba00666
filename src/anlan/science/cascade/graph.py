"""The event graph: what may happen, where its intensity reaches, and what follows from what.

An event happens on its own chance, or because an edge into it fires. An edge asks the footprint of its source for
the intensity at its targets and the fragility for the chance; it is drawn once, when its source has happened.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from anlan.kernel.errors import NotFound
from anlan.kernel.models import Caveat, ModelCard
from anlan.kernel.text import NO_WORDS, LabelledEnum, Text
from anlan.science.cascade.delay import Delay, Fixed
from anlan.science.cascade.footprint import Area, Footprint, Measure
from anlan.science.cascade.fragility import Fragility
from anlan.science.cascade.given import Given

NOW = Fixed(0.0)


class Kind(LabelledEnum):
    """What an event is."""

    EARTHQUAKE = "earthquake", "地震", "Earthquake"
    RAINSTORM = "rainstorm", "暴雨", "Rainstorm"
    DROUGHT = "drought", "干旱", "Drought"
    WIND = "wind", "大风", "Strong wind"
    LANDSLIDE = "landslide", "滑坡", "Landslide"
    BARRIER_LAKE = "barrier_lake", "堰塞湖", "Barrier lake"
    BREACH = "breach", "溃决", "Breach"
    FLOOD = "flood", "洪水", "Flood"
    OVERTOPPING = "overtopping", "漫顶", "Overtopping"
    INUNDATION = "inundation", "淹没", "Inundation"
    ROAD_CUT = "road_cut", "道路中断", "Road cut"
    LEAK = "leak", "储罐泄漏", "Leak of a tank"
    RUPTURE = "rupture", "储罐破裂", "Rupture of a tank"
    RELEASE = "release", "危险物质释放", "Release"
    FIRE = "fire", "火灾", "Fire"
    EXPLOSION = "explosion", "爆炸", "Explosion"
    TOXIC_CLOUD = "toxic_cloud", "毒气云团", "Toxic cloud"
    WILDFIRE = "wildfire", "草原或森林火灾", "Wildfire"
    POWER_LOSS = "power_loss", "电力中断", "Loss of power"
    OTHER = "other", "其他", "Other"


class Gate(LabelledEnum):
    """How many of the edges into an event must fire."""

    ANY = "any", "任一原因", "any cause"
    ALL = "all", "全部原因", "all causes together"


@dataclass(frozen=True)
class Trigger:
    """The condition of an edge: at a target that sees less than *at_least* of the measure nothing follows."""

    at_least: float


@dataclass(frozen=True)
class Event:
    """A node. *chance* is that of happening on its own, from *starts* on; None for an event that needs a cause.

    *severity* is the consequence in the graph's unit if it happens; *backed_by* the models of the footprints,
    *caveats* what those found to say.
    """

    id: str
    kind: Kind
    label: Text
    footprints: tuple[Footprint, ...] = ()
    chance: Given | None = None
    starts: Delay = NOW
    gate: Gate = Gate.ANY
    severity: float = 0.0
    area: Area | None = None
    backed_by: tuple[ModelCard, ...] = ()
    caveats: tuple[Caveat, ...] = ()

    def footprint(self, measure: Measure) -> Footprint | None:
        """The footprint in *measure*; None where there is none."""
        return next((one for one in self.footprints if one.measure is measure), None)

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "kind": self.kind.value,
            "footprints": [one.as_json() for one in self.footprints],
            "chance": self.chance.as_json() if self.chance else None,
            "starts": self.starts.as_json(),
            "gate": self.gate.value,
            "severity": self.severity,
            "area": self.area.as_json() if self.area else None,
            "models": [card.id for card in self.backed_by],
        }


@dataclass(frozen=True)
class Edge:
    """*source* may bring about *target*: with the chance that *by* gives at any of the targets *at*.

    Edges of one source with the same *choice* exclude each other. Edges of a loop must all be *mutual*: units that
    attack each other, each happening at most once. *card* is the model behind a `Given` chance, if there is one.
    """

    id: str
    source: str
    target: str
    by: Fragility | Given
    at: tuple[str, ...] = ()
    trigger: Trigger | None = None
    delay: Delay = NOW
    choice: str = ""
    mutual: bool = False
    card: ModelCard | None = None
    caveats: tuple[Caveat, ...] = ()

    @property
    def model(self) -> ModelCard | None:
        """The model that backs the edge; None for a chance that was given."""
        return self.card or (None if isinstance(self.by, Given) else self.by.card)

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "source": self.source,
            "target": self.target,
            "by": self.by.as_json(),
            "at": list(self.at),
            "trigger": self.trigger.at_least if self.trigger else None,
            "delay": self.delay.as_json(),
            "choice": self.choice,
            "mutual": self.mutual,
            "model": self.model.id if self.model else None,
        }


@dataclass(frozen=True)
class Graph:
    """Events and edges. Raises `Invalid` for whatever makes no sense (see `check`)."""

    id: str
    title: Text
    events: tuple[Event, ...]
    edges: tuple[Edge, ...]
    severity_unit: Text = NO_WORDS

    def __post_init__(self) -> None:
        from anlan.science.cascade.check import check

        check(self)

    @cached_property
    def index(self) -> dict[str, int]:
        """The place of each event in `events`."""
        return {event.id: place for place, event in enumerate(self.events)}

    @cached_property
    def edge_index(self) -> dict[str, int]:
        """The place of each edge in `edges`."""
        return {edge.id: place for place, edge in enumerate(self.edges)}

    def __getitem__(self, event: str) -> Event:
        return self.events[self.place(event)]

    def place(self, event: str) -> int:
        """The place of *event* in `events`. Raises `NotFound`."""
        if event not in self.index:
            raise NotFound(
                Text(f"事件图中没有事件 {event}", f"The graph has no event {event}"),
                facts={"known": sorted(self.index)},
            )
        return self.index[event]

    @property
    def is_weighted(self) -> bool:
        """Whether any event carries a severity."""
        return any(event.severity > 0 for event in self.events)

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "events": [event.as_json() for event in self.events],
            "edges": [edge.as_json() for edge in self.edges],
            "severity_unit": self.severity_unit.en,
        }
