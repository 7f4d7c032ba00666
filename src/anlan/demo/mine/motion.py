"""What the mine's instruments show: a pure function of the seed and of the moment on which the story turns."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from anlan.domains.monitoring.points.states import PointKind

Floats = NDArray[np.float64]

SEED = 640202
VERSION = "1"
SAMPLING = timedelta(minutes=10)
PAST = timedelta(days=60)
"""How much of a record there is on the first day: as much as a slope's judgement reads."""

_FAILS_AFTER_D = 5.0
_ACCELERATES_FOR_D = 25.0
_CREEP_MM_D = 0.8
_RUNAWAY_MM = 60.0


@dataclass(frozen=True)
class Gauge:
    """A point of the mine; *noise* is the standard deviation of one reading, in its unit."""

    tag: str
    name: str
    unit: str
    kind: PointKind
    noise: float


def _station(code: str, name: str) -> tuple[Gauge, ...]:
    axes = (("E", "东向"), ("N", "北向"), ("U", "垂直"))
    return tuple(
        Gauge(f"GNSS-{code}-{axis}", f"{name}{way}位移", "mm", PointKind.DISPLACEMENT, 1.5)
        for axis, way in axes
    )


QUIET, RUNAWAY = _station("01", "1 号测站"), _station("02", "2 号测站")
PHREATIC = tuple(
    Gauge(f"SP-{number:02d}", f"{number} 号孔浸润线埋深", "m", PointKind.WATER_LEVEL, 0.02)
    for number in range(1, 5)
)
BEACH = Gauge("GT-01", "干滩长度", "m", PointKind.OTHER, 0.5)
POOL = Gauge("SW-01", "库水位", "m", PointKind.WATER_LEVEL, 0.01)
RAIN = Gauge("YL-01", "小时雨量", "mm", PointKind.RAINFALL, 0.0)
GAUGES = (*QUIET, *RUNAWAY, *PHREATIC, BEACH, POOL, RAIN)
_STANDING = {
    "SP-01": 9.4,
    "SP-02": 8.7,
    "SP-03": 7.6,
    "SP-04": 7.1,
    "GT-01": 165.0,
    "SW-01": 1186.2,
    "YL-01": 0.0,
}


def source_of(seed: int = SEED) -> str:
    """What every generated record says of itself."""
    return f"合成数据：种子 {seed}，生成器 v{VERSION}"


def values(turn: datetime, moments: list[datetime], seed: int = SEED) -> Floats:
    """Readings (moments, gauges), each in its gauge's unit.

    The first station creeps. The second runs away so that its inverse velocity would reach zero
    five days after *turn*, and comes to rest where it has slid to.
    """
    days = np.array([(moment - turn) / timedelta(days=1) for moment in moments])
    way = {"01": 1.5 * _CREEP_MM_D * days, "02": _runaway_mm(days)}
    columns = []
    for gauge in GAUGES:
        if gauge.kind is PointKind.DISPLACEMENT:
            _, code, axis = gauge.tag.split("-")
            columns.append({"E": 0.8, "N": 0.4, "U": -0.45}[axis] * way[code])
        else:
            columns.append(np.full(len(days), _STANDING[gauge.tag]))
    spread = np.array([gauge.noise for gauge in GAUGES])
    # each moment has noise of its own, whoever asks and in whatever company
    noise = [np.random.default_rng([seed, int(moment.timestamp())]).normal(0, spread) for moment in moments]
    return np.round(np.stack(columns, axis=1) + np.array(noise), 3)


def _runaway_mm(days: Floats) -> Floats:
    """Uniform creep, then x = A·ln(T/(t_f − t)) (Fukuzono with α = 2), then rest."""
    left = np.clip(_FAILS_AFTER_D - days, 0.1, _ACCELERATES_FOR_D)
    return _CREEP_MM_D * np.minimum(days, _FAILS_AFTER_D) + _RUNAWAY_MM * np.log(_ACCELERATES_FOR_D / left)
