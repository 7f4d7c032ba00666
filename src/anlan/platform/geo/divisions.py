"""Which county a place lies in, as far as boundaries are loaded."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import shapely
from shapely.geometry import Point

from anlan.kernel.regions import RegionLevel, level_of
from anlan.platform.geo.models import Boundary


@dataclass(frozen=True)
class Divisions:
    """The outlines of all counties as one index; reads nothing any more."""

    codes: tuple[str, ...]
    outlines: shapely.STRtree

    def county_of(self, lon: float, lat: float) -> str | None:
        """The county of a place; on a shared border the lower code, None outside all of them."""
        found = self.outlines.query(Point(lon, lat), predicate="intersects")
        return min((self.codes[index] for index in found), default=None)


def divisions() -> Divisions:
    """The counties by the boundaries of now; an import is seen at once."""
    version = Boundary.objects.order_by("-imported_at").values_list("imported_at", flat=True).first()
    return _divisions(str(version))


def county_of(lon: float, lat: float) -> str | None:
    """The county of a place, None where no boundary is loaded or the place lies in none."""
    return divisions().county_of(lon, lat)


@lru_cache(maxsize=2)
def _divisions(version: str) -> Divisions:
    counties = [row for row in Boundary.objects.all() if level_of(row.region) is RegionLevel.COUNTY]
    shapes = np.array([row.geometry for row in counties], dtype=object)
    return Divisions(tuple(row.region for row in counties), shapely.STRtree(shapes))
