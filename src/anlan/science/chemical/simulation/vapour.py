"""A cloud from a steady release: where it poisons, where it burns, and the chances when wind and rate are uncertain."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from anlan.kernel.errors import Invalid
from anlan.kernel.fields import Contour, Field
from anlan.kernel.models import Caveat, Manifest, ModelCard, manifest_of
from anlan.kernel.text import Text
from anlan.science.chemical.dispersion.engines import spread_of
from anlan.science.chemical.dispersion.outline import band, circle, reach_of, to_lonlat
from anlan.science.chemical.dispersion.source_state import source_state
from anlan.science.chemical.ensemble import CARD as ENSEMBLE
from anlan.science.chemical.ensemble import Uncertainty
from anlan.science.chemical.ensemble_release import EnsembleRelease, run_release
from anlan.science.chemical.fire.flash import CARD as FLASH
from anlan.science.chemical.footprint import (
    ToxicRelease,
    concentration_field,
    density_of,
)
from anlan.science.chemical.footprint import run as run_toxic
from anlan.science.chemical.simulation import params
from anlan.science.chemical.substances import Substance
from anlan.science.chemical.substances.concentration import GAS_CONSTANT
from anlan.science.products import Step, Zone
from anlan.science.products.extent import grid_about

FLAMMABLE_AVERAGING_S = 20.0
_APART_FROM_M = 50.0
"""Nearer than that two models may well differ."""
_CELLS = 400
_ENSEMBLE_CELLS = 250


@dataclass(frozen=True)
class Cloud:
    """What one way of looking at a release gives."""

    zones: tuple[Zone, ...]
    fields: tuple[Field, ...]
    figures: dict[str, float]
    manifest: Manifest
    models: tuple[ModelCard, ...]


def toxic_cloud(release: ToxicRelease) -> Cloud:
    """Outlines at the AEGLs, the gravest first, and the concentration on the ground."""
    made = run_toxic(release)
    zones = tuple(
        Zone(
            one.contour, "toxic", f"{one.endpoint.name} ({one.endpoint.source})", one.endpoint.certainty.value
        )
        for one in reversed(made.zones)
    )
    grid = grid_about([zone.contour for zone in zones], (release.lon, release.lat), _CELLS)
    figures = {f"aegl{one.level}_m": one.max_distance_m for one in made.zones}
    figures |= {
        f"aegl{one.level}_second_opinion_m": one.second_opinion_m
        for one in made.zones
        if one.second_opinion_m is not None
    }
    figures |= {"density_criterion": made.density.value, "mass_kg": release.mass_kg}
    pairs = [
        (one.max_distance_m, one.second_opinion_m) for one in made.zones if one.second_opinion_m is not None
    ]
    manifest = replace(made.manifest, caveats=(*made.caveats, *_differing(pairs)))
    return Cloud(zones, (concentration_field(release, grid),), figures, manifest, (made.card,))


def flammable_cloud(release: ToxicRelease, one: Substance) -> Cloud:
    """Where the cloud is above the lower flammable limit, and above half of it.

    The concentration is the mean of 20 s, as flames follow the cloud of the moment.
    Raises `Invalid` when no limit is on record.
    """
    brief = replace(release, averaging_s=FLAMMABLE_AVERAGING_S)
    air = brief.weather
    state = source_state(one, air, brief.temperature_k, brief.liquid_fraction)
    density = density_of(brief, state)
    spread = spread_of(brief, one, state, density)
    pure_kg_m3 = air.pressure_pa * one.molar_mass_kg_mol / (GAS_CONSTANT * air.temperature_k)
    zones, seconds = [], list[tuple[float, float]]()
    figures = {"lower_limit_vol": one.lower_flammable_limit, "density_criterion": density.value}
    for name, part, label in _LIMITS:
        share = part * one.lower_flammable_limit
        level = share * pure_kg_m3
        reach = reach_of(spread.centreline, level)
        line = band(reach, lambda x, level=level: spread.half_width(x, level))  # type: ignore[misc]
        if air.is_calm and not reach.is_empty:
            line = circle(reach.far_m)
        rings = to_lonlat(line, brief.lon, brief.lat, air.toward_deg)
        facts = {"near_m": reach.near_m, "max_distance_m": reach.far_m}
        contour = Contour(name, "mol/mol", share, label, rings, "EPSG:4326", facts)
        zones.append(Zone(contour, "flammable", FLASH.references[0], "probable"))
        figures[f"{name}_m"] = reach.far_m
        if spread.second is not None:
            seconds.append((reach.far_m, reach_of(spread.second, level).far_m))
            figures[f"{name}_second_opinion_m"] = seconds[-1][1]
    grid = grid_about([zone.contour for zone in zones], (brief.lon, brief.lat), _CELLS)
    mass_kg_m3 = np.asarray(concentration_field(brief, grid).values, np.float64) / 1e6
    values = np.minimum(mass_kg_m3 / pure_kg_m3, 1.0)
    field = Field("volume_fraction", "mol/mol", Text("体积分数", "volume fraction"), grid, values)
    manifest = manifest_of(
        spread.card,
        {"rate_kg_s": brief.rate_kg_s, "duration_s": brief.duration_s, "wind_m_s": air.wind_m_s},
        caveats=(*one.caveats, *air.caveats(), *spread.caveats, _MOMENT, *_differing(seconds)),
    )
    return Cloud(tuple(zones), (field,), figures, manifest, (spread.card, FLASH))


def uncertain_cloud(
    release: ToxicRelease, how: params.Uncertainty, reach_m: float, dense: bool, report: Step
) -> Cloud:
    """Chances of exceeding the AEGLs, the greatest concentration and the earliest arrival of an ensemble.

    *reach_m* is how far the single run reaches at AEGL-2: by default the grid goes half as far again.
    """
    report(0.5, Text("计算集合预报", "running the ensemble"))
    air = release.weather
    extent = how.extent_m or float(np.clip(1.5 * reach_m, 1000.0, 30_000.0))
    known = Uncertainty(
        release.rate_kg_s,
        release.duration_s,
        air.wind_m_s,
        air.wind_from_deg,
        how.stability or {air.stability: 1.0},
        release.height_m,
        air.terrain,
        how.rate_gsd,
        how.duration_gsd,
        how.wind_gsd,
        how.wind_sd_deg,
        {one.rate_share: one.weight for one in how.holes} or {1.0: 1.0},
    )
    made = run_release(
        EnsembleRelease(
            release.cas,
            release.lon,
            release.lat,
            known,
            extent,
            max(extent / _ENSEMBLE_CELLS, 1.0),
            how.members,
            how.seed,
        )
    )
    named = [one.name.lower().replace("-", "") for one in made.endpoints]
    chances = [
        replace(field, name=f"exceedance_{name}")
        for field, name in zip(made.fields.exceedance, named, strict=True)
    ]
    fields = (
        replace(made.fields.peak, name="peak"),
        *chances,
        replace(made.fields.arrival, name=f"arrival_{named[0]}"),
    )
    zones = tuple(
        Zone(
            _chance(one, made.endpoints[0].name, named[0]),
            "probability",
            made.endpoints[0].source,
            "probable",
        )
        for one in reversed(made.bands)
    )
    said = (*made.manifest.caveats, *((_NEUTRAL,) if dense else ()))
    figures = {"evaluated_cells": float(made.fields.evaluated), "members": float(how.members)}
    return Cloud(zones, fields, figures, replace(made.manifest, caveats=said), (ENSEMBLE,))


def has_limits(one: Substance) -> tuple[bool, bool]:
    """Whether AEGLs, and whether a lower flammable limit, are on record."""
    return any(one.find_endpoint("aegl", level) for level in (1, 2, 3)), one.is_flammable


def none_known(one: Substance) -> Invalid:
    return Invalid(
        Text(
            f"{one.name.zh}既无 AEGL 限值也无爆炸下限，无法划定范围",
            f"{one.name.en} has neither an AEGL nor a flammable limit: no zone can be drawn",
        ),
        next_step=Text("请补充该物质的限值", "Add a limit for the substance"),
    )


def _differing(pairs: Sequence[tuple[float, float]]) -> tuple[Caveat, ...]:
    """A caveat where the second model's distance (after the first's) is off by more than a factor of two."""
    apart = [
        (own, other)
        for own, other in pairs
        if max(own, other) >= _APART_FROM_M and not own / 2 <= other <= 2 * own
    ]
    if not apart:
        return ()
    own, other = max(apart, key=max)
    words = Text(
        f"两种重气模型给出的距离相差一倍以上（{own:,.0f} m 与 {other:,.0f} m，其余见 second_opinion），"
        "请按较远者从严掌握",
        f"Two dense-gas models differ by more than a factor of two ({own:,.0f} m and {other:,.0f} m; the others under "
        "second_opinion): plan for the longer distance",
    )
    return (Caveat("simulation.opinions_differ", words),)


def _chance(band: Contour, endpoint: str, name: str) -> Contour:
    label = Text(
        f"超过 {endpoint} 的概率不低于 {band.level:.0%}",
        f"{endpoint} exceeded with a chance of at least {band.level:.0%}",
    )
    return replace(band, name=f"{name}_{round(100 * band.level)}", label=label)


_LIMITS = (
    ("lfl", 1.0, Text("爆炸下限（闪火致死区）", "lower flammable limit (flash fire, lethal)")),
    (
        "half_lfl",
        0.5,
        Text("一半爆炸下限（可能出现局部火团）", "half the lower flammable limit (pockets may burn)"),
    ),
)
_MOMENT = Caveat(
    "flammable.averaging",
    Text("可燃范围按 20 秒平均浓度给出", "The flammable zone is that of 20-second means"),
)
_NEUTRAL = Caveat(
    "simulation.ensemble_neutral",
    Text(
        "集合预报按中性气体计算；本次释放为重气，近处的概率与到达时间仅供参考",
        "The ensemble takes the gas as neutral; this release is dense: near the source they are a guide",
    ),
)
