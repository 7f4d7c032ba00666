"""A chemical accident from its parameter file to zones, rasters and a manifest; the worked cases, each by name."""

import json
from itertools import pairwise

import numpy as np
import pytest
import shapely

from anlan.kernel.errors import Invalid, NotFound
from anlan.science.chemical.simulation import case_content, case_names, hash_of, read, simulate
from anlan.science.params import made_params
from anlan.science.products.extent import in_metres, shape_of


@pytest.fixture(scope="module")
def results():
    return {name: simulate(read(case_content(name))) for name in case_names()}


def changed(case: str, /, **sections):
    """A case with fields of some sections changed (None removes one)."""
    said = json.loads(case_content(case))
    for section, fields in sections.items():
        if not isinstance(fields, dict):
            said[section] = fields
            continue
        part = said.setdefault(section, {})
        part.update(fields)
        said[section] = {key: value for key, value in part.items() if value is not None}
    return read(json.dumps(said).encode())


def refusal(**sections) -> Invalid:
    with pytest.raises(Invalid) as caught:
        simulate(changed("liquid_ammonia_tank", **sections))
    return caught.value


def test_the_cases_are_those_of_the_trade() -> None:
    assert len(case_names()) >= 12
    kinds = {json.loads(case_content(name))["scenario"]["kind"] for name in case_names()}
    assert kinds == {
        "toxic_release",
        "flash_fire",
        "vessel_leak",
        "pool_fire",
        "jet_fire",
        "fireball",
        "vapour_cloud_explosion",
        "condensed_explosive",
        "vessel_burst",
        "plant_risk",
    }
    with pytest.raises(NotFound):
        case_content("../thresholds")


@pytest.mark.parametrize("name", case_names())
def test_a_case_draws_nested_zones_and_says_how(results, name: str) -> None:
    made = results[name]
    groups = {zone.group for zone in made.zones}
    for group in groups:
        zones = [zone.contour for zone in made.zones if zone.group == group]
        drawn = [shape for zone in zones if not (shape := shape_of(zone)).is_empty]
        assert drawn, f"{group}: no zone at all"
        for grave, mild in pairwise(drawn):
            assert grave.difference(mild.buffer(1e-5)).area <= 0.01 * grave.area
    assert all(zone.source and zone.certainty for zone in made.zones)
    assert made.manifest.caveats and made.models and made.models[0].references
    assert all(np.isfinite(value) for value in made.figures.values())
    assert made.manifest.inputs["scenario"] == made.inputs["scenario"]
    for field in made.fields:
        assert field.values.shape == field.grid.shape
        assert np.nanmax(field.values) > 0
    assert hash_of(read(json.dumps(made.inputs).encode())) == made.input_hash


@pytest.mark.parametrize("name", [one for one in case_names() if one != "benzene_tanker_spill"])
def test_the_raster_agrees_with_the_outline_of_its_gravest_and_mildest_level(results, name: str) -> None:
    made = results[name]
    field, zones = made.fields[0], [zone for zone in made.zones if zone.group == made.zones[0].group]
    for zone in (zones[0], zones[-1]):
        shape = in_metres(zone.contour, made.site)
        if shape.is_empty:
            continue
        x, y = (axis.ravel() for axis in np.meshgrid(field.grid.x_m, field.grid.y_m))
        inside = shapely.contains_xy(shape, x, y).reshape(field.grid.shape)
        above = np.asarray(field.values) >= zone.contour.level
        assert (inside != above).sum() <= 0.02 * max(inside.sum(), 1) + 0.005 * inside.size


def test_the_explosions_reach_as_far_as_the_printed_distances(results) -> None:
    """Golden numbers of the domain sheet: 200 t of ammonium nitrate, and 20 t of LPG."""

    def radii(name: str) -> dict[float, float]:
        return {zone.contour.level: zone.contour.facts["radius_m"] for zone in results[name].zones}

    assert results["ammonium_nitrate_store"].figures["tnt_kg"] == pytest.approx(64_000)
    assert [radii("ammonium_nitrate_store")[kpa] for kpa in (2, 5, 9)] == pytest.approx(
        [2354, 1030, 634], abs=1
    )
    assert results["lpg_vapour_cloud"].figures["tnt_kg"] == pytest.approx(14_814, abs=1)
    assert [radii("lpg_vapour_cloud")[kpa] for kpa in (2, 5, 9)] == pytest.approx([1445, 633, 389], abs=1)


def test_the_fireball_has_the_printed_size_and_life(results) -> None:
    """5.8 M^1/3 and 2.6 M^1/6 of 50 t (CCPS)."""
    figures = results["lpg_sphere_bleve"].figures
    assert figures["diameter_m"] == pytest.approx(213.7, abs=0.1)
    assert figures["duration_s"] == pytest.approx(15.8, abs=0.1)


