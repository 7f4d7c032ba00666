"""What a tank that is known by its stock alone may let out: the first run, before anybody has been there.

The vessel is one of the design stock at a plain shape. The hole follows from a leak rate that was read from the
instruments, where there is one, else the classes of holes stand for it.
"""

import math
from dataclasses import dataclass

from msgspec.structs import replace

from anlan.kernel.errors import Problem
from anlan.kernel.models import Caveat
from anlan.kernel.text import Text
from anlan.science.chemical.seeded import LeakEstimate
from anlan.science.chemical.simulation import params
from anlan.science.chemical.simulation.leak import first_rate_kg_s
from anlan.science.chemical.simulation.vapour import has_limits
from anlan.science.chemical.source.vessel import TankShape
from anlan.science.chemical.substances import Substance, substance
from anlan.science.chemical.substances.concentration import GAS_CONSTANT
from anlan.science.chemical.weather import Weather
from anlan.science.guard import require

FULL = 0.85
"""How full of liquid a vessel is at its design stock: our own."""
AMMONIUM_NITRATE = "6484-52-2"
IN_THE_AIR = "detectors"
"""The basis of a rate that is what goes into the air, not what leaves the vessel."""
_WIDEST_M = 60.0
_EMPTIES_S = 600.0
_Z_90 = 1.645


@dataclass(frozen=True)
class Stock:
    """A substance in a vessel; *pressure_pa* (absolute) is that of a gas, where an instrument tells it."""

    cas: str
    design_max_kg: float
    stock_kg: float
    temperature_k: float
    pressure_pa: float | None = None

    def __post_init__(self) -> None:
        for value, name in (
            (self.design_max_kg, Text("设计最大量", "design maximum")),
            (self.stock_kg, Text("现存量", "stock")),
        ):
            require(value, name, high=1e9, unit="kg")
        require(self.temperature_k, Text("温度", "temperature"), low=50.0, high=2000.0, unit="K")


@dataclass(frozen=True)
class Holes:
    """The hole that stands for a leak of unknown size, the classes beside it, for how long it runs; and the TNT
    equivalence of ammonium nitrate."""

    hole_m: float
    classes_m: tuple[float, ...]
    duration_s: float
    nitrate_equivalence: float


@dataclass(frozen=True)
class FirstRun:
    """The scenario, how well it is known (for poisons), and what to hold against it."""

    scenario: params.Scenario
    uncertainty: params.Uncertainty | None
    caveats: tuple[Caveat, ...]


def first_run(
    stock: Stock, holes: Holes, weather: Weather, seen: LeakEstimate | None, members: int
) -> FirstRun:
    """The leak of *stock*: at the rate of *seen* where that is a leak, else through the hole that stands for one.

    Raises `Invalid` for a substance that is not known, that has no limit, or that does not come out.
    """
    if stock.cas == AMMONIUM_NITRATE:
        burst = params.CondensedExplosive(stock.stock_kg, holes.nitrate_equivalence, stock.cas)
        return FirstRun(burst, None, (_DETONATES,))
    one = substance(stock.cas)
    known = seen if seen is not None and seen.is_leak else None
    if known is not None and known.basis == IN_THE_AIR:
        seconds = min(stock.stock_kg / known.rate_kg_s, holes.duration_s)
        return FirstRun(
            _release(stock, one, known.rate_kg_s, seconds),
            _spread(holes, known, members, hole=False) if has_limits(one)[0] else None,
            known.caveats,
        )
    leak, said = _leak(stock, holes, one)
    if known is not None:
        leak, said = _as_seen(leak, known, one, weather), (*said, *known.caveats, _SHAPE)
    elif isinstance(leak, params.VesselLeak):
        said = (*said, _HOLE)
    if not has_limits(one)[0]:
        return FirstRun(leak, None, said)
    return FirstRun(leak, _spread(holes, known, members, isinstance(leak, params.VesselLeak)), said)


def _leak(
    stock: Stock, holes: Holes, one: Substance
) -> tuple[params.VesselLeak | params.ToxicRelease | params.FlashFire, tuple[Caveat, ...]]:
    kelvin = stock.temperature_k
    if kelvin < one.critical_k and not _is_gas(stock, one):
        if _boils_unknown(one, kelvin):
            return _release(stock, one, stock.stock_kg / _EMPTIES_S, _EMPTIES_S), (_PROPERTIES,)
        volume = stock.design_max_kg / one.liquid_density_kg_m3(kelvin) / FULL
        vessel, fill = _standing(volume), min(FULL * stock.stock_kg / stock.design_max_kg, 0.98)
        return _vessel_leak(stock, holes, vessel, fill), ()
    if stock.pressure_pa is not None:
        volume = stock.stock_kg * GAS_CONSTANT * kelvin / (one.molar_mass_kg_mol * stock.pressure_pa)
        sphere = params.Vessel(TankShape.SPHERE, (6 * volume / math.pi) ** (1 / 3))
        return _vessel_leak(stock, holes, sphere, 0.0), ()
    return _release(stock, one, stock.stock_kg / _EMPTIES_S, _EMPTIES_S), (_EMPTIES,)


