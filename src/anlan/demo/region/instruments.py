"""What generated enterprises measure: some sixty instruments each, and their values at a moment.

Pure: instruments are a function of the seed, values of seed and moment. A value swings with the day about a
normal one, with a little noise, and stays inside its limits: the generated region is quiet, and an alarm at a
desk is one that somebody made. Set points of gas detectors follow GB/T 50493-2019 (flammable 25 and 50 % LEL;
toxic 100 and 200 % of the occupational limit of GBZ 2.1-2019); all others are the demonstration's own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from anlan.demo.region.generate import NewEnterprise, NewUnit
from anlan.domains.monitoring.enterprises.states import ProcessUnitKind
from anlan.domains.monitoring.points.states import PointKind
from anlan.kernel.levels import Condition

SAMPLING_S = 10.0
FEWEST, MOST = 52, 68
_DAY_S = 86_400.0
_NOISE_REACH = 3.0  # deviations beyond which noise is cut off

LL, L, H, HH = Condition.LOW_LOW, Condition.LOW, Condition.HIGH, Condition.HIGH_HIGH
SetPoints = tuple[tuple[Condition, float], ...]


@dataclass(frozen=True)
class Kind:
    """A kind of instrument: its normal value is drawn between two, or tells how full the equipment is.

    *swing* (over a day) and *noise* (a standard deviation) are in *unit* like everything else; *shows* is that
    of its range and set points, what a tag begins with is the letters of ISA-5.1 where it has some.
    """

    letters: str
    name: str
    unit: str
    measures: PointKind
    normal: tuple[float, float]
    swing: float = 0.0
    noise: float = 0.0
    shows: tuple[float, float] = (0.0, 100.0)
    set_points: SetPoints = ()
    basis: str = "演示取值"
    tells_stock: bool = False


@dataclass(frozen=True)
class Instrument:
    """One instrument of a unit, with its own normal value."""

    kind: Kind
    unit_code: str
    tag: str
    name: str
    normal: float


def instruments(enterprise: NewEnterprise, serial: int, seed: int) -> tuple[Instrument, ...]:
    """The instruments of an enterprise, unit by unit."""
    chance = np.random.default_rng((seed, 2, serial))
    wanted = int(chance.integers(FEWEST, MOST + 1)) // len(enterprise.units)
    return tuple(one for unit in enterprise.units for one in _of_unit(unit, wanted, chance))


def values_at(of: Sequence[Instrument], serial: int, seed: int, moment: datetime) -> NDArray[np.float64]:
    """What the instruments show at *moment* (UTC), in their order: the same whenever it is asked."""
    tick = int(moment.timestamp() // SAMPLING_S)
    phase = np.random.default_rng((seed, 3, serial)).uniform(0, 2 * np.pi, len(of))
    noise = np.random.default_rng((seed, 4, serial, tick)).standard_normal(len(of))
    turn = 2 * np.pi * (tick * SAMPLING_S % _DAY_S) / _DAY_S
    normal = np.array([one.normal for one in of])
    swing, scatter, least = np.array([(one.kind.swing, one.kind.noise, one.kind.shows[0]) for one in of]).T
    shown = normal + swing * np.sin(turn + phase) + scatter * np.clip(noise, -_NOISE_REACH, _NOISE_REACH)
    values: NDArray[np.float64] = np.round(np.maximum(shown, least), 3)
    return values


def _of_unit(unit: NewUnit, wanted: int, chance: np.random.Generator) -> list[Instrument]:
    """Those of each piece of equipment, then as many spread over the ground as bring it to *wanted*."""
    made = [
        _instrument(
            kind, unit, number, f"{unit.stock.equipment}{number}{kind.name}", _normal(kind, filled, chance)
        )
        for number, filled in enumerate((one.stock_t / one.design_max_t for one in unit.holdings), start=1)
        for kind in _EQUIPMENT[unit.stock.unit]
    ]
    spread = _spread(unit)
    made += [
        _instrument(
            spread, unit, number, f"{unit.stock.unit_name}{spread.name}{number}", _normal(spread, 0.0, chance)
        )
        for number in range(1, wanted - len(made) + 1)
    ]
    return made


def _normal(kind: Kind, filled: float, chance: np.random.Generator) -> float:
    low, high = kind.normal
    return low + (high - low) * (filled if kind.tells_stock else float(chance.random()))


def _instrument(kind: Kind, unit: NewUnit, number: int, name: str, normal: float) -> Instrument:
    return Instrument(kind, unit.code, f"{kind.letters}-{unit.code}-{number:02d}", name, round(normal, 3))


def _spread(unit: NewUnit) -> Kind:
    """What is spread over a unit's ground: detectors of its gas, or probes in its stacks."""
    if unit.stock.unit is ProcessUnitKind.WAREHOUSE:
        return _STACK
    return _TOXIC.get(unit.stock.cas, _FLAMMABLE)