def test_the_bursting_vessel_does_the_work_of_an_isentropic_expansion(results) -> None:
    ratio = 101_325 / 3.2e6
    energy = 3.2e6 * 30.0 / 0.4 * (1 - ratio ** (0.4 / 1.4))
    assert results["nitrogen_vessel_burst"].figures["energy_j"] == pytest.approx(energy, rel=0.01)


def test_the_hydrogen_comes_out_choked(results) -> None:
    """C_d A p √(γM/(RT) (2/(γ+1))^((γ+1)/(γ−1))) of a 16 mm hole at 4 MPa."""
    figures = results["hydrogen_jet"].figures
    gamma = figures["gamma"]
    flux = 4.0e6 * np.sqrt(
        gamma * 2.016e-3 / (8.314462618 * 320) * (2 / (gamma + 1)) ** ((gamma + 1) / (gamma - 1))
    )
    assert figures["rate_kg_s"] == pytest.approx(0.85 * np.pi * 0.008**2 * flux, rel=1e-3)


def test_the_burning_methanol_gives_off_the_heat_of_its_pool(results) -> None:
    """0.017 kg/(m² s) of 20 MJ/kg over 30 m (NUREG-1805)."""
    heat_kw = 0.017 * 20e3 * np.pi * 15**2
    assert results["methanol_pool"].figures["heat_release_kw"] == pytest.approx(heat_kw, rel=1e-3)


def test_chlorine_goes_by_the_dense_gas_model_and_both_models_agree_within_a_factor_of_two(results) -> None:
    made = results["chlorine_cylinder"]
    assert made.models[0].id == "chemical.slab"
    assert made.figures["density_criterion"] > 0.15
    for level in (1, 2, 3):
        own, other = made.figures[f"aegl{level}_m"], made.figures[f"aegl{level}_second_opinion_m"]
        assert 0.5 < own / other < 2


def test_what_leaves_the_ammonia_tank_is_in_the_air_or_on_the_ground(results) -> None:
    source = results["liquid_ammonia_tank"].more["source"]
    series = source["series"]
    assert source["phase"] == "two_phase"
    assert np.trapezoid(series["out_kg_s"], series["times_s"]) == pytest.approx(
        source["released_kg"], rel=0.02
    )
    assert 0 < source["airborne_kg"] <= source["released_kg"] * (1 + 1e-6)
    mass = source["steady_rate_kg_s"] * source["steady_duration_s"]
    assert mass == pytest.approx(source["airborne_kg"])
    assert source["steady_rate_kg_s"] <= max(series["air_kg_s"]) * 1.01


def test_an_ammonia_hole_of_twice_the_width_lets_out_four_times_as_much_at_once() -> None:
    small, large = (
        simulate(
            changed("liquid_ammonia_tank", uncertainty=None, scenario={"hole_m": hole, "duration_s": 60.0})
        )
        for hole in (0.02, 0.04)
    )
    ratio = large.more["source"]["released_kg"] / small.more["source"]["released_kg"]
    assert ratio == pytest.approx(4.0, rel=0.01)
    assert large.figures["aegl2_m"] > small.figures["aegl2_m"]


def test_the_chlorine_vessel_empties_within_the_period_and_says_so(results) -> None:
    made = results["chlorine_gas_header"]
    held = 5e5 * np.pi * 0.8**2 * 4 * 0.0709 / (8.314 * 293.15)
    assert 0.5 * held < made.more["source"]["released_kg"] < held
    assert "source.empties" in {caveat.code for caveat in made.manifest.caveats}


def test_the_stability_of_the_benzene_spill_follows_from_the_summer_noon(results) -> None:
    air = results["benzene_tanker_spill"].more["weather"]
    assert (air["stability"], air["stability_from"]) == ("A", "Turner 1964 (time, cloud, wind)")


def test_a_flash_fire_tells_the_second_opinion_and_where_the_two_differ(results) -> None:
    made = results["propane_sphere_leak"]
    assert made.figures["lfl_second_opinion_m"] > 1.5 * made.figures["lfl_m"]
    assert "simulation.opinions_differ" in {caveat.code for caveat in made.manifest.caveats}


def test_a_nitrate_store_is_not_warned_of_vapour_clouds_nor_hydrogen_of_less_than_it_may_reach(
    results,
) -> None:
    def codes(name: str) -> set[str]:
        return {caveat.code for caveat in results[name].manifest.caveats}

    assert "tnt.equivalence" in codes("ammonium_nitrate_store")
    assert "tnt.cloud_yield" not in codes("ammonium_nitrate_store")
    assert "tnt.cloud_yield" in codes("lpg_vapour_cloud")
    assert "jet_fire.hydrogen" in codes("hydrogen_jet")
    assert "jet_fire.hydrogen" not in codes("natural_gas_pipe_jet")


