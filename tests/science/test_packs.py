"""The scenario packs: each runs, at a small size, to what its scenarios are about."""

import json

import pytest
from tests.science.slope.test_simulation import hill

from anlan.kernel.errors import NotFound
from anlan.science.packs import member_params, pack_names, read_pack
from anlan.science.packs.members import merged
from anlan.science.params import made_params
from anlan.science.simulators import hazards, simulator

SMALL = {
    "flood": {
        "terrain": {"rows": 20, "columns": 30, "cell_m": 40.0},
        "duration_s": 3600.0,
        "frames": 1,
        "storm": {"duration_s": 3600.0},
        "scheme": "local_inertial",
    },
    "wildfire": {"terrain": {"rows": 60, "columns": 80, "cell_m": 60.0}, "uncertainty": {"members": 4}},
    "cascade": {"samples": 500},
    "chemical": {"uncertainty": {"members": 50}},
}


def small(pack, member):
    """The member's parameters with as few cells, members and samples as still mean something."""
    said = member_params(pack, member)
    changes = SMALL.get(member.hazard, {})
    return merged(
        said,
        {name: value for name, value in changes.items() if said.get(name) is not None or name == "samples"},
    )


@pytest.fixture(scope="module")
def results():
    made = {}
    for name in pack_names():
        pack = read_pack(name)
        for member in pack.members:
            engine = simulator(member.hazard)
            made[name, member.id] = engine.simulate(made_params(small(pack, member), engine.Params))
    return made


@pytest.mark.long
@pytest.mark.parametrize("name", pack_names())
def test_every_scenario_of_a_pack_runs_and_reaches_something(results, name: str) -> None:
    pack = read_pack(name)
    assert pack.state.zh and pack.state.en
    for member in pack.members:
        made = results[name, member.id]
        assert any(not zone.contour.is_empty for zone in made.zones), member.id
        assert made.name.zh == member.name.zh and made.inputs["note"]["en"] == pack.state.en


@pytest.mark.long
def test_the_greater_of_two_magnitudes_of_1920_shakes_the_larger_area(results) -> None:
    large, small = (results["haiyuan_1920", one].zones for one in ("chinese_8_5", "isc_gem_8_3"))
    area = {zone.contour.name: zone.contour.facts["area_km2"] for zone in small if zone.group == "intensity"}
    for zone in large:
        if zone.contour.name in area:
            assert zone.contour.facts["area_km2"] > area[zone.contour.name]


@pytest.mark.long
def test_the_line_keeps_the_forest_fire_smaller(results) -> None:
    held, free = (results["liupan_forest_fire", one].figures["burnt_m2"] for one in ("with_line", "no_line"))
    assert held < free
    assert results["liupan_forest_fire", "ensemble"].manifest.seed == read_pack("liupan_forest_fire").seed


@pytest.mark.long
def test_the_release_hangs_on_the_earthquake_by_an_event_of_the_cascade(results) -> None:
    pack = read_pack("ningdong_quake_release")
    events = {
        event["id"] for event in results["ningdong_quake_release", "tank_farm"].more["cascade"]["events"]
    }
    coupled = [member for member in pack.members if member.chance is not None]
    assert coupled and {member.chance for member in coupled} <= events
    magnitude = {
        results["ningdong_quake_release", "shaking"].inputs["earthquake"]["magnitude"],
        results["ningdong_quake_release", "tank_farm"].inputs["chain"]["magnitude"],
    }
    assert magnitude == {6.0}


def test_every_pack_is_in_order_and_its_parameters_are_accepted() -> None:
    assert set(pack_names()) == {
        "haiyuan_1920",
        "helan_flash_flood",
        "liupan_forest_fire",
        "ningdong_quake_release",
        "yinchuan_pingluo_1739",
    }
    for name in pack_names():
        pack = read_pack(name)
        assert len({member.id for member in pack.members}) == len(pack.members)
        for member in pack.members:
            assert member.hazard in hazards()
            engine = simulator(member.hazard)
            engine.check(made_params(member_params(pack, member), engine.Params))
    with pytest.raises(NotFound, match="no scenario pack"):
        read_pack("unknown")


def test_a_terrain_of_one_s_own_takes_the_place_of_the_formula() -> None:
    pack = read_pack("helan_flash_flood")
    said = member_params(pack, pack.members[0], "hill.tif")
    assert said["terrain"] == {"kind": "file", "file": "hill.tif"}
    engine = simulator("flood")
    asked = engine.read(json.dumps(said | {"duration_s": 60.0, "frames": 0}).encode())
    made = engine.simulate(asked, given={"hill.tif": hill(0.1)})  # type: ignore[call-arg]
    assert "terrain.by_formula" not in {caveat.code for caveat in made.manifest.caveats}
    tailings = member_params(pack, pack.members[2], "hill.tif")
    assert "terrain" not in tailings