def _release(
    stock: Stock, one: Substance, rate_kg_s: float, seconds: float
) -> params.ToxicRelease | params.FlashFire:
    """A release into the air of that rate: a poison where it has limits as one, else a flammable cloud."""
    kelvin = stock.temperature_k if stock.temperature_k >= one.critical_k else None
    kind = params.ToxicRelease if has_limits(one)[0] else params.FlashFire
    return kind(stock.cas, rate_kg_s, seconds, temperature_k=kelvin)


def _boils_unknown(one: Substance, kelvin: float) -> bool:
    """Whether it boils off when let out, and what that takes is not on record."""
    if one.boiling_k > kelvin:
        return False
    try:
        one.liquid_heat_capacity_j_kg_k(kelvin)
    except Problem:
        return True
    return False


def _is_gas(stock: Stock, one: Substance) -> bool:
    """Below the pressure at which it is a liquid, by what the instrument tells."""
    return stock.pressure_pa is not None and stock.pressure_pa < 0.9 * one.vapour_pressure_pa(
        stock.temperature_k
    )


def _standing(volume_m3: float) -> params.Vessel:
    """A cylinder as high as it is wide, wider than high once it would pass 60 m."""
    side = min((4 * volume_m3 / math.pi) ** (1 / 3), _WIDEST_M)
    return params.Vessel(TankShape.VERTICAL, side, volume_m3 / (math.pi * side**2 / 4))


def _vessel_leak(stock: Stock, holes: Holes, vessel: params.Vessel, fill: float) -> params.VesselLeak:
    return params.VesselLeak(
        stock.cas,
        vessel,
        fill,
        stock.temperature_k,
        min(holes.hole_m, vessel.diameter_m),
        holes.duration_s,
        pressure_pa=stock.pressure_pa if fill == 0 else None,
    )


def _as_seen(
    leak: params.VesselLeak | params.ToxicRelease | params.FlashFire,
    seen: LeakEstimate,
    one: Substance,
    weather: Weather,
) -> params.VesselLeak | params.ToxicRelease | params.FlashFire:
    """*leak* at the rate that was seen: the flow out of a hole goes with its area."""
    if not isinstance(leak, params.VesselLeak):
        return replace(leak, rate_kg_s=seen.rate_kg_s)
    begins = first_rate_kg_s(leak, one, weather)
    hole = leak.hole_m * math.sqrt(seen.rate_kg_s / begins)
    return replace(leak, hole_m=float(min(max(hole, 1e-4), 2.0)))


def _spread(holes: Holes, seen: LeakEstimate | None, members: int, hole: bool) -> params.Uncertainty:
    if seen is not None:
        wide = math.log(seen.high_kg_s / seen.low_kg_s) / (2 * _Z_90)
        return params.Uncertainty(members, rate_gsd=float(min(max(math.exp(wide), 1.1), 10.0)))
    if not hole:
        return params.Uncertainty(members)
    classes = tuple(params.HoleSize((one / holes.hole_m) ** 2, 1.0) for one in holes.classes_m)
    return params.Uncertainty(members, rate_gsd=1.2, holes=classes)


_HOLE = Caveat(
    "threat.hole",
    Text(
        "仪表未显示可辨识的泄漏，按典型孔径假定，概率范围取大、中、小孔等权（本系统默认）",
        "No instrument shows a leak that can be told: a typical hole is assumed; the chances take small, medium and "
        "large holes alike (our own rule)",
    ),
)
_SHAPE = Caveat(
    "threat.shape",
    Text(
        "储罐形状按设计量假定，正常进出料未扣除；泄漏速率以现场核实为准",
        "The tank's shape is assumed from its design stock, regular flows are not deducted: check the rate there",
    ),
)
_EMPTIES = Caveat(
    "threat.empties",
    Text(
        "未知容器压力，按 10 分钟内全部泄放计（CPR 18E 的通用场景）",
        "The vessel's pressure is not known: all of it comes out in ten minutes (generic scenario of CPR 18E)",
    ),
)
_PROPERTIES = Caveat(
    "threat.properties",
    Text(
        "缺少闪蒸计算所需物性，按 10 分钟内全部泄放并汽化计（CPR 18E 的通用场景）",
        "How it flashes is not on record: all of it boils off in ten minutes (generic scenario of CPR 18E)",
    ),
)
_DETONATES = Caveat(
    "threat.detonates",
    Text("按全部库存爆炸的最坏情形计算", "The worst case: the whole stock detonates"),
)
