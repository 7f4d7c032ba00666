"""Earthquake → landslide → barrier lake → breach flood → park inundated."""

from collections.abc import Sequence
from dataclasses import dataclass

from anlan.kernel.errors import Invalid
from anlan.kernel.models import Caveat
from anlan.kernel.text import Text
from anlan.kernel.validation import Certainty
from anlan.science.cascade.backed import Sliding
from anlan.science.cascade.builders.barrier_dam import CARD as BARRIER
from anlan.science.cascade.builders.barrier_dam import failure_chance, life
from anlan.science.cascade.builders.breach_wave import BACKED_BY, breach_wave
from anlan.science.cascade.builders.shaking import Quake, Site, mean_distance_km
from anlan.science.cascade.builders.valley import CARD as VALLEY
from anlan.science.cascade.builders.valley import Valley
from anlan.science.cascade.constants import constant
from anlan.science.cascade.delay import Delay, Fixed, Uniform
from anlan.science.cascade.footprint import Measure
from anlan.science.cascade.fragility import Lognormal
from anlan.science.cascade.given import Given
from anlan.science.cascade.graph import Edge, Event, Graph, Kind
from anlan.science.guard import require
from anlan.science.seismic.newmark import G_M_S2, critical_acceleration_m_s2
from anlan.science.slope.infinite import safety_factor


@dataclass(frozen=True)
class Slope:
    """A slope above the river at metres east and north, shaken at *site*, that moves from *critical_g* on."""

    id: str
    x_m: float
    y_m: float
    site: Site
    critical_g: float

    @classmethod
    def of_soil(
        cls,
        name: str,
        x_m: float,
        y_m: float,
        site: Site,
        *,
        slope_deg: float,
        depth_m: float,
        cohesion_pa: float,
        friction_deg: float,
        unit_weight_n_m3: float,
        pore_pressure_pa: float = 0.0,
    ) -> "Slope":
        """The critical acceleration from the safety factor of an infinite slope (`slope.infinite`; Newmark 1965).

        >>> soil = dict(slope_deg=35, depth_m=8, cohesion_pa=2e4, friction_deg=32, unit_weight_n_m3=1.7e4)
        >>> round(Slope.of_soil("loess", 0.0, 0.0, Site(10.0, 350.0), **soil).critical_g, 3)
        0.118
        """
        factor = safety_factor(
            cohesion_pa, friction_deg, unit_weight_n_m3, depth_m, slope_deg, pore_pressure_pa
        )
        return cls(name, x_m, y_m, site, float(critical_acceleration_m_s2(factor, slope_deg)) / G_M_S2)


@dataclass(frozen=True)
class Barrier:
    """The dam that the slide would make, and the lake of *lake_m3* behind *water_m* of water when it fails.

    *blocks* is the chance that the slide closes the river, which is given. *fails* and *lasts* are those of the
    regression and of the published lives unless given.
    """

    catchment_km2: float
    height_m: float
    width_m: float
    length_m: float
    lake_m3: float
    water_m: float
    blocks: Given
    fails: Given | None = None
    lasts: Delay | None = None


@dataclass(frozen=True)
class Park:
    """A park down the *valley*, its ground *above_bed_m* over the bed; *harm_m* of water there is an inundation."""

    id: str
    valley: Valley
    above_bed_m: float
    harm_m: float
    severity: float = 0.0


def barrier_lake(quake: Quake, slopes: Sequence[Slope], barrier: Barrier, parks: Sequence[Park]) -> Graph:
    """The graph of slopes, lake and parks. Raises `Invalid`.

    A slope slides with the chance of `seismic.newmark`; the slide may close the river; the dam fails by
    `cascade.barrier_failure`; Froehlich's peak, which is for embankments, runs down each valley by uniform flow.
    """
    if not slopes or not parks:
        raise Invalid(Text("至少需要一处边坡和一个园区", "At least one slope and one park are needed"))
    shaken = {slope.id: slope.site for slope in slopes}
    wave = breach_wave(barrier.lake_m3, barrier.water_m, {park.id: park.valley for park in parks})
    events = [
        quake.event(shaken, mean_distance_km(slopes)),
        Event("landslide", Kind.LANDSLIDE, Text("滑坡入河", "Landslide into the river")),
        Event("lake", Kind.BARRIER_LAKE, Text("堰塞湖形成", "Barrier lake")),
        Event(
            "breach",
            Kind.BREACH,
            Text("堰塞坝溃决", "Barrier breached"),
            (wave.footprint,),
            backed_by=BACKED_BY,
            caveats=(*wave.caveats, _FOR_DAMS),
        ),
    ]
    edges = [*(_slides(slope, quake) for slope in slopes), *_dam(barrier)]
    for park in parks:
        floods, edge = _flooded(park, Fixed(wave.forms_s + park.valley.travel_s(wave.peak_m3_s)))
        events.append(floods)
        edges.append(edge)
    title = Text(
        "地震—滑坡—堰塞湖—溃决洪水—园区淹没",
        "Earthquake, landslide, barrier lake, breach flood, park inundated",
    )
    return Graph("barrier_lake", title, tuple(events), tuple(edges), Text("人", "persons"))


_FOR_DAMS = Caveat(
    "barrier_lake.peak",
    Text(
        "溃决洪峰公式由土石坝得出，用于堰塞坝须以现场观测修正",
        "The peak's formula is of embankment dams: for a landslide dam correct it by what is observed",
    ),
)


def _slides(slope: Slope, quake: Quake) -> Edge:
    moves = Sliding(slope.critical_g, quake.magnitude)
    shaking = Uniform(0.0, constant("shaking_s").value)
    return Edge(f"slides:{slope.id}", "earthquake", "landslide", moves, (slope.id,), delay=shaking)


def _dam(barrier: Barrier) -> list[Edge]:
    fails, backed = barrier.fails, None
    said: tuple[Caveat, ...] = ()
    if fails is None:
        names = ("catchment_km2", "height_m", "width_m", "length_m")
        geometry = {name: float(getattr(barrier, name)) for name in names}
        fails = Given(failure_chance(**geometry), "Dong et al. 2011", Certainty.UNSURE)
        backed, said = BARRIER, BARRIER.out_of_range(geometry)
    return [
        Edge("landslide:lake", "landslide", "lake", barrier.blocks),
        Edge(
            "lake:breach", "lake", "breach", fails, delay=barrier.lasts or life(), card=backed, caveats=said
        ),
    ]


def _flooded(park: Park, after: Fixed) -> tuple[Event, Edge]:
    ground = require(park.above_bed_m, Text("园区高出河床", "height of the park"), unit="m", open_low=False)
    harm = require(park.harm_m, Text("致灾水深", "depth that does harm"), unit="m")
    label = Text(f"{park.id} 淹没", f"{park.id} inundated")
    said = "depth of water that was given as harmful"
    curve = Lognormal(Measure.DEPTH, ground + harm, 0.0, said, Certainty.OWN_DEFAULT, card=VALLEY)
    return (
        Event(f"{park.id}.flooded", Kind.INUNDATION, label, severity=park.severity),
        Edge(f"flood:{park.id}", "breach", f"{park.id}.flooded", curve, (park.id,), delay=after),
    )
