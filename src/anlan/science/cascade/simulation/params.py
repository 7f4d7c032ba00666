"""What a simulation of a cascade is asked: the schema of ``params.json``.

A chain is one of those that the region knows, with the figures of a place: each field is that of the builder of the
same name. Lengths in metres unless named otherwise, places of units in metres east and north of the site, wind where
it blows from. With the heading of a valley (or the direction of the wind over a steppe) the area that a wave or a fire
covers is drawn too.
"""

from typing import Annotated, Literal

from msgspec import Meta

from anlan.kernel.validation import Certainty
from anlan.science.params import Name, Strict

Id = Annotated[str, Meta(min_length=1, max_length=24, pattern=r"^[A-Za-z0-9_-]+$")]
Chance = Annotated[float, Meta(ge=0, le=1)]
Positive = Annotated[float, Meta(gt=0)]
NotNegative = Annotated[float, Meta(ge=0)]
Metres = Annotated[float, Meta(ge=-100_000, le=100_000)]
Scatter = Annotated[float, Meta(ge=0, le=3)]
Magnitude = Annotated[float, Meta(gt=3, lt=10)]
Heading = Annotated[float, Meta(ge=0, le=360, description="clockwise from north")]
Curve = Literal["transmission_line_wind"]


class Answered(Strict, frozen=True):
    """A chance that no curve gives: *source* says who answers for it, *low* and *high* how far."""

    chance: Chance
    source: Annotated[str, Meta(min_length=1, max_length=200)]
    certainty: Certainty = Certainty.UNSURE
    low: Chance | None = None
    high: Chance | None = None


class Ground(Strict, frozen=True):
    """Distance to the rupture's surface projection, and the stiffness of the ground."""

    rjb_km: Annotated[float, Meta(ge=0, le=1000)]
    vs30_m_s: Annotated[float, Meta(ge=50, le=3000)]


class Reach(Strict, frozen=True):
    """A valley: length to the place, width of the water, bed slope, Manning's n."""

    length_m: NotNegative
    width_m: Positive
    slope: Annotated[float, Meta(gt=0, le=1)]
    manning: Annotated[float, Meta(gt=0, le=1)]


class AirFlow(Strict, frozen=True):
    """Wind at the plant."""

    wind_m_s: Annotated[float, Meta(ge=0, le=60)]
    wind_from_deg: Heading


class TankUnit(Strict, frozen=True):
    """An atmospheric tank in a bund; *fuel* is a key of the table of pool fuels, *severity* persons if it burns."""

    id: Id
    x_m: Metres
    y_m: Metres
    diameter_m: Positive
    volume_m3: Positive
    fuel: Annotated[str, Meta(min_length=1, max_length=40)]
    bund_m: Positive
    anchored: bool
    site: Ground
    severity: NotNegative = 0.0


class SphereUnit(Strict, frozen=True):
    """A sphere of pressure-liquefied gas."""

    id: Id
    x_m: Metres
    y_m: Metres
    diameter_m: Positive
    volume_m3: Positive
    vapour_m3: Positive
    burst_pressure_pa: Positive
    gamma: Annotated[float, Meta(gt=1, le=2)]
    site: Ground
    severity: NotNegative = 0.0


class TankFarm(Strict, frozen=True, tag_field="kind", tag="tank_farm"):
    """Earthquake → ruptures → release → fire → domino."""

    magnitude: Magnitude
    tanks: Annotated[tuple[TankUnit, ...], Meta(min_length=1, max_length=60)]
    weather: AirFlow
    spheres: Annotated[tuple[SphereUnit, ...], Meta(max_length=20)] = ()
    ignition: Answered | None = None
    radiation_scatter_ln: Scatter = 0.0
    cell_m: Annotated[float, Meta(ge=1, le=100, description="of the raster of the union")] = 5.0


class PondUnit(Strict, frozen=True):
    """A tailings pond's water balance."""

    catchment_km2: Positive
    runoff_share: Annotated[float, Meta(gt=0, le=1)]
    storage_m3: NotNegative
    drainage_m3_s: NotNegative = 0.0


