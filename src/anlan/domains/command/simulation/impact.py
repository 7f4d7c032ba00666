"""What lies inside the zones of a stored result, as the asking person may see it, with distance and bearing.

Places belong to counties: they are read in the reader's own scope each time, and never kept with the result.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np
from shapely.geometry import Point, shape

from anlan.domains.command.simulation.models import Simulation
from anlan.domains.monitoring.hazards.contracts import MajorHazardView, SiteView
from anlan.domains.monitoring.hazards.queries import hazards_inside, sites_inside
from anlan.kernel.crs import LocalFrame

_SOURCE_DEG = 0.0005
"""Some 50 m: who stands at the source is hit, though a narrow or lifted cloud may leave it out of its outline."""

NOT_KNOWN = (
    {
        "what": "roads",
        "zh": "系统中没有道路图层，未列出受影响道路",
        "en": "There is no layer of roads: affected roads are not listed",
    },
    {
        "what": "scope",
        "zh": "目标清单仅含您有权查看的行政区划",
        "en": "Sites and enterprises are those of the counties that you may see",
    },
)


def impact_of(simulation: Simulation) -> dict[str, Any]:
    """The zones from the gravest, each with people (as counted then), sites and enterprises (as of now)."""
    frame = LocalFrame(*_site(simulation.zones))
    zones = [_zone(one, simulation.people, frame) for one in simulation.zones["features"] if _is_zone(one)]
    said = [dict(one) for one in NOT_KNOWN]
    if any(zone["people"] is None for zone in zones):
        words = {"zh": "没有覆盖该处的人口格网", "en": "No population grid covers this place"}
        said.append({"what": "people", **words})
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
    }


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
