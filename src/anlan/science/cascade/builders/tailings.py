"""Storm → flash flood → tailings overtopping → road cut."""

from collections.abc import Sequence
from dataclasses import dataclass

from anlan.kernel.models import Caveat
from anlan.kernel.text import Text
from anlan.kernel.validation import Certainty
from anlan.science.cascade.builders.breach_wave import BACKED_BY, breach_wave
from anlan.science.cascade.builders.pond import CARD as POND
from anlan.science.cascade.builders.pond import Pond
from anlan.science.cascade.builders.shaking import HAPPENS
from anlan.science.cascade.builders.valley import Valley
from anlan.science.cascade.delay import Fixed, Uniform
from anlan.science.cascade.footprint import Footprint, Measure
from anlan.science.cascade.fragility import Lognormal
from anlan.science.cascade.given import Given
from anlan.science.cascade.graph import Edge, Event, Graph, Kind
from anlan.science.cascade.published import fragility
from anlan.science.flood.catchment import rational_peak_m3_s
from anlan.science.guard import require


@dataclass(frozen=True)
class Storm:
    """Rain of *duration_h* over the basin: the forecast's median, and the scatter of its logarithm."""

    rain_mm: float
    duration_h: float
    scatter_ln: float


@dataclass(frozen=True)
class Tailings:
    """A tailings pond: its water balance, and the water that a breach would let out.

    *breaches* is the chance that overtopping breaches the dam: no general figure has a source, so it is given.
    *runoff_scatter_ln* is the doubt about the balance; *severity* that of an overtopping.
    """

    pond: Pond
    breaches: Given
    released_m3: float
    water_m: float
    runoff_scatter_ln: float = 0.0
    severity: float = 0.0


@dataclass(frozen=True)
class Crossing:
    """A road that crosses the valley *above_bed_m* above its bed, below *valley* from the pond.

    Its own *catchment_km2* and runoff coefficient decide when a flash flood alone is over it.
    """

    id: str
    valley: Valley
    above_bed_m: float
    catchment_km2: float
    runoff_share: float
    severity: float = 0.0


def tailings(storm: Storm, dam: Tailings, roads: Sequence[Crossing]) -> Graph:
    """The graph of a pond and the roads below it. Raises `Invalid`.

    The storm overtops the pond when its rain exceeds the water balance's; a breach sends Froehlich's peak down each
    valley; a road is closed by 0.30 m of water on it, from the breach or from the flash flood of its own catchment.
    All of it hangs on one and the same rain.
    """
    crest_mm = dam.pond.critical_rain_mm(storm.duration_h)
    targets = {"pond": storm.rain_mm} | {road.id: storm.rain_mm for road in roads}
    rain = Footprint(Measure.RAIN, targets, between_ln=storm.scatter_ln)
    label = Text(f"{storm.duration_h:g} 小时暴雨", f"Storm of {storm.duration_h:g} h")
    overtops = Lognormal(
        Measure.RAIN,
        max(crest_mm, 1e-9),
        dam.runoff_scatter_ln,
        "water balance of the pond",
        Certainty.PROBABLE,
        card=POND,
    )
    rises = Uniform(0.0, 3600.0 * storm.duration_h)
    said = POND.out_of_range({"duration_h": storm.duration_h, **vars(dam.pond)})
    wave = breach_wave(dam.released_m3, dam.water_m, {road.id: road.valley for road in roads})
    events = [
        Event("storm", Kind.RAINSTORM, label, (rain,), HAPPENS),
        Event(
            "overtopping",
            Kind.OVERTOPPING,
            Text("尾矿库漫顶", "Tailings pond overtopped"),
            severity=dam.severity,
        ),
        Event(
            "breach",
            Kind.BREACH,
            Text("尾矿坝溃决", "Tailings dam breached"),
            (wave.footprint,),
            backed_by=BACKED_BY,
            caveats=(*wave.caveats, _SLURRY),
        ),
    ]
    edges = [
        Edge("storm:overtopping", "storm", "overtopping", overtops, ("pond",), delay=rises, caveats=said),
        Edge("overtopping:breach", "overtopping", "breach", dam.breaches, delay=Fixed(wave.forms_s)),
    ]
    for road in roads:
        events += _road_events(road)
        edges += _road_edges(road, storm, wave.peak_m3_s)
    title = Text("暴雨—山洪—尾矿库漫顶—道路中断", "Storm, flash flood, tailings overtopping, road cut")
    return Graph("tailings", title, tuple(events), tuple(edges), Text("人", "persons"))


_SLURRY = Caveat(
    "tailings.slurry",
    Text(
        "溃决下泄按清水计，未计尾砂流变与淤埋",
        "The breach lets out water: neither the flow of slurry nor burial is counted",
    ),
)


def closing_rain_mm(road: Crossing, duration_h: float) -> float:
    """The even rain of *duration_h* whose flash flood stands 0.30 m on the road (rational formula and uniform flow)."""
    flow = road.valley.discharge_m3_s(road.above_bed_m + fragility("road_impassable").median)
    return duration_h * flow / rational_peak_m3_s(road.runoff_share, 1.0, road.catchment_km2)


def _road_events(road: Crossing) -> list[Event]:
    require(road.above_bed_m, Text("路面高出河床", "height of the road"), unit="m", open_low=False)
    return [
        Event(f"{road.id}.flood", Kind.FLOOD, Text(f"{road.id} 山洪", f"{road.id}: flash flood")),
        Event(
            f"{road.id}.cut",
            Kind.ROAD_CUT,
            Text(f"{road.id} 道路中断", f"{road.id}: road cut"),
            severity=road.severity,
        ),
    ]


def _road_edges(road: Crossing, storm: Storm, peak_m3_s: float) -> list[Edge]:
    closed = fragility("road_impassable")
    by_wave = Lognormal(
        Measure.DEPTH,
        closed.median + road.above_bed_m,
        closed.beta,
        closed.source,
        closed.certainty,
        closed.key,
    )
    by_rain = Lognormal(
        Measure.RAIN,
        closing_rain_mm(road, storm.duration_h),
        0.0,
        "rational formula and uniform flow",
        Certainty.PROBABLE,
        card=rational_peak_m3_s.card,  # type: ignore[attr-defined]
    )
    rises = Uniform(0.0, 3600.0 * storm.duration_h)
    certain = Given(1.0, "by definition", Certainty.SURE)
    travel = Fixed(road.valley.travel_s(peak_m3_s))
    return [
        Edge(f"storm:{road.id}", "storm", f"{road.id}.flood", by_rain, (road.id,), delay=rises),
        Edge(f"{road.id}:flooded", f"{road.id}.flood", f"{road.id}.cut", certain),
        Edge(f"breach:{road.id}", "breach", f"{road.id}.cut", by_wave, (road.id,), delay=travel),
    ]
