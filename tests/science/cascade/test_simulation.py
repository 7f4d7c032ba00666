"""A chain from a parameter file: the builders' graph, its chances, what it covers, and what it says of itself."""

import json

import numpy as np
import pytest

from anlan.kernel.errors import Invalid
from anlan.science.cascade import Settings, run
from anlan.science.cascade.scenario import Method
from anlan.science.cascade.simulation import case_content, case_names, graph_of, hash_of, read, simulate
from anlan.science.products import product_files


def changed(case: str, /, **sections):
    said = json.loads(case_content(case))
    for section, fields in sections.items():
        said[section] = said[section] | fields if isinstance(fields, dict) else fields
    return read(json.dumps(said).encode())


@pytest.mark.parametrize("name", case_names())
def test_every_worked_case_runs_and_says_what_it_assumes(name: str) -> None:
    graph = graph_of(read(case_content(name)))
    result = run(graph, Settings(2000))
    assert result.method is Method.EXACT
    assert result.worst is not None and result.worst.severity > 0 and result.likeliest is not None
    assert all(0 <= chance.value <= 1 for chance in result.chances.values())
    assert any(caveat.code.startswith("cascade.given.") for caveat in result.manifest.caveats)


@pytest.mark.parametrize("name", case_names())
def test_a_case_becomes_chances_chains_and_the_area_that_they_reach(name: str) -> None:
    made = simulate(changed(name, samples=1000))
    said = made.more["cascade"]
    assert {event["id"] for event in said["events"]} == {
        name.removeprefix("chance_") for name in made.figures if name.startswith("chance_")
    }
    assert said["worst_credible"]["severity"] > 0 and said["likeliest"]["links"]
    assert all(one["label"]["zh"] and one["label"]["en"] for one in said["events"])
    (field,) = made.fields
    sizes = [zone.contour.facts["area_m2"] for zone in made.zones]
    assert sizes == sorted(sizes) and sizes[-1] > 0, "the surer, the smaller"
    for zone in made.zones:
        assert zone.contour.facts["cells"] == (np.asarray(field.values) >= zone.contour.level).sum()
    assert {"union_chance.tif", "zones.geojson", "summary.json"} <= set(product_files(made))
    assert made.models[0].id == "cascade.graph" and len(made.models) > 1


def test_chances_are_those_of_the_builders_graph() -> None:
    asked = changed("quake_tank_farm", samples=1000)
    made, result = simulate(asked), run(graph_of(asked), Settings(1000))
    for event, chance in result.chances.items():
        assert made.figures[f"chance_{event}"] == chance.value


def test_a_stronger_earthquake_makes_every_release_likelier() -> None:
    weak, strong = (
        simulate(changed("quake_tank_farm", chain={"magnitude": m}, samples=500)) for m in (6.0, 7.5)
    )
    for name in ("chance_T1.release", "chance_T2.fire"):
        assert strong.figures[name] > weak.figures[name]


def test_the_wind_blows_from_where_the_file_says() -> None:
    """Fire runs with the wind: from the west it is the eastern tank that is in danger."""
    east = {edge.id for edge in graph_of(read(case_content("quake_tank_farm"))).edges}
    west = changed("quake_tank_farm", chain={"weather": {"wind_m_s": 6.0, "wind_from_deg": 90.0}})
    assert "T1>T2" in east and "T2>T1" not in east
    assert "T2>T1" in {edge.id for edge in graph_of(west).edges}


def test_without_a_heading_nothing_is_drawn_and_the_chances_are_the_same() -> None:
    drawn = simulate(changed("quake_barrier_lake", samples=500))
    plain = simulate(changed("quake_barrier_lake", samples=500, chain={"heading_deg": None}))
    assert drawn.zones and not plain.zones and not plain.fields
    assert drawn.figures["chance_breach"] == plain.figures["chance_breach"]
    codes = {one.code for one in drawn.manifest.caveats}
    assert "cascade.schematic_area" in codes - {one.code for one in plain.manifest.caveats}
    assert "preview.png" in product_files(plain)


def test_the_same_question_gives_the_same_bytes_and_a_seed_is_part_of_it() -> None:
    asked = changed("quake_sphere", samples=500)
    assert product_files(simulate(asked)) == product_files(simulate(asked))
    assert hash_of(asked) == hash_of(changed("quake_sphere", samples=500, name={"zh": "甲", "en": "a"}))
    assert hash_of(asked) != hash_of(changed("quake_sphere", samples=500, seed=2))


def test_a_run_is_stopped_between_its_steps() -> None:
    class Stopped(Exception):
        pass

    def watch(share: float, words) -> None:
        if share > 0.05:
            raise Stopped

    with pytest.raises(Stopped):
        simulate(changed("quake_sphere", samples=500), watch)


@pytest.mark.parametrize(
    ("sections", "path"),
    [
        ({"chain": {"tanks": []}}, "$.chain.tanks"),
        ({"chain": {"magnitude": 11.0}}, "$.chain.magnitude"),
        ({"chain": {"speed": 1.0}}, "$.chain"),
        ({"site": {"lat": 95.0}}, "$.site.lat"),
        ({"event": "T9.fire"}, "$.event"),
        ({"samples": 10}, "$.samples"),
    ],
)
def test_a_field_that_cannot_be_right_is_named(sections, path: str) -> None:
    with pytest.raises(Invalid) as caught:
        simulate(changed("quake_tank_farm", **sections))
    assert caught.value.facts["path"] == path


def test_two_tanks_in_one_place_are_refused() -> None:
    said = json.loads(case_content("quake_tank_farm"))
    said["chain"]["tanks"][1] |= {"x_m": 0.0, "y_m": 0.0}
    with pytest.raises(Invalid, match="stand in one place"):
        simulate(read(json.dumps(said).encode()))
