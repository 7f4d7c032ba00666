"""The run itself: parameters in, zones, rasters, figures and manifest out. Pure; the same for every caller."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from anlan.kernel.errors import Problem
from anlan.kernel.models import Caveat, Manifest, ModelCard
from anlan.kernel.text import Text
from anlan.science.chemical import scenarios
from anlan.science.chemical.dispersion.plume import CARD as PLUME
from anlan.science.chemical.footprint import ToxicRelease
from anlan.science.chemical.harm.tables import VERSION, table
from anlan.science.chemical.simulation import params
from anlan.science.chemical.simulation.accident import event_of
from anlan.science.chemical.simulation.leak import Source, source_of
from anlan.science.chemical.simulation.params import Params
from anlan.science.chemical.simulation.plant import plant_risk
from anlan.science.chemical.simulation.substance import about
from anlan.science.chemical.simulation.vapour import (
    Cloud,
    flammable_cloud,
    has_limits,
    none_known,
    toxic_cloud,
    uncertain_cloud,
)
from anlan.science.chemical.substances import Substance, substance
from anlan.science.chemical.weather import Weather
from anlan.science.chemical.weather.stability import Sky, stability_of, sun_height_deg
from anlan.science.params import plain_params, read_params, refused_at
from anlan.science.products import Outcome, Step, Zone, no_report
from anlan.science.products.extent import grid_about
from anlan.science.products.result import input_hash

ENGINE = f"chemical-simulation/1, tables {VERSION}"
_FIRE_CELLS = 240


def read(content: bytes) -> Params:
    """The parameters of a file. Raises `Invalid` with the path of the field that is wrong."""
    return read_params(content, Params)


def hash_of(asked: Params) -> str:
    """By what a result is stored: the same for the same question to the same software."""
    return input_hash("chemical", ENGINE, plain_params(asked))


def check(asked: Params) -> None:
    """Refuse at once what a run would refuse before it computes: substance, weather, what an ensemble is made for."""
    _substance(asked.scenario)
    weather_of(asked)
    if asked.uncertainty is not None and not isinstance(
        asked.scenario, params.ToxicRelease | params.VesselLeak
    ):
        raise refused_at(
            "$.uncertainty",
            Text("集合预报仅用于有毒泄漏", "an ensemble is made for releases of toxic substances only"),
        )


def simulate(asked: Params, report: Step = no_report) -> Outcome:
    """Zones and rasters of *asked*. *report* is told of the progress and stops the run by raising.

    Raises `Invalid` (with the field's path where one is at fault) and `NotFound` for an unknown pool fuel.
    """
    report(0.0, Text("读取物性与气象", "reading properties and weather"))
    check(asked)
    scenario = asked.scenario
    one, air = _substance(scenario), weather_of(asked)
    report(0.05, Text("计算源项与影响范围", "computing source and zones"))
    if isinstance(scenario, params.PlantRisk):
        cloud, more = plant_risk(asked, scenario, air, report)
        made = _outcome(asked, None, [cloud], (), more, ())
    elif isinstance(scenario, params.ToxicRelease | params.FlashFire | params.VesselLeak):
        if one is None:
            raise TypeError("a release has a substance")
        source = source_of(scenario, one, air) if isinstance(scenario, params.VesselLeak) else None
        clouds = _clouds(asked, scenario, one, _release(asked, scenario, air, source), report)
        more = {} if source is None else {"source": source.as_json()}
        made = _outcome(
            asked,
            one,
            clouds,
            () if source is None else (*source.models,),
            more,
            () if source is None else source.caveats,
        )
    else:
        made = _event(asked, scenario, one, air)
    report(1.0, Text("完成", "done"))
    return made


def weather_of(asked: Params) -> Weather:
    """The air of the run; the stability as given, else by Turner's scheme from time and cloud."""
    said, site = asked.weather, asked.site
    stability = said.stability
    if stability is None:
        if said.at is None or said.cloud_tenths is None:
            raise refused_at(
                "$.weather.stability",
                Text(
                    "请给出稳定度，或给出时刻 at 和云量 cloud_tenths",
                    "give it, or the time (at) and cloud_tenths",
                ),
            )
        if said.at.tzinfo is None:
            raise refused_at("$.weather.at", Text("时刻缺少时区", "the time has no time zone"))
        sky = Sky(sun_height_deg(site.lon, site.lat, said.at), said.cloud_tenths, said.ceiling_m)
        stability = stability_of(said.wind_m_s, sky)
    elif said.at is not None or said.cloud_tenths is not None:
        raise refused_at(
            "$.weather.stability",
            Text("稳定度与时刻、云量只能给出一种", "give the stability, or time and cloud, not both"),
        )
    return Weather(
        said.wind_m_s,
        said.wind_from_deg,
        stability,
        site.terrain,
        said.temperature_k,
        said.pressure_pa,
        said.humidity,
        said.mixing_height_m,
    )


def _substance(scenario: params.Scenario) -> Substance | None:
    """The substance with properties; None for a pool fuel by its table's key, and for explosives without one."""
    cas = None if isinstance(scenario, params.PlantRisk) else scenario.substance
    if cas is None or (isinstance(scenario, params.PoolFire) and not cas[:1].isdigit()):
        return None
    try:
        return substance(cas)
    except Problem as problem:
        if isinstance(scenario, params.CondensedExplosive | params.PoolFire):
            return None
        raise refused_at("$.scenario.substance", problem.title) from problem


def _release(
    asked: Params,
    scenario: params.ToxicRelease | params.FlashFire | params.VesselLeak,
    air: Weather,
    source: Source | None,
) -> ToxicRelease:
    site = asked.site
    if isinstance(scenario, params.VesselLeak):
        if source is None:
            raise TypeError("a leak has a source")
        return ToxicRelease(
            scenario.substance,
            source.rate_kg_s,
            source.duration_s,
            site.lon,
            site.lat,
            air,
            source.height_m,
            scenario.averaging_s,
            source.temperature_k,
            source.liquid_fraction,
        )
    averaging = scenario.averaging_s if isinstance(scenario, params.ToxicRelease) else 600.0
    return ToxicRelease(
        scenario.substance,
        scenario.rate_kg_s,
        scenario.duration_s,
        site.lon,
        site.lat,
        air,
        scenario.height_m,
        averaging,
        scenario.temperature_k,
        scenario.liquid_fraction,
        scenario.model,
    )


def _clouds(
    asked: Params, scenario: params.Scenario, one: Substance, release: ToxicRelease, report: Step
) -> list[Cloud]:
    """A toxic release is looked at as poison, a flash fire as flammable, a leak as whatever it is."""
    toxic, burns = has_limits(one)
    found = []
    if isinstance(scenario, params.ToxicRelease) or (isinstance(scenario, params.VesselLeak) and toxic):
        found.append(toxic_cloud(release))
    if isinstance(scenario, params.FlashFire) or (isinstance(scenario, params.VesselLeak) and burns):
        report(0.4, Text("计算可燃范围", "the flammable zone"))
        found.append(flammable_cloud(release, one))
    if not found:
        raise none_known(one)
    if asked.uncertainty is not None:
        if not toxic:
            raise refused_at(
                "$.uncertainty", Text(f"{one.name.zh}没有 AEGL 限值", f"{one.name.en} has no AEGL")
            )
        figures = found[0].figures
        reach = figures.get("aegl2_m") or figures.get("aegl3_m") or figures.get("aegl1_m") or 1000.0
        said = {caveat.code for caveat in found[0].manifest.caveats}
        dense = found[0].models[0] is not PLUME or "dispersion.dense" in said
        found.append(uncertain_cloud(release, asked.uncertainty, reach, dense, report))
    return found


def _event(asked: Params, scenario: Any, one: Substance | None, air: Weather) -> Outcome:
    """Fires and explosions, whose zones the engine's events draw."""
    site = asked.site
    event, extra = event_of(scenario, one)
    name = Text(asked.name.zh, asked.name.en)
    made = scenarios.run(scenarios.Scenario("simulation", name, site.lon, site.lat, air, event))
    group = "overpressure" if made.zones[0].unit == "kPa" else "radiation"
    levels = {row.key: row for row in table("thresholds")}
    zones = tuple(
        Zone(zone, group, levels[zone.name].source, levels[zone.name].certainty.value) for zone in made.zones
    )
    grid = grid_about(made.zones, (site.lon, site.lat), _FIRE_CELLS)
    cloud = Cloud(zones, (made.raster(grid),), made.figures | extra, made.manifest, (made.card,))
    return _outcome(asked, one, [cloud], (), {}, ())


def _outcome(
    asked: Params,
    one: Substance | None,
    clouds: list[Cloud],
    models: tuple[ModelCard, ...],
    more: dict[str, Any],
    caveats: Iterable[Caveat],
) -> Outcome:
    plain = plain_params(asked)
    figures: dict[str, float] = {}
    for cloud in clouds:
        figures |= cloud.figures
    known = {} if one is None else {"substance": about(one)}
    cards = dict.fromkeys((*models, *(card for cloud in clouds for card in cloud.models)))
    return Outcome(
        "chemical",
        str(plain["scenario"]["kind"]),
        Text(asked.name.zh, asked.name.en),
        (asked.site.lon, asked.site.lat),
        plain,
        hash_of(asked),
        tuple(zone for cloud in clouds for zone in cloud.zones),
        tuple(field for cloud in clouds for field in cloud.fields),
        figures,
        _manifest(asked, plain, clouds, tuple(caveats)),
        tuple(cards),
        known | more | {"weather": _air(asked)},
    )


def _manifest(
    asked: Params, plain: dict[str, Any], clouds: list[Cloud], caveats: tuple[Caveat, ...]
) -> Manifest:
    """That of the first model, with the parameters as inputs and what all of them have to say."""
    tables = {name: version for cloud in clouds for name, version in cloud.manifest.tables.items()}
    said = (*caveats, *(caveat for cloud in clouds for caveat in cloud.manifest.caveats))
    inputs = {key: value for key, value in plain.items() if key not in ("name", "note")}
    seed = None if asked.uncertainty is None else asked.uncertainty.seed
    return replace(
        clouds[0].manifest, inputs=inputs, tables=tables, seed=seed, caveats=tuple(dict.fromkeys(said))
    )


def _air(asked: Params) -> dict[str, Any]:
    air = weather_of(asked)
    return {
        "stability": air.stability.value,
        "stability_from": "given" if asked.weather.stability else "Turner 1964 (time, cloud, wind)",
        "toward_deg": air.toward_deg,
        "is_calm": air.is_calm,
        "mixing_height_m": air.mixing_m,
    }
