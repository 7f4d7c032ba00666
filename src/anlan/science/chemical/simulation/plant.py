"""The risk of a plant from its parameters: contours, F-N, the external distance, land use, dominoes."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from anlan.kernel.crs import LocalFrame
from anlan.kernel.errors import Problem
from anlan.kernel.fields import Grid
from anlan.kernel.text import Text
from anlan.science.chemical.explosion.tnt import CARD as BLAST
from anlan.science.chemical.explosion.tnt import TntExplosion
from anlan.science.chemical.fire.pool import PoolFire
from anlan.science.chemical.harm.tables import table
from anlan.science.chemical.harm.vulnerability import toxic_probit
from anlan.science.chemical.harm.zones import on_map
from anlan.science.chemical.risk.assessment import (
    Assessment,
    BlastSource,
    FireballSource,
    Plant,
    PoolSource,
    Source,
    ToxicSource,
    assess,
)
from anlan.science.chemical.risk.distance import Method, Target, by_consequence, method
from anlan.science.chemical.risk.domino import CARD as DOMINO
from anlan.science.chemical.risk.domino import by_overpressure, by_radiation, cascade
from anlan.science.chemical.risk.events import frequency
from anlan.science.chemical.risk.individual import CARD as RISK
from anlan.science.chemical.simulation import params
from anlan.science.chemical.simulation.vapour import Cloud
from anlan.science.chemical.substances import substance
from anlan.science.chemical.weather import Weather
from anlan.science.params import refused_at
from anlan.science.products import Step, Zone
from anlan.science.products.extent import farthest_m

Floats = NDArray[np.float64]
_CELLS = 400
_MOST_CELLS = 1000


def plant_risk(
    asked: params.Params, scenario: params.PlantRisk, air: Weather, report: Step
) -> tuple[Cloud, dict[str, Any]]:
    """Contours and map as a cloud's zones and raster, and everything else by name. Raises `Invalid` by field."""
    site = (asked.site.lon, asked.site.lat)
    plant = _plant(scenario, site, air)
    people = _people(scenario.people, plant.grid)
    report(0.2, Text("叠加个人风险", "adding up the individual risk"))
    made = assess(plant, people)
    zones = _zones(made, site, scenario.existing)
    report(0.9, Text("外部安全防护距离与多米诺", "external distance and dominoes"))
    more = {
        "external_distance": _external(scenario, zones, site),
        "societal": _societal(made),
        "land_use": [
            {"target": one.target.id, "risk_per_a": one.risk_per_a, "limit_per_a": one.limit_per_a}
            for one in made.conflicts
        ],
        "dominoes": _dominoes(scenario.units, air),
    }
    figures = {
        "greatest_risk_per_a": float(np.max(made.risk.values)),
        "conflicts": float(len(made.conflicts)),
    }
    if made.societal is not None:
        figures["potential_loss_of_life_per_a"] = made.societal.expected_per_a
    cards = (RISK, *((DOMINO,) if scenario.units else ()), *((BLAST,) if scenario.explosives else ()))
    return Cloud(zones, (made.risk,), figures, made.manifest, cards), more


def _plant(scenario: params.PlantRisk, site: tuple[float, float], air: Weather) -> Plant:
    directions = {len(row.shares) for row in scenario.rose}
    if len(directions) != 1:
        raise refused_at(
            "$.scenario.rose",
            Text("各行的风向数应相同", "every row needs the same number of directions"),
        )
    cell = scenario.cell_m or 2 * scenario.extent_m / _CELLS
    half = round(scenario.extent_m / cell)
    if 2 * half > _MOST_CELLS:
        raise refused_at(
            "$.scenario.cell_m", Text("网格过密，请增大", "the grid is too fine: take larger cells")
        )
    grid = Grid(2 * half, 2 * half, cell, -half * cell, half * cell, LocalFrame(*site).name)
    return Plant(
        grid,
        tuple(_source(one, f"$.scenario.sources[{index}]") for index, one in enumerate(scenario.sources)),
        tuple((row.wind_m_s, row.stability) for row in scenario.rose),
        tuple(row.shares for row in scenario.rose),
        scenario.existing,
        air.terrain,
        tuple(Target(one.id, one.east_m, one.north_m, one.target) for one in scenario.targets),
    )


def _source(one: Any, path: str) -> Source:
    often = _frequency(one, path)
    at = (one.east_m, one.north_m, often)
    match one:
        case params.ToxicSource():
            rule = toxic_probit(one.substance)
            if rule is None:
                raise refused_at(
                    f"{path}.substance",
                    Text("没有该物质的吸入死亡概率函数", "there is no probit for inhaling this substance"),
                )
            return ToxicSource(*at, rule.key, one.rate_kg_s, one.duration_s)
        case params.PoolFireSource():
            _known(lambda: PoolFire.of(one.fuel, one.diameter_m, wind_m_s=3.0), f"{path}.fuel")
            return PoolSource(*at, one.fuel, one.diameter_m)
        case params.FireballSource():
            heat = _known(lambda: substance(one.substance).heat_of_combustion_j_kg, f"{path}.substance")
            return FireballSource(*at, one.mass_kg, heat, one.burst_pressure_pa)
    return BlastSource(*at, one.charge_kg)


def _frequency(one: params.Placed, path: str) -> float:
    if (one.frequency_per_a is None) == (one.frequency is None):
        raise refused_at(
            f"{path}.frequency_per_a",
            Text(
                "频率 frequency_per_a 与 frequency 应给出且只给出一个",
                "give either frequency_per_a or frequency",
            ),
        )
    if one.frequency_per_a is not None:
        return one.frequency_per_a * one.share
    key = str(one.frequency)
    return float(_known(lambda: frequency(key, one.amount), f"{path}.frequency")) * one.share


