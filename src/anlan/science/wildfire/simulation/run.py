"""The run itself: terrain, fuel and weather in; arrival, intensity, isochrones and burn probability out."""

import os
from dataclasses import replace
from typing import Any

import numpy as np
from msgspec.structs import asdict
from pyproj import Transformer

from anlan.kernel.fields import Field, Grid
from anlan.kernel.models import Caveat, Manifest, ModelCard
from anlan.kernel.text import Text
from anlan.science.params import plain_params, read_params, refused_at
from anlan.science.products import Outcome, Step, Zone, no_report
from anlan.science.products.outlines import outline_of
from anlan.science.products.result import input_hash
from anlan.science.terrain.asked import Given, digest_of, files_in, terrain_of
from anlan.science.wildfire import ensemble
from anlan.science.wildfire.ensemble import FireUncertainty, run_ensemble
from anlan.science.wildfire.fuels import Moisture
from anlan.science.wildfire.intensity import attack_limits
from anlan.science.wildfire.lines import ContainmentLine
from anlan.science.wildfire.run import CARD
from anlan.science.wildfire.run import run as run_fire
from anlan.science.wildfire.scenario import Ignition, SpreadModel, Weather, WildfireScenario
from anlan.science.wildfire.simulation.fuel import fuel_digest, fuel_of
from anlan.science.wildfire.simulation.params import FuelFile, Hours, Params, Uncertainty
from anlan.science.wildfire.wang import CARD as WANG
from anlan.science.wildfire.wang import wang_fuels

ENGINE = f"wildfire-simulation/1, {CARD.id}/{CARD.version}, {ensemble.CARD.version}"
_CHANCES = (0.9, 0.5, 0.1)
_QUARTERS = (0.25, 0.5, 0.75, 1.0)


def read(content: bytes) -> Params:
    """The parameters of a file. Raises `Invalid` with the path of the field that is wrong."""
    return read_params(content, Params)


def files_of(asked: Params) -> tuple[str, ...]:
    """The files that the parameters name: terrain and fuel."""
    fuel = (asked.fuel.file,) if isinstance(asked.fuel, FuelFile) else ()
    return tuple(dict.fromkeys((*files_in(asked.terrain), *fuel)))


def hash_of(asked: Params, given: Given | None = None) -> str:
    """By what a result is stored: the same for the same question on the same ground."""
    return input_hash("wildfire", ENGINE, plain_params(asked) | _digests(asked, given or {}))


def check(asked: Params) -> None:
    """Refuse at once what a run would refuse before it computes."""
    for index, one in enumerate(asked.weather):
        path = f"$.weather[{index}]"
        if one.from_s <= asked.weather[index - 1].from_s if index else one.from_s != 0:
            raise refused_at(
                f"{path}.from_s",
                Text("天气须从 0 时刻开始且时间递增", "the weather must begin at 0 and rise in time"),
            )
        if asked.model is SpreadModel.ROTHERMEL and one.moisture is None:
            raise refused_at(
                f"{path}.moisture",
                Text("Rothermel 模型需要可燃物含水率", "the Rothermel model needs moisture"),
            )
        if asked.model is SpreadModel.WANG and (one.temperature_c is None or one.humidity_percent is None):
            raise refused_at(
                path, Text("王正非模型需要气温与相对湿度", "Wang's model needs temperature and humidity")
            )
    known = {str(number) for number in wang_fuels()}
    for kind in asked.load_kg_m2:
        if kind not in known:
            raise refused_at(
                f"$.load_kg_m2.{kind}",
                Text(
                    f"没有可燃物类型 {kind}，应为 1–{len(known)}",
                    f"there is no kind of fuel {kind}: they are 1 to {len(known)}",
                ),
            )
    for index, time in enumerate(asked.isochrones_s):
        if time > asked.duration_s:
            raise refused_at(
                f"$.isochrones_s[{index}]", Text("晚于模拟时长", "this is later than the duration")
            )


def simulate(asked: Params, report: Step = no_report, given: Given | None = None) -> Outcome:
    """Rasters and outlines of *asked*; *report* hears how far it is and stops the run by raising. Raises `Invalid`."""
    check(asked)
    report(0.0, Text("读取地形与可燃物", "reading terrain and fuel"))
    terrain = terrain_of(asked.terrain, given or {})
    fuel = fuel_of(asked, terrain.grid, terrain.height_m, given or {})
    scenario = _scenario(asked, terrain.grid, terrain.height_m, fuel)
    words = Text("火场蔓延", "spreading the fire")
    share = 0.3 if asked.uncertainty else 0.85
    made = run_fire(scenario, lambda done: report(0.05 + share * done, words))
    fields, zones = dict(made.fields), [*_isochrones(asked, made.fields["arrival"]), *_attack(made.fields)]
    figures, models, said = dict(made.summary), [CARD], (*made.caveats, *terrain.caveats)
    if asked.model is SpreadModel.WANG:
        models.append(WANG)
    manifest = made.manifest
    if asked.uncertainty is not None:
        many = Text("推演集合成员", "burning the ensemble")
        drawn = _ensemble(asked.uncertainty, scenario, lambda done: report(0.35 + 0.55 * done, many))
        fields |= {
            f"ensemble_{name}": replace(one, name=f"ensemble_{name}") for name, one in drawn.fields.items()
        }
        figures |= {f"ensemble_{name}": value for name, value in drawn.summary.items()}
        zones += _chances(drawn.fields["probability"])
        manifest, said = drawn.manifest, (*said, *drawn.caveats)
        models.append(ensemble.CARD)
    report(0.92, Text("绘制火场边界", "outlining the fire"))
    outcome = Outcome(
        "wildfire",
        asked.model.value,
        Text(asked.name.zh, asked.name.en),
        (asked.ignitions[0].lon, asked.ignitions[0].lat),
        plain_params(asked),
        hash_of(asked, given),
        tuple(zones),
        tuple(fields.values()),
        figures,
        _manifest(manifest, asked, said, given or {}),
        tuple(models),
    )
    report(1.0, Text("完成", "done"))
    return outcome


