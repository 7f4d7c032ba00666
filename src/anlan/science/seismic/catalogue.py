"""Which known earthquakes lay near a place: the answer always names its catalogue."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anlan.kernel.errors import Invalid
from anlan.kernel.text import Text
from anlan.science.seismic.geometry import WGS84, check_place

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Catalogue:
    """Earthquakes as columns; ``magnitude`` is NaN where the catalogue has none, ``kind`` says which magnitude.

    ``when`` is as the catalogue writes it: old events have a year alone.
    """

    name: str
    kind: str
    ids: tuple[str, ...]
    when: tuple[str, ...]
    lon: Floats
    lat: Floats
    magnitude: Floats


@dataclass(frozen=True)
class Near:
    """One earthquake of the answer."""

    id: str
    when: str
    magnitude: float
    lon: float
    lat: float
    distance_km: float


@dataclass(frozen=True)
class Answer:
    """Earthquakes by distance, of the catalogue named; ``without_magnitude`` near ones could not be judged."""

    catalogue: str
    kind: str
    found: tuple[Near, ...]
    without_magnitude: int


def near(
    catalogue: Catalogue, lon: float, lat: float, radius_km: float, least_magnitude: float = -10.0
) -> Answer:
    """The earthquakes of *least_magnitude* or more within *radius_km* of a place, by geodesic on WGS-84.

    Raises `Invalid` for a place that is none or a radius that is not positive.
    """
    check_place(lon, lat)
    if not radius_km > 0:
        raise Invalid(Text("半径必须为正", "The radius must be positive"))
    start = np.ones(len(catalogue.lon))
    _, _, metres = WGS84.inv(lon * start, lat * start, catalogue.lon, catalogue.lat)
    away_km = np.asarray(metres) / 1000.0
    inside = away_km <= radius_km
    strong = inside & (catalogue.magnitude >= least_magnitude)
    rows = np.flatnonzero(strong)
    rows = rows[np.argsort(away_km[rows], kind="stable")]
    found = tuple(
        Near(
            catalogue.ids[k],
            catalogue.when[k],
            float(catalogue.magnitude[k]),
            float(catalogue.lon[k]),
            float(catalogue.lat[k]),
            float(away_km[k]),
        )
        for k in rows
    )
    return Answer(catalogue.name, catalogue.kind, found, int((inside & np.isnan(catalogue.magnitude)).sum()))
