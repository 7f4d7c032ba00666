"""The toxic release of an incident as the engine takes it: substance, rate, the air it goes into; and what it says.

Loads the engine with all its libraries: imported where something is computed, never at a process's start.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import shapely
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from anlan.domains.command.incidents.contracts import ReleaseSpec
from anlan.domains.command.incidents.models import Incident
from anlan.domains.command.incidents.services.writing import incident_now
from anlan.domains.monitoring.weather.queries import weather_at
from anlan.kernel.errors import Invalid
from anlan.kernel.text import Text
from anlan.science.chemical.footprint import ToxicFootprint, ToxicRelease, Zone, run
from anlan.science.chemical.weather import Sky, Stability, Terrain, Weather, stability_of
from anlan.science.chemical.weather.stability import sun_height_deg

__all__ = ["Air", "ToxicFootprint", "air_of", "release_of", "run", "shape_of", "summary"]


@dataclass(frozen=True)
class Air:
    """The weather of a footprint, where it comes from, and the time that it speaks of."""

    weather: Weather
    source: str
    at: datetime
    synthetic: bool


def release_of(incident: Incident, release: ReleaseSpec, air: Air) -> ToxicRelease:
    cas = release.cas or incident.cas
    if not cas:
        raise Invalid(
            Text("未指明泄漏物质", "No substance is named"),
            next_step=Text("请填写物质的 CAS 号", "Give the substance's CAS number"),
        )
    return ToxicRelease(
        cas=cas,
        rate_kg_s=release.rate_kg_s,
        duration_s=release.duration_s,
        lon=incident.geometry.x,
        lat=incident.geometry.y,
        weather=air.weather,
        height_m=release.height_m,
        averaging_s=release.averaging_s,
    )


def air_of(incident: Incident, release: ReleaseSpec) -> Air:
    """What the person states, else the county's weather; the class from cloud and sun unless stated."""
    at = incident_now(incident)
    known = weather_at(incident.region, at)
    if release.wind_m_s is None and known is None:
        raise Invalid(
            Text("没有该县近 6 小时的气象数据", "There is no weather of this county of the last six hours"),
            next_step=Text("请填写现场风速和风向", "Enter wind speed and direction from the spot"),
        )
    if release.wind_m_s is not None and release.wind_from_deg is None:
        raise Invalid(Text("填写风速时须同时填写风向", "A wind speed needs its direction"))
    stated = release.wind_m_s is not None
    wind = release.wind_m_s if release.wind_m_s is not None else known.wind_m_s if known else 0.0
    origin = (
        release.wind_from_deg if release.wind_from_deg is not None else known.wind_from_deg if known else 0.0
    )
    cloud = known.cloud_tenths if known else 5.0
    stability = (
        Stability(release.stability)
        if release.stability
        else stability_of(wind, Sky(sun_height_deg(incident.geometry.x, incident.geometry.y, at), cloud))
    )
    temperature_k = (known.temperature_c if known else 15.0) + 273.15
    source = "现场填写" if stated else known.source if known else ""
    return Air(
        Weather(wind, origin, stability, Terrain(release.terrain), temperature_k=temperature_k),
        source,
        at if stated or known is None else known.at,
        synthetic=not stated and known is not None and known.synthetic,
    )


def shape_of(zone: Zone) -> BaseGeometry:
    """A zone's outline as one valid geometry in degrees."""
    parts = [Polygon(rings[0], rings[1:]) for rings in zone.contour.polygons]
    return shapely.make_valid(MultiPolygon(parts)) if parts else MultiPolygon()


def summary(made: ToxicFootprint, air: Air, release: ReleaseSpec) -> dict[str, Any]:
    """What the run keeps as its result."""
    said = made.as_json()
    said.pop("manifest")
    return {
        **said,
        "release": {"rate_kg_s": release.rate_kg_s, "duration_s": release.duration_s},
        "weather": {
            "wind_m_s": air.weather.wind_m_s,
            "wind_from_deg": air.weather.wind_from_deg,
            "stability": air.weather.stability.value,
            "source": air.source,
            "at": air.at.isoformat(),
            "synthetic": air.synthetic,
        },
    }
