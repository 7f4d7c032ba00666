"""Who and what is inside computed outlines: people, sites, major hazards, with distance and bearing from the source."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np
from shapely.geometry.base import BaseGeometry

from anlan.domains.data.population.queries import people_inside
from anlan.domains.monitoring.hazards.contracts import MajorHazardView
from anlan.domains.monitoring.hazards.queries import find_hazard, hazards_inside, sites_inside
from anlan.kernel.crs import LocalFrame
from anlan.kernel.models import Manifest, manifest_of
from anlan.platform.provenance.services import RunPlace, RunSubject, record_run
from anlan.science.exposure.people import CARD as PEOPLE

Told = Callable[[float, float], Mapping[str, Any]]
"""What is to be said beside a site at a longitude and latitude (when a cloud arrives there ...)."""


@dataclass(frozen=True)
class Origin:
    """The source: its place, the major hazard that it is, and the time that the count speaks of."""

    lon: float
    lat: float
    hazard_id: UUID | None
    at: datetime


def record_inside(
    subject: RunSubject,
    shapes: Mapping[str, BaseGeometry],
    footprint: str,
    place: RunPlace,
    origin: Origin,
    told: Told = lambda lon, lat: {},
) -> UUID | None:
    """The run of who and what is inside each outline; None when there is no outline.

    *footprint* is the digest of the manifest that the outlines come from.
    """
    if not shapes:
        return None
    zones: dict[str, Any] = {}
    manifests: dict[str, Manifest] = {}
    for name, shape in shapes.items():
        zones[name], manifest = _inside(shape, origin, told)
        if manifest is not None:
            manifests[name] = manifest
    caveats = tuple({caveat: None for one in manifests.values() for caveat in one.caveats})
    manifest = manifest_of(
        PEOPLE,
        {"footprint": footprint, "zones": {name: one.digest for name, one in manifests.items()}},
        caveats=caveats,
    )
    return record_run(manifest, {"zones": zones}, subject, place, valid_at=origin.at)


def _inside(shape: BaseGeometry, origin: Origin, told: Told) -> tuple[dict[str, Any], Manifest | None]:
    """People, sites and major hazards in one outline, and the incident's own hazard wherever it stands."""
    people = people_inside(shape)
    estimate = people.estimate
    frame = LocalFrame(origin.lon, origin.lat)
    said = {
        "people": None
        if estimate is None
        else {"low": round(estimate.low), "best": round(estimate.best), "high": round(estimate.high)},
        "people_source": people.source,
        "people_method": people.method,
        "people_data_time": people.data_time.isoformat() if people.data_time else None,
        "sites": sorted(
            (
                {
                    "id": str(site.id),
                    "name": site.name,
                    "kind": site.kind.value,
                    "persons": site.persons,
                    "synthetic": site.synthetic,
                    **_from_source(site.lon, site.lat, frame),
                    **told(site.lon, site.lat),
                }
                for site in sites_inside(shape)
            ),
            key=lambda row: row["distance_m"],
        ),
        "hazards": [
            {
                "id": str(hazard.id),
                "name": hazard.name,
                "enterprise": hazard.enterprise_name,
                "level": hazard.level.value,
                "is_source": hazard.id == origin.hazard_id,
                "synthetic": hazard.synthetic,
                **_from_source(hazard.lon, hazard.lat, frame),
            }
            for hazard in _hazards(shape, origin)
        ],
    }
    return said, people.manifest


def _hazards(shape: BaseGeometry, origin: Origin) -> list[MajorHazardView]:
    found = hazards_inside(shape)
    if origin.hazard_id is not None and all(one.id != origin.hazard_id for one in found):
        found.insert(0, find_hazard(origin.hazard_id))
    return found


def _from_source(lon: float, lat: float, frame: LocalFrame) -> dict[str, float]:
    """Metres from the source, and the bearing from it, clockwise from north."""
    x, y = (float(value) for value in frame.to_xy(lon, lat))
    return {
        "distance_m": round(float(np.hypot(x, y))),
        "bearing_deg": round(float(np.degrees(np.arctan2(x, y))) % 360.0),
    }
