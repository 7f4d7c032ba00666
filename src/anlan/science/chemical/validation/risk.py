"""Rows for the risk: conservation and closed forms of the map, trees added by hand, domino numbers as printed."""

import math
from collections.abc import Iterator

import numpy as np

from anlan.kernel.crs import LocalFrame
from anlan.kernel.fields import Grid
from anlan.kernel.validation import Case, Certainty
from anlan.science.chemical.harm.vulnerability import probit
from anlan.science.chemical.risk import domino
from anlan.science.chemical.risk.distance import by_consequence
from anlan.science.chemical.risk.events import Branch, Outcome, release_tree
from anlan.science.chemical.risk.footprints import round_about, toxic
from anlan.science.chemical.risk.individual import CARD, Scenarios, deaths, individual_risk, wind_rose
from anlan.science.chemical.risk.societal import fn_curve
from anlan.science.chemical.weather import Stability

SURE, PROBABLE = Certainty.SURE, Certainty.PROBABLE
_GRID = Grid(200, 200, 20.0, -2000.0, 2000.0, LocalFrame(106.0, 38.0).name)


def cases() -> Iterator[Case]:
    yield from _map()
    yield from _trees()
    yield from _domino()
    yield from _societal()


def _map() -> Iterator[Case]:
    source = Scenarios(np.array([113.0]), np.array([-57.0]), np.array([3e-6]), np.zeros((1, 1), np.int64))
    rose = wind_rose([[1.0] * 16])
    disc = round_about(lambda r: np.exp(-r / 300), 1500.0)
    risk = individual_risk(_GRID, source, disc, *rose)
    row, column = _GRID.cell_of(700.0, -57.0) or (0, 0)
    distance = math.hypot(_GRID.x_m[column] - 113.0, _GRID.y_m[row] + 57.0)
    exact = 1e9 * 3e-6 * math.exp(-distance / 300)
    ours = 1e9 * float(risk.values[row, column])
    yield _case("risk at a place from a round footprint", "f · P(r)", exact, ours, "10⁻⁹/a", 0.004 * exact)
    exact = 3e-6 * 2 * math.pi * 300**2 * (1 - 6 * math.exp(-5))
    ours = float(risk.values.sum()) * _GRID.cell_area_m2
    yield _case("risk over the whole map, round footprint", "f ∫P dA", exact, ours, "m²/a", 0.003 * exact)
    plume = toxic(np.array([2.0]), 1800.0, ((3.0, Stability.D),), probit("chlorine"))
    risk = individual_risk(_GRID, source, plume, *wind_rose([[3.0, 1.0, 0.5, 2.0] * 4]))
    exact = 3e-6 * float(plume.area_m2[0])
    ours = float(risk.values.sum()) * _GRID.cell_area_m2
    yield _case(
        "risk over the whole map, chlorine plume turned 16 times",
        "f ∫P dA",
        exact,
        ours,
        "m²/a",
        0.02 * exact,
    )
    number, often = deaths(_GRID, np.full(_GRID.shape, 0.01), source, plume, *rose)
    exact = 0.01 / _GRID.cell_area_m2 * float(plume.area_m2[0])
    yield _case("expected deaths, even crowd", "ρ ∫P dA", exact, float(number.mean()), "", 0.02 * exact)
    total = float(often.sum())
    yield _case("frequencies over all winds", "Σ f p = f", 3.0, 1e6 * total, "10⁻⁶/a", 1e-9)


def _trees() -> Iterator[Case]:
    tree = release_tree(0.2, Outcome.JET_FIRE, 0.5)
    found = tree.outcomes(1e-5)
    for outcome, exact in (
        (Outcome.JET_FIRE, 0.2),
        (Outcome.EXPLOSION, 0.8 * 0.5 * 0.4),
        (Outcome.FLASH_FIRE, 0.8 * 0.5 * 0.6),
        (Outcome.HARMLESS, 0.8 * 0.5),
    ):
        yield _case(
            f"event tree, {outcome.value}",
            "product of the shares",
            10 * exact,
            1e6 * found[outcome],
            "10⁻⁶/a",
            1e-9,
        )
    two = Branch({Branch({Outcome.TOXIC: 0.25, Outcome.HARMLESS: 0.75}): 0.5, Outcome.TOXIC: 0.5})
    ours = two.outcomes(1.0)[Outcome.TOXIC]
    yield _case("one outcome on two ways", "0.5·0.25 + 0.5", 0.625, ours, "", 1e-12)


def _domino() -> Iterator[Case]:
    source = "Landucci 2009; Cozzani 2005"
    kind = domino.Vessel.ATMOSPHERIC
    ours = float(domino.time_to_failure_s(30.0, 1000.0, kind))
    yield Case(
        "time to failure, 1,000 m³, 30 kW/m²", source, PROBABLE, 409.0, ours, "s", 0.5, model=domino.CARD.id
    )
    ours = 100 * float(domino.by_radiation(30.0, 1000.0, kind))
    yield Case("escalation by radiation", source, PROBABLE, 76.0, ours, "%", 0.5, model=domino.CARD.id)
    ours = 100 * float(domino.by_overpressure(22.0, kind))
    yield Case("escalation by 22 kPa", source, PROBABLE, 66.9, ours, "%", 0.05, model=domino.CARD.id)
    chain = domino.cascade([[0, 0.3, 0.2], [0, 0, 0.5], [0, 0.4, 0]], 0)
    second = 0.3 + 0.7 * 0.2 * 0.4
    third = 0.2 + 0.8 * 0.3 * 0.5
    for index, exact in ((1, second), (2, third)):
        ours = float(chain.unit[index])
        yield Case(
            f"three tanks, tank {index + 1}",
            "two-stage tree by hand",
            SURE,
            exact,
            ours,
            "",
            1e-12,
            model=domino.CARD.id,
        )
    ring = np.full((14, 14), 0.0)
    ring[np.arange(13), np.arange(1, 14)] = 0.8
    drawn = domino.cascade(ring, 0, draws=40_000, seed=3)
    exact = 0.8**5
    error = 4 * math.sqrt(exact * (1 - exact) / 40_000)
    yield Case(
        "chain of 14 tanks, the sixth",
        "0.8⁵, ± 4/√N",
        SURE,
        exact,
        float(drawn.unit[5]),
        "",
        error,
        model=domino.CARD.id,
    )
    for level, wanted in zip(by_consequence(64_000.0).items(), (634.0, 1030.0, 2354.0), strict=True):
        name = f"external distance of 64 t TNT, {level[0].value:g} kPa"
        yield Case(name, "GB/T 37243 curve, golden number", PROBABLE, wanted, level[1], "m", 0.5)


def _societal() -> Iterator[Case]:
    curve = fn_curve([0.2, 1, 3, 3, 12], [1e-3, 1e-4, 2e-5, 1e-5, 5e-6])
    for deaths_n, exact in zip((1, 3, 12), (1.35e-4, 3.5e-5, 5e-6), strict=True):
        ours = float(curve.frequency_per_a[curve.deaths == deaths_n][0])
        yield _case(f"F of {deaths_n} or more", "sum by hand", 1e6 * exact, 1e6 * ours, "10⁻⁶/a", 1e-6)
    exact = 1e-4 + 3 * 3e-5 + 12 * 5e-6
    yield _case("potential loss of life", "Σ f N", 1e6 * exact, 1e6 * curve.expected_per_a, "10⁻⁶/a", 1e-6)


def _case(name: str, source: str, exact: float, ours: float, unit: str, tolerance: float) -> Case:
    return Case(name, source, SURE, exact, ours, unit, tolerance, model=CARD.id)
