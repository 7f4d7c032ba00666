"""What a simulation of a chemical accident is asked: the schema of ``params.json``.

SI throughout, the unit in each name; pressures are absolute, directions are where the wind blows *from*,
clockwise from north. Places are WGS-84.
"""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, field

from anlan.science.chemical.risk.domino import Vessel as UnitKind
from anlan.science.chemical.source.pool import Ground
from anlan.science.chemical.source.vessel import TankShape
from anlan.science.chemical.substances import AMBIENT_K, ATMOSPHERE_PA
from anlan.science.chemical.weather import Stability, Terrain
from anlan.science.params import Name, Strict

Positive = Annotated[float, Meta(gt=0)]
Share = Annotated[float, Meta(ge=0, le=1)]
Mass = Annotated[float, Meta(gt=0, le=1e8, description="kg")]
Rate = Annotated[float, Meta(gt=0, le=1e5, description="kg/s")]
Seconds = Annotated[float, Meta(gt=0, le=864_000, description="s")]
Height = Annotated[float, Meta(ge=0, le=500, description="m above the ground")]
HoleDiameter = Annotated[float, Meta(ge=1e-4, le=2, description="diameter, m")]
Kelvin = Annotated[float, Meta(gt=50, le=2000, description="K")]
Pressure = Annotated[float, Meta(gt=0, le=2e8, description="Pa, absolute")]
Heat = Annotated[float, Meta(gt=1e5, le=2e8, description="J/kg, net")]
Deviation = Annotated[float, Meta(ge=1, le=10, description="geometric standard deviation")]
Cas = Annotated[str, Meta(pattern=r"^\d{2,7}-\d{2}-\d$", description="CAS number")]


class Site(Strict, frozen=True):
    """Where it happens, and what the ground about it is like."""

    lon: Annotated[float, Meta(ge=-180, le=180)]
    lat: Annotated[float, Meta(ge=-85, le=85)]
    terrain: Terrain = Terrain.OPEN


class Air(Strict, frozen=True):
    """The weather at 10 m. *stability*, or in its place the time and the cloud (Turner's scheme)."""

    wind_m_s: Annotated[float, Meta(ge=0, le=60)]
    wind_from_deg: Annotated[float, Meta(ge=0, le=360)]
    stability: Stability | None = None
    at: datetime | None = None
    cloud_tenths: Annotated[float, Meta(ge=0, le=10)] | None = None
    ceiling_m: Annotated[float, Meta(ge=0, le=30_000)] = 3000.0
    temperature_k: Annotated[float, Meta(gt=200, le=340)] = AMBIENT_K
    pressure_pa: Annotated[float, Meta(gt=3e4, le=1.2e5)] = ATMOSPHERE_PA
    humidity: Share = 0.5
    mixing_height_m: Annotated[float, Meta(gt=10, le=20_000)] | None = None


class ToxicRelease(Strict, frozen=True, tag_field="kind", tag="toxic_release"):
    """A steady release of known rate. Without *temperature_k*, a liquefied gas comes out at its boiling point."""

    substance: Cas
    rate_kg_s: Rate
    duration_s: Seconds
    height_m: Height = 0.0
    temperature_k: Kelvin | None = None
    liquid_fraction: Annotated[float, Meta(ge=0, le=0.999)] = 0.0
    averaging_s: Annotated[float, Meta(gt=0, le=86_400)] = 600.0
    model: Literal["auto", "gaussian", "dense"] = "auto"


class FlashFire(Strict, frozen=True, tag_field="kind", tag="flash_fire"):
    """A flammable cloud that is ignited late; the same source as a toxic release."""

    substance: Cas
    rate_kg_s: Rate
    duration_s: Seconds = 600.0
    height_m: Height = 0.0
    temperature_k: Kelvin | None = None
    liquid_fraction: Annotated[float, Meta(ge=0, le=0.999)] = 0.0
    model: Literal["auto", "gaussian", "dense"] = "auto"


class Vessel(Strict, frozen=True):
    """A vessel; *length_m* is the height of a standing or the length of a lying cylinder, not used for a sphere."""

    shape: TankShape
    diameter_m: Annotated[float, Meta(gt=0, le=200)]
    length_m: Annotated[float, Meta(ge=0, le=500)] = 0.0


