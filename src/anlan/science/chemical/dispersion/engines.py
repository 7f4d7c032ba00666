"""Which model spreads a release, behind one face: a centreline, a half-width, a card and caveats."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from anlan.kernel.errors import Invalid
from anlan.kernel.models import Caveat, ModelCard
from anlan.kernel.text import Text
from anlan.science.chemical.dispersion.choice import RISES, Density, rises
from anlan.science.chemical.dispersion.dense import DensePlume, DensePuff
from anlan.science.chemical.dispersion.plume import CARD as PLUME_CARD
from anlan.science.chemical.dispersion.plume import Plume
from anlan.science.chemical.dispersion.source_state import SourceState
from anlan.science.chemical.substances import Substance
from anlan.science.chemical.weather import Stability, Weather

Array = NDArray[np.float64]
_SLAB_REACH_M = 100_000.0
_SLAB_TRIES = 12
_TRACE = 0.002
_CURVES_END = 0.002
_NOTHING = 1e-300
_UNSTABLE = (Stability.A, Stability.B)
_SHARES = 0.2, 0.3
_LIGHT_MIST = 1.2
_RISE = 32.0
"""A pool's vapour is taken to rise at this part of the wind's speed (near half the friction velocity). Faster, the
equations start on a footprint too small for the flow, and what comes of that is erratic; slower hardly matters."""
_NEVER_CONDENSES = 0.6
"""What leaves a liquid below its boiling point is air saturated with vapour. The equations begin with pure vapour,
which would condense at that temperature and warm the cloud until it rose: its boiling point is moved out of reach."""


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
    """Ground concentrations in kg/m³ along the wind and at places (downwind, across), and the half-width of
    a level; *second* is the centreline of another model, where there is one to compare with."""

    card: ModelCard
    centreline: Callable[[Array], Array]
    places: Callable[[Array, Array], Array]
    half_width: Callable[[Array, float | Array], Array]
    caveats: tuple[Caveat, ...] = ()
    second: Callable[[Array], Array] | None = None


def spread_of(release: Release, one: Substance, state: SourceState, density: Density) -> Spread:
    """The model for a release: Gaussian below the dense-gas threshold (and for a mist no heavier than air at its
    mouth), the shallow-layer model above it with Britter and McQuaid as the second opinion, and these alone
    where the first has no solution."""
    if release.model == "gaussian" or (release.model == "auto" and not density.is_dense):
        light = rises(density.density_kg_m3, release.weather.air_density_kg_m3)
        return _plume(release, (_dense_caveat(density),) if density.is_dense else (RISES,) if light else ())
    plume = _plume(release, ())
    correlation = _correlated(release, one, state)
    if release.weather.stability in _UNSTABLE:
        correlation = _no_more(correlation, plume)
    if release.height_m > 10.0:
        correlation = replace(correlation, caveats=(*correlation.caveats, _ELEVATED))
    if state.liquid_fraction > 0 and state.density_kg_m3 < _LIGHT_MIST * release.weather.air_density_kg_m3:
        return replace(plume, caveats=(_MIST, *correlation.caveats), second=correlation.centreline)
    try:
        made, begins_m = _slab(release, one, state)
    except Invalid as refused:
        return replace(correlation, caveats=(*correlation.caveats, _fallen_back(refused)))
    curves = 0.0 if release.is_sudden else _weight(made, correlation, plume, state, release.height_m > 0)
    if curves >= 1:
        return replace(correlation, caveats=(*correlation.caveats, _LOST))
    if release.height_m <= 0:
        made = _no_less_near(made, correlation, plume, begins_m)
    made = replace(made, caveats=(*made.caveats, *correlation.caveats), second=correlation.centreline)
    return (
        made if curves <= 0 else replace(_between(made, correlation, curves), caveats=(*made.caveats, _THIN))
    )


def _scaled(spread: Spread, centreline: Callable[[Array], Array]) -> Spread:
    """*spread* with another centreline; across the wind it keeps its shape."""

    def share(x: Array) -> Array:
        return centreline(x) / np.maximum(spread.centreline(x), _NOTHING)

    def places(x: Array, y: Array) -> Array:
        return spread.places(x, y) * share(x)

    def half_width(x: Array, level: float | Array) -> Array:
        return spread.half_width(x, level / np.maximum(share(x), _NOTHING))

    return replace(spread, centreline=centreline, places=places, half_width=half_width)


def _no_more(curves: Spread, plume: Spread) -> Spread:
    """The measured curves, which are of near-neutral air, in unstable air: no more than a plume."""
    return _scaled(curves, lambda x: np.minimum(curves.centreline(x), plume.centreline(x)))


def _no_less_near(made: Spread, curves: Spread, plume: Spread, begins_m: float) -> Spread:
    """The shallow layer, and over its own source, of which it knows but a mean over the ground: no less than
    both of the others hold there."""

    def centreline(x: Array) -> Array:
        least = np.minimum(curves.centreline(x), plume.centreline(x))
        return np.maximum(made.centreline(x), np.where(x <= begins_m, least, 0.0))

    return _scaled(made, centreline)


def _weight(made: Spread, curves: Spread, plume: Spread, state: SourceState, lifted: bool) -> float:
    """How far the shallow layer has left the ground or thinned out in its first steps: 0 not at all, 1 where it
    holds but a fifth of what the measured curves do, and of the plume too, over the range of the curves (for a
    *lifted* source: where its plume is on the ground); in between, so that neighbouring releases differ little."""
    x = np.geomspace(20.0, 5000.0, 40)
    curve, beside = curves.centreline(x), plume.centreline(x)
    measured = (curve >= _CURVES_END * state.carried_kg_m3) | (x < 50.0)
    if lifted:
        measured = beside >= 0.1 * beside.max()
    share = made.centreline(x) / np.maximum(np.minimum(curve, beside), _NOTHING)
    least, enough = _SHARES
    return float(np.clip((enough - np.median(share[measured])) / (enough - least), 0.0, 1.0))


def _between(made: Spread, curves: Spread, weight: float) -> Spread:
    """The shallow layer raised towards the curves, in their logarithms."""

    def centreline(x: Array) -> Array:
        own, other = (np.maximum(one.centreline(x), _NOTHING) for one in (made, curves))
        return np.asarray(np.where(own < other, own ** (1 - weight) * other**weight, own), np.float64)

    return _scaled(made, centreline)


def _plume(release: Release, caveats: tuple[Caveat, ...]) -> Spread:
    """The plume of the release's duration: however short, so that a longer one never reaches less far."""
    made = Plume(
        release.rate_kg_s, release.weather, release.height_m, release.duration_s, release.averaging_s
    )
    return Spread(PLUME_CARD, made.at, made.at, made.half_width, caveats)


