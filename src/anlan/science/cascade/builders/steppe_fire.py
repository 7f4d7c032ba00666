"""Drought + wind → steppe fire → power line."""

from collections.abc import Sequence
from dataclasses import dataclass

from anlan.kernel.errors import Invalid
from anlan.kernel.models import ModelCard
from anlan.kernel.text import Text
from anlan.kernel.validation import Certainty
from anlan.science.cascade.delay import Fixed, Uniform
from anlan.science.cascade.footprint import Footprint, Measure
from anlan.science.cascade.given import Given, Level
from anlan.science.cascade.graph import Edge, Event, Gate, Graph, Kind, Trigger
from anlan.science.cascade.published import fragility
from anlan.science.drought.fire_weather import fire_index
from anlan.science.guard import require
from anlan.science.packaged import packaged_table
from anlan.science.wildfire.wang import CARD as SPREAD
from anlan.science.wildfire.wang import wang_spread

FIRE_WEATHER: ModelCard = fire_index.card  # type: ignore[attr-defined]
_CERTAIN = Given(1.0, "by definition", Certainty.SURE)


@dataclass(frozen=True)
class FireWeather:
    """The day in the steppe if the drought goes on and the wind comes up, as `drought.fire_weather` asks for it."""

    tmax_c: float
    rh_min_percent: float
    dry_days: float
    wind_m_s: float
    season: float = 0.0

    @property
    def index(self) -> float:
        """HTZ of LY/T 1172-95, no less than 0."""
        found = fire_index(self.tmax_c, self.rh_min_percent, self.dry_days, self.wind_m_s, self.season)
        return max(0.0, float(found))


@dataclass(frozen=True)
class Line:
    """A power line *distance_m* from where fires start, in gusts of *gust_m_s*.

    *reached* is the chance that a fire gets there and *trips* that it then fails: both are given, best from an ensemble
    of a spread model, which also gives the slowest and fastest rate of spread. Without it the fire comes straight at
    the head's rate in steppe (`wildfire.wang_zhengfei`): the earliest that it can be there. *wind_curve* is a key of
    the fragilities.
    """

    id: str
    distance_m: float
    reached: Given
    trips: Given
    gust_m_s: float
    spread_m_min: tuple[float, float] | None = None
    wind_curve: str = "transmission_line_wind"
    severity: float = 0.0


def steppe_fire(
    weather: FireWeather,
    drought: Given,
    gale: Given,
    ignition: Given,
    lines: Sequence[Line],
    *,
    from_grade: int = 4,
    within_h: float = 6.0,
    gust_scatter_ln: float = 0.0,
) -> Graph:
    """The graph of a steppe and the lines that cross it. Raises `Invalid`.

    Drought and wind together make fire weather; from grade *from_grade* on a fire starts with the chance *ignition*
    within *within_h* hours. A line is lost to the fire, or to the wind itself.
    """
    if not lines:
        raise Invalid(Text("至少需要一条线路", "At least one line is needed"))
    gusts = Footprint(Measure.WIND, {line.id: line.gust_m_s for line in lines}, between_ln=gust_scatter_ln)
    danger = Footprint(Measure.FIRE_WEATHER, {"steppe": weather.index})
    starts = Level(Measure.FIRE_WEATHER, ignition, FIRE_WEATHER)
    hours = Uniform(
        0.0, 3600.0 * require(within_h, Text("起火时间窗", "hours for a fire to start"), unit="h")
    )
    events = [
        Event("drought", Kind.DROUGHT, Text("持续干旱", "Drought"), chance=drought),
        Event("wind", Kind.WIND, Text("大风", "Strong wind"), (gusts,), gale),
        Event(
            "danger",
            Kind.OTHER,
            Text("高火险天气", "Fire weather"),
            (danger,),
            gate=Gate.ALL,
            backed_by=(FIRE_WEATHER,),
        ),
        _fire(weather, lines),
    ]
    edges = [
        Edge("drought:danger", "drought", "danger", _CERTAIN),
        Edge("wind:danger", "wind", "danger", _CERTAIN),
        Edge(
            "danger:fire", "danger", "fire", starts, ("steppe",), Trigger(index_of_grade(from_grade)), hours
        ),
    ]
    for line in lines:
        events += _line_events(line)
        edges += _line_edges(line, weather)
    title = Text("干旱＋大风—草原火灾—电力线路", "Drought and wind, steppe fire, power line")
    return Graph("steppe_fire", title, tuple(events), tuple(edges), Text("户", "households"))


def index_of_grade(grade: int) -> float:
    """The least HTZ of a grade of fire weather.

    >>> index_of_grade(4)
    73.0
    """
    for row in packaged_table("anlan.science.drought", "fire_grades").rows:
        if int(row["grade"]) == grade:
            return max(0.0, float(row["index_from"]))
    raise Invalid(
        Text("火险等级须为 1–5", "The grade of fire weather lies between 1 and 5"), facts={"grade": grade}
    )


def _line_events(line: Line) -> list[Event]:
    return [
        Event(f"{line.id}.reached", Kind.WILDFIRE, Text(f"火线到达 {line.id}", f"Fire at {line.id}")),
        Event(
            f"{line.id}.out",
            Kind.POWER_LOSS,
            Text(f"{line.id} 停运", f"{line.id} out of service"),
            severity=line.severity,
        ),
    ]


def _fire(weather: FireWeather, lines: Sequence[Line]) -> Event:
    """The fire, backed by the spread model where that sets its pace."""
    label = Text("草原火灾", "Steppe fire")
    if all(line.spread_m_min is not None for line in lines):
        return Event("fire", Kind.WILDFIRE, label)
    said = SPREAD.out_of_range(
        {
            "temperature_c": weather.tmax_c,
            "humidity_percent": weather.rh_min_percent,
            "wind_m_s": weather.wind_m_s,
        }
    )
    return Event("fire", Kind.WILDFIRE, label, backed_by=(SPREAD,), caveats=said)


def _travel(line: Line, weather: FireWeather) -> Uniform | Fixed:
    away = require(line.distance_m, Text("距离", "distance"), unit="m", open_low=False)
    rate = Text("蔓延速度", "rate of spread")
    if line.spread_m_min is None:
        head = wang_spread("steppe", weather.tmax_c, weather.rh_min_percent, weather.wind_m_s).rate_m_s
        return Fixed(away / require(head, rate, unit="m/s"))
    slow, fast = (require(one, rate, unit="m/min") for one in line.spread_m_min)
    return Uniform(60.0 * away / fast, 60.0 * away / slow)


def _line_edges(line: Line, weather: FireWeather) -> list[Edge]:
    reached, out = f"{line.id}.reached", f"{line.id}.out"
    return [
        Edge(f"fire:{line.id}", "fire", reached, line.reached, delay=_travel(line, weather)),
        Edge(f"{line.id}:trips", reached, out, line.trips),
        Edge(f"wind:{line.id}", "wind", out, fragility(line.wind_curve), (line.id,)),
    ]
