"""What lies inside the zones of a stored result, as the asking person may see it, with distance and bearing.

Places belong to counties: they are read in the reader's own scope each time, and never kept with the result.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np
from pyproj import Geod
from shapely.geometry import Point, shape
from shapely.geometry.base import BaseGeometry

from anlan.domains.command.simulation.models import Simulation
from anlan.domains.monitoring.hazards.contracts import MajorHazardView, SiteView
from anlan.domains.monitoring.hazards.queries import hazards_inside, sites_inside
from anlan.kernel.crs import LocalFrame
from anlan.platform.geo.queries import distances_m, features_inside
from anlan.platform.geo.reference import PLACES, ROADS

_EARTH = Geod(ellps="WGS84")
_SOURCE_DEG = 0.0005
"""Some 50 m: who stands at the source is hit, though a narrow or lifted cloud may leave it out of its outline."""

_MOST_ROADS = 60

SCOPE = {
    "what": "scope",
    "zh": "目标清单仅含您有权查看的行政区划",
    "en": "Sites and enterprises are those of the counties that you may see",
}
UNKNOWN = {
    "people": ("没有覆盖该处的人口格网", "No population grid covers this place"),
    "roads": (
        "尚未导入道路图层，未列出受影响道路（可在地图中导入）",
        "No roads are loaded: affected ones are not listed (import them on the map)",
    ),
    "settlements": (
        "尚未导入居民地图层，村镇仅含已登记的防护目标",
        "No settlements are loaded: villages are the recorded sites only",
    ),
}
"""What a zone says None of, and why."""


def impact_of(simulation: Simulation) -> dict[str, Any]:
    """The zones from the gravest, each with people (as counted then), sites and enterprises (as of now)."""
    frame = LocalFrame(*_site(simulation.zones))
    zones = [_zone(one, simulation.people, frame) for one in simulation.zones["features"] if _is_zone(one)]
    said = [dict(SCOPE)]
    said += [
        {"what": what, "zh": zh, "en": en}
        for what, (zh, en) in UNKNOWN.items()
        if any(zone[what] is None for zone in zones)
    ]
    return {"zones": zones, "not_known": said}


def _zone(feature: Mapping[str, Any], people: Mapping[str, Any], frame: LocalFrame) -> dict[str, Any]:
    about, outline = feature["properties"], shape(feature["geometry"])
    inside = outline.union(Point(frame.lon, frame.lat).buffer(_SOURCE_DEG))
    sites, hazards = sites_inside(inside), hazards_inside(inside)
    return {
        "name": about["name"],
        "group": about["group"],
        "rank": about["rank"],
        "label": {"zh": about["label_zh"], "en": about["label_en"]},
        "farthest_m": about["farthest_m"],
        "people": people.get(about["name"]),
        "counts": dict(Counter(site.kind.value for site in sites)),
        "sites": sorted((_site_row(site, frame) for site in sites), key=lambda row: row["distance_m"]),
        "enterprises": _enterprises(hazards, frame),
        "roads": _roads(inside, frame),
        "settlements": _settlements(inside, frame),
    }


def _roads(inside: BaseGeometry, frame: LocalFrame) -> list[dict[str, Any]] | None:
    """Roads by name with the kilometres of each inside, the longest first; None where none are loaded."""
    found = features_inside(ROADS, inside)
    if found is None:
        return None
    rows: dict[str, dict[str, Any]] = {}
    for road in found:
        part = road.geometry.intersection(inside)
        name = road.name or str(road.properties.get("ref", ""))
        row = rows.setdefault(
            name,
            {
                "name": name,
                "km": 0.0,
                "nearest_m": np.inf,
                "synthetic": road.synthetic,
                "source": road.source,
            },
        )
        row["km"] += _EARTH.geometry_length(part) / 1000
        row["nearest_m"] = min(row["nearest_m"], float(distances_m([part], frame.lon, frame.lat)[0]))
    for row in rows.values():
        row["km"], row["nearest_m"] = round(row["km"], 2), round(row["nearest_m"])
    return sorted(rows.values(), key=lambda row: -row["km"])[:_MOST_ROADS]


def _settlements(inside: BaseGeometry, frame: LocalFrame) -> list[dict[str, Any]] | None:
    """Settlements of the map inside, the nearest first; None where none are loaded."""
    found = features_inside(PLACES, inside)
    if found is None:
        return None
    rows = []
    for place in found:
        middle = place.geometry.centroid
        about = {"name": place.name, "name_en": place.name_en, "source": place.source}
        rows.append({**about, "synthetic": place.synthetic, **_from_site(middle.x, middle.y, frame)})
    return sorted(rows, key=lambda row: row["distance_m"])


def _site_row(site: SiteView, frame: LocalFrame) -> dict[str, Any]:
    return {
        "id": str(site.id),
        "name": site.name,
        "kind": site.kind.value,
        "persons": site.persons,
        "synthetic": site.synthetic,
        **_from_site(site.lon, site.lat, frame),
    }


def _enterprises(hazards: list[MajorHazardView], frame: LocalFrame) -> list[dict[str, Any]]:
    """One row for each enterprise with its major hazards inside, the nearest first."""
    rows: dict[str, dict[str, Any]] = {}
    for hazard in hazards:
        row = rows.setdefault(
            str(hazard.enterprise_id),
            {
                "id": str(hazard.enterprise_id),
                "name": hazard.enterprise_name,
                "synthetic": hazard.synthetic,
                "hazards": [],
            },
        )
        where = _from_site(hazard.lon, hazard.lat, frame)
        row["hazards"].append(
            {"id": str(hazard.id), "name": hazard.name, "level": hazard.level.value, **where}
        )
    return sorted(rows.values(), key=lambda row: min(one["distance_m"] for one in row["hazards"]))


def _from_site(lon: float, lat: float, frame: LocalFrame) -> dict[str, float]:
    """Distance in metres, and the bearing from the source, clockwise from north."""
    x, y = (float(value) for value in frame.to_xy(lon, lat))
    return {
        "distance_m": round(float(np.hypot(x, y)), 1),
        "bearing_deg": round(float(np.degrees(np.arctan2(x, y))) % 360.0, 1),
    }


def _is_zone(feature: Mapping[str, Any]) -> bool:
    return "rank" in feature["properties"]


def _site(zones: Mapping[str, Any]) -> tuple[float, float]:
    lon, lat = zones["features"][0]["geometry"]["coordinates"]
    return float(lon), float(lat)
