"""The worked cases through the one entry, and scenarios as JSON."""

import json
from itertools import pairwise

import numpy as np
import pytest
import shapely

from anlan.kernel.errors import Invalid, NotFound
from anlan.kernel.text import Text
from anlan.science.chemical.cases import CASES, case
from anlan.science.chemical.events import PoolBurns
from anlan.science.chemical.scenarios import EVENTS, Scenario, run, scenario_of
from anlan.science.chemical.weather import Stability, Weather

RESULTS = {one.id: one for one in CASES}


@pytest.fixture(scope="module")
def results():
    return {one.id: run(one) for one in CASES}


def test_the_cases_cover_every_kind_of_event_under_different_names() -> None:
    assert len(CASES) >= 12
    assert len({one.id for one in CASES}) == len(CASES)
    assert {one.event.kind for one in CASES} == set(EVENTS)


@pytest.mark.parametrize("id", list(RESULTS))
def test_a_case_gives_nested_zones_about_its_place_and_says_how(results, id: str) -> None:
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


def test_the_golden_numbers_come_out_of_the_cases(results) -> None:
    def radii(id: str) -> dict[float, float]:
        return {zone.level: zone.facts["radius_m"] for zone in results[id].zones}

    assert results["lpg_sphere_bleve"].figures["diameter_m"] == pytest.approx(213.7, abs=0.1)
    assert results["lpg_vapour_cloud"].figures["tnt_kg"] == pytest.approx(14_814, abs=1)
    assert radii("lpg_vapour_cloud")[2.0] == pytest.approx(1445, abs=1)
    assert radii("ammonium_nitrate_store")[9.0] == pytest.approx(634, abs=1)


def test_the_zones_lie_downwind(results) -> None:
    made = results["crude_oil_bund"]
    weather = made.scenario.weather
    ring = shapely.Polygon(made.zones[-1].polygons[0][0])
    east = (ring.centroid.x - made.scenario.lon) * np.cos(np.radians(made.scenario.lat))
    north = ring.centroid.y - made.scenario.lat
    toward = np.radians(weather.toward_deg)
    assert east * np.sin(toward) + north * np.cos(toward) > 5e-5


def test_the_same_scenario_has_the_same_digest_and_a_changed_one_another() -> None:
    air = Weather(3.0, 270.0, Stability.D)
    one = Scenario("a", Text("甲", "a"), 106.0, 38.0, air, PoolBurns("benzene", 10.0))
    other = Scenario("a", Text("甲", "a"), 106.0, 38.0, air, PoolBurns("benzene", 11.0))
    assert run(one).manifest.digest == run(one).manifest.digest != run(other).manifest.digest


def test_what_is_not_understood_is_refused() -> None:
    said = case("methanol_pool").as_json()
    for broken in (
        said | {"event": {"kind": "magic"}},
        said | {"event": {"kind": "pool_fire", "fuel": "benzene"}},
        {"id": "x"},
    ):
        with pytest.raises(Invalid):
            scenario_of(broken)
    with pytest.raises(NotFound):
        case("nothing")
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