def _known(make: Callable[[], Any], path: str) -> Any:
    try:
        return make()
    except Problem as problem:
        raise refused_at(path, problem.title) from problem


def _people(crowds: Sequence[params.Crowd], grid: Grid) -> Floats | None:
    """Persons per cell; a disc narrower than a cell stands in the one that its middle is in."""
    if not crowds:
        return None
    persons = np.zeros(grid.shape)
    x, y = grid.x_m[None, :], grid.y_m[:, None]
    for index, one in enumerate(crowds):
        cell = grid.cell_of(one.east_m, one.north_m)
        if cell is None:
            raise refused_at(
                f"$.scenario.people[{index}]",
                Text("不在计算范围内", "lies outside the area: enlarge extent_m"),
            )
        inside = np.hypot(x - one.east_m, y - one.north_m) <= one.radius_m
        if not inside.any():
            inside[cell] = True
        persons[inside] += one.persons / inside.sum()
    return persons


def _zones(made: Assessment, site: tuple[float, float], existing: bool) -> tuple[Zone, ...]:
    """The contours of the criteria, the highest risk first."""
    kind = "individual_existing" if existing else "individual_new"
    rows = {row.key: row for row in table("risk_criteria").where("kind", kind)}
    frame = LocalFrame(*site)
    zones = [
        Zone(on_map(one, frame), "individual_risk", rows[one.name].source, rows[one.name].certainty.value)
        for one in made.contours
    ]
    return tuple(sorted(zones, key=lambda zone: -zone.contour.level))


def _external(scenario: params.PlantRisk, zones: Sequence[Zone], site: tuple[float, float]) -> dict[str, Any]:
    """The method of GB/T 37243-2019 and the distance from the site by class of target, where the method gives one."""
    chosen = method(
        explosives=scenario.explosives,
        toxic_or_flammable_gas=scenario.toxic_or_flammable_gas,
        sum_q_over_q=scenario.sum_q_over_q,
    )
    said: dict[str, Any] = {"method": chosen.value, "label": {"zh": chosen.label.zh, "en": chosen.label.en}}
    if chosen is Method.RISK:
        said["distances_m"] = {one.contour.name: round(farthest_m(one.contour, site), 1) for one in zones}
    elif chosen is Method.CONSEQUENCE:
        charges = [one.charge_kg for one in scenario.sources if isinstance(one, params.BlastSource)]
        if not charges:
            raise refused_at(
                "$.scenario.sources", Text("事故后果法需要爆炸场景", "by consequence a blast is needed")
            )
        found = by_consequence(max(charges))
        said["distances_m"] = {level.key: round(distance, 1) for level, distance in found.items()}
    else:
        said["distances_m"] = None
    return said


def _societal(made: Assessment) -> dict[str, Any] | None:
    curve = made.societal
    if curve is None:
        return None
    region = curve.region()
    return {
        "deaths": curve.deaths.tolist(),
        "frequency_per_a": curve.frequency_per_a.tolist(),
        "potential_loss_of_life_per_a": curve.expected_per_a,
        "region": region.value,
        "label": {"zh": region.label.zh, "en": region.label.en},
        "criterion": "GB 36894-2018",
    }


def _dominoes(units: Sequence[params.Unit], air: Weather) -> list[dict[str, Any]]:
    """For each unit that fails first: how likely each other is to fail, and how many in all; fires leaning at them."""
    if not units:
        return []
    attack = np.zeros((len(units), len(units)))
    for i, one in enumerate(units):
        harm = _harm(one, f"$.scenario.units[{i}]", air)
        for j, other in enumerate(units):
            if i != j:
                distance = float(np.hypot(one.east_m - other.east_m, one.north_m - other.north_m))
                attack[i, j] = harm(max(distance, 1.0), other)
    told = []
    for first, one in enumerate(units):
        made = cascade(attack, first)
        told.append(
            {
                "first": one.id,
                "fails": {unit.id: float(chance) for unit, chance in zip(units, made.unit, strict=True)},
                "units_failed": {str(k): float(p) for k, p in enumerate(made.number) if p > 0},
                "exact": made.exact,
            }
        )
    return told


def _harm(one: params.Unit, path: str, air: Weather) -> Callable[[float, params.Unit], float]:
    """The chance that the failure of *one* fails another unit at a distance."""
    burns = one.fuel is not None and one.diameter_m is not None
    if burns == (one.charge_kg is not None):
        raise refused_at(
            path,
            Text(
                "请给出燃料与直径，或爆炸当量，且只给出一种",
                "give fuel and diameter, or a charge, and not both",
            ),
        )
    if one.charge_kg is not None:
        blast = TntExplosion(one.charge_kg)
        return lambda distance, other: float(by_overpressure(blast.overpressure_kpa(distance), other.vessel))
    fuel, wide = str(one.fuel), float(one.diameter_m or 0.0)
    fire = _known(lambda: PoolFire.of(fuel, wide, wind_m_s=air.wind_m_s), f"{path}.fuel")
    edge = wide / 2 + 0.1

    def by_fire(distance: float, other: params.Unit) -> float:
        flux = fire.radiation_kw_m2(np.array([max(distance, edge)]), np.array([0.0]))
        return float(by_radiation(flux, other.volume_m3, other.vessel)[0])

    return by_fire
