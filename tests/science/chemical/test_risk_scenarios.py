"""Events of every kind through the one entry, and scenarios as JSON."""

import json
from itertools import pairwise

import numpy as np
import pytest
import shapely

from anlan.kernel.crs import LocalFrame
from anlan.kernel.errors import Invalid, NotFound
from anlan.kernel.fields import Grid
from anlan.kernel.text import Text
from anlan.science.chemical.events import (
    CloudExplodes,
    CloudFlashes,
    CongestionExplodes,
    JetBurns,
    PoolBurns,
    StoreDetonates,
    VesselBoils,
    VesselBursts,
)
from anlan.science.chemical.scenarios import EVENTS, Scenario, ToxicSpreads, run, scenario_of
from anlan.science.chemical.weather import Stability, Weather

AIR = Weather(3.5, 315.0, Stability.D)
WINDY = Weather(5.0, 330.0, Stability.D, temperature_k=263.15, humidity=0.4)


def _scenario(id: str, event, air: Weather = AIR) -> Scenario:
    return Scenario(id, Text(id, id), 106.35, 38.52, air, event)


SCENARIOS = {
    one.id: one
    for one in (
        _scenario("ammonia", ToxicSpreads("7664-41-7", 12.0, 1200.0, 2.0), Weather(2.0, 330.0, Stability.F)),
        _scenario("lpg_fireball", VesselBoils(50_000.0, 46.0e6, 1.7e6)),
        _scenario("lpg_cloud", CloudExplodes(20_000.0, 46.5e6)),
        _scenario("crude_oil", PoolBurns("crude_oil", 45.0), WINDY),
        _scenario("hydrogen_jet", JetBurns(0.5, 4.0e6, 320.0, 1.41, 0.002016, 120.0e6, 90.0, 4.0)),
        _scenario("gas_flash", CloudFlashes("74-82-8", 5.0, 1.0)),
        _scenario("nitrate", StoreDetonates(200_000.0, 0.32)),
        _scenario("acetylene", CongestionExplodes(500.0 * 48.2e6, 7)),
        _scenario("nitrogen", VesselBursts(3.2e6, 30.0, 1.4, 9000.0)),
    )
}


@pytest.fixture(scope="module")
def results():
    return {id: run(one) for id, one in SCENARIOS.items()}


def test_there_is_one_of_every_kind() -> None:
    assert {one.event.kind for one in SCENARIOS.values()} == set(EVENTS)


@pytest.mark.parametrize("id", list(SCENARIOS))
def test_an_event_gives_nested_zones_about_its_place_and_says_how(results, id: str) -> None:
    made = results[id]
    scenario = made.scenario
    shapes = [
        shapely.unary_union([shapely.Polygon(rings[0], rings[1:]) for rings in zone.polygons])
        for zone in made.zones
    ]
    drawn = [shape for shape in shapes if not shape.is_empty]
    assert drawn, "no zone at all"
    for inner, outer in pairwise(drawn):
        assert inner.difference(outer.buffer(1e-5)).area <= 0.002 * inner.area
    assert drawn[-1].distance(shapely.Point(scenario.lon, scenario.lat)) < 0.003
    assert made.manifest.model and made.manifest.caveats
    assert all(np.isfinite(value) for value in made.figures.values())
    said = json.loads(json.dumps(made.as_json(), allow_nan=False))
    assert scenario_of(said["scenario"]) == scenario


def test_the_golden_numbers_come_out(results) -> None:
    def radii(id: str) -> dict[float, float]:
        return {zone.level: zone.facts["radius_m"] for zone in results[id].zones}

    assert results["lpg_fireball"].figures["diameter_m"] == pytest.approx(213.7, abs=0.1)
    assert results["lpg_cloud"].figures["tnt_kg"] == pytest.approx(14_814, abs=1)
    assert radii("lpg_cloud")[2.0] == pytest.approx(1445, abs=1)
    assert radii("nitrate")[9.0] == pytest.approx(634, abs=1)


