"""The demonstration's plants: what they measure, where limits come from, and their samples.

`tennessee_eastman` is a simulator's output (Downs and Vogel, Computers & Chemical
Engineering 17 (1993) 245-255; test runs of Chiang, Russell and Braatz, 2001): 22
continuous measurements every 3 minutes, the fault introduced after 8 hours.
`machine_temperature` is real: an internal component of an industrial machine every
5 minutes, with labelled failures (Numenta Anomaly Benchmark); its unit is not stated.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from anlan.domains.monitoring.points.states import PointKind
from anlan.kernel.text import Text
from anlan.science.anomaly.records import machine_record, tennessee_eastman_run

FAULT_MINUTE = 480
LEAD_MINUTES = 15
FAULT_MINUTES = 240
RECOVERY_MINUTES = 120
FAULTS = (6, 4, 1, 5, 11, 14, 2, 8, 13)
"""In the order of the replay; fault 6 (loss of the A feed) raises alarms soonest."""


@dataclass(frozen=True)
class Measurement:
    """One measured quantity: tag, name, unit and kind."""

    tag: str
    name: str
    unit: str
    kind: PointKind


@dataclass(frozen=True)
class Statistics:
    """Mean and standard deviation of a quantity while nothing is wrong, and from how many samples."""

    mean: float
    deviation: float
    samples: int


@dataclass(frozen=True)
class Samples:
    """A stretch of samples to replay: shape (T, P), in the order of the plant's measurements."""

    title: Text
    values: NDArray[np.float64]


@dataclass(frozen=True)
class Track:
    """What a plant plays for ever: *once*, then *again* and again."""

    once: tuple[Samples, ...]
    again: tuple[Samples, ...]

    def at(self, position: int) -> tuple[Samples, int]:
        """The stretch that sample number *position* (from 0) lies in, and its place there."""
        for samples in self.once:
            if position < len(samples.values):
                return samples, position
            position -= len(samples.values)
        position %= sum(len(samples.values) for samples in self.again)
        for samples in self.again:
            if position < len(samples.values):
                return samples, position
            position -= len(samples.values)
        raise LookupError("a track needs samples")


TENNESSEE_EASTMAN = tuple(
    Measurement(f"XMEAS-{number:02d}", name, unit, kind)
    for number, (name, unit, kind) in enumerate(
        (
            ("A 进料流量", "km³/h", PointKind.FLOW),
            ("D 进料流量", "kg/h", PointKind.FLOW),
            ("E 进料流量", "kg/h", PointKind.FLOW),
            ("A、C 混合进料流量", "km³/h", PointKind.FLOW),
            ("循环流量", "km³/h", PointKind.FLOW),
            ("反应器进料流量", "km³/h", PointKind.FLOW),
            ("反应器压力（表压）", "kPa", PointKind.PRESSURE),
            ("反应器液位", "%", PointKind.LEVEL),
            ("反应器温度", "°C", PointKind.TEMPERATURE),
            ("排放流量", "km³/h", PointKind.FLOW),
            ("分离器温度", "°C", PointKind.TEMPERATURE),
            ("分离器液位", "%", PointKind.LEVEL),
            ("分离器压力（表压）", "kPa", PointKind.PRESSURE),
            ("分离器底流流量", "m³/h", PointKind.FLOW),
            ("汽提塔液位", "%", PointKind.LEVEL),
            ("汽提塔压力（表压）", "kPa", PointKind.PRESSURE),
            ("汽提塔底流流量", "m³/h", PointKind.FLOW),
            ("汽提塔温度", "°C", PointKind.TEMPERATURE),
            ("汽提塔蒸汽流量", "kg/h", PointKind.FLOW),
            ("压缩机功率", "kW", PointKind.POWER),
            ("反应器冷却水出口温度", "°C", PointKind.TEMPERATURE),
            ("分离器冷却水出口温度", "°C", PointKind.TEMPERATURE),
        ),
        start=1,
    )
)
FAULT_FREE, RECORD = Text("无故障段", "fault-free"), Text("实测记录", "record")
MACHINE = (Measurement("TI-101", "设备内部部件温度", "", PointKind.TEMPERATURE),)


def tennessee_eastman_statistics() -> list[Statistics]:
    """Of each measurement over the fault-free run."""
    return _statistics(_run(0))


def machine_statistics() -> list[Statistics]:
    """Over the first week of the record, which no failure label touches."""
    return _statistics(_machine()[: 7 * 288])


def tennessee_eastman_track() -> Track:
    """One fault after the other: from shortly before it, then the fault-free run to recover."""
    recovery = Samples(FAULT_FREE, _run(0)[: RECOVERY_MINUTES // 3])
    first, last = (FAULT_MINUTE - LEAD_MINUTES) // 3, (FAULT_MINUTE + FAULT_MINUTES) // 3
    faults = [Samples(Text(f"故障 {fault}", f"fault {fault}"), _run(fault)[first:last]) for fault in FAULTS]
    return Track((), tuple(stretch for fault in faults for stretch in (fault, recovery)))


def machine_track() -> Track:
    """The record from shortly before its second labelled failure on, then the whole of it."""
    record = _machine()
    start = 13 * 288 + 200
    return Track((Samples(RECORD, record[start:]),), (Samples(RECORD, record),))


def _statistics(values: NDArray[np.float64]) -> list[Statistics]:
    means, deviations = values.mean(axis=0), values.std(axis=0, ddof=1)
    return [
        Statistics(float(mean), float(deviation), len(values))
        for mean, deviation in zip(means, deviations, strict=True)
    ]


@cache
def _run(fault: int) -> NDArray[np.float64]:
    return tennessee_eastman_run(fault)


@cache
def _machine() -> NDArray[np.float64]:
    return machine_record().values[:, None]
