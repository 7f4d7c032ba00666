"""What other apps may know about population."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from anlan.kernel.models import Caveat, Manifest
from anlan.science.exposure import PeopleEstimate


@dataclass(frozen=True)
class PeopleInside:
    """People in an area with the manifest; *estimate* is None where no population data are loaded."""

    estimate: PeopleEstimate | None
    manifest: Manifest | None
    source: str
    method: str
    data_time: datetime | None


@dataclass(frozen=True)
class PeopleCells:
    """The inhabited cells of a box by the best grid: middles in degrees, persons and area of each, shape (n,)."""

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    persons: NDArray[np.float64]
    area_km2: NDArray[np.float64]
    source: str
    data_time: datetime
    caveats: tuple[Caveat, ...] = ()