def test_the_chances_fall_with_the_distance_and_the_single_run_lies_among_them(results) -> None:
    made = results["chlorine_cylinder"]
    chance = next(field for field in made.fields if field.name == "exceedance_aegl2")
    assert 0 < np.nanmax(chance.values) <= 1
    bands = {
        zone.contour.level: zone.contour.facts["area_m2"]
        for zone in made.zones
        if zone.group == "probability"
    }
    assert bands[0.1] > bands[0.5] >= bands[0.9]
    assert "simulation.ensemble_neutral" in {caveat.code for caveat in made.manifest.caveats}
    assert made.manifest.seed == 1


def test_the_zones_turn_with_the_wind() -> None:
    east, south = (
        simulate(changed("methanol_pool", weather={"wind_from_deg": toward + 180.0}))
        for toward in (90.0, 180.0)
    )
    for made, axis in ((east, 0), (south, 1)):
        centre = np.asarray(in_metres(made.zones[-1].contour, made.site).centroid.coords[0])
        assert abs(centre[axis]) > 1.0 and abs(centre[1 - axis]) < 0.2 * abs(centre[axis])


def test_the_same_question_has_one_hash_whatever_it_is_called() -> None:
    one = changed("methanol_pool")
    renamed = changed("methanol_pool", name={"zh": "另一个", "en": "another"})
    spelt_out = changed("methanol_pool", weather={"humidity": 0.5})
    other = changed("methanol_pool", weather={"humidity": 0.6})
    assert hash_of(one) == hash_of(renamed) == hash_of(spelt_out) != hash_of(other)


def test_a_run_is_stopped_by_what_watches_it() -> None:
    class Stopped(Exception):
        pass

    told = []

    def watch(share: float, words) -> None:
        told.append(share)
        if share >= 0.5:
            raise Stopped

    with pytest.raises(Stopped):
        simulate(read(case_content("chlorine_cylinder")), watch)
    assert told == sorted(told) and told[-1] == 0.5


@pytest.mark.parametrize(
    ("sections", "path", "words"),
    [
        ({"scenario": {"substance": "7664-41-8"}}, "$.scenario.substance", "check digit"),
        ({"scenario": {"fill": 1.2}}, "$.scenario.fill", "at most 1"),
        ({"scenario": {"fill": 0.0}}, "$.scenario.pressure_pa", "pressure"),
        ({"scenario": {"temperature_k": 420.0}}, "$.scenario.fill", "critical"),
        ({"scenario": {"hole_height_m": 3.0}}, "$.scenario.hole_height_m", "above the liquid"),
        ({"scenario": {"hole_size": 3.0}}, "$.scenario", "there is no field hole_size"),
        ({"scenario": {"hole_m": None}}, "$.scenario", "hole_m is missing"),
        ({"scenario": {"hole_m": "5 cm"}}, "$.scenario.hole_m", "must be a number, not text"),
        ({"scenario": {"kind": "meteorite"}}, "$.scenario.kind", "meteorite"),
        ({"weather": {"wind_m_s": -1.0}}, "$.weather.wind_m_s", "at least 0"),
        ({"weather": {"stability": "G"}}, "$.weather.stability", "G is not one"),
        ({"weather": {"stability": None}}, "$.weather.stability", "cloud_tenths"),
        ({"weather": {"cloud_tenths": 3.0}}, "$.weather.stability", "not both"),
        ({"site": {"lat": 106.6, "lon": 38.1}}, "$.site.lat", "at most 85"),
        ({"uncertainty": {"stability": {"X": 1.0}}}, "$.uncertainty.stability", "X is not one"),
        ({"schema": 2}, "$.schema", "2 is not one"),
    ],
)
def test_a_field_that_cannot_be_right_is_named(sections, path: str, words: str) -> None:
    problem = refusal(**sections)
    assert problem.facts["path"] == path
    assert words in problem.title.en and path in problem.title.zh


def test_an_ensemble_of_an_explosion_is_refused() -> None:
    asked = changed("lpg_vapour_cloud", uncertainty={"members": 100})
    with pytest.raises(Invalid, match="uncertainty"):
        simulate(asked)


def test_a_jet_needs_a_hole_or_a_rate_and_not_both() -> None:
    for fields in ({"hole_m": None}, {"rate_kg_s": 1.0}):
        with pytest.raises(Invalid, match="either rate_kg_s or hole_m"):
            simulate(changed("hydrogen_jet", scenario=fields))