def _correlated(release: Release, one: Substance, state: SourceState) -> Spread:
    pure = one.gas_density_kg_m3(state.temperature_k, release.weather.pressure_pa)
    share = min(state.carried_kg_m3 / pure, 1.0) if state.liquid_fraction == 0 else 1.0
    gas = share * one.gas_density_kg_m3(release.weather.temperature_k, release.weather.pressure_pa)
    common = (state.weighs_kg_m3, state.temperature_k, release.weather, gas, state.carried_kg_m3)
    if release.is_sudden:
        puff = DensePuff(release.mass_kg, *common, release.averaging_s)
        return Spread(DensePuff.card, puff.at, puff.spread_at, puff.half_width)  # type: ignore[attr-defined]
    plume = DensePlume(release.rate_kg_s, *common, release.duration_s, release.averaging_s)
    return Spread(DensePlume.card, plume.at, plume.spread_at, plume.half_width)  # type: ignore[attr-defined]


def _slab(release: Release, one: Substance, state: SourceState) -> tuple[Spread, float]:
    """The shallow-layer model, and how far its source reaches. A jet is as wide as the flow over the wind, a pool
    such that its vapour rises slowly; widened until the cloud is more than a trace over it: a footprint too
    small for its flow has no solution."""
    from anlan.science.chemical.dispersion.slab import Slab, run_slab
    from anlan.science.chemical.dispersion.slab.model import SlabInput, air_of, stuff_of

    air, wind = release.weather, max(release.weather.wind_m_s, 1.0)
    kelvin = one.boiling_k
    vapour_heat = one.gas_heat_capacity_j_kg_k(max(kelvin, 200.0))
    liquid_heat, unknown = _liquid_heat(one, kelvin, vapour_heat, state.liquid_fraction)
    stuff = stuff_of(
        one.molar_mass_kg_mol,
        vapour_heat,
        liquid_heat,
        one.heat_of_vaporisation_j_kg(kelvin),
        _NEVER_CONDENSES * state.temperature_k if state.is_saturated_air else kelvin,
        one.liquid_density_kg_m3(kelvin),
    )
    ground = air_of(
        wind,
        10.0,
        air.temperature_k,
        air.humidity,
        air.terrain.roughness_m,
        air.stability.rank + 1.0,
        air.pressure_pa,
    )
    is_jet = state.liquid_fraction > 0 or release.height_m > 0
    rises_m_s = wind if is_jet else wind / _RISE
    given = SlabInput(
        stuff,
        ground,
        area_m2=max(release.rate_kg_s / state.carried_kg_m3 / rises_m_s, 1e-4),
        rate_kg_s=release.rate_kg_s,
        duration_s=release.duration_s,
        kelvin=state.temperature_k,
        liquid=state.liquid_fraction,
        height_m=release.height_m,
        is_jet=is_jet,
        pressure_pa=air.pressure_pa,
    )
    if release.is_sudden:
        volume = release.mass_kg / state.carried_kg_m3
        given = replace(given, mass_kg=release.mass_kg, area_m2=4 * (volume / 4) ** (2 / 3), height_m=0.0)
    made, said = _robust(given, run_slab)
    if not isinstance(made, Slab):
        raise TypeError("the shallow-layer model gave no run")

    def centreline(x: Array) -> Array:
        return made.concentration_kg_m3(x, release.averaging_s)

    def half_width(x: Array, level: float | Array) -> Array:
        return made.half_width(x, level, release.averaging_s)

    def places(x: Array, y: Array) -> Array:
        return made.at(x, y, release.averaging_s)

    spread = Spread(Slab.card, centreline, places, half_width, (*made.caveats, *said, *unknown))  # type: ignore[attr-defined]
    return spread, max(2 * made.source.half_m, made.begins_m)