class VesselLeak(Strict, frozen=True, tag_field="kind", tag="vessel_leak"):
    """A hole in a vessel; what comes out, and what of it is in the air, is computed.

    *fill* is the level over the height (0: gas only, which needs *pressure_pa*); *pressure_pa* of a liquid is that of
    the padding above it. *duration_s* ends with the closing of the leak; *horizon_s* is how long the pool is followed.
    """

    substance: Cas
    vessel: Vessel
    fill: Share
    temperature_k: Kelvin
    hole_m: HoleDiameter
    duration_s: Seconds
    pressure_pa: Pressure | None = None
    hole_height_m: Height = 0.0
    flow_length_m: Annotated[float, Meta(ge=0, le=10)] = 0.1
    bund_area_m2: Annotated[float, Meta(gt=0, le=1e6)] | None = None
    ground: Ground = Ground.CONCRETE
    ground_k: Annotated[float, Meta(ge=220, le=350)] = 293.15
    horizon_s: Annotated[float, Meta(gt=0, le=86_400)] = 3600.0
    averaging_s: Annotated[float, Meta(gt=0, le=86_400)] = 600.0


class PoolFire(Strict, frozen=True, tag_field="kind", tag="pool_fire"):
    """A burning pool; *substance* is a CAS number or a key of the table of pool fuels (``crude_oil`` ...)."""

    substance: Annotated[str, Meta(min_length=2, max_length=40)]
    diameter_m: Annotated[float, Meta(gt=0, le=1000)]


class JetFire(Strict, frozen=True, tag_field="kind", tag="jet_fire"):
    """A burning jet of gas out of a vessel; either *rate_kg_s*, or *hole_m* from which it follows."""

    substance: Cas
    pressure_pa: Pressure
    temperature_k: Kelvin
    rate_kg_s: Rate | None = None
    hole_m: HoleDiameter | None = None
    elevation_deg: Annotated[float, Meta(ge=0, le=180)] = 90.0
    height_m: Height = 1.0
    heat_of_combustion_j_kg: Heat | None = None


class Fireball(Strict, frozen=True, tag_field="kind", tag="fireball"):
    """The BLEVE of a vessel of liquefied flammable gas."""

    substance: Cas
    mass_kg: Annotated[float, Meta(gt=0, le=1e7)]
    burst_pressure_pa: Pressure
    correlation: Literal["ccps", "tno"] = "ccps"
    heat_of_combustion_j_kg: Heat | None = None


class VapourCloudExplosion(Strict, frozen=True, tag_field="kind", tag="vapour_cloud_explosion"):
    """By TNT equivalence; with *strength* (1 to 10) by the strength of the congested part instead."""

    substance: Cas
    fuel_kg: Mass
    yield_share: Annotated[float, Meta(gt=0, le=1)] = 0.04
    strength: Annotated[int, Meta(ge=1, le=10)] | None = None
    heat_of_combustion_j_kg: Heat | None = None


class CondensedExplosive(Strict, frozen=True, tag_field="kind", tag="condensed_explosive"):
    """Explosives and ammonium nitrate (6484-52-2) by their TNT equivalence, which has to be given."""

    mass_kg: Mass
    equivalence: Annotated[float, Meta(gt=0, le=3)]
    substance: Cas | None = None


class VesselBurst(Strict, frozen=True, tag_field="kind", tag="vessel_burst"):
    """A vessel of compressed gas that bursts without fire; *substance* gives the ratio of heats."""

    substance: Cas
    pressure_pa: Pressure
    volume_m3: Annotated[float, Meta(gt=0, le=1e6)]
    shell_kg: Annotated[float, Meta(gt=0, le=1e7)]
    temperature_k: Kelvin = AMBIENT_K


Metres = Annotated[float, Meta(ge=-30_000, le=30_000, description="m from the site")]
Frequency = Annotated[float, Meta(gt=0, le=1, description="1/a")]


class Placed(Strict, frozen=True):
    """Where a source stands, how often it lets go: *frequency_per_a*, or *frequency* (a key of ``frequencies.csv``,
    times *amount* metres of pipe or hours a year). *share* is that of the releases that end so (ignition ...)."""

    east_m: Metres = 0.0
    north_m: Metres = 0.0
    frequency_per_a: Frequency | None = None
    frequency: Annotated[str, Meta(min_length=2, max_length=60)] | None = None
    amount: Annotated[float, Meta(gt=0, le=1e6)] = 1.0
    share: Annotated[float, Meta(gt=0, le=1)] = 1.0


class ToxicSource(Placed, frozen=True, tag_field="kind", tag="toxic", kw_only=True):
    """A toxic release into the air."""

    substance: Cas
    rate_kg_s: Rate
    duration_s: Seconds


class PoolFireSource(Placed, frozen=True, tag_field="kind", tag="pool_fire", kw_only=True):
    """A pool fire of a fuel of ``pool_fuels.csv``."""

    fuel: Annotated[str, Meta(min_length=2, max_length=40)]
    diameter_m: Annotated[float, Meta(gt=0, le=300)]