def _toxic(limit_mg_m3: float) -> Kind:
    """A detector set at 100 and 200 % of the occupational limit."""
    background, detectors = (
        (0.03 * limit_mg_m3, 0.07 * limit_mg_m3),
        ((H, limit_mg_m3), (HH, 2 * limit_mg_m3)),
    )
    swing, noise = 0.02 * limit_mg_m3, 0.008 * limit_mg_m3
    return Kind("GTT", "有毒气体", "mg/m³", PointKind.TOXIC_GAS, background, swing, noise,
                (0.0, 5 * limit_mg_m3), detectors, _GAS)  # fmt: skip


_GAS = "GB/T 50493-2019"
_TOXIC = {"7664-41-7": _toxic(30.0), "7782-50-5": _toxic(1.0)}
"""By CAS number; GBZ 2.1-2019: ammonia PC-STEL, chlorine MAC."""
_FLAMMABLE = Kind(
    "GTF",
    "可燃气体",
    "%LEL",
    PointKind.FLAMMABLE_GAS,
    (0.4, 0.9),
    0.3,
    0.1,
    (0, 100),
    ((H, 25), (HH, 50)),
    _GAS,
)
_STACK = Kind(
    "TS", "堆垛温度", "°C", PointKind.TEMPERATURE, (12, 19), 2.0, 0.1, (-40, 120), ((H, 32), (HH, 38))
)
"""Where self-heating shows first."""
_FLOW, _VALVE = PointKind.FLOW, PointKind.VALVE
_EQUIPMENT = {
    ProcessUnitKind.TANK_FARM: (
        Kind(
            "LT",
            "液位",
            "%",
            PointKind.LEVEL,
            (20, 75),
            3.0,
            0.2,
            set_points=((LL, 5), (L, 10), (H, 85), (HH, 90)),
            tells_stock=True,
        ),
        Kind("TT", "温度", "°C", PointKind.TEMPERATURE, (12, 22), 4.0, 0.2, (-40, 120), ((H, 40), (HH, 50))),
        Kind(
            "PT", "压力", "MPa", PointKind.PRESSURE, (0.5, 0.7), 0.08, 0.005, (0, 2.5), ((H, 1.2), (HH, 1.6))
        ),
        Kind("FTA", "进料流量", "m³/h", _FLOW, (4, 18), 2.0, 0.3, (0, 60)),
        Kind("FTB", "出料流量", "m³/h", _FLOW, (4, 18), 2.0, 0.3, (0, 60)),
        Kind("XVA", "进料切断阀开度", "%", _VALVE, (100, 100)),
        Kind("XVB", "出料切断阀开度", "%", _VALVE, (100, 100)),
    ),
    ProcessUnitKind.WAREHOUSE: (
        Kind("TT", "室温", "°C", PointKind.TEMPERATURE, (10, 18), 4.0, 0.2, (-40, 80), ((H, 30), (HH, 35))),
        Kind("MT", "相对湿度", "%", PointKind.OTHER, (35, 50), 6.0, 0.5, set_points=((H, 75),)),
        Kind(
            "WT",
            "库存占比",
            "%",
            PointKind.LEVEL,
            (0, 100),
            shows=(0, 120),
            set_points=((HH, 100),),
            tells_stock=True,
        ),
        Kind("FD", "火焰探测（1 为报警）", "", PointKind.FLAME, (0, 0), shows=(0, 1), set_points=((HH, 1),)),
    ),
    ProcessUnitKind.LOADING: (
        Kind("FT", "流量", "m³/h", _FLOW, (15, 40), 5.0, 0.5, (0, 80), ((H, 60),)),
        Kind(
            "PT", "压力", "MPa", PointKind.PRESSURE, (0.4, 0.6), 0.06, 0.01, (0, 2.5), ((H, 1.0), (HH, 1.3))
        ),
        Kind("GS", "静电接地（1 为接通）", "", PointKind.OTHER, (1, 1), shows=(0, 1), set_points=((LL, 0),)),
        Kind("LS", "防溢联锁（1 为动作）", "", PointKind.OTHER, (0, 0), shows=(0, 1), set_points=((HH, 1),)),
    ),
}
