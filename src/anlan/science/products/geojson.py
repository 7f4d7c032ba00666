"""Outlines as GeoJSON (RFC 7946): WGS-84, outer rings counter-clockwise, centimetres kept and no more."""

import json
from typing import TYPE_CHECKING, Any

from anlan.science.products.extent import area_m2, farthest_m

if TYPE_CHECKING:
    from anlan.science.products.result import Zone

_DIGITS = 7


def collection(zones: "tuple[Zone, ...]", site: tuple[float, float], input_hash: str) -> bytes:
    """The site and every zone that is reached anywhere, the gravest of each group first (``rank`` 1)."""
    features = [_feature("Point", [round(site[0], _DIGITS), round(site[1], _DIGITS)], {"name": "site"})]
    ranks: dict[str, int] = {}
    for zone in zones:
        ranks[zone.group] = ranks.get(zone.group, 0) + 1
        if not zone.contour.is_empty:
            features.append(_of_zone(zone, site, ranks[zone.group]))
    said = {"type": "FeatureCollection", "input_hash": input_hash, "features": features}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode() + b"\n"


def _of_zone(zone: "Zone", site: tuple[float, float], rank: int) -> dict[str, Any]:
    contour = zone.contour
    polygons = [[[_rounded(point) for point in ring] for ring in rings] for rings in contour.polygons]
    said = {
        "name": contour.name,
        "group": zone.group,
        "rank": rank,
        "level": contour.level,
        "unit": contour.unit,
        "label_zh": contour.label.zh,
        "label_en": contour.label.en,
        "source": zone.source,
        "certainty": zone.certainty,
        "farthest_m": round(farthest_m(contour, site), 1),
        "area_m2": round(area_m2(contour)),
    }
    return _feature("MultiPolygon", polygons, said)


def _rounded(point: tuple[float, float]) -> list[float]:
    return [round(float(point[0]), _DIGITS), round(float(point[1]), _DIGITS)]


def _feature(kind: str, coordinates: Any, said: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "geometry": {"type": kind, "coordinates": coordinates}, "properties": said}
