"""Whether a cloud is heavy enough to need a dense-gas model, or so light that it rises."""

import math
from dataclasses import dataclass

from anlan.kernel.models import Caveat
from anlan.kernel.text import Text
from anlan.science.guard import require

CONTINUOUS_THRESHOLD = 0.15
INSTANTANEOUS_THRESHOLD = 0.20
GRAVITY_M_S2 = 9.80665
_RISES_BELOW = 0.9
RISES = Caveat(
    "dispersion.rises",
    Text(
        "轻于空气的气体会上升：地面浓度按不上升计算（偏安全），但高处可能更浓，且可能超出所示范围；高处、棚顶和天花板下应另行检测",
        "A gas lighter than air rises: the ground is computed as if it did not (on the safe side), but high up there "
        "may be more of it, and beyond the zones shown; measure there too, under roofs and ceilings above all",
    ),
)


@dataclass(frozen=True)
class Density:
    """The dense-gas criterion: its value, the threshold and what follows."""

    value: float
    threshold: float
    density_kg_m3: float

    @property
    def is_dense(self) -> bool:
        return self.value >= self.threshold


def continuous_criterion(volume_m3_s: float, density: float, air_density: float, wind_m_s: float) -> Density:
    """(g₀′ q₀ / (u³ D))^⅓ with D = (q₀/u)^½ and the wind at 10 m; dense from 0.15
    (Britter and McQuaid, Workbook on the Dispersion of Dense Gases, HSE 17/1988, chapter 3).

    >>> continuous_criterion(1.0, 3.0, 1.2, 3.0).is_dense
    True
    """
    flow = require(volume_m3_s, Text("源体积流量", "volume flow"), unit="m³/s")
    wind = require(wind_m_s, Text("风速", "wind speed"), unit="m/s")
    reduced = GRAVITY_M_S2 * max(density - air_density, 0.0) / air_density
    width = math.sqrt(flow / wind)
    value = (reduced * flow / (wind**3 * width)) ** (1 / 3)
    return Density(value, CONTINUOUS_THRESHOLD, density)


def instantaneous_criterion(volume_m3: float, density: float, air_density: float, wind_m_s: float) -> Density:
    """(g₀′ V₀^⅓)^½ / u with the wind at 10 m; dense from 0.20 (same source)."""
    volume = require(volume_m3, Text("云团体积", "cloud volume"), unit="m³")
    wind = require(wind_m_s, Text("风速", "wind speed"), unit="m/s")
    reduced = GRAVITY_M_S2 * max(density - air_density, 0.0) / air_density
    return Density(math.sqrt(reduced * volume ** (1 / 3)) / wind, INSTANTANEOUS_THRESHOLD, density)


def rises(density_kg_m3: float, air_density_kg_m3: float) -> bool:
    """Whether a gas is clearly lighter than the air around it (a tenth; `RISES` says what that means)."""
    return density_kg_m3 < _RISES_BELOW * air_density_kg_m3
