"""The weather of one run: a wind that the models can use at any height, with what was assumed."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from anlan.kernel.models import Caveat
from anlan.kernel.text import LabelledEnum, Text
from anlan.science.chemical.substances.concentration import AMBIENT_K, ATMOSPHERE_PA, air_density_kg_m3
from anlan.science.chemical.weather.stability import Stability
from anlan.science.guard import require

CALM_M_S = 1.0
REFERENCE_HEIGHT_M = 10.0


class Terrain(LabelledEnum):
    """What the ground is like."""

    OPEN = "open", "开阔乡村", "Open country"
    URBAN = "urban", "城区", "Urban"

    @property
    def roughness_m(self) -> float:
        """Typical roughness length: 0.1 m open farmland, 1 m town (Wieringa 1992 classes)."""
        return 1.0 if self is Terrain.URBAN else 0.1


@dataclass(frozen=True)
class Weather:
    """Wind at 10 m (speed, and direction it blows *from* in degrees), stability and the state of the air.

    Raises `Invalid` for values that make no sense. Wind below 1 m/s is a calm: the models
    then use 1 m/s or their upper-bound puff, with a caveat.
    """

    wind_m_s: float
    wind_from_deg: float
    stability: Stability = Stability.D
    terrain: Terrain = Terrain.OPEN
    temperature_k: float = AMBIENT_K
    pressure_pa: float = ATMOSPHERE_PA
    humidity: float = 0.5
    mixing_height_m: float | None = None

    def __post_init__(self) -> None:
        require(self.wind_m_s, Text("风速", "wind speed"), high=120.0, unit="m/s", open_low=False)
        require(
            self.wind_from_deg, Text("风向", "wind direction"), low=-360, high=720, unit="°", open_low=False
        )
        require(self.temperature_k, Text("气温", "temperature"), low=200.0, high=340.0, unit="K")
        require(self.pressure_pa, Text("气压", "pressure"), low=3e4, high=1.2e5, unit="Pa")
        require(self.humidity, Text("相对湿度", "relative humidity"), high=1.0, open_low=False)
        if self.mixing_height_m is not None:
            require(
                self.mixing_height_m, Text("混合层高度", "mixing height"), low=10.0, high=20_000, unit="m"
            )

    @property
    def is_calm(self) -> bool:
        return self.wind_m_s < CALM_M_S

    @property
    def toward_deg(self) -> float:
        """Direction in which the wind carries, clockwise from north."""
        return (self.wind_from_deg + 180.0) % 360.0

    @property
    def air_density_kg_m3(self) -> float:
        return air_density_kg_m3(self.temperature_k, self.pressure_pa)

    @property
    def mixing_m(self) -> float:
        """Mixing height: as given, else a default by class."""
        return self.mixing_height_m or _MIXING_M[self.stability]

    def wind_at(self, height_m: ArrayLike) -> NDArray[np.float64]:
        """Speed at a height by the power law, in m/s; below 2 m as at 2 m, above 200 m as at 200 m.

        Exponents: EPA ISC3 (EPA-454/B-95-003b, table 1-1), rural and urban.
        """
        z = np.clip(np.asarray(height_m, np.float64), 2.0, 200.0)
        return self.wind_m_s * (z / REFERENCE_HEIGHT_M) ** self.profile_exponent

    @property
    def profile_exponent(self) -> float:
        return _EXPONENTS[self.terrain][self.stability.rank]

    @property
    def friction_velocity_m_s(self) -> float:
        """u* of the neutral logarithmic profile through the 10 m wind (κ = 0.4)."""
        return float(0.4 * self.wind_m_s / np.log(REFERENCE_HEIGHT_M / self.terrain.roughness_m))

    def caveats(self) -> tuple[Caveat, ...]:
        """What is unusual about this weather."""
        found = []
        if self.is_calm:
            found.append(CALM)
        if self.wind_m_s > 20.0:
            found.append(STORM)
        if self.wind_m_s > 6.0 and self.stability is not Stability.D:
            found.append(_UNLIKELY_CLASS)
        return tuple(found)


CALM = Caveat(
    "weather.calm",
    Text(
        "静风（<1 m/s）：风向不定，结果为上限估计，各方向均须防范",
        "Calm (under 1 m/s): the direction is not defined; an upper bound, take care on all sides",
    ),
)
STORM = Caveat(
    "weather.storm",
    Text(
        "风速超过 20 m/s：超出扩散系数的实验范围",
        "Wind above 20 m/s: beyond the experiments behind the curves",
    ),
)
_UNLIKELY_CLASS = Caveat(
    "weather.unlikely_class",
    Text(
        "风速大于 6 m/s 时一般为 D 类稳定度，请核对",
        "Above 6 m/s the class is D as a rule: check the stability",
    ),
)

_EXPONENTS = {
    Terrain.OPEN: (0.07, 0.07, 0.10, 0.15, 0.35, 0.55),
    Terrain.URBAN: (0.15, 0.15, 0.20, 0.25, 0.30, 0.30),
}
_MIXING_M = {
    Stability.A: 1500.0,
    Stability.B: 1500.0,
    Stability.C: 1000.0,
    Stability.D: 800.0,
    Stability.E: 5000.0,
    Stability.F: 5000.0,
}
