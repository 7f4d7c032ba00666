"""From the wind of a weather station to the wind at the height of the flame."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from anlan.kernel.text import Text
from anlan.science.guard import within
from anlan.science.wildfire.bed import FT_M

Floats = NDArray[np.float64]
#: wind at 10 m over wind at 20 ft (Turner and Lawson 1978; Andrews 2012)
TEN_METRES_OVER_TWENTY_FEET = 1.15
#: crown fill (share of the volume under the top of the canopy) below which a fire is not sheltered (Andrews 2012)
_SHELTERED = 0.05


def wind_adjustment(
    fuel_depth_m: ArrayLike,
    canopy_cover: ArrayLike = 0.0,
    canopy_height_m: ArrayLike = 0.0,
    crown_ratio: float = 1.0,
) -> Floats:
    """Midflame wind over the wind at 20 ft (6.1 m) above the vegetation, of the broadcast shape.

    Albini and Baughman 1979 as in Andrews 2012, RMRS-GTR-266: without shelter by the *fuel_depth_m* (eq. 6), under a
    canopy of *canopy_cover* (0–1), *canopy_height_m* and *crown_ratio* by crown fill (eq. 2), when this is above 5 %.
    0 where there is no fuel. Raises `Invalid`.

    >>> round(float(wind_adjustment(0.3048)), 3)
    0.362
    """
    depth = within(fuel_depth_m, 0.0, 10.0, Text("可燃物床厚度", "depth of the fuel bed"), "m") / FT_M
    cover = within(canopy_cover, 0.0, 1.0, Text("郁闭度", "canopy cover"))
    height = within(canopy_height_m, 0.0, 120.0, Text("林冠高度", "height of the canopy"), "m") / FT_M
    within(crown_ratio, 0.0, 1.0, Text("冠长率", "crown ratio"))
    with np.errstate(divide="ignore", invalid="ignore"):
        bare = 1.83 / np.log((20.0 + 0.36 * depth) / (0.13 * depth))
        fill = cover * crown_ratio / 3.0
        under = 0.555 / (np.sqrt(fill * height) * np.log((20.0 + 0.36 * height) / (0.13 * height)))
    sheltered = (fill > _SHELTERED) & (height > depth)
    return np.where(depth > 0, np.where(sheltered, np.minimum(under, bare), bare), 0.0)
