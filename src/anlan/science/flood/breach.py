"""Breaches of dams and dikes: peak outflow, width, time of formation, and the hydrograph of what they let out."""

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from anlan.kernel.models import Caveat, ModelCard, Quantity, Verification
from anlan.kernel.text import Text
from anlan.science.flood.checks import number, series
from anlan.science.flood.physics import GRAVITY_M_S2
from anlan.science.registry import model

_VOLUME = Quantity("volume_m3", "m³", Text("溃坝时库容", "volume above the breach"), 1.0e4, 6.6e8)
_DEPTH = Quantity("water_m", "m", Text("溃口底以上水深", "water above the breach's bottom"), 1.0, 77.0)

#: no reservoir holds more, no dam stands higher or takes longer to break
MOST_M3, MOST_M, LONGEST_S = 1e12, 500.0, 366 * 86_400.0


@model(
    ModelCard(
        id="flood.breach_peak",
        version="1",
        title=Text("溃坝洪峰（Froehlich 1995）", "Peak outflow of a breach (Froehlich 1995)"),
        purpose=Text(
            "土石坝溃决洪峰流量的快速估算", "A quick estimate of the peak outflow of a breached embankment"
        ),
        applicability=Text(
            "土石坝；回归式，误差约为数倍之内", "Embankment dams; a regression, right within a small factor"
        ),
        inputs=(_VOLUME, _DEPTH),
        references=(
            "Froehlich 1995, Peak outflow from breached embankment dam, J. Water Resour. Plan. Manage. 121(1)",
        ),
        verification=Verification.VERIFIED,
        suite="flood",
        outputs=(Quantity("peak_m3_s", "m³/s", Text("洪峰流量", "peak outflow")),),
        caveats=(
            Caveat(
                "breach.regression",
                Text(
                    "经验回归，不确定性可达 3 倍",
                    "An empirical regression, uncertain by a factor of about three",
                ),
            ),
        ),
    )
)
def peak_outflow_m3_s(volume_m3: float, water_m: float) -> float:
    """Qp = 0.607 V^0.295 h^1.24 (Froehlich 1995): V water above the breach's bottom, h its depth.

    >>> round(peak_outflow_m3_s(1.0e6, 10.0))
    621
    """
    volume = number(volume_m3, "库容", "The volume", above=0, high=MOST_M3)
    depth = number(water_m, "水深", "The depth of water", above=0, high=MOST_M)
    return float(0.607 * volume**0.295 * depth**1.24)


@model(
    ModelCard(
        id="flood.breach_geometry",
        version="1",
        title=Text("溃口宽度与历时（Froehlich 2008）", "Width and time of a breach (Froehlich 2008)"),
        purpose=Text(
            "土石坝溃口平均宽度与形成时间", "Average width and formation time of the breach of an embankment"
        ),
        applicability=Text("土石坝", "Embankment dams"),
        inputs=(_VOLUME, Quantity("breach_m", "m", Text("溃口高度", "height of the breach"), 3.0, 93.0)),
        references=(
            "Froehlich 2008, Embankment dam breach parameters and their uncertainties, J. Hydraul. Eng. 134(12)",
        ),
        verification=Verification.VERIFIED,
        suite="flood",
        outputs=(
            Quantity("width_m", "m", Text("平均宽度", "average width")),
            Quantity("time_s", "s", Text("形成时间", "formation time")),
        ),
        caveats=(
            Caveat(
                "breach.regression",
                Text(
                    "经验回归，宽度与历时的不确定性可达 2 倍",
                    "An empirical regression, uncertain by a factor of about two",
                ),
            ),
        ),
    )
)
def breach_geometry(volume_m3: float, breach_m: float, *, overtopping: bool) -> tuple[float, float]:
    """Average width B = 0.27 k V^0.32 h^0.04 (m) and time t = 63.2 √(V/(g h²)) (s) (Froehlich 2008).

    k = 1.3 for overtopping, else 1 (piping).

    >>> width, time = breach_geometry(1.0e6, 10.0, overtopping=True)
    >>> round(width, 1), round(time)
    (32.0, 2018)
    """
    volume = number(volume_m3, "库容", "The volume", above=0, high=MOST_M3)
    height = number(breach_m, "溃口高度", "The height of the breach", above=0, high=MOST_M)
    width = 0.27 * (1.3 if overtopping else 1.0) * volume**0.32 * height**0.04
    return float(width), float(63.2 * math.sqrt(volume / (GRAVITY_M_S2 * height**2)))


