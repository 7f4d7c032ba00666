"""Who lives inside each zone, with the range that the data allow and the manifest of the count."""

from collections.abc import Mapping
from typing import Any

from shapely.geometry.base import BaseGeometry

from anlan.domains.data.population.queries import people_inside
from anlan.kernel.models import Manifest, manifest_of
from anlan.science.exposure.people import CARD


def people_in_zones(
    shapes: Mapping[str, BaseGeometry], input_hash: str
) -> tuple[dict[str, Any], Manifest | None]:
    """By zone: low, best, high and where the grid comes from; None for a zone that no grid covers.

    The manifest is that of all counts together, None when nothing was counted.
    """
    said: dict[str, Any] = {}
    manifests: dict[str, Manifest] = {}
    for name, shape in shapes.items():
        found = people_inside(shape)
        if found.estimate is None or found.manifest is None:
            said[name] = None
            continue
        manifests[name] = found.manifest
        said[name] = {
            "low": round(found.estimate.low),
            "best": round(found.estimate.best),
            "high": round(found.estimate.high),
            "source": found.source,
            "method": found.method,
            "data_time": found.data_time.isoformat() if found.data_time else None,
        }
    if not manifests:
        return said, None
    inputs = {"input_hash": input_hash, "zones": {name: one.digest for name, one in manifests.items()}}
    caveats = tuple(dict.fromkeys(caveat for one in manifests.values() for caveat in one.caveats))
    return said, manifest_of(CARD, inputs, caveats=caveats)
