"""The only writers of boundaries and reference features."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from anlan.kernel.clock import now
from anlan.kernel.ids import new_id
from anlan.platform.commands import service
from anlan.platform.geo.models import Boundary, Feature
from anlan.platform.geo.permissions import IMPORT


@dataclass(frozen=True)
class NewBoundary:
    """The outline of a division as WKT."""

    region: str
    wkt: str


@dataclass(frozen=True)
class NewFeature:
    """A reference feature, its geometry as WKT."""

    key: str
    wkt: str
    name: str = ""
    name_en: str = ""
    properties: dict[str, Any] | None = None
    data_time: datetime | None = None


@service("geo.import_boundaries", permission=IMPORT)
def import_boundaries(
    boundaries: Sequence[NewBoundary], *, given_in: str, source: str, licence: str = ""
) -> int:
    """Take in outlines of divisions; a division's earlier outline gives way. Returns how many."""
    at = now()
    for boundary in boundaries:
        Boundary.objects.update_or_create(
            region=boundary.region,
            defaults={
                "geometry": shapely.from_wkt(boundary.wkt),
                "source": source,
                "licence": licence,
                "given_in": given_in,
                "imported_at": at,
            },
            create_defaults={
                "id": new_id(),
                "geometry": shapely.from_wkt(boundary.wkt),
                "source": source,
                "licence": licence,
                "given_in": given_in,
                "imported_at": at,
            },
        )
    return len(boundaries)


@service("geo.import_features", permission=IMPORT)
def import_features(
    layer: str,
    features: Sequence[NewFeature],
    *,
    source: str,
    licence: str = "",
    synthetic: bool = False,
) -> int:
    """Take in the features of a reference layer; those of an earlier import give way. Returns how many."""
    Feature.objects.filter(layer=layer).delete()
    made = Feature.objects.bulk_create(
        Feature(
            id=new_id(),
            layer=layer,
            key=feature.key,
            name=feature.name,
            name_en=feature.name_en,
            geometry=shapely.from_wkt(feature.wkt),
            properties=dict(feature.properties or {}),
            source=source,
            licence=licence,
            data_time=feature.data_time,
            synthetic=synthetic,
        )
        for feature in features
    )
    return len(made)


def wkt_of(geometry: BaseGeometry) -> str:
    """*geometry* as a service takes it: seven decimals of a degree are a centimetre."""
    return str(shapely.to_wkt(geometry, rounding_precision=7))
