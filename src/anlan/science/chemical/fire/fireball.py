"""A fireball after the burst of a vessel of pressure-liquefied gas (BLEVE): size, lift-off, radiation, dose."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from anlan.kernel.models import Caveat, ModelCard, Quantity, Verification
from anlan.kernel.text import Text
from anlan.science import guard
from anlan.science.chemical.fire.atmosphere import transmissivity
from anlan.science.chemical.fire.view import sphere
from anlan.science.chemical.harm.vulnerability import Probit, probit
from anlan.science.registry import model

Floats = NDArray[np.float64]

CARD = ModelCard(
    id="chemical.fireball",
    version="1",
    title=Text("沸腾液体扩展蒸气爆炸火球", "BLEVE fireball"),
    purpose=Text(
        "计算火球直径、持续时间、热辐射强度及剂量", "Diameter, duration, radiation and dose of a fireball"
    ),
    applicability=Text(
        "压力液化可燃气体容器整体破裂，参与质量约 1 kg–1000 t",
        "Total failure of a vessel of pressure-liquefied flammable gas, some 1 kg to 1,000 t taking part",
    ),
    inputs=(
        Quantity("mass_kg", "kg", Text("参与火球的质量", "mass in the fireball"), 1.0, 1e6),
        Quantity("humidity", "", Text("相对湿度", "relative humidity"), 0.05, 1.0),
        Quantity("burst_pressure_pa", "Pa", Text("破裂压力", "burst pressure"), 2e5, 6e6),
    ),
    references=(
        "CCPS, Guidelines for Chemical Process QRA, 2nd ed., section 2.2.4",
        "TNO CPR 14E (Yellow Book, 2005), section 6.5.7",
        "Roberts, Fire Safety J. 4 (1981/82) 197-212",
        "Martinsen and Marx, CCPS Int. Conf., 1999 (growth, lift-off and fading)",
    ),
    verification=Verification.VERIFIED,
    suite="chemical",
    outputs=(Quantity("radiation_kw_m2", "kW/m²", Text("热辐射强度", "radiation")),),
    caveats=(
        Caveat(
            "fireball.fragments",
            Text(
                "未包括碎片和超压，见容器破裂模型", "Fragments and blast are not in it: see the vessel burst"
            ),
        ),
    ),
)


def diameter_ccps_m(mass_kg: ArrayLike) -> Floats:
    """D = 5.8 M^⅓.

    >>> round(float(diameter_ccps_m(20_000.0)), 1)
    157.4
    """
    return np.asarray(5.8 * np.cbrt(np.asarray(mass_kg, np.float64)), np.float64)


def duration_ccps_s(mass_kg: ArrayLike) -> Floats:
    """t = 0.45 M^⅓, and 2.6 M^1/6 for great masses: from where the two meet, at 37.3 t. The book prints 30 t, at
    which the duration would leap and more fuel shine less far."""
    mass = np.asarray(mass_kg, np.float64)
    return np.asarray(np.minimum(0.45 * np.cbrt(mass), 2.6 * mass ** (1 / 6)), np.float64)


def diameter_tno_m(mass_kg: ArrayLike) -> Floats:
    """D = 6.48 M^0.325 (CPR 14E eq. 6.90 with r = 3.24 M^0.325)."""
    return np.asarray(6.48 * np.asarray(mass_kg, np.float64) ** 0.325, np.float64)


def duration_tno_s(mass_kg: ArrayLike) -> Floats:
    """t = 0.852 M^0.26 (CPR 14E eq. 6.91)."""
    return np.asarray(0.852 * np.asarray(mass_kg, np.float64) ** 0.26, np.float64)


def radiated_fraction(burst_pressure_pa: float) -> float:
    """F_s = 0.27 P^0.32 with P in MPa, at most 0.4 (Roberts 1981/82)."""
    pressure = guard.positive("破裂压力", "burst pressure", burst_pressure_pa, unit="Pa")
    return float(min(0.4, 0.27 * (pressure / 1e6) ** 0.32))


@model(CARD)
@dataclass(frozen=True)
class Fireball:
    """A rising sphere; *correlation* is ``ccps`` or ``tno``. Raises `Invalid`."""

    mass_kg: float
    heat_of_combustion_j_kg: float = 46.0e6
    burst_pressure_pa: float = 1.7e6
    correlation: str = "ccps"
    humidity: float = 0.5
    air_temperature_k: float = 293.15

    def __post_init__(self) -> None:
        guard.positive("火球质量", "mass in the fireball", self.mass_kg, unit="kg", at_most=1e7)
        guard.positive("燃烧热", "heat of combustion", self.heat_of_combustion_j_kg, at_most=2e8)
        guard.positive("破裂压力", "burst pressure", self.burst_pressure_pa, unit="Pa", at_most=1e9)
        guard.positive("相对湿度", "relative humidity", self.humidity, zero=True, at_most=1)
        guard.positive("气温", "air temperature", self.air_temperature_k, unit="K", at_most=350)
        if self.correlation not in ("ccps", "tno"):
            raise guard.refuse(
                "火球关联式只有 ccps 和 tno", "the correlation is ccps or tno", given=self.correlation
            )

    @property
    def diameter_m(self) -> float:
        return float((diameter_ccps_m if self.correlation == "ccps" else diameter_tno_m)(self.mass_kg))

    @property
    def duration_s(self) -> float:
        return float((duration_ccps_s if self.correlation == "ccps" else duration_tno_s)(self.mass_kg))

    @property
    def height_m(self) -> float:
        """Of the centre for the static model: 0.75 D (CCPS eq. 2.2.34)."""
        return 0.75 * self.diameter_m

    @property
    def sep_kw_m2(self) -> float:
        """F_s M ΔHc / (π D² t), at most 400 kW/m² (Roberts; CPR 14E)."""
        heat_j = radiated_fraction(self.burst_pressure_pa) * self.mass_kg * self.heat_of_combustion_j_kg
        return float(min(400.0, heat_j / (np.pi * self.diameter_m**2 * self.duration_s) / 1000))

    def radiation_kw_m2(self, distance_m: ArrayLike) -> Floats:
        """On a target at ground level facing the fireball, *distance_m* from the point below its centre."""
        distance = guard.floats("距离", "distance", distance_m)
        return self._flux(distance, self.diameter_m, self.height_m, self.sep_kw_m2)

    def state(self, time_s: ArrayLike) -> tuple[Floats, Floats, Floats]:
        """Diameter and height of the centre (m) and emissive power (kW/m²) at times after the burst.

        It grows as t^⅓ on the ground for a third of its life, then rises; the emissive power fades linearly over
        the last two thirds (Martinsen and Marx 1999). The radiated heat is that of the static fireball.
        """
        share = np.clip(np.asarray(time_s, np.float64) / self.duration_s, 0.0, None)
        alive = share < 1
        diameter = self.diameter_m * np.cbrt(np.minimum(1.0, 3 * share))
        height = np.where(share < 1 / 3, diameter / 2, 1.5 * self.diameter_m * share)
        fading = np.where(share < 1 / 3, 1.0, 1.5 * (1 - share))
        # ∫ D² E dt over the life is that of the constant full-grown one times this
        kept = 3 ** (2 / 3) * 0.6 * (1 / 3) ** (5 / 3) + 1 / 3
        sep = np.where(alive, self.sep_kw_m2 * fading / kept, 0.0)
        return np.asarray(diameter), np.asarray(height), np.asarray(np.minimum(400.0, sep))

    def dose(self, distance_m: ArrayLike, steps: int = 200) -> Floats:
        """∫ q^4/3 dt of the growing and rising fireball, (W/m²)^4/3 s, midpoint rule."""
        distance = guard.floats("距离", "distance", distance_m)
        times = (np.arange(steps) + 0.5) * self.duration_s / steps
        diameter, height, sep = self.state(times)
        flux = self._flux(distance[..., None], diameter, height, sep)
        return np.asarray(((1000 * flux) ** (4 / 3)).sum(axis=-1) * self.duration_s / steps, np.float64)

    def lethality(self, distance_m: ArrayLike, rule: Probit | None = None) -> Floats:
        """Share of unsheltered people killed; inside the radius of the fireball all."""
        distance = guard.floats("距离", "distance", distance_m)
        share = (rule or probit("thermal_death")).of_load(self.dose(distance))
        return np.asarray(np.where(distance <= self.diameter_m / 2, 1.0, share), np.float64)

    def distance_m(self, radiation_kw_m2: float) -> float:
        """Where the static radiation falls to *radiation_kw_m2*; 0 where it is never reached at ground level."""
        level = guard.positive("热辐射强度", "radiation", radiation_kw_m2)
        if float(self.radiation_kw_m2(0.0)) < level:
            return 0.0
        low, high = 0.0, self.diameter_m
        while float(self.radiation_kw_m2(high)) >= level:
            low, high = high, 2 * high
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (middle, high) if float(self.radiation_kw_m2(middle)) >= level else (low, middle)
        return high

    def _flux(self, distance: Floats, diameter: ArrayLike, height: ArrayLike, sep: ArrayLike) -> Floats:
        radius = np.asarray(diameter, np.float64) / 2
        to_centre = np.sqrt(distance**2 + np.asarray(height) ** 2)
        view = sphere(radius, to_centre)
        tau = transmissivity(np.maximum(to_centre - radius, 0.0), self.humidity, self.air_temperature_k)
        return np.asarray(np.asarray(sep, np.float64) * view * tau, np.float64)
