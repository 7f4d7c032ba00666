"""A spreading pool that boils on warm ground or evaporates into the wind."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from anlan.kernel.errors import Invalid
from anlan.kernel.models import Caveat, ModelCard, Quantity, Verification
from anlan.kernel.text import LabelledEnum, Text
from anlan.science.chemical.source.orifice import GRAVITY_M_S2
from anlan.science.chemical.source.outflow import Profile
from anlan.science.chemical.substances import Substance
from anlan.science.chemical.substances.concentration import GAS_CONSTANT
from anlan.science.chemical.weather import Weather
from anlan.science.guard import require
from anlan.science.registry import model

Array = NDArray[np.float64]
_SCHMIDT = 0.8
_AIR_HEAT_J_KG_K = 1006.0
_PRANDTL = 0.71
_LEAST_WIND_M_S = 0.5


class Ground(LabelledEnum):
    """What the pool lies on."""

    CONCRETE = "concrete", "混凝土", "Concrete"
    SOIL = "soil", "土壤（均值）", "Soil, average"
    SAND = "sand", "干砂", "Dry sand"
    INSULATED = "insulated", "隔热", "Insulated"

    @property
    def conductivity_w_m_k(self) -> float:
        """TNO Yellow Book CPR 14E (2005), chapter 3 (concrete, average subsoil, dry sand)."""
        return {"concrete": 1.3, "soil": 0.9, "sand": 0.3, "insulated": 0.0}[self.value]

    @property
    def diffusivity_m2_s(self) -> float:
        """Same table; average subsoil and dry sand."""
        return {"concrete": 1.0e-6, "soil": 4.3e-7, "sand": 2.0e-7, "insulated": 1.0e-6}[self.value]

    @property
    def least_depth_m(self) -> float:
        """Depth at which an unbounded pool stops spreading (Yellow Book, table 3.1)."""
        return {"concrete": 0.005, "soil": 0.010, "sand": 0.025, "insulated": 0.005}[self.value]


@dataclass(frozen=True)
class Spill:
    """How liquid reaches the ground: *rate_kg_s* over *duration_s*, or *mass_kg* at once, within a bund."""

    mass_kg: float = 0.0
    rate_kg_s: float = 0.0
    duration_s: float = 0.0
    bund_area_m2: float = math.inf
    ground: Ground = Ground.CONCRETE
    ground_k: float = 293.15
    liquid_k: float | None = None

    def __post_init__(self) -> None:
        for value, name in ((self.mass_kg, "质量"), (self.rate_kg_s, "速率"), (self.duration_s, "时长")):
            require(value, Text(f"泄漏{name}", "spill"), high=1e10, open_low=False)
        if self.mass_kg <= 0 and not (self.rate_kg_s > 0 and self.duration_s > 0):
            raise Invalid(Text("没有泄漏量", "Nothing is spilled: give a mass, or a rate and a duration"))
        if not self.bund_area_m2 > 0:
            raise Invalid(Text("围堰面积应大于零", "The bund's area must be above zero"))
        require(self.ground_k, Text("地面温度", "ground temperature"), low=200.0, high=360.0, unit="K")

    @property
    def total_kg(self) -> float:
        return self.mass_kg + self.rate_kg_s * self.duration_s


@dataclass(frozen=True)
class Pool:
    """A pool over time: evaporation, area, temperature, mass on the ground, at *times_s*."""

    times_s: Array
    rate_kg_s: Array
    area_m2: Array
    temperature_k: Array
    mass_kg: Array
    evaporated_kg: float
    ground_heat_j: float
    air_heat_j: float
    caveats: tuple[Caveat, ...] = ()

    @property
    def profile(self) -> Profile:
        return Profile(self.times_s, self.rate_kg_s, self.mass_kg, "pool_kg", self.caveats)

    @property
    def peak_kg_s(self) -> float:
        return float(self.rate_kg_s.max(initial=0.0))


@model(
    ModelCard(
        id="chemical.pool",
        version="1",
        title=Text("液池扩展与蒸发", "Spreading and evaporating pool"),
        purpose=Text(
            "围堰内外液池的沸腾与蒸发速率", "Rate of boiling and evaporation of a pool, bunded or not"
        ),
        applicability=Text("平坦地面，单一组分，无渗透", "Flat ground, one component, nothing soaks in"),
        inputs=(
            Quantity("total_kg", "kg", Text("泄漏总量", "spilled mass"), 0.1, 1e7),
            Quantity("wind_m_s", "m/s", Text("10 m 风速", "wind at 10 m"), 0.5, 20.0),
            Quantity("ground_k", "K", Text("地面温度", "ground temperature"), 230.0, 340.0),
        ),
        references=(
            "TNO Yellow Book CPR 14E (2005), chapter 3 (conduction, equation 3.8; spreading, 3.4)",
            "Mackay and Matsugu, Can. J. Chem. Eng. 51 (1973) 434 (mass transfer)",
        ),
        verification=Verification.VERIFIED,
        suite="chemical",
    )
)
def pool_of(
    one: Substance, spill: Spill, weather: Weather, until_s: float = 3600.0, steps: int = 600
) -> Pool:
    """Mass and energy balance of a round pool.

    Ground: one-dimensional conduction under each ring since it was wetted. Wind: Mackay and Matsugu's
    coefficient, with the heat it carries by analogy. The pool boils at its boiling point, or cools (warms)
    towards the temperature at which evaporation and heat gain agree. Depth below the ground's least depth
    stops the spreading; a bund bounds it.
    """
    end = require(until_s, Text("计算时段", "period"), high=8.64e6, unit="s")
    state = _State(one, spill, weather)
    times = end * np.linspace(0, 1, steps + 1) ** 2  # fine at the beginning, where it matters
    rows = [state.row()]
    for before, after in pairwise(times):
        state.advance(float(before), float(after - before))
        rows.append(state.row())
    rate, area, kelvin, mass = np.asarray(rows).T
    rate[0] = rate[1]
    return Pool(
        times, rate, area, kelvin, mass, state.evaporated_kg, state.ground_j, state.air_j, state.caveats()
    )


def mass_transfer_m_s(wind_m_s: float, diameter_m: float, schmidt: float = _SCHMIDT) -> float:
    """Mackay and Matsugu: 0.004786 u₁₀^(7/9) d^(−1/9) Sc^(−2/3) in SI units
    (TNO Yellow Book, equation 3.24)."""
    return float(0.004786 * wind_m_s ** (7 / 9) * diameter_m ** (-1 / 9) * schmidt ** (-2 / 3))


def evaporation_flux_kg_m2_s(one: Substance, kelvin: float, weather: Weather, diameter_m: float) -> float:
    """Evaporation below the boiling point, with Stefan's correction: k p M/(R T) ln(1/(1 − p_v/p))."""
    wind = max(weather.wind_m_s, _LEAST_WIND_M_S)
    share = min(one.vapour_pressure_pa(kelvin) / weather.pressure_pa, 0.999)
    molar = weather.pressure_pa * one.molar_mass_kg_mol / (GAS_CONSTANT * kelvin)
    return -mass_transfer_m_s(wind, diameter_m) * molar * math.log(1 - share)


