"""What a simulation of a wildfire is asked: the schema of ``params.json``.

SI; angles in degrees, clockwise from north, wind where it blows from; moisture is a share (6 % is 0.06).
"""

from typing import Annotated, Literal

from msgspec import Meta

from anlan.science.params import Name, Strict
from anlan.science.terrain.asked import Bed
from anlan.science.wildfire.ellipse import Shape
from anlan.science.wildfire.rothermel import WindLimit
from anlan.science.wildfire.scenario import SpreadModel

Lon = Annotated[float, Meta(ge=-180, le=180)]
Lat = Annotated[float, Meta(ge=-85, le=85)]
Second = Annotated[float, Meta(ge=0, le=2_678_400)]
Share = Annotated[float, Meta(ge=0, le=1)]
Dead = Annotated[float, Meta(ge=0.01, le=2)]
Live = Annotated[float, Meta(ge=0.01, le=4)]
Kind = Annotated[int, Meta(ge=0, le=255, description="fuel model (Rothermel) or kind of fuel (Wang)")]


class EvenFuel(Strict, frozen=True, tag_field="kind", tag="even"):
    """One fuel everywhere."""

    number: Kind


class Belt(Strict, frozen=True):
    """The fuel from a height upwards, until the next belt begins."""

    from_m: Annotated[float, Meta(ge=-500, le=9000)]
    number: Kind


class FuelBelts(Strict, frozen=True, tag_field="kind", tag="belts"):
    """Fuel by height: steppe at the foot of a mountain, forest above it. Below the first belt its fuel too."""

    belts: Annotated[tuple[Belt, ...], Meta(min_length=1, max_length=50)]


class FuelFile(Strict, frozen=True, tag_field="kind", tag="file"):
    """A GeoTIFF of whole numbers beside the file of parameters, of whatever grid: the nearest cell counts."""

    file: Annotated[str, Meta(min_length=1, max_length=400)]


class Water(Strict, frozen=True):
    """Moisture of the fuels, as `Moisture`."""

    dead_1h: Dead
    dead_10h: Dead
    dead_100h: Dead
    live_herb: Live = 1.0
    live_woody: Live = 1.0


class Hours(Strict, frozen=True):
    """Weather from *from_s* on; *moisture* is for Rothermel, temperature and humidity are for Wang."""

    wind_m_s: Annotated[float, Meta(ge=0, le=60, description="at 10 m")]
    wind_from_deg: Annotated[float, Meta(ge=0, le=360)]
    from_s: Second = 0.0
    moisture: Water | None = None
    temperature_c: Annotated[float, Meta(ge=-60, le=60)] | None = None
    humidity_percent: Annotated[float, Meta(ge=0, le=100)] | None = None


class Lit(Strict, frozen=True):
    """A place that is lit."""

    lon: Lon
    lat: Lat
    at_s: Second = 0.0


class Line(Strict, frozen=True):
    """A containment line through (longitude, latitude); without a rate it stands at once."""

    points: Annotated[tuple[tuple[Lon, Lat], ...], Meta(min_length=2, max_length=1000)]
    from_s: Second = 0.0
    rate_m_s: Annotated[float, Meta(ge=1e-4, le=50)] | None = None


class Uncertainty(Strict, frozen=True):
    """Many fires instead of one; what spreads by how much is as `FireUncertainty`."""

    members: Annotated[int, Meta(ge=2, le=2000)] = 100
    seed: Annotated[int, Meta(ge=0)] = 0
    wind_gsd: Annotated[float, Meta(ge=1, le=5)] = 1.3
    wind_sd_deg: Annotated[float, Meta(ge=0, le=180)] = 15.0
    dead_moisture_sd: Annotated[float, Meta(ge=0, le=0.2)] = 0.01
    humidity_sd_percent: Annotated[float, Meta(ge=0, le=50)] = 8.0
    rate_gsd: Annotated[float, Meta(ge=1, le=5)] = 1.4
    ignition_sd_m: Annotated[float, Meta(ge=0, le=1e5)] = 0.0


class Params(Strict, frozen=True):
    """One fire. *isochrones_s* are the times whose outlines are drawn; empty: quarters of the duration.

    *load_kg_m2* (kind → fuel consumed) gives intensities under Wang.
    """

    schema: Literal[1]
    name: Name
    terrain: Bed
    fuel: EvenFuel | FuelBelts | FuelFile
    weather: Annotated[tuple[Hours, ...], Meta(min_length=1, max_length=1000)]
    ignitions: Annotated[tuple[Lit, ...], Meta(min_length=1, max_length=1000)]
    duration_s: Annotated[float, Meta(ge=60, le=2_678_400)]
    model: SpreadModel = SpreadModel.ROTHERMEL
    lines: tuple[Line, ...] = ()
    canopy_cover: Share = 0.0
    canopy_height_m: Annotated[float, Meta(ge=0, le=120)] = 0.0
    load_kg_m2: dict[str, Annotated[float, Meta(gt=0, le=100)]] = {}
    limit: WindLimit = WindLimit.NONE
    shape: Shape = Shape.ANDERSON
    isochrones_s: tuple[Annotated[float, Meta(gt=0, le=2_678_400)], ...] = ()
    uncertainty: Uncertainty | None = None
    note: Name | None = None
