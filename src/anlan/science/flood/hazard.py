"""Danger to people in moving water."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from anlan.science.flood.tables import debris_factors, hazard_classes


def hazard_rating(depth_m: ArrayLike, speed_m_s: ArrayLike) -> NDArray[np.float64]:
    """HR = d (v + 0.5) + DF where there is water, 0 elsewhere (DEFRA/EA FD2320/TR2, eq. 1).

    The debris factor DF is the table's conservative one.

    >>> float(hazard_rating(0.2, 1.5))
    0.9
    """
    depth, speed = np.asarray(depth_m, np.float64), np.asarray(speed_m_s, np.float64)
    shallow, deep, parts = debris_factors()
    rating = depth * (speed + 0.5) + np.where(depth > parts, deep, shallow)
    return np.asarray(np.where(depth > 0, rating, 0.0), np.float64)


def hazard_class(rating: ArrayLike) -> NDArray[np.int8]:
    """The class 0 … 3 (low, moderate, significant, extreme) of a rating: 0.75 is moderate, 1.25
    significant, and only above 2.0 is extreme (FD2320/TR2, table 13.1).

    >>> hazard_class([0.5, 0.75, 2.0, 2.1]).tolist()
    [0, 1, 2, 3]
    """
    bounds = [least for _, _, least in hazard_classes()][1:]
    bounds[-1] = float(np.nextafter(bounds[-1], np.inf))
    return np.searchsorted(bounds, np.asarray(rating), side="right").astype(np.int8)