class _State:
    """The pool between two steps."""

    def __init__(self, one: Substance, spill: Spill, weather: Weather) -> None:
        self.one, self.spill, self.weather = one, spill, weather
        self.boiling_k = one.boiling_at_pa(weather.pressure_pa)
        self.kelvin = min(spill.liquid_k or weather.temperature_k, self.boiling_k)
        self.density = one.liquid_density_kg_m3(self.kelvin)
        self.latent = one.heat_of_vaporisation_j_kg(self.kelvin)
        self.heat = one.liquid_heat_capacity_j_kg_k(self.kelvin)
        self.flux_at = _tabulated(one, weather, self.boiling_k)
        self.mass = spill.mass_kg
        self.area = self._first_area()
        self.rings: list[tuple[float, float]] = [(0.0, self.area)]
        self.rate = self.evaporated_kg = self.ground_j = self.air_j = 0.0
        self.dried = False

    def row(self) -> tuple[float, float, float, float]:
        return self.rate, self.area if self.mass > 0 else 0.0, self.kelvin, self.mass

    def advance(self, time: float, step: float) -> None:
        """One explicit step: spill, spread, take heat, lose vapour (never more than there is)."""
        poured = self.spill.rate_kg_s * max(min(step, self.spill.duration_s - time), 0.0)
        self.mass += poured
        if self.mass <= 0:
            self.rate = 0.0
            return
        self._spread(time, step)
        by_air = self._air_conductance() * (self.weather.temperature_k - self.kelvin) * step
        start, heat_j = self.kelvin, self._ground_heat(time, step) + by_air
        lost = self._vapour(heat_j, step)
        if lost >= self.mass:
            lost, self.dried = self.mass, True
        self.mass -= lost
        self.evaporated_kg += lost
        self.air_j += by_air - self._air_conductance() * (self.kelvin - start) * step
        self.rate = lost / step

    def caveats(self) -> tuple[Caveat, ...]:
        found = [_CALM_POOL] if self.weather.wind_m_s < _LEAST_WIND_M_S else []
        return (*found, _DRY) if self.dried else tuple(found)

    def _first_area(self) -> float:
        """A sudden spill starts as deep as it is wide (half a sphere's worth), a leak from a wetted spot."""
        radius = (self.mass / (self.density * math.pi)) ** (1 / 3)
        return float(min(self.spill.bund_area_m2, max(math.pi * radius**2, 0.01)))

    def _spread(self, time: float, step: float) -> None:
        """dr/dt = √(2 g (h − h_min)) (Yellow Book, equation 3.4), up to the bund."""
        excess = self.mass / (self.density * self.area) - self.spill.ground.least_depth_m
        if excess <= 0 or self.area >= self.spill.bund_area_m2:
            return
        radius = math.sqrt(self.area / math.pi) + math.sqrt(2 * GRAVITY_M_S2 * excess) * step
        most = self.mass / (self.density * self.spill.ground.least_depth_m)
        grown = min(math.pi * radius**2, max(most, self.area), self.spill.bund_area_m2)
        if grown > self.area:
            self.rings.append((time, grown - self.area))
            self.area = grown

    def _ground_heat(self, time: float, step: float) -> float:
        """Heat from the ground over the step, exact in time: 2 k ΔT √(t/πα) per ring."""
        ground = self.spill.ground
        contact = ground.conductivity_w_m_k * (self.spill.ground_k - self.kelvin)
        since, areas = np.asarray(self.rings).T
        before = np.sqrt(np.maximum(time - since, 0.0))
        after = np.sqrt(np.maximum(time + step - since, 0.0))
        heat = (
            float(np.sum(areas * (after - before)))
            * 2
            * contact
            / math.sqrt(math.pi * ground.diffusivity_m2_s)
        )
        self.ground_j += heat
        return heat

    def _air_conductance(self) -> float:
        """Heat from the air per kelvin, by the analogy of heat and mass transfer, in W/K."""
        wind, diameter = max(self.weather.wind_m_s, _LEAST_WIND_M_S), math.sqrt(4 * self.area / math.pi)
        speed = mass_transfer_m_s(wind, diameter, _PRANDTL)
        return self.weather.air_density_kg_m3 * _AIR_HEAT_J_KG_K * speed * self.area

    def _vapour(self, heat_j: float, step: float) -> float:
        """Loss over the step: what the wind carries at the temperature for which the balance of heat holds;
        at the boiling point all heat that is left over makes vapour too.

        The temperature is found implicitly, by halving, since a thin pool follows the balance at once."""
        capacity, start = max(self.mass * self.heat, 1e-9), self.kelvin
        conductance = self._air_conductance() * step

        def surplus(kelvin: float) -> float:
            lost = min(self._wind_flux(kelvin) * self.area * step, self.mass)
            return heat_j - (conductance + capacity) * (kelvin - start) - lost * self.latent

        low, high = max(0.75 * self.boiling_k, start - 80.0), self.boiling_k
        left = surplus(high)
        if left >= 0:
            self.kelvin = self.boiling_k
            return self._wind_flux(high) * self.area * step + left / self.latent
        for _ in range(40):
            middle = (low + high) / 2
            low, high = (middle, high) if surplus(middle) > 0 else (low, middle)
        self.kelvin = (low + high) / 2
        return self._wind_flux(self.kelvin) * self.area * step

    def _wind_flux(self, kelvin: float) -> float:
        return self.flux_at(kelvin) * float((4 * self.area / math.pi) ** (-1 / 18))


def _tabulated(one: Substance, weather: Weather, boiling_k: float) -> Callable[[float], float]:
    """`evaporation_flux_kg_m2_s` of a pool of 1 m as a table over temperature, log-linear between rows."""
    low = max(0.7 * boiling_k, boiling_k - 150.0)
    kelvins = np.linspace(low, boiling_k, 120)
    logs = []
    for kelvin in kelvins:
        try:
            logs.append(math.log(evaporation_flux_kg_m2_s(one, float(kelvin), weather, 1.0)))
        except Invalid:
            logs.append(-60.0)
    columns = np.asarray(logs)

    def at(kelvin: float) -> float:
        return math.exp(float(np.interp(kelvin, kelvins, columns)))

    return at


_DRY = Caveat("source.pool_dry", Text("液池在计算时段内蒸干", "The pool dries up within the period"))
_CALM_POOL = Caveat(
    "source.pool_calm",
    Text("近静风，蒸发按 0.5 m/s 计", "Nearly calm: evaporation computed with 0.5 m/s"),
)