class Road(Strict, frozen=True):
    """A road across the valley below the pond."""

    id: Id
    valley: Reach
    above_bed_m: NotNegative
    catchment_km2: Positive
    runoff_share: Annotated[float, Meta(gt=0, le=1)]
    severity: NotNegative = 0.0


class TailingsStorm(Strict, frozen=True, tag_field="kind", tag="tailings"):
    """Storm → flash flood → overtopping → breach → road cut."""

    rain_mm: Annotated[float, Meta(gt=0, le=3000)]
    duration_h: Annotated[float, Meta(gt=0, le=240)]
    rain_scatter_ln: Scatter
    pond: PondUnit
    breaches: Answered
    released_m3: Positive
    water_m: Positive
    roads: Annotated[tuple[Road, ...], Meta(min_length=1, max_length=60)]
    heading_deg: Heading | None = None
    runoff_scatter_ln: Scatter = 0.0
    severity: NotNegative = 0.0


class PowerLine(Strict, frozen=True):
    """A power line in the way of the fire."""

    id: Id
    distance_m: NotNegative
    reached: Answered
    trips: Answered
    gust_m_s: NotNegative
    spread_m_min: tuple[Positive, Positive] | None = None
    wind_curve: Curve = "transmission_line_wind"
    severity: NotNegative = 0.0


class SteppeFire(Strict, frozen=True, tag_field="kind", tag="steppe_fire"):
    """Drought + wind → steppe fire → power line."""

    tmax_c: Annotated[float, Meta(ge=-60, le=60)]
    rh_min_percent: Annotated[float, Meta(ge=0, le=100)]
    dry_days: Annotated[float, Meta(ge=0, le=366)]
    wind_m_s: Annotated[float, Meta(ge=0, le=60)]
    drought: Answered
    gale: Answered
    ignition: Answered
    lines: Annotated[tuple[PowerLine, ...], Meta(min_length=1, max_length=60)]
    wind_from_deg: Heading | None = None
    season: float = 0.0
    from_grade: Annotated[int, Meta(ge=1, le=5)] = 4
    within_h: Annotated[float, Meta(gt=0, le=240)] = 6.0
    gust_scatter_ln: Scatter = 0.0


class HillSlope(Strict, frozen=True):
    """A slope over the river that moves from *critical_g* on."""

    id: Id
    x_m: Metres
    y_m: Metres
    site: Ground
    critical_g: Annotated[float, Meta(gt=0, le=3)]


class Dam(Strict, frozen=True):
    """The dam that the slide would make, and its lake."""

    catchment_km2: Positive
    height_m: Positive
    width_m: Positive
    length_m: Positive
    lake_m3: Positive
    water_m: Positive
    blocks: Answered
    fails: Answered | None = None


class Downstream(Strict, frozen=True):
    """A park or village down the valley."""

    id: Id
    valley: Reach
    above_bed_m: NotNegative
    harm_m: Positive
    severity: NotNegative = 0.0


class BarrierLake(Strict, frozen=True, tag_field="kind", tag="barrier_lake"):
    """Earthquake → landslide → barrier lake → breach flood → inundation."""

    magnitude: Magnitude
    slopes: Annotated[tuple[HillSlope, ...], Meta(min_length=1, max_length=60)]
    barrier: Dam
    parks: Annotated[tuple[Downstream, ...], Meta(min_length=1, max_length=60)]
    heading_deg: Heading | None = None


class Site(Strict, frozen=True):
    """The origin of the metres."""

    lon: Annotated[float, Meta(ge=-180, le=180)]
    lat: Annotated[float, Meta(ge=-85, le=85)]


class Params(Strict, frozen=True):
    """One chain. *credible* is the chance from which a chain counts; *event* whose chance is ranked, else severity."""

    schema: Literal[1]
    name: Name
    site: Site
    chain: TankFarm | TailingsStorm | SteppeFire | BarrierLake
    samples: Annotated[int, Meta(ge=500, le=2_000_000)] = 10_000
    seed: Annotated[int, Meta(ge=0)] = 1
    credible: Annotated[float, Meta(gt=0, lt=1)] = 0.001
    event: Annotated[str, Meta(max_length=64)] | None = None
    note: Name | None = None