def _scenario(asked: Params, grid: Grid, height_m: Any, fuel: Any) -> WildfireScenario:
    to_metres = Transformer.from_crs("EPSG:4326", grid.crs, always_xy=True)
    ignitions = []
    for index, one in enumerate(asked.ignitions):
        x, y = (float(value) for value in to_metres.transform(one.lon, one.lat))
        if grid.cell_of(x, y) is None:
            raise refused_at(
                f"$.ignitions[{index}].lon", Text("位置在地形范围之外", "the place lies outside the terrain")
            )
        ignitions.append(Ignition(x, y, one.at_s))
    lines = tuple(
        ContainmentLine(
            tuple((float(x), float(y)) for x, y in (to_metres.transform(*point) for point in one.points)),
            one.from_s,
            one.rate_m_s,
        )
        for one in asked.lines
    )
    return WildfireScenario(
        grid,
        fuel,
        tuple(_weather(one) for one in asked.weather),
        asked.duration_s,
        ignitions=tuple(ignitions),
        elevation_m=height_m,
        lines=lines,
        model=asked.model,
        canopy_cover=asked.canopy_cover,
        canopy_height_m=asked.canopy_height_m,
        load_kg_m2={int(kind): load for kind, load in asked.load_kg_m2.items()},
        limit=asked.limit,
        shape=asked.shape,
    )


def _weather(one: Hours) -> Weather:
    moisture = None if one.moisture is None else Moisture(**asdict(one.moisture))
    return Weather(
        one.from_s, one.wind_m_s, one.wind_from_deg, moisture, one.temperature_c, one.humidity_percent
    )


def _ensemble(asked: Uncertainty, scenario: WildfireScenario, progress: Any) -> ensemble.WildfireEnsemble:
    said = asdict(asked)
    members, seed = said.pop("members"), said.pop("seed")
    return run_ensemble(
        scenario,
        FireUncertainty(**said),
        members=members,
        seed=seed,
        threads=os.cpu_count() or 1,
        progress=progress,
    )


def _isochrones(asked: Params, arrival: Field) -> list[Zone]:
    """Where the fire has been by each time, the earliest first."""
    times = asked.isochrones_s or tuple(share * asked.duration_s for share in _QUARTERS)
    values = np.asarray(arrival.values, np.float64)
    return [
        Zone(
            outline_of(
                values <= time,
                arrival.grid,
                f"arrival_{time:.0f}",
                "s",
                time,
                Text(f"{_clock(time)}内过火范围", f"burnt within {_clock(time)}"),
            ),
            "arrival",
            CARD.references[0],
            "probable",
        )
        for time in sorted(set(times))
    ]


def _attack(fields: dict[str, Field]) -> list[Zone]:
    """Where the front could be attacked no more by each class's means, the worst first."""
    values = np.nan_to_num(np.asarray(fields["intensity"].values, np.float64), nan=-1.0)
    return [
        Zone(
            outline_of(
                values > least,
                fields["intensity"].grid,
                f"intensity_{least:.0f}",
                "kW/m",
                least,
                Text(f"火线强度大于 {least:g} kW/m：{label.zh}", f"above {least:g} kW/m: {label.en}"),
            ),
            "intensity",
            "Andrews and Rothermel 1982, INT-131",
            certainty.value,
        )
        for _, label, least, certainty in reversed(attack_limits()[1:])
    ]


def _chances(probability: Field) -> list[Zone]:
    values = np.asarray(probability.values, np.float64)
    return [
        Zone(
            outline_of(
                values >= share,
                probability.grid,
                f"chance_{share:g}",
                "",
                share,
                Text(f"过火概率不小于 {share:.0%}", f"burns with a chance of {share:.0%} or more"),
            ),
            "fire_chance",
            "classes of the platform",
            "own_default",
        )
        for share in _CHANCES
    ]


def _manifest(made: Manifest, asked: Params, said: tuple[Caveat, ...], given: Given) -> Manifest:
    plain = {key: value for key, value in plain_params(asked).items() if key not in ("name", "note")}
    cards: tuple[ModelCard, ...] = (WANG,) if asked.model is SpreadModel.WANG else ()
    more = tuple(caveat for card in cards for caveat in card.caveats)
    inputs = dict(made.inputs) | {"params": plain} | _digests(asked, given)
    return replace(made, inputs=inputs, caveats=tuple(dict.fromkeys((*said, *more))))


def _digests(asked: Params, given: Given) -> dict[str, str]:
    return {
        "terrain_sha256": digest_of(asked.terrain, given),
        "fuel_sha256": fuel_digest(asked.fuel, given),
    }


def _clock(seconds: float) -> str:
    """Hours, or minutes where they are no whole half hours.

    >>> _clock(5400.0), _clock(600.0)
    ('1.5 h', '10 min')
    """
    return f"{seconds / 3600:g} h" if seconds % 1800 == 0 else f"{seconds / 60:g} min"
