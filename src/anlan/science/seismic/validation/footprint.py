"""Isoseismal lines, damage and people."""

from collections.abc import Iterator
from datetime import UTC, datetime
from math import log10, pi, sqrt

import numpy as np

from anlan.kernel.validation import Case, Certainty
from anlan.science.seismic.attenuation import intensity_set, intensity_sets
from anlan.science.seismic.casualties import FatalityRelation, death_rate, homeless
from anlan.science.seismic.damage import packaged_matrix
from anlan.science.seismic.exposure import Exposure
from anlan.science.seismic.scenario import Scenario, run

_MODEL = "seismic.footprint"
_SURE, _PROBABLE = Certainty.SURE, Certainty.PROBABLE
_AXES = (
    ("qingzang_2015", 7.0, {6: (100.3, 70.3), 7: (49.9, 30.6), 8: (19.7, 10.7), 9: (1.7, 0.9)}),
    (
        "dongbu_2015",
        8.0,
        {6: (272.7, 248.6), 7: (149.0, 123.5), 8: (76.8, 58.2), 9: (34.5, 24.2), 10: (9.8, 6.4)},
    ),
)
_NIGHT = datetime(1920, 12, 16, 12, 5, 55, tzinfo=UTC)


def cases() -> Iterator[Case]:
    yield from _axes()
    yield from _consistency()
    yield from _field()
    yield from _people()
    yield from _small_exposure()


def _axes() -> Iterator[Case]:
    source = "GB 18306-2015 relation solved for the distance, computed apart to 0.1 km"
    for name, magnitude, wanted in _AXES:
        ellipse = intensity_set(name).at(magnitude)
        for degree, axes in wanted.items():
            for which, target, ours in zip(
                ("long", "short"), axes, ellipse.semi_axes_km(degree), strict=True
            ):
                case = f"{name} M{magnitude:g}, degree {degree}, {which} semi-axis"
                yield Case(case, source, _PROBABLE, target, ours, "km", 0.051, model=_MODEL)


def _consistency() -> Iterator[Case]:
    """Both axes give the epicentre the same intensity: coefficients garbled in one figure would not."""
    for name, relation in intensity_sets().items():
        ellipse = relation.at(7.0)
        yield Case(
            f"{name}: long and short axis agree at R = 0",
            "identity of an elliptical relation",
            _SURE,
            ellipse.long.level(0.0),
            ellipse.short.level(0.0),
            "",
            0.001,
            model=_MODEL,
        )


def _field() -> Iterator[Case]:
    """The outline of a field drawn on the map encloses the area of its ellipse."""
    scenario = Scenario("haiyuan", 7.0, 105.6, 36.6, 15.0, _NIGHT, strike_deg=120.0)
    result = run(scenario)
    cell_km2 = result.intensity.grid.cell_area_m2 / 1e6
    for degree in (6, 7):
        long = 10 ** ((6.4580 + 1.2746 * 7 - degree) / 4.4709) - 25
        short = 10 ** ((3.3682 + 1.2746 * 7 - degree) / 3.3119) - 9
        yield Case(
            f"area of degree {degree} and above on the grid, M7 at Haiyuan",
            "π·a·b of the relation",
            _SURE,
            pi * long * short,
            float((result.intensity.values >= degree).sum() * cell_km2),
            "km²",
            0.005 * pi * long * short,
            model=_MODEL,
        )


def _people() -> Iterator[Case]:
    wanted = {
        FatalityRelation.MA_XIE: ("3.7e-06", "8.9e-05", "4.1e-04", "5.8e-03", "2.2e-02"),
        FatalityRelation.YIN: ("4.1e-05", "4.0e-04", "1.2e-03", "8.1e-03", "2.1e-02"),
    }
    for relation, targets in wanted.items():
        for share, printed in zip((0.01, 0.05, 0.1, 0.3, 0.5), targets, strict=True):
            target = float(printed)
            ours = float(death_rate(share, relation))
            source = f"{relation.label.en}, printed to two figures"
            half_a_digit = 0.051 * 10.0 ** np.floor(log10(target))
            yield Case(
                f"death rate, {relation.value}, collapse {share:.0%}",
                source,
                _PROBABLE,
                target,
                ours,
                "",
                half_a_digit,
                model=_MODEL,
            )
    ours = homeless(2e5, 3e5, 6e5, 120.0, 3.2, 50.0)
    target = (2e5 + 3e5 + 6e5 / 2) / 120 * 3.2 - 50
    yield Case(
        "homeless people", "GB/T 18208: T = (c+d+e/2)/a·b − f", _SURE, target, ours, "", 0.5, model=_MODEL
    )


def _small_exposure() -> Iterator[Case]:
    """One village in the middle of the zone of degree Ⅷ, worked by hand from the matrix."""
    ellipse = intensity_set("qingzang_2015").at(7.0)
    away_km = ellipse.short.reach_km(8.5)
    matrix = packaged_matrix()
    area = np.zeros((1, len(matrix.classes)))
    area[0, matrix.classes.index("earth")] = 20_000.0
    # due south of the epicentre of a fault that runs east: across the strike
    south = 36.6 - away_km / 110.97
    exposure = Exposure(
        np.array([105.6]),
        np.array([south]),
        np.zeros(1, np.int64),
        ("640522",),
        np.array([600.0]),
        np.array([100.0]),
        matrix.classes,
        area,
        np.full(len(matrix.classes), 800.0),
        "one village",
    )
    result = run(Scenario("village", 7.0, 105.6, 36.6, 10.0, _NIGHT, strike_deg=90.0), exposure)
    assert result.impact is not None  # noqa: S101 - an exposure was given
    p = _binomial_p(0.55)
    severe = p**3 * (4 - 3 * p)
    area_m2 = result.impact.total.area_m2
    yield Case(
        "severe and destroyed floor of earth houses in the middle of degree Ⅷ",
        "20,000 m² × 0.55 of the matrix",
        _SURE,
        20_000 * severe,
        area_m2["severe"] + area_m2["destroyed"],
        "m²",
        60.0,
        model=_MODEL,
    )
    rate = 10 ** (12.479 * (p**4) ** 0.1 - 13.3)
    yield Case(
        "deaths there at night, density factor 1, night factor 4",
        "Ma Yuhong and Xie Lili, ND = RD·pop·f_ρ·f_t",
        _SURE,
        rate * 600 * 4.0 * _hour_share(),
        result.impact.total.deaths.central,
        "",
        0.02 * rate * 600 * 4.0,
        model=_MODEL,
    )


def _hour_share() -> float:
    """20:05:55 in China: the night's multiplier of 4 has begun to count, from 20 to 22."""
    night = (5 * 60 + 55) / 7200
    return (1 + 3 * night) / 4


def _binomial_p(share: float) -> float:
    """The root of p³(4 − 3p) = share by regula falsi, apart from the engine's own."""
    low, high = 0.0, 1.0
    for _ in range(200):
        p = sqrt(low * high) if low > 0 else 0.5 * high
        if p**3 * (4 - 3 * p) < share:
            low = p
        else:
            high = p
    return 0.5 * (low + high)
