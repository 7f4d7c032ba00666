"""An earthquake at given sites: peak acceleration with what its scatter has in common."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import exp, hypot, sqrt
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from anlan.kernel.models import ModelCard
from anlan.kernel.text import Text
from anlan.kernel.validation import Certainty
from anlan.science.cascade.constants import constant
from anlan.science.cascade.footprint import Footprint, Measure
from anlan.science.cascade.given import Given
from anlan.science.cascade.graph import Event, Kind
from anlan.science.seismic.bssa14 import Mechanism, Region, coefficients, ground_motion

CARD: ModelCard = ground_motion.card  # type: ignore[attr-defined]
HAPPENS = Given(1.0, "the scenario", Certainty.SURE)


@dataclass(frozen=True)
class Site:
    """A place that is shaken: distance to the rupture's surface projection, stiffness of the ground."""

    rjb_km: float
    vs30_m_s: float


class Placed(Protocol):
    """Something at metres east and north."""

    @property
    def x_m(self) -> float: ...

    @property
    def y_m(self) -> float: ...


def mean_distance_km(places: Sequence[Placed]) -> float:
    """The mean distance between two of *places*; 0 for one."""
    pairs = [hypot(one.x_m - other.x_m, one.y_m - other.y_m) for one, other in combinations(places, 2)]
    return sum(pairs) / len(pairs) / 1000.0 if pairs else 0.0


@dataclass(frozen=True)
class Quake:
    """An earthquake of moment *magnitude*; China's crust absorbs little, hence the default *region*."""

    magnitude: float
    mechanism: Mechanism = Mechanism.UNSPECIFIED
    region: Region = Region.HIGH_Q

    def event(self, sites: Mapping[str, Site], apart_km: float) -> Event:
        """The earthquake with its footprint at *sites* (`seismic.bssa14`).

        Sites *apart_km* from each other share the scatter between events and exp(−3 h/b) of the variance within the
        event (Jayaram and Baker 2009); the rest is of each alone, the greatest of the sites. Raises `Invalid`.
        """
        medians, within = self._motion(sites)
        between = coefficients("PGA", self.region).between_events(self.magnitude)
        common = exp(-3.0 * apart_km / constant("shaking_range_km").value)
        footprint = Footprint(
            Measure.PGA,
            dict(zip(sites, medians.tolist(), strict=True)),
            between_ln=sqrt(between**2 + common * within**2),
            within_ln=sqrt((1.0 - common) * within**2),
        )
        label = Text(f"{self.magnitude:g} 级地震", f"Earthquake of M {self.magnitude:g}")
        said = [
            caveat
            for site in sites.values()
            for caveat in CARD.out_of_range({"magnitude": self.magnitude, **vars(site)})
        ]
        return Event(
            "earthquake",
            Kind.EARTHQUAKE,
            label,
            (footprint,),
            HAPPENS,
            backed_by=(CARD,),
            caveats=tuple(dict.fromkeys(said)),
        )

    def _motion(self, sites: Mapping[str, Site]) -> tuple[NDArray[np.float64], float]:
        """Median PGA in g at each site, and the greatest scatter within the event."""
        distance = np.array([site.rjb_km for site in sites.values()])
        ground = np.array([site.vs30_m_s for site in sites.values()])
        mean, sigma = ground_motion("PGA", self.magnitude, distance, ground, self.mechanism, self.region)
        between = coefficients("PGA", self.region).between_events(self.magnitude)
        return np.exp(mean), float(np.sqrt((sigma**2 - between**2).max()))