def test_a_pool_of_an_unknown_fuel_is_refused() -> None:
    with pytest.raises(NotFound):
        simulate(changed("methanol_pool", scenario={"substance": "honey"}))


def test_a_release_without_any_limit_is_refused() -> None:
    with pytest.raises(Invalid, match="neither an AEGL nor a flammable limit"):
        simulate(
            changed(
                "chlorine_gas_header",
                scenario={"substance": "7727-37-9", "pressure_pa": 1e6},
            )
        )


def test_still_air_and_a_gale_are_answered_with_caveats_and_numbers() -> None:
    for wind in (0.0, 30.0):
        made = simulate(changed("chlorine_cylinder", uncertainty=None, weather={"wind_m_s": wind}))
        assert all(np.isfinite(value) for value in made.figures.values())
        codes = {caveat.code for caveat in made.manifest.caveats}
        assert any("calm" in code for code in codes) if wind == 0 else any("wind" in code for code in codes)


def test_plain_values_are_read_as_the_file_is() -> None:
    from anlan.science.chemical.simulation import Params

    said = json.loads(case_content("methanol_pool"))
    assert made_params(said, Params) == read(case_content("methanol_pool"))


# -- the risk of a plant --------------------------------------------------------------------------------


def plant(**fields):
    return simulate(changed("chlorine_plant_risk", scenario=fields))


def test_the_plants_risk_is_told_in_full(results) -> None:
    made = results["chlorine_plant_risk"]
    more = made.more
    assert more["external_distance"]["method"] == "risk"
    assert set(more["external_distance"]["distances_m"]) == {zone.contour.name for zone in made.zones}
    assert more["societal"]["region"] in ("acceptable", "alarp", "unacceptable")
    assert more["societal"]["frequency_per_a"] == sorted(more["societal"]["frequency_per_a"], reverse=True)
    first = next(row for row in more["dominoes"] if row["first"] == "T-3")
    assert first["fails"]["T-3"] == 1.0 and 0 < first["fails"]["T-2"] <= 1 and first["exact"]
    assert sum(first["units_failed"].values()) == pytest.approx(1.0)


def test_twice_as_often_is_twice_the_risk() -> None:
    source = {"kind": "toxic", "substance": "7782-50-5", "rate_kg_s": 4.0, "duration_s": 1800.0}
    one, two = (
        plant(sources=[source | {"frequency_per_a": often}], units=[], targets=[]) for often in (1e-5, 2e-5)
    )
    assert np.asarray(two.fields[0].values) == pytest.approx(2 * np.asarray(one.fields[0].values))
    assert two.figures["potential_loss_of_life_per_a"] == pytest.approx(
        2 * one.figures["potential_loss_of_life_per_a"]
    )


def test_a_school_beside_the_pool_is_a_conflict_of_land_use() -> None:
    beside = [{"id": "school", "east_m": 155.0, "north_m": 5.0, "target": 1}]
    found = plant(targets=beside).more["land_use"]
    assert [row["target"] for row in found] == ["school"]
    assert found[0]["risk_per_a"] > found[0]["limit_per_a"] == 3e-6


def test_explosives_go_by_consequence_and_little_stock_by_the_design_codes() -> None:
    blast = [{"kind": "blast", "charge_kg": 64_000.0, "frequency_per_a": 1e-6}]
    far = plant(sources=blast, explosives=True, units=[]).more["external_distance"]
    assert far["method"] == "consequence"
    assert far["distances_m"]["overpressure_2"] == pytest.approx(2354, abs=1)
    small = plant(sum_q_over_q=0.4).more["external_distance"]
    assert small["method"] == "design_code" and small["distances_m"] is None


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        (
            {"sources": [{"kind": "toxic", "substance": "67-56-1", "rate_kg_s": 1, "duration_s": 9}]},
            "frequency",
        ),
        (
            {
                "sources": [
                    {
                        "kind": "toxic",
                        "substance": "67-56-1",
                        "rate_kg_s": 1,
                        "duration_s": 9,
                        "frequency_per_a": 1e-5,
                    }
                ]
            },
            "substance",
        ),
        ({"sources": [{"kind": "blast", "charge_kg": 9, "frequency": "meteorite"}]}, "frequency"),
        ({"people": [{"east_m": 9000, "north_m": 0, "persons": 5}]}, "people[0]"),
        ({"targets": [{"id": "x", "east_m": 9000, "north_m": 0, "target": 1}]}, "x"),
        ({"cell_m": 2.0}, "cell_m"),
    ],
)
def test_a_plant_that_cannot_be_right_is_refused(fields, path: str) -> None:
    with pytest.raises(Invalid) as caught:
        plant(**fields)
    assert path in caught.value.title.en or path in str(caught.value.facts)
