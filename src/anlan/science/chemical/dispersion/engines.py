"""Which model spreads a release, behind one face: a centreline, a half-width, a card and caveats."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from anlan.kernel.models import Caveat, ModelCard
from anlan.kernel.text import Text
from anlan.science.chemical.dispersion.choice import Density
from anlan.science.chemical.dispersion.plume import CARD as PLUME_CARD
from anlan.science.chemical.dispersion.plume import Plume
from anlan.science.chemical.dispersion.puff import CARD as PUFF_CARD
from anlan.science.chemical.dispersion.puff import Puff
from anlan.science.chemical.substances import Substance
from anlan.science.chemical.weather import Weather

Array = NDArray[np.float64]


class Release(Protocol):
    """What the engines need to know of a release."""

    @property
    def rate_kg_s(self) -> float: ...
    @property
    def duration_s(self) -> float: ...
    @property
    def weather(self) -> Weather: ...
    @property
    def height_m(self) -> float: ...
    @property
    def averaging_s(self) -> float: ...
    @property
    def model(self) -> str: ...
    @property
    def mass_kg(self) -> float: ...
    @property
    def is_sudden(self) -> bool: ...


@dataclass(frozen=True)
class Spread:
    """Ground concentrations in kg/m³ along the wind, and the half-width of a level."""

    card: ModelCard
    centreline: Callable[[Array], Array]
    half_width: Callable[[Array, float], Array]
    caveats: tuple[Caveat, ...] = ()


def spread_of(release: Release, one: Substance, density: Density) -> Spread:
    """The model for a release by its density."""
    flagged = (_dense_caveat(density),) if density.is_dense else ()
    if release.is_sudden:
        return _puff(release, flagged)
    return _plume(release, flagged)


def _plume(release: Release, caveats: tuple[Caveat, ...]) -> Spread:
    made = Plume(
        release.rate_kg_s, release.weather, release.height_m, release.duration_s, release.averaging_s
    )
    return Spread(PLUME_CARD, made.at, made.half_width, caveats)


def _puff(release: Release, caveats: tuple[Caveat, ...]) -> Spread:
    made = Puff(release.mass_kg, release.weather, release.height_m)

    def centreline(x: Array) -> Array:
        return made.peak(x, averaging_s=release.averaging_s)

    def half_width(x: Array, level: float) -> Array:
        return made.half_width(x, level, release.averaging_s)

    return Spread(PUFF_CARD, centreline, half_width, caveats)


def _dense_caveat(density: Density) -> Caveat:
    return Caveat(
        "dispersion.dense",
        Text(
            f"重气（判据 {density.value:.2f} ≥ {density.threshold:g}）：高斯模型低估近处横向范围，应按重气模型复核",
            f"Dense gas (criterion {density.value:.2f} ≥ {density.threshold:g}): the Gaussian model is too "
            "narrow near the source; check with a dense-gas model",
        ),
    )
