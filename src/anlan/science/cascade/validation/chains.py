"""Whole chains of the builders worked out by hand, link by link."""

from collections.abc import Iterator
from math import erf, exp, log, log10, pi, sqrt

from anlan.kernel.validation import Case, Certainty
from anlan.science.cascade.builders import (
    Barrier,
    Crossing,
    Park,
    Pond,
    Quake,
    Site,
    Slope,
    Storm,
    Tailings,
    Tank,
    Valley,
    Wind,
    barrier_lake,
    tailings,
    tank_farm,
)
from anlan.science.cascade.enumeration import enumerated
from anlan.science.cascade.scenario import CARD
from anlan.science.cascade.validation.small import given
from anlan.science.seismic.bssa14 import Mechanism, Region

#: OpenQuake's BSSA14 for M 7, strike-slip, vs30 400 m/s, 10 km: median in g, sigma
_PGA_G, _SIGMA = 0.3148, 0.6051
_QUAKE, _SITE = Quake(7.0, Mechanism.STRIKE_SLIP, Region.GLOBAL), Site(10.0, 400.0)


def cases() -> Iterator[Case]:
    yield from _tank()
    yield from _overtopping()
    yield from _flooded_park()


def _row(case: str, source: str, target: float, ours: float, tolerance: float) -> Case:
    return Case(case, source, Certainty.SURE, float(target), float(ours), "", tolerance, model=CARD.id)


def _tank() -> Iterator[Case]:
    """An anchored tank: moderate damage or more (0.70 g, 0.60) releases its content, 0.065 of that is lit."""
    tank = Tank("T", 0.0, 0.0, 20.0, 3000.0, "gasoline", 32.0, True, _SITE)
    found = enumerated(tank_farm(_QUAKE, [tank], Wind(3.0, 90.0)))
    release = _phi(log(_PGA_G / 0.70) / sqrt(0.60**2 + _SIGMA**2))
    source = "BSSA14 by OpenQuake, Hazus, CPR 18E: Φ(ln(I/θ)/√(β² + σ²)) · 0.065"
    yield _row(
        "a tank releases its content 10 km from M 7", source, release, found.chance("T.release").value, 1e-4
    )
    yield _row("and is on fire", source, 0.065 * release, found.chance("T.fire").value, 1e-5)


def _overtopping() -> Iterator[Case]:
    dam = Tailings(Pond(2.0, 0.8, 100_000.0, 1.0), given(0.3), 2e5, 12.0, runoff_scatter_ln=0.2)
    road = Crossing("R", Valley(4_000.0, 40.0, 0.01, 0.04), 3.0, 0.5, 0.6)
    found = enumerated(tailings(Storm(60.0, 6.0, 0.35), dam, [road]))
    overtops = _phi(log(60.0 / 76.0) / sqrt(0.35**2 + 0.2**2))
    source = "water balance (76 mm), lognormal rain and runoff"
    yield _row("a storm overtops a pond", source, overtops, found.chance("overtopping").value, 1e-6)
    # Froehlich 1995, uniform flow, three fifths of 0.16 in lg
    peak = 0.607 * 2e5**0.295 * 12.0**1.24
    depth = (peak * 0.04 / (40.0 * sqrt(0.01))) ** 0.6
    wave = _phi(log(depth / 3.3) / (0.6 * log(10) * 0.16))
    source = "the same, breach 0.3, Froehlich and Manning over 3.3 m"
    yield _row(
        "and its breach closes a road", source, 0.3 * overtops * wave, found.chance("R.cut").value, 1e-6
    )


def _flooded_park() -> Iterator[Case]:
    """One slope, a dam, a park on the river."""
    slope = Slope("S", 0.0, 0.0, _SITE, 0.15)
    barrier = Barrier(120.0, 35.0, 200.0, 150.0, 3e6, 25.0, given(0.4))
    park = Park("P", Valley(12_000.0, 120.0, 0.006, 0.04), 3.0, 0.5)
    found = enumerated(barrier_lake(_QUAKE, [slope], barrier, [park]))
    slides = found.chance("landslide").value
    stable = -2.22 * log10(120e6) - 3.76 * log10(35) + 3.17 * log10(200) + 2.85 * log10(150) + 5.93
    peak = 0.607 * 3e6**0.295 * 25.0**1.24
    depth = (peak * 0.04 / (120.0 * sqrt(0.006))) ** 0.6
    floods = 0.4 / (1 + exp(stable)) * _phi(log(depth / 3.5) / (0.6 * log(10) * 0.16))
    source = "Dong, Froehlich and Manning by hand, given that the slope slides"
    ours = found.chance("P.flooded").value / slides
    yield _row("a slide into the river floods a park", source, floods, ours, 1e-6)
    # the mean of Jibson's chance over the motion, by an even sum over six standard deviations
    steps = [-6 + 12 * (k + 0.5) / 20_000 for k in range(20_000)]
    total = sum(_sliding(_PGA_G * exp(_SIGMA * z)) * exp(-z * z / 2) for z in steps)
    mean = total * 12 / 20_000 / sqrt(2 * pi)
    source = "Jibson 2007 and Jibson et al. 2000 over OpenQuake's motion, summed by hand"
    yield _row("a slope of 0.15 g slides 10 km from M 7", source, mean, slides, 2e-4)


def _sliding(pga_g: float) -> float:
    ratio = min(1.0, 0.15 / pga_g)
    moved_cm = 10 ** (-2.710 + 0.424 * 7.0) * (1 - ratio) ** 2.335 * ratio**-1.478
    return 0.335 * (1 - exp(-0.048 * moved_cm**1.565))


def _phi(z: float) -> float:
    return 0.5 * (1 + erf(z / sqrt(2)))
