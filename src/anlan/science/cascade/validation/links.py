"""The models of the links that the cascade brings itself: valley, barrier dam, pond."""

from collections.abc import Iterator

from scipy.optimize import brentq

from anlan.kernel.validation import Case, Certainty
from anlan.science.cascade.builders.barrier_dam import CARD as BARRIER
from anlan.science.cascade.builders.barrier_dam import failure_chance, life
from anlan.science.cascade.builders.pond import CARD as POND
from anlan.science.cascade.builders.pond import Pond
from anlan.science.cascade.builders.valley import CARD as VALLEY
from anlan.science.cascade.builders.valley import Valley

SURE, PROBABLE = Certainty.SURE, Certainty.PROBABLE


def cases() -> Iterator[Case]:
    valley = Valley(12_000.0, 120.0, 0.006, 0.04)
    target = brentq(lambda h: 120.0 * h ** (5 / 3) * 0.006**0.5 / 0.04 - 1500.0, 0.01, 50.0)
    source = "Manning's formula for a wide section, by bisection"
    yield Case(
        "depth of 1,500 m³/s", source, SURE, target, valley.depth_m(1500.0), "m", 1e-9, model=VALLEY.id
    )
    step = 1e-3
    celerity = step / (120.0 * (valley.depth_m(1500.0 + step) - valley.depth_m(1500.0)))
    ours = valley.travel_s(1500.0)
    source = "length over dQ/dA, differentiated numerically"
    yield Case("time of travel", source, SURE, 12_000.0 / celerity, ours, "s", 0.05, model=VALLEY.id)
    ours = 100 * failure_chance(3550.0, 82.0, 803.0, 612.0)
    source = "Dong et al.: Tangjiashan 99.53 % (by the model of peak flow; ours by that of the catchment)"
    yield Case("landslide dam of Tangjiashan", source, PROBABLE, 99.53, ours, "%", 0.1, model=BARRIER.id)
    days = [float(value) / 86_400 for value in life().quantile([0.22, 0.5])]
    source = "Schuster and Costa 1986: 22 % fail within a day, half within ten"
    for case, target, ours in zip(("22 %", "half"), (1.0, 10.0), days, strict=True):
        yield Case(
            f"life of landslide dams, {case}", source, PROBABLE, target, ours, "d", 1e-9, model=BARRIER.id
        )
    pond = Pond(2.0, 0.8, 100_000.0, 1.0)
    source = "by hand: (100,000 m³ + 1 m³/s · 6 h)/(0.8 · 2 km²)"
    yield Case(
        "rain that fills a pond", source, SURE, 76.0, pond.critical_rain_mm(6.0), "mm", 1e-9, model=POND.id
    )
    ours = pond.full_after_s(152.0, 6.0) / 3600
    net = 0.8 * 2e6 * 0.152 / 6 - 3600
    yield Case(
        "when twice that rain fills it", "by hand", SURE, 100_000 / net, ours, "h", 1e-9, model=POND.id
    )