@dataclass(frozen=True)
class Reservoir:
    """Water behind a dam: *volume_m3* above the breach's final bottom at a depth of *water_m* there.

    Stored as V = volume (depth/water)^shape; 1 is an upright basin, about 2–3 a valley. Raises `Invalid`.
    """

    volume_m3: float
    water_m: float
    shape: float = 2.0

    def __post_init__(self) -> None:
        number(self.volume_m3, "库容", "The volume", above=0, high=MOST_M3)
        number(self.water_m, "水深", "The depth of water", above=0, high=MOST_M)
        number(self.shape, "库容曲线指数", "The shape of the reservoir", low=0.1, high=10.0)


@dataclass(frozen=True)
class Breach:
    """A trapezoid that grows evenly to *bottom_m* wide and *height_m* deep in *time_s*.

    *side* is the slope of its sides, horizontal per vertical. Raises `Invalid`.
    """

    height_m: float
    bottom_m: float
    time_s: float
    side: float = 1.0

    def __post_init__(self) -> None:
        number(self.height_m, "溃口高度", "The height of the breach", above=0, high=MOST_M)
        number(self.bottom_m, "溃口底宽", "The bottom width", low=0, high=10_000)
        number(self.time_s, "溃决历时", "The time of formation", above=0, high=LONGEST_S)
        number(self.side, "溃口边坡", "The slope of the breach's sides", low=0, high=10)


@dataclass(frozen=True)
class Hydrograph:
    """Discharge (m³/s) over time (s), linear between the entries, zero after the last. Raises `Invalid`."""

    times_s: tuple[float, ...]
    m3_s: tuple[float, ...]

    def __post_init__(self) -> None:
        series(self.times_s, self.m3_s, "流量过程", "the discharge", low=0.0)

    def __call__(self, time_s: float) -> float:
        """The discharge at a time.

        >>> Hydrograph((0.0, 10.0), (0.0, 5.0))(4.0)
        2.0
        """
        return float(np.interp(time_s, self.times_s, self.m3_s, left=0.0, right=0.0))

    @property
    def volume_m3(self) -> float:
        return float(np.trapezoid(self.m3_s, self.times_s))

    @property
    def peak_m3_s(self) -> float:
        return max(self.m3_s)


_CONTRACTED = 1.7
_SLOPING = 1.35


def breach_hydrograph(
    reservoir: Reservoir,
    breach: Breach,
    *,
    inflow_m3_s: float = 0.0,
    duration_s: float = 0.0,
    steps: int = 2000,
) -> Hydrograph:
    """What a growing breach lets out of an emptying reservoir, by level-pool routing.

    Broad-crested weir Q = 1.7 b H^1.5 + 1.35 s H^2.5 (SI; Fread 1988, DAMBRK, eq. 6, without
    submergence), with b the bottom width and H the water above the bottom at the time.
    Classical Runge-Kutta; by default until 99 % of the water is out. Raises `Invalid`.
    """
    number(inflow_m3_s, "入库流量", "The inflow", low=0, high=1e6)
    number(duration_s, "时长", "The duration", low=0, high=LONGEST_S)
    volume, depth = reservoir.volume_m3, reservoir.water_m
    until = duration_s or _emptying_s(reservoir, breach)
    times = np.concatenate([[0.0], np.geomspace(until * 1e-4, until, steps)])

    def level(stored: float) -> float:
        return float(depth * max(stored / volume, 0.0) ** (1 / reservoir.shape))

    def outflow(time: float, stored: float) -> float:
        grown = min(time / breach.time_s, 1.0)
        head = max(level(stored) - breach.height_m * (1 - grown), 0.0)
        return float(_CONTRACTED * breach.bottom_m * grown * head**1.5 + _SLOPING * breach.side * head**2.5)

    stored, flows = volume, [outflow(0.0, volume)]
    for start, end in pairwise(times):
        stored = max(_runge_kutta(lambda t, v: inflow_m3_s - outflow(t, v), start, stored, end - start), 0.0)
        flows.append(outflow(end, stored))
    return Hydrograph(tuple(times.tolist()), tuple(flows))


def _emptying_s(reservoir: Reservoir, breach: Breach) -> float:
    """Long enough for the reservoir to fall to a hundredth."""
    head = min(reservoir.water_m, breach.height_m)
    full = _CONTRACTED * breach.bottom_m * head**1.5 + _SLOPING * breach.side * head**2.5
    return float(breach.time_s + 40 * reservoir.volume_m3 / max(full, 1e-9))


def _runge_kutta(rate, t: float, v: float, dt: float) -> float:  # type: ignore[no-untyped-def]
    a = rate(t, v)
    b = rate(t + dt / 2, v + dt / 2 * a)
    c = rate(t + dt / 2, v + dt / 2 * b)
    d = rate(t + dt, v + dt * c)
    return float(v + dt / 6 * (a + 2 * b + 2 * c + d))
