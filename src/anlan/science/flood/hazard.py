"""Danger to people in moving water."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from anlan.science.flood.checks import numbers
from anlan.science.flood.tables import debris_factors, hazard_classes


def hazard_rating(depth_m: ArrayLike, speed_m_s: ArrayLike) -> NDArray[np.float64]:
    """HR = d (v + 0.5) + DF where there is water, 0 elsewhere (DEFRA/EA FD2320/TR2, eq. 1).

    The debris factor DF is the table's conservative one. Raises `Invalid` for depths or speeds that are
    unknown or negative: they would read as no danger.

    >>> float(hazard_rating(0.2, 1.5))
    0.9
    """
    depth, speed = (
        numbers(depth_m, "水深", "The depth", low=0),
        numbers(speed_m_s, "流速", "The speed", low=0),
    )
    shallow, deep, parts = debris_factors()
    rating = depth * (speed + 0.5) + np.where(depth > parts, deep, shallow)
    return np.asarray(np.where(depth > 0, rating, 0.0), np.float64)


def hazard_class(rating: ArrayLike) -> NDArray[np.int8]:
    """The class 0 … 3 (low, moderate, significant, extreme) of a rating: 0.75 is moderate, 1.25
    significant, and only above 2.0 is extreme (FD2320/TR2, table 13.1). Raises `Invalid`.

    >>> hazard_class([0.5, 0.75, 2.0, 2.1]).tolist()
    [0, 1, 2, 3]
    """
    bounds = [least for _, _, least in hazard_classes()][1:]
    bounds[-1] = float(np.nextafter(bounds[-1], np.inf))
    return np.searchsorted(
        bounds, numbers(rating, "危险度", "The hazard rating", low=0), side="right"
    ).astype(np.int8)