def test_the_zones_lie_downwind(results) -> None:
    made = results["crude_oil"]
    weather = made.scenario.weather
    ring = shapely.Polygon(made.zones[-1].polygons[0][0])
    east = (ring.centroid.x - made.scenario.lon) * np.cos(np.radians(made.scenario.lat))
    north = ring.centroid.y - made.scenario.lat
    toward = np.radians(weather.toward_deg)
    assert east * np.sin(toward) + north * np.cos(toward) > 5e-5


@pytest.mark.parametrize("id", list(SCENARIOS))
def test_the_raster_is_above_a_level_inside_its_zone_and_below_it_outside(results, id: str) -> None:
    made = results[id]
    frame = LocalFrame(made.scenario.lon, made.scenario.lat)
    half = 1.2 * max(
        float(np.abs(np.column_stack(frame.to_xy(*np.asarray(ring).T))).max())
        for zone in made.zones
        for rings in zone.polygons
        for ring in rings
    )
    cells = 90
    field = made.raster(Grid(cells, cells, 2 * half / cells, -half, half, frame.name))
    x, y = (axis.ravel() for axis in np.meshgrid(field.grid.x_m, field.grid.y_m))
    lon, lat = frame.to_lonlat(x, y)
    for zone in (one for one in made.zones if one.polygons):
        shape = shapely.unary_union([shapely.Polygon(rings[0], rings[1:]) for rings in zone.polygons])
        inside = shapely.contains_xy(shape, lon, lat).reshape(field.grid.shape)
        above = np.asarray(field.values) >= zone.level
        assert (inside != above).sum() <= 0.01 * cells * cells + 2


def test_the_same_scenario_has_the_same_digest_and_a_changed_one_another() -> None:
    air = Weather(3.0, 270.0, Stability.D)
    one = Scenario("a", Text("甲", "a"), 106.0, 38.0, air, PoolBurns("benzene", 10.0))
    other = Scenario("a", Text("甲", "a"), 106.0, 38.0, air, PoolBurns("benzene", 11.0))
    assert run(one).manifest.digest == run(one).manifest.digest != run(other).manifest.digest


def test_what_is_not_understood_is_refused() -> None:
    said = SCENARIOS["crude_oil"].as_json()
    for broken in (
        said | {"event": {"kind": "magic"}},
        said | {"event": {"kind": "pool_fire", "fuel": "benzene"}},
        {"id": "x"},
    ):
        with pytest.raises(Invalid):
            scenario_of(broken)
    with pytest.raises(NotFound):
        run(Scenario("a", Text("甲", "a"), 106.0, 38.0, Weather(3.0, 0.0), PoolBurns("honey", 5.0)))
    with pytest.raises(Invalid):
        Scenario("a", Text("甲", "a"), np.nan, 38.0, Weather(3.0, 0.0), PoolBurns("benzene", 5.0))


def test_a_liquid_outside_the_table_burns_by_the_generic_rate_with_a_caveat() -> None:
    air = Weather(3.0, 0.0)
    toluene, benzene, by_number = (
        run(Scenario("a", Text("甲", "a"), 106.0, 38.0, air, PoolBurns(fuel, 20.0)))
        for fuel in ("108-88-3", "benzene", "71-43-2")
    )
    assert "pool_fire.generic_rate" in {caveat.code for caveat in toluene.manifest.caveats}
    assert benzene.figures == by_number.figures
    assert toluene.figures["flame_length_m"] == pytest.approx(benzene.figures["flame_length_m"], rel=0.3)


def test_a_wide_pool_is_answered_with_a_caveat() -> None:
    made = run(Scenario("a", Text("甲", "a"), 106.0, 38.0, Weather(3.0, 0.0), PoolBurns("crude_oil", 150.0)))
    assert "out_of_range.diameter_m" in {caveat.code for caveat in made.manifest.caveats}