class FireballSource(Placed, frozen=True, tag_field="kind", tag="fireball", kw_only=True):
    """The BLEVE of a vessel."""

    substance: Cas
    mass_kg: Annotated[float, Meta(gt=0, le=1e7)]
    burst_pressure_pa: Pressure


class BlastSource(Placed, frozen=True, tag_field="kind", tag="blast", kw_only=True):
    """An explosion of so much TNT."""

    charge_kg: Mass


class WindRow(Strict, frozen=True):
    """A weather of the rose: how often the wind of this class blows from each direction, clockwise from north."""

    wind_m_s: Annotated[float, Meta(gt=0, le=30)]
    stability: Stability
    shares: Annotated[tuple[Annotated[float, Meta(ge=0)], ...], Meta(min_length=4, max_length=36)]


class Crowd(Strict, frozen=True):
    """People about a place, evenly over a disc; *indoors* is not told apart."""

    east_m: Metres
    north_m: Metres
    persons: Annotated[float, Meta(gt=0, le=1e6)]
    radius_m: Annotated[float, Meta(gt=0, le=5000)] = 50.0


class ProtectedTarget(Strict, frozen=True):
    """What is to be protected (GB 36894-2018): 1 highly sensitive, important and class I; 2; 3."""

    id: Annotated[str, Meta(min_length=1, max_length=80)]
    east_m: Metres
    north_m: Metres
    target: Literal[1, 2, 3]


class Unit(Strict, frozen=True):
    """A unit of the domino: what it is, and the fire (*fuel*, *diameter_m*) or blast (*charge_kg*) of its failure."""

    id: Annotated[str, Meta(min_length=1, max_length=80)]
    east_m: Metres
    north_m: Metres
    vessel: UnitKind
    volume_m3: Annotated[float, Meta(gt=0, le=500_000)]
    fuel: Annotated[str, Meta(min_length=2, max_length=40)] | None = None
    diameter_m: Annotated[float, Meta(gt=0, le=300)] | None = None
    charge_kg: Mass | None = None


class PlantRisk(Strict, frozen=True, tag_field="kind", tag="plant_risk"):
    """The quantified risk of a plant: individual and societal risk, external distance, conflicts and dominoes.

    *explosives*, *toxic_or_flammable_gas* and *sum_q_over_q* decide the method of GB/T 37243-2019; by consequence
    the largest blast of *sources* counts. The wind of the section ``weather`` is that of the dominoes' fires.
    """

    sources: Annotated[
        tuple[ToxicSource | PoolFireSource | FireballSource | BlastSource, ...], Meta(min_length=1)
    ]
    rose: Annotated[tuple[WindRow, ...], Meta(min_length=1, max_length=40)]
    existing: bool
    explosives: bool = False
    toxic_or_flammable_gas: bool = True
    sum_q_over_q: Annotated[float, Meta(ge=0, le=1e6)] = 1.0
    extent_m: Annotated[float, Meta(ge=200, le=20_000)] = 3000.0
    cell_m: Annotated[float, Meta(ge=1, le=500)] | None = None
    people: tuple[Crowd, ...] = ()
    targets: tuple[ProtectedTarget, ...] = ()
    units: Annotated[tuple[Unit, ...], Meta(max_length=60)] = ()


Scenario = (
    PlantRisk
    | ToxicRelease
    | FlashFire
    | VesselLeak
    | PoolFire
    | JetFire
    | Fireball
    | VapourCloudExplosion
    | CondensedExplosive
    | VesselBurst
)


class HoleSize(Strict, frozen=True):
    """One size that the hole may have: its rate over the median rate, and its weight."""

    rate_share: Positive
    weight: Annotated[float, Meta(ge=0)]


class Uncertainty(Strict, frozen=True):
    """How well wind, rate and hole of a release are known; gives chances of exceeding a level, not one outline."""

    members: Annotated[int, Meta(ge=10, le=65_000)] = 1000
    seed: Annotated[int, Meta(ge=0, le=2**53)] = 0
    rate_gsd: Deviation = 1.5
    duration_gsd: Deviation = 1.0
    wind_gsd: Deviation = 1.3
    wind_sd_deg: Annotated[float, Meta(ge=0, le=180)] = 15.0
    stability: dict[Stability, Annotated[float, Meta(ge=0)]] = field(default_factory=dict)
    holes: tuple[HoleSize, ...] = ()
    extent_m: Annotated[float, Meta(ge=200, le=30_000)] | None = None


class Params(Strict, frozen=True):
    """One simulation. *uncertainty* is for releases into the air only."""

    schema: Literal[1]
    name: Name
    site: Site
    weather: Air
    scenario: Scenario
    uncertainty: Uncertainty | None = None
    note: Name | None = None
