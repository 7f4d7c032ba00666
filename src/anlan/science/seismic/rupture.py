"""How long a rupture is, and which way a known fault runs."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from anlan.kernel.errors import NotFound
from anlan.kernel.text import Text
from anlan.science.packaged import packaged_table
from anlan.science.seismic.bssa14 import Mechanism
from anlan.science.seismic.geometry import offsets


def rupture_length_km(magnitude: float, mechanism: Mechanism = Mechanism.UNSPECIFIED) -> float:
    """Subsurface rupture length, lg L = a + b·M (Wells and Coppersmith 1994, table 2A).

    >>> round(rupture_length_km(7.0), 1)
    49.0
    """
    for row in packaged_table("anlan.science.seismic", "rupture").rows:
        if row["mechanism"] == mechanism.value:
            return float(10.0 ** (float(row["a"]) + float(row["b"]) * magnitude))
    raise NotFound(
        Text(f"没有 {mechanism.label.zh} 的破裂长度关系", f"No rupture length for {mechanism.label.en}")
    )


def nearest_strike_deg(
    lon: float, lat: float, traces: Sequence[NDArray[np.float64]], within_km: float
) -> tuple[float, float] | None:
    """Strike (0–180°, clockwise from north) of the nearest stretch of the fault *traces*, and its distance in km.

    A trace is an array (points, 2) of longitude and latitude. None when all are farther than *within_km*.
    """
    best: tuple[float, float] | None = None
    for trace in traces:
        if len(trace) < 2:
            continue
        north, east = offsets(lon, lat, trace[:, 0], trace[:, 1])
        step_n, step_e = np.diff(north), np.diff(east)
        length2 = step_n**2 + step_e**2
        share = -(north[:-1] * step_n + east[:-1] * step_e) / np.where(length2 > 0, length2, 1.0)
        share = np.clip(share, 0.0, 1.0)
        distance = np.hypot(north[:-1] + share * step_n, east[:-1] + share * step_e) / 1000.0
        # a point drawn twice has no direction
        distance[~(length2 > 0)] = np.inf
        k = int(np.argmin(distance))
        if distance[k] <= within_km and (best is None or distance[k] < best[1]):
            best = math.degrees(math.atan2(step_e[k], step_n[k])) % 180.0, float(distance[k])
    return best