def _liquid_heat(
    one: Substance, kelvin: float, vapour_heat: float, droplets: float
) -> tuple[float, tuple[Caveat, ...]]:
    """Heat capacity of the liquid; where unknown and there are no droplets, that of the vapour (which
    makes the latent heat constant) with a caveat. Raises `Invalid` with droplets."""
    try:
        return one.liquid_heat_capacity_j_kg_k(kelvin), one.estimates if droplets > 0 else ()
    except Invalid:
        if droplets > 0:
            raise
        return vapour_heat, (_CONSTANT_LATENT,)


def _robust(given: Any, run: Callable[..., Any]) -> tuple[Any, tuple[Caveat, ...]]:
    """A run whose cloud is a cloud: a footprint too small for its flow fails, or dilutes to a trace in its
    first step, and is doubled. Beyond that the model widens the source itself and distances hardly change."""
    from anlan.science.chemical.dispersion.slab import SlabFailed

    refused: Exception | None = None
    for attempt in range(_SLAB_TRIES):
        try:
            made = run(replace(given, area_m2=given.area_m2 * 2**attempt), _SLAB_REACH_M)
        except SlabFailed as failed:
            refused = failed
            continue
        if float(np.nanmax(made.columns.volume_fraction)) > _TRACE:
            return made, (_ENLARGED,) if attempt else ()
    raise refused or SlabFailed()


_CONSTANT_LATENT = Caveat(
    "slab.constant_latent_heat",
    Text(
        "缺少液体比热，汽化热按不随温度变化处理",
        "Heat capacity of the liquid unknown: latent heat taken as constant",
    ),
)
_ENLARGED = Caveat(
    "slab.source_enlarged",
    Text("源面积由模型放大以获得稳定解", "The source's area was enlarged for the model to have a solution"),
)
_LOST = Caveat(
    "dense.shallow_layer_lost",
    Text(
        "浅层模型的云团离地或在起始段被过度稀释，不到实测曲线和高斯烟羽的五分之一，改用 Britter–McQuaid 关联式",
        "The shallow-layer cloud left the ground or thinned out in its first steps, to less than a fifth of the "
        "measured curves and of a plume: Britter and McQuaid's curves instead",
    ),
)
_THIN = Caveat(
    "dense.shallow_layer_thin",
    Text(
        "浅层模型的浓度仅为实测曲线和高斯烟羽的五分之一至十分之三，已按 Britter–McQuaid 关联式上调",
        "The shallow-layer cloud holds but a fifth to three tenths of the measured curves and of a plume: raised "
        "towards Britter and McQuaid's curves",
    ),
)
_MIST = Caveat(
    "dense.light_mist",
    Text(
        "雾状源出口处与空气密度相近，液滴蒸发后才变重：浅层模型会使其离地，改用高斯烟羽（偏安全），重气关联式作复核",
        "A mist about as heavy as air at its mouth, and heavier once its droplets evaporate: the shallow layer would "
        "lift it, so a Gaussian plume stands for it (on the safe side), the dense-gas curves beside it",
    ),
)
_ELEVATED = Caveat(
    "dense.elevated",
    Text(
        "高架重气源：按地面源处理，近处结果偏大",
        "An elevated dense source treated as one on the ground: too high near it",
    ),
)


def _fallen_back(refused: Invalid) -> Caveat:
    return Caveat(
        "dense.fallen_back",
        Text(
            f"浅层模型不可用（{refused.title.zh}），改用 Britter–McQuaid 关联式",
            f"The shallow-layer model was not available ({refused.title.en}): Britter and McQuaid's curves instead",
        ),
    )


def _dense_caveat(density: Density) -> Caveat:
    return Caveat(
        "dispersion.dense",
        Text(
            f"重气（判据 {density.value:.2f} ≥ {density.threshold:g}）：高斯模型低估近处横向范围，应按重气模型复核",
            f"Dense gas (criterion {density.value:.2f} ≥ {density.threshold:g}): the Gaussian model is too "
            "narrow near the source; check with a dense-gas model",
        ),
    )
